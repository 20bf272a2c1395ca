//! Jumps of the machine's clock, as the analysers see them: a stream whose clock leaps by 5 s, and later goes
//! back, while pictures go on coming to the sink. Each jump is said by `discontinuity_indicator` and by the
//! RTP marker; the same recording without the indicators shows which analysers look at them.
//!
//! | analyser | the jumps | without the indicators |
//! | --- | --- | --- |
//! | dvb-conformance | nothing wrong | a PCR that jumps |
//! | tshark | both, in the packets with the marker; nothing wrong | none |
//! | ffprobe | every picture, and nothing to say | the same |
//! | GStreamer | every picture; finds the leap by the arrival times, and begins to measure anew | the same |
//! | tsreport | the leap is a gap between PCRs | the same |
//!
//! The second jump is no gap for anybody: the stream's clock goes on from where it was.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::recording::{Codec, Recording};
use super::runner::{Runner, TOOL_LIMIT};
use super::tshark::Capture;
use super::{Check, conformance, damage, ffmpeg, gstreamer, tstools};
use crate::clips;
use crate::suite::Program;

pub(crate) const CHECK: Check = Check {
    name: "clock-jumps",
    needs: &[
        "ffmpeg",
        "gstreamer1.0-libav",
        "gstreamer1.0-plugins-bad",
        "gstreamer1.0-plugins-good",
        "gstreamer1.0-tools",
        "nasm",
        "tshark",
        "tstools",
    ],
    after: &[],
    run,
};

/// Times at which the clock jumps.
const JUMPS: usize = 2;

/// The fault of a leap that nobody tells of (ETSI TR 101 290 Table 5.0b, 2.3b).
const UNTOLD: &str = "PCR_discontinuity_indicator_error";

/// GStreamer's jitter buffer and its demultiplexer say this of a clock that is seconds away from the
/// arrival times: of the leap, once each.
const MEASURED_ANEW: &str = "too big, reset skew";

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let clip = clips::VGA.file(runner)?;
    let program = runner.build(Program::Leap)?;
    let directory = runner.scratch()?;
    let told = directory.join("told");
    runner.run(Command::new(program).arg(clip).arg(&told), TOOL_LIMIT)?;
    let untold = directory.join("untold");
    take_indicators(&told, &untold)?;
    let told = Recording::read(&told, Codec::H264)?;
    let untold = Recording::read(&untold, Codec::H264)?;

    conformance::examine(runner, &told).context("dvb-conformance")?;
    let objection = damage::objection(conformance::examine(runner, &untold), UNTOLD)?;
    runner.note(&format!("# dvb-conformance objects: {objection}"))?;
    let [said, marked] = follow(runner, &told).context("with the indicators")?;
    ensure!(
        said.len() == JUMPS && said == marked,
        "{said:?} have an indicator, {marked:?} a marker"
    );
    let [said, unchanged] = follow(runner, &untold).context("without the indicators")?;
    ensure!(said.is_empty(), "{said:?} still have an indicator");
    ensure!(marked == unchanged, "the copy differs in more than that");
    Ok(format!("{JUMPS} jumps in order, and faults if not told of"))
}

/// Lets those look that do not mind the indicators; what tshark sees of the jumps.
fn follow(runner: &mut Runner, recording: &Recording) -> anyhow::Result<[Vec<String>; 2]> {
    ffmpeg::probe_recording(runner, recording).context("ffprobe")?;
    let gaps = tstools::pcr_gaps(runner, recording).context("tsreport")?;
    ensure!(gaps == 1, "tsreport: {gaps} gaps between PCRs");
    let capture = Capture::of_media(runner, &recording.capture)?;
    let (frames, said) = gstreamer::watch(runner, recording, capture.rtp_port)?;
    let sent = recording.summary.count("frames_sent")?;
    ensure!(frames == sent, "gstreamer: {frames} frames of {sent}");
    let expected = said.iter().filter(|line| line.ends_with(MEASURED_ANEW));
    ensure!(
        said.len() == 2 && expected.count() == 2,
        "gstreamer: {said:?}"
    );
    let packets = recording.summary.count("rtp_packets")?;
    capture.examine_media(runner, packets).context("tshark")?;
    capture.time_bases(runner)
}

/// Copies a recording with every `discontinuity_indicator` of the PCR packets cleared.
fn take_indicators(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    fs::copy(from.join("summary.json"), to.join("summary.json"))?;
    for name in ["stream.ts", "session.pcap"] {
        let mut bytes = fs::read(from.join(name))?;
        let cleared = clear(&mut bytes);
        ensure!(cleared == JUMPS, "{cleared} indicators in {name}");
        fs::write(to.join(name), bytes)?;
    }
    Ok(())
}

/// Clears the indicators and counts them, in a stream or in a capture.
fn clear(bytes: &mut [u8]) -> usize {
    /// The start of a packet with a PCR alone: PID 0x1000, no payload, 183 bytes of adaptation field.
    const START: [u8; 5] = [0x47, 0x10, 0x00, 0x20, 183];
    /// `discontinuity_indicator` and `PCR_flag`.
    const BREAK: u8 = 0x90;
    let mut cleared = 0;
    for at in 0..bytes.len().saturating_sub(START.len()) {
        if let Some([start @ .., flags]) = bytes.get_mut(at..=at + START.len())
            && *start == START
            && *flags == BREAK
        {
            *flags = 0x10;
            cleared += 1;
        }
    }
    cleared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_indicators_of_pcr_packets_are_cleared() {
        let told = [0x47, 0x10, 0x00, 0x20, 183, 0x90, 0xFF];
        let untold = [0x47, 0x10, 0x00, 0x20, 183, 0x10, 0xFF];
        let picture = [0x47, 0x10, 0x11, 0x20, 183, 0x90, 0xFF];
        let mut bytes = [told, picture, untold, told].concat();
        assert_eq!(clear(&mut bytes), 2);
        assert_eq!(bytes, [untold, picture, untold, untold].concat());
        assert_eq!(clear(&mut bytes), 0);
        assert_eq!(clear(&mut [0x47]), 0);
    }
}
