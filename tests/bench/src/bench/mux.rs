//! From access units in memory to datagrams in memory.

use super::Setup;
use crate::count;
use crate::outcome::{Outcome, Row, Spread, Target};
use crate::place::{ALL, FOUR_K, FOUR_SLICES, ONE_SLICE, Place, Who, Work};
use crate::rounds::{Lane, nanoseconds_per_packet, rounds, to_f64};
use crate::stream::Stream;

/// Access units of a pass in which instructions or allocations are counted.
const COUNTED_UNITS: usize = 60;

/// Access units that stay in the second-level cache, and how often they are gone through.
const HOT: Work = Work::memory(ONE_SLICE, 6, 100);

/// The whole stream: out of every cache by the time that it is read again.
const COLD: Work = Work::memory(ONE_SLICE, ALL, 1);

/// Those that pack the same into memory.
const MUXERS: [Who; 4] = [Who::Ours, Who::Floor, Who::LavfRtp, Who::LavfTs];

/// Instructions for a transport packet.
pub(super) fn instructions(setup: &Setup) -> anyhow::Result<Outcome> {
    let work = Work::memory(ONE_SLICE, COUNTED_UNITS, 1);
    let packets = to_f64(Stream::open(&setup.place.stream(ONE_SLICE), COUNTED_UNITS)?.packets());
    let rows = counted(&MUXERS, |who| {
        Ok(to_f64(count::instructions(&setup.place, who, &work)?) / packets)
    })?;
    let mut outcome = Outcome {
        name: "mux_instr",
        about: format!(
            "Instructions for a transport packet, {COUNTED_UNITS} access units of 1080p60 at 30 \
             Mbit/s, x86-64 baseline; counted by callgrind."
        ),
        unit: "instructions",
        rows,
        targets: Vec::new(),
        series: Vec::new(),
    };
    outcome.targets = vec![
        Target::at_most("instructions for a packet", outcome.value(OURS), 60.0),
        Target::at_least("libavformat rtp_mpegts / ours", outcome.ratio(LAVF), 8.0),
    ];
    Ok(outcome)
}

const OURS: &str = Who::Ours.name();
const LAVF: &str = Who::LavfRtp.name();

/// Allocations for an access unit.
pub(super) fn allocations(setup: &Setup) -> anyhow::Result<Outcome> {
    let work = Work::memory(ONE_SLICE, COUNTED_UNITS, 1);
    let who = [Who::Ours, Who::LavfRtp, Who::LavfTs, Who::GStreamer];
    let rows = counted(&who, |who| {
        let all = count::allocations(&setup.place, who, &work)?;
        Ok(to_f64(all) / to_f64(COUNTED_UNITS as u64))
    })?;
    let mut outcome = Outcome {
        name: "mux_alloc",
        about: "Allocations for an access unit, from a new streamer, muxer or pipeline on. \
                GStreamer's own pools are not seen."
            .to_owned(),
        unit: "allocations",
        rows,
        targets: Vec::new(),
        series: Vec::new(),
    };
    outcome.targets = vec![Target::at_most("allocations", outcome.value(OURS), 0.0)];
    Ok(outcome)
}

/// Rows of exact counts, with their ratios to the first.
fn counted(
    who: &[Who],
    mut count: impl FnMut(Who) -> anyhow::Result<f64>,
) -> anyhow::Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for who in who {
        let value = count(*who)?;
        let ours = rows.first().map_or(value, |row| row.value.median);
        rows.push(Row {
            who: who.name().to_owned(),
            value: Spread::exact(value),
            ratio: (ours > 0.0).then(|| Spread::exact(value / ours)),
            unit: None,
        });
    }
    Ok(rows)
}

/// Six access units again and again.
pub(super) fn hot(setup: &Setup) -> anyhow::Result<Outcome> {
    let who = [
        Who::Ours,
        Who::Memcpy,
        Who::Floor,
        Who::LavfRtp,
        Who::LavfTs,
    ];
    let about = "Time on a processor for a transport packet, the same six access units of 1080p60 \
                 at 30 Mbit/s again and again: they stay in the second-level cache.";
    let mut outcome = timed(setup, "mux_hot", about, &who, HOT)?;
    outcome.targets = targets(&outcome, 5.0, 1.8);
    Ok(outcome)
}

/// The whole stream.
pub(super) fn cold(setup: &Setup) -> anyhow::Result<Outcome> {
    let who = [
        Who::Ours,
        Who::Memcpy,
        Who::Floor,
        Who::LavfRtp,
        Who::LavfTs,
        Who::GStreamer,
    ];
    let about = "Time on a processor for a transport packet, 10 s of 1080p60 at 30 Mbit/s: out of \
                 the caches, as what a device has written is.";
    let mut outcome = timed(setup, "mux_cold", about, &who, COLD)?;
    outcome.targets = targets(&outcome, 2.5, 1.45);
    Ok(outcome)
}

fn targets(outcome: &Outcome, lavf: f64, memcpy: f64) -> Vec<Target> {
    let ratio = |who: Who| outcome.ratio(who.name());
    vec![
        Target::at_least("libavformat rtp_mpegts / ours", ratio(Who::LavfRtp), lavf),
        Target::at_most("ours / memcpy", 1.0 / ratio(Who::Memcpy), memcpy),
        Target::at_most("ours / floor", 1.0 / ratio(Who::Floor), 1.15),
    ]
}

/// Pictures of four slices, handed over whole and slice by slice.
pub(super) fn slices(setup: &Setup) -> anyhow::Result<Outcome> {
    let four = Work::memory(FOUR_SLICES, ALL, 1);
    let contest = [
        (Who::Ours, COLD),
        (Who::Ours, four),
        (Who::OursSlices, four),
    ];
    let lanes = rounds(&setup.place, &contest, setup.rounds)?;
    let mut rows = packet_rows(&setup.place, &contest, &lanes)?;
    for (row, what) in rows
        .iter_mut()
        .zip(["one slice", "four slices", "four slices, one by one"])
    {
        what.clone_into(&mut row.who);
    }
    let targets = rows[1..].iter().map(|row| {
        let ratio = row.ratio.map_or(0.0, |ratio| ratio.median);
        Target::at_most(format!("{} / one slice", row.who), ratio, 1.1)
    });
    Ok(Outcome {
        name: "mux_slices",
        about:
            "Time on a processor for a transport packet: this driver, pictures of one slice and \
                of four, 10 s of 1080p60 at 30 Mbit/s."
                .to_owned(),
        unit: "ns",
        targets: targets.collect(),
        series: Vec::new(),
        rows,
    })
}

/// Each lane by the packets of its own stream.
fn packet_rows(place: &Place, contest: &[(Who, Work)], lanes: &[Lane]) -> anyhow::Result<Vec<Row>> {
    let mut all = Vec::new();
    for ((_, work), lane) in contest.iter().zip(lanes) {
        let own = nanoseconds_per_packet(place, work, core::slice::from_ref(lane))?;
        all.extend(own);
    }
    let ours = all.first().map_or(1.0, |row| row.value.median);
    for row in &mut all {
        row.ratio = Some(Spread::exact(row.value.median / ours));
    }
    Ok(all)
}

/// 4K.
pub(super) fn four_k(setup: &Setup) -> anyhow::Result<Outcome> {
    let work = Work::memory(FOUR_K, ALL, 1);
    let who = [Who::Ours, Who::Memcpy, Who::Floor, Who::LavfRtp];
    let about = "Time on a processor for a transport packet, 4 s of 2160p60 at 100 Mbit/s.";
    timed(setup, "mux_4k", about, &who, work)
}

/// The best crate that is in pure Rust as this driver is.
pub(super) fn crates(setup: &Setup) -> anyhow::Result<Outcome> {
    let who = [Who::Ours, Who::MpegTsCore];
    let mut all = Vec::new();
    let mut targets = Vec::new();
    for (how, work, least) in [("hot", HOT, 2.0), ("cold", COLD, 1.25)] {
        let outcome = timed(setup, "", "", &who, work)?;
        let ratio = outcome.ratio(Who::MpegTsCore.name());
        targets.push(Target::at_least(
            format!("mpeg-ts-core / ours, {how}"),
            ratio,
            least,
        ));
        all.extend(outcome.rows.into_iter().map(|row| Row {
            who: format!("{}, {how}", row.who),
            ..row
        }));
    }
    Ok(Outcome {
        name: "mux_vs_rust",
        about:
            "Time on a processor for a transport packet, as in mux_hot and mux_cold, beside the \
                fastest crate that packs transport streams. It makes no RTP and no PCR."
                .to_owned(),
        unit: "ns",
        rows: all,
        targets,
        series: Vec::new(),
    })
}

fn timed(
    setup: &Setup,
    name: &'static str,
    about: &str,
    who: &[Who],
    work: Work,
) -> anyhow::Result<Outcome> {
    let contest: Vec<(Who, Work)> = who.iter().map(|who| (*who, work)).collect();
    let lanes = rounds(&setup.place, &contest, setup.rounds)?;
    Ok(Outcome {
        name,
        about: about.to_owned(),
        unit: "ns",
        rows: nanoseconds_per_packet(&setup.place, &work, &lanes)?,
        targets: Vec::new(),
        series: Vec::new(),
    })
}
