//! M3, and M3 once more with the mandatory names alone.

use core::time::Duration;
use std::format;

use super::script::{CAPABILITIES, Script, start};
use crate::limits;
use crate::rtsp::Status;
use crate::session::{Asked, Event, Phase, Reason, Start};

#[test]
fn m3_is_asked_once_more_with_the_mandatory_names_if_refused_or_not_answered() {
    for refused in [true, false] {
        let mut script = Script::new();
        script.ok(1);
        script.ask("OPTIONS *", 1, "");
        script.wait(limits::GAP_BEFORE_M3);
        script.sent.clear();
        if refused {
            script.bytes("RTSP/1.0 451 Parameter Not Understood\r\nCSeq: 2\r\n\r\n");
        } else {
            script.wait(limits::M3_RETRY);
        }
        let again = script.message();
        assert!(again.contains("CSeq: 3\r\n"));
        assert!(again.ends_with(
            "\r\n\r\nwfd_video_formats\r\nwfd_audio_codecs\r\nwfd_client_rtp_ports\r\n"
        ));
        // The answer to either question will do.
        script.ok_with(if refused { 3 } else { 2 }, CAPABILITIES);
        assert_eq!(script.session.phase(), Phase::AwaitingMode);
        assert_eq!(script.ended(), None);
    }
}

/// A sink that needs 2.5 s for M3 has both questions: the answer to the second one answers nothing
/// else, whatever it says.
#[test]
fn the_answer_to_the_repeated_m3_is_not_taken_for_that_to_m4() {
    for late in ["200 OK", "400 Bad Request"] {
        let mut script = Script::new();
        script.ok(1);
        script.ask("OPTIONS *", 1, "");
        script.wait(Duration::from_millis(2550));
        script.ok_with(2, CAPABILITIES);
        script.mode(1, 1280, 720, 30);
        script.sent.clear();
        script.bytes(&std::format!("RTSP/1.0 {late}\r\nCSeq: 3\r\n\r\n"));
        assert_eq!(script.session.phase(), Phase::Proposing, "{late}");
        script.ok(4);
        assert!(script.message().ends_with("wfd_trigger_method: SETUP\r\n"));
    }
}

#[test]
fn a_late_refusal_of_m3_waits_for_the_answer_to_the_short_one() {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    script.wait(Duration::from_millis(2550));
    script.bytes("RTSP/1.0 451 Parameter Not Understood\r\nCSeq: 2\r\n\r\n");
    assert_eq!(script.session.phase(), Phase::Asking);
    script.ok_with(3, CAPABILITIES);
    assert_eq!(script.session.phase(), Phase::AwaitingMode);
}

#[test]
fn m3_refused_twice_ends_the_session() {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    script.wait(limits::GAP_BEFORE_M3);
    script.bytes("RTSP/1.0 406 Not Acceptable\r\nCSeq: 2\r\n\r\n");
    script.bytes("RTSP/1.0 406 Not Acceptable\r\nCSeq: 3\r\n\r\n");
    let reason = Reason::Refused(Asked::Capabilities, Status::NOT_ACCEPTABLE);
    assert_eq!(script.ended(), Some(reason));
}

/// Each question has its own 5 s (S2.1 §6.5): the first one's end with the first one.
#[test]
fn the_repeated_m3_has_as_much_time_as_any_request() {
    let asked_twice = || {
        let mut script = Script::new();
        script.ok(1);
        script.ask("OPTIONS *", 1, "");
        script.wait(limits::GAP_BEFORE_M3);
        script.wait(limits::M3_RETRY);
        assert_eq!(script.session.phase(), Phase::Asking);
        script
    };
    let mut slow = asked_twice();
    slow.wait(Duration::from_millis(4900));
    slow.ok_with(3, CAPABILITIES);
    assert_eq!(slow.session.phase(), Phase::AwaitingMode);
    let mut silent = asked_twice();
    silent.wait(Duration::from_secs(5));
    assert_eq!(silent.ended(), Some(Reason::NoReply(Asked::Capabilities)));
}

const PORTS: &str = "wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

/// Modes that no slow link carries, and no display that shows them.
const NO_MONITOR: &str = "\
wfd_video_formats: 40 00 01 10 0001FFFF 00000000 00000000 00 0000 0000 00 none none\r\n\
wfd_connector_type: none\r\n";

/// Modes that no encoder of ours has, and no display that shows them.
const INTERLACED: &str = "\
wfd_video_formats: 40 00 01 10 00000204 00000000 00000000 00 0000 0000 00 none none\r\n\
wfd_connector_type: none\r\n";

#[test]
fn a_sink_without_any_mode_does_not_stay() {
    let fast = start().bit_rate;
    for (video, bit_rate, reason) in [
        ("wfd_video_formats: none\r\n", fast, Reason::NoVideo),
        (
            "wfd_video_formats: none\r\nwfd2_video_formats: none\r\n",
            fast,
            Reason::NoVideo,
        ),
        (INTERLACED, fast, Reason::NoCommonMode),
        (NO_MONITOR, 100_000, Reason::LinkTooSlow),
    ] {
        let mut script = Script::with(&Start {
            bit_rate,
            ..start()
        });
        script.negotiate(&format!("{video}{PORTS}"));
        let negotiated = Event::Negotiated {
            monitor: false,
            reduced: false,
        };
        assert_eq!(script.events(), [negotiated], "{video}");
        // No mode comes by what it says now, nor time.
        script.wait(limits::NO_MODE_WAIT / 2);
        script.bytes(
            "SET_PARAMETER x RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 22\r\n\r\nwfd_connector_type: 05",
        );
        assert!(script.message().starts_with("RTSP/1.0 200 "), "{video}");
        script.wait(limits::NO_MODE_WAIT * 49 / 100);
        assert_eq!(script.ended(), None, "{video}");
        script.wait(limits::NO_MODE_WAIT / 100);
        assert_eq!(script.ended(), Some(reason), "{video}");
        assert!(script.sent.is_empty(), "there is no session to tear down");
    }
}

#[test]
fn video_under_another_name_is_video() {
    let mut script = Script::new();
    script.negotiate(&format!(
        "wfd_video_formats: none\r\nwfd2_video_formats: 40 01 01 0080 000001ffbdeb 0001555557ff \
         000000000fff 10 0000 001f 11 00\r\n{PORTS}"
    ));
    script.wait(limits::MODE_SET_WAIT);
    assert_eq!(script.session.phase(), Phase::Proposing);
}
