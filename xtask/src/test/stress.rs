//! The driver with real threads, on this system and, as the DLL, under Wine.

use core::time::Duration;
use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::runner::Runner;
use crate::suite::Program;
use crate::windows_host::{PACKAGES, WindowsHost};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "stress",
        needs: &["nasm"],
        after: &[],
        run: |runner| {
            let program = runner.build(Program::Stress)?;
            run(runner, &mut Command::new(program))
        },
    },
    Check {
        name: "stress-windows",
        needs: PACKAGES,
        after: &[],
        run: |runner| {
            let host = WindowsHost::build(runner, Program::Stress)?;
            run(runner, &mut host.command())
        },
    },
];

/// Half a minute on an idle machine, and two under Wine; the program itself ends when nothing goes on.
const LIMIT: Duration = Duration::from_mins(10);

/// Storms, contexts at once, contexts one after the other.
const PARTS: usize = 3;

fn run(runner: &mut Runner, command: &mut Command) -> anyhow::Result<String> {
    judge(&runner.run(command, LIMIT)?.stdout)
}

/// What the parts came to, in one line.
fn judge(stdout: &str) -> anyhow::Result<String> {
    let parts: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("ok     "))
        .map(str::trim_end)
        .collect();
    ensure!(parts.len() == PARTS, "{} parts of {PARTS} ran", parts.len());
    Ok(parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_to_run() {
        let good = "ok     calls: 5\r\nok     four: 4\r\nok     cycles: 9\r\n";
        assert_eq!(judge(good).unwrap(), "calls: 5; four: 4; cycles: 9");
        assert!(judge("ok     calls: 5\nok     four: 4\n").is_err());
        assert!(judge(&good.replace("ok     four", "FAILED four")).is_err());
    }
}
