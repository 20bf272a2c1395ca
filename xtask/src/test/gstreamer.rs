//! GStreamer as a receiver: its jitter buffer, depayloader, demultiplexer and parser, fed with the
//! datagrams of the capture at the times at which they came.

use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::recording::{NAMES, Recording, each};
use super::runner::{Runner, TOOL_LIMIT};
use super::tshark::Capture;

pub(crate) const CHECK: Check = Check {
    name: "gstreamer",
    needs: &[
        "gstreamer1.0-libav",
        "gstreamer1.0-plugins-bad",
        "gstreamer1.0-plugins-base",
        "gstreamer1.0-plugins-good",
        "gstreamer1.0-tools",
        "tshark",
    ],
    after: &NAMES,
    run: |runner| each(runner, examine),
};

const RTP_CAPS: &str =
    "caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=MP2T,payload=33";

/// Errors of any element, and warnings of those that would notice a fault of the stream; the jitter
/// buffer tells of a missing packet among its information only.
const DEBUG: &str =
    "*:1,mpegtsbase:2,mpegtspacketizer:2,rtpjitterbuffer:4,tsdemux:2,h264parse:2,h265parse:2";

/// What the jitter buffer says of a sequence number that does not come.
pub(crate) const LOST: &str = "Add Lost timer";

pub(crate) fn examine(runner: &mut Runner, recording: &Recording) -> anyhow::Result<String> {
    let [parser, decoder] = recording.codec.gstreamer;
    let port = Capture::open(runner, &recording.capture)?.rtp_port;
    // The first call on a machine looks at all plugins and complains of those that lack hardware.
    runner.run(Command::new("gst-inspect-1.0").arg(decoder), TOOL_LIMIT)?;
    let mut command = Command::new("gst-launch-1.0");
    command
        .env("GST_DEBUG", DEBUG)
        .env("GST_DEBUG_NO_COLOR", "1");
    command
        .args(["-v", "filesrc"])
        .arg(format!("location={}", recording.capture.display()));
    command.args(["!", "pcapparse", &format!("dst-port={port}"), RTP_CAPS]);
    for element in [
        "rtpjitterbuffer",
        "rtpmp2tdepay",
        "tsdemux",
        parser,
        decoder,
    ] {
        command.args(["!", element]);
    }
    command.args(["!", "fakesink", "silent=false", "sync=false"]);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    let faults: Vec<&str> = faults(&printed.stderr).collect();
    ensure!(
        faults.is_empty(),
        "{} messages, the first: {:?}",
        faults.len(),
        faults.first()
    );
    let (frames, sent) = (
        frames(&printed.stdout),
        recording.summary.count("frames_sent")?,
    );
    ensure!(frames == sent, "{frames} frames of {sent}");
    Ok(format!("{frames} frames"))
}

/// Pictures that came to the end of the pipeline: the last element reports each one.
fn frames(text: &str) -> u64 {
    let pictures = text
        .lines()
        .filter(|line| line.contains("last-message = chain "))
        .map(|_| 1_u64);
    pictures.sum()
}

/// What the debug log holds of errors, warnings and lost packets.
fn faults(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| {
        ["ERROR", "WARN"]
            .iter()
            .any(|level| line.split_whitespace().any(|word| word == *level))
            || line.contains(LOST)
            || line.starts_with("WARNING:")
            || line.starts_with("ERROR:")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_counted() {
        let text = "\
/GstPipeline:pipeline0/GstFakeSink:fakesink0: last-message = event   ******* (fakesink0:sink) E
/GstPipeline:pipeline0/GstFakeSink:fakesink0: last-message = chain   ******* (fakesink0:sink) (1382400 bytes)
/GstPipeline:pipeline0/GstFakeSink:fakesink0: last-message = chain   ******* (fakesink0:sink) (1382400 bytes)
";
        assert_eq!(frames(text), 2);
    }

    #[test]
    fn errors_warnings_and_losses_are_faults() {
        let text = "\
0:00:00.341475324 13907 0x7f52ec034600 ERROR                  libav :0:: Invalid level prefix
0:00:00.341475324 13907 0x7f52ec034600 WARN        mpegtspacketizer x.c:1:f: CONTINUITY: Mismatch
0:00:00.149444659 10269 0x555cee1b7300 INFO         rtpjitterbuffer x.c:1:f:<rtpjitterbuffer0> Add Lost timer for #53219
0:00:00.149444659 10269 0x555cee1b7300 INFO         rtpjitterbuffer x.c:1:f:<rtpjitterbuffer0> received new caps
ERROR: from element /GstPipeline:pipeline0/GstFileSrc:filesrc0: Resource not found.
Setting pipeline to PAUSED ...
";
        assert_eq!(faults(text).count(), 4);
    }
}
