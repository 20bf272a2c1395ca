//! Quirks that show in messages, and what they change.

use core::time::Duration;
use std::format;
use std::string::{String, ToString};

use super::script::{CAPABILITIES, Script, start};
use crate::limits;
use crate::quirks::{Fired, Quirk};
use crate::session::{Event, Input, Phase};

const AGENT: &str = "User-Agent: x\r\n";

/// A session before its start whose host assumes this quirk.
pub(super) fn assuming(quirk: Quirk) -> Script {
    let mut script = Script::new();
    script.session.reset();
    script.sent.clear();
    let mut quirks = Fired::new();
    quirks.note(quirk);
    script.session.assume(quirks);
    script.input(Input::Start(&start()));
    script
}

fn ids(script: &Script) -> String {
    script.session.quirks().to_string()
}

/// M1 and M2 without any quirk.
fn greeted() -> Script {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, AGENT);
    script.wait(limits::GAP_BEFORE_M3);
    script.sent.clear();
    script
}

/// A session without any quirk that waits for SETUP.
fn proposed() -> Script {
    let mut script = greeted();
    script.ok_with(2, CAPABILITIES);
    script.mode(1, 1280, 720, 30);
    script.ok(3);
    script.ok(4);
    script.sent.clear();
    script
}

fn playing() -> Script {
    let mut script = proposed();
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000-19001");
    script.ask("PLAY x", 3, "Session: 305419896\r\n");
    script.sent.clear();
    script
}

#[test]
fn a_session_by_the_book_has_no_quirks() {
    let mut script = playing();
    script.ask("PAUSE x", 4, "Session: 305419896\r\n");
    script.ask("TEARDOWN x", 5, "Session: 305419896\r\n");
    assert_eq!(ids(&script), "none");
    script.session.reset();
    assert!(script.session.quirks().is_empty());
}

#[test]
fn q2_another_uri_is_taken_for_ours() {
    for (uri, id) in [
        ("rtsp://192.168.173.1/wfd1.0/streamid=0", "none"),
        ("rtsp://192.168.173.1:7236/wfd1.0/streamid=0", "Q2"),
        ("rtsp://localhost/wfd1.0", "Q2"),
        ("rtsp://10.0.0.1/wfd1.0/streamid=0", "Q2"),
        ("*", "Q2"),
    ] {
        let mut script = proposed();
        let transport = "Transport: RTP/AVP/UDP;unicast;client_port=19000\r\n";
        script.ask(&format!("SETUP {uri}"), 2, transport);
        assert_eq!(script.session.phase(), Phase::AwaitingPlay, "{uri}");
        assert_eq!(ids(&script), id, "{uri}");
    }
}

#[test]
fn what_the_transport_header_tolerates_is_noticed() {
    for (transport, id) in [
        ("RTP/AVP/UDP;unicast", "Q3"),
        ("RTP/AVP/UDP;unicast client_port=19000", "Q4"),
        ("RTP/AVP/UDP;unicast;client_port=19000-0", "Q5"),
    ] {
        let mut script = proposed();
        script.setup(2, transport);
        assert_eq!(ids(&script), id, "{transport}");
    }
}

#[test]
fn q7_a_request_without_session_belongs_to_the_only_one() {
    let mut script = proposed();
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    script.ask("PLAY x", 3, "");
    assert_eq!(script.session.phase(), Phase::Playing);
    assert_eq!(ids(&script), "Q7");
}

#[test]
fn q8_q9_the_session_id_is_short_and_goes_out_alone() {
    let mut script = playing();
    script.wait(limits::KEEP_ALIVE_INTERVAL);
    let keep_alive = script.message();
    let header = keep_alive
        .lines()
        .find_map(|line| line.strip_prefix("Session: "));
    let id = header.expect("a session id");
    assert!(id.len() <= 10 && id.bytes().all(|byte| byte.is_ascii_digit()));
}

#[test]
fn q10_any_first_number_is_taken() {
    for (cseq, id) in [(0, "Q10"), (1, "none"), (301, "Q10")] {
        let mut script = Script::new();
        script.ok(1);
        script.ask("OPTIONS *", cseq, AGENT);
        assert_eq!(script.session.phase(), Phase::Gap);
        assert_eq!(ids(&script), id, "{cseq}");
    }
}

#[test]
fn q11_m2_may_come_at_any_time_or_never() {
    let mut before = Script::new();
    before.ask("OPTIONS *", 1, AGENT);
    before.ok(1);
    assert_eq!(
        (before.session.phase(), &*ids(&before)),
        (Phase::Gap, "Q11")
    );
    let mut again = playing();
    again.ask("OPTIONS *", 4, AGENT);
    assert_eq!(
        (again.session.phase(), &*ids(&again)),
        (Phase::Playing, "Q11")
    );
    let mut never = Script::new();
    never.ok(1);
    never.wait(limits::OPTIONS_WAIT);
    assert_eq!((never.session.phase(), &*ids(&never)), (Phase::Gap, "Q11"));
}

#[test]
fn q14_a_date_of_any_form_is_passed_over() {
    for (date, id) in [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "none"),
        ("Fri, Jan 01 2010 00:00:00 GMT", "Q14"),
        ("Thu Jan  1 00:00:00 1970", "Q14"),
        ("", "Q14"),
    ] {
        let mut script = Script::new();
        script.bytes(&format!(
            "RTSP/1.0 200 OK\r\nCSeq: 1\r\nDate: {date}\r\n\r\n"
        ));
        assert_eq!(ids(&script), id, "{date}");
    }
}

#[test]
fn q15_a_sink_needs_no_user_agent() {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    assert_eq!(
        (script.session.phase(), &*ids(&script)),
        (Phase::Gap, "Q15")
    );
}

#[test]
fn q16_m16_comes_long_before_40_s() {
    let mut script = playing();
    script.wait(Duration::from_secs(20));
    let starts = |message: &&String| message.starts_with("GET_PARAMETER");
    assert!(script.sent.iter().filter(starts).count() >= 2);
}

#[test]
fn q17_m16_can_be_switched_off() {
    let mut script = assuming(Quirk::Q17);
    script.negotiate(CAPABILITIES);
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.sent.clear();
    // Such a sink says nothing either.
    script.wait(Duration::from_mins(10));
    assert_eq!(script.sent, [] as [&str; 0]);
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn q20_m3_can_be_late() {
    let mut script = assuming(Quirk::Q20);
    assert_eq!(script.sent, [] as [&str; 0], "M1 is late, too");
    script.wait(Duration::from_millis(499));
    assert_eq!(script.sent, [] as [&str; 0]);
    script.wait(Duration::from_millis(1));
    assert!(script.message().starts_with("OPTIONS"));
    script.ok(1);
    script.ask("OPTIONS *", 1, AGENT);
    script.sent.clear();
    script.wait(Duration::from_millis(499));
    assert_eq!(script.sent, [] as [&str; 0]);
    script.wait(Duration::from_millis(1));
    assert!(script.message().starts_with("GET_PARAMETER"));
}

/// A session whose sink wants media late, right after its PLAY.
fn late() -> Script {
    let mut script = assuming(Quirk::Q20);
    script.wait(Duration::from_millis(500));
    script.ok(1);
    script.ask("OPTIONS *", 1, AGENT);
    script.wait(Duration::from_millis(500));
    script.ok_with(2, CAPABILITIES);
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.sent.clear();
    script
}

#[test]
fn q20_media_begins_late() {
    let plays = |event: &Event| matches!(event, Event::Play { .. });
    let mut script = late();
    assert_eq!(script.session.phase(), Phase::Playing);
    script.wait(Duration::from_millis(299));
    assert!(!script.events.iter().any(plays));
    script.wait(Duration::from_millis(1));
    assert!(script.events.iter().any(plays));
    script.events.clear();
    script.wait(limits::START_IDRS[0]);
    assert_eq!(script.events(), [Event::IdrDue], "counted from then on");
}

#[test]
fn q20_a_pause_before_media_begins_is_kept() {
    let mut script = late();
    script.events.clear();
    script.ask("PAUSE x", 4, "");
    assert_eq!(script.events(), [], "there is nothing to pause yet");
    script.wait(Duration::from_millis(300));
    let events = script.events();
    assert!(
        matches!(events[..], [Event::Play { .. }, Event::Pause]),
        "{events:?}"
    );
    script.ask("PLAY x", 5, "");
    assert_eq!(script.events(), [Event::Resume]);
    let mut resumed = late();
    resumed.events.clear();
    resumed.ask("PAUSE x", 4, "");
    resumed.ask("PLAY x", 5, "");
    assert_eq!(resumed.events(), []);
    resumed.wait(Duration::from_millis(300));
    let events = resumed.events();
    assert!(matches!(events[..], [Event::Play { .. }, ..]), "{events:?}");
}

#[test]
fn q22_an_empty_request_is_noticed() {
    let mut script = playing();
    script.ask("SET_PARAMETER x", 4, "");
    assert_eq!(ids(&script), "Q22");
}

#[test]
fn q23_q24_a_refusal_is_noticed() {
    let mut trigger = greeted();
    trigger.ok_with(2, CAPABILITIES);
    trigger.mode(1, 1280, 720, 30);
    trigger.ok(3);
    trigger.bytes("RTSP/1.0 403 Forbidden\r\nCSeq: 4\r\n\r\n");
    assert_eq!(ids(&trigger), "Q23");
    for (status, id) in [(303, "Q24"), (400, "none")] {
        let mut formats = greeted();
        formats.ok_with(2, CAPABILITIES);
        formats.mode(1, 1280, 720, 30);
        formats.bytes(&format!("RTSP/1.0 {status} x\r\nCSeq: 3\r\n\r\n"));
        assert_eq!(ids(&formats), id);
    }
}

#[test]
fn q27_a_burst_is_noticed() {
    let mut script = playing();
    let request =
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 17\r\n\r\nwfd_idr_request\r\n";
    script.bytes(request);
    assert_eq!(ids(&script), "none");
    script.bytes(request);
    assert_eq!(ids(&script), "Q27");
}

#[test]
fn q50_what_was_not_asked_is_read() {
    let mut script = greeted();
    let body = format!("{CAPABILITIES}wfd_uibc_capability: none\r\n");
    script.ok_with(2, &body);
    assert_eq!(ids(&script), "Q50");
    assert!(script.session.sink().uibc.is_none());
}

#[test]
fn q72_the_marker_is_set_for_sinks_that_wait_for_it() {
    let marker = |agent: &str, capabilities: &str| {
        let mut script = Script::new();
        script.ok(1);
        script.ask("OPTIONS *", 1, &format!("User-Agent: {agent}\r\n"));
        script.wait(limits::GAP_BEFORE_M3);
        script.ok_with(2, capabilities);
        script.mode(1, 1280, 720, 30);
        script.establish();
        script.events.iter().find_map(|event| match event {
            Event::Play { marker, .. } => Some(*marker),
            _ => None,
        })
    };
    assert_eq!(marker("x", CAPABILITIES), Some(false));
    assert_eq!(marker("MSMiracastSink/10.0", CAPABILITIES), Some(true));
    let castku = format!("{CAPABILITIES}intel_sink_manufacturer_name: CastKu\r\n");
    assert_eq!(marker("x", &castku), Some(true));
}
