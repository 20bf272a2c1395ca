//! Quirks of whole answers, and what is kept of what is not known.

use super::*;
use crate::limits::UNKNOWN_NAMES_MAX;

fn ids(body: &str) -> String {
    read(body).quirks.to_string()
}

/// An answer without any quirk.
const PLAIN: &str = "\
wfd_video_formats: 40 00 01 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

#[test]
fn q12_the_forms_of_lines_are_noticed() {
    assert_eq!(ids(PLAIN), "none");
    let short = PLAIN.strip_suffix("\r\n").expect("an end");
    assert_eq!(ids(short), "none", "only the last line may lack its end");
    assert_eq!(ids(&PLAIN.replacen("\r\n", "\n", 1)), "Q12");
    assert_eq!(ids(&PLAIN.replacen(": ", ":", 1)), "Q12");
    assert_eq!(ids(&PLAIN.replacen(": ", " : ", 1)), "Q12");
    assert_eq!(ids(&PLAIN.replacen(": ", ":  ", 1)), "Q12");
}

#[test]
fn q41_an_answer_with_r2_names_only() {
    let r2 = "wfd2_video_formats: 40 01 01 0080 1 0 0 00 0000 0000 00 00\r\n";
    assert_eq!(ids(r2), "Q41");
    assert_eq!(ids(&format!("{PLAIN}{r2}")), "none");
}

#[test]
fn q43_q45_q47_q48_q49_are_noticed() {
    let digits = edid_digits();
    for (body, id) in [
        (
            "wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1 2 mode=play",
            "Q43",
        ),
        (
            "wfd_client_rtp_ports: RTP/AVP/TCP;unicast 1 0 mode=play",
            "Q43",
        ),
        ("wfd_display_edid: none", "none"),
        ("wfd_display_edid: 0000 none", "Q45"),
        (&format!("wfd_display_edid: 0002 {digits}"), "none"),
        (&format!("wfd_display_edid: 0001 {digits}"), "Q45"),
        (&format!("wfd_display_edid: 0002 {digits}a"), "Q45"),
        ("microsoft_max_bitrate: 8000", "Q47"),
        ("microsoft_max_bitrate: 8000000", "none"),
        ("wfd_idr_request_capability: none", "Q48"),
        ("wfd_idr_request_capability: 1", "none"),
        ("microsoft_rtcp_capability: 1", "Q48"),
        ("microsoft_rtcp_capability: supported", "none"),
        ("wfd_connector_type: 5", "Q48"),
        ("wfd_connector_type: 05\r\nwfd_connector_type: 05", "Q48"),
        ("wfd_content_protection: HDCP2.1", "Q49"),
    ] {
        assert_eq!(ids(body), id, "{body}");
    }
}

#[test]
fn q46_misspelt_names_are_read() {
    let uibc = read("wfd_uibc_capablility: none");
    assert_eq!((uibc.uibc, uibc.unknown.count), (Offer::None, 0));
    let change = read("microsoft_format_change_support: supported");
    assert_eq!(change.features, Features::FORMAT_CHANGE);
    let ports = read("wfd_client_rtpports: RTP/AVP/UDP;unicast 19000 0 mode=play");
    assert_eq!(ports.rtp_ports.map(|ports| ports.port0), Some(19_000));
    let latency = read("microsoft-latency-management-capability: supported");
    assert_eq!(latency.features, Features::LATENCY_MODES);
    assert!(latency.microsoft_extension);
    for sink in [uibc.quirks, change.quirks, ports.quirks, latency.quirks] {
        assert_eq!(sink.to_string(), "Q46");
    }
    assert_eq!(ids("MICROSOFT_RTCP_CAPABILITY: supported"), "none");
}

#[test]
fn ports_under_a_misspelt_name_that_cannot_be_read_are_the_error() {
    let error = SinkCapabilities::new().read(b"wfd_client_rtpports: x\r\n");
    assert_eq!(
        error.map_err(|malformed| malformed.parameter),
        Err(names::CLIENT_RTP_PORTS)
    );
}

#[test]
fn q52_the_least_mode_alone_or_missing() {
    let video = |cea| format!("wfd_video_formats: 00 00 01 10 {cea} 0 0 00 0000 0000 00 none none");
    assert_eq!(ids(&video("00000001")), "Q52");
    assert_eq!(ids(&video("00000021")), "none");
    assert_eq!(ids("wfd_video_formats: none"), "Q54");
}

#[test]
fn q53_names_of_makers_are_counted_and_the_first_are_kept() {
    let mut body = String::from("wfd_sec_screensharing: 1\r\nwfd_\u{1b}[2J: 1\r\n");
    body += &format!("wfd_{}: x\r\n", "long".repeat(20)).repeat(10);
    let sink = read(&body);
    assert_eq!(sink.quirks.to_string(), "Q53");
    assert_eq!(sink.unknown.count, 12);
    assert_eq!(sink.unknown.first.len(), UNKNOWN_NAMES_MAX);
    assert_eq!(sink.unknown.first[0].as_str(), "wfd_sec_screensharing");
    assert_eq!(sink.unknown.first[1].as_str().len(), limits::SINK_NAME_MAX);
    assert_eq!(sink.ignored.count, 0);
    assert_eq!(
        ids("wfd_3d_video_formats: x\r\nintel_usboip: 1\r\n"),
        "none"
    );
}

#[test]
fn names_that_are_passed_over_are_neither_unknown_nor_ignored() {
    for name in names::PASSED_OVER {
        let sink = read(&format!("{name}: whatever\r\n"));
        assert_eq!((sink.unknown.count, sink.ignored.count), (0, 0), "{name}");
        assert_eq!(sink.quirks.to_string(), "none", "{name}");
    }
}

#[test]
fn every_feature_is_a_switch_of_its_own() {
    let switches = [
        (names::STANDBY_RESUME_CAPABILITY, Features::STANDBY_RESUME),
        (names::R2_ROTATION, Features::ROTATION),
        (names::MICROSOFT_DIAGNOSTICS, Features::DIAGNOSTICS),
        (names::MICROSOFT_FORMAT_CHANGE, Features::FORMAT_CHANGE),
        (names::MICROSOFT_LATENCY, Features::LATENCY_MODES),
        (names::MICROSOFT_RTCP, Features::RTCP),
        (names::MICROSOFT_COLOR_SPACE, Features::COLOR_SPACE),
        (names::MICROSOFT_MULTISCREEN, Features::MULTISCREEN),
        (names::MICROSOFT_AUDIO_MUTE, Features::AUDIO_MUTE),
    ];
    assert_eq!(switches.len(), Features::all().iter().count());
    for (name, feature) in switches {
        let features = |value| read(&format!("{name}: {value}\r\n")).features;
        assert_eq!(features("supported"), feature, "{name}");
        assert_eq!(features("none"), Features::empty(), "{name}");
    }
}

#[test]
fn a_sink_is_recognised_by_its_maker_and_its_display() {
    assert_eq!(ids("intel_sink_manufacturer_name: castku"), "Q72");
    let mut block = [0_u8; 128];
    block[1..7].fill(0xFF);
    // SAM: 19, 1 and 13 in five bits each.
    (block[8], block[9]) = (0x4C, 0x2D);
    block[127] = 0_u8.wrapping_sub(block.iter().fold(0, |sum, byte| byte.wrapping_add(sum)));
    let digits = block.map(|byte| format!("{byte:02x}")).concat();
    let sink = read(&format!("wfd_display_edid: 0001 {digits}"));
    assert_eq!(sink.edid.present().and_then(Edid::vendor), Some(*b"SAM"));
    assert_eq!(sink.quirks.to_string(), "Q63");
    let broken = digits.replacen("4c2d", "4c2e", 1);
    assert_eq!(ids(&format!("wfd_display_edid: 0001 {broken}")), "none");
}

#[test]
fn the_answers_fit_the_memory_of_a_context() {
    let most = 4096 + limits::EDID_MAX;
    let size = size_of::<SinkCapabilities>();
    assert!(size <= most, "{size} bytes");
}

#[test]
fn every_parameter_of_a_windows_sink_is_kept() {
    let sink = field::sink("Windows 10/11 PC");
    assert_eq!(sink.ignored.count, 0);
    assert_eq!(sink.unknown.count, 0);
    let r2 = sink.r2_video.present().expect("R2 modes");
    assert_eq!((r2.native, r2.codecs.len()), (0x40, 2));
    assert!(sink.r2_audio.present().is_some());
    assert_eq!(sink.microsoft_video, Offer::Present(0x1F_FFFF));
    assert!(sink.content_protection.is_none());
    let uibc = sink.uibc.present().expect("input");
    assert_eq!(uibc.categories, InputCategories::HIDC);
    assert_eq!(sink.stream_control, Offer::Present([15, 15]));
    assert_eq!(sink.names.friendly.as_str(), "Tablet");
    assert_eq!(sink.names.manufacturer.as_str(), "Microsoft");
    assert_eq!(sink.names.model.as_str(), "Windows PC");
    assert!(sink.names.device_url.is_empty());
    let expected = Features::FORMAT_CHANGE
        | Features::DIAGNOSTICS
        | Features::MULTISCREEN
        | Features::AUDIO_MUTE
        | Features::RTCP
        | Features::ROTATION;
    assert_eq!(sink.features, expected);
    let cursor = sink.cursor.present().map(|cursor| cursor.port);
    assert_eq!(cursor, Some(0x4ABF));
    assert_eq!(sink.max_bit_rate, Some(200_000_000));
    // No generic list of input, and no R1 name at all.
    assert_eq!(sink.quirks.to_string(), "Q41, Q44");
}
