//! A program that does one kind of work, pass by pass, when it is told to: ours and the floors here,
//! those of others in `peers/`. All speak the protocol of `peers/pass.h`.

mod context;
mod crates;
mod datagrams;
mod floor;
mod handshake;
mod ours;
mod sound;

pub(crate) use handshake::Dialogue;
pub(crate) use ours::most_held;

use core::time::Duration;
use std::io::{Read as _, StdinLock, Write as _, stdin, stdout};
use std::path::PathBuf;

use anyhow::bail;
use nix::sys::time::TimeSpec;
use nix::time::{ClockId, ClockNanosleepFlags, clock_gettime, clock_nanosleep};

use crate::stream::Stream;

/// What is to be done; the words are those that the peers take.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// What is to be done
    mode: String,
    stream: PathBuf,
    /// Not read: the stream is parsed here
    index: PathBuf,
    /// Access units that are kept
    units: usize,
    /// Times that they are gone through in a pass
    turns: usize,
    /// Access units a second; 0 is as fast as it goes
    rate: u32,
    /// Where datagrams go; 0 is nowhere
    port: u16,
}

/// What came out of a pass.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Made {
    pub(crate) packets: u64,
    pub(crate) datagrams: u64,
}

/// Work that can be done again and again.
trait Worker {
    /// One pass over the stream.
    fn pass(&mut self, pace: &mut Pace) -> anyhow::Result<Made>;
}

/// The clock of a pass: when each chunk is due, and when it went through.
#[derive(Debug)]
struct Pace {
    rate: u32,
    start: u64,
    /// Hand-over and return of each chunk, in nanoseconds of the Unix clock.
    times: Vec<(u64, u64)>,
}

impl Pace {
    /// Waits until `due` chunk intervals after the first.
    fn hand_over(&mut self, number: u64) {
        if self.rate == 0 {
            return;
        }
        if number == 0 {
            self.start = now(ClockId::CLOCK_MONOTONIC);
        }
        let due = self.start + number * 1_000_000_000 / u64::from(self.rate);
        let until = TimeSpec::from(Duration::from_nanos(due));
        let flags = ClockNanosleepFlags::TIMER_ABSTIME;
        while clock_nanosleep(ClockId::CLOCK_MONOTONIC, flags, &until).is_err() {}
        self.times.push((now(ClockId::CLOCK_REALTIME), 0));
    }

    /// Notes that the call with the last chunk has come back.
    fn returned(&mut self) {
        if let Some((_, returned)) = self.times.last_mut() {
            *returned = now(ClockId::CLOCK_REALTIME);
        }
    }
}

/// Nanoseconds on a clock; 0 if there is no such clock.
fn now(clock: ClockId) -> u64 {
    let time = clock_gettime(clock).map(Duration::from);
    time.map_or(0, |time| time.as_nanos() as u64)
}

impl Args {
    /// Serves passes until the standard input ends.
    ///
    /// # Errors
    /// The stream cannot be read, the mode is none, or a pass failed.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let stream = Stream::open(&self.stream, self.units)?;
        let mut worker: Box<dyn Worker> = match self.mode.as_str() {
            "ours" => Box::new(ours::Ours::new(&stream, self.turns, false, self.port)?),
            "ours-slices" => Box::new(ours::Ours::new(&stream, self.turns, true, self.port)?),
            "ours-sound" => Box::new(sound::OursSound::new(&stream, self.turns)?),
            "ours-context" => Box::new(context::Contexts::new(self.turns)?),
            "ours-handshake" => Box::new(handshake::Handshakes::new(self.turns)?),
            "floor" => Box::new(floor::Floor::new(stream, self.turns)),
            "memcpy" => Box::new(floor::Copy::new(stream, self.turns)),
            "mpeg-ts-core" => Box::new(crates::MpegTsCore::new(stream, self.turns)),
            "segmented" => Box::new(datagrams::Datagrams::new(self.turns, self.port, true)?),
            "single" => Box::new(datagrams::Datagrams::new(self.turns, self.port, false)?),
            "together" => Box::new(datagrams::Together::new(self.turns, self.port)?),
            other => bail!("nobody does {other}"),
        };
        let mut pace = Pace {
            rate: self.rate,
            start: 0,
            // A pass allocates nothing.
            times: Vec::with_capacity(self.turns * 4096),
        };
        // Its buffer is made here, not in a pass.
        let mut input = stdin().lock();
        println!("ready");
        while told(&mut input)? {
            pace.times.clear();
            let cpu = now(ClockId::CLOCK_PROCESS_CPUTIME_ID);
            let wall = now(ClockId::CLOCK_MONOTONIC);
            let mut made = Ok(Made::default());
            measured(&mut || made = worker.pass(&mut pace));
            let wall = now(ClockId::CLOCK_MONOTONIC) - wall;
            let cpu = now(ClockId::CLOCK_PROCESS_CPUTIME_ID) - cpu;
            let Made { packets, datagrams } = made?;
            for (handed, returned) in &pace.times {
                println!("unit {handed} {returned}");
            }
            println!("done {cpu} {wall} {packets} {datagrams}");
            stdout().flush()?;
        }
        Ok(())
    }
}

/// Instructions are counted from the beginning of this function to its end.
#[inline(never)]
fn measured(pass: &mut dyn FnMut()) {
    pass();
}

/// Waits for a line. False at the end of the input.
fn told(input: &mut StdinLock<'_>) -> anyhow::Result<bool> {
    let mut byte = [0];
    loop {
        if input.read(&mut byte)? == 0 {
            return Ok(false);
        }
        if byte == *b"\n" {
            return Ok(true);
        }
    }
}
