//! `cargo xtask sim`: an honest session in virtual time. What it prints depends on its arguments
//! alone, so that two runs can be compared.

use core::time::Duration;
use std::process::ExitCode;

use clap::Parser;
use miracast_sim::{Outcome, Plan, run};

/// Simulates a session on one thread, with one virtual clock and one seed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Minutes of virtual time.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Seed of the link, the pictures and the driver's random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let Arguments { minutes, seed } = Arguments::parse();
    let replay = format!("cargo xtask sim --minutes {minutes} --seed {seed}");
    // Before the run, which may panic; apart from the output, which is compared.
    eprintln!("replay with: {replay}");
    let outcome = run(&Plan::honest(seed, Duration::from_mins(minutes)));
    print(&outcome);
    let faults = outcome.faults();
    for fault in &faults {
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
