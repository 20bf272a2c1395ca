//! The programs of the suite as Windows programs that load the DLL as it ships. Elsewhere than on
//! Windows they are cross-built, and Wine runs them.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context as _;

use crate::apt;
use crate::build::{self, Arch};
use crate::runner::{BUILD_LIMIT, Runner};
use crate::suite::{self, Options, Program, executable};
use crate::wine::{self, windows_cargo, wine};

/// The Debian packages without which nothing of this can be built and run there.
pub(crate) const PACKAGES: &[&str] = &[
    "cargo-web",
    "g++-mingw-w64-x86-64",
    "gcc-mingw-w64-x86-64",
    "lld-19",
    "llvm-19",
    "nasm",
    "rust-web-src",
    "rustc-web",
    "wine64",
];

/// A program, and the DLL that it loads.
#[derive(Debug)]
pub(crate) struct WindowsHost {
    program: PathBuf,
    /// The driver.
    pub(crate) dll: PathBuf,
}

impl WindowsHost {
    /// Builds both.
    ///
    /// # Errors
    /// If a build fails.
    pub(crate) fn build(runner: &mut Runner, program: Program) -> anyhow::Result<Self> {
        let arch = if cfg!(all(windows, target_arch = "aarch64")) {
            Arch::Arm64
        } else {
            Arch::X64
        };
        let dll = build::dll(runner, arch)?;
        let built = runner.run(&mut build_command(program), BUILD_LIMIT)?;
        let program = executable(&built.stdout)?;
        if !cfg!(windows) {
            wine::prepare(program.parent().context("a file without a directory")?)?;
        }
        Ok(Self { program, dll })
    }

    /// The program's command line, up to the DLL.
    pub(crate) fn command(&self) -> Command {
        self.command_with(&self.dll)
    }

    /// The same with another DLL.
    pub(crate) fn command_with(&self, dll: &Path) -> Command {
        let mut command = if cfg!(windows) {
            Command::new(&self.program)
        } else {
            wine(&self.program)
        };
        command.arg("--driver").arg(dll);
        command
    }
}

/// Under Wine the profile is the one of the tests: `std`, which has to be built as well, is there
/// already, and the profile is made for an encoder that keeps up.
fn build_command(program: Program) -> Command {
    if cfg!(windows) {
        return suite::build_command(program);
    }
    let mut command = windows_cargo("build");
    command.args(["--package", program.package(), "--bin", program.name()]);
    command.arg("--message-format=json-render-diagnostics");
    command
}

/// Builds `program` and the DLL, runs it with `options`, and returns its exit code.
///
/// # Errors
/// If something is missing on this machine, a build fails, or the program cannot be started.
pub(crate) fn run(program: Program, options: &Options) -> anyhow::Result<ExitCode> {
    let mut runner = Runner::open("windows-host")?;
    if !cfg!(windows) {
        apt::install(PACKAGES, &mut runner)?;
    }
    eprintln!("building the driver and its host for Windows");
    let host = WindowsHost::build(&mut runner, program).inspect_err(|_| runner.print_tail())?;
    suite::run_command(program, host.command().args(options.words()))
}
