//! `cargo xtask build`: the driver for Windows, `miracast_umd.dll` with its PDB.
//!
//! On Linux it is built without the WDK ([`cross`]), on Windows through it ([`wdk`]).

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::apt;
use crate::runner::Runner;
use crate::suite::project_root;

pub(crate) mod cross;
mod link;
pub(crate) mod version_resource;
mod wdk;

/// Build the driver for Windows: the DLL and its PDB, in target/windows/{x64,arm64}
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The processor
    #[arg(long, value_enum, default_value = "all")]
    target: Target,
}

/// What is built.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Target {
    X64,
    Arm64,
    All,
}

impl Target {
    const fn arches(self) -> &'static [Arch] {
        match self {
            Self::X64 => &[Arch::X64],
            Self::Arm64 => &[Arch::Arm64],
            Self::All => &Arch::ALL,
        }
    }
}

/// A processor that Windows runs on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Arch {
    X64,
    Arm64,
}

impl Arch {
    pub(crate) const ALL: [Self; 2] = [Self::X64, Self::Arm64];

    /// Microsoft's name, and the name of the directory under target/windows.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::X64 => "x64",
            Self::Arm64 => "arm64",
        }
    }

    /// Rust's name of the target.
    pub(crate) const fn triple(self) -> &'static str {
        match self {
            Self::X64 => "x86_64-pc-windows-msvc",
            Self::Arm64 => "aarch64-pc-windows-msvc",
        }
    }
}

impl Args {
    /// Builds, and says where the DLL is.
    ///
    /// # Errors
    /// If something is missing on this machine, or the build fails.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut runner = Runner::open("build")?;
        if !cfg!(windows) {
            apt::install(cross::PACKAGES, &mut runner)?;
        }
        for &arch in self.target.arches() {
            let path = dll(&mut runner, arch).inspect_err(|_| runner.print_tail())?;
            let size = fs::metadata(&path)?.len();
            let shown = path.strip_prefix(project_root()).unwrap_or(&path);
            println!("{}: {} KiB", shown.display(), size.div_ceil(1024));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Builds the DLL and returns its path; the PDB is beside it.
///
/// # Errors
/// If the build fails.
pub(crate) fn dll(runner: &mut Runner, arch: Arch) -> anyhow::Result<PathBuf> {
    if cfg!(windows) {
        wdk::build(runner, arch, &directory(arch))
    } else {
        cross::build(runner, arch, &directory(arch))
    }
}

/// Where the DLL for `arch` is, once it is built.
pub(crate) fn directory(arch: Arch) -> PathBuf {
    project_root().join("target/windows").join(arch.name())
}
