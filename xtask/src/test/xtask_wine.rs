//! The part of xtask that is for Windows: built for it, its tests run under Wine, where there is a
//! `reg` to ask.
//!
//! `doctor` itself does not run there: gdi32 of Wine 8 has no D3DKMTEnumAdapters2, and Wine ends a
//! process that calls what it lacks.

use anyhow::Context as _;

use super::Check;
use super::os_wine::passed;
use super::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
use crate::suite::executable;
use crate::wine::{self, windows_cargo, wine};

pub(crate) const CHECK: Check = Check {
    name: "xtask-wine",
    needs: wine::PACKAGES,
    after: &[],
    run,
};

/// The modules of which some part runs on Windows. The tests of others want programs of Linux.
const MODULES: [&str; 5] = ["cert::", "doctor::", "inf::", "machine::", "package::"];

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let mut build = windows_cargo("test");
    build.args(["-p", "xtask", "--no-run"]);
    build.arg("--message-format=json-render-diagnostics");
    let program = executable(&runner.run(&mut build, BUILD_LIMIT)?.stdout)?;
    wine::prepare(program.parent().context("a file without a directory")?)?;
    let tests = runner.run(wine(&program).args(MODULES), TOOL_LIMIT)?;
    let passed = passed(&tests.stdout).context("no test ran")?;
    Ok(format!("{passed} tests of xtask pass under Wine"))
}
