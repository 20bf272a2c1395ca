//! The driver's unit tests as a Windows program under Wine: above all those of its Windows layer,
//! which no other check runs.

use anyhow::Context as _;

use super::Check;
use super::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
use crate::suite::executable;
use crate::wine::{self, windows_cargo, wine};

pub(crate) const CHECK: Check = Check {
    name: "os-wine",
    needs: wine::PACKAGES,
    after: &[],
    run,
};

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let mut build = windows_cargo("test");
    build.args(["-p", "miracast-umd", "--no-default-features", "--lib"]);
    build.args(["--no-run", "--message-format=json-render-diagnostics"]);
    let program = executable(&runner.run(&mut build, BUILD_LIMIT)?.stdout)?;
    wine::prepare(program.parent().context("a file without a directory")?)?;
    let printed = runner.run(&mut wine(&program), TOOL_LIMIT)?;
    let passed = passed(&printed.stdout).context("no test ran")?;
    Ok(format!(
        "{passed} unit tests of miracast-umd pass under Wine"
    ))
}

/// How many tests passed, from the last line of the test program; `None` if none did.
fn passed(printed: &str) -> Option<u32> {
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
