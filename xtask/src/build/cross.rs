//! The driver built on Linux: Debian's Rust with `core` alone, LLVM's linker, no library of
//! Windows.
//!
//! Cargo makes a static library and we link it, so that the command line of the linker is the same
//! on every machine: it goes into the PDB.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Arch, version_resource};
use crate::debian_rust::debian_cargo;
use crate::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
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

/// What the linker is told besides the processor and the names of the files.
const LINKER_OPTIONS: [&str; 14] = [
    "/NOLOGO",
    "/DLL",
    "/WX",
    // The crate brings what the C runtime would have brought, and has no entry function: see the
    // module `dll` of miracast-umd.
    "/NODEFAULTLIB",
    "/NOENTRY",
    "/NOIMPLIB",
    "/EXPORT:QueryMiracastDriverInterface",
    "/OPT:REF,ICF",
    // /DYNAMICBASE, /HIGHENTROPYVA and /NXCOMPAT are this linker's defaults; the check dll-headers
    // looks at the result.
    "/INCLUDE:_load_config_used",
    "/GUARD:CF,NOLONGJMP",
    // The same bytes in every directory and at any time: a hash for the time, and a name without a
    // directory for the PDB.
    "/BREPRO",
    "/DEBUG",
    "/PDBALTPATH:%_PDB%",
    "/PDBSOURCEPATH:/miracast",
];

/// Builds the DLL and its PDB into `directory`, and returns the DLL's path.
///
/// # Errors
/// If the build fails; a warning is a failure.
pub(crate) fn build(runner: &mut Runner, arch: Arch, directory: &Path) -> anyhow::Result<PathBuf> {
    let library = compile(runner, arch)?;
    fs::create_dir_all(directory)?;
    let file = |extension| directory.join("miracast_umd").with_extension(extension);
    fs::copy(&library, file("lib")).with_context(|| library.display().to_string())?;
    fs::write(file("rc"), version_resource::text())?;
    let mut resource = Command::new("llvm-rc-19");
    // Not through a C preprocessor, which would be clang.
    resource.args([
        "/no-preprocess",
        "/FO",
        "miracast_umd.res",
        "miracast_umd.rc",
    ]);
    runner.run(resource.current_dir(directory), TOOL_LIMIT)?;
    let mut link = Command::new(LINKER);
    link.args(LINKER_OPTIONS).arg(machine(arch));
    link.args([
        "/OUT:miracast_umd.dll",
        "miracast_umd.lib",
        "miracast_umd.res",
    ]);
    runner.run(link.current_dir(directory), TOOL_LIMIT)?;
    Ok(file("dll"))
}

/// Compiles the driver and everything below it, and returns the static library.
fn compile(runner: &mut Runner, arch: Arch) -> anyhow::Result<PathBuf> {
    let mut command = debian_cargo("rustc", arch.triple());
    command.env("CARGO_ENCODED_RUSTFLAGS", rust_flags()?.join("\u{1f}"));
    command.args(["-p", "miracast-umd", "--no-default-features"]);
    command.args(["--features", "dll", "--profile", "dll"]);
    command.args(["--crate-type", "staticlib"]);
    runner.run(&mut command, BUILD_LIMIT)?;
    let directory = project_root().join("target/debian").join(arch.triple());
    Ok(directory.join("dll/miracast_umd.lib"))
}

/// The compiler's options for all crates, `core` too: calls through pointers are guarded, and no
/// path of this machine gets into the DLL or the PDB.
fn rust_flags() -> anyhow::Result<Vec<String>> {
    let mut flags = vec!["-Dwarnings".into(), "-Ccontrol-flow-guard".into()];
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    for (from, to) in [
        (project_root(), "/miracast"),
        (home.context("no home directory")?, "/cargo"),
    ] {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    }
    Ok(flags)
}

const fn machine(arch: Arch) -> &'static str {
    match arch {
        Arch::X64 => "/MACHINE:X64",
        Arch::Arm64 => "/MACHINE:ARM64",
    }
}
