//! `check`: the counts that are the same on every machine, held against those that are written down.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Deserialize;

use crate::contestant::Contestant;
use crate::count;
use crate::outcome::short;
use crate::place::{Place, SOUND, Who, Work};
use crate::rounds::to_f64;
use crate::stream::{Stream, synthetic, write_sound};
use crate::work::{Dialogue, most_held};

/// Units of sound, contexts and handshakes of a pass.
const CYCLES: usize = 100;

/// The stream and its length.
const STREAM: &str = "synthetic.h264";
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

/// What is written down of a handshake.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Handshake {
    instructions: f64,
    /// Times that the wire is crossed until the source has PLAY.
    crossings: u64,
    /// Milliseconds that its timers wait.
    waited: u64,
}

/// The file.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Book {
    whole: Expected,
    slices: Expected,
    sound: Expected,
    handshake: Handshake,
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
        write_sound(&place, CYCLES)?;
        let pictures = Work::memory(STREAM, UNITS, 1);
        let sound = Work::memory(SOUND, CYCLES, 1);
        let right = [
            packed(&place, Who::Ours, &pictures, &book.whole)?,
            packed(&place, Who::OursSlices, &pictures, &book.slices)?,
            packed(&place, Who::OursSound, &sound, &book.sound)?,
            handshake(&place, &book.handshake)?,
            contexts(&place)?,
        ];
        Ok(if right.iter().all(|right| *right) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// A count, or how near it is, with what was counted and what is wanted.
type Line = (bool, String, String);

/// One way to hand over. False if a count is not as expected.
fn packed(place: &Place, who: Who, work: &Work, expected: &Expected) -> anyhow::Result<bool> {
    let pass = Contestant::start(&mut place.command(&[], who, work)?)?.pass()?;
    let instructions = to_f64(count::instructions(place, who, work)?) / to_f64(pass.packets);
    let allocations = count::allocations(place, who, work)?;
    let mut lines = vec![
        near(
            "instructions for a packet",
            instructions,
            expected.instructions,
        ),
        exact("allocations", allocations, 0),
        exact("transport packets", pass.packets, expected.packets),
        exact("datagrams", pass.datagrams, expected.datagrams),
    ];
    if who != Who::OursSound {
        let stream = Stream::open(&place.stream(work.stream), work.units)?;
        let held = most_held(&stream, who == Who::OursSlices)? as u64;
        lines.push(exact("transport packets held after a flush", held, 0));
    }
    let what = match who {
        Who::OursSlices => "slice by slice",
        Who::OursSound => "sound",
        _ => "whole pictures",
    };
    Ok(report(what, &lines))
}

/// M1 to M7.
fn handshake(place: &Place, expected: &Handshake) -> anyhow::Result<bool> {
    let (who, work) = (Who::OursHandshake, Work::memory(SOUND, 1, CYCLES));
    let instructions = to_f64(count::instructions(place, who, &work)?) / to_f64(CYCLES as u64);
    let dialogue = Dialogue::record()?;
    let lines = [
        near("instructions", instructions, expected.instructions),
        exact("allocations", count::allocations(place, who, &work)?, 0),
        exact(
            "crossings of the wire",
            dialogue.crossings,
            expected.crossings,
        ),
        exact("milliseconds of timers", dialogue.waited, expected.waited),
    ];
    Ok(report("handshake", &lines))
}

/// Create and Destroy.
fn contexts(place: &Place) -> anyhow::Result<bool> {
    let work = Work::memory(SOUND, 1, CYCLES);
    let allocations = count::allocations(place, Who::OursContext, &work)?;
    Ok(report("contexts", &[exact("allocations", allocations, 0)]))
}

/// Prints the lines. Whether all of them hold.
fn report(what: &str, lines: &[Line]) -> bool {
    for (holds, figure, wanted) in lines {
        let word = if *holds { "ok" } else { "WRONG" };
        println!("{what}: {word}: {figure}, wanted {wanted}");
    }
    lines.iter().all(|(holds, ..)| *holds)
}

fn exact(what: &str, counted: u64, wanted: u64) -> Line {
    let figure = format!("{what}: {counted}");
    (counted == wanted, figure, wanted.to_string())
}

fn near(what: &str, counted: f64, wanted: f64) -> Line {
    let figure = format!("{what}: {}", short(counted));
    let holds = (counted / wanted - 1.0).abs() <= SLACK;
    (holds, figure, format!("{} ± 5 %", short(wanted)))
}
