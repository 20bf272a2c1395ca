//! `cargo xtask sim`: one session on one thread, with one virtual clock and one seed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Simulate one session in virtual time; a failure prints the seed that replays it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Minutes of virtual time
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// The seed of everything that is left to chance
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A link that is not good instead: loss-1, loss-5, loss-10, step, backlog, outage
    #[arg(long, value_name = "NAME", conflicts_with = "minutes")]
    plan: Option<String>,
    /// Draw the rate of that session over time
    #[arg(long, value_name = "FILE", requires = "plan")]
    report: Option<PathBuf>,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default()
            .option("minutes", self.minutes)
            .option("seed", self.seed)
            .option("plan", self.plan)
            .path("report", self.report);
        suite::run(Program::Sim, &options)
    }
}
