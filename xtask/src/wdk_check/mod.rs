//! `cargo xtask wdk-check`: the driver as it is built through the Windows Driver Kit, type-checked
//! on a machine that has neither Windows nor the kit.
//!
//! The kit's crates, the driver's build script and its compile-time assertions all run, against a
//! directory of the kit's shape ([`shape`]) and on a host that passes for a Windows ([`rustc`]).
//! What it is not: a build through the kit. What the real headers say, only they can tell.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, ensure};

use crate::apt;
use crate::debian_rust::debian_cargo;
use crate::runner::Runner;
use crate::suite::project_root;

pub(crate) mod rustc;
pub(crate) mod shape;

pub(crate) use rustc::ROLE;

/// What there is of the kit's targets.
pub(crate) const TARGETS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"];

/// The Debian packages behind [`command`]: Wine's headers, bindgen's libclang, and for the C file of
/// wdk-sys a compiler and a librarian.
pub(crate) const PACKAGES: &[&str] = &[
    "cargo-web",
    "clang-tools-19",
    "libclang-19-dev",
    "libwine-dev",
    "llvm-19",
    "rust-web-src",
    "rustc-web",
];

/// Type-check the build through the Windows Driver Kit, without the kit
#[derive(clap::Args)]
pub(crate) struct Args {}

impl Args {
    /// Checks for each target.
    ///
    /// # Errors
    /// If a tool is not there, or the driver does not fit.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let Self {} = self;
        apt::install(PACKAGES, &mut Runner::open("wdk-check")?)?;
        shape::make()?;
        for target in TARGETS {
            let status = command(&project_root(), target)?.status();
            ensure!(
                status.context("cargo")?.success(),
                "{target}: the driver does not fit"
            );
        }
        println!("it fits; what the real kit says is not checked here");
        Ok(ExitCode::SUCCESS)
    }
}

/// The type check of the driver in the workspace at `directory`, for one target. It wants
/// [`shape::make`] first.
///
/// # Errors
/// If this program does not know its own path.
pub(crate) fn command(directory: &Path, target: &str) -> anyhow::Result<Command> {
    let mut command = debian_cargo("check", target);
    command
        .args(["--package", "miracast-umd"])
        .current_dir(directory);
    // Inside of the workspace, because wdk-build looks upwards from there for the lock file.
    command.env("CARGO_TARGET_DIR", project_root().join("target/wdk-check"));
    command
        .env("RUSTC_WRAPPER", env::current_exe()?)
        .env(ROLE, "1");
    command.env("WDKContentRoot", shape::root());
    command.env("Version_Number", shape::VERSION);
    command.env("LIBCLANG_PATH", "/usr/lib/llvm-19/lib");
    let underscored = target.replace('-', "_");
    command.env(format!("CC_{underscored}"), "clang-cl-19");
    command.env(format!("AR_{underscored}"), "llvm-lib-19");
    // Wine's headers do it on purpose.
    command.env(format!("CFLAGS_{underscored}"), "-Wno-pragma-pack");
    command.env("RUSTFLAGS", "-D warnings");
    // The workspace optimises its dependencies for its tests; for a type check that is time lost.
    command.args(["--config", "profile.dev.package.'*'.opt-level=0"]);
    Ok(command)
}

/// Compiles in the place of rustc: see [`rustc`].
///
/// # Errors
/// See [`rustc::run`].
pub(crate) fn in_place_of_rustc() -> anyhow::Result<ExitCode> {
    rustc::run(env::args_os().skip(1))
}
