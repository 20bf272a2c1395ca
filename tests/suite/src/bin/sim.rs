//! `cargo xtask sim`: a session in virtual time, honest or over a link that is not good. What it prints depends on its arguments
//! alone, so that two runs can be compared.

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use miracast_sim::{Outcome, Plan, Weather, run};
use miracast_suite::weather;

/// Simulates a session on one thread, with one virtual clock and one seed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Minutes of virtual time.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Seed of the link, the pictures and the driver's random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Two minutes over a link that is not good: loss-1, loss-5, loss-10, step, backlog, outage.
    #[arg(long, value_name = "NAME", value_parser = named, conflicts_with = "minutes")]
    plan: Option<(String, Weather)>,
    /// Where the rate over time is drawn.
    #[arg(long, value_name = "FILE", requires = "plan")]
    report: Option<PathBuf>,
}

fn named(name: &str) -> Result<(String, Weather), String> {
    match Weather::named(name) {
        Some(weather) => Ok((name.to_owned(), weather)),
        None => Err(format!("one of {:?}", Weather::ALL.map(|(name, _)| name))),
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments {
        minutes,
        seed,
        plan,
        report,
    } = Arguments::parse();
    let what = match &plan {
        Some((name, _)) => format!("--plan {name}"),
        None => format!("--minutes {minutes}"),
    };
    let replay = format!("cargo xtask sim {what} --seed {seed}");
    // Before the run, which may panic; apart from the output, which is compared.
    eprintln!("replay with: {replay}");
    let (outcome, faults) = if let Some((_, weather)) = &plan {
        let outcome = run(&weather.plan(seed));
        let faults = weather.faults(&outcome);
        (outcome, faults)
    } else {
        let outcome = run(&Plan::honest(seed, Duration::from_mins(minutes)));
        let faults = outcome.faults();
        (outcome, faults)
    };
    if let (Some(path), Some((name, _))) = (&report, &plan) {
        let page = weather::page(name, seed, &outcome, &faults);
        fs::write(path, page).with_context(|| format!("writing {}", path.display()))?;
    }
    print(&outcome);
    Ok(verdict(&outcome, &faults, &replay))
}

fn verdict(outcome: &Outcome, faults: &[String], replay: &str) -> ExitCode {
    for fault in faults {
        println!("FAULT  {fault}");
    }
    if faults.is_empty() {
        println!("no fault");
        return ExitCode::SUCCESS;
    }
    for line in &outcome.trace {
        println!("TRACE  {line}");
    }
    println!("replay with: {replay}");
    ExitCode::FAILURE
}

fn print(outcome: &Outcome) {
    for message in &outcome.messages {
        let text = String::from_utf8_lossy(&message.bytes);
        let first = text.lines().next().unwrap_or_default();
        if !message.name.starts_with("M16") {
            println!("{:>14} ns  {:<12} {first}", message.at_ns, message.name);
        }
    }
    let stream = &outcome.stream;
    println!("pictures encoded       {}", outcome.encoded);
    println!("pictures unchanged     {}", outcome.units_right);
    println!("RTP datagrams          {}", stream.rtp_packets);
    println!("elementary stream      {} bytes", stream.es_bytes);
    println!("longest PSI interval   {:?}", stream.psi_interval_max);
    println!("longest PCR interval   {:?}", stream.pcr_interval_max);
    println!("digest                 {}", outcome.digest);
}
