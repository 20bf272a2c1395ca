//! `cargo xtask stress`: the driver entered on many threads at once, four contexts together, and contexts
//! made and destroyed in great number.

use std::process::ExitCode;

use crate::suite::{self, Options, Program};
use crate::windows_host;

/// Enter the driver on many threads, with four contexts at once, and ten thousand times
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only storms of calls out of turn, one context for each seed, such as 0..100
    #[arg(long, value_name = "A..B")]
    seeds: Option<String>,
    /// Contexts that are made and destroyed
    #[arg(long, value_name = "N")]
    cycles: Option<u32>,
    /// Run the DLL as it ships, in a Windows program; Wine runs that where this is not Windows
    #[arg(long)]
    windows: bool,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`] and [`windows_host::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default()
            .option("seeds", self.seeds)
            .option("cycles", self.cycles);
        if self.windows {
            windows_host::run(Program::Stress, &options)
        } else {
            suite::run(Program::Stress, &options)
        }
    }
}
