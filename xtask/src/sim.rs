//! `cargo xtask sim`: sessions on one thread each, with one virtual clock and one seed.

mod mutants;
mod seeds;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Simulate sessions in virtual time; a failure prints what replays it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Minutes of virtual time
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// The seed of everything that is left to chance
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A link that is not good instead: loss-1, loss-5, loss-10, step, backlog, outage. With --seeds: only
    /// these faults, of connection, media, escapes, chunks, rates, messages, sound, sinks, asides, time, stop
    #[arg(long, value_name = "NAME", conflicts_with = "minutes")]
    plan: Option<String>,
    /// Draw the rate of that session over time
    #[arg(long, value_name = "FILE", requires = "plan", conflicts_with = "seeds")]
    report: Option<PathBuf>,
    /// A short session with faults for each of these seeds, on all cores
    #[arg(long, value_name = "A..B", conflicts_with_all = ["minutes", "seed"])]
    seeds: Option<String>,
    /// Only the faults at these places of the list that a failure prints
    #[arg(long, value_name = "N,..", requires = "seeds")]
    keep: Option<String>,
    /// Add a line with the result to this file
    #[arg(long, value_name = "FILE", requires = "seeds", conflicts_with = "keep")]
    log: Option<PathBuf>,
    /// Take checks of the driver away, one at a time, and see whether seeds fail: tests/sim/mutants.txt
    #[arg(long, conflicts_with_all = ["minutes", "seed", "seeds", "plan"])]
    mutants: bool,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`]; or the log cannot be written.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        if self.mutants {
            return mutants::run();
        }
        if let Some(seeds) = self.seeds {
            let plan = self.plan;
            return seeds::run(&seeds, plan.as_deref(), self.keep.as_deref(), self.log);
        }
        let options = Options::default()
            .option("minutes", self.minutes)
            .option("seed", self.seed)
            .option("plan", self.plan)
            .path("report", self.report);
        suite::run(Program::Sim, &options)
    }
}
