//! FFmpeg's demultiplexer and decoders on the received stream; on its pictures alone, if it has LPCM.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Check;
use super::recording::{Codec, NAMES, Recording, each};
use super::runner::{Printed, Runner, TOOL_LIMIT};
use super::summary::Summary;
use super::without_sound;

pub(super) const CHECKS: [Check; 2] = [
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

/// The sound that FFmpeg knows: how the demo's summary begins to name its format, and FFmpeg's name.
const CODECS: [(&str, &str); 2] = [("AAC, 2 channels", "aac"), ("AC-3, 2 channels", "ac3")];

/// How many messages of FFmpeg a failure shows; the log has all.
const SHOWN: usize = 4;

/// What ffprobe says of a file.
#[derive(Debug, Eq, PartialEq)]
struct Probed {
    video: Video,
    sound: Option<Sound>,
}

/// Its only audio stream.
#[derive(Debug, Eq, PartialEq)]
struct Sound {
    codec: String,
    channels: u64,
    /// Decoded frames.
    frames: u64,
}

/// Its only video stream.
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
    let Probed { video, sound } = probe_both(runner, &recording.stream, recording.codec)?;
    let sent = recording.summary.count("frames_sent")?;
    ensure!(video.frames == sent, "{} frames of {sent}", video.frames);
    let heard = judge_sound(&recording.summary, sound)?;
    let (width, height) = (video.width, video.height);
    Ok(format!("{sent} frames of {width}x{height}{heard}"))
}

/// Holds the sound against what came; what there is of it, in words.
fn judge_sound(summary: &Summary, sound: Option<Sound>) -> anyhow::Result<String> {
    let format = summary.text("sound/format")?;
    let codec = CODECS.iter().find(|(name, _)| format.starts_with(name));
    let Some((_, codec)) = codec else {
        ensure!(sound.is_none(), "{sound:?} of {format}");
        return Ok(String::new());
    };
    let wanted = Sound {
        codec: (*codec).to_owned(),
        channels: 2,
        frames: summary.count("sound/units_received")?,
    };
    let sound = sound.context("no sound")?;
    ensure!(sound == wanted, "{sound:?}, wanted {wanted:?}");
    Ok(format!(", {} frames of {codec}", sound.frames))
}

/// Decodes every picture of `stream`, and its sound unless that is LPCM.
///
/// # Errors
/// If FFmpeg has anything to say: its exit status is 0 on a damaged stream too.
pub(crate) fn decode(runner: &mut Runner, stream: &Path) -> anyhow::Result<()> {
    let stream = without_sound::copy(stream)?;
    let mut command = Command::new("ffmpeg");
    command
        .args(["-hide_banner", "-nostdin", "-v", "warning", "-i"])
        .arg(stream);
    command.args(["-map", "0:v", "-map", "0:a?", "-f", "null", "-"]);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    want_silence(&printed)
}

/// Decodes the first `frames` pictures of `stream`, which may be cut behind them.
///
/// # Errors
/// If FFmpeg has anything to say, or decodes fewer.
pub(crate) fn decode_beginning(
    runner: &mut Runner,
    stream: &Path,
    frames: u64,
) -> anyhow::Result<()> {
    let stream = without_sound::copy(stream)?;
    let mut command = Command::new("ffprobe");
    // Not seekable: else it looks at the end, too, which may be cut.
    command.args(["-v", "warning", "-seekable", "0"]);
    command.args(["-count_frames", "-of", "csv=p=0"]);
    command.args(["-read_intervals", &format!("%+#{frames}")]);
    command
        .args(["-show_entries", "stream=nb_read_frames"])
        .arg(stream);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    want_silence(&printed)?;
    let first = printed.stdout.lines().next().unwrap_or_default();
    let decoded: u64 = first.trim().trim_end_matches(',').parse()?;
    ensure!(decoded == frames, "{decoded} of {frames} pictures");
    Ok(())
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
    Ok(probe_both(runner, stream, codec)?.video)
}

fn probe_both(runner: &mut Runner, stream: &Path, codec: Codec) -> anyhow::Result<Probed> {
    let stream = without_sound::copy(stream)?;
    let mut command = Command::new("ffprobe");
    command.args(["-v", "warning", "-count_frames", "-of", "json"]);
    command.arg("-show_entries");
    command
        .arg("stream=index,codec_name,width,height,channels,nb_read_frames:packet=stream_index,pts")
        .arg(stream);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    want_silence(&printed)?;
    read_probe(&printed.stdout, codec)
}

fn read_probe(json: &str, wanted: Codec) -> anyhow::Result<Probed> {
    let report: Value = serde_json::from_str(json)?;
    let list = |name| {
        let list = report.get(name).and_then(Value::as_array);
        list.map_or(&[][..], Vec::as_slice)
    };
    let (video, sound) = match list("streams") {
        [video] => (video, None),
        [video, sound] => (video, Some(sound)),
        other => anyhow::bail!("{} streams, wanted one or two", other.len()),
    };
    for stream in 0..list("streams").len() as u64 {
        let index = |packet: &&Value| packet.get("stream_index") == Some(&stream.into());
        let packets = list("packets").iter().filter(index);
        let times = packets.map(|packet| packet.get("pts").and_then(Value::as_i64));
        let times: Option<Vec<i64>> = times.collect();
        let times = times.context("a packet without a time stamp")?;
        ensure!(
            times.is_sorted_by(|a, b| a < b),
            "the time stamps do not rise"
        );
    }
    ensure!(
        text(video, "codec_name")? == wanted.ffmpeg,
        "the pictures: {video}"
    );
    Ok(Probed {
        video: Video {
            width: number(video, "width")?,
            height: number(video, "height")?,
            frames: text(video, "nb_read_frames")?.parse()?,
        },
        sound: sound.map(read_sound).transpose()?,
    })
}

fn read_sound(stream: &Value) -> anyhow::Result<Sound> {
    Ok(Sound {
        codec: text(stream, "codec_name")?.to_owned(),
        channels: number(stream, "channels")?,
        frames: text(stream, "nb_read_frames")?.parse()?,
    })
}

fn text<'v>(stream: &'v Value, name: &str) -> anyhow::Result<&'v str> {
    let value = stream.get(name).and_then(Value::as_str);
    value.with_context(|| format!("no {name}: {stream}"))
}

fn number(stream: &Value, name: &str) -> anyhow::Result<u64> {
    let value = stream.get(name).and_then(Value::as_u64);
    value.with_context(|| format!("no {name}: {stream}"))
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

    const GOOD: &str = r#"{"packets":[{"stream_index":0,"pts":100},{"stream_index":1,"pts":90},
        {"stream_index":0,"pts":3100},{"stream_index":1,"pts":2010}],
        "streams":[{"codec_name":"h264","width":1280,"height":720,"nb_read_frames":"2"},
        {"codec_name":"aac","channels":2,"nb_read_frames":"3"}]}"#;

    #[test]
    fn the_report_of_ffprobe_is_read() {
        let probed = read_probe(GOOD, Codec::H264).unwrap();
        let video = Video {
            width: 1280,
            height: 720,
            frames: 2,
        };
        assert_eq!(probed.video, video);
        assert_eq!(probed.sound.unwrap().frames, 3);
        let silent = GOOD.replace(
            ",\n        {\"codec_name\":\"aac\",\"channels\":2,\"nb_read_frames\":\"3\"}",
            "",
        );
        assert_eq!(read_probe(&silent, Codec::H264).unwrap().sound, None);
        let hevc = GOOD.replace("h264", "hevc");
        assert_eq!(read_probe(&hevc, Codec::H265).unwrap().video, video);
        assert!(read_probe(GOOD, Codec::H265).is_err());
    }

    #[test]
    fn wrong_streams_are_refused() {
        let faults = [
            ("3100", "100"),
            ("2010", "90"),
            (",\"pts\":3100", ""),
            ("h264", "hevc"),
            ("\"streams\":[{", "\"streams\":[{},{"),
            ("\"nb_read_frames\":\"2\"", "\"nb_frames\":\"2\""),
            ("\"channels\":2,", ""),
        ];
        for (from, to) in faults {
            assert!(GOOD.contains(from), "{from}");
            let spoiled = GOOD.replace(from, to);
            assert!(read_probe(&spoiled, Codec::H264).is_err(), "{to}");
        }
    }

    #[test]
    fn the_sound_is_what_came_and_lpcm_none() {
        let judge = |format: &str| {
            let summary =
                r#"{"sound":{"format":"FORMAT, 2 channels, 48000 Hz","units_received":3}}"#;
            let summary = summary.replace("FORMAT", format).parse().unwrap();
            judge_sound(&summary, read_probe(GOOD, Codec::H264).unwrap().sound).is_ok()
        };
        assert_eq!(["AAC", "AC-3", "LPCM"].map(judge), [true, false, false]);
        let more = r#"{"sound":{"format":"AAC, 2 channels","units_received":4}}"#;
        let sound = read_probe(GOOD, Codec::H264).unwrap().sound;
        assert!(judge_sound(&more.parse().unwrap(), sound).is_err());
        assert!(judge_sound(&more.parse().unwrap(), None).is_err());
    }
}
