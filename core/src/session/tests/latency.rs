//! The latency mode of a sink that has some, and what follows from it for PTS.

use core::time::Duration;
use std::format;
use std::string::String;

use super::script::{CAPABILITIES, Script, start};
use crate::limits;
use crate::session::{Event, Phase, Start};
use crate::wfd::parameters::microsoft::LatencyMode;

const SETUP: &str = "wfd_trigger_method: SETUP\r\n";

/// A session that wants this mode and whose M4 was just agreed to.
fn agreed(latency: LatencyMode, answer: &str) -> Script {
    let mut script = Script::with(&Start { latency, ..start() });
    let name = "microsoft_latency_management_capability";
    script.negotiate(&format!("{CAPABILITIES}{name}: {answer}\r\n"));
    script.mode(1, 1280, 720, 30);
    script.sent.clear();
    script.ok(3);
    script
}

/// SETUP and PLAY of the sink; the lead of PTS with which media begins.
fn lead(script: &mut Script) -> Option<Duration> {
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    script.ask("PLAY x", 3, "");
    script.events.iter().find_map(|event| match event {
        Event::Play { pts_lead, .. } => Some(*pts_lead),
        _ => None,
    })
}

#[test]
fn the_mode_is_asked_for_before_the_trigger_and_the_lead_follows_it() {
    for (mode, word, expected) in [
        (LatencyMode::Low, "low", 40),
        (LatencyMode::Normal, "normal", 80),
        (LatencyMode::High, "high", 200),
    ] {
        let mut script = agreed(mode, "supported");
        let body = format!("microsoft_latency_management_capability: {word}\r\n");
        let request = script.message();
        let start = "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 4\r\n";
        assert!(request.starts_with(start) && request.ends_with(&body));
        script.ok(4);
        assert!(script.message().ends_with(SETUP));
        script.ok(5);
        assert_eq!(lead(&mut script), Some(Duration::from_millis(expected)));
    }
}

#[test]
fn a_sink_without_modes_is_not_asked_and_has_the_default() {
    for answer in ["none", "perhaps"] {
        let mut script = agreed(LatencyMode::Low, answer);
        assert!(script.message().ends_with(SETUP), "{answer}");
        script.ok(4);
        assert_eq!(lead(&mut script), Some(limits::PTS_LEAD));
    }
}

#[test]
fn a_refusal_or_silence_costs_the_mode_and_nothing_else() {
    let refuse = |script: &mut Script| {
        script.bytes("RTSP/1.0 451 Parameter Not Understood\r\nCSeq: 4\r\n\r\n");
    };
    let wait = |script: &mut Script| script.wait(limits::LATENCY_WAIT);
    for no in [refuse, wait] {
        let mut script = agreed(LatencyMode::Low, "supported");
        script.sent.clear();
        no(&mut script);
        assert!(script.message().ends_with(SETUP));
        script.ok(5);
        assert_eq!(lead(&mut script), Some(limits::PTS_LEAD));
        assert_eq!(script.session.phase(), Phase::Playing);
    }
}

#[test]
fn a_sink_that_takes_the_request_for_the_trigger_is_not_triggered() {
    let mut script = agreed(LatencyMode::Low, "supported");
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    script.sent.clear();
    script.ok(4);
    assert_eq!(script.sent, [] as [String; 0]);
    assert_eq!(lead(&mut script), Some(limits::PTS_LEAD_LOW));
}

#[test]
fn a_lead_that_is_set_holds_in_every_mode() {
    let own = Duration::from_millis(7);
    let mut script = Script::with(&Start {
        pts_lead: Some(own),
        ..start()
    });
    script.negotiate(CAPABILITIES);
    script.mode(1, 1280, 720, 30);
    script.ok(3);
    script.ok(4);
    assert_eq!(lead(&mut script), Some(own));
}
