//! `cargo xtask bench`: the driver beside libavformat, GStreamer, and floors that cannot be beaten.
//!
//! Here is what must be there before anything can be measured: packages, recorded streams, the
//! programs that drive the libraries of others. What is measured, and how, is in `tests/bench`.

mod peers;
mod streams;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::apt;
use crate::build;
use crate::runner::Runner;
use crate::suite::{self, Options, Program, project_root};

/// Debian packages of the peers and of what measures them.
const PACKAGES: [&str; 11] = [
    "ffmpeg",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "libavcodec-dev",
    "libavformat-dev",
    "libavutil-dev",
    "libgstreamer-plugins-base1.0-dev",
    "libgstreamer1.0-dev",
    "pkg-config",
    "valgrind",
];

/// What is written down of the counts that are the same on every machine.
const EXPECTED: &str = "tests/bench/expected.json";

/// Measure the driver beside others; writes target/bench/report.html
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the benches whose names begin so
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The figures for programs
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Passes of each contestant
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: Option<u32>,
    /// Only the counts that are the same on every machine, against those that are written down
    #[arg(long, conflicts_with_all = ["names", "json", "rounds", "write_docs"])]
    check: bool,
    /// Write the figures to docs/PERFORMANCE.md, too
    #[arg(long, conflicts_with = "names")]
    write_docs: bool,
}

impl Args {
    /// Runs the benches.
    ///
    /// # Errors
    /// Something is missing that cannot be installed, recorded or compiled.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut runner = Runner::open("bench")?;
        let place = place()?;
        if self.check {
            apt::install(&["valgrind"], &mut runner)?;
            return suite::run_command(Program::Bench, &mut check(&mut runner, &place)?);
        }
        apt::install(&PACKAGES, &mut runner)?;
        peers::compile(&place, &mut runner)?;
        let program = runner.build(Program::Bench)?;
        streams::record(&place, &program, &mut runner)?;
        let docs = self
            .write_docs
            .then(|| project_root().join("docs/PERFORMANCE.md"));
        let dll = self.wants("size").then(|| build_dll(&mut runner));
        let options = Options::default()
            .path("place", Some(place.clone()))
            .path("dll", dll.transpose()?)
            .path("report", Some(place.join("report.html")))
            .path("json", self.json)
            .path("docs", docs)
            .option("rounds", self.rounds);
        let mut command = Command::new(program);
        command
            .arg("run")
            .args(options.words())
            .arg("--")
            .args(self.names);
        suite::run_command(Program::Bench, &mut command)
    }

    fn wants(&self, bench: &str) -> bool {
        let names = &self.names;
        names.is_empty() || names.iter().any(|name| bench.starts_with(name.as_str()))
    }
}

fn build_dll(runner: &mut Runner) -> anyhow::Result<PathBuf> {
    apt::install(build::cross::PACKAGES, runner)?;
    build::dll(runner, build::Arch::X64)
}

/// The command that holds the exact counts against those that are written down.
///
/// # Errors
/// The program cannot be built.
pub(crate) fn check(runner: &mut Runner, place: &Path) -> anyhow::Result<Command> {
    peers::compile_counter(place, runner)?;
    let mut command = Command::new(runner.build(Program::Bench)?);
    command
        .args(["check", "--expected"])
        .arg(project_root().join(EXPECTED))
        .arg("--place")
        .arg(place);
    Ok(command)
}

/// Where the streams, the programs and the report are.
///
/// # Errors
/// It cannot be made.
pub(crate) fn place() -> anyhow::Result<PathBuf> {
    let place = project_root().join("target/bench");
    fs::create_dir_all(place.join("peers"))?;
    Ok(place)
}
