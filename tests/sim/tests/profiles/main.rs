//! Every sink with a quirk of the field against the driver, in virtual time.
//!
//! What must come of each is written by hand in [`expectations`]; nothing is recorded from the
//! program.

mod expectations;

use core::time::Duration;
use std::collections::BTreeSet;

use expectations::{CASES, Case, Expected, HIDDEN};
use miracast_core::quirks::{Match, Quirk, TABLE};
use miracast_core::session::Phase;
use miracast_sim::{Outcome, Plan, run};
use miracast_sink::profile::{PROFILES, Profile};
use miracast_sink::stream::Fault;

/// Pictures of one second.
const SECOND_OF_PICTURES: u64 = 30;

/// When the last byte of the first IDR picture is there, unless the player is late: a second, and half of a
/// frame interval at 30 Hz over which it is spread.
const SOON: Duration = Duration::from_millis(1017);

/// When it is there if the first two were too early for the player: the third one is sent 1.1 s after
/// PLAY.
const LATE: Duration = Duration::from_millis(1200);

fn plan(case: &Case) -> Plan {
    let mut plan = Plan::honest(61, Duration::from_mins(1));
    // Enough for 1280x720p30 beside LPCM, and little to simulate.
    plan.bit_rate = 2_000_000 + 1_536_000;
    let profile = Profile::find(case.profile).expect(case.profile);
    profile.apply(&mut plan.sink);
    (case.change)(&mut plan);
    plan
}

#[test]
fn every_quirk_has_a_profile_and_every_profile_a_case() {
    let of_profiles: BTreeSet<&str> = PROFILES.iter().map(Profile::quirk).collect();
    let of_table: BTreeSet<&str> = TABLE.iter().map(|row| row.id).collect();
    assert_eq!(of_profiles, of_table);
    let profiles: BTreeSet<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    let cases: BTreeSet<&str> = CASES.iter().map(|case| case.profile).collect();
    assert_eq!(cases, profiles);
}

#[test]
fn an_honest_sink_shows_no_quirk() {
    let outcome = run(&Plan::honest(61, Duration::from_secs(10)));
    assert!(outcome.quirks.is_empty(), "{}", outcome.quirks);
}

#[test]
fn every_profile_comes_to_what_is_right_for_it() {
    let mut wrong = Vec::new();
    for case in CASES {
        let outcome = run(&plan(case));
        let mut faults = judge(case.expected, &outcome);
        faults.extend(missed(case, &outcome));
        faults.extend(outcome.violations.iter().cloned());
        if !faults.is_empty() {
            wrong.push(format!("{}: {faults:#?}", case.profile));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as it should be.
fn judge(expected: Expected, outcome: &Outcome) -> Vec<String> {
    match expected {
        Expected::Plays => played(outcome, outcome.faults(), SOON),
        Expected::PlaysLate => played(outcome, late_faults(outcome), LATE),
        Expected::InVain => {
            let mut faults = outcome.faults();
            let lacks_nothing = outcome.unmet.is_empty();
            faults.extend(lacks_nothing.then(|| "seen and heard".to_owned()));
            faults
        }
        Expected::StaysStill => still(outcome),
        Expected::NoSession(status) => {
            let started = outcome.started;
            let right = started == Some(Err(status));
            (!right)
                .then(|| format!("Start: {started:?}"))
                .into_iter()
                .collect()
        }
        Expected::Ends(status, cause) => {
            let right = outcome.reports == [(status, cause)];
            let text = || format!("{:?}, {:?}", outcome.started, outcome.reports);
            (!right).then(text).into_iter().collect()
        }
    }
}

/// A minute of pictures that are shown, the first one within `limit`.
fn played(outcome: &Outcome, mut faults: Vec<String>, limit: Duration) -> Vec<String> {
    let first_idr = outcome.first_idr;
    if first_idr.is_none_or(|time| time > limit) {
        faults.push(format!("first IDR picture after {first_idr:?}"));
    }
    if outcome.units_right < 50 * SECOND_OF_PICTURES {
        faults.push(format!("{} pictures", outcome.units_right));
    }
    if !outcome.unmet.is_empty() {
        faults.push(format!("in vain for want of {:?}", outcome.unmet));
    }
    faults
}

/// What is wrong with a session of whose pictures some came before the player was there.
fn late_faults(outcome: &Outcome) -> Vec<String> {
    let lost = outcome.units_missing;
    // The player opens between two tables, and sound goes on: the sink says so once.
    let before_tables = outcome.stream.faults.count(Fault::PmtMissing).min(1);
    let right = outcome.phase == Phase::Playing
        && outcome.reports.is_empty()
        && outcome.breaches.is_empty()
        && outcome.stream.faults.total() == before_tables
        && outcome.units_wrong == 0
        && (1..SECOND_OF_PICTURES).contains(&lost);
    let text = || {
        let Outcome {
            phase,
            reports,
            breaches,
            stream,
            ..
        } = outcome;
        let faults = &stream.faults;
        format!("{phase:?}, {reports:?}, {breaches:?}, {faults:?}, {lost} lost")
    };
    (!right).then(text).into_iter().collect()
}

/// A session without a picture that lasts.
fn still(outcome: &Outcome) -> Vec<String> {
    let mut faults = outcome.faults();
    if outcome.encoded != 0 || outcome.stream.pcr < 1000 {
        let text = format!("{} pictures, {} PCR", outcome.encoded, outcome.stream.pcr);
        faults.push(text);
    }
    faults
}

/// What is wrong with the quirks that were noticed: the profile's own must be among them, if it can be
/// seen or is assumed.
fn missed(case: &Case, outcome: &Outcome) -> Option<String> {
    let quirk = Quirk::from_id(Profile::find(case.profile)?.quirk())?;
    let unseen = |one: &Match| matches!(one, Match::Everyone | Match::Setting);
    let shows = !quirk.row().matches.iter().all(unseen);
    let hidden = HIDDEN.iter().any(|(profile, _)| *profile == case.profile);
    let assumed = plan(case).settings.quirks.has(quirk);
    let right = outcome.quirks.has(quirk) == (assumed || shows && !hidden);
    (!right).then(|| format!("noticed: {}", outcome.quirks))
}

/// Every request of a sink for an IDR picture is heard, whatever its length says (Q6).
#[test]
fn idr_requests_of_every_length_are_heard() {
    for name in ["Q6", "Q6-long", "Q6-zero", "Q6-none"] {
        let mut plan = Plan::honest(62, Duration::from_secs(22));
        Profile::find(name)
            .expect("a profile")
            .apply(&mut plan.sink);
        let outcome = run(&plan);
        assert_eq!(outcome.idr_requests, 4, "{name}: one in five seconds");
    }
}

/// Of eight requests at once the first is passed on at once and the rest as one, later (Q27).
#[test]
fn bursts_of_idr_requests_are_two_requests() {
    let mut plan = Plan::honest(63, Duration::from_secs(22));
    let profile = Profile::find("Q27").expect("a profile");
    profile.apply(&mut plan.sink);
    let outcome = run(&plan);
    let asked = outcome.messages.iter().filter(|m| m.name == "M13").count();
    assert_eq!((asked, outcome.idr_requests), (32, 8));
}

/// What a sink takes that looks at the lowest bit is what is sent (Q78).
#[test]
fn the_lowest_bit_of_m4_is_the_mode_that_is_sent() {
    let mut plan = Plan::honest(64, Duration::from_secs(5));
    let profile = Profile::find("Q78").expect("a profile");
    profile.apply(&mut plan.sink);
    let outcome = run(&plan);
    let cea = outcome.chosen.map(|choice| choice.cea);
    // S2.1 Table 34: bit 5 is 1280x720p30.
    assert_eq!((cea, outcome.streams), (Some(1 << 5), vec![(1280, 720)]));
}
