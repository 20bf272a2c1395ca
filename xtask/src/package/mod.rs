//! `cargo xtask package`: what is installed on a test machine, in target/package.
//!
//! ```text
//! miracast-test.cer       the certificate that the test machine is told to trust
//! x64/, arm64/            one driver package each: INF, DLL, and on Windows the catalog
//! symbols/x64, …/arm64    the PDB, which stays with the developer
//! ```
//!
//! One package for each processor and not one for both: a file that is used where it lies in the
//! driver store must have a name of its own in its package.
//!
//! A catalog is made by inf2cat of the WDK, which only Windows runs. So what is packed on Linux shows
//! that everything fits and is signed, and pnputil will not take it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};

use crate::build::{self, Arch};
use crate::cert::{self, Certificate};
use crate::runner::Runner;
use crate::suite::project_root;
use crate::{apt, inf};

mod kit;
pub(crate) mod osslsigncode;
mod signtool;
pub(crate) mod stamp;

pub(crate) const DLL: &str = "miracast_umd.dll";
pub(crate) const INF: &str = "miracast_umd.inf";
pub(crate) const CATALOG: &str = "miracast_umd.cat";
pub(crate) const PDB: &str = "miracast_umd.pdb";
/// The directory of the PDBs in a package.
pub(crate) const SYMBOLS: &str = "symbols";

/// The Debian packages without which nothing can be packed on Linux.
pub(crate) const PACKAGES: &[&str] = &["osslsigncode", "openssl"];

/// Pack the driver for test machines: INF, signed DLL, on Windows the catalog; in target/package
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Another directory than target/package; it must be empty or not there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A display adapter for which the INF is, such as PCI\VEN_1234&DEV_5678; may be repeated
    #[arg(long, value_name = "ID", value_parser = hardware_id, default_value = inf::PLACEHOLDER_ID)]
    hardware_id: Vec<String>,
}

impl Args {
    /// Packs, and says what is where.
    ///
    /// # Errors
    /// If something is missing on this machine, or a step fails.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut runner = Runner::open("package")?;
        if !cfg!(windows) {
            let needed = [PACKAGES, build::cross::PACKAGES].concat();
            apt::install(&needed, &mut runner)?;
        }
        let out = match self.out {
            Some(out) => out,
            None => emptied(project_root().join("target/package"))?,
        };
        stamp::time(&mut runner)
            .and_then(|time| make(&out, &self.hardware_id, time, &mut runner))
            .inspect_err(|_| runner.print_tail())?;
        for file in files(&out)? {
            println!("{}", out.join(file).display());
        }
        if !cfg!(windows) {
            println!("no catalog: inf2cat of the WDK makes it, on Windows; pnputil wants one");
        }
        if self.hardware_id.iter().any(|id| id == inf::PLACEHOLDER_ID) {
            println!(
                "the INF is for {}, which is no device: see --hardware-id",
                inf::PLACEHOLDER_ID
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What decorations call the processor.
pub(crate) const fn decoration(arch: Arch) -> &'static str {
    match arch {
        Arch::X64 => "amd64",
        Arch::Arm64 => "arm64",
    }
}

fn hardware_id(text: &str) -> Result<String, &'static str> {
    if inf::is_hardware_id(text) {
        Ok(text.into())
    } else {
        Err(r"a hardware id is written like PCI\VEN_1234&DEV_5678")
    }
}

fn emptied(directory: PathBuf) -> anyhow::Result<PathBuf> {
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    Ok(directory)
}

/// Builds and packs both processors into `out`, as made at `time` in seconds since 1970.
///
/// # Errors
/// If `out` holds something, the build or a signature fails, or the INF is not right.
pub(crate) fn make(
    out: &Path,
    ids: &[String],
    time: u64,
    runner: &mut Runner,
) -> anyhow::Result<Certificate> {
    fs::create_dir_all(out)?;
    let held = fs::read_dir(out)?.next();
    ensure!(held.is_none(), "{} is not empty", out.display());
    let driver_ver = stamp::driver_ver(time)?;
    let certificate = cert::get(runner)?;
    for arch in Arch::ALL {
        let built = build::dll(runner, arch)?;
        let directory = out.join(arch.name());
        fs::create_dir(&directory)?;
        let inf = stamp::fill(stamp::TEMPLATE, decoration(arch), &driver_ver, ids);
        fs::write(directory.join(INF), &inf)?;
        sign(&built, &directory, arch, &certificate, runner)?;
        check(&directory, arch)?;
        let symbols = out.join(SYMBOLS).join(arch.name());
        fs::create_dir_all(&symbols)?;
        fs::copy(built.with_extension("pdb"), symbols.join(PDB))?;
    }
    fs::copy(&certificate.cer, out.join(cert::FILE))?;
    Ok(certificate)
}

/// Puts the DLL into the package and signs what there is to sign.
fn sign(
    built: &Path,
    directory: &Path,
    arch: Arch,
    certificate: &Certificate,
    runner: &mut Runner,
) -> anyhow::Result<()> {
    let dll = directory.join(DLL);
    match &certificate.key {
        cert::Key::File { certificate, key } => {
            osslsigncode::sign(built, &dll, certificate, key, runner)?;
            osslsigncode::verify(&dll, certificate, runner)
        }
        cert::Key::Store { thumbprint } => {
            fs::copy(built, &dll)?;
            signtool::sign(&dll, thumbprint, runner)?;
            signtool::inf_verif(&directory.join(INF), runner)?;
            signtool::catalog(directory, arch, runner)?;
            signtool::sign(&directory.join(CATALOG), thumbprint, runner)
        }
    }
}

/// Reads the INF of a driver package, strictly, and holds it against the files beside it.
///
/// # Errors
/// Every fault of it.
pub(crate) fn check(directory: &Path, arch: Arch) -> anyhow::Result<inf::Summary> {
    let path = directory.join(INF);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut beside = files(directory)?;
    beside.retain(|name| name != INF);
    let package = inf::Package {
        processor: decoration(arch),
        files: &beside,
        catalogued: beside.iter().any(|name| name == CATALOG),
    };
    inf::check(&text, &package).or_else(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bail!("{}: {}", path.display(), faults.join("; "))
    })
}

/// The files below `directory`, with forward slashes, sorted.
///
/// # Errors
/// If a directory cannot be read.
pub(crate) fn files(directory: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            let inside = files(&entry.path())?;
            found.extend(inside.iter().map(|file| format!("{name}/{file}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}
