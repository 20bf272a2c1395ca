//! One edit of one message of a good source, and the rule that it breaks.

use super::{LOCAL, Source};
use crate::machine::{Rule, Settings};

/// Message, what of it is replaced by what, and the rule that this breaks.
const CASES: &[(&str, &str, &str, Rule)] = &[
    ("M1", "CSeq: 1", "CSeq: 0", Rule::CSeq),
    ("M3", "CSeq: 2", "CSeq: x2", Rule::CSeq),
    (
        "M1",
        "Require: org.wfa.wfd1.0",
        "Require: org.wfa.wfd2.0",
        Rule::Require,
    ),
    (
        "M1",
        "OPTIONS *",
        "OPTIONS rtsp://localhost/wfd1.0",
        Rule::Uri,
    ),
    ("M2 reply", ", PAUSE", "", Rule::Public),
    ("M2 reply", ", PAUSE", ", PAUSE, DESCRIBE", Rule::Public),
    ("M2 reply", "Public: ", "public: ", Rule::Header),
    ("M2 reply", "CSeq: ", "CSeq:", Rule::Header),
    ("M2 reply", "200 OK", "501 Not Implemented", Rule::Status),
    ("M2 reply", "CSeq: 1", "CSeq: 9", Rule::CSeq),
    ("M3", LOCAL, "rtsp://10.0.0.1/wfd1.0", Rule::Uri),
    ("M3", "GET_PARAMETER", "DESCRIBE", Rule::Method),
    ("M3", "Content-Type: text/parameters\r\n", "", Rule::Body),
    (
        "M3",
        "Content-Type: text/parameters",
        "Content-Type: text/plain",
        Rule::Body,
    ),
    (
        "M3 body",
        "wfd_audio_codecs\r\n",
        "wfd_audio_codecs: none\r\n",
        Rule::M3,
    ),
    (
        "M3 body",
        "wfd_connector_type\r\n",
        "wfd_display_edid\r\n",
        Rule::M3,
    ),
    ("M3 body", "wfd_client_rtp_ports\r\n", "", Rule::M3),
    ("M4 body", "mode=play\r\n", "mode=play", Rule::Body),
    (
        "M4 body",
        "wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play\r\n",
        "",
        Rule::M4,
    ),
    (
        "M4 body",
        "wfd_audio_codecs: ",
        "wfd_audio_codecs:",
        Rule::M4,
    ),
    (
        "M4 body",
        "wfd_audio_codecs: LPCM 00000002 00",
        "wfd_uibc_capability: none",
        Rule::M4,
    ),
    (
        "M4 body",
        "wfd_audio_codecs: LPCM 00000002 00",
        "wfd_av_format_change_timing: 00000bb800 000005dc00",
        Rule::M4,
    ),
    ("M4 body", "00000080", "000000C0", Rule::M4Video),
    ("M4 body", "00000080", "00000400", Rule::M4Video),
    ("M4 body", "00000080", "80", Rule::M4Video),
    ("M4 body", "00 00 02 10", "28 00 02 10", Rule::M4Video),
    ("M4 body", "00 00 02 10", "00 00 03 10", Rule::M4Video),
    ("M4 body", "00 00 02 10", "00 00 04 10", Rule::M4Video),
    ("M4 body", "00 00 02 10", "00 00 02 20", Rule::M4Video),
    (
        "M4 body",
        "00 0000 0000 00",
        "02 0000 0000 00",
        Rule::M4Video,
    ),
    (
        "M4 body",
        "00 0000 0000 00",
        "00 0004 0003 00",
        Rule::M4Video,
    ),
    (
        "M4 body",
        "00 0000 0000 00",
        "00 0000 0000 11",
        Rule::M4Video,
    ),
    (
        "M4 body",
        "none none\r\nwfd_audio",
        "0500 02D0\r\nwfd_audio",
        Rule::M4Video,
    ),
    ("M4 body", "LPCM 00000002", "LPCM 00000001", Rule::M4Audio),
    (
        "M4 body",
        "LPCM 00000002 00",
        "AAC 00000002 00",
        Rule::M4Audio,
    ),
    ("M4 body", "10.0.0.1", "127.0.0.1", Rule::M4Url),
    ("M4 body", "streamid=0 none", "streamid=0", Rule::M4Url),
    ("M4 body", "1028 0 mode", "1028 1029 mode", Rule::M4Ports),
    (
        "M5 SETUP body",
        "trigger_method: SETUP",
        "trigger_method: setup",
        Rule::Trigger,
    ),
    ("M6 reply", "1804289383", "0", Rule::Session),
    ("M6 reply", "timeout=30", "timeout=5", Rule::Session),
    (
        "M6 reply",
        "client_port=1028",
        "client_port=1030",
        Rule::Transport,
    ),
    ("M6 reply", ";server_port=5000", "", Rule::Transport),
    (
        "M6 reply",
        "server_port=5000",
        "server_port=5000-5001",
        Rule::Transport,
    ),
    (
        "M7 reply",
        "Session:",
        "Public: OPTIONS\r\nSession:",
        Rule::PlayReply,
    ),
    (
        "M7 reply again",
        "200 OK",
        "406 in-play-state",
        Rule::Status,
    ),
    (
        "M16",
        "Session: 1804289383",
        "Session: 1804289383;timeout=30",
        Rule::Session,
    ),
    (
        "M16",
        "Session: ",
        "Content-Length: 0\r\nSession: ",
        Rule::KeepAlive,
    ),
    (
        "M16",
        "Session: ",
        "Content-Type: text/parameters\r\nSession: ",
        Rule::Body,
    ),
];

/// One edit of one message, and the one rule that it breaks.
#[test]
fn each_breach_is_found_alone() {
    for &(name, from, to, rule) in CASES {
        let edit = |n: &str, text: String| {
            if n != name {
                return text;
            }
            assert!(text.contains(from), "{name}: {text}");
            text.replacen(from, to, 1)
        };
        let mut source = Source::new(Settings::default(), &edit);
        source.whole();
        let first = source.machine.breaches().first().map(|b| b.rule);
        assert_eq!(
            first,
            Some(rule),
            "{name}: {to}: {:?}",
            source.machine.breaches()
        );
        // What could go on went on: nothing else was said of this message.
        let at = source.machine.breaches()[0].at_ns;
        let here = source.machine.breaches().iter().filter(|b| b.at_ns == at);
        let others = here
            .filter(|b| b.rule != rule && !follows(rule, b.rule))
            .count();
        assert_eq!(others, 0, "{name}: {to}: {:?}", source.machine.breaches());
    }
}

/// The dialogue cannot go on as it should after these.
fn follows(first: Rule, second: Rule) -> bool {
    let stuck = [
        Rule::Status,
        Rule::CSeq,
        Rule::Method,
        Rule::Trigger,
        Rule::Transport,
        Rule::M4Url,
    ];
    stuck.contains(&first) && matches!(second, Rule::Order | Rule::CSeq | Rule::M4 | Rule::M3)
        // A misspelt M3 name was not asked, and a trigger that is none is an M4.
        || second == Rule::Order && first == Rule::M3
        || first == Rule::M3 && second == Rule::M3
}
