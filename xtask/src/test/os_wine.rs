//! Tests as Windows programs under Wine: the driver's unit tests, above all those of its Windows
//! layer, which no other check runs; and those of the emulated Windows, which show that it is as
//! strict there as on Linux.

use std::path::PathBuf;

use anyhow::Context as _;

use super::Check;
use super::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
use crate::suite::executable;
use crate::wine::{self, windows_cargo, wine};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "os-wine",
        needs: wine::PACKAGES,
        after: &[],
        run: |runner| {
            let passed = run(runner, &DRIVER)?;
            Ok(format!(
                "{passed} unit tests of miracast-umd pass under Wine"
            ))
        },
    },
    Check {
        name: "contract-wine",
        needs: wine::PACKAGES,
        after: &[],
        run: |runner| {
            let passed = run(runner, &["-p", "miracast-os", "--test", "driver"])?;
            Ok(format!(
                "{passed} tests of the emulated Windows pass under Wine"
            ))
        },
    },
];

/// The target of cargo with the driver's unit tests.
pub(super) const DRIVER: [&str; 4] = ["-p", "miracast-umd", "--no-default-features", "--lib"];

/// Runs the tests of one target of a package; the number of those that passed.
fn run(runner: &mut Runner, target: &[&str]) -> anyhow::Result<u32> {
    let program = build(runner, target)?;
    wine::prepare(program.parent().context("a file without a directory")?)?;
    let printed = runner.run(&mut wine(&program), TOOL_LIMIT)?;
    passed(&printed.stdout).context("no test ran")
}

/// Builds the test program of one target of a package.
pub(super) fn build(runner: &mut Runner, target: &[&str]) -> anyhow::Result<PathBuf> {
    let mut build = windows_cargo("test");
    build.args(target);
    build.args(["--no-run", "--message-format=json-render-diagnostics"]);
    executable(&runner.run(&mut build, BUILD_LIMIT)?.stdout)
}

/// How many tests passed, from the last line of the test program; `None` if none did.
pub(super) fn passed(printed: &str) -> Option<u32> {
    let (_, counts) = printed.rsplit_once("test result: ok. ")?;
    let (passed, _) = counts.split_once(" passed")?;
    passed.parse().ok().filter(|passed| *passed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_tests_is_no_pass() {
        let line = |passed| format!("\ntest result: ok. {passed} passed; 0 failed; 0 ignored\n");
        assert_eq!(passed(&line("24")), Some(24));
        assert_eq!(passed(&line("0")), None);
        assert_eq!(passed("test result: FAILED. 3 passed; 1 failed"), None);
        assert_eq!(passed(""), None);
    }
}
