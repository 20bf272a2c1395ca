//! `cargo xtask soak-4k`: 3840x2160p60 at 100 Mbit/s in four slices a picture, in real time.
//!
//! The sink checks every packet as it comes. What it keeps for FFmpeg to decode are the first seconds:
//! a minute would be 750 MB.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::runner::Runner;
use crate::suite::{self, Options, Program, project_root};
use crate::test::ffmpeg;
use crate::{apt, clips, windows_host};

/// Where the results are written.
const OUT: &str = "target/soak-4k";

/// Where those of the DLL are.
const WINDOWS_OUT: &str = "target/soak-4k-windows";

/// Bytes of datagrams that are kept: more than four seconds.
const KEEP: usize = 60_000_000;

/// Pictures that FFmpeg decodes of these.
const DECODED: u64 = 180;

/// Cast a clip of 3840x2160p60, 100 Mbit/s and four slices to the emulated sink, looped in real time; wants
/// a machine that has two cores to itself
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(6..=3600))]
    seconds: u32,
    /// Run the DLL as it ships, in a Windows program; Wine runs that where this is not Windows
    #[arg(long)]
    windows: bool,
}

impl Args {
    /// Makes the clip, casts it, and decodes the beginning of what came.
    ///
    /// # Errors
    /// If FFmpeg is missing or finds fault, or the demo cannot be built.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut runner = Runner::open("soak-4k")?;
        apt::present(&["ffmpeg", "nasm"], &mut runner)?;
        let clip = clips::UHD.file(&mut runner)?;
        let out = if self.windows { WINDOWS_OUT } else { OUT };
        let options = Options::default()
            .path("file", Some(clip))
            .option("mode", Some("3840x2160p60"))
            .option("slices", Some(4))
            .option("sink", Some("R2-4K60"))
            .option("decode", Some("no"))
            .option("keep", Some(KEEP))
            .option("seconds", Some(self.seconds))
            .path("out", Some(out.into()));
        let code = if self.windows {
            windows_host::run(Program::Demo, &options)
        } else {
            suite::run(Program::Demo, &options)
        }?;
        let stream = project_root().join(out).join("stream.ts");
        ffmpeg::decode_beginning(&mut runner, &stream, DECODED).context("decoded afterwards")?;
        println!("FFmpeg decodes the first {DECODED} pictures without a message");
        Ok(code)
    }
}
