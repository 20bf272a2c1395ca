//! `cargo xtask sink`: the strict emulated sink by itself, for any source.

use core::net::SocketAddrV4;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};

/// Connect to a source, check everything that it says and sends
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The source's RTSP port
    #[arg(long, value_name = "ADDR:PORT", required_unless_present = "profile")]
    connect: Option<SocketAddrV4>,
    /// The longest time that the sink stays; without it until the source ends the session
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: Option<u32>,
    /// Slices in a picture that the sink says it can take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: Option<u8>,
    /// A file of recorded sinks, one of which the sink answers M3 as
    #[arg(
        long,
        value_name = "FILE.jsonl",
        requires = "device",
        conflicts_with = "slices"
    )]
    caps: Option<PathBuf>,
    /// Which one: its `device`, or the beginning of it
    #[arg(long, value_name = "NAME", requires = "caps")]
    device: Option<String>,
    /// The sink that it plays: one with a quirk of the field, such as Q23; `list` lists them
    #[arg(long, value_name = "NAME", conflicts_with = "caps")]
    profile: Option<String>,
    /// Where the report, the stream and the capture are written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Args {
    /// Runs the program.
    ///
    /// # Errors
    /// See [`suite::run`].
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options::default()
            .option("connect", self.connect)
            .option("seconds", self.seconds)
            .option("slices", self.slices)
            .path("caps", self.caps)
            .option("device", self.device)
            .option("profile", self.profile)
            .path("out", self.out);
        suite::run(Program::Sink, &options)
    }
}
