//! Proof that the analysers can fail: each is given a recording with a few packets taken out, and
//! has to object.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use super::recording::{NAMES, Recording};
use super::runner::{CouldNotRun, Runner, TOOL_LIMIT};
use super::tshark::Capture;
use super::{Check, ffmpeg, gstreamer, tshark, tstools};

type Examine = fn(&mut Runner, &Recording) -> anyhow::Result<String>;

pub(crate) const CHECK: Check = Check {
    name: "damage-is-seen",
    needs: &[
        "ffmpeg",
        "gstreamer1.0-libav",
        "gstreamer1.0-tools",
        "tshark",
        "tstools",
    ],
    run,
};

const ANALYSERS: [(&str, Examine); 6] = [
    ("ffmpeg", ffmpeg::decode_recording),
    ("ffprobe", ffmpeg::probe_recording),
    ("tshark", tshark::examine),
    ("tsreport", tstools::examine_stream),
    ("pcapreport", tstools::examine_capture),
    ("gstreamer", gstreamer::examine),
];

const TS_PACKET: usize = 188;
/// TS packets in an RTP packet.
const TS_IN_RTP: usize = 7;

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let whole = Recording::open(NAMES[0])?;
    let directory = runner.scratch()?;
    let damaged = Recording {
        stream: directory.join("stream.ts"),
        capture: directory.join("session.pcap"),
        summary: whole.summary.clone(),
    };
    damage_stream(&whole.stream, &damaged.stream)?;
    damage_capture(runner, &whole.capture, &damaged.capture)?;
    for (name, examine) in ANALYSERS {
        match examine(runner, &damaged) {
            Ok(seen) => bail!("{name} found nothing wrong: {seen}"),
            Err(error) if error.is::<CouldNotRun>() => return Err(error),
            Err(error) => runner.note(&format!("# {name} objects: {error:#}"))?,
        }
    }
    Ok(format!(
        "{} analysers object to lost packets",
        ANALYSERS.len()
    ))
}

/// Copies a transport stream without some of its packets: one RTP packet's at a third, two's at
/// two thirds.
fn damage_stream(from: &Path, to: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(from)?;
    let packets: Vec<&[u8]> = bytes.chunks(TS_PACKET).collect();
    let (first, second) = (packets.len() / 3, packets.len() / 3 * 2);
    ensure!(
        first > 2 * TS_IN_RTP,
        "the stream is too short: {} packets",
        packets.len()
    );
    let dropped = |index: usize| {
        (first..first + TS_IN_RTP).contains(&index)
            || (second..second + 2 * TS_IN_RTP).contains(&index)
    };
    let kept = packets
        .iter()
        .enumerate()
        .filter(|(index, _)| !dropped(*index));
    let kept: Vec<u8> = kept
        .flat_map(|(_, packet)| packet.iter().copied())
        .collect();
    Ok(fs::write(to, kept)?)
}

/// Copies a capture without three of its RTP packets, one and two together.
fn damage_capture(runner: &mut Runner, from: &Path, to: &Path) -> anyhow::Result<()> {
    let frames = Capture::open(runner, from)?.media_frames(runner)?;
    let (first, second) = (frames.len() / 3, frames.len() / 3 * 2);
    let mut command = Command::new("editcap");
    command.args(["-F", "pcap"]).arg(from).arg(to);
    for index in [first, second, second + 1] {
        let number = frames.get(index).context("the capture is too short")?;
        command.arg(number.to_string());
    }
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(())
}
