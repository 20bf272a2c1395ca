//! The certificate as files, by the program openssl. Not by a crate: osslsigncode, which signs with
//! it, brings OpenSSL to the machine anyway.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Certificate, FILE, Key, NAME};
use crate::runner::{Runner, TOOL_LIMIT};

/// The Debian packages without which it cannot be made.
pub(crate) const PACKAGES: &[&str] = &["openssl"];

/// It is thrown away after a month, like all that is signed with it.
const DAYS: &str = "30";
/// How long it must still live to be used again, in seconds.
const DAY: &str = "86400";

/// What code signing asks of a certificate, and nothing that would let it do more.
const EXTENSIONS: [&str; 3] = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=critical,codeSigning",
];

/// What is made in a directory.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
    cer: PathBuf,
}

impl Files {
    fn of(directory: &Path) -> Self {
        Self {
            certificate: directory.join("miracast-test.pem"),
            key: directory.join("miracast-test.key"),
            cer: directory.join(FILE),
        }
    }

    fn all_there(&self) -> bool {
        [&self.certificate, &self.key, &self.cer]
            .iter()
            .all(|path| path.is_file())
    }
}

impl From<Files> for Certificate {
    fn from(files: Files) -> Self {
        Self {
            cer: files.cer,
            key: Key::File {
                certificate: files.certificate,
                key: files.key,
            },
        }
    }
}

/// The certificate in `directory`, made anew if it is not good for another day.
pub(super) fn get(directory: &Path, runner: &mut Runner) -> anyhow::Result<Certificate> {
    let files = Files::of(directory);
    let mut living = openssl(&["x509", "-noout", "-checkend", DAY]);
    living.arg("-in").arg(&files.certificate);
    if files.all_there() && runner.finish(&mut living, TOOL_LIMIT)?.status.success() {
        return Ok(files.into());
    }
    make(directory, runner)
}

/// A new key and its certificate in `directory`.
pub(super) fn make(directory: &Path, runner: &mut Runner) -> anyhow::Result<Certificate> {
    let files = Files::of(directory);
    let mut request = openssl(&["req", "-x509", "-newkey", "rsa:3072", "-noenc", "-sha256"]);
    request.args(["-days", DAYS, "-subj", &format!("/CN={NAME}")]);
    for extension in EXTENSIONS {
        request.args(["-addext", extension]);
    }
    request
        .arg("-keyout")
        .arg(&files.key)
        .arg("-out")
        .arg(&files.certificate);
    runner.run(&mut request, TOOL_LIMIT)?;
    let mut der = openssl(&["x509", "-outform", "DER"]);
    der.arg("-in")
        .arg(&files.certificate)
        .arg("-out")
        .arg(&files.cer);
    runner.run(&mut der, TOOL_LIMIT)?;
    Ok(files.into())
}

fn openssl(arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(arguments);
    command
}
