//! Rules that show in a whole dialogue.

use core::time::Duration;

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::Input;
use miracast_core::time::Instant;
use miracast_field::message::{Asks, Message};
use miracast_field::stage::{START, Source, Stage};

const CAPABILITIES: &str = "\
wfd_video_formats: 40 00 01 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

/// The source's messages until some M16 have come.
fn messages() -> Vec<(Instant, Message)> {
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut stage = Stage::new(&mut memory, CAPABILITIES);
    let minute = Duration::from_mins(1);
    stage.play(minute, Source::is_playing).expect("messages");
    stage.play(minute, |_| false).expect("messages");
    stage.messages
}

fn place(messages: &[(Instant, Message)], wanted: impl Fn(&Message) -> bool) -> usize {
    let found = messages.iter().position(|(_, message)| wanted(message));
    found.expect("the message")
}

fn asks(what: Asks) -> impl Fn(&Message) -> bool {
    move |message| message.asks().is_ok_and(|asks| asks == Some(what))
}

/// A sink that takes a second from its answer to M1 to its M2 is waited for.
#[test]
fn rule_2_m3_waits_for_a_late_m2() {
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut source = Source::new(&mut memory, &START);
    source.input(Input::Received(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"));
    let late = source.now() + Duration::from_secs(1);
    while source.pass(late) {}
    source.input(Input::Received(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"));
    let end = source.now() + Duration::from_secs(1);
    while source.sent.len() < 3 && source.pass(end) {}
    let sent = source
        .sent
        .iter()
        .map(|(_, bytes)| Message::read(bytes).expect("a message"));
    let kinds: Vec<_> = sent
        .map(|message| message.asks().expect("a message"))
        .collect();
    assert_eq!(kinds, [Some(Asks::M1), None, Some(Asks::M3)]);
}

#[test]
fn rule_3_m3_comes_50_ms_after_the_answer_to_m2() {
    let messages = messages();
    let answer = place(&messages, |message| message.header("Public").is_some());
    let question = place(&messages, asks(Asks::M3));
    assert_eq!(question, answer + 1);
    let gap = messages[question].0.since(messages[answer].0);
    assert!(gap >= Duration::from_millis(50), "{gap:?}");
}

#[test]
fn rule_8_headers_tell_the_messages_apart() {
    let messages = messages();
    for question in [Asks::M3, Asks::M4, Asks::SetupTrigger] {
        let (_, message) = &messages[place(&messages, asks(question))];
        assert_eq!(message.header("Content-Type"), Some("text/parameters"));
    }
    let is_m16 = asks(Asks::M16);
    let m16 = messages.iter().filter(|(_, message)| is_m16(message));
    assert!(m16.clone().count() > 3);
    for (_, message) in m16 {
        assert_eq!(message.header("Content-Type"), None);
        assert_eq!(message.header("Content-Length"), None);
    }
    let mut answers = messages
        .iter()
        .filter(|(_, message)| message.asks().is_ok_and(|a| a.is_none()));
    let names = |name| {
        answers
            .clone()
            .filter(|(_, message)| message.header(name).is_some())
            .count()
    };
    // M2, M6 and M7 are answered: one has Public, one Transport.
    assert_eq!(
        (answers.clone().count(), names("Public"), names("Transport")),
        (3, 1, 1)
    );
    let (_, last) = answers.next_back().expect("the answer to M7");
    assert_eq!(
        (last.header("Public"), last.header("Transport")),
        (None, None)
    );
}
