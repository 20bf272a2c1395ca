//! `cargo xtask cert`: the certificate that test packages are signed with.
//!
//! It signs itself, may sign code and nothing else, and says in its name what it is. On Windows its
//! key is made in the user's certificate store and never leaves it ([`powershell`]); elsewhere key
//! and certificate are files in target/cert ([`openssl`]), good for signing and for verifying the
//! signature, and for no machine's trust unless somebody puts it there.
//!
//! What it is not: a certificate for release. Windows Update and machines without test certificates
//! take packages that Microsoft has signed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::openssl::PACKAGES;
use crate::apt;
use crate::runner::Runner;
use crate::suite::project_root;

mod openssl;
mod powershell;

pub(crate) use self::powershell::thumbprint;

/// The certificate's name.
pub(crate) const NAME: &str = "Miracast driver test certificate";
/// The file that a test machine is told to trust, in target/cert and in a package.
pub(crate) const FILE: &str = "miracast-test.cer";

/// A certificate, and how its key is reached.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The certificate alone, in DER.
    pub(crate) cer: PathBuf,
    pub(crate) key: Key,
}

/// Where the private key is.
#[derive(Debug)]
pub(crate) enum Key {
    /// In a file; both are PEM.
    File { certificate: PathBuf, key: PathBuf },
    /// In the certificate store of the user, under the SHA-1 of the certificate.
    Store { thumbprint: String },
}

/// Makes the certificate or finds it, and says where it is.
///
/// # Errors
/// If a tool is missing or fails.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut runner = Runner::open("cert")?;
    if !cfg!(windows) {
        apt::install(PACKAGES, &mut runner)?;
    }
    let certificate = get(&mut runner).inspect_err(|_| runner.print_tail())?;
    let key = match &certificate.key {
        Key::File { key, .. } => shown(key),
        Key::Store { thumbprint } => format!(r"Cert:\CurrentUser\My\{thumbprint}"),
    };
    println!("certificate: {}\nkey: {key}", shown(&certificate.cer));
    Ok(ExitCode::SUCCESS)
}

fn shown(path: &Path) -> String {
    path.strip_prefix(project_root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The certificate of target/cert, made if there is none or it has less than a day to live.
///
/// # Errors
/// If a tool is missing or fails.
pub(crate) fn get(runner: &mut Runner) -> anyhow::Result<Certificate> {
    let directory = project_root().join("target/cert");
    fs::create_dir_all(&directory)?;
    if cfg!(windows) {
        powershell::get(&directory, runner)
    } else {
        openssl::get(&directory, runner)
    }
}

/// A certificate of the same name that nobody has seen before, in `directory`: what is signed with it
/// must not pass for signed with the other.
///
/// # Errors
/// If openssl fails.
pub(crate) fn another(directory: &Path, runner: &mut Runner) -> anyhow::Result<Certificate> {
    openssl::make(directory, runner)
}
