//! From the hand-over of a picture to its datagrams, at 60 pictures a second, by the kernel's
//! receive stamps.

use anyhow::ensure;

use super::Setup;
use crate::arrivals::{Arrival, Receiver, pictures};
use crate::contestant::{Contestant, Pass};
use crate::outcome::{Outcome, Row, Series, Spread, Target, quantile};
use crate::place::{FOUR_SLICES, ONE_SLICE, Who, Work};
use crate::rounds::to_f64;

/// Pictures a second, and pictures of a pass.
const RATE: u32 = 60;
const PICTURES: usize = 240;
/// Passes of each contestant.
const ROUNDS: usize = 3;
/// Slices of a picture of [`FOUR_SLICES`].
const SLICES: usize = 4;

/// What became of the pictures of one contestant, in microseconds, in rising order.
struct Times {
    who: Who,
    first: Vec<f64>,
    last: Vec<f64>,
    returned: Vec<f64>,
}

/// The last datagram of each picture.
pub(super) fn tail(setup: &Setup) -> anyhow::Result<Outcome> {
    let who = [Who::Ours, Who::LavfTs, Who::LavfRtp, Who::GStreamer];
    let mut all = Vec::new();
    for who in who {
        all.push(Times {
            who,
            first: Vec::new(),
            last: Vec::new(),
            returned: Vec::new(),
        });
    }
    for _ in 0..ROUNDS {
        for times in &mut all {
            one_pass(setup, times)?;
        }
    }
    let series = all.iter().map(|times| Series {
        who: times.who.name().to_owned(),
        microseconds: times.last.clone(),
    });
    let series = series.collect();
    let ours = [
        sorted(&mut all[0].last, 0.5),
        sorted(&mut all[0].last, 0.99),
    ];
    let mut rows = Vec::new();
    for times in &mut all {
        for (list, what, ours) in [
            (&mut times.last, "last datagram", Some(ours)),
            (&mut times.first, "first datagram", None),
            (&mut times.returned, "call returns", None),
        ] {
            let values = [sorted(list, 0.5), sorted(list, 0.99)];
            for (at, name) in ["p50", "p99"].into_iter().enumerate() {
                rows.push(Row {
                    who: format!("{}, {what} {name}", times.who.name()),
                    value: Spread::exact(values[at]),
                    ratio: ours.map(|ours| Spread::exact(values[at] / ours[at])),
                    unit: None,
                });
            }
        }
    }
    let mut outcome = Outcome {
        name: "e2e_tail",
        about: format!(
            "From the hand-over of a picture to its datagrams at the receiver, {RATE} pictures a \
             second of 1080p60 at 30 Mbit/s over the loopback interface, {ROUNDS} rounds of \
             {PICTURES}; pacing off."
        ),
        unit: "µs",
        rows,
        targets: Vec::new(),
        series,
    };
    let ratio = |who: Who| outcome.ratio(&format!("{}, last datagram p50", who.name()));
    outcome.targets = vec![
        Target::at_least("libavformat rtp_mpegts / ours", ratio(Who::LavfRtp), 100.0),
        Target::at_least("GStreamer / ours", ratio(Who::GStreamer), 100.0),
        Target::at_least(
            "libavformat mpegts over udp / ours",
            ratio(Who::LavfTs),
            4.0,
        ),
    ];
    Ok(outcome)
}

fn sorted(list: &mut [f64], share: f64) -> f64 {
    list.sort_by(f64::total_cmp);
    quantile(list, share)
}

/// One pass in real time of a contestant, added to its times.
fn one_pass(setup: &Setup, times: &mut Times) -> anyhow::Result<()> {
    let work = Work {
        rate: RATE,
        ..Work::memory(ONE_SLICE, PICTURES, 1)
    };
    let (pass, arrivals) = play(setup, times.who, work)?;
    let found = pictures(&arrivals);
    ensure!(
        found.len() == pass.chunks.len(),
        "{}: {} pictures were handed over and {} came",
        times.who.name(),
        pass.chunks.len(),
        found.len()
    );
    // The last picture's end may be what only the end of the stream brought out.
    for (picture, (handed, returned)) in found.iter().zip(&pass.chunks).take(PICTURES - 1) {
        times.first.push(microseconds(*handed, picture.first));
        times.last.push(microseconds(*handed, picture.last));
        times.returned.push(microseconds(*handed, *returned));
    }
    Ok(())
}

fn play(setup: &Setup, who: Who, work: Work) -> anyhow::Result<(Pass, Vec<Arrival>)> {
    let receiver = Receiver::open()?;
    let work = Work {
        port: receiver.port(),
        ..work
    };
    let mut contestant = Contestant::start(&mut setup.place.command(&[], who, &work)?)?;
    let listening = receiver.listen();
    let pass = contestant.pass()?;
    Ok((pass, listening.stop()?))
}

/// From one time to another, both in nanoseconds; 0 if the other is earlier.
fn microseconds(from: u64, to: u64) -> f64 {
    to_f64(to.saturating_sub(from)) / 1000.0
}

/// Slice by slice: when the first datagram of a picture comes, and whether the second slice was
/// there by then.
pub(super) fn first(setup: &Setup) -> anyhow::Result<Outcome> {
    let work = Work {
        rate: RATE * SLICES as u32,
        ..Work::memory(FOUR_SLICES, PICTURES, 1)
    };
    let (pass, arrivals) = play(setup, Who::OursSlices, work)?;
    let found = pictures(&arrivals);
    let handed: Vec<&[(u64, u64)]> = pass.chunks.chunks(SLICES).collect();
    ensure!(found.len() == handed.len(), "{} pictures came", found.len());
    let mut times = Vec::new();
    let mut early = 0_u64;
    for (picture, slices) in found.iter().zip(handed) {
        times.push(microseconds(slices[0].0, picture.first));
        early += u64::from(slices.get(1).is_some_and(|second| picture.first < second.0));
    }
    Ok(Outcome {
        name: "e2e_first",
        about: "From the hand-over of the first of four slices to the first datagram at the \
                receiver; the next slice is handed over a quarter of the picture interval later."
            .to_owned(),
        unit: "µs",
        rows: vec![
            Row::exact("first datagram p50", sorted(&mut times, 0.5), "µs"),
            Row::exact("first datagram p99", sorted(&mut times, 0.99), "µs"),
        ],
        targets: vec![Target::at_least(
            "pictures of which a datagram came before the second slice was handed over, of all",
            to_f64(early) / to_f64(found.len() as u64),
            1.0,
        )],
        series: Vec::new(),
    })
}
