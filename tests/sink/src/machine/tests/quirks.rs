//! Each quirk does what it says.

use core::time::Duration;

use super::{LOCAL, M3_BODY, M4_BODY, S, Source, honest, with};
use crate::machine::{
    Direction, End, Event, Greeting, OnKeepAlive, OnTeardown, Phase, Quirks, Refusal, Rule,
    Settings, Step, When,
};
use crate::rtsp::Message;

#[test]
fn quirks_of_form_find_no_fault_with_a_tolerant_source() {
    let pair = |name: &str, text: String| match name {
        "M6 reply" => text
            .replace("client_port=1028", "client_port=1028-1029")
            .replace("server_port=5000", "server_port=5000-5001"),
        _ => text,
    };
    let mut settings = Settings::default();
    settings.capabilities.rtcp = true;
    let mut source = Source::new(settings, &pair);
    source.whole();
    assert_eq!(source.machine.breaches(), []);
    assert!(source.events.contains(&Event::SetUp {
        rtp: 5000,
        rtcp: Some(5001)
    }));

    // The source has to offer two ports although SETUP names one (MS-WFDPE §2.8.1.1).
    let both = |name: &str, text: String| match name {
        "M6 reply" => text.replace("server_port=5000", "server_port=5000-5001"),
        _ => text,
    };
    let mut settings = Settings::default();
    let supported = (
        "microsoft_rtcp_capability".to_owned(),
        "supported".to_owned(),
    );
    settings.capabilities.extra.push(supported);
    let mut source = Source::new(settings.clone(), &both);
    source.whole();
    assert_eq!(source.machine.breaches(), []);
    let mut source = Source::new(settings, &honest);
    source.whole();
    assert_eq!(source.machine.breaches().len(), 1, "one port");

    for first_cseq in [0, 100, u32::MAX] {
        let mut source = Source::new(
            with(Quirks {
                first_cseq,
                ..Quirks::default()
            }),
            &honest,
        );
        source.whole();
        assert_eq!(source.machine.breaches(), []);
        assert_eq!(source.ended(), Some(&End::TornDown));
    }

    let quirks = Quirks {
        setup_before_m5_reply: true,
        greeting: Greeting::WithReply,
        on_keep_alive: OnKeepAlive::ReplyWithBody,
        echo_timeout: true,
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.whole();
    assert_eq!(source.machine.breaches(), []);
    let names: Vec<&str> = source
        .machine
        .log()
        .iter()
        .map(|l| l.name.as_str())
        .collect();
    let place = |name| names.iter().position(|n| *n == name).unwrap();
    assert!(place("M6 SETUP") < place("M5 reply"));
    let ours = |s: &&crate::machine::Segment| s.direction == Direction::ToSource;
    let first = source.machine.segments().iter().find(ours).unwrap();
    assert!(first.bytes.ends_with(b"Require: org.wfa.wfd1.0\r\n\r\n"));
    let log = |name: &str| {
        let found = source
            .machine
            .log()
            .iter()
            .find(|l| l.name == name)
            .unwrap();
        String::from_utf8(found.bytes.clone()).unwrap()
    };
    assert!(log("M16 reply").contains("wfd_video_formats: 28"));
    assert!(log("PLAY").contains("Session: 1804289383;timeout=30\r\n"));
}

#[test]
fn quirks_that_break_the_dialogue() {
    let quirks = Quirks {
        close_at: Some(Step::M4),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_m4();
    assert!(source.closed);
    assert_eq!(source.ended(), Some(&End::Quirk));

    let quirks = Quirks {
        garbage_at: Some(Step::M3),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_m4();
    assert!(source.machine.log().iter().any(|l| l.name == "garbage"));

    let quirks = Quirks {
        silent_at: Some(Step::KeepAlive),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_play();
    source.keep_alive();
    assert_eq!(source.machine.log().last().unwrap().name, "M16");

    let quirks = Quirks {
        silent_once_at: Some(Step::M3),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.request("M1", "OPTIONS", "*", "Require: org.wfa.wfd1.0\r\n", "");
    let public = "Public: org.wfa.wfd1.0, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, \
        SET_PARAMETER\r\n";
    source.answer("M2 reply", "OPTIONS", public);
    source.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
    assert_eq!(source.machine.log().last().unwrap().name, "M3");
    source.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
    assert_eq!(source.machine.log().last().unwrap().name, "M3 reply");

    let quirks = Quirks {
        never_play: true,
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_play();
    assert_eq!(
        (source.machine.phase(), source.inbox.len()),
        (Phase::Ready, 4)
    );

    let refusal = |step, status, when| Refusal { step, status, when };
    let quirks = Quirks {
        refusals: vec![
            refusal(Step::M3, 406, When::First),
            refusal(Step::M4, 303, When::Cea(0x80)),
        ],
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_m4();
    source.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
    let smaller = M4_BODY.replace("00000080", "00000020");
    source.request("M4", "SET_PARAMETER", LOCAL, "", &smaller);
    let statuses: Vec<_> = source.inbox.iter().filter_map(Message::status).collect();
    assert_eq!(statuses, [200, 406, 303, 200, 200]);
    assert_eq!(source.machine.breaches(), []);
}

#[test]
fn the_manners_of_a_teardown() {
    let cases = [
        (OnTeardown::ReplyOnly, None, 1),
        (OnTeardown::ReplyAndClose, Some(End::TornDown), 1),
        (OnTeardown::Close, Some(End::TornDown), 0),
    ];
    for (on_teardown, end, replies) in cases {
        let mut source = Source::new(
            with(Quirks {
                on_teardown,
                ..Quirks::default()
            }),
            &honest,
        );
        source.up_to_play();
        source.inbox.clear();
        source.trigger("TEARDOWN");
        assert_eq!(source.ended(), end.as_ref(), "{on_teardown:?}");
        assert_eq!(source.inbox.len(), replies, "{on_teardown:?}");
    }
}

/// The names of all messages.
fn names(source: &Source<'_>) -> Vec<String> {
    let log = source.machine.log().iter();
    log.map(|logged| logged.name.clone()).collect()
}

#[test]
fn m2_comes_when_it_is_told_to() {
    let greeted = |greeting| {
        let quirks = Quirks {
            greeting,
            ..Quirks::default()
        };
        let mut source = Source::new(with(quirks), &honest);
        source.up_to_play();
        assert_eq!(source.machine.breaches(), [], "{greeting:?}");
        let names = names(&source);
        let places = |wanted: &str| -> Vec<usize> {
            let found = (0..).zip(&names).filter(|(_, name)| *name == wanted);
            found.map(|(place, _)| place).collect()
        };
        (places("M2"), places("M1 reply"), names.len())
    };
    assert_eq!(greeted(Greeting::AfterReply).0, [2]);
    let (early, reply, _) = greeted(Greeting::BeforeReply);
    assert_eq!((early, reply), (vec![1], vec![2]));
    assert_eq!(greeted(Greeting::Never).0, []);
    let (again, _, count) = greeted(Greeting::Again);
    assert_eq!(again, [2, count - 1], "when it plays");
}

#[test]
fn what_comes_too_soon_is_lost() {
    let quirks = Quirks {
        deaf_for: Duration::from_millis(400),
        player_opens_after: Duration::from_millis(250),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    let m1 = |source: &mut Source<'_>| {
        source.request("M1", "OPTIONS", "*", "Require: org.wfa.wfd1.0\r\n", "");
    };
    source.now = S + 399_999_999;
    m1(&mut source);
    assert_eq!(names(&source), [""; 0]);
    (source.now, source.cseq) = (S + 400_000_000, 0);
    source.up_to_play();
    assert!(!names(&source).iter().any(|name| name == "M3"));
    source.now += 400_000_000;
    source.cseq = 1;
    source.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
    assert_eq!(names(&source).last().map(String::as_str), Some("M3 reply"));
    source.request("M4", "SET_PARAMETER", LOCAL, "", M4_BODY);
    assert_eq!(source.machine.player_opens_ns(), 0);
}

#[test]
fn habits_of_a_sink_that_plays() {
    let quirks = Quirks {
        own_keep_alive: Some("SET_PARAMETER"),
        idr_bursts: Some((8, Duration::from_secs(4))),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_play();
    source.now += 11 * S;
    let begin = names(&source).len();
    let mut wakes = 0;
    while let crate::machine::Out::Idle { wake: Some(wake) } = source.machine.poll()
        && wake <= source.now
    {
        source.machine.tick(wake);
        source.drain();
        while source.answer("reply", "SET_PARAMETER", "") {}
        wakes += 1;
    }
    let sent = names(&source).split_off(begin);
    let count = |wanted: &str| sent.iter().filter(|name| *name == wanted).count();
    assert_eq!((count("M13"), count("keep-alive"), wakes), (16, 1, 3));
}

#[test]
fn a_sink_leaves_for_want_of_m16_or_because_of_it() {
    let patience = Quirks {
        patience: Some(Duration::from_secs(8)),
        ..Quirks::default()
    };
    for kept_alive in [false, true] {
        let mut source = Source::new(with(patience.clone()), &honest);
        source.up_to_play();
        if kept_alive {
            source.request("M16", "GET_PARAMETER", LOCAL, "Session: 1804289383\r\n", "");
        }
        source.machine.tick(source.now + 8 * S);
        source.drain();
        let left = source.ended() == Some(&End::Quirk);
        assert_eq!(left, !kept_alive);
    }
    let on_keep_alive = Quirks {
        on_keep_alive: OnKeepAlive::Teardown,
        ..Quirks::default()
    };
    let mut source = Source::new(with(on_keep_alive), &honest);
    source.up_to_play();
    source.keep_alive();
    assert_eq!(names(&source).last().map(String::as_str), Some("TEARDOWN"));
}

#[test]
fn what_the_source_says_wrong_ends_a_sink_that_minds() {
    let long = |name: &str, text: String| match name {
        "M6 reply" => text.replace("1804289383", "18042893830"),
        _ => text,
    };
    let quirks = Quirks {
        session_id_max: Some(10),
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &long);
    source.up_to_play();
    assert_eq!(source.ended(), Some(&End::Quirk));

    let timeout = |name: &str, text: String| match name {
        "M16" => text.replace("1804289383", "1804289383;timeout=30"),
        _ => text,
    };
    let quirks = Quirks {
        refuses_timeout: true,
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &timeout);
    source.up_to_play();
    source.keep_alive();
    assert_eq!(names(&source).split_off(14), ["M16", "454", "TEARDOWN"]);

    let elsewhere = |name: &str, text: String| match name {
        "M4 body" => text.replace("10.0.0.1", "127.0.0.1"),
        _ => text,
    };
    let mut settings = Settings::default();
    settings.quirks.refusals.push(Refusal {
        step: Step::M4,
        status: 403,
        when: When::WrongUrl,
    });
    for (edit, status) in [(&elsewhere as super::Edit<'_>, 403), (&honest, 200)] {
        let mut source = Source::new(settings.clone(), edit);
        source.up_to_m4();
        let last = source.inbox.last().and_then(Message::status);
        assert_eq!(last, Some(status));
    }
}

#[test]
fn a_sink_without_sound_or_media_says_why_it_goes() {
    let silent = |name: &str, text: String| match name {
        "M4 body" => text.replace("wfd_audio_codecs: LPCM 00000002 00\r\n", ""),
        _ => text,
    };
    let quirks = Quirks {
        needs_audio: true,
        ..Quirks::default()
    };
    for (edit, phase) in [
        (&silent as super::Edit<'_>, Phase::TearingDown),
        (&honest, Phase::Playing),
    ] {
        let mut source = Source::new(with(quirks.clone()), edit);
        source.up_to_play();
        assert_eq!(source.machine.phase(), phase);
    }
    let mut settings = with(Quirks {
        watchdog_reason: Some("C00D4278 no packets"),
        ..Quirks::default()
    });
    settings.rtp_watchdog = Duration::from_secs(3);
    let mut source = Source::new(settings, &honest);
    source.up_to_play();
    source.machine.tick(source.now + 3 * S);
    source.drain();
    let teardown = source.inbox.last().and_then(Message::text);
    let reason = "microsoft_teardown_reason: C00D4278 no packets\r\n";
    assert_eq!(teardown, Some(reason));
    assert_eq!(source.rules(), [Rule::Timing]);
}

#[test]
fn the_lowest_of_several_bits_is_taken() {
    let both = |name: &str, text: String| match name {
        "M4 body" => text.replace("00000080", "000000A0"),
        _ => text,
    };
    let quirks = Quirks {
        takes_lowest_bit: true,
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &both);
    source.up_to_m4();
    let chosen = source.events.iter().find_map(|event| match event {
        Event::Chosen(codec) => Some(codec.cea),
        _ => None,
    });
    assert_eq!(chosen, Some(0x20));
}

#[test]
fn a_latency_mode_is_taken_if_it_was_offered() {
    let mut settings = Settings::default();
    let name = "microsoft_latency_management_capability";
    let answer = (name.to_owned(), "supported".to_owned());
    settings.capabilities.extra.push(answer);
    for (value, asks, right) in [
        ("normal", true, true),
        ("fast", true, false),
        ("normal", false, false),
    ] {
        let mut source = Source::new(settings.clone(), &honest);
        source.up_to_m4();
        if asks {
            let body = format!("{M3_BODY}{name}\r\n");
            source.request("M3", "GET_PARAMETER", LOCAL, "", &body);
        }
        let body = format!("{name}: {value}\r\n");
        source.request("latency", "SET_PARAMETER", LOCAL, "", &body);
        let rules = if right { vec![] } else { vec![Rule::Latency] };
        assert_eq!(source.rules(), rules, "{value}, {asks}");
    }
}
