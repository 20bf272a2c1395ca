//! `cargo xtask sim --seeds`: sessions to which things happen, one for each seed.

use core::num::NonZeroUsize;
use core::ops::Range;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use clap::Parser;
use miracast_sim::trial::{Failure, Kind, Slice, Trial, keep_panics, shrunk};

/// Plays a session with faults for each seed.
#[derive(Debug, Parser)]
struct Arguments {
    /// The seeds: `0..2000`.
    #[arg(long, value_name = "A..B", value_parser = range)]
    seeds: Range<u64>,
    /// Only faults of this kind; several are separated by commas.
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = kind)]
    plan: Vec<Kind>,
    /// Only the faults at these places of each list.
    #[arg(long, value_name = "N", value_delimiter = ',')]
    keep: Option<Vec<usize>>,
    /// Ends with so many failures.
    #[arg(long, value_name = "N", default_value_t = 20)]
    failures: usize,
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let numbers = text.split_once("..");
    let numbers = numbers.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    numbers.ok_or_else(|| "seeds are written like 0..2000".to_owned())
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::named(text).ok_or_else(|| format!("one of {:?}", Kind::ALL.map(|(name, _)| name)))
}

fn main() -> ExitCode {
    let Arguments {
        seeds,
        plan,
        keep,
        failures: failures_max,
    } = Arguments::parse();
    keep_panics();
    let all = Kind::ALL.map(|(_, kind)| kind).to_vec();
    let kinds = if plan.is_empty() { all } else { plan.clone() };
    if let Some(keep) = keep {
        return replay(seeds, &kinds, &keep);
    }
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (count, begin) = (seeds.end.saturating_sub(seeds.start), Instant::now());
    let slice = Slice {
        seeds,
        kinds,
        failures_max,
    };
    let played = slice.run(threads);
    let seconds = begin.elapsed().as_secs_f64();
    for failure in &played.failures {
        print(failure, &plan);
    }
    let never: Vec<&str> = played.never_counted().collect();
    println!("never counted by the driver: {}", never.join(", "));
    let failed = played.failures.len();
    println!("{count} seeds, {failed} failed, {seconds:.1} s on {threads} threads");
    verdict(failed == 0)
}

/// Plays chosen faults of chosen seeds, and tells how it went.
fn replay(seeds: Range<u64>, kinds: &[Kind], keep: &[usize]) -> ExitCode {
    let mut good = true;
    for seed in seeds {
        let trial = Trial::drawn(seed, kinds).keeping(keep);
        let verdict = trial.run();
        print!("seed {seed}\n{trial}");
        for line in &verdict.trace {
            println!("TRACE  {line}");
        }
        for wrong in &verdict.wrong {
            println!("WRONG  {wrong}");
        }
        good &= verdict.wrong.is_empty();
    }
    verdict(good)
}

fn verdict(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What failed, the least that fails, and how to see it again.
fn print(Failure { trial, verdict }: &Failure, kinds: &[Kind]) {
    let seed = trial.seed;
    print!("FAILED seed {seed}\n{trial}");
    for wrong in &verdict.wrong {
        println!("WRONG  {wrong}");
    }
    let kept = shrunk(trial);
    let places: Vec<String> = kept.iter().map(ToString::to_string).collect();
    let names = Kind::ALL.iter().filter(|(_, kind)| kinds.contains(kind));
    let names: Vec<&str> = names.map(|(name, _)| *name).collect();
    let plan = if names.is_empty() {
        String::new()
    } else {
        format!(" --plan {}", names.join(","))
    };
    println!(
        "replay with: cargo xtask sim --seeds {seed}..{}{plan} --keep {}",
        seed + 1,
        places.join(",")
    );
}
