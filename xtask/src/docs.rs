//! `cargo xtask docs`: the tables of docs/, from the driver and the names of its tests.

use std::process::ExitCode;

use crate::generated::Generated;
use crate::suite::Program;

/// Messages and parameters.
pub(crate) const CONTROL_PLANE: Generated = Generated {
    path: "docs/CONTROL-PLANE.md",
    program: Program::Docs,
    verb: "docs",
};

/// Write docs/CONTROL-PLANE.md from the driver and from the names of its tests
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if the file is not what the program prints
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Prints the table into its file, or compares.
    ///
    /// # Errors
    /// See [`Generated::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        CONTROL_PLANE.run(self.check)
    }
}
