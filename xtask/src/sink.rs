//! `cargo xtask sink`: the strict emulated sink by itself, for any source.

use core::net::SocketAddr;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Connect to a source, check everything that it says and sends
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The source's RTSP port
    #[arg(long, value_name = "ADDR:PORT")]
    connect: SocketAddr,
    /// The longest time that the sink stays
    #[arg(long, value_name = "N")]
    seconds: Option<u32>,
    /// Slices in a picture that the sink says it can take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: Option<u8>,
    /// Where the report, the stream and the capture are written
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default()
            .option("connect", Some(self.connect))
            .option("seconds", self.seconds)
            .option("slices", self.slices)
            .option("out", self.out);
        suite::run(Program::Sink, &options)
    }
}
