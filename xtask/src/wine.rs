//! Programs for Windows on a machine that is not Windows: Debian's Rust and mingw-w64 build them,
//! Wine runs them.
//!
//! What it is not: the way to build the DLL that ships, which has neither `std` nor a C runtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::debian_rust::debian_cargo_std;
use crate::suite::project_root;

/// The Debian packages behind all of this module.
pub(crate) const PACKAGES: &[&str] = &[
    "cargo-web",
    "g++-mingw-w64-x86-64",
    "gcc-mingw-w64-x86-64",
    "rust-web-src",
    "rustc-web",
    "wine64",
];

/// What the programs are built for: std's one x64 Windows target that links without Microsoft's
/// linker and libraries.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

/// The C compiler for [`TARGET`].
pub(crate) const CC: &str = "x86_64-w64-mingw32-gcc";

/// The DLLs of mingw-w64 that a program may want: the unwinder, C++ (OpenH264), and its threads.
const RUNTIME: [&str; 3] = [
    "libgcc_s_seh-1.dll",
    "libstdc++-6.dll",
    "libwinpthread-1.dll",
];

const WINE: &str = "/usr/lib/wine/wine64";
const WINE_SERVER: &str = "/usr/lib/wine/wineserver64";

/// `cargo VERB` that builds `std` programs for Windows; warnings are errors. What it builds is run by
/// [`wine`], once [`prepare`] has seen its directory.
pub(crate) fn windows_cargo(verb: &str) -> Command {
    let mut command = debian_cargo_std(verb, TARGET);
    command.env("RUSTFLAGS", "-D warnings");
    command
}

/// Puts the DLLs that programs of [`windows_cargo`] want, and that Wine does not have, into
/// `directory`, where the program is.
///
/// # Errors
/// If mingw-w64 is not there, or the directory cannot be written.
pub(crate) fn prepare(directory: &Path) -> anyhow::Result<()> {
    let source = project_root().join("tests/standin/bcryptprimitives.c");
    let mut compile = Command::new(CC);
    compile.args(["-shared", "-O2", "-o"]);
    compile.arg(directory.join("bcryptprimitives.dll"));
    output(compile.arg(source).arg("-ladvapi32"))?;
    for name in RUNTIME {
        let from = output(Command::new(CC).arg(format!("-print-file-name={name}")))?;
        let from = from.trim_end();
        fs::copy(from, directory.join(name)).with_context(|| format!("{name} at {from}"))?;
    }
    Ok(())
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().display().to_string();
    let output = command.output().with_context(|| name.clone())?;
    ensure!(
        output.status.success(),
        "{name}: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `program` under Wine, without a display and silent about itself. The first program after a clean
/// waits some ten seconds while Wine sets up its directory, target/wine.
///
/// The process is the program's own: to kill it ends the program.
pub(crate) fn wine(program: &Path) -> Command {
    let mut command = Command::new(WINE);
    command
        .arg(program)
        .env("WINEPREFIX", prefix())
        .env("WINEDEBUG", "-all")
        // Neither the offer to install .NET and a browser, nor entries in the user's menus.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d");
    for display in ["DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(display);
    }
    command
}

/// `command` of [`wine`], on one processor with the server that Wine starts for it. That has a part in each send
/// and receive, and on another processor it has to be woken for each: some 100 µs, which are 20 on one. A server
/// that runs already stays where it is: [`stop`] it before.
pub(crate) fn beside_its_server(command: &Command) -> Command {
    let mut together = Command::new("taskset");
    together.args(["--cpu-list", "0"]);
    together.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => together.env(name, value),
            None => together.env_remove(name),
        };
    }
    together
}

/// Ends everything that still runs under Wine in this project, for the end of a run.
pub(crate) fn stop() {
    if prefix().is_dir() {
        // It fails if nothing runs any more, or if there is no Wine: both are well.
        let _ = Command::new(WINE_SERVER)
            .arg("-k")
            .env("WINEPREFIX", prefix())
            .output();
    }
}

fn prefix() -> PathBuf {
    project_root().join("target/wine")
}
