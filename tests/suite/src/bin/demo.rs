//! A whole session between the driver and the emulated Windows, miniport and sink, in one process
//! over the loopback interface. It leaves a report for a reader, counters for programs, and the
//! stream and a capture for analysers.

use core::time::Duration;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use miracast_miniport::encoder::{Coding, Source as Pictures};
use miracast_os::ledger::DriverCounting;
use miracast_sink::machine::Command;
use miracast_sink::profile::Profile;
use miracast_suite::checks;
use miracast_suite::choice::YesNo;
use miracast_suite::comparison::Comparison;
use miracast_suite::mode::Mode;
use miracast_suite::playback::{RECORD_MAX, sink_options};
use miracast_suite::report::{self, Facts};
use miracast_suite::session::{Record, Session};
use miracast_suite::sound::Wish;
use miracast_suite::source::{SECONDS_MAX, Setup, recommended};
use miracast_suite::summary::{Summary, write_json};
use miracast_suite::weather;

#[global_allocator]
static ALLOCATOR: DriverCounting = DriverCounting;

/// Pictures in the report.
const PICTURES: u32 = 6;

/// How long the session may take until it plays.
const PLAY_LIMIT: Duration = Duration::from_secs(15);

/// The sink that takes the mode in H.265 alone.
const HEVC_SINK: &str = "R2-HEVC";

/// What the simulated links follow from.
const SEED: u64 = 1;

/// How often the progress is shown.
const STEP: Duration = Duration::from_millis(50);

/// Thousandths of a bit per pixel to which the link dips in the middle: little above the lowest
/// rate at which the driver holds on to a mode.
const DIP: u64 = 60;

/// What the link carries beside that, in bit/s: LPCM at 48 kHz.
const SOUND: u64 = 1_536_000;

/// Cast to the emulated sink for some seconds
#[derive(Parser)]
#[command(name = "demo")]
struct Arguments {
    /// How long the picture is sent
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=SECONDS_MAX))]
    seconds: u32,
    /// The mode that the emulated desktop wants
    #[arg(long, default_value = "1280x720p30")]
    mode: Mode,
    /// A file with a byte stream of that mode, H.264 or H.265, which is played in a loop instead of the
    /// desktop's picture
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The sink, one of those that `sink --profile list` lists; with a file of H.265 one that takes that
    #[arg(long, value_name = "NAME")]
    sink: Option<String>,
    /// Whether the sink decodes what it receives; what it does not decode it still checks
    #[arg(long, value_enum, default_value_t = YesNo::Yes)]
    decode: YesNo,
    /// Bytes of datagrams that are kept for stream.ts and session.pcap, from the first on
    #[arg(long, value_name = "BYTES", default_value_t = RECORD_MAX)]
    keep: usize,
    /// Slices in a picture
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: u8,
    /// Whether the encoder puts delimiters and parameter sets into its chunks itself
    #[arg(long, value_enum, default_value_t = YesNo::No)]
    encoder_headers: YesNo,
    /// The sound that the sink can play
    #[arg(long, value_enum, default_value_t = Wish::Lpcm)]
    sound: Wish,
    /// What coded sound is made of, an ADTS or AC-3 file; without one it has headers and no content
    #[arg(long, value_name = "FILE")]
    sound_frames: Option<PathBuf>,
    /// Whether sessions over bad links are simulated, too, for the report
    #[arg(long, value_enum, default_value_t = YesNo::No)]
    bad_link: YesNo,
    /// Where the results are written
    #[arg(long, default_value = "target/demo")]
    out: PathBuf,
    /// The source's RTSP port; 0 takes one that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The driver's DLL, on Windows; without one it is the driver that this program has in it
    #[arg(long, value_name = "FILE")]
    driver: Option<PathBuf>,
}

fn main() -> ExitCode {
    checks::exit_code(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let record = play(arguments)?;
    let sent = record.source.sent();
    let comparison = Comparison::new(&sent, record.source.cut(), &record.sink.units);
    let summary = Summary::new(&record, &comparison);
    let mut checks = checks::of_session(&summary);
    if arguments.file.is_none() {
        checks.push(checks::of_desktop(&summary.received));
    }
    checks.extend(wishes(arguments, &record));
    checks.extend(arguments.sound.checks(&summary.sound));
    let courses = match arguments.bad_link {
        YesNo::Yes => weather::courses(SEED),
        YesNo::No => Vec::new(),
    };
    checks.extend(weather::checks(&courses));
    write(&arguments.out, &record, &summary).context("cannot write the results")?;
    let facts = Facts {
        record: &record,
        summary: &summary,
        comparison: &comparison,
        checks: &checks,
        weather: &courses,
    };
    fs::write(arguments.out.join("report.html"), report::page(&facts))?;
    let good = checks::print(&checks);
    let verdict = if good {
        "everything holds"
    } else {
        "NOT everything holds"
    };
    println!(
        "{verdict}; see {}",
        arguments.out.join("report.html").display()
    );
    Ok(good)
}

/// The session.
fn play(arguments: &Arguments) -> anyhow::Result<Record> {
    let pictures = pictures(arguments)?;
    let (coding, bit_rate) = (
        pictures.coding(),
        recommended(&pictures, arguments.mode.hertz)?,
    );
    let setup = Setup::new(Some(arguments.mode), Duration::ZERO, arguments.slices)
        .pictures(pictures)
        .encoder_headers(arguments.encoder_headers == YesNo::Yes)
        .driver(arguments.driver.clone());
    let frames = u64::from(arguments.seconds) * u64::from(arguments.mode.hertz);
    let every = (frames / u64::from(PICTURES)).max(1);
    let mut options = sink_options(arguments.slices, PICTURES as usize, every);
    options.record_max = arguments.keep;
    options.decode = options.decode.filter(|_| arguments.decode == YesNo::Yes);
    let hevc_sink = (coding == Coding::H265).then_some(HEVC_SINK);
    if let Some(name) = arguments.sink.as_deref().or(hevc_sink) {
        let profile = Profile::find(name).with_context(|| format!("there is no sink {name}"))?;
        profile.apply(&mut options.settings);
    }
    let frames = arguments.sound_frames.as_deref().map(read).transpose()?;
    let (setup, options) = arguments.sound.set_up(setup, options, frames);
    let mut session = Session::connect(setup, options, arguments.port)?;
    println!(
        "source at {}, casting {}",
        session.address(),
        arguments.mode
    );
    let info = session
        .start(bit_rate)
        .map_err(|status| anyhow::anyhow!("StartMiracastSession failed: {status}"))?;
    if !info.monitor_connected {
        bail!("the sink says that no monitor is connected");
    }
    if session.wait_for_play(PLAY_LIMIT) {
        watch(arguments, &session, bit_rate);
    } else {
        println!("the sink does not play");
    }
    session.finish().context("the sink")
}

/// Where the pictures come from.
fn pictures(arguments: &Arguments) -> anyhow::Result<Pictures> {
    let file = arguments.file.as_deref().map(read).transpose()?;
    Ok(file.map_or(Pictures::OpenH264, Pictures::File))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| file.display().to_string())
}

/// Lets the picture run: the link dips in the middle, and the sink asks for an IDR picture.
fn watch(arguments: &Arguments, session: &Session, bit_rate: u64) {
    let whole = Duration::from_secs(arguments.seconds.into());
    let bar = ProgressBar::new(whole.as_millis() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {msg}") {
        bar.set_style(style);
    }
    let pixels = u64::from(arguments.mode.width) * u64::from(arguments.mode.height);
    let dip = pixels * u64::from(arguments.mode.hertz) * DIP / 1000 + SOUND;
    let mut plan = vec![
        (whole * 7 / 10, Step::Link(bit_rate)),
        (whole / 2, Step::Idr),
        (whole * 4 / 10, Step::Link(dip)),
    ];
    if arguments.file.is_some() {
        // A file has the rate that it has.
        plan.retain(|(_, step)| matches!(step, Step::Idr));
    }
    let begin = Instant::now();
    while begin.elapsed() < whole && session.source().device().reports().is_empty() {
        while let Some((_, step)) = plan.pop_if(|(at, _)| *at <= begin.elapsed()) {
            match step {
                Step::Link(rate) => session.source().recommend(rate),
                Step::Idr => session.command(Command::RequestIdr),
            }
        }
        bar.set_position(begin.elapsed().as_millis() as u64);
        bar.set_message(format!("{:.0} s", begin.elapsed().as_secs_f64()));
        sleep(STEP);
    }
    bar.finish_and_clear();
}

/// What happens in the middle.
enum Step {
    /// Windows recommends another bit rate.
    Link(u64),
    /// M13.
    Idr,
}

/// That the session was what was asked for.
fn wishes(arguments: &Arguments, record: &Record) -> Vec<checks::Check> {
    let settings = record.source.settings();
    let mode = settings.map_or_else(
        || "none".to_owned(),
        |settings| format!("{}x{}p{}", settings.width, settings.height, settings.rate()),
    );
    let slices = record.sink.stream.slices_max;
    let wanted = arguments.mode.to_string();
    vec![
        checks::Check::new("mode", mode.clone(), wanted.clone(), mode == wanted),
        checks::Check::new(
            "slices in a picture",
            slices.to_string(),
            arguments.slices.to_string(),
            slices == u32::from(arguments.slices),
        ),
    ]
}

fn write(out: &Path, record: &Record, summary: &Summary) -> std::io::Result<()> {
    fs::create_dir_all(out)?;
    write_json(summary, &out.join("summary.json"))?;
    let stream = File::create(out.join("stream.ts"))?;
    record.sink.write_ts(BufWriter::new(stream))?;
    let capture = File::create(out.join("session.pcap"))?;
    record.sink.write_pcap(BufWriter::new(capture))
}
