//! `cargo xtask soak`: a session of ten minutes in real time, and what the process holds meanwhile.

use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Cast 1280x720p30 with sound to the emulated sink for ten minutes and look each second at memory, handles and
/// threads, which must not grow; writes target/soak/report.html and samples.json
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(10..=3600))]
    seconds: u32,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default().option("seconds", Some(self.seconds));
        suite::run(Program::Soak, &options)
    }
}
