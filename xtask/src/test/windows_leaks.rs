//! Shows that a DLL that leaves something is seen: a stand-in passes everything on to the driver,
//! and leaves a thread, an event and itself.

use core::time::Duration;
use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::runner::{Runner, TOOL_LIMIT};
use super::summary::Summary;
use crate::suite::{Program, project_root};
use crate::windows_host::{PACKAGES, WindowsHost};
use crate::wine;

pub(crate) const CHECK: Check = Check {
    name: "leaks-windows",
    needs: PACKAGES,
    after: &[],
    run,
};

const LIMIT: Duration = Duration::from_mins(3);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let host = WindowsHost::build(runner, Program::Demo)?;
    let directory = runner.scratch()?;
    let leaky = directory.join("leaky_driver.dll");
    let mut compile = Command::new(wine::CC);
    compile.args(["-shared", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]);
    compile.arg(&leaky);
    let source = project_root().join("tests/standin/leaky_driver.c");
    runner.run(compile.arg(source), TOOL_LIMIT)?;
    let mut demo = host.command_with(&leaky);
    demo.env("MIRACAST_DRIVER", &host.dll);
    demo.args(["--seconds", "1", "--out"]).arg(&directory);
    let printed = runner.finish(&mut demo, LIMIT)?;
    ensure!(!printed.status.success(), "the demo finds nothing wrong");
    judge(&Summary::read(&directory.join("summary.json"))?)?;
    Ok("the one thread, the one event and the DLL that are left are seen".into())
}

/// Exactly what the stand-in leaves, in a session that is good otherwise.
fn judge(summary: &Summary) -> anyhow::Result<()> {
    for name in ["threads_leaked", "handles_leaked", "ddi_violations"] {
        let count = summary.count(name)?;
        ensure!(count == 1, "{name} is {count}");
    }
    let text = summary.text("ddi_violation_texts/0")?;
    ensure!(text.ends_with("DLL is still loaded"), "{text}");
    summary.want_some(&["frames_sent"])?;
    summary.want_true("es_identical")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_leak_has_to_be_seen_once() {
        let good = r#"{"threads_leaked":1,"handles_leaked":1,"ddi_violations":1,"frames_sent":9,
            "ddi_violation_texts":["DDI-13: the driver's DLL is still loaded"],"es_identical":true}"#;
        assert!(judge(&good.parse().unwrap()).is_ok());
        for (from, to) in [
            ("threads_leaked\":1", "threads_leaked\":0"),
            ("handles_leaked\":1", "handles_leaked\":2"),
            ("violations\":1", "violations\":0"),
            ("is still loaded", "is gone"),
            ("frames_sent\":9", "frames_sent\":0"),
        ] {
            let bad = good.replace(from, to);
            assert!(judge(&bad.parse().unwrap()).is_err(), "{bad}");
        }
    }
}
