//! GStreamer as a receiver: its jitter buffer, depayloader, demultiplexer, parsers and decoders, fed with
//! the datagrams of the capture at the times at which they came. It decodes every kind of sound: LPCM by
//! the decoder of IEEE 1394's DVD transport, whose layout Wi-Fi Display has taken over.

use std::process::Command;

use anyhow::{Context as _, ensure};

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
        "gstreamer1.0-plugins-ugly",
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
const DEBUG: &str = "*:1,mpegtsbase:2,mpegtspacketizer:2,rtpjitterbuffer:4,tsdemux:2,h264parse:2,\
                     h265parse:2,aacparse:2,ac3parse:2,dvdlpcmdec:2,audiodecoder:2";

/// How a kind of sound is decoded.
#[derive(Clone, Copy)]
struct Ear {
    /// How the demo's summary begins to name its format.
    format: &'static str,
    elements: &'static [&'static str],
    /// Samples of each channel in a unit.
    samples: u64,
}

const EARS: [Ear; 3] = [
    Ear {
        format: "LPCM, 2 channels",
        elements: &["dvdlpcmdec"],
        samples: 480,
    },
    Ear {
        format: "AAC, 2 channels",
        elements: &["aacparse", "avdec_aac"],
        samples: 1024,
    },
    Ear {
        format: "AC-3, 2 channels",
        elements: &["ac3parse", "avdec_ac3"],
        samples: 1536,
    },
];

/// What the sound is turned into: four bytes for the samples of both channels.
const PCM: &str = "audio/x-raw,format=S16LE,layout=interleaved,channels=2";
const PCM_BYTES: u64 = 4;

/// What the jitter buffer says of a sequence number that does not come.
pub(crate) const LOST: &str = "Add Lost timer";

pub(crate) fn examine(runner: &mut Runner, recording: &Recording) -> anyhow::Result<String> {
    let port = Capture::open(runner, &recording.capture)?.rtp_port;
    let mut command = receiver(runner, recording, port)?;
    let format = recording.summary.text("sound/format")?;
    let ear = EARS.iter().find(|ear| format.starts_with(ear.format));
    let ear = ear.with_context(|| format!("sound that nothing here decodes: {format}"))?;
    let sound = recording.capture.with_extension("pcm");
    command.arg("streams.");
    for element in ["queue"].iter().chain(ear.elements) {
        command.args(["!", element]);
    }
    command.args(["!", "audioconvert", "!", PCM, "!", "filesink"]);
    command.arg(format!("location={}", sound.display()));
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
    let samples = std::fs::metadata(&sound)?.len() / PCM_BYTES;
    let wanted = recording.summary.count("sound/units_received")? * ear.samples;
    ensure!(samples == wanted, "{samples} samples of sound of {wanted}");
    Ok(format!("{frames} frames and {samples} samples of {format}"))
}

/// What becomes of a stream of pictures without sound: how many are decoded, and the messages.
///
/// # Errors
/// If GStreamer fails.
pub(crate) fn watch(
    runner: &mut Runner,
    recording: &Recording,
    port: u16,
) -> anyhow::Result<(u64, Vec<String>)> {
    let mut command = receiver(runner, recording, port)?;
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    let faults = faults(&printed.stderr).map(str::to_owned).collect();
    Ok((frames(&printed.stdout), faults))
}

/// The pipeline from the capture to the pictures; its elements are named from `streams.` on.
fn receiver(runner: &mut Runner, recording: &Recording, port: u16) -> anyhow::Result<Command> {
    let [parser, decoder] = recording.codec.gstreamer;
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
    for element in ["rtpjitterbuffer", "rtpmp2tdepay", "tsdemux"] {
        command.args(["!", element]);
    }
    command.args(["name=streams", "streams."]);
    for element in ["queue", parser, decoder, "fakesink"] {
        command.args(["!", element]);
    }
    command.args(["silent=false", "sync=false"]);
    Ok(command)
}

/// Pictures that came to the end of the pipeline: the last element reports each one.
fn frames(text: &str) -> u64 {
    let pictures = text
        .lines()
        .filter(|line| line.contains("last-message = chain "))
        .map(|_| 1_u64);
    pictures.sum()
}

/// Its demultiplexer says this of each stream of type 0x81 without a registration descriptor, which is
/// ATSC's, and which Wi-Fi Display does not have beside the descriptor of AC-3 (S2.1 Table 105).
const PLAIN_AC3: &str = "Assuming plain AC3.";

/// What the debug log holds of errors, warnings and lost packets.
fn faults(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.ends_with(PLAIN_AC3));
    lines.filter(|line| {
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
0:00:00.485980378 15928 0x55db1a336000 WARN                 tsdemux x.c:1:f:<streams> AC3 stream type found but no guaranteed way found to differentiate between AC3 and EAC3. Assuming plain AC3.
ERROR: from element /GstPipeline:pipeline0/GstFileSrc:filesrc0: Resource not found.
Setting pipeline to PAUSED ...
";
        assert_eq!(faults(text).count(), 4);
    }
}
