//! tstools, an analyser of transport streams that shares no code with FFmpeg, GStreamer or us:
//! continuity, the PCR's gaps, time stamps against the PCR, and RTP's sequence numbers.

use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::recording::{NAMES, Recording, each};
use super::runner::{Runner, TOOL_LIMIT};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "tsreport",
        needs: &["tstools"],
        after: &NAMES,
        run: |runner| each(runner, examine_stream),
    },
    Check {
        name: "pcapreport",
        needs: &["tstools"],
        after: &NAMES,
        run: |runner| each(runner, examine_capture),
    },
];

/// A picture that waits longer than this in the decoder is no live picture: one second of the
/// 90 kHz clock.
const AHEAD_MAX: i64 = 90_000;

pub(crate) fn examine_stream(runner: &mut Runner, recording: &Recording) -> anyhow::Result<String> {
    let mut command = Command::new("tsreport");
    let printed = runner.run(command.arg("-b").arg(&recording.stream), TOOL_LIMIT)?;
    judge_stream(&printed.stdout)
}

pub(crate) fn examine_capture(
    runner: &mut Runner,
    recording: &Recording,
) -> anyhow::Result<String> {
    let mut command = Command::new("pcapreport");
    let printed = runner.run(command.arg("-a").arg(&recording.capture), TOOL_LIMIT)?;
    judge_capture(&printed.stdout, recording.summary.count("rtp_packets")?)
}

/// The gaps of more than 100 ms between PCRs, which `tsreport` counts whatever `discontinuity_indicator` says.
pub(crate) fn pcr_gaps(runner: &mut Runner, recording: &Recording) -> anyhow::Result<i64> {
    let mut command = Command::new("tsreport");
    let printed = runner.run(command.arg("-b").arg(&recording.stream), TOOL_LIMIT)?;
    number_after(&printed.stdout, "Bad (>.1s) gaps: ")
}

/// Reads what `tsreport -b` prints of one program with one video stream.
fn judge_stream(text: &str) -> anyhow::Result<String> {
    let fault = text.lines().find(|line| line.contains("###"));
    ensure!(fault.is_none(), "{}", fault.unwrap_or_default().trim());
    let pcrs = number_after(text, "PCRs found: ")?;
    ensure!(pcrs > 1, "{pcrs} PCRs");
    let gaps = number_after(text, "Bad (>.1s) gaps: ")?;
    ensure!(gaps == 0, "{gaps} gaps of more than 100 ms between PCRs");
    let duplicates = number_after(text, "duplicate packets: ")?;
    ensure!(duplicates == 0, "{duplicates} duplicate packets");
    let least = number_after(text, "Minimum difference was")?;
    let most = number_after(text, "Maximum difference was")?;
    ensure!(least > 0, "a time stamp is {} ticks behind the PCR", -least);
    ensure!(
        most < AHEAD_MAX,
        "a time stamp is {most} ticks ahead of the PCR"
    );
    Ok(format!(
        "{pcrs} PCRs, time stamps {least} to {most} ticks ahead"
    ))
}

/// Reads what `pcapreport -a` prints of a capture with one stream.
fn judge_capture(text: &str, sent: u64) -> anyhow::Result<String> {
    let fault = text.lines().find(|line| line.trim_start().starts_with('!'));
    ensure!(fault.is_none(), "{}", fault.unwrap_or_default());
    let streams = text.matches("RTP TS packets: ").count();
    ensure!(streams == 1, "{streams} streams");
    let sections = text
        .lines()
        .filter(|line| line.trim_start().starts_with("Section "))
        .count();
    ensure!(sections == 1, "{sections} sections: the PCR jumps");
    for name in ["Dodgy=", "Bad=", "Overlength="] {
        let count = number_after(text, name)?;
        ensure!(count == 0, "{name}{count}");
    }
    let packets = number_after(text, "RTP TS packets: ")?;
    ensure!(
        i64::try_from(sent) == Ok(packets),
        "{packets} packets of {sent}"
    );
    Ok(format!(
        "{packets} packets, jitter {} ticks",
        number_after(text, "Max jitter: ")?
    ))
}

/// The number that follows `label`, which tstools prints once.
fn number_after(text: &str, label: &str) -> anyhow::Result<i64> {
    let (_, rest) = text
        .split_once(label)
        .with_context(|| format!("no {label:?} printed"))?;
    let rest = rest.trim_start();
    let end = rest
        .char_indices()
        .find(|(index, c)| !(c.is_ascii_digit() || *index == 0 && *c == '-'))
        .map_or(rest.len(), |(index, _)| index);
    rest[..end]
        .parse()
        .with_context(|| format!("no number after {label:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "\
First PCR at 564
Last PCR at 3254656
Read 17426 TS packets
PCRs found: 125, Bad (>.1s) gaps: 0, Max gap: 6000t
Linear PCR prediction errors: min=-3103t, max=1142t

Stream 0: PID 1011 (4113), H.264/14496-10 video (MPEG-4/AVC)
  PCR/PTS,DTS:
    Minimum difference was  7903t at DTS  201000t, TS packet at  1354728
    Maximum difference was  9054t at DTS  453000t, TS packet at  3170244
  CC: first: 0, last: 0; duplicate packets: 0
";

    const CAPTURE: &str = "\
Pcap pkts: 2524

Stream 0: Dest: 127.0.0.1:1028
  Pkts: Good=2490, Dodgy=0, Bad=0, Overlength=0
  RTP TS packets: 2490, SSRC: 287454020
  PCR PID: 4113 (0x1011)
  Section 0:
    Pkts: 24->2514
    Max jitter: 403t; Skew min: 0t, max: 403t
";

    #[test]
    fn good_reports_pass() {
        assert!(judge_stream(STREAM).is_ok());
        assert!(judge_capture(CAPTURE, 2490).is_ok());
    }

    #[test]
    fn each_fault_of_a_stream_is_found() {
        let faults = [
            (
                "First PCR at 564",
                "### PID(4113): Continuity Counter discontinuity 14->6 at 94000",
            ),
            ("packets: 0", "packets: 0\n  ### CC error * 2"),
            ("gaps: 0", "gaps: 1"),
            ("found: 125", "found: 1"),
            ("packets: 0", "packets: 4"),
            ("was  7903t", "was  -12t"),
            ("was  9054t", "was  90000t"),
            ("PCRs found", "PCRs lost"),
        ];
        for (from, to) in faults {
            assert!(STREAM.contains(from), "{from}");
            assert!(judge_stream(&STREAM.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn each_fault_of_a_capture_is_found() {
        let faults = [
            (
                "Pcap pkts",
                "!0! @500: RTP seq delta (5134->5136) != 1\nPcap pkts",
            ),
            ("Dodgy=0", "Dodgy=1"),
            ("Bad=0", "Bad=1"),
            ("Overlength=0", "Overlength=1"),
            ("  Section 0:", "  Section 0:\n  Section 1:"),
            ("RTP TS packets: 2490", "RTP TS packets: 2489"),
            ("RTP TS packets", "TS packets"),
        ];
        for (from, to) in faults {
            assert!(CAPTURE.contains(from), "{from}");
            assert!(
                judge_capture(&CAPTURE.replace(from, to), 2490).is_err(),
                "{to}"
            );
        }
    }
}
