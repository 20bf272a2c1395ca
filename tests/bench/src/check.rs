//! `check`: the counts that are the same on every machine, held against those that are written down.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Deserialize;

use crate::contestant::Contestant;
use crate::count;
use crate::outcome::short;
use crate::place::{Place, Who, Work};
use crate::rounds::to_f64;
use crate::stream::{Stream, synthetic};
use crate::work::most_held;

/// The stream and its length.
const STREAM: &str = "synthetic";
const UNITS: usize = 60;

/// How far the instructions may be from what is written down: another compiler moves them.
const SLACK: f64 = 0.05;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Where the stream is written, and the programs of others are in `peers`
    #[arg(long)]
    place: PathBuf,
    /// What is written down
    #[arg(long)]
    expected: PathBuf,
}

/// What is written down of one way to hand over.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Expected {
    /// Instructions for a transport packet.
    instructions: f64,
    /// Transport packets and datagrams of a pass.
    packets: u64,
    datagrams: u64,
}

/// The file.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Book {
    whole: Expected,
    slices: Expected,
}

impl Args {
    /// Counts, and prints each figure with what was expected.
    ///
    /// # Errors
    /// Something cannot be counted.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let text = fs::read_to_string(&self.expected).context("what is expected")?;
        let book: Book = serde_json::from_str(&text)?;
        let place = Place {
            directory: self.place,
        };
        fs::create_dir_all(&place.directory)?;
        fs::write(place.stream(STREAM), synthetic(UNITS))?;
        let whole = one(&place, Who::Ours, &book.whole)?;
        let slices = one(&place, Who::OursSlices, &book.slices)?;
        Ok(if whole && slices {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// One way to hand over. False if a count is not as expected.
fn one(place: &Place, who: Who, expected: &Expected) -> anyhow::Result<bool> {
    let work = Work::memory(STREAM, UNITS, 1);
    let pass = Contestant::start(&mut place.command(&[], who, &work)?)?.pass()?;
    let stream = Stream::open(&place.stream(STREAM), UNITS)?;
    let packets = to_f64(pass.packets);
    let instructions = to_f64(count::instructions(place, who, &work)?) / packets;
    let allocations = count::allocations(place, who, &work)?;
    let held = most_held(&stream, who == Who::OursSlices)? as u64;
    let near = (instructions / expected.instructions - 1.0).abs() <= SLACK;
    let lines = [
        (
            near,
            format!("instructions for a packet: {}", short(instructions)),
            format!("{} ± 5 %", short(expected.instructions)),
        ),
        exact("allocations", allocations, 0),
        exact("transport packets", pass.packets, expected.packets),
        exact("datagrams", pass.datagrams, expected.datagrams),
        exact("transport packets held after a flush", held, 0),
    ];
    for (holds, figure, wanted) in &lines {
        let word = if *holds { "ok" } else { "WRONG" };
        println!("{}: {word}: {figure}, wanted {wanted}", who.name());
    }
    Ok(lines.iter().all(|(holds, ..)| *holds))
}

fn exact(what: &str, counted: u64, wanted: u64) -> (bool, String, String) {
    let figure = format!("{what}: {counted}");
    (counted == wanted, figure, wanted.to_string())
}
