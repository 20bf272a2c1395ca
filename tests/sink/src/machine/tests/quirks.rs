//! Each quirk does what it says.

use super::{LOCAL, M3_BODY, Source, honest, with};
use crate::machine::{Direction, End, Event, OnTeardown, Phase, Quirks, Settings, Step};
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
        m2_with_m1_reply: true,
        keep_alive_body: true,
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

    let quirks = Quirks {
        m4_status: 303,
        first_m3_status: 406,
        ..Quirks::default()
    };
    let mut source = Source::new(with(quirks), &honest);
    source.up_to_m4();
    let statuses: Vec<_> = source.inbox.iter().filter_map(Message::status).collect();
    assert_eq!(statuses, [200, 406, 303]);
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
