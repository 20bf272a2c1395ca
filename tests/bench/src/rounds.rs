//! Passes of all contestants in turn, so that what disturbs the machine disturbs all of them.

use crate::contestant::{Contestant, Pass};
use crate::outcome::{Row, Spread};
use crate::place::{Place, Who, Work};
use crate::stream::Stream;

/// How often the processes are started anew. Where the memory of a process lies in the caches is luck,
/// which lasts as long as the process: a twentieth of a figure.
const STARTS: usize = 9;

/// The passes of one contestant, one a round.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) who: Who,
    pub(crate) passes: Vec<Pass>,
}

/// Rounds of passes, each contestant a process that lives through `rounds` of them before all are
/// started anew. A first pass of each process does not count: it finds memory that was never touched.
///
/// # Errors
/// A contestant fails.
pub(crate) fn rounds(
    place: &Place,
    contestants: &[(Who, Work)],
    rounds: usize,
) -> anyhow::Result<Vec<Lane>> {
    let lane = |(who, _): &(Who, Work)| Lane {
        who: *who,
        passes: Vec::with_capacity(STARTS * rounds),
    };
    let mut lanes: Vec<Lane> = contestants.iter().map(lane).collect();
    for _ in 0..STARTS {
        let mut processes = Vec::new();
        for (who, work) in contestants {
            let mut process = Contestant::start(&mut place.command(&[], *who, work)?)?;
            process.pass()?;
            processes.push(process);
        }
        for _ in 0..rounds {
            for (process, lane) in processes.iter_mut().zip(&mut lanes) {
                lane.passes.push(process.pass()?);
            }
        }
    }
    Ok(lanes)
}

/// Nanoseconds of a processor for a transport packet, counted alike for all: as many packets as the
/// access units need at least.
///
/// # Errors
/// The stream cannot be read.
pub(crate) fn nanoseconds_per_packet(
    place: &Place,
    work: &Work,
    lanes: &[Lane],
) -> anyhow::Result<Vec<Row>> {
    let stream = Stream::open(&place.stream(work.stream), work.units)?;
    let packets = to_f64(stream.packets() * work.turns as u64);
    Ok(rows(lanes, |_, pass| to_f64(pass.cpu) / packets))
}

/// A row for each lane, with its ratio to the first lane, round by round.
pub(crate) fn rows(lanes: &[Lane], value: impl Fn(Who, &Pass) -> f64) -> Vec<Row> {
    let Some(first) = lanes.first() else {
        return Vec::new();
    };
    let all = |lane: &Lane| -> Vec<f64> {
        let values = lane.passes.iter().map(|pass| value(lane.who, pass));
        values.collect()
    };
    let ours = all(first);
    let row = |lane: &Lane| {
        let values = all(lane);
        let ratios = values.iter().zip(&ours).map(|(value, ours)| value / ours);
        Row {
            who: lane.who.name().to_owned(),
            ratio: Some(Spread::of(ratios)),
            value: Spread::of(values.iter().copied()),
            unit: None,
        }
    };
    lanes.iter().map(row).collect()
}

#[expect(clippy::cast_precision_loss, reason = "figures of under 2^53")]
pub(crate) fn to_f64(value: u64) -> f64 {
    value as f64
}
