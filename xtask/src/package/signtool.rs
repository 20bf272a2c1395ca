//! Catalog and signatures on Windows, by the tools of the WDK: inf2cat, signtool, infverif. None of
//! it has ever run.

use std::path::Path;

use super::kit;
use crate::build::Arch;
use crate::runner::{Runner, TOOL_LIMIT};

/// Signs a DLL or a catalog with the certificate `thumbprint` of the user's store.
///
/// # Errors
/// If signtool is not there or fails.
pub(super) fn sign(file: &Path, thumbprint: &str, runner: &mut Runner) -> anyhow::Result<()> {
    let mut command = kit::tool("signtool")?;
    command.args(["sign", "/fd", "SHA256", "/s", "My", "/sha1", thumbprint]);
    runner.run(command.arg(file), TOOL_LIMIT)?;
    Ok(())
}

/// Makes the catalog that the INF in `directory` names.
///
/// # Errors
/// If inf2cat is not there or finds a fault.
pub(super) fn catalog(directory: &Path, arch: Arch, runner: &mut Runner) -> anyhow::Result<()> {
    let systems = match arch {
        Arch::X64 => "10_X64,10_CO_X64,10_NI_X64,10_GE_X64",
        Arch::Arm64 => "10_RS3_ARM64,10_CO_ARM64,10_NI_ARM64,10_GE_ARM64",
    };
    let mut command = kit::tool("inf2cat")?;
    command.arg(format!("/driver:{}", directory.display()));
    // DriverVer is in UTC, and so does inf2cat take it by default.
    command.arg(format!("/os:{systems}"));
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(())
}

/// Asks InfVerif, which knows more of Microsoft's rules than we do: those of Windows drivers (`/w`),
/// to which package isolation belongs.
///
/// # Errors
/// If it is not there or finds a fault.
pub(super) fn inf_verif(inf: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    let mut command = kit::tool("infverif")?;
    command.args(["/v", "/w"]).arg(inf);
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(())
}
