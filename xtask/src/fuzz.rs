//! `cargo xtask fuzz`: libFuzzer with the targets of tests/fuzz.
//!
//! The flags are those of cargo-fuzz, without its sanitizers, which want a nightly compiler: what is
//! looked for are panics, overflows, endless work and what the targets themselves assert. Most of what is
//! fuzzed is safe code: not kmd-iface's ring, nor the driver's entry points.

mod account;
mod watched;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail, ensure};
use clap::ValueEnum as _;

use crate::slices::Slice;
use crate::suite::{cargo, executable, project_root};
use watched::Watched;

/// Feed a target of tests/fuzz with what libFuzzer makes of its corpus
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What is fed; without it the time is printed that each target has had, by docs/FUZZING.md
    #[arg(value_enum)]
    target: Option<Target>,
    /// How long, by the clock on the wall
    #[arg(long, value_name = "N", default_value_t = 1)]
    minutes: u64,
    /// Add a line with the result to this file
    #[arg(
        long,
        value_name = "FILE",
        requires = "target",
        conflicts_with = "replay"
    )]
    log: Option<PathBuf>,
    /// Feed this one file instead: what a failure has left behind
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "minutes",
        requires = "target"
    )]
    replay: Option<PathBuf>,
}

/// The targets, each a program of tests/fuzz/libfuzzer.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Target {
    /// Chunk records and the ring, through to the datagrams.
    Chunks,
    /// Calls of the driver interface, and what the world does between them.
    Ddi,
    /// What the sink says of its display, through to the choice of the mode.
    Edid,
    /// The entry points, with several contexts and their workers.
    Entry,
    /// The codec between driver and miniport.
    Escape,
    /// The sink's reports and the rate control.
    Rtcp,
    /// The control plane as a list of operations.
    Session,
    /// The user input back channel.
    Uibc,
}

/// Instrumentation of every branch and comparison; on the stable compiler, too.
const COVERAGE: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// Longest input in bytes: some of the longest messages.
const INPUT_MAX: u32 = 16 * 1024;

impl Target {
    /// All targets.
    pub(crate) fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// Its name, that of its program and of its directory in the corpus.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Where `cargo xtask fuzz` keeps what it has found worth keeping, and what has failed.
    fn directory(self) -> PathBuf {
        project_root().join("target/fuzz").join(self.name())
    }

    /// The command that writes the seeds into `corpus`.
    pub(crate) fn seed_command(self, corpus: &Path) -> Command {
        let mut command = cargo();
        command.args(["run", "--quiet", "--package", "miracast-fuzz", "--"]);
        command.arg(self.name()).arg(corpus);
        command
    }

    /// The command that builds the program. Its standard output is for [`executable`].
    pub(crate) fn build_command(self) -> Command {
        let mut command = cargo();
        command.args([
            "build",
            "--release",
            "--locked",
            "--message-format=json-render-diagnostics",
        ]);
        command.args(["--manifest-path", "tests/fuzz/libfuzzer/Cargo.toml"]);
        command.args(["--target-dir", "target/fuzz/build", "--bin", &self.name()]);
        // With a target named, build scripts are not instrumented.
        command.args(["--target", &host()]);
        command.env("RUSTFLAGS", COVERAGE.join(" "));
        command
    }

    /// The command that fuzzes with a built program. What fails is left in `failed`, which exists.
    pub(crate) fn command(program: PathBuf, failed: &Path) -> Command {
        let mut prefix = OsString::from("-artifact_prefix=");
        prefix.push(failed);
        prefix.push("/");
        let mut command = Command::new(program);
        command.current_dir(project_root());
        command.arg(prefix).arg(format!("-max_len={INPUT_MAX}"));
        command
    }

    /// Adds the corpora: `growing`, where the fuzzer keeps what it has found worth keeping, and the one
    /// that is checked in.
    pub(crate) fn corpora(self, command: &mut Command, growing: &Path) {
        command.arg(growing);
        command.arg(project_root().join("tests/fuzz/corpus").join(self.name()));
    }
}

/// The triple of this machine.
fn host() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

impl Args {
    /// Builds and runs the fuzzer.
    ///
    /// # Errors
    /// If it cannot be built or run, this is not Linux, or the log cannot be read or written.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(target) = self.target else {
            print!("{}", account::read(&project_root().join(account::LOG))?);
            return Ok(ExitCode::SUCCESS);
        };
        ensure!(
            cfg!(target_os = "linux"),
            "libFuzzer is built on Linux only"
        );
        let slice = self.log.clone().map(Slice::begin).transpose()?;
        let build = target.build_command().output().context("cargo")?;
        if !build.status.success() {
            bail!("{}", String::from_utf8_lossy(&build.stderr));
        }
        let program = executable(&String::from_utf8_lossy(&build.stdout))?;
        let directory = target.directory();
        fs::create_dir_all(&directory)?;
        let mut command = Target::command(program.clone(), &directory);
        if let Some(file) = &self.replay {
            command.arg(file);
        } else {
            let corpus = directory.join("corpus");
            let seeded = target.seed_command(&corpus).status().context("cargo")?;
            ensure!(seeded.success(), "the seeds were not written: {seeded}");
            command.arg(format!("-max_total_time={}", self.minutes * 60));
            target.corpora(&mut command, &corpus);
        }
        let mut watched = Watched::run(&mut command)?;
        let replay = |file: &str| {
            let mut again = Target::command(program.clone(), &directory);
            Ok(Watched::run(again.arg(directory.join(file)))?.ticks)
        };
        for harmless in watched.judge_slow(replay)? {
            fs::remove_file(directory.join(harmless))?;
        }
        if let (Some(slice), Some(document)) = (slice, self.log) {
            let columns = watched.columns(&target.name());
            slice.log(&columns.each_ref().map(String::as_str))?;
            print!("{}", account::read(&document)?);
        }
        if watched.is_clean() {
            return Ok(ExitCode::SUCCESS);
        }
        let name = target.name();
        eprintln!(
            "replay with: cargo xtask fuzz {name} --replay FILE (in {}); when it is mended, keep the file in \
             tests/fuzz/corpus/{name}",
            directory.display()
        );
        Ok(ExitCode::FAILURE)
    }
}
