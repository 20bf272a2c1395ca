//! `cargo xtask stress`: the driver's shell with real threads. See [`miracast_suite::stress`].

use core::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use miracast_os::ledger::{self, DriverCounting};
use miracast_suite::checks::exit_code;
use miracast_suite::stress::storm::{Plan, Storm};
use miracast_suite::stress::watchdog::Watchdog;
use miracast_suite::stress::{cycles, together};

#[global_allocator]
static ALLOCATOR: DriverCounting = DriverCounting;

/// Enter the driver on many threads, with four contexts at once, and ten thousand times
#[derive(Debug, Parser)]
#[command(name = "stress")]
struct Arguments {
    /// Only storms of calls out of turn, of these seeds, such as 0..100
    #[arg(long, value_name = "A..B", value_parser = range)]
    seeds: Option<Range<u64>>,
    /// Contexts that are made and destroyed
    #[arg(long, default_value_t = 10_000)]
    cycles: u32,
    /// The driver's DLL, on Windows; without one it is the driver that this program has in it
    #[arg(long, value_name = "FILE")]
    driver: Option<PathBuf>,
}

/// Seeds of a run that is not told which.
const SEEDS: Range<u64> = 0..24;

fn range(text: &str) -> Result<Range<u64>, String> {
    let numbers = text.split_once("..");
    let numbers = numbers.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    numbers.ok_or_else(|| "seeds are written like 0..24".to_owned())
}

fn main() -> ExitCode {
    ledger::outside();
    exit_code(run(&Arguments::parse()).map(|()| true))
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let watchdog = Watchdog::new();
    let windows = arguments.driver.as_ref().map_or("", |_| " --windows");
    let command = format!("cargo xtask stress{windows}");
    storms(arguments, &watchdog, &command)?;
    if arguments.seeds.is_some() {
        return Ok(());
    }
    let driver = arguments.driver.as_deref();
    watchdog.begin(&command);
    let begin = Instant::now();
    let pictures = together::play(driver)?;
    println!(
        "ok     four contexts at once: {pictures} pictures came [{:.1?}]",
        begin.elapsed()
    );
    watchdog.begin(&command);
    let begin = Instant::now();
    let cycles = cycles::play(driver, arguments.cycles)?;
    println!(
        "ok     {} contexts one after the other: {cycles:?} [{:.1?}]",
        arguments.cycles,
        begin.elapsed()
    );
    Ok(())
}

fn storms(arguments: &Arguments, watchdog: &Watchdog, command: &str) -> anyhow::Result<()> {
    let (begin, mut all) = (Instant::now(), Storm::default());
    for seed in arguments.seeds.clone().unwrap_or(SEEDS) {
        let replay = format!("{command} --seeds {seed}..{}", seed + 1);
        watchdog.begin(&replay);
        let played = Plan::new(seed).play(arguments.driver.as_ref());
        all += played.inspect_err(|_| println!("FAILED seed {seed}; replay with: {replay}"))?;
    }
    println!(
        "ok     calls out of turn: {all:?} [{:.1?}]",
        begin.elapsed()
    );
    Ok(())
}
