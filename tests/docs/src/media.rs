//! docs/MEDIA-PLANE.md: what the stream is made by, rule by rule.

use core::fmt::Write as _;

use miracast_field::proof::Test;

use crate::table;

mod rows;

/// A layer of the stream.
struct Layer {
    title: &'static str,
    rules: &'static [Rule],
}

/// One rule.
struct Rule {
    /// In our words.
    asks: &'static str,
    /// Who asks: document and section.
    from: &'static str,
    /// Each fails if the driver breaks the rule.
    tests: &'static [Test],
}

/// Somebody else's program, or the strict sink, that looks at whole streams.
struct Watcher {
    check: &'static str,
    file: &'static str,
    looks_at: &'static str,
}

#[rustfmt::skip]
const WATCHERS: [Watcher; 9] = [
    Watcher { check: "demo", file: "xtask/src/test/recording.rs",
        looks_at: "every rule below that can be seen from outside, by the strict sink ([`fault.rs`](../tests/sink/src/stream/fault.rs) names what it objects to)" },
    Watcher { check: "dvb-conformance", file: "xtask/src/test/conformance.rs",
        looks_at: "first and second priority of ETSI TR 101 290: tables, continuity, CRC, intervals and jumps of the PCR, PTS" },
    Watcher { check: "tshark", file: "xtask/src/test/tshark.rs",
        looks_at: "RTP headers, sequence numbers, continuity" },
    Watcher { check: "tsreport", file: "xtask/src/test/tstools.rs",
        looks_at: "continuity, gaps between PCRs, PTS against PCR" },
    Watcher { check: "pcapreport", file: "xtask/src/test/tstools.rs",
        looks_at: "sequence numbers, PCR against the time of arrival" },
    Watcher { check: "ffprobe", file: "xtask/src/test/ffmpeg.rs",
        looks_at: "every picture and every unit of sound, the order of PTS" },
    Watcher { check: "gstreamer", file: "xtask/src/test/gstreamer.rs",
        looks_at: "the same as a receiver of RTP" },
    Watcher { check: "damage-is-seen", file: "xtask/src/test/damage.rs",
        looks_at: "that each of these objects when packets are missing" },
    Watcher { check: "clock-jumps", file: "xtask/src/test/clock_jumps.rs",
        looks_at: "the same programs on a stream whose clock jumps, with `discontinuity_indicator` and without" },
];

/// The document.
///
/// # Errors
/// If a rule has no test, or a test or a check is none.
pub(crate) fn document() -> anyhow::Result<String> {
    let mut text = OPENING.to_owned() + &table::head(&["check", "looks at"]);
    for Watcher {
        check,
        file,
        looks_at,
    } in WATCHERS
    {
        table::is_check(check, file)?;
        text += &table::row(&[&format!("[`{check}`](../{file})"), looks_at]);
    }
    for Layer { title, rules } in rows::LAYERS {
        write!(text, "\n## {title}\n\n")?;
        text += &table::head(&["rule", "from", "tests"]);
        for rule in rules {
            let tests = table::tests(rule.asks, rule.tests)?;
            text += &table::row(&[rule.asks, rule.from, &tests]);
        }
    }
    Ok(text)
}

const OPENING: &str = "\
<!-- Written by `cargo xtask docs`; do not edit. -->
# The media plane, rule by rule

Pictures and sound go out as H.264 or H.265, LPCM, AAC or AC-3, in PES packets, in transport packets, in RTP datagrams. This file
says which rules that stream keeps, who asks for them, and which test fails if one is broken. S2.1 is the Wi-Fi Display Technical
Specification 2.1, 13818-1 is ISO/IEC 13818-1 (H.222.0), MS-WFDPE is Microsoft's Wi-Fi Display Protocol Extension. What only the
control plane decides (formats, ports, when an IDR picture is asked for) is in [CONTROL-PLANE.md](CONTROL-PLANE.md).

The tests of `core/src/media/tests` look at the stream from the far end of the wire, with a receiver that panics at the first thing
that breaks a rule ([`demuxer.rs`](../core/src/media/tests/demuxer.rs)); it shares no code with the packetizer. Whole recorded
sessions are looked at by these checks of `cargo xtask test`:

";
