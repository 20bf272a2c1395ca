//! Input of the sink's user: what M4 offers, and what M14 and M15 change.

use super::script::{CAPABILITIES, Script};
use crate::session::{Event, Input, Phase, Step};

const PORT: u16 = 50_124;
const INPUT: &str = "wfd_uibc_capability: input_category_list=GENERIC, HIDC;\
    generic_cap_list=Mouse, SingleTouch;hidc_cap_list=Keyboard/USB;port=none\r\n";

/// A session whose miniport takes input, with a sink that has this besides the common answer; it has
/// proposed 1280x720p30.
fn proposing(more: &str) -> Script {
    let mut start = super::script::start();
    start.input_port = Some(PORT);
    let mut script = Script::with(&start);
    script.negotiate(&std::format!("{CAPABILITIES}{more}"));
    script.mode(1, 1280, 720, 30);
    script
}

fn playing() -> Script {
    let mut script = proposing(INPUT);
    script.establish();
    script.sent.clear();
    script.events.clear();
    script
}

/// The sink's SET_PARAMETER with this body; returns the status of the answer.
fn set(script: &mut Script, body: &str) -> std::string::String {
    script.bytes(&std::format!(
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Type: text/parameters\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let answer = script.message();
    answer.split(' ').nth(1).unwrap_or_default().into()
}

#[test]
fn m4_offers_what_both_sides_have_at_our_port() {
    let mut script = proposing(INPUT);
    let m4 = script.message();
    assert!(
        m4.ends_with(
            "wfd_uibc_capability: input_category_list=GENERIC, HIDC;\
             generic_cap_list=Mouse, SingleTouch;hidc_cap_list=Keyboard/USB;port=50124\r\n\
             wfd_uibc_setting: enable\r\n"
        ),
        "{m4}"
    );
    script.events.clear();
    script.ok(3);
    let open = Event::Input { open: true };
    assert!(script.events().contains(&open));
}

#[test]
fn input_is_neither_asked_nor_offered_to_a_miniport_that_takes_none() {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    script.sent.clear();
    script.wait(crate::limits::GAP_BEFORE_M3);
    assert!(!script.message().contains("uibc"));
    script.ok_with(2, &std::format!("{CAPABILITIES}{INPUT}"));
    script.mode(1, 1280, 720, 30);
    assert!(!script.message().contains("uibc"));
}

#[test]
fn a_sink_without_input_is_offered_none() {
    let empty = "wfd_uibc_capability: input_category_list=GENERIC;generic_cap_list=none;\
                 hidc_cap_list=none;port=none\r\n";
    for more in ["", "wfd_uibc_capability: none\r\n", empty] {
        assert!(!proposing(more).message().contains("uibc"), "{more}");
    }
}

#[test]
fn a_sink_that_refuses_input_gets_the_same_offer_without() {
    let mut script = proposing(INPUT);
    let first = script.message();
    script.bytes("RTSP/1.0 451 x\r\nCSeq: 3\r\n\r\n");
    let second = script.message();
    assert!(!second.contains("uibc"));
    let video = |message: &str| message.lines().nth(5).map(std::string::String::from);
    assert_eq!(video(&first), video(&second));
    let reduced = |event: &Event| {
        matches!(
            event,
            Event::OfferReduced {
                step: Step::WithoutInput,
                ..
            }
        )
    };
    assert!(script.events.iter().any(reduced));
    script.ok(4);
    assert!(!script.events().contains(&Event::Input { open: true }));
}

#[test]
fn m15_switches_input_off_and_on() {
    let mut script = playing();
    assert_eq!(set(&mut script, "wfd_uibc_setting: disable\r\n"), "200");
    assert_eq!(set(&mut script, "wfd_uibc_setting: disable\r\n"), "200");
    assert_eq!(script.events(), [Event::Input { open: false }]);
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "200");
    assert_eq!(script.events(), [Event::Input { open: true }]);
    assert_eq!(set(&mut script, "wfd_uibc_setting: perhaps\r\n"), "400");
}

#[test]
fn m14_takes_input_away_and_brings_it_back() {
    let mut script = playing();
    assert_eq!(set(&mut script, "wfd_uibc_capability: none\r\n"), "200");
    assert_eq!(script.events(), [Event::Input { open: false }]);
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "455");
    assert_eq!(set(&mut script, INPUT), "200");
    assert_eq!(script.events(), [Event::Input { open: true }]);
    let both = std::format!("{INPUT}wfd_uibc_setting: disable\r\n");
    assert_eq!(set(&mut script, &both), "200");
    assert_eq!(script.events(), [Event::Input { open: false }]);
}

#[test]
fn m14_and_m15_in_one_request_are_both_applied_or_neither() {
    let mut script = playing();
    let none = "wfd_uibc_capability: none\r\n";
    let enable = std::format!("{none}wfd_uibc_setting: enable\r\n");
    assert_eq!(set(&mut script, &enable), "455");
    assert!(script.events().is_empty());
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "200");
    // What is not there can be switched off, and stays off when it comes back.
    let disable = std::format!("{none}wfd_uibc_setting: disable\r\n");
    assert_eq!(set(&mut script, &disable), "200");
    assert_eq!(script.events(), [Event::Input { open: false }]);
    assert_eq!(set(&mut script, INPUT), "200");
    assert!(script.events().is_empty());
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "200");
    assert_eq!(script.events(), [Event::Input { open: true }]);
}

/// M3 did not ask for it, and so has said that the source has none (S2.1 §6.4.3).
#[test]
fn a_source_without_input_knows_neither_m14_nor_m15() {
    let mut script = Script::playing();
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "451");
    assert_eq!(set(&mut script, INPUT), "451");
    assert!(script.events().is_empty());
}

#[test]
fn input_that_was_given_up_does_not_come_back() {
    let mut script = proposing(INPUT);
    script.bytes("RTSP/1.0 451 x\r\nCSeq: 3\r\n\r\n");
    script.ok(4);
    script.ok(5);
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000-19001");
    script.ask("PLAY x", 3, "");
    script.sent.clear();
    script.events.clear();
    assert_eq!(set(&mut script, INPUT), "200");
    assert_eq!(set(&mut script, "wfd_uibc_setting: enable\r\n"), "455");
    assert!(script.events().is_empty());
}

#[test]
fn standby_takes_no_settings() {
    let mut script = playing();
    script.input(Input::MonitorPower(false));
    script.sent.clear();
    assert_eq!(set(&mut script, "wfd_standby\r\n"), "200");
    assert_eq!(script.session.phase(), Phase::Standby);
    assert_eq!(set(&mut script, "wfd_uibc_setting: disable\r\n"), "406");
}
