//! The driver built on Linux: Debian's Rust with `core` alone, LLVM's linker, no library of
//! Windows.

use std::path::PathBuf;

use super::Arch;
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

const LINKER: &str = "lld-link-19";

/// What the linker is told. The DLL brings what the C runtime would have brought; it has no entry
/// function, because nothing of it is to be done under the loader lock.
const LINKER_OPTIONS: [&str; 2] = ["/NODEFAULTLIB", "/NOENTRY"];

/// Builds the DLL and returns where cargo put it; the PDB is beside it.
///
/// # Errors
/// If the build fails; a warning is a failure.
pub(crate) fn build(runner: &mut Runner, arch: Arch) -> anyhow::Result<PathBuf> {
    let mut command = debian_cargo("rustc", arch.triple());
    command.env("RUSTFLAGS", "-D warnings");
    command.args(["-p", "miracast-umd", "--no-default-features"]);
    command.args([
        "--features",
        "dll",
        "--profile",
        "dll",
        "--crate-type",
        "cdylib",
    ]);
    command.args(["--", &format!("-Clinker={LINKER}")]);
    command.args(LINKER_OPTIONS.map(|option| format!("-Clink-arg={option}")));
    runner.run(&mut command, BUILD_LIMIT)?;
    let directory = project_root().join("target/debian").join(arch.triple());
    Ok(directory.join("dll/miracast_umd.dll"))
}
