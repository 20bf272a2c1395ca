//! The DLL driven by a host written in C (tests/abi): two compilers and two typings of the driver
//! interface must come to the same bytes.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use super::Check;
use crate::build::{self, Arch};
use crate::runner::{Printed, Runner, TOOL_LIMIT};
use crate::suite::project_root;
use crate::wine::{CC, wine};

mod probe;
mod spoils;

/// Those of the DLL's build, the C compiler, and Wine.
const PACKAGES: &[&str] = &[
    "cargo-web",
    "gcc-mingw-w64-x86-64",
    "lld-19",
    "llvm-19",
    "rust-web-src",
    "rustc-web",
    "wine64",
];

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "abi",
        needs: PACKAGES,
        after: &[],
        run,
    },
    Check {
        name: "abi-probe",
        needs: PACKAGES,
        after: &[],
        run: probe::run,
    },
];

/// A thousand cycles of loading and unloading, and a timeout of 30 s, are most of it.
const HOST_LIMIT: Duration = Duration::from_mins(10);

/// The lines of a process of its own, in which the DLL stays.
const HANG: [&str; 2] = ["ok load", "ok hang"];

/// The name of the DLL beside the host.
const DLL: &str = "miracast_umd.dll";

/// What every file of the host includes: nearly all of the compiler's work, so it is done once.
const PREFIX_HEADER: &str = "windows_headers.h";

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = stage(runner)?;
    let sources = sources(&place())?;
    let program = compile(runner, &sources, &directory)?;
    let printed = host(runner, &program, &[])?;
    let passed = judge(&printed.stdout)?;
    ensure!(printed.status.success(), "the host: {}", printed.status);
    let printed = host(runner, &program, &["--hang"])?;
    ensure!(
        lines(&printed.stdout).eq(HANG) && printed.status.success(),
        "the host with a callback that hangs: {:?}, {}",
        lines(&printed.stdout).last(),
        printed.status
    );
    Ok(format!(
        "{passed} checks of the host in C pass, and the one with a callback that hangs"
    ))
}

/// An empty directory with the DLL and the precompiled header in it.
fn stage(runner: &mut Runner) -> anyhow::Result<PathBuf> {
    let dll = build::dll(runner, Arch::X64)?;
    let directory = runner.scratch()?;
    fs::copy(dll, directory.join(DLL))?;
    let header = directory.join(PREFIX_HEADER);
    fs::copy(place().join(PREFIX_HEADER), &header)?;
    runner.run(compiler().args(["-x", "c-header"]).arg(header), TOOL_LIMIT)?;
    Ok(directory)
}

fn place() -> PathBuf {
    project_root().join("tests/abi")
}

/// The C files in a directory.
fn sources(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn compiler() -> Command {
    let mut command = Command::new(CC);
    // Windows 10, for declarations that mingw's headers otherwise keep back.
    command.args(["-std=c11", "-O1", "-D_WIN32_WINNT=0x0A00"]);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    for headers in ["kmd-iface/include", "tests/miniport-c/include"] {
        command.arg("-I").arg(project_root().join(headers));
    }
    command
}

/// Builds the host, of `sources` and the model of a miniport, into `directory`.
fn compile(runner: &mut Runner, host: &[PathBuf], directory: &Path) -> anyhow::Result<PathBuf> {
    let program = directory.join("abi-host.exe");
    let model = sources(&project_root().join("tests/miniport-c/model"))?;
    let mut command = compiler();
    command.arg("-include").arg(directory.join(PREFIX_HEADER));
    command.args(host).args(model).arg("-o").arg(&program);
    runner.run(command.args(["-lws2_32", "-lntdll"]), TOOL_LIMIT)?;
    Ok(program)
}

/// Runs the host with the DLL beside it.
fn host(runner: &mut Runner, program: &Path, arguments: &[&str]) -> anyhow::Result<Printed> {
    let directory = program.parent().context("a file without a directory")?;
    let mut command = wine(program);
    command.current_dir(directory).arg(DLL).args(arguments);
    runner.finish(&mut command, HOST_LIMIT)
}

/// How many checks passed.
///
/// # Errors
/// The lines of those that did not, or if the lines are not those of a whole run.
fn judge(stdout: &str) -> anyhow::Result<usize> {
    let mut failed = lines(stdout).filter(|line| !line.starts_with("ok "));
    if let Some(first) = failed.next() {
        bail!("{first}, and {} more", failed.count());
    }
    let passed = lines(stdout).count();
    let ends = [lines(stdout).next(), lines(stdout).last()];
    ensure!(
        ends == [Some("ok load"), Some("ok unload")] && passed > 2,
        "the host ran {passed} checks, {ends:?}"
    );
    Ok(passed)
}

fn lines(stdout: &str) -> impl Iterator<Item = &str> {
    stdout.lines().map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_run_without_a_failure_passes() {
        assert_eq!(judge("ok load\r\nok create\r\nok unload\r\n").unwrap(), 3);
        for bad in [
            "",
            "ok load\nok unload\n",
            "ok load\nok create\n",
            "ok load\nFAILED create: no handle\nok unload\n",
            "ok load\nok create\nok unload\nwine: crashed\n",
        ] {
            assert!(judge(bad).is_err(), "{bad:?}");
        }
    }
}
