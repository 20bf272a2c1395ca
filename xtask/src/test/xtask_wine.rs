//! The part of xtask that is for Windows: built for it, its tests run under Wine, where there is a
//! `reg` to ask; then `doctor`, to which most of Wine has no answer.

use anyhow::{Context as _, ensure};
use serde_json::Value;

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

/// What Wine answers, by `reg`, and does not, for it has no such tool or function.
const FINDINGS: [(&str, &str); 4] = [
    ("secure-boot", "ok"),
    ("registry", "wrong"),
    ("driver-store", "unknown"),
    ("driver-type", "unknown"),
];

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let mut build = windows_cargo("test");
    build.args(["-p", "xtask", "--no-run"]);
    build.arg("--message-format=json-render-diagnostics");
    let program = executable(&runner.run(&mut build, BUILD_LIMIT)?.stdout)?;
    wine::prepare(program.parent().context("a file without a directory")?)?;
    let tests = runner.run(wine(&program).args(MODULES), TOOL_LIMIT)?;
    let passed = passed(&tests.stdout).context("no test ran")?;
    let unknown = doctor(runner)?;
    Ok(format!(
        "{passed} tests of xtask pass under Wine; doctor runs there, {unknown} of its findings are unknown"
    ))
}

/// Runs `doctor`; the number of findings that it calls unknown.
fn doctor(runner: &mut Runner) -> anyhow::Result<usize> {
    let mut build = windows_cargo("build");
    build.args(["-p", "xtask"]);
    build.arg("--message-format=json-render-diagnostics");
    let program = executable(&runner.run(&mut build, BUILD_LIMIT)?.stdout)?;
    wine::prepare(program.parent().context("a file without a directory")?)?;
    let printed = runner.finish(wine(&program).args(["doctor", "--json"]), TOOL_LIMIT)?;
    let report: Value = serde_json::from_str(&printed.stdout).context("doctor prints no JSON")?;
    ensure!(
        report["well"] == false && printed.status.code() == Some(1),
        "doctor finds Wine well: {}",
        printed.status
    );
    let findings = report["findings"].as_array().context("no findings")?;
    let state = |name: &str| {
        let mut named = findings.iter().filter(|finding| finding["name"] == name);
        named.next().and_then(|finding| finding["state"].as_str())
    };
    for (name, expected) in FINDINGS {
        let state = state(name);
        ensure!(state == Some(expected), "doctor says {state:?} of {name}");
    }
    let unknown = findings
        .iter()
        .filter(|finding| finding["state"] == "unknown");
    Ok(unknown.count())
}
