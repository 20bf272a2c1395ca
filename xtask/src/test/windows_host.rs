//! Whole sessions of the DLL as it ships, in a Windows program under Wine: alone with the emulated
//! sink, and against a sink that runs on this system.
//!
//! Of time only that is judged here which the contract itself limits. Allocations are not counted:
//! a DLL cannot call the allocator of the program, and what it imports is another check.

use core::time::Duration;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::runner::Runner;
use super::summary::Summary;
use super::{demo, two_process};
use crate::demo::WINDOWS_OUT;
use crate::suite::{Program, project_root};
use crate::windows_host::{PACKAGES, WindowsHost};

pub(crate) const CHECKS: [Check; 6] = [
    Check {
        name: "demo-windows",
        needs: PACKAGES,
        after: &[],
        run: |runner| demo::judge(&record(runner, &[])?),
    },
    Check {
        name: "demo-windows-4-slices",
        needs: PACKAGES,
        after: &[],
        run: |runner| demo::judge(&record(runner, &["--slices", "4"])?),
    },
    Check {
        name: "demo-windows-hevc",
        needs: WITH_FFMPEG,
        after: &[],
        run: |runner| {
            let options = demo::hevc(runner)?;
            let summary = record(runner, &options.each_ref().map(String::as_str))?;
            demo::judge_undecoded(&summary)
        },
    },
    Check {
        name: "demo-windows-aac",
        needs: WITH_FFMPEG,
        after: &[],
        run: |runner| record_coded(runner, "aac"),
    },
    Check {
        name: "demo-windows-ac3",
        needs: WITH_FFMPEG,
        after: &[],
        run: |runner| record_coded(runner, "ac3"),
    },
    Check {
        name: "cast-windows",
        needs: WITH_FFMPEG,
        after: &[],
        run: cast,
    },
];

/// [`PACKAGES`], and what makes a stream or looks at it.
const WITH_FFMPEG: &[&str] = &[
    "cargo-web",
    "ffmpeg",
    "g++-mingw-w64-x86-64",
    "gcc-mingw-w64-x86-64",
    "lld-19",
    "llvm-19",
    "nasm",
    "rust-web-src",
    "rustc-web",
    "wine64",
];

/// The first program under Wine waits for Wine's own setup.
const LIMIT: Duration = Duration::from_mins(3);

fn record_coded(runner: &mut Runner, sound: &str) -> anyhow::Result<String> {
    let options = demo::coded(sound)?;
    demo::judge(&record(runner, &options.each_ref().map(String::as_str))?)
}

/// A session of the DLL, which itself ends with an error if something does not hold.
fn record(runner: &mut Runner, options: &[&str]) -> anyhow::Result<Summary> {
    let out = project_root().join(WINDOWS_OUT);
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| out.display().to_string())?;
    }
    let host = WindowsHost::build(runner, Program::Demo)?;
    let mut command = host.command();
    command
        .current_dir(project_root())
        .args(["--out", WINDOWS_OUT, "--seconds", demo::SECONDS])
        .args(options);
    runner.run(&mut command, LIMIT)?;
    let summary = Summary::read(&out.join("summary.json"))?;
    judge_driver(&summary, &host.dll)?;
    Ok(summary)
}

/// The DLL under Wine casts to a sink that is another process and another operating system's
/// program.
fn cast(runner: &mut Runner) -> anyhow::Result<String> {
    let host = WindowsHost::build(runner, Program::Cast)?;
    let sink = runner.build(Program::Sink)?;
    let directory = runner.scratch()?;
    let runs = [((640, 480, 60), 1), ((1280, 720, 30), 4)];
    for (mode, slices) in runs {
        let (width, height, rate) = mode;
        let name = format!("{width}x{height}p{rate}-{slices}");
        let ends = [host.command(), Command::new(&sink)];
        let sent = two_process::session(runner, ends, mode, slices, &directory.join(&name))
            .context(name)?;
        judge_driver(&sent, &host.dll)?;
    }
    Ok(format!(
        "{} sessions with a sink on this system",
        runs.len()
    ))
}

/// That it was the DLL that cast, and that nothing is said of what was not measured.
fn judge_driver(summary: &Summary, dll: &Path) -> anyhow::Result<()> {
    let driver = summary.text("driver")?;
    ensure!(Path::new(driver) == dll, "the driver was {driver}");
    summary.want_null("account")?;
    summary.want_null("driver_allocations")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_that_is_not_the_dll_is_seen() {
        let judge = |text: &str| judge_driver(&text.parse().unwrap(), Path::new("/d.dll"));
        assert!(judge(r#"{"driver":"/d.dll","account":null,"driver_allocations":null}"#).is_ok());
        assert!(judge(r#"{"driver":null,"account":null,"driver_allocations":null}"#).is_err());
        assert!(judge(r#"{"driver":"/e.dll","account":null,"driver_allocations":null}"#).is_err());
        assert!(judge(r#"{"driver":"/d.dll","account":null,"driver_allocations":0}"#).is_err());
        assert!(judge(r#"{"driver":"/d.dll","account":{},"driver_allocations":null}"#).is_err());
    }

    #[test]
    fn with_ffmpeg_there_is_all_that_a_host_needs() {
        assert!(PACKAGES.iter().all(|package| WITH_FFMPEG.contains(package)));
    }
}
