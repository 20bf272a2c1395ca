//! Judges the stream of a capture by ETSI TR 101 290, with a monitor that was not written here: the
//! crate dvb-conformance. `cargo xtask test dvb-conformance` runs this on the demo's recordings.
//!
//! Only the first and the second priority count. The third is about the tables of broadcasts, which
//! Wi-Fi Display does not have, and about a decoder's buffers: what it says of delays it says of
//! every stream that is sent as it is made.

#![forbid(unsafe_code)]

mod capture;
mod judge;

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use judge::Judge;

/// Judges the MPEG transport stream in a capture by ETSI TR 101 290, first and second priority
#[derive(Debug, Parser)]
struct Arguments {
    /// A file of pcap form; its time stamps are taken for the arrival times
    #[arg(value_name = "PCAP")]
    capture: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().capture) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for each fault and one with the counts, and returns whether there is no fault.
fn run(path: &Path) -> anyhow::Result<bool> {
    let name = || path.display().to_string();
    let file = BufReader::new(File::open(path).with_context(name)?);
    let mut judge = Judge::new();
    capture::datagrams(file, |datagram| judge.take(&datagram)).with_context(name)?;
    let verdict = judge.end()?;
    let mut out = std::io::stdout().lock();
    for fault in &verdict.faults {
        writeln!(out, "{fault}")?;
    }
    let (rtp, ts) = (verdict.rtp_packets, verdict.ts_packets);
    writeln!(out, "RTP packets: {rtp}, TS packets: {ts}")?;
    Ok(verdict.faults.is_empty())
}
