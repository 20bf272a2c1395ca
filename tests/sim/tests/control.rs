//! M10 to M15 in whole sessions: what either side asks of the other while it plays.

use core::time::Duration;

use miracast_core::session::Phase;
use miracast_kmd_iface::message::PowerState;
use miracast_miniport::script::{Action, Step};
use miracast_sim::{Outcome, Plan, UserDeed, UserStep, run};
use miracast_sink::input::{GENERIC, keys, packet};
use miracast_sink::machine::{Command, Direction, Route};

const STANDBY: &str = "wfd_standby_resume_capability";
const INPUT: &str = "wfd_uibc_capability";
const KEYBOARD: &str =
    "input_category_list=GENERIC;generic_cap_list=Keyboard;hidc_cap_list=none;port=none";

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Twelve seconds with a sink that also answers these names.
fn plan(answers: &[(&str, &str)]) -> Plan {
    let mut plan = Plan::honest(31, seconds(12));
    let answers = answers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    plan.sink.capabilities.extra.extend(answers);
    plan
}

/// The sink's user says this to the sink, then.
fn tell(after: u64, command: Command) -> UserStep {
    step(after, UserDeed::Tell(command))
}

fn step(after: u64, deed: UserDeed) -> UserStep {
    UserStep {
        after: seconds(after),
        deed,
    }
}

/// Windows switches the monitor off after four seconds and on after eight.
fn switch_monitor(plan: &mut Plan) {
    let power = |after, state| Step {
        after: seconds(after),
        action: Action::Power(state),
    };
    plan.desktop
        .extend([power(4, PowerState::OFF), power(8, PowerState::ON)]);
}

/// Runs a plan in which nobody does wrong; pictures may be missing where the stream was cut.
fn play(plan: &Plan) -> Outcome {
    let outcome = run(plan);
    assert_eq!(outcome.breaches, [""; 0]);
    assert_eq!(outcome.violations, [""; 0]);
    assert!(outcome.reports.is_empty(), "{:?}", outcome.reports);
    assert!(
        outcome.stream.faults.is_empty(),
        "{:?}",
        outcome.stream.faults
    );
    assert_eq!((outcome.phase, outcome.units_wrong), (Phase::Playing, 0));
    outcome
}

/// What the sink sent and got under these names, in order.
fn named(outcome: &Outcome, names: &[&str]) -> Vec<String> {
    let messages = outcome.messages.iter();
    let named = messages.filter(|message| names.contains(&message.name.as_str()));
    named
        .map(|message| {
            let arrow = match message.direction {
                Direction::FromSource => '>',
                Direction::ToSource => '<',
            };
            format!("{arrow} {}", message.name)
        })
        .collect()
}

/// The status of the answer of this name.
fn status(outcome: &Outcome, name: &str) -> String {
    let mut messages = outcome.messages.iter();
    let answer = messages.find(|message| message.name == name);
    let answer = answer.expect("an answer");
    let text = String::from_utf8_lossy(&answer.bytes);
    text.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// The stream stopped for about four seconds and went on; its clock did not stop.
fn assert_paused_for_four_seconds(outcome: &Outcome) {
    let gap = outcome.stream.pts_interval_max;
    assert!(
        (seconds(4)..Duration::from_millis(4300)).contains(&gap),
        "{gap:?}"
    );
    let pictures = outcome.stream.access_units;
    assert!((7 * 30..=9 * 30).contains(&pictures), "{pictures} pictures");
    assert!(outcome.stream.idr_units >= 2);
}

#[test]
fn a_monitor_that_is_off_puts_the_sink_into_standby_and_on_resumes_it() {
    let mut plan = plan(&[(STANDBY, "supported")]);
    switch_monitor(&mut plan);
    let outcome = play(&plan);
    let names = [
        "M12",
        "M12 reply",
        "M5 PAUSE",
        "M5 PLAY",
        "PLAY",
        "M7 reply",
    ];
    let first = ["< PLAY", "> M7 reply"];
    let standby = ["> M12", "< M12 reply", "> M5 PLAY", "< PLAY", "> M7 reply"];
    assert_eq!(named(&outcome, &names), [&first[..], &standby].concat());
    assert_paused_for_four_seconds(&outcome);
}

#[test]
fn a_sink_that_cannot_stand_by_is_paused() {
    let mut plan = plan(&[(STANDBY, "none")]);
    switch_monitor(&mut plan);
    let outcome = play(&plan);
    let expected = ["> M5 PAUSE", "< PAUSE", "> M5 PLAY"];
    let names = ["M12", "M5 PAUSE", "PAUSE", "M5 PLAY"];
    assert_eq!(named(&outcome, &names), expected);
    assert_paused_for_four_seconds(&outcome);
}

#[test]
fn a_sink_stands_by_on_its_own_and_is_kept_alive_until_it_plays_again() {
    let mut plan = plan(&[(STANDBY, "supported")]);
    plan.length = seconds(60);
    plan.user = vec![tell(5, Command::Standby), tell(50, Command::Play)];
    let outcome = play(&plan);
    assert_eq!(status(&outcome, "M12 reply"), "200");
    assert!(named(&outcome, &["M16"]).len() >= 5);
    let gap = outcome.stream.pts_interval_max;
    assert!((seconds(45)..seconds(46)).contains(&gap), "{gap:?}");
}

#[test]
fn a_monitor_that_goes_off_while_the_sink_stands_by_resumes_it_when_it_goes_on() {
    let mut plan = plan(&[(STANDBY, "supported")]);
    switch_monitor(&mut plan);
    plan.user = vec![tell(3, Command::Standby)];
    let outcome = play(&plan);
    let expected = ["< M12", "> M12 reply", "> M5 PLAY"];
    assert_eq!(named(&outcome, &["M12", "M12 reply", "M5 PLAY"]), expected);
}

#[test]
fn a_display_that_is_unplugged_and_plugged_in_again_is_a_departure_and_an_arrival() {
    let mut plan = plan(&[]);
    plan.user = vec![
        tell(4, Command::Connect(None)),
        tell(8, Command::Connect(Some(0x05))),
    ];
    let outcome = play(&plan);
    assert_eq!(status(&outcome, "M11 reply"), "200");
    assert_eq!(outcome.monitors, [true, false, true]);
    assert_eq!(outcome.streams, [(1280, 720); 2]);
    assert_paused_for_four_seconds(&outcome);
    // Tables and clock go on: the sink sees a session that lives.
    assert!(outcome.stream.psi_interval_max <= Duration::from_millis(100));
}

#[test]
fn another_connector_with_a_display_behind_it_changes_nothing() {
    let mut plan = plan(&[]);
    plan.user = vec![tell(4, Command::Connect(Some(0x0A)))];
    let outcome = play(&plan);
    assert_eq!(status(&outcome, "M11 reply"), "200");
    assert_eq!((outcome.monitors.len(), outcome.streams.len()), (1, 1));
    assert_eq!(outcome.units_missing, 0);
}

#[test]
fn sound_stays_at_the_only_sink() {
    let mut to_us = plan(&[]);
    to_us.user = vec![tell(4, Command::Route(Route::Primary))];
    assert_eq!(status(&play(&to_us), "M10 reply"), "200");
    let mut away = plan(&[]);
    away.user = vec![tell(4, Command::Route(Route::Secondary))];
    let outcome = run(&away);
    assert_eq!(status(&outcome, "M10 reply"), "406");
    assert_eq!(outcome.phase, Phase::Playing);
}

#[test]
fn input_that_the_sink_takes_away_is_not_heard_until_it_gives_it_back() {
    let key = |code| UserDeed::Send(packet(GENERIC, None, &keys(true, code, 0)));
    let mut plan = plan(&[(INPUT, KEYBOARD)]);
    plan.user = vec![
        step(3, UserDeed::Connect),
        step(3, key(0x61)),
        tell(4, Command::ChangeInput("none")),
        step(5, key(0x62)),
        tell(6, Command::ChangeInput(KEYBOARD)),
        step(7, key(0x63)),
        tell(8, Command::SwitchInput(false)),
        step(9, key(0x64)),
        tell(10, Command::SwitchInput(true)),
        step(11, key(0x65)),
    ];
    let outcome = play(&plan);
    for reply in ["M14 reply", "M15 reply"] {
        assert_eq!(status(&outcome, reply), "200");
    }
    let codes: Vec<u16> = outcome.inputs.iter().map(|input| input.first_key).collect();
    assert_eq!(codes, [0x61, 0x63, 0x65]);
    assert_eq!(outcome.input.unwanted, 2);
}
