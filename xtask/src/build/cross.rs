//! The driver built on Linux: Debian's Rust with `core` alone, LLVM's linker, no library of
//! Windows.
//!
//! Cargo makes a static library; [`link`] does the rest.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Arch, link};
use crate::debian_rust::debian_cargo;
use crate::runner::{BUILD_LIMIT, Runner};
use crate::suite::project_root;

/// The Debian packages without which it cannot build.
pub(crate) const PACKAGES: &[&str] = &[
    "cargo-web",
    "lld-19",
    "llvm-19",
    "rust-web-src",
    "rustc-web",
];

/// Debian adds it to the names of LLVM's programs.
const LLVM_VERSION: u32 = 19;

/// Builds the DLL and its PDB into `directory`, and returns the DLL's path.
///
/// # Errors
/// If the build fails; a warning is a failure.
pub(crate) fn build(runner: &mut Runner, arch: Arch, directory: &Path) -> anyhow::Result<PathBuf> {
    link::forget(directory)?;
    compile(runner, arch)?;
    let tool = |name: &str| Command::new(format!("{name}-{LLVM_VERSION}"));
    link::link(runner, arch, &artifacts(arch), directory, tool)
}

/// Compiles the driver and everything below it into a static library.
fn compile(runner: &mut Runner, arch: Arch) -> anyhow::Result<()> {
    let mut command = debian_cargo("rustc", arch.triple());
    command.env("CARGO_ENCODED_RUSTFLAGS", rust_flags()?.join("\u{1f}"));
    command.args(["-p", "miracast-umd", "--no-default-features"]);
    command.args(["--features", "dll", "--profile", "dll"]);
    command.args(["--crate-type", "staticlib"]);
    runner.run(&mut command, BUILD_LIMIT)?;
    Ok(())
}

/// Where cargo puts what it builds with the profile of the DLL.
fn artifacts(arch: Arch) -> PathBuf {
    let directory = project_root().join("target/debian").join(arch.triple());
    directory.join("dll")
}

/// The compiler's options for all crates, `core` too: calls through pointers are guarded, and no
/// path of this machine gets into the DLL or the PDB.
///
/// # Errors
/// If the user has no home directory.
pub(super) fn rust_flags() -> anyhow::Result<Vec<String>> {
    let mut flags = vec!["-Dwarnings".into(), "-Ccontrol-flow-guard".into()];
    for (from, to) in [(project_root(), "/miracast"), (cargo_home()?, "/cargo")] {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    }
    Ok(flags)
}

/// Where cargo keeps the sources of the dependencies.
///
/// # Errors
/// If the user has no home directory.
pub(crate) fn cargo_home() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    home.context("no home directory")
}
