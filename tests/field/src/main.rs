//! `cargo xtask caps` runs this: a session with each sink of a file, and a line for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use miracast_field::{entry, report};

/// Plays a session in virtual time with each recorded sink of a file
#[derive(Debug, Parser)]
struct Arguments {
    /// A JSON object a line: `device`, and `m3_response` with the answers to M3
    #[arg(long, value_name = "FILE")]
    caps: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().caps) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let entries = entry::read(&text).with_context(|| path.display().to_string())?;
    for entry in &entries {
        let report = report::report(entry).with_context(|| entry.device.clone())?;
        println!("{}", serde_json::to_string(&report)?);
    }
    Ok(())
}
