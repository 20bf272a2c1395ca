//! A session that plays: keep-alive, IDR requests, pauses, and what a sink sends besides.

use core::time::Duration;

use super::script::{CAPABILITIES, Script};
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

/// Without its length the body of M13 is a line behind an empty request (quirk Q6).
#[test]
fn an_idr_request_whose_length_is_missing_is_answered_once_and_passed_on() {
    for length in ["", "Content-Length: 0\r\n"] {
        let mut script = Script::playing();
        let headers = std::format!("{length}\r\nwfd_idr_request");
        script.ask("SET_PARAMETER rtsp://localhost/wfd1.0", 103, &headers);
        assert_eq!(script.message(), "RTSP/1.0 200 OK\r\nCSeq: 103\r\n\r\n");
        assert_eq!(script.events(), [Event::IdrRequested]);
        // Before the session plays its first picture is an IDR picture anyway.
        let mut script = Script::proposing();
        script.sent.clear();
        script.events.clear();
        script.ask("SET_PARAMETER rtsp://localhost/wfd1.0", 103, &headers);
        assert_eq!(script.sent.len(), 1);
        assert!(script.events().is_empty());
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
    for (body, answer) in [
        ("wfd_route: primary", "RTSP/1.0 200 "),
        ("wfd_route: secondary", "RTSP/1.0 406 "),
        ("wfd_route", "RTSP/1.0 400 "),
        ("wfd_volume: 7", "RTSP/1.0 451 "),
    ] {
        let length = body.len();
        script.bytes(&std::format!(
            "SET_PARAMETER x RTSP/1.0\r\nCSeq: 4\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        assert!(script.message().starts_with(answer), "{body}");
    }
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
    script.ask("PAUSE x", 4, "");
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
fn what_must_not_be_shown_at_play_is_not_shown() {
    for input in [Input::MonitorPower(false), Input::Protected(true)] {
        let mut script = Script::proposing();
        script.input(input);
        script.establish();
        assert_eq!(script.session.phase(), Phase::Paused);
        let events = script.events();
        let play = events
            .iter()
            .position(|event| matches!(event, Event::Play { .. }));
        assert_eq!(events.get(play.unwrap() + 1), Some(&Event::Pause));
        assert!(
            script
                .sent
                .last()
                .unwrap()
                .ends_with("wfd_trigger_method: PAUSE\r\n")
        );
    }
}

#[test]
fn power_and_protection_are_two_reasons_not_to_show() {
    let mut script = Script::playing();
    script.input(Input::Protected(true));
    script.input(Input::MonitorPower(false));
    script.input(Input::MonitorPower(true));
    assert_eq!(script.session.phase(), Phase::Paused, "still protected");
    script.input(Input::MonitorPower(false));
    script.input(Input::Protected(false));
    assert_eq!(script.session.phase(), Phase::Paused, "still off");
    script.input(Input::MonitorPower(true));
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_play_that_comes_before_the_answer_to_its_trigger_is_enough() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.ask("PAUSE x", 4, "");
    script.input(Input::MonitorPower(true));
    script.ask("PLAY x", 5, "");
    script.ok(6);
    script.wait(Duration::from_secs(7));
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_sink_that_paused_itself_is_left_alone() {
    let mut script = Script::playing();
    script.ask("PAUSE x", 4, "");
    script.sent.clear();
    script.input(Input::MonitorPower(false));
    script.input(Input::MonitorPower(true));
    assert!(script.sent.is_empty());
    assert_eq!(script.session.phase(), Phase::Paused);
}

#[test]
fn a_monitor_that_flaps_does_not_end_the_session() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    script.input(Input::MonitorPower(true));
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.ask("PAUSE x", 4, "");
    script.sent.clear();
    script.ask("PLAY x", 5, "");
    assert!(script.sent[1].ends_with("wfd_trigger_method: PAUSE\r\n"));
    script.ok(6);
    script.sent.clear();
    script.input(Input::MonitorPower(true));
    assert!(script.sent.is_empty(), "the sink plays already");
    script.wait(Duration::from_secs(7));
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_sink_that_plays_already_may_refuse_to_play_on() {
    let mut script = Script::playing();
    script.input(Input::MonitorPower(false));
    script.ok(5);
    script.ask("PAUSE x", 4, "");
    script.input(Input::MonitorPower(true));
    script.bytes("RTSP/1.0 406 Not Acceptable\r\nCSeq: 6\r\n\r\n");
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn a_burst_of_idr_requests_gives_one_at_once_and_one_later() {
    let mut script = Script::playing();
    // Past the IDR pictures of the start.
    script.wait(Duration::from_secs(2));
    script.events.clear();
    let request =
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 17\r\n\r\nwfd_idr_request\r\n";
    script.bytes(&request.repeat(8));
    assert_eq!(script.sent.len(), 8);
    assert_eq!(script.events(), [Event::IdrRequested]);
    script.wait(limits::IDR_INTERVAL);
    assert_eq!(script.events(), [Event::IdrRequested]);
    script.wait(limits::IDR_INTERVAL * 3);
    assert!(script.events().is_empty());
}

/// Players open their port 0.2 to 1 s after PLAY (interop rule 20).
#[test]
fn an_idr_is_due_twice_after_the_start_and_after_each_resumption() {
    let mut script = Script::playing();
    script.wait(Duration::from_millis(300));
    assert_eq!(script.events(), [Event::IdrDue]);
    script.wait(Duration::from_millis(800));
    assert_eq!(script.events(), [Event::IdrDue]);
    script.wait(Duration::from_secs(5));
    assert!(script.events().is_empty());
    script.ask("PAUSE x", 4, "");
    script.ask("PLAY x", 5, "");
    assert_eq!(script.events(), [Event::Pause, Event::Resume]);
    script.wait(Duration::from_secs(2));
    assert_eq!(script.events(), [Event::IdrDue, Event::IdrDue]);
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn no_idr_is_due_in_a_pause() {
    let mut script = Script::playing();
    script.ask("PAUSE x", 4, "");
    script.events.clear();
    script.wait(Duration::from_secs(2));
    assert!(script.events().is_empty());
}

#[test]
fn a_monitor_may_come_and_go() {
    let mut script = Script::new();
    script.negotiate(&CAPABILITIES.replace("wfd_connector_type: 05", "wfd_connector_type: none"));
    script.events.clear();
    for (value, connected) in [("05", true), ("none", false)] {
        let body = std::format!("wfd_connector_type: {value}\r\n");
        script.bytes(&std::format!(
            "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert!(script.message().starts_with("RTSP/1.0 200 "));
        assert_eq!(script.events(), [Event::Monitor { connected }]);
        assert_eq!(script.session.monitor().is_some(), connected);
    }
}

/// The path of a monitor goes with it: the mode that was set on it is set anew.
#[test]
fn a_monitor_that_comes_back_is_encoded_again() {
    let mut script = Script::playing();
    for value in ["none", "05"] {
        let length = "wfd_connector_type: \r\n".len() + value.len();
        let body = std::format!("Content-Length: {length}\r\n\r\nwfd_connector_type: {value}");
        script.ask("SET_PARAMETER x", 9, &body);
    }
    script.events.clear();
    script.mode(2, 1280, 720, 30);
    assert!(
        matches!(script.events()[..], [Event::Encode(request)] if request.sequence == 2),
        "{:?}",
        script.events
    );
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

/// A session that plays, whose sink has answered this to `wfd_idr_request_capability`.
fn idr_capability(answer: &str) -> Script {
    let mut script = Script::new();
    script.negotiate(&std::format!(
        "{CAPABILITIES}wfd_idr_request_capability: {answer}\r\n"
    ));
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.wait(Duration::from_secs(2));
    script.events.clear();
    script
}

#[test]
fn a_sink_that_cannot_ask_gets_an_idr_picture_now_and_then() {
    let mut script = idr_capability("0");
    for _ in 0..5 {
        script.wait(limits::IDR_PERIOD);
        assert_eq!(script.events(), [Event::IdrDue]);
    }
    script.ask("PAUSE x", 4, "");
    script.events.clear();
    script.wait(limits::IDR_PERIOD * 2);
    assert_eq!(script.events(), [], "nothing is shown");
    script.ask("PLAY x", 5, "");
    script.events.clear();
    script.wait(Duration::from_secs(2) + limits::IDR_PERIOD);
    assert_eq!(script.events().len(), limits::START_IDRS.len() + 1);
}

#[test]
fn a_sink_that_can_ask_gets_idr_pictures_when_it_asks() {
    let mut able = idr_capability("1");
    able.wait(limits::IDR_PERIOD * 3);
    assert_eq!(able.events(), []);
    let mut liar = idr_capability("0");
    liar.bytes(
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 17\r\n\r\nwfd_idr_request\r\n",
    );
    liar.events.clear();
    liar.wait(limits::IDR_PERIOD);
    assert_eq!(liar.events(), [Event::IdrDue], "the one that was due");
    liar.wait(limits::IDR_PERIOD * 3);
    assert_eq!(liar.events(), []);
}
