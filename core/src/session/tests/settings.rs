//! One SET_PARAMETER with much in it: what becomes of all of it, and what the trace is told.

use std::vec::Vec;

use super::script::{CAPABILITIES, Script, start};
use crate::limits;
use crate::rtsp::Status;
use crate::session::{Event, Input, PhaseKind, Start};
use crate::trace::{Heard, What};
use crate::wfd::audio::AudioCapabilities;

/// Everything that a sink can set, input but taken away.
const EVERYTHING: &str = "\
wfd_route: primary\r\nwfd_connector_type: none\r\nwfd_standby\r\nwfd_idr_request\r\n\
wfd_uibc_capability: none\r\nwfd_uibc_setting: disable\r\nmicrosoft_audio_mute: 1\r\n";

/// A session with sound and input that plays; its notes are taken.
fn playing() -> Script {
    let mut script = Script::with(&Start {
        input_port: Some(50_124),
        audio: AudioCapabilities::all(),
        ..start()
    });
    script.negotiate(&std::format!(
        "{CAPABILITIES}wfd_uibc_capability: input_category_list=GENERIC;\
         generic_cap_list=Mouse;hidc_cap_list=none;port=none\r\n"
    ));
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.events.clear();
    notes(&mut script);
    script
}

fn notes(script: &mut Script) -> Vec<What> {
    core::iter::from_fn(|| script.session.noted()).collect()
}

#[test]
fn all_of_a_request_is_done_and_all_of_it_is_noted() {
    let mut script = playing();
    script.set(9, EVERYTHING);
    assert_eq!(
        script.events(),
        [
            Event::Input { open: false },
            Event::IdrRequested,
            Event::Monitor { connected: false },
            Event::Mute(true),
            Event::Pause,
        ]
    );
    let heard = [
        Heard::Route,
        Heard::Connector,
        Heard::Standby,
        Heard::IdrRequest,
        Heard::Input,
        Heard::InputSwitch,
        Heard::Mute,
    ];
    let rest = [
        What::Replied(Status::OK),
        What::Phase(PhaseKind::Paused),
        What::Phase(PhaseKind::Standby),
    ];
    let all: Vec<What> = heard.into_iter().map(What::Heard).chain(rest).collect();
    assert_eq!(notes(&mut script), all);
}

#[test]
fn a_request_that_says_the_same_again_and_again_is_noted_once() {
    let mut script = playing();
    script.set(9, &"wfd_route: primary\r\n".repeat(limits::BODY_LINES_MAX));
    assert_eq!(
        notes(&mut script),
        [What::Heard(Heard::Route), What::Replied(Status::OK)]
    );
}

#[test]
fn nothing_is_reported_of_a_monitor_in_the_goodbye() {
    let mut script = playing();
    script.input(Input::Abort(crate::session::Reason::DeviceLost(1)));
    script.sent.clear();
    script.events.clear();
    script.set(9, "wfd_connector_type: none\r\n");
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    assert_eq!(script.events(), []);
}
