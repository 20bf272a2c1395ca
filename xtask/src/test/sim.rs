//! The simulator: sessions without a fault, the same session again from the same seed, and sessions with
//! faults.

use core::time::Duration;
use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::runner::Runner;
use crate::suite::{Program, project_root};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "sim",
        needs: &["nasm"],
        after: &[],
        run,
    },
    Check {
        name: "sim-seeds",
        needs: &["nasm"],
        after: &[],
        run: seeds,
    },
];

/// Short sessions with faults, each from one seed.
const TRIALS: &str = "0..2500";

/// Virtual time; it passes far faster than ours.
const MINUTES: &str = "10";
const SEEDS: [&str; 2] = ["1", "2"];
const LIMIT: Duration = Duration::from_mins(2);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let sim = runner.build(Program::Sim)?;
    let mut simulate = |seed: &str| -> anyhow::Result<String> {
        let mut command = Command::new(&sim);
        command
            .current_dir(project_root())
            .args(["--minutes", MINUTES, "--seed", seed]);
        Ok(runner.run(&mut command, LIMIT)?.stdout)
    };
    let first = simulate(SEEDS[0])?;
    ensure!(!first.trim().is_empty(), "the simulator printed nothing");
    ensure!(
        first == simulate(SEEDS[0])?,
        "seed {} does not replay itself",
        SEEDS[0]
    );
    ensure!(first != simulate(SEEDS[1])?, "the seed changes nothing");
    Ok(format!(
        "{MINUTES} virtual minutes, twice the same from one seed"
    ))
}

fn seeds(runner: &mut Runner) -> anyhow::Result<String> {
    let program = runner.build(Program::Seeds)?;
    let mut command = Command::new(program);
    command
        .current_dir(project_root())
        .args(["--seeds", TRIALS]);
    let printed = runner.run(&mut command, 3 * LIMIT)?.stdout;
    let last = printed.lines().next_back().unwrap_or_default();
    ensure!(last.contains(" 0 failed"), "{last}");
    Ok(last.to_owned())
}
