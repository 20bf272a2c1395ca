//! `cargo xtask header`: the C header of the contract, from the Rust definitions.

use std::process::ExitCode;

use crate::generated::Generated;
use crate::suite::Program;

/// The header.
pub(crate) const HEADER: Generated = Generated {
    path: "kmd-iface/include/miracast_kmd.h",
    program: Program::Header,
    arguments: &[],
    verb: "header",
};

/// Write the C header of the contract with the miniport from the Rust definitions
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if the header is not what the definitions say
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Prints the header into its file, or compares.
    ///
    /// # Errors
    /// See [`Generated::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        HEADER.run(self.check)
    }
}
