//! The strict sink by itself, for any source: it checks everything that the source says and sends,
//! and writes what it found.

use core::net::SocketAddrV4;
use core::time::Duration;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Parser;
use miracast_field::entry::{self, Answers};
use miracast_sink::live::{Sink, SinkReport};
use miracast_sink::machine::Event;
use miracast_sink::profile::Profile;
use miracast_suite::checks::{self, Check};
use miracast_suite::choice::YesNo;
use miracast_suite::playback::{RECORD_MAX, sink_options};
use miracast_suite::report::png;
use miracast_suite::summary::{Received, write_json};

/// Pictures that are kept, and how many frames apart.
const PICTURES: usize = 6;
const PICTURE_EVERY: u64 = 30;

/// How long the source may take to listen.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// Longest wait for one event.
const STEP: Duration = Duration::from_millis(100);

/// Connect to a source, check everything that it says and sends
#[derive(Parser)]
#[command(name = "sink")]
struct Arguments {
    /// The source's RTSP port
    #[arg(long, value_name = "ADDR:PORT", required_unless_present = "profile")]
    connect: Option<SocketAddrV4>,
    /// The longest time that the sink stays; without it until the source ends the session
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: Option<u32>,
    /// Slices in a picture that the sink says it can take
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: u8,
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
    /// The sink that it plays: one with a quirk of the field, such as Q23, or one of R2; `list` lists
    /// them
    #[arg(long, value_name = "NAME", conflicts_with = "caps")]
    profile: Option<String>,
    /// Whether the sink decodes what it receives; what it does not decode it still checks
    #[arg(long, value_enum, default_value_t = YesNo::Yes)]
    decode: YesNo,
    /// Bytes of datagrams that are kept for stream.ts and session.pcap, from the first on
    #[arg(long, value_name = "BYTES", default_value_t = RECORD_MAX)]
    keep: usize,
    /// Where the counters, the stream, the capture and some pictures are written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.profile.as_deref() == Some("list") {
        print_profiles();
        return ExitCode::SUCCESS;
    }
    checks::exit_code(run(&arguments))
}

/// The profile that is wanted, if one is.
fn profile(arguments: &Arguments) -> anyhow::Result<Option<&'static Profile>> {
    let Some(name) = &arguments.profile else {
        return Ok(None);
    };
    let found = Profile::find(name).map(Some);
    found.with_context(|| format!("there is no profile {name}: `--profile list` lists them"))
}

fn print_profiles() {
    for Profile { name, does, .. } in Profile::all() {
        println!("{name:16} {does}");
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let report = play(arguments)?;
    let received = Received::new(&report);
    if let Some(out) = &arguments.out {
        write(out, &report, &received).with_context(|| out.display().to_string())?;
    }
    let mut list = checks::of_sink(&received);
    if !report.unmet.is_empty() {
        let missing = format!("for want of {:?}", report.unmet);
        list.push(Check::new(
            "a black screen or a silent speaker",
            missing,
            "no",
            false,
        ));
    }
    if let Some(dropped) = received.socket_drops {
        list.push(Check::new(
            "datagrams that this machine dropped",
            dropped.to_string(),
            "0",
            dropped == 0,
        ));
    }
    Ok(checks::print(&list))
}

/// The session, until the source ends it or the time is over.
fn play(arguments: &Arguments) -> anyhow::Result<SinkReport> {
    let source = arguments.connect.context("--connect is missing")?;
    let mut options = sink_options(arguments.slices, PICTURES, PICTURE_EVERY);
    options.connect_timeout = CONNECT_LIMIT;
    options.record_max = arguments.keep;
    options.decode = options.decode.filter(|_| arguments.decode == YesNo::Yes);
    // There is nothing to compare them with here, and the source may stay for days.
    options.units_max = 0;
    // A real network may split a segment without the source's doing.
    options.settings.whole_segments = source.ip().is_loopback();
    if let (Some(file), Some(device)) = (&arguments.caps, &arguments.device) {
        let recorded = recorded(file, device).with_context(|| file.display().to_string())?;
        options.rtp_port = port(&recorded);
        options.settings.capabilities.recorded = Some(recorded.0);
    }
    if let Some(profile) = profile(arguments)? {
        profile.apply(&mut options.settings);
        options.marker = options.settings.marker();
        println!("{}: {}", profile.name, profile.does);
    }
    let mut sink =
        Sink::connect(source, options).with_context(|| format!("connect to {source}"))?;
    let begin = Instant::now();
    let limit = arguments
        .seconds
        .map(|seconds| Duration::from_secs(seconds.into()));
    while limit.is_none_or(|limit| begin.elapsed() < limit) {
        let Some(event) = sink.next_event(STEP) else {
            continue;
        };
        println!("{:8.3} s  {}", begin.elapsed().as_secs_f64(), text(&event));
        if matches!(event, Event::Ended(_)) {
            return Ok(sink.wait()?);
        }
    }
    Ok(sink.stop()?)
}

/// The answer of one recorded sink, completed where the record is an excerpt.
fn recorded(file: &Path, device: &str) -> anyhow::Result<Answers> {
    let entries = entry::read(&fs::read_to_string(file)?)?;
    let mut answers = entry::find(&entries, device)?.answers.clone();
    let completed = answers.complete();
    if !completed.is_empty() {
        println!("not in the record, and completed: {}", completed.join(", "));
    }
    Ok(answers)
}

/// The RTP port that the record names; any, if that cannot be read.
fn port(recorded: &Answers) -> u16 {
    let ports = recorded.value("wfd_client_rtp_ports");
    let port = ports.and_then(|ports| ports.split(' ').nth(1)?.parse().ok());
    port.unwrap_or(0)
}

fn text(event: &Event) -> String {
    match event {
        Event::SoundChosen(sound) => format!("the source chose {sound}"),
        Event::Chosen(choice) => format!("the source chose {choice}"),
        Event::InputPort(port) => format!("input goes to port {port}"),
        Event::SetUp { rtp, .. } => format!("RTP will come from port {rtp}"),
        Event::Playing => "playing".to_owned(),
        Event::Paused => "paused".to_owned(),
        Event::StandingBy => "standing by".to_owned(),
        Event::Ended(end) => format!("ended: {end:?}"),
    }
}

fn write(out: &Path, report: &SinkReport, received: &Received) -> std::io::Result<()> {
    fs::create_dir_all(out)?;
    write_json(received, &out.join("summary.json"))?;
    report.write_ts(BufWriter::new(File::create(out.join("stream.ts"))?))?;
    report.write_pcap(BufWriter::new(File::create(out.join("session.pcap"))?))?;
    let pictures = report.decode.iter().flat_map(|decode| &decode.pictures);
    for picture in pictures {
        let name = format!("picture-{:05}.png", picture.unit);
        if let Some(file) = png(picture) {
            fs::write(out.join(name), file)?;
        }
    }
    Ok(())
}
