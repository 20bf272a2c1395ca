//! The INF of the template: processor, date, version and devices in their places. The same commit
//! gives the same bytes.

use std::process::Command;

use anyhow::Context as _;

use crate::inf;
use crate::runner::{Runner, TOOL_LIMIT};
use crate::suite::project_root;

pub(crate) const TEMPLATE: &str = include_str!("../../../umd/inf/miracast_umd.inx");

/// The INF for `processor` (as decorations write it) and the adapters with `hardware_ids`, one model
/// for each.
pub(crate) fn fill(
    template: &str,
    processor: &str,
    driver_ver: &str,
    hardware_ids: &[String],
) -> String {
    let mut lines = Vec::new();
    for line in template.lines() {
        if line.starts_with(';') {
            // The comments explain the tokens, so they keep them.
            lines.push(line.to_owned());
        } else if line.contains("$HARDWAREID$") {
            let models = hardware_ids
                .iter()
                .map(|id| line.replace("$HARDWAREID$", id));
            lines.extend(models);
        } else {
            let line = line.replace("$ARCH$", processor);
            lines.push(line.replace("$DRIVERVER$", driver_ver));
        }
    }
    // The line ends of Windows, whatever the template has.
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\r\n"])
        .collect()
}

/// DriverVer of this commit: the day of SOURCE_DATE_EPOCH, else of the commit, and the version of
/// the workspace with a 0 as its fourth number.
///
/// # Errors
/// If there is neither, or SOURCE_DATE_EPOCH is no time.
pub(super) fn driver_ver(runner: &mut Runner) -> anyhow::Result<String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => commit_time(runner).context("neither SOURCE_DATE_EPOCH nor a git commit")?,
    };
    let day = seconds.trim().parse().ok().and_then(inf::date::from_unix);
    let day = day.with_context(|| format!("{seconds:?} is no time in seconds since 1970"))?;
    Ok(format!(
        "{day},{}.{}.{}.0",
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH")
    ))
}

fn commit_time(runner: &mut Runner) -> anyhow::Result<String> {
    let mut git = Command::new("git");
    git.args(["log", "-1", "--format=%ct"])
        .current_dir(project_root());
    Ok(runner.run(&mut git, TOOL_LIMIT)?.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_gets_a_line_and_comments_stay() {
        let template = "; $ARCH$\n[A.NT$ARCH$]\n%A% = B,$HARDWAREID$\nDriverVer = $DRIVERVER$\n";
        let ids = ["PCI\\A".to_owned(), "PCI\\B".to_owned()];
        assert_eq!(
            fill(template, "arm64", "d,v", &ids),
            "; $ARCH$\r\n[A.NTarm64]\r\n%A% = B,PCI\\A\r\n%A% = B,PCI\\B\r\nDriverVer = d,v\r\n"
        );
    }
}
