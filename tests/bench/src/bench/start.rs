//! Before the first picture: a context, and the handshake of a session.

use super::Setup;
use crate::count;
use crate::outcome::{Outcome, Row, Target};
use crate::place::{ONE_SLICE, Who, Work};
use crate::rounds::{rounds, rows, to_f64};
use crate::work::Dialogue;

/// Contexts or sessions of a pass that is timed.
const CYCLES: usize = 200;

/// Of a pass that is counted.
const COUNTED: usize = 20;

/// Pipelines of a pass: one takes as long as a thousand contexts.
const PIPELINES: usize = 2;

/// What libwds needs for M1 to M7, both ends in one process: counted on 2026-11-22 by callgrind at
/// intel/wds 2d7db6c, whose licence keeps it out of this repository.
const LIBWDS_INSTRUCTIONS: f64 = 404_805.0;

/// Work without a stream, which every contestant opens all the same.
const fn cycles(turns: usize) -> Work {
    Work::memory(ONE_SLICE, 1, turns)
}

fn per_cycle(all: u64, turns: usize) -> f64 {
    to_f64(all) / to_f64(turns as u64)
}

/// CreateMiracastContext and DestroyMiracastContext beside what others need before they take a
/// picture.
pub(super) fn context(setup: &Setup) -> anyhow::Result<Outcome> {
    let contest = [
        (Who::OursContext, cycles(CYCLES)),
        (Who::LavfContext, cycles(CYCLES)),
        (Who::GStreamerContext, cycles(PIPELINES)),
    ];
    let lanes = rounds(&setup.place, &contest, setup.rounds)?;
    let turns = |who: Who| contest.iter().find(|(one, _)| *one == who);
    let mut table = rows(&lanes, |who, pass| {
        let turns = turns(who).map_or(1, |(_, work)| work.turns);
        per_cycle(pass.cpu, turns) / 1000.0
    });
    let mut allocations = Vec::new();
    for (who, work) in &contest {
        let count = count::allocations(&setup.place, *who, work)?;
        allocations.push(per_cycle(count, work.turns));
    }
    for ((who, _), count) in contest.iter().zip(&allocations) {
        table.push(Row::exact(who.name(), *count, "allocations"));
    }
    let mut outcome = Outcome {
        name: "ctx_create",
        about: "Time on a processor to make and to destroy what takes pictures: a context through \
                the driver's interface, with its handles and a miniport that answers HELLO at once; \
                a muxer with its header and trailer; a pipeline from its text to PLAYING and back."
            .to_owned(),
        unit: "µs",
        rows: table,
        targets: Vec::new(),
        series: Vec::new(),
    };
    outcome.targets = vec![
        Target::at_least(
            "libavformat rtp_mpegts / ours",
            outcome.ratio(Who::LavfContext.name()),
            10.0,
        ),
        Target::at_most("allocations", allocations[0], 0.0),
    ];
    Ok(outcome)
}

/// M1 to M7.
pub(super) fn handshake(setup: &Setup) -> anyhow::Result<Outcome> {
    let who = Who::OursHandshake;
    let lanes = rounds(&setup.place, &[(who, cycles(CYCLES))], setup.rounds)?;
    let times = rows(&lanes, |_, pass| per_cycle(pass.cpu, CYCLES) / 1000.0);
    let counted = cycles(COUNTED);
    let instructions = per_cycle(count::instructions(&setup.place, who, &counted)?, COUNTED);
    let allocations = per_cycle(count::allocations(&setup.place, who, &counted)?, COUNTED);
    let dialogue = Dialogue::record()?;
    let (crossings, waited) = (to_f64(dialogue.crossings), to_f64(dialogue.waited));
    let mut table = times;
    table.extend([
        Row::exact(who.name(), instructions, "instructions"),
        Row::exact("both ends of libwds", LIBWDS_INSTRUCTIONS, "instructions"),
        Row::exact(who.name(), allocations, "allocations"),
        Row::exact(who.name(), crossings / 2.0, "round trips"),
        Row::exact(who.name(), waited, "ms of waiting by timer"),
    ]);
    Ok(Outcome {
        name: "rtsp_hs",
        about: "From the connection to PLAY, M1 to M7, against the emulated sink, whose messages \
                are taken down beforehand: time on a processor of this driver's end alone. libwds \
                was counted once and is not run here; gnome-network-displays waits 500 ms before \
                its first message."
            .to_owned(),
        unit: "µs",
        rows: table,
        targets: vec![
            Target::at_least(
                "instructions of both ends of libwds / ours",
                LIBWDS_INSTRUCTIONS / instructions,
                10.0,
            ),
            Target::at_most("allocations", allocations, 0.0),
            Target::at_most("round trips", crossings / 2.0, 5.0),
            Target::at_most("milliseconds of timers: the gap before M3", waited, 50.0),
        ],
        series: Vec::new(),
    })
}
