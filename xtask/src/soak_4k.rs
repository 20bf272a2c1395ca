//! `cargo xtask soak-4k`: 3840x2160p60 at 100 Mbit/s in four slices a picture, in real time.
//!
//! The sink checks every packet as it comes. What it keeps for FFmpeg to decode are the first seconds:
//! a minute would be 750 MB.
//!
//! With the DLL under Wine source and sink are two processes: there each datagram is a call, which Wine's
//! server has a part in, and the sink's would be as many again. The bytes of both are counted and compared; what
//! only one process knows, which sound belongs to which picture, is not judged then.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Context as _;

use crate::runner::Runner;
use crate::suite::{self, Options, Program, free_address, project_root};
use crate::test::ffmpeg;
use crate::test::summary::Summary;
use crate::windows_host::{self, WindowsHost};
use crate::{apt, clips, wine};

/// Where the results are written.
const OUT: &str = "target/soak-4k";

/// Where those of the DLL are.
const WINDOWS_OUT: &str = "target/soak-4k-windows";

/// The counters of the DLL's session, and of its sink.
const SENT: &str = "target/soak-4k-windows/sent.json";
const RECEIVED: &str = "target/soak-4k-windows/summary.json";

const MODE: &str = "3840x2160p60";
const SLICES: u8 = 4;

/// A sink that takes them.
const SINK: &str = "R2-4K60";

/// Seconds that the sink stays for longer than the picture is sent.
const PATIENCE: u32 = 20;

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
        let (code, out) = if self.windows {
            (self.cast_dll(clip, &mut runner)?, WINDOWS_OUT)
        } else {
            (self.cast(clip)?, OUT)
        };
        let stream = project_root().join(out).join("stream.ts");
        ffmpeg::decode_beginning(&mut runner, &stream, DECODED).context("decoded afterwards")?;
        println!("FFmpeg decodes the first {DECODED} pictures without a message");
        Ok(code)
    }

    /// What source and sink have in common, in whichever process they are.
    fn options(&self) -> Options {
        Options::default()
            .option("slices", Some(SLICES))
            .option("seconds", Some(self.seconds))
    }

    /// The driver in this system's program, which is the sink, too.
    fn cast(&self, clip: PathBuf) -> anyhow::Result<ExitCode> {
        let options = kept(self.options(), OUT)
            .path("file", Some(clip))
            .option("mode", Some(MODE))
            .option("sink", Some(SINK));
        suite::run(Program::Demo, &options)
    }

    /// The DLL, and a sink that is this system's program.
    fn cast_dll(&self, clip: PathBuf, runner: &mut Runner) -> anyhow::Result<ExitCode> {
        if !cfg!(windows) {
            apt::install(windows_host::PACKAGES, runner)?;
        }
        let host = WindowsHost::build(runner, Program::Cast)?;
        let sink = suite::build(Program::Sink)?;
        // Counters of an earlier session must not be taken for those of this one.
        let out = project_root().join(WINDOWS_OUT);
        if out.exists() {
            fs::remove_dir_all(&out).with_context(|| out.display().to_string())?;
        }
        fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
        let address = free_address()?;
        let source = self
            .options()
            .option("listen", Some(&address))
            .path("input", Some(clip))
            .path("json", Some(SENT.into()))
            .option("mode", Some(MODE));
        // The source ends the session; what it takes to start is no part of its time.
        let peer = kept(Options::default(), WINDOWS_OUT)
            .option("slices", Some(SLICES))
            .option("seconds", Some(self.seconds + PATIENCE))
            .option("connect", Some(&address))
            .option("profile", Some(SINK));
        let mut command = host.command();
        command.args(source.words());
        if !cfg!(windows) {
            wine::stop();
            command = wine::beside_its_server(&command);
        }
        let mut source = command
            .current_dir(project_root())
            .spawn()
            .context("the source")?;
        let seen = suite::run_command(
            Program::Sink,
            Command::new(sink)
                .args(peer.words())
                .current_dir(project_root()),
        );
        let played = source.wait().context("the source")?;
        let seen = seen?;
        let read = |file: &str| Summary::read(&project_root().join(file));
        let (sent, received) = (read(SENT)?, read(RECEIVED)?);
        sent.want_all_bytes(&received)?;
        let bytes = received.count("es_bytes_received")?;
        println!("all of the encoder's {bytes} bytes that the DLL sent came");
        Ok(if played.success() {
            seen
        } else {
            ExitCode::FAILURE
        })
    }
}

/// A sink that decodes nothing and keeps the beginning, in `out`.
fn kept(options: Options, out: &str) -> Options {
    options
        .option("decode", Some("no"))
        .option("keep", Some(KEEP))
        .path("out", Some(out.into()))
}
