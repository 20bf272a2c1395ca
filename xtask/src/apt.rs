//! Debian packages: which are missing, and how they are installed, if we may.

use core::time::Duration;
use std::process::Command;

use anyhow::Context as _;

use crate::runner::{CouldNotRun, Runner, TOOL_LIMIT};

/// For a download of some hundred megabytes.
pub(crate) const INSTALL_LIMIT: Duration = Duration::from_mins(20);

/// Installs those of `packages` that are missing, and returns their names.
///
/// # Errors
/// [`CouldNotRun`] if some are missing and we may not install, or there is no Debian here; an error
/// if they are missing afterwards.
pub(crate) fn install(
    packages: &[&'static str],
    runner: &mut Runner,
) -> anyhow::Result<Vec<&'static str>> {
    let wanted = missing(packages, runner)?;
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let names = wanted.join(" ");
    for verb in [
        &["update"] as &[&str],
        &["install", "-y", "--no-install-recommends"],
    ] {
        let mut command =
            apt_get(runner).with_context(|| format!("missing, and we may not install: {names}"))?;
        command.args(verb).args(if verb.len() > 1 {
            wanted.as_slice()
        } else {
            &[]
        });
        runner.run(&mut command, INSTALL_LIMIT)?;
    }
    present(packages, runner)?;
    Ok(wanted)
}

/// Whether all of `packages` are installed.
///
/// # Errors
/// [`CouldNotRun`] with the names of those that are not.
pub(crate) fn present(packages: &[&'static str], runner: &mut Runner) -> anyhow::Result<()> {
    let missing = if packages.is_empty() {
        Vec::new()
    } else {
        missing(packages, runner)?
    };
    if missing.is_empty() {
        return Ok(());
    }
    Err(CouldNotRun(format!("not installed: {}", missing.join(" "))).into())
}

fn missing(packages: &[&'static str], runner: &mut Runner) -> anyhow::Result<Vec<&'static str>> {
    let mut query = Command::new("dpkg-query");
    query
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(packages);
    // Its exit status is 1 as soon as one package is unknown; what it printed is right all the same.
    let printed = runner.finish(&mut query, TOOL_LIMIT)?;
    Ok(not_installed(packages, &printed.stdout))
}

fn not_installed(packages: &[&'static str], printed: &str) -> Vec<&'static str> {
    let installed = |name: &&str| {
        printed
            .lines()
            .any(|line| line == format!("{name} installed"))
    };
    packages
        .iter()
        .copied()
        .filter(|name| !installed(name))
        .collect()
}

/// apt-get as root, or through a sudo that asks for no password.
fn apt_get(runner: &mut Runner) -> anyhow::Result<Command> {
    let root = runner
        .run(Command::new("id").arg("-u"), TOOL_LIMIT)?
        .stdout
        .trim()
        == "0";
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let may = runner.run(Command::new("sudo").args(["-n", "true"]), TOOL_LIMIT);
        may.map_err(|error| CouldNotRun(format!("neither root nor sudo: {error:#}")))?;
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_only_when_it_is_wholly_installed() {
        let printed = "nasm installed\nffmpeg config-files\ntshark-dev installed\n";
        assert_eq!(
            not_installed(&["nasm", "ffmpeg", "tshark"], printed),
            ["ffmpeg", "tshark"]
        );
    }
}
