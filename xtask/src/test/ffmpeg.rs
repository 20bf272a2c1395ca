//! FFmpeg's demultiplexer and decoder on the received stream; on its pictures, if it has LPCM.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Check;
use super::recording::{Codec, NAMES, Recording, each};
use super::runner::{Printed, Runner, TOOL_LIMIT};
use super::without_sound;

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "ffmpeg",
        needs: &["ffmpeg"],
        after: &NAMES,
        run: |runner| each(runner, decode_recording),
    },
    Check {
        name: "ffprobe",
        needs: &["ffmpeg"],
        after: &NAMES,
        run: |runner| each(runner, probe_recording),
    },
];

/// How many messages of FFmpeg a failure shows; the log has all.
const SHOWN: usize = 4;

/// What ffprobe says of the one video stream in a file.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Video {
    pub(crate) width: u64,
    pub(crate) height: u64,
    /// Decoded pictures.
    pub(crate) frames: u64,
}

pub(crate) fn decode_recording(
    runner: &mut Runner,
    recording: &Recording,
) -> anyhow::Result<String> {
    decode(runner, &recording.stream)?;
    Ok("no message".into())
}

pub(crate) fn probe_recording(
    runner: &mut Runner,
    recording: &Recording,
) -> anyhow::Result<String> {
    let video = probe(runner, &recording.stream, recording.codec)?;
    let sent = recording.summary.count("frames_sent")?;
    ensure!(video.frames == sent, "{} frames of {sent}", video.frames);
    Ok(format!("{sent} frames of {}x{}", video.width, video.height))
}

/// Decodes every picture of `stream`.
///
/// # Errors
/// If FFmpeg has anything to say: its exit status is 0 on a damaged stream too.
pub(crate) fn decode(runner: &mut Runner, stream: &Path) -> anyhow::Result<()> {
    let stream = without_sound::copy(stream)?;
    let mut command = Command::new("ffmpeg");
    command
        .args(["-hide_banner", "-nostdin", "-v", "warning", "-i"])
        .arg(stream);
    command.args(["-map", "0:v", "-f", "null", "-"]);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    want_silence(&printed)
}

/// The warnings matter too: that a packet is missing is no more to FFmpeg.
fn want_silence(printed: &Printed) -> anyhow::Result<()> {
    let lines: Vec<&str> = printed.stderr.lines().collect();
    let first = lines.iter().take(SHOWN).copied();
    ensure!(
        lines.is_empty(),
        "{} messages, the first: {}",
        lines.len(),
        first.collect::<Vec<_>>().join("; ")
    );
    Ok(())
}

/// Counts the pictures of `stream` and checks that their time stamps rise.
///
/// # Errors
/// If there is not exactly one stream of video in this codec, or a time stamp is wrong.
pub(crate) fn probe(runner: &mut Runner, stream: &Path, codec: Codec) -> anyhow::Result<Video> {
    let stream = without_sound::copy(stream)?;
    let mut command = Command::new("ffprobe");
    command.args([
        "-v",
        "warning",
        "-count_frames",
        "-of",
        "json",
        "-show_entries",
    ]);
    command
        .arg("stream=codec_name,width,height,nb_read_frames:packet=pts")
        .arg(stream);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    want_silence(&printed)?;
    read_probe(&printed.stdout, codec)
}

fn read_probe(json: &str, wanted: Codec) -> anyhow::Result<Video> {
    let report: Value = serde_json::from_str(json)?;
    let list = |name| {
        report
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
    };
    let [stream] = list("streams") else {
        anyhow::bail!("{} streams, wanted one", list("streams").len())
    };
    let codec = stream.get("codec_name").and_then(Value::as_str);
    ensure!(codec == Some(wanted.ffmpeg), "the stream is {codec:?}");
    let times = list("packets")
        .iter()
        .map(|packet| packet.get("pts").and_then(Value::as_i64));
    let times: Vec<i64> = times
        .collect::<Option<_>>()
        .context("a packet without a time stamp")?;
    ensure!(
        times.is_sorted_by(|a, b| a < b),
        "the time stamps do not rise"
    );
    let size = |name| {
        stream
            .get(name)
            .and_then(Value::as_u64)
            .with_context(|| format!("no {name}"))
    };
    let frames = stream
        .get("nb_read_frames")
        .and_then(Value::as_str)
        .context("no frame decoded")?;
    Ok(Video {
        width: size("width")?,
        height: size("height")?,
        frames: frames.parse()?,
    })
}

/// Slices in each picture of `stream`, by FFmpeg's own parser of the slice headers.
///
/// # Errors
/// If the pictures of `stream` do not all have the same number of slices.
pub(crate) fn slices(runner: &mut Runner, stream: &Path, frames: u64) -> anyhow::Result<u64> {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-nostdin", "-i"]).arg(stream);
    command.args([
        "-map",
        "0:v",
        "-c",
        "copy",
        "-bsf:v",
        "trace_headers",
        "-f",
        "null",
        "-",
    ]);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    let slices = printed
        .stderr
        .lines()
        .filter(|line| line.ends_with("] Slice Header"))
        .count();
    let slices = u64::try_from(slices)?;
    ensure!(
        frames > 0 && slices % frames == 0,
        "{slices} slices in {frames} pictures"
    );
    Ok(slices / frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"packets":[{"pts":100},{"pts":3100}],
        "streams":[{"codec_name":"h264","width":1280,"height":720,"nb_read_frames":"2"}]}"#;

    #[test]
    fn the_report_of_ffprobe_is_read() {
        let video = Video {
            width: 1280,
            height: 720,
            frames: 2,
        };
        assert_eq!(read_probe(GOOD, Codec::H264).unwrap(), video);
        let hevc = GOOD.replace("h264", "hevc");
        assert_eq!(read_probe(&hevc, Codec::H265).unwrap(), video);
        assert!(read_probe(GOOD, Codec::H265).is_err());
    }

    #[test]
    fn wrong_streams_are_refused() {
        let faults = [
            ("3100", "100"),
            ("{\"pts\":3100}", "{}"),
            ("h264", "hevc"),
            ("\"streams\":[{", "\"streams\":[{},{"),
            ("\"nb_read_frames\":\"2\"", "\"nb_frames\":\"2\""),
        ];
        for (from, to) in faults {
            assert!(GOOD.contains(from), "{from}");
            let spoiled = GOOD.replace(from, to);
            assert!(read_probe(&spoiled, Codec::H264).is_err(), "{to}");
        }
    }
}
