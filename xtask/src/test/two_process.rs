//! Source and sink as two processes that share nothing but the loopback interface, for every
//! number of slices and the modes that matter most.

use core::time::Duration;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::ffmpeg::{self, Video};
use super::recording::Codec;
use super::runner::Runner;
use super::summary::Summary;
use crate::suite::{Program, free_address, project_root};

pub(crate) const CHECK: Check = Check {
    name: "two-process",
    needs: &["ffmpeg", "nasm"],
    after: &[],
    run,
};

/// Width, height, frames a second: the mode that every sink has, and the two usual ones.
const MODES: [(u64, u64, u64); 3] = [(640, 480, 60), (1280, 720, 60), (1920, 1080, 30)];
const SLICES: core::ops::RangeInclusive<u64> = 1..=4;

const CAST_SECONDS: u64 = 3;
/// The sink leaves when the source tears the session down; this is for a source that does not.
const SINK_SECONDS: u64 = 20;
const LIMIT: Duration = Duration::from_mins(1);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let cast = runner.build(Program::Cast)?;
    let sink = runner.build(Program::Sink)?;
    let directory = runner.scratch()?;
    let mut runs = 0_u32;
    for mode in MODES {
        for slices in SLICES {
            let (width, height, rate) = mode;
            let name = format!("{width}x{height}p{rate}, {slices} slices");
            let out = directory.join(format!("{width}x{height}p{rate}-{slices}"));
            let ends = [&cast, &sink].map(Command::new);
            let sent = session(runner, ends, mode, slices, &out).context(name)?;
            sent.want_zero(&["driver_allocations"])?;
            runs += 1;
        }
    }
    Ok(format!("{runs} sessions of {CAST_SECONDS} s"))
}

/// One session between the programs `cast` and `sink`, given as the beginnings of their command
/// lines; what the sink writes goes to `out`. The counters of the source.
///
/// # Errors
/// The first fault.
pub(crate) fn session(
    runner: &mut Runner,
    [mut source, mut peer]: [Command; 2],
    (width, height, rate): (u64, u64, u64),
    slices: u64,
    out: &Path,
) -> anyhow::Result<Summary> {
    let address = free_address()?;
    let json = out.with_extension("json");
    source
        .current_dir(project_root())
        .args(["--listen", &address, "--input", "pattern"]);
    source.args(["--mode", &format!("{width}x{height}p{rate}")]);
    source.args([
        "--slices",
        &slices.to_string(),
        "--seconds",
        &CAST_SECONDS.to_string(),
    ]);
    source.arg("--json").arg(&json);
    peer.current_dir(project_root())
        .args(["--connect", &address]);
    peer.args([
        "--slices",
        &slices.to_string(),
        "--seconds",
        &SINK_SECONDS.to_string(),
    ]);
    peer.arg("--out").arg(out);

    let source = runner.start(&mut source, "cast")?;
    let peer = runner.start(&mut peer, "sink")?;
    let (source, peer) = (source.finish(runner, LIMIT), peer.finish(runner, LIMIT));
    let (source, peer) = (source?, peer?);
    ensure!(source.status.success(), "cast: {}", source.status);
    ensure!(peer.status.success(), "sink: {}", peer.status);

    let sent = Summary::read(&json)?;
    judge(&sent, &Summary::read(&out.join("summary.json"))?, rate)?;
    let stream = out.join("stream.ts");
    ffmpeg::decode(runner, &stream)?;
    let seen = ffmpeg::probe(runner, &stream, Codec::H264)?;
    let wanted = Video {
        width,
        height,
        frames: sent.count("frames_sent")?,
    };
    ensure!(seen == wanted, "ffprobe sees {seen:?}, wanted {wanted:?}");
    let found = ffmpeg::slices(runner, &stream, seen.frames)?;
    ensure!(found == slices, "{found} slices in a picture");
    Ok(sent)
}

/// Holds what the source counted against what the sink counted.
fn judge(sent: &Summary, received: &Summary, rate: u64) -> anyhow::Result<()> {
    sent.want_zero(&["ddi_violations", "threads_leaked", "handles_leaked"])?;
    received.want_zero(&["frame_counter_errors", "rtp_lost", "ts_errors"])?;
    received.want_equal("frames_decoded", "frames_numbered")?;
    let (sent_frames, decoded) = (
        sent.count("frames_sent")?,
        received.count("frames_decoded")?,
    );
    ensure!(
        sent_frames == decoded,
        "frames_sent {sent_frames}, frames_decoded {decoded}"
    );
    sent.want_all_bytes(received)?;
    // Not a speed test: a busy machine may drop pictures, but there has to be a moving picture.
    let least = rate * CAST_SECONDS / 2;
    ensure!(
        sent_frames >= least,
        "{sent_frames} frames in {CAST_SECONDS} s, wanted {least} at least"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_and_sink_have_to_agree() {
        let source = r#"{"frames_sent":90,"es_bytes_sent":5,"es_bytes_cut":2,"ddi_violations":0,
            "threads_leaked":0,"handles_leaked":0}"#;
        let sink = r#"{"frames_decoded":90,"frames_numbered":90,"es_bytes_received":5,"rtp_lost":0,
            "frame_counter_errors":0,"ts_errors":0}"#;
        let judge = |source: &str, sink: &str, rate| {
            judge(&source.parse().unwrap(), &sink.parse().unwrap(), rate)
        };
        assert!(judge(source, sink, 30).is_ok());
        assert!(judge(source, sink, 120).is_err());
        let received = |bytes: &str| sink.replace("received\":5", bytes);
        assert!(judge(source, &received("received\":7"), 30).is_ok());
        assert!(judge(source, &received("received\":8"), 30).is_err());
        assert!(judge(source, &received("received\":4"), 30).is_err());
        assert!(
            judge(
                &source.replace("violations\":0", "violations\":1"),
                sink,
                30
            )
            .is_err()
        );
        assert!(judge(source, &sink.replace("decoded\":90", "decoded\":89"), 30).is_err());
        assert!(judge(source, &sink.replace("numbered\":90", "numbered\":89"), 30).is_err());
        assert!(judge(source, &sink.replace("rtp_lost\":0", "rtp_lost\":1"), 30).is_err());
    }
}
