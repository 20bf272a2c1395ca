use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::limits;
use crate::wfd::{Fault, Malformed, Offer};

mod field;
mod noticed;

fn read(body: &str) -> SinkCapabilities {
    let mut sink = SinkCapabilities::new();
    assert_eq!(sink.read(body.as_bytes()), Ok(()), "{body}");
    sink
}

fn split(body: &[u8]) -> Vec<(&str, Option<&str>)> {
    lines(body).map(|line| (line.name, line.value)).collect()
}

#[test]
fn q12_lines_are_read_in_every_form_of_the_field() {
    let body = b"a: 1\r\nb : 2 \nc:3\r\n\r\nd\n  \ne:\r\nf: x: y\r\ng: last";
    let expected = [
        ("a", Some("1")),
        ("b", Some("2")),
        ("c", Some("3")),
        ("d", None),
        ("e", None),
        ("f", Some("x: y")),
        ("g", Some("last")),
    ];
    assert_eq!(split(body), expected);
}

#[test]
fn a_line_that_is_not_text_is_left_out() {
    assert_eq!(
        split(b"a: 1\n\xFF\xFE: 2\n: 3\nb: 4\n"),
        [("a", Some("1")), ("b", Some("4"))]
    );
}

#[test]
fn lines_end_with_the_limit() {
    let body = "a: 1\n".repeat(limits::BODY_LINES_MAX);
    let mut all = lines(body.as_bytes());
    assert_eq!(all.by_ref().count(), limits::BODY_LINES_MAX);
    assert!(!all.is_cut(), "exactly as many as there may be");
    let body = body + "wfd_connector_type: 05\n";
    let sink = read(&body);
    assert_eq!(sink.connector, Offer::Absent);
    let noted = Malformed {
        parameter: "body",
        fault: Fault::TooMany,
    };
    assert_eq!(sink.ignored.first, [noted]);
}

#[test]
fn blank_lines_count_towards_the_limit() {
    let body = "\n".repeat(limits::BODY_LINES_MAX) + "a: 1\n";
    assert_eq!(split(body.as_bytes()), []);
}

#[test]
fn an_idr_request_is_a_bare_name_with_or_without_colon() {
    let asks = |body: &[u8]| mentions(body, names::IDR_REQUEST);
    assert!(asks(b"wfd_idr_request\r\n"));
    assert!(asks(b"wfd_idr_request:\r\n"));
    assert!(asks(b"WFD_IDR_REQUEST"));
    assert!(!asks(b"wfd_idr_request_capability: 1\r\n"));
    assert!(!asks(b""));
}

#[test]
fn q43_ports_are_read_with_their_transport() {
    let ports = |port0, port1, tcp| Ok(RtpPorts { port0, port1, tcp });
    let udp = "RTP/AVP/UDP;unicast 19000 0 mode=play";
    assert_eq!(RtpPorts::parse(udp), ports(19_000, 0, false));
    let rtcp = RtpPorts::parse("RTP/AVP/UDP;unicast 19000 19001 mode=play");
    assert_eq!(rtcp, ports(19_000, 19_001, false));
    let tcp = RtpPorts::parse("rtp/avp/tcp;unicast 19000 0 mode=play");
    assert_eq!(tcp, ports(19_000, 0, true));
    let fault = |value| RtpPorts::parse(value).map_err(|malformed| malformed.fault);
    assert_eq!(
        fault("RTP/AVP/MPT;unicast 19000 0 mode=play"),
        Err(Fault::UnknownWord)
    );
    assert_eq!(
        fault("RTP/AVP/TCP;interleaved mode=play"),
        Err(Fault::UnknownWord)
    );
    assert_eq!(
        fault("RTP/AVP/UDP;unicast 0 19000 mode=play"),
        Err(Fault::Forbidden)
    );
    assert_eq!(
        fault("RTP/AVP/UDP;unicast 65536 0 mode=play"),
        Err(Fault::TooLarge)
    );
    assert_eq!(
        fault("RTP/AVP/UDP;unicast +80 0 mode=play"),
        Err(Fault::NotANumber)
    );
    assert_eq!(fault("RTP/AVP/UDP;unicast 19000"), Err(Fault::Missing));
}

#[test]
fn ports_are_written_as_they_came() {
    for text in [
        "RTP/AVP/UDP;unicast 1028 0 mode=play",
        "RTP/AVP/UDP;unicast 19000 19001 mode=play",
        "RTP/AVP/TCP;unicast 19000 0 mode=play",
    ] {
        let ports = RtpPorts::parse(text).map(|ports| ports.to_string());
        assert_eq!(ports.as_deref(), Ok(text));
    }
}

/// Two blocks of EDID in hexadecimal, the first one valid.
fn edid_digits() -> String {
    let mut block = [0_u8; 128];
    block[1..7].fill(0xFF);
    block[127] = 6;
    hexadecimal(&[block, [0xAB; 128]].concat())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn edid(value: &str) -> Result<Offer<Edid>, Fault> {
    Edid::parse(value).map_err(|malformed| malformed.fault)
}

#[test]
fn q45_edid_none_has_two_forms() {
    for value in ["none", "0000 none", "NONE"] {
        assert_eq!(edid(value), Ok(Offer::None));
    }
}

#[test]
fn q45_the_bytes_say_how_many_blocks_there_are() {
    let digits = edid_digits();
    for (value, length) in [
        (format!("0002 {digits}"), 256),
        (format!("0001 {}", &digits[..256]), 128),
        (format!("0001 {digits}"), 256),
        (format!("0002 {}", &digits[..511]), 128),
        (format!("0008 {}", digits.repeat(4)), limits::EDID_MAX),
    ] {
        let Ok(Offer::Present(edid)) = edid(&value) else {
            panic!("{value}")
        };
        assert_eq!(edid.bytes().len(), length);
        assert!(edid.is_valid());
    }
}

#[test]
fn an_edid_is_valid_with_header_and_checksum() {
    let digits = edid_digits();
    let is_valid = |digits: &str| match edid(&format!("0001 {digits}")) {
        Ok(Offer::Present(edid)) => edid.is_valid(),
        other => panic!("{other:?}"),
    };
    assert!(is_valid(&digits));
    assert!(!is_valid(&digits.replacen("06ab", "07ab", 1)), "checksum");
    // Two bytes changed, so that the sum is still 0.
    assert!(!is_valid(&digits.replacen("00ff", "01fe", 1)), "header");
}

/// The timing of a descriptor in an EDID that is valid but for that.
fn preferred(descriptor: [u8; 18]) -> Option<DetailedTiming> {
    let mut block = [0; 128];
    block[..8].copy_from_slice(&[0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0]);
    block[54..72].copy_from_slice(&descriptor);
    let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    block[127] = sum.wrapping_neg();
    match edid(&format!("0001 {}", hexadecimal(&block))) {
        Ok(Offer::Present(edid)) => edid.preferred(),
        other => panic!("{other:?}"),
    }
}

/// CTA-861 timings of 1080p60 and 1080i60 (VIC 16 and 5), and 1366x768 by VESA DMT.
#[test]
fn the_preferred_timing_is_the_first_descriptor() {
    let cta_16 = [
        0x02, 0x3A, 0x80, 0x18, 0x71, 0x38, 0x2D, 0x40, 0x58, 0x2C, 0x45, 0, 0, 0, 0, 0, 0, 0x1E,
    ];
    let name = |descriptor| {
        preferred(descriptor).map(|one| (one.width, one.height, one.rate, one.interlaced))
    };
    assert_eq!(name(cta_16), Some((1920, 1080, 60, false)));
    let cta_5 = [
        0x01, 0x1D, 0x80, 0x18, 0x71, 0x1C, 0x16, 0x20, 0x58, 0x2C, 0x25, 0, 0, 0, 0, 0, 0, 0x9E,
    ];
    assert_eq!(name(cta_5), Some((1920, 1080, 60, true)));
    let dmt = [
        0x66, 0x21, 0x56, 0xAA, 0x51, 0x00, 0x1E, 0x30, 0x46, 0x8F, 0x33, 0, 0, 0, 0, 0, 0, 0x1E,
    ];
    assert_eq!(name(dmt), Some((1366, 768, 60, false)));
    let mut name_of_the_display = cta_16;
    name_of_the_display[..2].fill(0);
    assert_eq!(name(name_of_the_display), None, "no pixel clock");
    let mut too_fast = cta_16;
    too_fast[2..8].fill(0);
    too_fast[2] = 1;
    assert_eq!(name(too_fast), None, "no picture, and no size to divide by");
}

#[test]
fn an_edid_that_is_none_is_an_error_that_says_why() {
    let digits = edid_digits();
    assert_eq!(edid(""), Err(Fault::Missing));
    assert_eq!(edid("0001"), Err(Fault::Missing));
    assert_eq!(edid("0001 00ff"), Err(Fault::Missing));
    assert_eq!(edid("garbage"), Err(Fault::NotANumber));
    assert_eq!(
        edid(&format!("0001 {}", digits.replace('f', "g"))),
        Err(Fault::NotANumber)
    );
    assert_eq!(
        edid(&format!("0001 {}", "é".repeat(256))),
        Err(Fault::NotANumber)
    );
    assert_eq!(
        edid(&format!("0001 {}", "+1".repeat(256))),
        Err(Fault::NotANumber)
    );
    assert_eq!(edid(&format!("0002 {digits} {digits}")), Err(Fault::Extra));
}

#[test]
fn q48_connectors_have_one_digit_or_two_and_the_last_counts() {
    let connector = |body: &str| read(body).connector;
    assert_eq!(connector("wfd_connector_type: 05\r\n"), Offer::Present(5));
    assert_eq!(connector("wfd_connector_type: 5\r\n"), Offer::Present(5));
    assert_eq!(connector("wfd_connector_type: 0a\r\n"), Offer::Present(10));
    assert_eq!(connector("wfd_connector_type: none\r\n"), Offer::None);
    let twice = "wfd_connector_type: 05\r\nwfd_connector_type: 04\r\n";
    assert_eq!(connector(twice), Offer::Present(4));
}

#[test]
fn q48_idr_capability_is_answered_in_many_words() {
    let idr = |value: &str| {
        let sink = read(&format!("wfd_idr_request_capability: {value}\n"));
        (sink.idr_request, sink.ignored.count)
    };
    assert_eq!(idr("1"), (Some(true), 0));
    assert_eq!(idr("supported"), (Some(true), 0));
    assert_eq!(idr("0"), (Some(false), 0));
    assert_eq!(idr("none"), (Some(false), 0));
    assert_eq!(idr("maybe"), (None, 1));
}

#[test]
fn q47_a_bit_rate_that_is_too_small_is_in_kilobits() {
    let rate = |value: &str| read(&format!("microsoft_max_bitrate: {value}\n")).max_bit_rate;
    assert_eq!(rate("25000000"), Some(25_000_000));
    assert_eq!(rate("1000000"), Some(1_000_000));
    assert_eq!(rate("8000"), Some(8_000_000));
    assert_eq!(rate("50000"), Some(50_000_000));
    assert_eq!(rate("none"), None);
    assert_eq!(rate("0"), None);
    assert_eq!(rate("99999999999"), None, "does not fit: passed over");
}

#[test]
fn only_a_positive_answer_is_a_microsoft_extension() {
    let extension = |line: &str| read(line).microsoft_extension;
    assert!(extension("microsoft_cursor: full 0100 0100 4abf"));
    assert!(extension("Microsoft_rtcp_capability: supported"));
    assert!(extension("microsoft_video_formats: 0000001fffff"));
    assert!(!extension("microsoft_cursor: none"));
    assert!(!extension("microsoft_video_formats: 000000000000"));
    assert!(!extension("microsoft_rtcp_capability"));
    assert!(!extension("wfd_idr_request_capability: 1"));
    assert!(!extension("intel_friendly_name: microsoft_"));
}

#[test]
fn a_monitor_is_missing_only_if_the_sink_says_so() {
    let connected = |body: &str| read(body).monitor_connected();
    let edid = "wfd_display_edid: none\n";
    assert!(connected(""));
    assert!(connected("wfd_connector_type: 05\n"));
    assert!(connected(
        "wfd_display_edid: none\nwfd_connector_type: 05\n"
    ));
    assert!(!connected(edid));
    assert!(!connected("wfd_display_edid: 0000 none\n"));
    assert!(!connected("wfd_connector_type: none\n"));
    assert!(!connected("wfd_video_formats: none\n"));
    let valid = format!("wfd_display_edid: 0002 {}\n", edid_digits());
    assert!(connected(&valid));
    assert!(!connected(&(valid + "wfd_connector_type: none\n")));
}

#[test]
fn ports_that_cannot_be_read_are_the_error_and_the_rest_is_read() {
    let mut sink = SinkCapabilities::new();
    let body = b"wfd_client_rtp_ports: x\nwfd_connector_type: 05\n";
    let error = sink.read(body).unwrap_err();
    assert_eq!(error.parameter, "wfd_client_rtp_ports");
    assert_eq!(sink.connector, Offer::Present(5));
}

#[test]
fn garbage_for_video_formats_means_what_every_sink_must_decode() {
    let sink = read("wfd_video_formats: xxx\nwfd_audio_codecs: x\n");
    let Offer::Present(video) = &sink.video else {
        panic!("{:?}", sink.video);
    };
    assert_eq!(
        video.to_string(),
        "00 00 01 01 00000001 00000000 00000000 00 0000 0000 00 none none"
    );
    assert_eq!((sink.ignored.count, sink.audio), (2, Offer::Absent));
}

#[test]
fn a_port_for_i2c_is_a_number() {
    let port = |value: &str| read(&format!("wfd_I2C: {value}\n")).i2c_port;
    assert_eq!(port("404"), Offer::Present(404));
    assert_eq!(port("none"), Offer::None);
    for value in ["0", "65536", "x"] {
        assert_eq!(port(value), Offer::Absent, "{value}");
    }
}

#[test]
fn an_optional_parameter_that_cannot_be_read_is_noted() {
    let sink = read("wfd_connector_type: x\nwfd_display_edid: y\nunknown: z\n");
    assert_eq!(sink.ignored.count, 2);
    let names: Vec<_> = sink
        .ignored
        .first
        .iter()
        .map(|noted| noted.parameter)
        .collect();
    assert_eq!(names, ["wfd_connector_type", "wfd_display_edid"]);
    assert_eq!((sink.connector, sink.edid), (Offer::Absent, Offer::Absent));
}

#[test]
fn answers_are_merged() {
    let mut sink = SinkCapabilities::new();
    assert_eq!(sink.missing(), Some("wfd_video_formats"));
    assert_eq!(
        sink.read(b"WFD_VIDEO_FORMATS: 00 00 01 01 00000001\n"),
        Ok(())
    );
    assert_eq!(sink.missing(), Some("wfd_audio_codecs"));
    assert_eq!(sink.read(b"wfd_audio_codecs: none\n"), Ok(()));
    assert_eq!(sink.missing(), Some("wfd_client_rtp_ports"));
    let ports = b"wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play";
    assert_eq!(sink.read(ports), Ok(()));
    assert_eq!(sink.missing(), None);
    assert!(
        sink.video
            .present()
            .is_some_and(|video| video.codecs.len() == 1)
    );
}

#[test]
fn what_only_the_source_writes_is_exact() {
    let words = [
        Trigger::Setup,
        Trigger::Play,
        Trigger::Pause,
        Trigger::Teardown,
    ]
    .map(|trigger| trigger.to_string());
    assert_eq!(words, ["SETUP", "PLAY", "PAUSE", "TEARDOWN"]);
    let url = PresentationUrl {
        address: core::net::Ipv4Addr::new(10, 82, 24, 140),
    };
    assert_eq!(
        url.to_string(),
        "rtsp://10.82.24.140/wfd1.0/streamid=0 none"
    );
}

proptest! {
    #[test]
    fn any_body_is_read(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = SinkCapabilities::new().read(&body);
    }

    #[test]
    fn any_value_of_a_known_name_is_read_or_refused(
        name in prop::sample::select(names::MANDATORY.into_iter().chain([
            names::DISPLAY_EDID,
            names::CONNECTOR_TYPE,
            names::IDR_REQUEST_CAPABILITY,
            names::MICROSOFT_MAX_BITRATE,
        ]).collect::<Vec<_>>()),
        value in "[0-9a-fA-FxnRTPUDCL/;, +=é-]{0,60}",
    ) {
        let mut sink = SinkCapabilities::new();
        let outcome = sink.read(format!("{name}: {value}\r\n").as_bytes());
        if let Err(malformed) = outcome {
            prop_assert_eq!(malformed.parameter, name);
        }
    }

    #[test]
    fn lines_never_exceed_the_limit(body in "[a:\n]{0,600}") {
        prop_assert!(lines(body.as_bytes()).count() <= limits::BODY_LINES_MAX);
    }
}
