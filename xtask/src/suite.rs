//! The programs of the package `miracast-suite`: how they are built, found and run.
//!
//! A verb declares the program's options so that the help text needs no build, and a wrong option
//! is refused before a build of minutes.

use core::fmt::Display;
use core::num::NonZeroU16;
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, bail, ensure};

/// One program of the suite.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Program {
    Demo,
    Cast,
    Sink,
    Sim,
    Stress,
    Soak,
    /// Sessions with faults. Not of the suite: it is built far sooner.
    Seeds,
    /// A stream during which the clock jumps. Of the same package.
    Leap,
    /// Plays recorded sinks. Not of the suite: it needs none of the emulators, nor their minutes.
    Field,
    /// Measures. Not of the suite either, and built by a profile of its own.
    Bench,
    /// Prints the C header. Not of the suite either.
    Header,
    /// Prints the tables of docs/.
    Docs,
    /// Judges a capture. Not of the suite: what it links was written elsewhere.
    Conformance,
}

impl Program {
    /// The name of its binary target.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Cast => "cast",
            Self::Sink => "sink",
            Self::Sim => "sim",
            Self::Stress => "stress",
            Self::Soak => "soak",
            Self::Seeds => "miracast-sim",
            Self::Leap => "miracast-leap",
            Self::Field => "miracast-field",
            Self::Bench => "miracast-bench",
            Self::Header => "miracast-header",
            Self::Docs => "miracast-docs",
            Self::Conformance => "miracast-conformance",
        }
    }

    /// The package that it is in.
    pub(crate) const fn package(self) -> &'static str {
        match self {
            Self::Demo | Self::Cast | Self::Sink | Self::Sim | Self::Stress | Self::Soak => {
                "miracast-suite"
            }
            Self::Seeds | Self::Leap => "miracast-sim",
            Self::Field => "miracast-field",
            Self::Bench => "miracast-bench",
            Self::Header => "miracast-header",
            Self::Docs => "miracast-docs",
            Self::Conformance => "miracast-conformance",
        }
    }

    /// The profile that it is built by.
    const fn profile(self) -> &'static str {
        match self {
            // Our crates as the DLL has them.
            Self::Bench => "measured",
            _ => "release",
        }
    }
}

/// The project's directory: the one above this package.
pub(crate) fn project_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The cargo that runs us, so that a toolchain chosen on the command line stays chosen.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env("CARGO_TERM_COLOR", "never");
    command.current_dir(project_root());
    command
}

/// Builds `program` optimised. Its standard output is for [`executable`].
pub(crate) fn build_command(program: Program) -> Command {
    let mut command = cargo();
    command.args([
        "build",
        "--profile",
        program.profile(),
        "--package",
        program.package(),
        "--bin",
        program.name(),
    ]);
    // The place of a program depends on environment and configuration: cargo itself says it.
    command.arg("--message-format=json-render-diagnostics");
    command
}

/// Where cargo put the program, from what [`build_command`] printed.
///
/// # Errors
/// If cargo named no executable.
pub(crate) fn executable(messages: &str) -> anyhow::Result<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back()
        .context("cargo built no executable")
}

/// The options of a program as words of its command line.
#[derive(Debug, Default)]
pub(crate) struct Options(Vec<OsString>);

impl Options {
    /// `--name value`, if there is a value.
    #[must_use]
    pub(crate) fn option(mut self, name: &str, value: Option<impl Display>) -> Self {
        if let Some(value) = value {
            self.0
                .extend([format!("--{name}").into(), value.to_string().into()]);
        }
        self
    }

    /// `--name path`, if there is a path.
    #[must_use]
    pub(crate) fn path(mut self, name: &str, path: Option<PathBuf>) -> Self {
        if let Some(path) = path {
            self.0.extend([format!("--{name}").into(), path.into()]);
        }
        self
    }

    /// The words.
    pub(crate) fn words(&self) -> &[OsString] {
        &self.0
    }
}

/// Accepts a mode that is written as the programs read it, `1280x720p30`; they parse it.
///
/// # Errors
/// If it is not written so.
pub(crate) fn mode(text: &str) -> Result<String, &'static str> {
    let numbers = text
        .split_once('x')
        .and_then(|(width, rest)| Some((width, rest.split_once('p')?)));
    let good = numbers.is_some_and(|(width, (height, rate))| {
        [width, height, rate]
            .iter()
            .all(|number| number.parse::<NonZeroU16>().is_ok())
    });
    if good {
        Ok(text.to_owned())
    } else {
        Err("a mode is written like 1280x720p30")
    }
}

/// Accepts a mode or `auto`.
///
/// # Errors
/// If it is neither.
pub(crate) fn mode_or_auto(text: &str) -> Result<String, &'static str> {
    if text == "auto" {
        Ok(text.to_owned())
    } else {
        mode(text)
    }
}

/// Builds `program` and returns where it is.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn build(program: Program) -> anyhow::Result<PathBuf> {
    let build = build_command(program)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo")?;
    ensure!(
        build.status.success(),
        "{} was not built: {}",
        program.name(),
        build.status
    );
    executable(&String::from_utf8_lossy(&build.stdout))
}

/// Builds `program`, runs it with `options`, and returns its exit code.
///
/// # Errors
/// If it cannot be built or started, or was ended by a signal.
pub(crate) fn run(program: Program, options: &Options) -> anyhow::Result<ExitCode> {
    let path = build(program)?;
    run_command(program, Command::new(path).args(options.words()))
}

/// Runs a built `program` by `command`, and returns its exit code.
///
/// # Errors
/// If it cannot be started, or was ended by a signal.
pub(crate) fn run_command(program: Program, command: &mut Command) -> anyhow::Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let Some(code) = status.code() else {
        bail!("{} was ended: {status}", program.name())
    };
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// An address of the loopback interface that nobody listens on.
///
/// # Errors
/// If there is none.
pub(crate) fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_without_a_value_are_left_out() {
        let options = Options::default()
            .option("seconds", Some(5))
            .option("mode", None::<&str>)
            .path("out", Some("here".into()))
            .path("json", None);
        assert_eq!(options.0, ["--seconds", "5", "--out", "here"]);
    }

    #[test]
    fn what_is_no_mode_is_refused() {
        assert!(mode("1280x720p30").is_ok());
        for text in [
            "",
            "auto",
            "1280x720",
            "1280x720i30",
            "0x720p30",
            "70000x1p1",
            "axbpc",
        ] {
            assert!(mode(text).is_err(), "{text}");
        }
        assert!(mode_or_auto("auto").is_ok());
        assert!(mode_or_auto("best").is_err());
    }

    #[test]
    fn the_executable_is_the_one_that_cargo_names() {
        let messages = concat!(
            "{\"reason\":\"compiler-artifact\",\"executable\":null}\n",
            "{\"reason\":\"compiler-artifact\",\"executable\":\"/t/release/demo\"}\n",
            "{\"reason\":\"build-finished\",\"success\":true}\n",
        );
        assert_eq!(executable(messages).unwrap(), Path::new("/t/release/demo"));
        assert!(executable("{\"reason\":\"build-finished\"}\nnot json\n").is_err());
    }
}
