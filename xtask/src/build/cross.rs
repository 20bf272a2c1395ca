//! The driver built on Linux: Debian's Rust with `core` alone, LLVM's linker, no library of
//! Windows.
//!
//! Cargo makes a static library and we link it, so that the command line of the linker is the same
//! on every machine: it goes into the PDB.

use std::fs;
use std::io::ErrorKind;
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

/// What is made, the DLL first.
const PRODUCTS: [&str; 2] = ["miracast_umd.dll", "miracast_umd.pdb"];

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
    fs::create_dir_all(directory)?;
    // What an earlier build left must not pass for new.
    for file in PRODUCTS {
        match fs::remove_file(directory.join(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    compile(runner, arch)?;
    let built = artifacts(arch);
    link(runner, arch, &built)?;
    for file in PRODUCTS {
        fs::copy(built.join(file), directory.join(file)).context(file)?;
    }
    Ok(directory.join(PRODUCTS[0]))
}

/// Makes the DLL and the PDB of the static library in `directory`.
fn link(runner: &mut Runner, arch: Arch, directory: &Path) -> anyhow::Result<()> {
    fs::write(directory.join("miracast_umd.rc"), version_resource::text())?;
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
    Ok(())
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
fn rust_flags() -> anyhow::Result<Vec<String>> {
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

const fn machine(arch: Arch) -> &'static str {
    match arch {
        Arch::X64 => "/MACHINE:X64",
        Arch::Arm64 => "/MACHINE:ARM64",
    }
}
