//! The last step of the build, on Linux and on Windows alike: LLVM's linker makes the DLL and the
//! PDB of a static library and of the version resource.
//!
//! We link, and not cargo, so that the command line of the linker is the same on every machine: it
//! goes into the PDB.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{Arch, version_resource};
use crate::runner::{Runner, TOOL_LIMIT};

/// What is made, the DLL first.
const PRODUCTS: [&str; 2] = ["miracast_umd.dll", "miracast_umd.pdb"];

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

/// Removes what an earlier build left in `directory`: it must not pass for new.
///
/// # Errors
/// If a file cannot be removed.
pub(super) fn forget(directory: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    for file in PRODUCTS {
        match fs::remove_file(directory.join(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Makes the DLL and the PDB of the static library in `built`, puts them into `directory`, and
/// returns the DLL's path. `tool` is a program of LLVM by its name.
///
/// # Errors
/// If a tool fails; a warning is a failure.
pub(super) fn link(
    runner: &mut Runner,
    arch: Arch,
    built: &Path,
    directory: &Path,
    tool: impl Fn(&str) -> Command,
) -> anyhow::Result<PathBuf> {
    fs::write(built.join("miracast_umd.rc"), version_resource::text())?;
    let mut resource = tool("llvm-rc");
    // Not through a C preprocessor, which would be clang.
    resource.args([
        "/no-preprocess",
        "/FO",
        "miracast_umd.res",
        "miracast_umd.rc",
    ]);
    runner.run(resource.current_dir(built), TOOL_LIMIT)?;
    let mut link = tool("lld-link");
    link.args(LINKER_OPTIONS).arg(machine(arch));
    link.args([
        "/OUT:miracast_umd.dll",
        "miracast_umd.lib",
        "miracast_umd.res",
    ]);
    runner.run(link.current_dir(built), TOOL_LIMIT)?;
    for file in PRODUCTS {
        fs::copy(built.join(file), directory.join(file)).context(file)?;
    }
    Ok(directory.join(PRODUCTS[0]))
}

const fn machine(arch: Arch) -> &'static str {
    match arch {
        Arch::X64 => "/MACHINE:X64",
        Arch::Arm64 => "/MACHINE:ARM64",
    }
}
