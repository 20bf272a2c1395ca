//! The fuzz targets with libFuzzer: a fixed number of inputs from a fixed seed.

use core::time::Duration;
use std::fs;

use anyhow::ensure;

use super::Check;
use super::runner::{BUILD_LIMIT, Runner};
use crate::fuzz::Target;
use crate::suite::executable;

pub(crate) const CHECK: Check = Check {
    name: "fuzz",
    needs: &[],
    after: &[],
    run,
};

/// Inputs of each target: that the fuzzer works is the question here, and that it finds nothing at
/// once.
const RUNS: u32 = 3000;

/// The same of the one whose inputs are whole sessions: each takes milliseconds.
const RUNS_OF_SESSIONS: u32 = 1000;

/// The same of the one whose sessions have threads and sockets: each takes a tenth of a second by the clock.
const RUNS_OF_THREADS: u32 = 150;
const LIMIT: Duration = Duration::from_mins(2);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    // Not the corpus of `cargo xtask fuzz`: that one grows, and this run is the same every time.
    let corpora = runner.scratch()?;
    for target in Target::all() {
        let corpus = corpora.join(target.name());
        fs::create_dir(&corpus)?;
        let built = runner.run(&mut target.build_command(), BUILD_LIMIT)?;
        runner.run(&mut target.seed_command(&corpus), BUILD_LIMIT)?;
        let mut command = Target::command(executable(&built.stdout)?, &corpora);
        let runs = match target {
            Target::Ddi => RUNS_OF_SESSIONS,
            Target::Entry => RUNS_OF_THREADS,
            _ => RUNS,
        };
        command.args([format!("-runs={runs}"), "-seed=1".into()]);
        target.corpora(&mut command, &corpus);
        let printed = runner.run(&mut command, LIMIT)?;
        ensure!(
            printed.stderr.contains("DONE"),
            "{} did not end as it should",
            target.name()
        );
    }
    Ok(format!(
        "{} targets, up to {RUNS} inputs each",
        Target::all().len()
    ))
}
