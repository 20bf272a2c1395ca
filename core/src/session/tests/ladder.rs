//! What is offered after the sink has refused M4.

use super::script::{CAPABILITIES, Script};
use crate::session::{Event, OfferRefused, Phase, Reason, Step};
use crate::wfd::parameters::names;
use crate::wfd::video::VideoFormats;
use std::string::String;
use std::vec::Vec;

/// The value of `wfd_video_formats` in an M4.
fn offered(message: &str) -> String {
    let line = message
        .lines()
        .find_map(|line| line.strip_prefix("wfd_video_formats: "));
    line.expect(message).into()
}

/// The sink refuses the request with this CSeq.
fn refuse(script: &mut Script, cseq: u32, status: u16, body: &str) {
    let length = body.len();
    script.bytes(&std::format!(
        "RTSP/1.0 {status} x\r\nCSeq: {cseq}\r\nContent-Type: text/parameters\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ));
}

/// Profile, CEA, VESA and HH fields of the offers that follow when each is refused with this.
fn ladder(script: &mut Script, status: u16, body: &str) -> Vec<String> {
    let mut offers = Vec::new();
    for cseq in 3.. {
        if script.sent.is_empty() {
            return offers;
        }
        let value = offered(&script.message());
        assert!(VideoFormats::parse(&value).is_ok(), "{value}");
        let fields: Vec<&str> = value.split(' ').collect();
        offers.push(fields[2..7].join(" "));
        refuse(script, cseq, status, body);
    }
    unreachable!()
}

/// A sink with both profiles, and 1080p60, 720p60, 480p60 in CEA.
const BOTH: &str = "\
wfd_video_formats: 40 00 02 10 00000141 00000000 00000000 00 0000 0000 00 none none, \
01 10 00000141 00000000 00000000 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

/// A session that has proposed the best mode of [`BOTH`], because Windows set it.
fn proposing() -> Script {
    let mut start = super::script::start();
    start.encoder.profiles = 3;
    let mut script = Script::with(&start);
    script.negotiate(BOTH);
    script.mode(7, 1920, 1080, 60);
    script.events.clear();
    script
}

#[test]
fn each_step_is_taken_once_and_the_last_offer_is_the_least() {
    let mut script = proposing();
    let offers = ladder(&mut script, 403, "");
    assert_eq!(
        offers,
        [
            "02 10 00000100 00000000 00000000",
            "02 10 00000040 00000000 00000000",
            "01 10 00000040 00000000 00000000",
            "01 10 00000001 00000000 00000000",
        ]
    );
    let Some(Reason::OfferRefused(refusal)) = script.ended() else {
        panic!("{:?}", script.ended());
    };
    assert_eq!(
        std::format!("{}", Reason::OfferRefused(refusal)),
        "the sink answered M4 SET_PARAMETER with 403 Forbidden; offered 640x480p60"
    );
}

#[test]
fn a_code_about_the_profile_changes_the_profile_first() {
    let mut script = proposing();
    let offers = ladder(&mut script, 303, "wfd_video_formats: 457\r\n");
    assert_eq!(offers[1], "01 10 00000100 00000000 00000000");
}

#[test]
fn every_negotiable_status_leads_to_another_offer_and_no_other_does() {
    for status in [303, 403, 406, 415, 451, 453, 457, 461] {
        let mut script = proposing();
        script.sent.clear();
        refuse(&mut script, 3, status, "");
        assert_eq!(script.session.phase(), Phase::Proposing, "{status}");
        assert_eq!(script.sent.len(), 1);
    }
    for status in [400, 404, 454, 500, 501, 505, 551] {
        let mut script = proposing();
        script.sent.clear();
        refuse(&mut script, 3, status, "");
        assert!(script.sent.is_empty(), "{status}");
        assert!(matches!(script.ended(), Some(Reason::OfferRefused(_))));
    }
}

#[test]
fn a_refused_port_is_not_a_matter_of_formats() {
    let mut script = proposing();
    script.sent.clear();
    refuse(&mut script, 3, 303, "wfd_client_rtp_ports: 401\r\n");
    let Some(Reason::OfferRefused(refusal)) = script.ended() else {
        panic!("{:?}", script.ended());
    };
    assert_eq!(refusal.blamed, Some((names::CLIENT_RTP_PORTS, 401)));
    assert!(std::format!("{refusal}").contains("401 unacceptable RTP port"));
}

#[test]
fn windows_is_told_that_its_mode_is_not_to_be_had() {
    let mut script = proposing();
    script.sent.clear();
    refuse(&mut script, 3, 303, "wfd_video_formats: 415\r\n");
    let events = script.events();
    let [
        Event::OfferReduced { refusal, step },
        Event::ModesCut { failed },
    ] = events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!((step, failed), (Step::SmallerMode, Some(7)));
    let OfferRefused { blamed, .. } = refusal;
    assert_eq!(blamed, Some((names::VIDEO_FORMATS, 415)));
    let left = script.session.monitor().unwrap().modes.len();
    assert_eq!(left, 2, "720p60 and 480p60");

    // The session goes on with the smaller mode, and Windows sets that.
    script.sent.clear();
    script.ok(4);
    script.ok(5);
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    script.ask("PLAY x", 3, "");
    script.sent.clear();
    script.events.clear();
    script.mode(8, 1280, 720, 60);
    assert!(script.sent.is_empty(), "the sink has agreed to it already");
    assert!(matches!(script.events()[..], [Event::Encode(_)]));
}

#[test]
fn the_profile_alone_costs_windows_nothing() {
    let mut script = proposing();
    refuse(&mut script, 3, 303, "wfd_video_formats: 457\r\n");
    let events = script.events();
    assert!(
        matches!(
            events[..],
            [Event::OfferReduced {
                step: Step::Baseline,
                ..
            }]
        ),
        "{events:?}"
    );
    script.ok(4);
    let request = script.events().into_iter().find_map(|event| match event {
        Event::Encode(request) => Some(request),
        _ => None,
    });
    assert_eq!(request.map(|request| request.sequence), Some(7));
}

#[test]
fn an_offer_that_windows_has_not_asked_for_gets_smaller_too() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.wait(crate::limits::MODE_SET_WAIT);
    let offers = ladder(&mut script, 453, "");
    assert_eq!(offers.len(), 3, "{offers:?}");
}

#[test]
fn q23_a_refused_setup_trigger_leads_to_a_smaller_offer() {
    let mut script = proposing();
    script.sent.clear();
    script.ok(3);
    assert!(script.message().contains("wfd_trigger_method: SETUP"));
    script.events.clear();
    refuse(&mut script, 4, 403, "");
    assert_eq!(script.session.phase(), Phase::Proposing);
    let offer = offered(&script.message());
    assert!(
        offer.contains("02 10 00000040"),
        "720p60 in place of 1080p60: {offer}"
    );
    let events = script.events();
    assert!(
        matches!(
            events[..],
            [
                Event::OfferReduced { .. },
                Event::ModesCut { failed: Some(7) },
                Event::StopPictures,
            ]
        ),
        "{events:?}"
    );
    script.wait(core::time::Duration::from_secs(4));
    script.ok(5);
    script.ok(6);
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    script.ask("PLAY x", 3, "");
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn q23_the_last_refusal_of_the_trigger_says_what_was_offered() {
    let mut script = proposing();
    let mut rounds = 0;
    while script.ended().is_none() {
        script.ok(3 + 2 * rounds);
        refuse(&mut script, 4 + 2 * rounds, 403, "");
        rounds += 1;
    }
    assert_eq!(rounds, 4);
    assert_eq!(
        std::format!("{}", script.ended().unwrap()),
        "the sink answered M5 SETUP with 403 Forbidden; offered 640x480p60"
    );
}

#[test]
fn a_refused_trigger_after_m6_changes_nothing() {
    let mut script = proposing();
    script.ok(3);
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000");
    refuse(&mut script, 4, 403, "");
    assert_eq!(script.session.phase(), Phase::AwaitingPlay);
    let mut gone = proposing();
    gone.ok(3);
    refuse(&mut gone, 4, 500, "");
    assert!(matches!(gone.ended(), Some(Reason::OfferRefused(_))));
}
