//! `cargo xtask sim`: one honest session on one thread, with one virtual clock and one seed.

use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Simulate one honest session in virtual time; a failure prints the seed that replays it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Minutes of virtual time
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// The seed of everything that is left to chance
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default()
            .option("minutes", self.minutes)
            .option("seed", self.seed);
        suite::run(Program::Sim, &options)
    }
}
