//! `cargo xtask caps`: what the driver makes of recorded sinks, in virtual time.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Play a session in virtual time with each recorded sink of a file; print a JSON object for each
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A JSON object a line: `device`, and `m3_response` with names and values of the answer to M3;
    /// such as tests/data/sink-caps.jsonl
    #[arg(value_name = "FILE.jsonl")]
    file: PathBuf,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default().path("caps", Some(self.file));
        suite::run(Program::Field, &options)
    }
}
