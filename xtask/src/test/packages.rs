//! The Debian packages that the checks need: what is missing is installed, if we may.

use core::time::Duration;
use std::process::Command;

use anyhow::Context as _;

use super::Check;
use super::runner::{CouldNotRun, Runner, TOOL_LIMIT};
use crate::suite::cargo;

/// Every package that a check names. nasm is here for OpenH264, which without it builds its slow C
/// paths; so this check comes before the first build of it.
pub(crate) const LIST: [&str; 13] = [
    "cargo-web",
    "ffmpeg",
    "gstreamer1.0-libav",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-tools",
    "nasm",
    "python3-venv",
    "rust-web-src",
    "rustc-web",
    "tshark",
    "tstools",
];

const INSTALL_LIMIT: Duration = Duration::from_mins(20);

pub(crate) const CHECK: Check = Check {
    name: "packages",
    needs: &[],
    after: &[],
    run: install,
};

fn install(runner: &mut Runner) -> anyhow::Result<String> {
    let wanted = missing(&LIST, runner)?;
    if wanted.is_empty() {
        return Ok(format!("{} installed", LIST.len()));
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
    present(&LIST, runner)?;
    if wanted.contains(&"nasm") {
        forget_openh264(runner)?;
    }
    Ok(format!("installed {names}"))
}

/// Removes what was built of OpenH264: its build script does not look for nasm again by itself.
fn forget_openh264(runner: &mut Runner) -> anyhow::Result<()> {
    for profile in ["dev", "release"] {
        let mut clean = cargo();
        clean.args(["clean", "--package", "openh264-sys2", "--profile", profile]);
        // Cargo may have to fetch the packages first, to know what there is.
        runner.run(&mut clean, INSTALL_LIMIT)?;
    }
    Ok(())
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
