//! Proof that the analysers can fail: each is given a recording with a few packets taken out, and
//! has to say that something is lost; those that follow sound, too, one that lacks sound alone.
//! Another error is no objection: a check that could not look proves nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, anyhow, bail};

use super::recording::{NAMES, Recording};
use super::runner::{CouldNotRun, Runner, TOOL_LIMIT};
use super::tshark::Capture;
use super::{Check, conformance, ffmpeg, gstreamer, tshark, tstools};

type Examine = fn(&mut Runner, &Recording) -> anyhow::Result<String>;

pub(crate) const CHECK: Check = Check {
    name: "damage-is-seen",
    needs: &[
        "ffmpeg",
        "gstreamer1.0-libav",
        "gstreamer1.0-plugins-ugly",
        "gstreamer1.0-tools",
        "tshark",
        "tstools",
    ],
    after: &[NAMES[0], CODED],
    run,
};

/// Each analyser, and what it says when packets are lost.
const ANALYSERS: [(&str, Examine, &str); 7] = [
    ("ffmpeg", ffmpeg::decode_recording, "Packet corrupt"),
    ("ffprobe", ffmpeg::probe_recording, "Packet corrupt"),
    ("tshark", tshark::examine, "lost: 3, problems: true"),
    (
        "tsreport",
        tstools::examine_stream,
        "Continuity Counter discontinuity",
    ),
    ("pcapreport", tstools::examine_capture, "RTP seq delta"),
    (
        "dvb-conformance",
        conformance::examine,
        "Continuity_count_error",
    ),
    ("gstreamer", gstreamer::examine, gstreamer::LOST),
];

/// The recording whose sound all of [`LISTENERS`] decode.
const CODED: &str = NAMES[4];

/// The analysers that decode sound, or look at its packets, and what they say of lost sound.
const LISTENERS: [(&str, Examine, &str); 4] = [
    (
        "ffmpeg",
        ffmpeg::decode_recording,
        "Packet corrupt (stream = 1",
    ),
    (
        "ffprobe",
        ffmpeg::probe_recording,
        "Packet corrupt (stream = 1",
    ),
    ("dvb-conformance", conformance::examine, "on PID 0x1100"),
    ("gstreamer", gstreamer::examine, "CONTINUITY: Mismatch"),
];

const TS_PACKET: usize = 188;

/// The PIDs of the pictures, of the sound, and of packets without content (S2.1 App. D.4.2, ISO 13818-1 Table 2-3).
const PICTURE_PID: u16 = 0x1011;
const SOUND_PID: u16 = 0x1100;
const NULL_PID: u16 = 0x1FFF;

/// TS packets in an RTP packet.
const TS_IN_RTP: usize = 7;
/// RTP packets that are taken out, one and two together.
const LOST: u64 = 3;

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let whole = Recording::open(NAMES[0])?;
    let directory = runner.scratch()?;
    let damaged = Recording {
        stream: directory.join("stream.ts"),
        capture: directory.join("session.pcap"),
        summary: whole.summary.reduced("rtp_packets", LOST)?,
        codec: whole.codec,
    };
    damage_stream(&whole.stream, &damaged.stream)?;
    damage_capture(runner, &whole.capture, &damaged.capture)?;
    for (name, examine, loss) in ANALYSERS {
        let objection = objection(examine(runner, &damaged), loss).context(name)?;
        runner.note(&format!("# {name} objects: {objection}"))?;
    }
    let coded = Recording::open(CODED)?;
    let deaf = Recording {
        stream: directory.join("deaf.ts"),
        capture: directory.join("deaf.pcap"),
        summary: coded.summary,
        codec: coded.codec,
    };
    for (from, to) in [(coded.stream, &deaf.stream), (coded.capture, &deaf.capture)] {
        let mut bytes = fs::read(&from)?;
        lose_sound(&mut bytes).with_context(|| format!("no sound in {}", from.display()))?;
        fs::write(to, bytes)?;
    }
    for (name, examine, loss) in LISTENERS {
        let objection = objection(examine(runner, &deaf), loss).context(name)?;
        runner.note(&format!("# {name} objects: {objection}"))?;
    }
    Ok(format!(
        "{} analysers object to lost packets, {} to lost sound",
        ANALYSERS.len(),
        LISTENERS.len()
    ))
}

/// Turns one TS packet of sound in the middle of a stream or of a capture into one without content: not
/// the first of its unit, so that its PES packet lacks bytes.
fn lose_sound(bytes: &mut [u8]) -> Option<()> {
    let pid = |bytes: &[u8], at: usize| match bytes.get(at..at + 3) {
        Some(&[0x47, high, low]) => Some(u16::from_be_bytes([high, low])),
        _ => None,
    };
    // Without transport_error_indicator, payload_unit_start_indicator and transport_priority.
    let is_sound =
        |at: &usize| pid(bytes, *at) == Some(SOUND_PID) && bytes.get(at + TS_PACKET) == Some(&0x47);
    let at = (bytes.len() / 2..bytes.len()).find(is_sound)?;
    let [high, low] = NULL_PID.to_be_bytes();
    bytes.get_mut(at + 1..at + 3)?.copy_from_slice(&[high, low]);
    Some(())
}

/// What an analyser said of the loss.
///
/// # Errors
/// If it found nothing wrong, could not run, or failed without a word of `loss`.
pub(super) fn objection(result: anyhow::Result<String>, loss: &str) -> anyhow::Result<String> {
    match result {
        Ok(seen) => bail!("nothing wrong found: {seen}"),
        Err(error) if error.is::<CouldNotRun>() => Err(error),
        Err(error) => {
            let text = format!("{error:#}");
            if text.contains(loss) {
                Ok(text)
            } else {
                Err(anyhow!("wanted {loss:?}, got: {text}"))
            }
        }
    }
}

/// Copies a transport stream without some of its packets: one RTP packet's behind a third, two's behind
/// two thirds, each from within one picture. FFmpeg, which has no decoder of this sound, is not given it.
fn damage_stream(from: &Path, to: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(from)?;
    let packets: Vec<&[u8]> = bytes.chunks(TS_PACKET).collect();
    let third = packets.len() / 3;
    let first = within_picture(&packets, third, TS_IN_RTP);
    let second = within_picture(&packets, third * 2, 2 * TS_IN_RTP);
    let (first, second) = first
        .zip(second)
        .with_context(|| format!("no picture is long enough in {} packets", packets.len()))?;
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

/// Where behind `from` the first `count` packets are that follow each other, have parts of pictures, and of
/// which none begins one.
fn within_picture(packets: &[&[u8]], from: usize, count: usize) -> Option<usize> {
    let [high, low] = PICTURE_PID.to_be_bytes();
    let is_part = |packet: &&[u8]| packet.starts_with(&[0x47, high, low]);
    let mut places = packets.windows(count).enumerate().skip(from);
    places
        .find(|(_, packets)| packets.iter().all(is_part))
        .map(|(at, _)| at)
}

/// Copies a capture without [`LOST`] of its RTP packets: one at a third, two at two thirds.
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

#[cfg(test)]
mod tests {
    use super::super::summary::Summary;
    use super::*;

    #[test]
    fn only_an_error_that_names_the_loss_is_an_objection() {
        let lost = objection(Err(anyhow!("3 lost").context("tshark")), "lost");
        assert_eq!(lost.unwrap(), "tshark: 3 lost");
        assert!(objection(Err(anyhow!("did not end within 180 s")), "lost").is_err());
        assert!(objection(Ok("none lost".into()), "lost").is_err());
        let missing = objection(Err(CouldNotRun("lost".into()).into()), "lost");
        assert!(missing.unwrap_err().is::<CouldNotRun>());
    }

    #[test]
    fn packets_are_lost_within_one_picture() {
        let (start, part) = ([0x47, 0x50, 0x11], [0x47, 0x10, 0x11]);
        let sound = [0x47, 0x11, 0x00];
        let stream = [
            part, start, part, sound, part, part, start, part, part, part,
        ];
        let packets = stream.each_ref().map(<[u8; 3]>::as_slice);
        assert_eq!(within_picture(&packets, 0, 2), Some(4));
        assert_eq!(within_picture(&packets, 5, 2), Some(7));
        assert_eq!(within_picture(&packets, 0, 4), None);
    }

    #[test]
    fn one_packet_within_a_unit_of_sound_is_lost() {
        let packet = |head: [u8; 3]| [head.as_slice(), &[0; TS_PACKET - 3]].concat();
        let start = packet([0x47, 0x51, 0x00]);
        let rest = packet([0x47, 0x11, 0x00]);
        let picture = packet([0x47, 0x10, 0x11]);
        let stream = |third: &[u8]| {
            [&picture, &start, third, &rest]
                .map(<[u8]>::to_vec)
                .concat()
        };
        let mut bytes = stream(&rest);
        assert_eq!(lose_sound(&mut bytes), Some(()));
        assert_eq!(bytes, stream(&packet([0x47, 0x1F, 0xFF])));
        assert_eq!(lose_sound(&mut [0; 500]), None);
    }

    #[test]
    fn the_damaged_recording_has_its_own_counts() {
        let summary: Summary = r#"{"rtp_packets":10,"frames_sent":9}"#.parse().unwrap();
        let reduced = summary.reduced("rtp_packets", LOST).unwrap();
        assert_eq!(reduced.count("rtp_packets").unwrap(), 7);
        assert_eq!(reduced.count("frames_sent").unwrap(), 9);
        assert!(summary.reduced("rtp_packets", 11).is_err());
        assert!(summary.reduced("rtp_lost", 0).is_err());
    }
}
