//! M12 by either side, and what a sink that stands by is asked and may ask.

use core::time::Duration;

use super::script::{CAPABILITIES, Script};
use crate::limits;
use crate::session::{Event, Input, Phase};

/// A session that plays 1280x720p30 on a sink that can stand by. Our next request has CSeq 5.
fn playing() -> Script {
    let mut script = Script::new();
    script.negotiate(&std::format!(
        "{CAPABILITIES}wfd_standby_resume_capability: supported\r\n"
    ));
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.sent.clear();
    script.events.clear();
    script
}

/// The sink's M12, in the two forms that are seen.
fn sink_stands_by(script: &mut Script, body: &str) {
    script.bytes(&std::format!(
        "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 9\r\n\
         Content-Type: text/parameters\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
}

#[test]
fn a_monitor_that_is_off_puts_the_sink_into_standby_and_on_wakes_it() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    assert_eq!(
        script.message(),
        "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 5\r\n\
         Content-Type: text/parameters\r\nContent-Length: 13\r\n\r\nwfd_standby\r\n"
    );
    // No picture of a monitor that is off, whatever the sink answers.
    assert_eq!(script.events(), [Event::Pause]);
    script.ok(5);
    assert_eq!(script.session.phase(), Phase::Standby);

    script.input(Input::MonitorPower(true));
    assert!(script.message().ends_with("wfd_trigger_method: PLAY\r\n"));
    script.ok(6);
    assert_eq!(script.session.phase(), Phase::Standby);
    script.ask("PLAY x", 4, "");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    assert_eq!(script.events(), [Event::Resume]);
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn keep_alive_goes_on_in_standby() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.sent.clear();
    for cseq in 6..126 {
        script.wait(limits::KEEP_ALIVE_INTERVAL);
        assert!(script.message().starts_with("GET_PARAMETER "));
        script.ok(cseq);
    }
    assert_eq!(script.session.phase(), Phase::Standby);
}

#[test]
fn a_sink_that_refuses_standby_is_paused_and_not_asked_again() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.sent.clear();
    script.bytes("RTSP/1.0 501 Not Implemented\r\nCSeq: 5\r\n\r\n");
    assert!(script.message().ends_with("wfd_trigger_method: PAUSE\r\n"));
    script.ok(6);
    script.ask("PAUSE x", 4, "");
    script.input(Input::MonitorPower(true));
    script.sent.clear();
    script.ok(7);
    script.ask("PLAY x", 5, "");
    assert_eq!(script.session.phase(), Phase::Playing);
    script.sent.clear();
    script.input(Input::MonitorPower(false));
    assert!(script.message().ends_with("wfd_trigger_method: PAUSE\r\n"));
}

#[test]
fn a_monitor_that_is_on_again_at_once_wakes_the_sink_after_its_answer() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.sent.clear();
    script.input(Input::MonitorPower(true));
    assert!(script.sent.is_empty(), "the sink may be in standby or not");
    script.ok(5);
    assert!(script.message().ends_with("wfd_trigger_method: PLAY\r\n"));

    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.input(Input::MonitorPower(true));
    script.sent.clear();
    script.events.clear();
    script.bytes("RTSP/1.0 406 in-play-state\r\nCSeq: 5\r\n\r\n");
    assert!(script.sent.is_empty(), "it never stood by");
    assert_eq!(script.events(), [Event::Resume]);
}

#[test]
fn the_sink_may_stand_by_and_wakes_by_itself() {
    for body in ["wfd_standby\r\n", "wfd_standby", "wfd_standby: \r\n"] {
        let mut script = playing();
        sink_stands_by(&mut script, body);
        assert_eq!(script.message(), "RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n");
        assert_eq!(script.events(), [Event::Pause]);
        assert_eq!(script.session.phase(), Phase::Standby);
        sink_stands_by(&mut script, body);
        assert!(script.message().starts_with("RTSP/1.0 200 "), "a repeat");
        script.wait(Duration::from_secs(1));
        assert!(script.sent.is_empty(), "its standby is its own matter");
        script.ask("PLAY x", 10, "");
        assert_eq!(script.events(), [Event::Resume]);
    }
}

#[test]
fn a_desktop_that_lights_up_wakes_a_sink_that_stood_by_by_itself() {
    let mut script = playing();
    sink_stands_by(&mut script, "wfd_standby\r\n");
    script.sent.clear();
    script.input(Input::MonitorPower(false));
    assert!(script.sent.is_empty());
    script.input(Input::MonitorPower(true));
    assert!(script.message().ends_with("wfd_trigger_method: PLAY\r\n"));
}

#[test]
fn a_sink_that_wakes_while_the_monitor_is_off_is_sent_back() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.sent.clear();
    script.events.clear();
    script.ask("PLAY x", 4, "");
    assert_eq!(script.sent.len(), 2, "{:#?}", script.sent);
    assert!(script.sent[0].starts_with("RTSP/1.0 200 "));
    assert!(script.sent[1].ends_with("wfd_standby\r\n"));
    assert!(script.events().is_empty(), "no picture in between");
    script.ok(6);
    assert_eq!(script.session.phase(), Phase::Standby);
}

#[test]
fn in_standby_everything_but_play_teardown_and_standby_is_refused() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.sent.clear();
    let refusal = |cseq| std::format!("RTSP/1.0 406 in-standby-mode\r\nCSeq: {cseq}\r\n\r\n");
    for (cseq, request) in ["OPTIONS *", "PAUSE x", "SETUP x"].iter().enumerate() {
        script.ask(request, cseq as u32, "");
        assert_eq!(script.message(), refusal(cseq));
    }
    script.bytes(
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 7\r\nContent-Length: 17\r\n\r\nwfd_idr_request\r\n",
    );
    assert_eq!(script.message(), refusal(7));
    // A keep-alive of the sink's own is no request for anything (quirk Q22).
    script.ask("GET_PARAMETER x", 8, "");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    script.ask("TEARDOWN x", 10, "");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    assert_eq!(script.session.phase(), Phase::Closed);
}

/// A request of ours that crosses the sink's M12 meets a sink that stands by: it says 406 or nothing
/// (S2.1 §4.15), and neither says anything of what was asked.
#[test]
fn a_mode_change_that_crosses_the_standby_of_the_sink_is_asked_for_again() {
    for answer in ["", "RTSP/1.0 406 in-standby-mode\r\nCSeq: 5\r\n\r\n"] {
        let mut script = playing();
        script.mode(2, 1920, 1080, 30);
        let change = script.message();
        sink_stands_by(&mut script, "wfd_standby\r\n");
        script.bytes(answer);
        script.wait(Duration::from_secs(6));
        assert_eq!(script.session.phase(), Phase::Standby, "{answer}");
        script.sent.clear();
        script.events.clear();
        script.ask("PLAY x", 10, "");
        let again = script.sent.pop().unwrap();
        assert_eq!(first_parameter(&again), first_parameter(&change));
        assert_eq!(script.events(), [Event::Resume]);
        script.ok(6);
        let events = script.events();
        assert!(matches!(events[..], [Event::Encode(request)] if request.sequence == 2));
    }
}

/// The first line of the body.
fn first_parameter(message: &str) -> Option<&str> {
    message.split_once("\r\n\r\n")?.1.lines().next()
}

#[test]
fn a_pause_or_a_standby_that_crosses_the_standby_of_the_sink_needs_no_answer() {
    for input in [Input::MonitorPower(false), Input::Protected(true)] {
        let mut script = playing();
        script.input(input);
        assert_eq!(script.sent.len(), 1);
        sink_stands_by(&mut script, "wfd_standby\r\n");
        script.wait(Duration::from_secs(6));
        assert_eq!(script.session.phase(), Phase::Standby);
    }
}
