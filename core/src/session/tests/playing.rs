//! A session that plays: keep-alive, IDR requests, pauses, and what a sink sends besides.

use core::time::Duration;

use super::script::Script;
use crate::limits;
use crate::session::{Event, Input, Phase, Reason};

#[test]
fn keep_alive_has_neither_body_nor_content_type_and_any_answer_is_life() {
    let mut script = Script::playing();
    for cseq in 5..65 {
        script.wait(limits::KEEP_ALIVE_INTERVAL);
        let expected = std::format!(
            "GET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: {cseq}\r\n\
             Session: 305419896\r\n\r\n"
        );
        assert_eq!(script.message(), expected);
        let answer = match cseq % 3 {
            0 => std::format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n\r\n"),
            1 => std::format!("RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n"),
            _ => std::format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Length: 5\r\n\r\na: b\n"),
        };
        script.bytes(&answer);
    }
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_silent_sink_is_given_up_after_the_session_timeout() {
    let mut script = Script::playing();
    script.wait(Duration::from_secs(u64::from(limits::SESSION_TIMEOUT_S)));
    assert_eq!(script.session.phase(), Phase::Closing(Reason::Silent));
    script.wait(limits::TEARDOWN_GRACE);
    assert_eq!(script.ended(), Some(Reason::Silent));
}

#[test]
fn any_traffic_is_life() {
    let mut script = Script::playing();
    for cseq in 0..10 {
        script.wait(Duration::from_secs(25));
        script.ask("OPTIONS *", cseq, "");
    }
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn an_idr_request_is_answered_and_passed_on_in_every_form() {
    for body in [
        "wfd_idr_request\r\n",
        "wfd_idr_request:\r\n",
        "wfd_idr_request",
    ] {
        let mut script = Script::playing();
        let length = body.len();
        script.bytes(&std::format!(
            "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 103\r\n\
             Content-Type: text/parameters\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        assert_eq!(script.message(), "RTSP/1.0 200 OK\r\nCSeq: 103\r\n\r\n");
        assert_eq!(script.events(), [Event::IdrRequested]);
    }
}

#[test]
fn a_sinks_own_keep_alive_is_answered() {
    let mut script = Script::playing();
    for method in ["GET_PARAMETER", "SET_PARAMETER"] {
        script.ask(&std::format!("{method} rtsp://localhost/wfd1.0"), 9, "");
        assert_eq!(script.message(), "RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n");
    }
    assert!(script.events().is_empty());
}

#[test]
fn what_is_not_acted_on_is_refused_and_the_session_goes_on() {
    let mut script = Script::playing();
    script.bytes(
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 4\r\nContent-Length: 18\r\n\r\nwfd_route: primary",
    );
    assert!(script.message().starts_with("RTSP/1.0 451 "));
    script.ask("DESCRIBE x", 5, "");
    assert!(script.message().starts_with("RTSP/1.0 501 "));
    script.bytes("PLAY x RTSP/1.0\r\n\r\n");
    assert!(script.message().starts_with("RTSP/1.0 400 "));
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn the_sink_may_pause_and_play() {
    let mut script = Script::playing();
    script.ask("PAUSE x", 4, "");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    script.ask("PLAY x", 5, "");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    assert_eq!(script.events(), [Event::Pause, Event::Resume]);
}

#[test]
fn a_monitor_that_is_switched_off_pauses_the_sink_and_on_resumes_it() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    assert!(script.message().ends_with("wfd_trigger_method: PAUSE\r\n"));
    script.ok(5);
    script.ask("PAUSE x", 4, "");
    script.sent.clear();
    assert_eq!(script.events(), [Event::Pause]);
    script.input(Input::MonitorPower(false));
    assert!(script.sent.is_empty(), "a repeat says nothing");
    script.input(Input::MonitorPower(true));
    assert!(script.message().ends_with("wfd_trigger_method: PLAY\r\n"));
    script.ok(6);
    script.ask("PLAY x", 5, "");
    assert_eq!(script.events(), [Event::Resume]);
}

#[test]
fn a_sink_that_does_not_resume_is_given_up() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.input(Input::MonitorPower(true));
    script.ok(6);
    script.wait(Duration::from_secs(7));
    assert!(matches!(script.ended(), Some(Reason::NoRequest(_))));
}

#[test]
fn a_sink_that_plays_while_the_monitor_is_off_gets_no_picture() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.events.clear();
    script.ask("PLAY x", 4, "");
    assert!(script.events().is_empty());
    assert_eq!(script.session.phase(), Phase::Paused);
}

#[test]
fn bytes_may_come_one_at_a_time() {
    let mut script = Script::playing();
    let text =
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 4\r\nContent-Length: 17\r\n\r\nwfd_idr_request\r\n";
    for index in 0..text.len() {
        script.bytes(&text[index..=index]);
    }
    assert_eq!(script.events(), [Event::IdrRequested]);
}
