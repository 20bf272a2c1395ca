//! The driver under the emulated Windows, as a source for any sink: it waits for one to connect,
//! casts to it, and says what happens.

use core::net::SocketAddr;
use core::str::FromStr;
use core::time::Duration;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Instant;

use anyhow::Context as _;
use clap::Parser;
use miracast_miniport::encoder::Source as Pictures;
use miracast_os::ledger::{self, DriverCounting};
use miracast_os::process::Census;
use miracast_suite::checks::{self, Check};
use miracast_suite::mode::{Mode, NoMode};
use miracast_suite::session::LAST_WORDS;
use miracast_suite::source::{Deed, SECONDS_MAX, Setup, Source, recommended, wording};
use miracast_suite::summary::{Sent, write_json};
use miracast_suite::tap::Tap;

#[global_allocator]
static ALLOCATOR: DriverCounting = DriverCounting;

/// How long the sink may take from MODE_SET to PLAY.
const PLAY_LIMIT: Duration = Duration::from_secs(20);

/// Pictures a second of the fastest mode.
const HERTZ_MAX: u32 = 60;

/// How often news is looked for.
const STEP: Duration = Duration::from_millis(20);

/// Cast to the sink that connects
#[derive(Parser)]
#[command(name = "cast")]
struct Arguments {
    /// Where the sink connects to
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// How long the picture is sent
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=SECONDS_MAX))]
    seconds: u32,
    /// The moving test picture, or a file with a byte stream of the mode, H.264 or H.265
    #[arg(long, default_value = "pattern", value_name = "pattern|FILE")]
    input: String,
    /// The mode that the emulated desktop sets; auto is the best that the driver reports
    #[arg(long, default_value = "auto", value_name = "auto|WxHpR")]
    mode: ModeChoice,
    /// Slices in a picture, if the sink takes them
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    slices: u8,
    /// Where the counters of the session are written
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How long the emulated desktop takes to set the mode, in seconds
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    mode_delay: u32,
    /// The driver's DLL, on Windows; without one it is the driver that this program has in it
    #[arg(long, value_name = "FILE")]
    driver: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug)]
struct ModeChoice(Option<Mode>);

impl FromStr for ModeChoice {
    type Err = NoMode;

    fn from_str(text: &str) -> Result<Self, NoMode> {
        if text == "auto" {
            return Ok(Self(None));
        }
        text.parse().map(|mode| Self(Some(mode)))
    }
}

fn main() -> ExitCode {
    checks::exit_code(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    ledger::outside();
    let pictures = pictures(arguments)?;
    let hertz = arguments.mode.0.map_or(HERTZ_MAX, |mode| mode.hertz);
    let bit_rate = recommended(&pictures, hertz)?;
    let setup = setup(arguments, pictures);
    let census = Census::take();
    let tap = accept(arguments.listen)?;
    let source = Source::new(setup)?;
    let outcome = cast(arguments, bit_rate, &source, &tap);
    source.device().stop();
    say_last_words(&tap);
    drop(tap);
    let record = source.finish();
    let mut leaks = census.leaked_threads();
    leaks.extend(census.leaked_handles());
    let sent = Sent::new(&record, &leaks);
    if let Some(path) = &arguments.json {
        write_json(&sent, path).with_context(|| path.display().to_string())?;
    }
    let mut list = vec![match &outcome {
        Ok(()) => Check::new("the session", "played", "played", true),
        Err(why) => Check::new("the session", why, "played", false),
    }];
    list.extend(checks::of_source(&sent));
    Ok(checks::print(&list))
}

fn pictures(arguments: &Arguments) -> anyhow::Result<Pictures> {
    Ok(match arguments.input.as_str() {
        "pattern" => Pictures::OpenH264,
        file => Pictures::File(std::fs::read(file).with_context(|| file.to_owned())?),
    })
}

fn setup(arguments: &Arguments, pictures: Pictures) -> Setup {
    let delay = Duration::from_secs(arguments.mode_delay.into());
    let setup = Setup::new(arguments.mode.0, delay, arguments.slices);
    setup.pictures(pictures).driver(arguments.driver.clone())
}

/// Waits for a sink, for as long as it takes.
fn accept(address: SocketAddr) -> anyhow::Result<Tap> {
    let listener = TcpListener::bind(address).with_context(|| format!("listen on {address}"))?;
    println!("waiting for a sink at {}", listener.local_addr()?);
    let (stream, sink): (TcpStream, _) = listener.accept()?;
    println!("a sink connects from {sink}");
    Ok(Tap::new(stream))
}

/// The session up to the moment at which Windows stops it; an error says in words why it did not
/// play.
fn cast(arguments: &Arguments, bit_rate: u64, source: &Source, tap: &Tap) -> Result<(), String> {
    let stream = tap.lend().map_err(|error| error.to_string())?;
    let mut news = News::new(source);
    let started = source.start(stream, bit_rate);
    news.tell();
    let info = started.map_err(wording::start_failure)?;
    if !info.monitor_connected {
        return Err("the sink has no monitor".to_owned());
    }
    let delay = Duration::from_secs(arguments.mode_delay.into());
    let limit = Instant::now() + delay + PLAY_LIMIT;
    while !news.plays {
        if Instant::now() >= limit {
            return Err(format!("the sink does not play within {PLAY_LIMIT:?}"));
        }
        news.go_on()?;
    }
    let end = Instant::now() + Duration::from_secs(arguments.seconds.into());
    while Instant::now() < end {
        news.go_on()?;
    }
    Ok(())
}

/// Tells what happens, one line each.
struct News<'s> {
    source: &'s Source,
    begin: Instant,
    told: usize,
    plays: bool,
}

impl<'s> News<'s> {
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            begin: Instant::now(),
            told: 0,
            plays: false,
        }
    }

    /// Waits a little and tells the news; the end of the session is an error.
    fn go_on(&mut self) -> Result<(), String> {
        sleep(STEP);
        self.tell();
        let reports = self.source.device().reports();
        reports
            .first()
            .map_or(Ok(()), |report| Err(wording::report(report)))
    }

    fn tell(&mut self) {
        let deeds = self.source.deeds();
        for noted in deeds.iter().skip(self.told) {
            println!(
                "{:8.3} s  {}",
                self.begin.elapsed().as_secs_f64(),
                noted.deed
            );
            self.plays |= noted.deed == Deed::StreamStarted;
        }
        self.told = deeds.len();
    }
}

/// The connection stays open for a while after Stop, as it does on Windows.
fn say_last_words(tap: &Tap) {
    let words = tap.last_words(LAST_WORDS);
    for line in String::from_utf8_lossy(&words).lines() {
        println!("the sink after Stop: {line}");
    }
}
