//! The beginning of a long session: the ten minutes are `cargo xtask soak`.

use core::time::Duration;
use std::process::Command;

use super::Check;
use super::runner::Runner;
use crate::suite::Program;

pub(crate) const CHECK: Check = Check {
    name: "soak",
    needs: &["nasm"],
    after: &[],
    run,
};

/// Two changes of the bit rate, and ten samples after the warm-up.
const SECONDS: &str = "16";
const LIMIT: Duration = Duration::from_mins(2);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let program = runner.build(Program::Soak)?;
    let mut command = Command::new(program);
    let out = runner.scratch()?;
    command.args(["--seconds", SECONDS, "--out"]).arg(out);
    runner.run(&mut command, LIMIT)?;
    Ok(format!("{SECONDS} s without growth"))
}
