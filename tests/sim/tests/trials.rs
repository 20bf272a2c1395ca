//! Sessions to which things happen: a few seeds of each kind, and that a failure is seen and shrunk.

use core::time::Duration;

use miracast_sim::trial::{Kind, Slice, Trial, shrunk};
use miracast_sim::{Fault, Timed, Way};
use miracast_sink::machine::Command;

/// Seeds of each kind; `cargo xtask sim --seeds` plays more.
const SEEDS: u64 = 12;

fn at(millis: u64, length: u64, fault: Fault) -> Timed {
    Timed {
        after: Duration::from_millis(millis),
        length: Duration::from_millis(length),
        fault,
    }
}

/// Counts of which each is of another part of the driver: the faults reach them all.
const REACHED: [&str; 12] = [
    "Units",
    "AudioChunks",
    "AudioStreamsLost",
    "InputTaken",
    "ReportsReceived",
    "ReportsMalformed",
    "RecordsMalformed",
    "ChunksReportedDropped",
    "PartialSends",
    "ClockJumps",
    "RatesSet",
    "IdrNeeded",
];

#[test]
fn a_few_seeds_of_each_kind_play() {
    let mut unreached = REACHED.to_vec();
    for (name, kind) in Kind::ALL {
        let kinds = vec![kind];
        let seeds = 0..SEEDS;
        let played = Slice {
            seeds,
            kinds,
            failures_max: 3,
        }
        .run(2);
        assert!(played.failures.is_empty(), "{name}: {:#?}", played.failures);
        unreached.retain(|name| played.counted(name) == 0);
    }
    assert_eq!(unreached, [""; 0], "no fault reaches them");
}

#[test]
fn a_seed_is_one_trial_and_another_seed_another() {
    let kinds = Kind::ALL.map(|(_, kind)| kind);
    let drawn = |seed| Trial::drawn(seed, &kinds);
    assert_eq!(drawn(7), drawn(7));
    assert_eq!(drawn(7).run(), drawn(7).run());
    let differs = |seed: &u64| drawn(*seed).faults != drawn(seed + 1).faults;
    assert!((0..100).filter(differs).count() > 90);
}

#[test]
fn a_session_to_which_nothing_happens_plays() {
    let faults = Vec::new();
    let verdict = Trial { seed: 5, faults }.run();
    assert_eq!(verdict.wrong, [""; 0]);
}

/// The sink switches input on that nobody agreed on, and is refused: no driver could do otherwise.
#[test]
fn what_a_failure_does_not_need_is_left_out() {
    let trial = Trial {
        seed: 5,
        faults: vec![
            at(200, 100, Fault::Loss(20_000)),
            at(500, 0, Fault::Does(Command::SwitchInput(true))),
            at(600, 50, Fault::Hold(Way::ToSink)),
            at(700, 0, Fault::Rate(None)),
        ],
    };
    assert_eq!(trial.run().wrong, ["sink: Status 455 to SetReply"]);
    assert_eq!(shrunk(&trial), [1]);
    assert_eq!(trial.keeping(&[0, 2, 3]).run().wrong, [""; 0]);
}
