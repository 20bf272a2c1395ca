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

/// DriverVer of what was made at `seconds` since 1970: the day, and the version of the workspace with
/// the minute of the day as its fourth number. All of it is in UTC. Windows takes the later day for the
/// newer driver and on one day the higher version, so each commit is newer than those before it.
///
/// # Errors
/// If the time is after the year 9999.
pub(super) fn driver_ver(seconds: u64) -> anyhow::Result<String> {
    let day = inf::date::from_unix(seconds);
    Ok(format!(
        "{},{}.{}.{}.{}",
        day.with_context(|| format!("{seconds} seconds since 1970 are after the year 9999"))?,
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
        inf::date::minute(seconds)
    ))
}

/// When the package counts as made, in seconds since 1970: SOURCE_DATE_EPOCH, else the time of the
/// commit.
///
/// # Errors
/// If there is neither, or SOURCE_DATE_EPOCH is no time.
pub(super) fn time(runner: &mut Runner) -> anyhow::Result<u64> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => commit_time(runner).context("neither SOURCE_DATE_EPOCH nor a git commit")?,
    };
    let time = seconds.trim().parse();
    time.with_context(|| format!("{seconds:?} is no time in seconds since 1970"))
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

    #[test]
    fn a_later_commit_of_the_day_has_a_higher_version() {
        // `date -u -d @SECONDS`
        for (seconds, day, minute) in [
            (1_795_305_599, "11/21/2026", "1439"),
            (1_795_305_600, "11/22/2026", "0"),
            (1_795_305_659, "11/22/2026", "0"),
            (1_795_305_660, "11/22/2026", "1"),
        ] {
            let version = env!("CARGO_PKG_VERSION");
            let expected = format!("{day},{version}.{minute}");
            assert_eq!(driver_ver(seconds).unwrap(), expected);
        }
        assert!(driver_ver(u64::MAX).is_err());
    }
}
