//! Which formats M3 asks for and M4 announces.

use std::string::String;
use std::vec::Vec;

use super::noticed::assuming;
use super::script::{Script, start};
use crate::encoder::HevcCapabilities;
use crate::quirks::Quirk;
use crate::session::{Event, Start, Step};
use crate::wfd::coded::Coding;
use crate::wfd::modes;
use crate::wfd::negotiate::Reason;

/// The R2 answer of a Windows sink, and nothing under the R1 names.
const ONLY_R2: &str = "\
wfd2_video_formats: 40 01 04 0080 000001ffbdeb 000155557fff 000000000fff 10 0000 001f 11, \
01 01 0080 000001ffbdeb 0001555557ff 000000000fff 10 0000 001f 11 00\r\n\
wfd2_audio_codecs: LPCM 000001ff 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n\
wfd_connector_type: 05\r\n";

/// H.264 up to 1080p60, H.265 up to 2160p60.
const TWO_CODINGS: &str = "\
wfd_video_formats: 40 00 01 10 00000101 00000000 00000000 00 0000 0000 00 none none\r\n\
wfd2_video_formats: 00 02 01 0010 000000200101 0 0 00 0000 0000 00 00\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

const ONLY_HIGH: &str = "\
wfd_video_formats: 00 00 02 10 000001C1 00000000 00000000 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

fn with_hevc() -> Start {
    let mut start = start();
    start.encoder.hevc = Some(HevcCapabilities {
        level_bit: 4,
        max_width: 4096,
        max_height: 2304,
        max_macroblocks_per_second: 2_073_600,
        max_bit_rate: 40_000_000,
    });
    start
}

/// The lines of a message that name a video format.
fn formats(message: &str) -> Vec<&str> {
    message
        .lines()
        .filter(|line| line.contains("video_formats"))
        .collect()
}

#[test]
fn m3_asks_for_what_the_encoder_can_send() {
    let asked = |start: &Start| -> Vec<String> {
        let mut script = Script::with(start);
        script.ok(1);
        script.ask("OPTIONS *", 1, "");
        script.wait(crate::limits::GAP_BEFORE_M3);
        let m3 = script.sent.pop().expect("M3");
        m3.lines()
            .filter(|line| line.contains("2_") || line.contains("formats"))
            .map(Into::into)
            .collect()
    };
    assert_eq!(asked(&start()), ["wfd_video_formats"]);
    let r2 = [
        "wfd_video_formats",
        "wfd2_video_formats",
        "wfd2_audio_codecs",
    ];
    assert_eq!(asked(&with_hevc()), r2);
    let mut large = start();
    large.encoder.level_bit = 5;
    assert_eq!(
        asked(&large),
        [r2.as_slice(), &["microsoft_video_formats"]].concat()
    );
}

#[test]
fn q41_an_answer_with_r2_names_alone_plays() {
    let mut script = Script::new();
    script.negotiate(ONLY_R2);
    assert!(script.session.quirks().has(Quirk::Q41));
    script.mode(1, 1920, 1080, 60);
    let m4 = script.message();
    assert_eq!(
        formats(&m4),
        [
            "wfd2_video_formats: 00 01 01 0010 000000000100 000000000000 000000000000 \
          00 0000 0000 01 00"
        ]
    );
    assert!(!m4.contains("wfd_audio_codecs"), "{m4}");
    script.ok(3);
    assert!(script.message().contains("wfd_trigger_method: SETUP"));
}

#[test]
fn q64_baseline_is_sent_although_it_is_not_offered() {
    let mut script = assuming(Quirk::Q64);
    script.negotiate(ONLY_HIGH);
    script.mode(1, 1280, 720, 60);
    let m4 = script.message();
    let announced =
        "wfd_video_formats: 00 00 01 10 00000040 00000000 00000000 00 0000 0000 00 none none";
    assert_eq!(formats(&m4), [announced]);
}

#[test]
fn q65_nothing_above_720p60_is_offered() {
    let mut start = start();
    start.encoder.profiles = 3;
    for (quirk, best) in [(None, "1920x1080p60"), (Some(Quirk::Q65), "1280x720p60")] {
        let mut script = quirk.map_or_else(|| Script::with(&start), assuming);
        let high_or_both = ONLY_HIGH.replace("00 00 02 10", "00 00 03 10");
        script.negotiate(&high_or_both);
        let selection = script.session.selection().expect("modes");
        let first = selection
            .candidates
            .first()
            .and_then(|one| modes::mode(one.mode));
        assert_eq!(
            first.map(|mode| std::format!("{mode}")).as_deref(),
            Some(best)
        );
        let quirky = |(_, reason): &&(_, Reason)| *reason == Reason::Quirk;
        let expected = if quirk.is_some() { 2 } else { 0 };
        assert_eq!(selection.left_out.iter().filter(quirky).count(), expected);
    }
}

#[test]
fn h265_is_opened_and_given_up_when_it_is_refused() {
    let mut script = Script::with(&with_hevc());
    script.negotiate(TWO_CODINGS);
    script.mode(1, 3840, 2160, 60);
    let m4 = script.message();
    assert_eq!(
        formats(&m4),
        [
            "wfd2_video_formats: 00 02 01 0010 000000200000 000000000000 000000000000 \
          00 0000 0000 00 00"
        ]
    );
    script.events.clear();
    script.bytes("RTSP/1.0 415 x\r\nCSeq: 3\r\n\r\n");
    let m4 = script.message();
    let announced =
        "wfd_video_formats: 00 00 01 10 00000100 00000000 00000000 00 0000 0000 00 none none";
    assert_eq!(formats(&m4), [announced]);
    assert!(matches!(
        script.events()[..],
        [
            Event::OfferReduced {
                step: Step::OtherCodec,
                ..
            },
            Event::ModesCut { failed: Some(1) }
        ]
    ));
}

#[test]
fn the_encoder_is_opened_for_the_coding_that_was_agreed() {
    let mut script = Script::with(&with_hevc());
    script.negotiate(TWO_CODINGS);
    script.mode(1, 3840, 2160, 60);
    script.sent.clear();
    script.ok(3);
    let encode = |event: &Event| match event {
        Event::Encode(request) => Some(request.candidate.coded.coding()),
        _ => None,
    };
    let coding = script.events().iter().find_map(encode);
    assert_eq!(coding, Some(Coding::H265));
}
