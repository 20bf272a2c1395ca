//! Authenticode signatures on Linux, by osslsigncode.
//!
//! No time stamp: it would need a server, and a signature without one ends with its certificate,
//! which is right for what is thrown away.

use std::path::Path;
use std::process::Command;

use crate::runner::{Runner, TOOL_LIMIT};

/// Signs `unsigned` into the new file `signed`.
///
/// # Errors
/// If osslsigncode is missing or fails.
pub(crate) fn sign(
    unsigned: &Path,
    signed: &Path,
    certificate: &Path,
    key: &Path,
    runner: &mut Runner,
) -> anyhow::Result<()> {
    let mut command = Command::new("osslsigncode");
    command.args(["sign", "-h", "sha256", "-n", "Miracast user-mode driver"]);
    command.arg("-certs").arg(certificate).arg("-key").arg(key);
    command.arg("-in").arg(unsigned).arg("-out").arg(signed);
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(())
}

/// Whether `file` is as `certificate` signed it.
///
/// # Errors
/// If it is not, or osslsigncode is missing.
pub(crate) fn verify(file: &Path, certificate: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    let mut command = Command::new("osslsigncode");
    command.arg("verify").arg("-CAfile").arg(certificate);
    command.arg("-in").arg(file);
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(())
}
