//! `run`: the benches that were asked for, one after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};

use crate::bench::{BENCHES, Bench, Setup};
use crate::machine::Machine;
use crate::outcome::Outcome;
use crate::place::Place;
use crate::{docs, page, table};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Only the benches whose names begin so
    names: Vec<String>,
    /// The streams, and the programs of others in its `peers`
    #[arg(long)]
    place: PathBuf,
    /// Passes of each process of a contestant
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// The driver's DLL, for its size
    #[arg(long)]
    dll: Option<PathBuf>,
    /// The figures for a reader
    #[arg(long)]
    report: Option<PathBuf>,
    /// The figures as text, for the project's documentation
    #[arg(long)]
    docs: Option<PathBuf>,
    /// The figures for programs
    #[arg(long)]
    json: Option<PathBuf>,
}

impl Args {
    /// Runs the benches and prints what they found. A target that is missed is no failure: times
    /// depend on the machine.
    ///
    /// # Errors
    /// A bench cannot be run, or a file not be written.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let setup = Setup {
            place: Place {
                directory: self.place,
            },
            rounds: self.rounds,
            dll: self.dll,
        };
        let mut outcomes = Vec::new();
        for bench in chosen(&self.names)? {
            let outcome = (bench.run)(&setup).with_context(|| bench.name)?;
            print!("{}", table::text(&outcome));
            outcomes.push(outcome);
        }
        print!("{}", table::verdicts(&outcomes));
        let machine = Machine::here();
        write(self.json.as_deref(), || json(&machine, &outcomes))?;
        write(self.docs.as_deref(), || {
            Ok(docs::markdown(&machine, &outcomes))
        })?;
        write(self.report.as_deref(), || {
            Ok(page::page(&machine, &outcomes))
        })?;
        if let Some(path) = &self.report {
            println!("\nwritten: {}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write(path: Option<&Path>, text: impl Fn() -> anyhow::Result<String>) -> anyhow::Result<()> {
    let Some(path) = path else { return Ok(()) };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text()?).with_context(|| path.display().to_string())
}

fn json(machine: &Machine, outcomes: &[Outcome]) -> anyhow::Result<String> {
    let all = serde_json::json!({ "machine": machine, "benches": outcomes });
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Bench>> {
    let wanted = |bench: &&Bench| {
        names.is_empty()
            || names
                .iter()
                .any(|name| bench.name.starts_with(name.as_str()))
    };
    let chosen: Vec<_> = BENCHES.iter().filter(wanted).collect();
    ensure!(!chosen.is_empty(), "no bench is called {}", names.join(" "));
    Ok(chosen)
}
