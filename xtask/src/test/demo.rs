//! Runs the demo and reads its counters. The recordings that it leaves are what the analysers look
//! at.

use core::time::Duration;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::recording::{NAMES, Recording};
use super::runner::Runner;
use super::summary::Summary;
use crate::clips;
use crate::suite::{Program, project_root};
use crate::tone;

/// The demo as `cargo xtask demo` runs it, where the driver supplies access unit delimiters and parameter
/// sets; then with an encoder that supplies them; then with slices, whose pictures the driver begins
/// to send before it knows how long they are; then with a file of H.265. These have LPCM; then sound that
/// is coded.
pub(crate) const CHECKS: [Check; 6] = [
    check(NAMES[0], |runner| {
        record_desktop(runner, NAMES[0], &["--bad-link", "yes"])
    }),
    check(NAMES[1], |runner| {
        record_desktop(runner, NAMES[1], &["--encoder-headers", "yes"])
    }),
    check(NAMES[2], |runner| {
        let options = ["--slices", "4", "--mode", "1280x720p60"];
        record_desktop(runner, NAMES[2], &options)
    }),
    Check {
        needs: &["ffmpeg", "nasm"],
        ..check(NAMES[3], record_hevc)
    },
    Check {
        needs: &["nasm", tone::PACKAGE],
        ..check(NAMES[4], |runner| record_coded(runner, NAMES[4], "aac"))
    },
    Check {
        needs: &["nasm", tone::PACKAGE],
        ..check(NAMES[5], |runner| record_coded(runner, NAMES[5], "ac3"))
    },
];

const fn check(name: &'static str, run: fn(&mut Runner) -> anyhow::Result<String>) -> Check {
    Check {
        name,
        needs: &["nasm"],
        after: &[],
        run,
    }
}

/// More than a hundred periods of the 40 ms timer for PSI and PCR, and short enough to run three times.
pub(super) const SECONDS: &str = "5";
/// Start, desktop delay and teardown come on top of [`SECONDS`].
const LIMIT: Duration = Duration::from_mins(2);

/// PCR and PSI come at least every 100 ms (ISO 13818-1 §2.7.2, ETSI TR 101 290 §5.2.1).
const INTERVAL_MS_MAX: f64 = 100.0;

/// Frames that the encoder has handed over when the session stops, but nobody sends any more.
const IN_FLIGHT_MAX: u64 = 2;

fn record_desktop(runner: &mut Runner, name: &str, options: &[&str]) -> anyhow::Result<String> {
    judge_linked(&record(runner, name, options)?)
}

fn record_hevc(runner: &mut Runner) -> anyhow::Result<String> {
    let options = hevc(runner)?;
    let summary = record(runner, NAMES[3], &options.each_ref().map(String::as_str))?;
    summary.want_zero(&["driver_allocations"])?;
    judge_undecoded(&summary)
}

/// The options for a file of H.265.
pub(super) fn hevc(runner: &mut Runner) -> anyhow::Result<[String; 2]> {
    let clip = clips::HEVC.file(runner)?;
    let clip = clip.to_str().context("a path that is no text")?;
    Ok(["--file", clip].map(String::from))
}

/// The options for a sink that plays this coded sound.
pub(super) fn coded(sound: &str) -> anyhow::Result<[String; 4]> {
    let frames = tone::frames(sound)?.context("no frames of it")?;
    let frames = frames.to_str().context("a path that is no text")?;
    Ok(["--sound", sound, "--sound-frames", frames].map(String::from))
}

/// Runs the demo, which itself ends with an error if something does not hold, and keeps its recording.
fn record(runner: &mut Runner, name: &str, options: &[&str]) -> anyhow::Result<Summary> {
    Recording::forget(name)?;
    let demo = runner.build(Program::Demo)?;
    let mut command = Command::new(demo);
    command
        .current_dir(project_root())
        .args(["--seconds", SECONDS])
        .args(options);
    runner.run(&mut command, LIMIT)?;
    Ok(Recording::keep(name)?.summary)
}

fn record_coded(runner: &mut Runner, name: &str, sound: &str) -> anyhow::Result<String> {
    record_desktop(runner, name, &coded(sound)?.each_ref().map(String::as_str))
}

/// As [`judge`], and that the driver, whose allocations are counted in this program, made none.
fn judge_linked(summary: &Summary) -> anyhow::Result<String> {
    summary.want_zero(&["driver_allocations"])?;
    judge(summary)
}

/// Holds the demo's counters against what a session without a fault must have whose pictures are
/// decoded.
pub(super) fn judge(summary: &Summary) -> anyhow::Result<String> {
    summary.want_equal("frames_sent", "frames_decoded")?;
    summary.want_equal("frames_decoded", "frames_numbered")?;
    judge_session(summary)
}

/// The same where the emulated sink has no decoder: whether each picture can be decoded is for the
/// analysers to say.
pub(super) fn judge_undecoded(summary: &Summary) -> anyhow::Result<String> {
    summary.want_null("frames_decoded")?;
    judge_session(summary)
}

/// The same of any session.
fn judge_session(summary: &Summary) -> anyhow::Result<String> {
    summary.want_some(&["frames_sent", "rtp_packets", "es_bytes_sent"])?;
    summary.want_zero(&["frame_counter_errors", "rtp_lost", "ts_errors"])?;
    summary.want_zero(&["ddi_violations", "threads_leaked", "handles_leaked"])?;
    summary.want_equal("es_bytes_sent", "es_bytes_received")?;
    summary.want_true("es_identical")?;
    let (encoded, sent) = (
        summary.count("frames_encoded")?,
        summary.count("frames_sent")?,
    );
    ensure!(
        (sent..=sent + IN_FLIGHT_MAX).contains(&encoded),
        "frames_encoded is {encoded}, frames_sent is {sent}"
    );
    for name in ["pcr_interval_ms_max", "psi_interval_ms_max"] {
        let interval = summary.number(name)?;
        ensure!(
            interval > 0.0 && interval <= INTERVAL_MS_MAX,
            "{name} is {interval}"
        );
    }
    let (p50, p99) = marks(summary, "tail_latency_us")?;
    let (half, most) = marks(summary, "pcr_jitter_us")?;
    Ok(format!(
        "{sent} frames, tail latency p50 {p50} us, p99 {p99} us, PCR jitter p50 {half} us, p99 {most} us"
    ))
}

/// Median and 99 of 100 of a distribution of times that were measured.
fn marks(summary: &Summary, name: &str) -> anyhow::Result<(f64, f64)> {
    let [p50, p99, max] =
        ["p50", "p99", "max"].map(|mark| summary.number(&format!("{name}/{mark}")));
    let (p50, p99, max) = (p50?, p99?, max?);
    ensure!(
        0.0 < p50 && p50 <= p99 && p99 <= max,
        "{name}: {p50}, {p99}, {max}"
    );
    Ok((p50, p99))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"frames_encoded":151,"frames_sent":150,"frames_decoded":150,
        "frames_numbered":150,"frame_counter_errors":0,"es_bytes_sent":9000,"es_bytes_received":9000,
        "es_identical":true,"rtp_packets":60,"rtp_lost":0,"ts_errors":0,
        "pcr_interval_ms_max":41.5,"psi_interval_ms_max":42.0,
        "tail_latency_us":{"p50":90,"p99":400,"max":900},
        "pcr_jitter_us":{"p50":7,"p99":60,"max":75},
        "ddi_violations":0,"driver_allocations":0,"threads_leaked":0,
        "handles_leaked":0,"messages":20}"#;

    #[test]
    fn a_session_without_a_fault_passes() {
        assert!(judge_linked(&GOOD.parse().unwrap()).is_ok());
    }

    #[test]
    fn each_fault_is_found_and_named() {
        let faults = [
            (
                "\"frames_encoded\":151",
                "\"frames_encoded\":153",
                "frames_encoded",
            ),
            (
                "\"frames_decoded\":150",
                "\"frames_decoded\":149",
                "frames_decoded",
            ),
            (
                "\"frames_numbered\":150",
                "\"frames_numbered\":149",
                "frames_numbered",
            ),
            (
                "\"frame_counter_errors\":0",
                "\"frame_counter_errors\":1",
                "frame_counter_errors",
            ),
            (
                "\"es_bytes_received\":9000",
                "\"es_bytes_received\":8999",
                "es_bytes_received",
            ),
            (
                "\"es_identical\":true",
                "\"es_identical\":false",
                "es_identical",
            ),
            ("\"rtp_packets\":60", "\"rtp_packets\":0", "rtp_packets"),
            ("\"rtp_lost\":0", "\"rtp_lost\":3", "rtp_lost"),
            ("\"ts_errors\":0", "\"ts_errors\":1", "ts_errors"),
            ("41.5", "100.1", "pcr_interval_ms_max"),
            ("42.0", "101", "psi_interval_ms_max"),
            ("\"p99\":400", "\"p99\":80", "tail_latency_us"),
            ("\"p50\":7", "\"p50\":0", "pcr_jitter_us"),
            (
                "\"ddi_violations\":0",
                "\"ddi_violations\":1",
                "ddi_violations",
            ),
            (
                "\"driver_allocations\":0",
                "\"driver_allocations\":7",
                "driver_allocations",
            ),
            (
                "\"threads_leaked\":0",
                "\"threads_leaked\":1",
                "threads_leaked",
            ),
            (
                "\"handles_leaked\":0",
                "\"handles_leaked\":1",
                "handles_leaked",
            ),
            ("\"rtp_lost\":0,", "", "no rtp_lost"),
        ];
        for (from, to, named) in faults {
            assert!(GOOD.contains(from), "{from}");
            let error = judge_linked(&GOOD.replace(from, to).parse().unwrap()).unwrap_err();
            assert!(error.to_string().contains(named), "{to}: {error}");
        }
    }
}
