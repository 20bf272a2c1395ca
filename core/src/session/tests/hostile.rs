//! Sinks that want to hold the session, or keep it busy. What one message may have in it is tested
//! where it is read.

use core::time::Duration;
use std::format;
use std::vec::Vec;

use super::script::{CAPABILITIES, Script};
use crate::limits;
use crate::session::{Event, Phase, Reason};
use crate::time::Instant;

const HOUR: Duration = Duration::from_hours(1);

/// The longest that anything of a session waits for a sink that says nothing whole: the session's
/// timeout, and the time to say goodbye.
const PATIENCE: Duration = Duration::from_secs(limits::SESSION_TIMEOUT_S as u64 + 1);

/// A session in each phase in which the sink has something to say.
fn phases() -> Vec<(&'static str, Script)> {
    let mut asking = Script::new();
    asking.ok(1);
    asking.ask("OPTIONS *", 1, "");
    asking.wait(limits::GAP_BEFORE_M3);
    let mut waiting = Script::new();
    waiting.negotiate(CAPABILITIES);
    let mut triggered = Script::proposing();
    triggered.ok(3);
    let mut set_up = Script::proposing();
    set_up.ok(3);
    set_up.ok(4);
    set_up.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    let mut paused = Script::playing();
    paused.ask("PAUSE x", 4, "");
    std::vec![
        ("Greeting", Script::new()),
        ("Asking", asking),
        ("AwaitingMode", waiting),
        ("Proposing", Script::proposing()),
        ("AwaitingSetup", triggered),
        ("AwaitingPlay", set_up),
        ("Playing", Script::playing()),
        ("Paused", paused),
    ]
}

/// The sink says one byte of `text` every 100 ms, and `text` again and again. How long the session
/// lives then.
fn drip(script: &mut Script, text: &str) -> Duration {
    let begin = script.now;
    let end = begin + HOUR;
    let mut bytes = text.bytes().cycle();
    while script.now < end && script.ended().is_none() {
        let byte = [bytes.next().unwrap_or_default()];
        script.bytes(core::str::from_utf8(&byte).unwrap());
        script.wait(Duration::from_millis(100));
    }
    script.now.since(begin)
}

#[test]
fn bytes_that_make_no_message_hold_no_session() {
    for text in ["a", "OPTIONS * RTSP/1.0 and so on ", "\r\n", " "] {
        for (phase, mut script) in phases() {
            let lived = drip(&mut script, text);
            assert!(lived <= PATIENCE, "{phase}, {text:?}: {lived:?}");
        }
    }
}

#[test]
fn a_message_that_never_ends_holds_no_session() {
    let head = "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 16000\r\n\r\n";
    for (phase, mut script) in phases() {
        script.bytes(head);
        let lived = drip(&mut script, "x");
        assert!(lived <= PATIENCE, "{phase}: {lived:?}");
    }
}

#[test]
fn requests_do_not_take_the_place_of_the_answers_that_are_due() {
    // Whole messages are life, but none that was awaited.
    for (phase, mut script) in phases() {
        if matches!(phase, "Playing" | "Paused") {
            continue;
        }
        let begin = script.now;
        for cseq in 0.. {
            if script.ended().is_some() || script.now >= begin + HOUR {
                break;
            }
            script.ask("GET_PARAMETER x", cseq, "");
            script.wait(Duration::from_secs(1));
        }
        let lived = script.now.since(begin);
        assert!(lived <= PATIENCE, "{phase}: {lived:?}");
    }
}

#[test]
fn a_flood_of_idr_requests_is_answered_and_costs_three_pictures_a_second() {
    let mut script = Script::playing();
    let mut events = Vec::new();
    for cseq in 0..10_000 {
        script.set(cseq, "wfd_idr_request\r\n");
        script.wait(Duration::from_millis(1));
        events.append(&mut script.events);
    }
    let answered = script
        .sent
        .iter()
        .filter(|sent| sent.starts_with("RTSP/1.0 200"));
    assert_eq!(answered.count(), 10_000);
    let requested = events.iter().filter(|event| **event == Event::IdrRequested);
    let most = 10_000 / limits::IDR_INTERVAL.as_millis() as usize + 1;
    assert!((most - 1..=most).contains(&requested.count()));
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_flood_of_settings_has_one_answer_each_and_no_effect() {
    let mut script = Script::playing();
    for cseq in 0..10_000 {
        script.set(cseq, &format!("x_{cseq}: y\r\n"));
        assert!(script.message().starts_with("RTSP/1.0 451"));
    }
    assert_eq!(script.events(), []);
    assert!(
        script
            .session
            .wake()
            .is_some_and(|wake| wake > Instant::ZERO)
    );
}

#[test]
fn media_goes_to_the_ports_of_the_sink_and_nowhere_else() {
    let transport = |header: &str| {
        let mut script = Script::proposing();
        script.ok(3);
        script.ok(4);
        script.sent.clear();
        script.events.clear();
        script.setup(2, header);
        let status = script.message().get(9..12).map(std::string::String::from);
        (status.unwrap(), script.events())
    };
    let agreed = |rtp, rtcp| ("200".into(), std::vec![Event::Transport { rtp, rtcp }]);
    // An address is not looked at: the host sends to the one that the connection comes from.
    let elsewhere = "RTP/AVP/UDP;unicast;destination=10.9.9.9;client_port=19000-19001";
    assert_eq!(transport(elsewhere), agreed(19000, Some(19001)));
    for refused in [
        "RTP/AVP/UDP;unicast;client_port=0",
        "RTP/AVP/UDP;unicast;client_port=0-1",
        "RTP/AVP/UDP;unicast;client_port=65536",
        "RTP/AVP/UDP;unicast;client_port=-1",
        "RTP/AVP/UDP;multicast;client_port=19000",
    ] {
        assert_eq!(transport(refused), ("461".into(), Vec::new()), "{refused}");
    }
    // Once agreed, it stays.
    let mut script = Script::playing();
    script.setup(9, "RTP/AVP/UDP;unicast;client_port=53-54");
    assert!(script.message().starts_with("RTSP/1.0 455"));
    assert_eq!(script.events(), []);
}

#[test]
fn a_sink_that_plays_and_answers_no_keep_alive_is_silent_whatever_it_drips() {
    let mut script = Script::playing();
    drip(&mut script, "\r\n");
    assert_eq!(script.ended(), Some(Reason::Silent));
}

#[test]
fn an_answer_with_too_much_of_everything_is_kept_in_part_and_the_session_goes_on() {
    let tuples = "LPCM 00000003 00, ".repeat(limits::AUDIO_CODECS_MAX) + "AAC 00000001 00";
    let modes = "0500 02D0 003C, ".repeat(limits::CUSTOM_MODES_MAX) + "0500 02D0 001E";
    let pairs = (0..limits::UNKNOWN_NAMES_MAX + limits::IGNORED_MAX)
        .map(|number| format!("x_{number}: y\r\nwfd_I2C: x\r\n"));
    let body = format!(
        "{CAPABILITIES}wfd_audio_codecs: {tuples}\r\n\
         microsoft_custom_video_formats: {modes}\r\n{}",
        pairs.collect::<std::string::String>()
    );
    let mut script = Script::new();
    script.negotiate(&body);
    let sink = script.session.sink();
    assert_eq!(sink.unknown.first.len(), limits::UNKNOWN_NAMES_MAX);
    assert_eq!(sink.ignored.first.len(), limits::IGNORED_MAX);
    let wrong = limits::UNKNOWN_NAMES_MAX + limits::IGNORED_MAX;
    assert_eq!(usize::from(sink.unknown.count), wrong);
    assert_eq!(usize::from(sink.ignored.count), wrong + 2);
    assert!(sink.custom_modes.present().is_none());
    let audio = sink.audio.present().map(|audio| audio.codecs.len());
    assert_eq!(audio, Some(1), "of the first line");
    assert_eq!(script.session.phase(), Phase::AwaitingMode);
}
