//! The simulator: sessions without a fault, and the same session again from the same seed.

use core::time::Duration;
use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::runner::Runner;
use crate::suite::{Program, project_root};

pub(crate) const CHECK: Check = Check {
    name: "sim",
    needs: &["nasm"],
    after: &[],
    run,
};

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
