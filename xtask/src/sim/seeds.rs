//! A slice of seeds, and its line in the log.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;

use crate::slices::Slice;
use crate::suite::{self, Options, Program};

/// Plays the seeds.
///
/// # Errors
/// If the program cannot be built or run, or the log cannot be written.
pub(super) fn run(
    seeds: &str,
    plan: Option<&str>,
    keep: Option<&str>,
    log: Option<PathBuf>,
) -> anyhow::Result<ExitCode> {
    let options = Options::default()
        .option("seeds", Some(seeds))
        .option("plan", plan)
        .option("keep", keep);
    let slice = log.map(Slice::begin).transpose()?;
    let program = suite::build(Program::Seeds)?;
    let mut command = Command::new(program);
    let output = command
        .args(options.words())
        .stderr(Stdio::inherit())
        .output()
        .context("the simulator")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    print!("{printed}");
    if let Some(slice) = slice {
        let result = printed.lines().next_back().unwrap_or("nothing was printed");
        slice.log(&[seeds, plan.unwrap_or("all"), result])?;
    }
    let code = output.status.code().context("the simulator was ended")?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}
