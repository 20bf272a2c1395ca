//! `cargo xtask docs`: the tables of docs/, from the driver and the names of its tests.

use std::process::ExitCode;

use crate::generated::Generated;
use crate::suite::Program;

/// Messages and parameters, the rules of the stream, and the requirements of the driver interface.
pub(crate) const FILES: [Generated; 3] = [
    file("docs/CONTROL-PLANE.md", &["control-plane"]),
    file("docs/MEDIA-PLANE.md", &["media-plane"]),
    file("docs/CONFORMANCE.md", &["conformance"]),
];

const fn file(path: &'static str, arguments: &'static [&'static str]) -> Generated {
    Generated {
        path,
        program: Program::Docs,
        arguments,
        verb: "docs",
    }
}

/// Write the tables of docs/ from the driver and from the names of its tests
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if a file is not what the program prints
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Prints the tables into their files, or compares.
    ///
    /// # Errors
    /// See [`Generated::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        for file in FILES {
            file.run(self.check)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
