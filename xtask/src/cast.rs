//! `cargo xtask cast`: the driver under the emulated Windows, as a source that any sink can connect
//! to.

use core::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};
use crate::windows_host;

/// Cast to the sink that connects
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the sink connects to; a sink in the field expects port 7236
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// How long the picture is sent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: Option<u32>,
    /// The moving test picture, or a file with a byte stream, H.264 or H.265
    #[arg(long, value_name = "pattern|FILE")]
    input: Option<String>,
    /// The mode that the emulated desktop wants, such as 1280x720p30
    #[arg(long, value_name = "auto|WxHpR", value_parser = suite::mode_or_auto)]
    mode: Option<String>,
    /// How long the emulated desktop takes before it sets the mode, in seconds
    #[arg(long, value_name = "SECONDS")]
    mode_delay: Option<u32>,
    /// Slices in a picture
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: Option<u8>,
    /// Where the counters of the session are written
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
            .option("listen", Some(self.listen))
            .option("seconds", self.seconds)
            .option("input", self.input)
            .option("mode", self.mode)
            .option("mode-delay", self.mode_delay)
            .option("slices", self.slices)
            .path("json", self.json);
        if self.windows {
            windows_host::run(Program::Cast, &options)
        } else {
            suite::run(Program::Cast, &options)
        }
    }
}
