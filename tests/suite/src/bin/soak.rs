//! `cargo xtask soak`: a long session of 1280x720p30 with sound in real time, over the loopback interface, with
//! changes of the bit rate and wishes for IDR pictures. What is judged is what the process holds, and that
//! everything came; not how long anything took, so that the machine may do something else besides.

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use clap::Parser;
use miracast_miniport::encoder::Source as Pictures;
use miracast_os::ledger::{self, DriverCounting};
use miracast_sink::machine::Command;
use miracast_sink::stream::Fault;
use miracast_suite::checks::{self, Check};
use miracast_suite::comparison::Comparison;
use miracast_suite::mode::Mode;
use miracast_suite::playback::sink_options;
use miracast_suite::session::{Record, Session};
use miracast_suite::soak::{self, Sample, WARM_UP};
use miracast_suite::sound::Wish;
use miracast_suite::source::{BIT_RATE, SECONDS_MAX, Setup};
use miracast_suite::summary::{Summary, write_json};

#[global_allocator]
static ALLOCATOR: DriverCounting = DriverCounting;

const MODE: Mode = Mode {
    width: 1280,
    height: 720,
    hertz: 30,
};

/// How long the session may take until it plays.
const PLAY_LIMIT: Duration = Duration::from_secs(30);

/// Time between two samples.
const STEP: Duration = Duration::from_secs(1);

/// Samples between two changes of what Windows recommends, and between two wishes of the sink.
const RATE_EVERY: u32 = 10;
const IDR_EVERY: u32 = 7;

/// What the link dips to, in bit/s: enough for the mode and its sound.
const DIP: u64 = 6_000_000;

/// What a stream shows whose source did not get a processor.
const LATE: [Fault; 2] = [Fault::PsiInterval, Fault::PcrInterval];

/// Cast for a long time, and look at what the process holds
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// How long the picture is sent
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(10..=SECONDS_MAX))]
    seconds: u32,
    /// Where the results are written
    #[arg(long, default_value = "target/soak")]
    out: PathBuf,
}

fn main() -> ExitCode {
    ledger::outside();
    checks::exit_code(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let pictures = Pictures::Synthetic { seed: 1 };
    let setup = Setup::new(Some(MODE), Duration::ZERO, 1).pictures(pictures);
    let mut options = sink_options(1, 0, 1);
    // Nobody looks at the pictures, and hours of datagrams are no matter for a memory.
    (options.decode, options.record_max) = (None, 0);
    let (setup, options) = Wish::Lpcm.set_up(setup, options, None);
    let mut session = Session::connect(setup, options, 0)?;
    let started = session.start(BIT_RATE);
    started.map_err(|status| anyhow::anyhow!("StartMiracastSession failed: {status}"))?;
    ensure!(session.wait_for_play(PLAY_LIMIT), "the sink does not play");
    let samples = watch(&session, Duration::from_secs(arguments.seconds.into()));
    let record = session.finish().context("the sink")?;
    let checks = judge(&record, &samples);
    fs::create_dir_all(&arguments.out)?;
    write_json(&samples, &arguments.out.join("samples.json"))?;
    let page = arguments.out.join("report.html");
    fs::write(&page, soak::page(&samples, &checks))?;
    let good = checks::print(&checks);
    println!("see {}", page.display());
    Ok(good)
}

/// Lets the picture run. Returns the samples after the warm-up.
fn watch(session: &Session, whole: Duration) -> Vec<Sample> {
    let begin = Instant::now();
    let mut samples = Vec::with_capacity(whole.as_secs() as usize + 1);
    for number in 1.. {
        if begin.elapsed() >= whole || !session.source().device().reports().is_empty() {
            break;
        }
        sleep(STEP);
        if number % RATE_EVERY == 0 {
            let low = number / RATE_EVERY % 2 == 1;
            session.source().recommend(if low { DIP } else { BIT_RATE });
        }
        if number % IDR_EVERY == 0 {
            session.command(Command::RequestIdr);
        }
        if begin.elapsed() >= WARM_UP {
            samples.push(Sample::take(begin.elapsed()));
        }
    }
    samples
}

/// What must hold. A machine that is busy may be late with a timer; what was sent must come all the same.
fn judge(record: &Record, samples: &[Sample]) -> Vec<Check> {
    let sent = record.source.sent();
    let comparison = Comparison::new(&sent, record.source.cut(), &record.sink.units);
    let summary = Summary::new(record, &comparison);
    let mut checks = soak::checks(samples);
    let found = record.sink.stream.faults.iter();
    let found = found.filter(|(fault, _)| !LATE.contains(fault));
    let found: Vec<String> = found.map(|(fault, _)| format!("{fault:?}")).collect();
    checks.push(Check::new(
        "faults of the stream but intervals",
        found.join(", "),
        "none",
        found.is_empty(),
    ));
    checks.extend(
        checks::of_session(&summary)
            .into_iter()
            .filter(|check| !check.is_of_time()),
    );
    checks
}
