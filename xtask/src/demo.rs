//! `cargo xtask demo`: one whole session between the driver and the emulated Windows, miniport and
//! sink, over sockets of this machine.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::suite::{self, Options, Program};
use crate::tone;
use crate::windows_host;

/// Where the results of the DLL are written; the program knows where its others go.
pub(crate) const WINDOWS_OUT: &str = "target/demo-windows";

/// Cast to the emulated sink for some seconds; writes target/demo/report.html, summary.json,
/// stream.ts and session.pcap; with --windows in target/demo-windows
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long the picture is sent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: Option<u32>,
    /// The mode that the emulated desktop wants, such as 1280x720p30
    #[arg(long, value_name = "WxHpR", value_parser = suite::mode)]
    mode: Option<String>,
    /// A file with a byte stream of that mode, H.264 or H.265, which is played in a loop instead of the
    /// desktop's picture
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Slices in a picture
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: Option<u8>,
    /// Whether the encoder puts access unit delimiters and parameter sets into its chunks itself
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    encoder_headers: Option<String>,
    /// The sound that the emulated sink can play; for aac and ac3 FFmpeg makes the frames
    #[arg(long, value_name = "lpcm|aac|ac3|none", value_parser = ["lpcm", "aac", "ac3", "none"])]
    sound: Option<String>,
    /// Whether the report has plots of bad links, which take some seconds; yes unless it is
    /// --windows
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    bad_link: Option<String>,
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
        let sound = self.sound.as_deref();
        let frames = sound.map(tone::frames).transpose()?.flatten();
        let usual = if self.windows { "no" } else { "yes" };
        let bad_link = self.bad_link.as_deref().unwrap_or(usual);
        let options = Options::default()
            .option("bad-link", Some(bad_link))
            .option("seconds", self.seconds)
            .option("mode", self.mode)
            .path("file", self.file)
            .option("slices", self.slices)
            .option("encoder-headers", self.encoder_headers)
            .option("sound", self.sound)
            .path("sound-frames", frames)
            .path("out", self.windows.then(|| WINDOWS_OUT.into()));
        if self.windows {
            windows_host::run(Program::Demo, &options)
        } else {
            suite::run(Program::Demo, &options)
        }
    }
}
