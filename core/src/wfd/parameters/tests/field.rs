use serde_json::Value;

use super::*;
use crate::wfd::audio::ChosenAudio;
use crate::wfd::levels::Profile;
use crate::wfd::modes::ModeId;
use crate::wfd::video::{VideoCodec, VideoFormats};

/// The answers to M3 of devices and programs in the field: a JSON object in each line.
const SINKS: &str = include_str!("../../../../../tests/data/sink-caps.jsonl");

/// For each sink in the order of the file: the start of its name, the modes in each of its video
/// tuples (the bits of the tables that are set in the masks), its audio tuples, and its RTP port;
/// 0 or nothing for what it does not say, or not so that it can be read.
#[rustfmt::skip]
const EXPECTED: [(&str, &[usize], usize, u16); 39] = [
    ("LG OLED55BX9LB (webOS)", &[37, 37], 2, 53000),
    ("LG webOS TV UN8000PTA", &[37, 37], 2, 53000),
    ("Actiontec SBWD100A (ScreenBeam)", &[44, 44], 3, 24030),
    ("LG TV (2015, User-Agent LGE)", &[56, 56], 3, 19000),
    ("Microsoft Wireless Display Adapter", &[44, 44], 0, 0),
    ("intel/wds own sink (desktop_source", &[58, 58], 3, 51066),
    ("LG OLED65C9PCA (webOS 4.5), R2 que", &[], 2, 0),
    ("UGREEN Miracast receiver (1080p HD", &[], 0, 0),
    ("Rockchip-based 'MS-type' dongle (A", &[44, 44], 3, 19000),
    ("Q-WH-D1 dongle", &[54], 0, 0),
    ("NEC wsbox", &[50, 50], 0, 0),
    ("Galaxy Tab S9 FE (Second Screen si", &[1], 0, 0),
    ("Samsung (SEC-WDH/VND-DAREF) protec", &[], 0, 0),
    ("Samsung TV (FluxCast session log)", &[6], 2, 19000),
    ("Windows 10 (1607) PC as sink", &[43, 45], 3, 1028),
    ("Windows 10/11 PC as sink (Wireless", &[], 0, 1028),
    ("MStar TV (AOSP-derived sink)", &[17], 1, 0),
    ("Set-top/dongle sink (port 24030 fa", &[47], 3, 24030),
    ("AOSP-based sink with UIBC", &[50, 50], 1, 0),
    ("AOSP-derived TV sink, 9-digit HH m", &[2, 50], 2, 15550),
    ("kensuke AOSP sink (issue 8)", &[58], 1, 0),
    ("AirServer-type receiver shipped in", &[], 0, 0),
    ("FoxLost universal-miracast-sink an", &[54, 54], 2, 0),
    ("lazycast (Raspberry Pi sink)", &[58], 1, 1028),
    ("lazycast, 1080p60 disabled", &[57], 1, 1028),
    ("picast", &[45], 2, 0),
    ("Windows desktop receiver: ten-tupl", &[55, 55, 55, 55, 55, 55, 55, 55, 55, 55], 0, 0),
    ("ColorOS / OPPO car display sink", &[58], 1, 19000),
    ("Xiaomi 'MiPlay' audio sink (WFD di", &[], 0, 0),
    ("Xiaomi phone-relay sink (WFD diale", &[], 1, 0),
    ("CastKu (Xiaomi 17T as Windows seco", &[3], 1, 19000),
    ("castr receiver (Rust)", &[1], 1, 5000),
    ("Python test sink advertising an RT", &[], 0, 19000),
    ("Stub sink (truncated video line)", &[1], 1, 1028),
    ("RDK / AOSP-type sink with misspelt", &[], 0, 0),
    ("swaybeam mock 'LG TV' (INVENTED gr", &[1], 0, 0),
    ("Mira (macOS) test sink, Windows 10", &[9], 1, 1028),
    ("[MS-WFDPE] example: wfdx_video_for", &[], 3, 19000),
    ("[MS-WFDPE] example: max bitrate /", &[1], 1, 0),
];

/// The names of the sinks and their answers.
fn sinks() -> impl Iterator<Item = (String, String)> {
    SINKS.lines().map(|line| {
        let sink: Value = serde_json::from_str(line).expect("JSON");
        let answer = sink["m3_response"].as_object().expect("an answer");
        let text = |value: &Value| value.as_str().expect("text").to_string();
        let body = answer
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", text(value)));
        (text(&sink["device"]), body.collect())
    })
}

/// The answer of the only sink whose name starts so.
pub(super) fn sink(name: &str) -> SinkCapabilities {
    let mut found = sinks().filter(|(line, _)| line.starts_with(name));
    let (Some((_, body)), None) = (found.next(), found.next()) else {
        panic!("{name}: not one sink")
    };
    read(&body)
}

fn video(name: &str) -> VideoFormats {
    match sink(name).video {
        Offer::Present(video) => video,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_answer_of_the_field_is_read() {
    assert_eq!(sinks().count(), EXPECTED.len());
    for ((line, body), (name, modes, audio, port)) in sinks().zip(EXPECTED) {
        assert!(line.starts_with(name), "{line}: {name}");
        let mut sink = SinkCapabilities::new();
        // Which answers are refused is the next test's matter.
        let _ = sink.read(body.as_bytes());
        let found: Vec<usize> = sink.video.present().map_or_else(Vec::new, |video| {
            let count = |codec: &VideoCodec| codec.modes().count();
            video.codecs.iter().map(count).collect()
        });
        assert_eq!(found, modes, "{line}");
        let found = sink.audio.present().map_or(0, |audio| audio.codecs.len());
        assert_eq!(found, audio, "{line}");
        assert_eq!(
            sink.rtp_ports.map_or(0, |ports| ports.port0),
            port,
            "{line}"
        );
        // One has a grammar of its own for video (interop rule 13).
        let ignored = u16::from(line.starts_with("swaybeam"));
        assert_eq!(sink.ignored.count, ignored, "{line}");
    }
}

#[test]
fn two_answers_of_the_field_are_refused() {
    let refused: Vec<_> = sinks()
        .filter_map(|(line, body)| {
            let error = SinkCapabilities::new().read(body.as_bytes()).err()?;
            Some((line.split(' ').next()?.to_string(), error.to_string()))
        })
        .collect();
    let transport = "wfd_client_rtp_ports: unknown word".to_string();
    assert_eq!(
        refused,
        [
            ("Xiaomi".to_string(), transport.clone()),
            ("Xiaomi".to_string(), transport)
        ]
    );
}

#[test]
fn a_dongle_that_says_0000_none_has_no_display() {
    let silent: Vec<_> = sinks()
        .filter(|(_, body)| {
            let mut sink = SinkCapabilities::new();
            let _ = sink.read(body.as_bytes());
            !sink.monitor_connected()
        })
        .filter_map(|(line, _)| Some(line.split(' ').next()?.to_string()))
        .collect();
    // Two have no video, one no EDID (`none`), one a dongle without display (`0000 none`).
    assert_eq!(silent, ["Set-top/dongle", "Xiaomi", "Xiaomi", "Python"]);
}

#[test]
fn a_screenbeam_prefers_nothing_and_has_no_ac3() {
    let sink = sink("Actiontec");
    let video = video("Actiontec");
    assert!(video.preferred_mode);
    let codec = video.codecs[0];
    assert_eq!((codec.slice_encoding, codec.min_slice_size), (0xFF, 0));
    assert_eq!(
        (codec.latency, codec.max_hres, codec.max_vres),
        (2, Some(1920), Some(1080))
    );
    let audio = sink.audio.present().expect("three tuples");
    assert!(audio.offers(ChosenAudio::AAC_STEREO) && !audio.offers(ChosenAudio::AC3_STEREO));
    assert_eq!(sink.rtp_ports.map(|ports| ports.port0), Some(24_030));
}

#[test]
fn a_windows_sink_has_two_tuples_with_different_masks() {
    let sink = sink("Windows 10 (1607)");
    let video = video("Windows 10 (1607)");
    let wide = ModeId::find(1920, 1200, 30, false).expect("VESA 28");
    assert!(!video.codecs[0].offers(wide) && video.codecs[1].offers(wide));
    assert!(video.codecs[1].offers_profile(Profile::Chp));
    assert!(sink.edid.present().is_some_and(Edid::is_valid));
    let preferred = sink.edid.present().and_then(Edid::preferred);
    assert_eq!(preferred, Some(FULL_HD));
    assert_eq!(sink.connector, Offer::Present(5));
    assert!(!sink.microsoft_extension);
}

const FULL_HD: DetailedTiming = DetailedTiming {
    width: 1920,
    height: 1080,
    rate: 60,
    interlaced: false,
};

#[test]
fn an_r2_sink_leaves_the_r1_names_out() {
    let sink = sink("Windows 10/11 PC");
    assert!(sink.video.is_absent() && sink.r2_video.present().is_some());
    assert_eq!(sink.missing(), None, "its R2 names stand for those of R1");
    assert_eq!(sink.idr_request, Some(true));
    assert_eq!(sink.max_bit_rate, Some(200_000_000));
    assert!(sink.microsoft_extension && sink.monitor_connected());
}

#[test]
fn castr_states_its_bit_rate_in_kilobits() {
    assert_eq!(sink("castr").max_bit_rate, Some(8_000_000));
}

#[test]
fn a_car_wants_tcp() {
    assert!(sink("ColorOS").rtp_ports.is_some_and(|ports| ports.tcp));
}

/// For each sink in the order of the file: the start of its name and the quirks of its answer.
const QUIRKS: [(&str, &str); 39] = [
    ("LG OLED55BX9LB", "Q31"),
    ("LG webOS TV", "Q31"),
    ("Actiontec", "Q39"),
    ("LG TV (2015", "Q30, Q33"),
    ("Microsoft Wireless", "Q31, Q33"),
    ("intel/wds", "none"),
    ("LG OLED65C9PCA", "Q41"),
    ("UGREEN", "Q41"),
    ("Rockchip", "Q31, Q33, Q39"),
    ("Q-WH-D1", "none"),
    ("NEC wsbox", "Q32, Q33"),
    ("Galaxy Tab S9", "Q52"),
    ("Samsung (SEC-WDH", "Q49, Q53"),
    ("Samsung TV", "Q38"),
    ("Windows 10 (1607)", "Q37"),
    ("Windows 10/11", "Q41, Q44"),
    ("MStar", "none"),
    ("Set-top", "Q37, Q45"),
    ("AOSP-based", "Q31, Q33, Q39"),
    ("AOSP-derived", "Q35, Q36, Q44"),
    ("kensuke", "Q30, Q39"),
    ("AirServer", "Q41, Q44"),
    ("FoxLost", "Q30, Q37"),
    ("lazycast (", "Q30, Q39, Q51"),
    ("lazycast, ", "Q30"),
    ("picast", "Q34"),
    ("Windows desktop", "none"),
    ("ColorOS", "Q30, Q39, Q43, Q44, Q53"),
    ("Xiaomi 'MiPlay'", "Q53, Q54"),
    ("Xiaomi phone", "Q39, Q53, Q54"),
    ("CastKu", "Q34, Q51, Q72"),
    ("castr", "Q31, Q33, Q46, Q47, Q52"),
    ("Python", "Q43"),
    ("Stub", "Q32, Q38, Q44, Q49, Q52"),
    ("RDK", "Q46"),
    ("swaybeam", "none"),
    ("Mira", "none"),
    ("[MS-WFDPE] example: wfdx", "Q39"),
    ("[MS-WFDPE] example: max", "Q52"),
];

#[test]
fn the_quirks_of_every_answer_are_noticed() {
    assert_eq!(sinks().count(), QUIRKS.len());
    for ((line, body), (name, quirks)) in sinks().zip(QUIRKS) {
        assert!(line.starts_with(name), "{line}: {name}");
        let mut sink = SinkCapabilities::new();
        let _ = sink.read(body.as_bytes());
        assert_eq!(sink.quirks.to_string(), quirks, "{line}");
    }
}
