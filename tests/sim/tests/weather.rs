//! Sessions over links that are not good: the rate follows the link and settles, no picture comes
//! changed, and nobody gives up.

use core::time::Duration;

use miracast_net::{Bandwidth, Conditions};
use miracast_sim::{Outcome, Weather, run};
use miracast_umd::engine::SessionStatus;

fn play(name: &str, seed: u64) -> Outcome {
    let weather = Weather::named(name).expect("a name of the table");
    let outcome = run(&weather.plan(seed));
    let faults = weather.faults(&outcome);
    assert!(
        faults.is_empty(),
        "{name}, seed {seed}: {faults:#?}\n{:?}",
        outcome.rates_set
    );
    outcome
}

/// The rate is back within [`Weather::recovery_max`], which is one of the faults, and was away.
fn recovers(name: &str) {
    let weather = Weather::named(name).expect("a name of the table");
    for seed in [1, 2] {
        let recovery = weather.recovery(&play(name, seed));
        assert!(
            recovery > Some(Duration::from_secs(1)),
            "{name}: {recovery:?}"
        );
    }
}

#[test]
fn loss_of_the_radio_costs_pictures_and_no_rate() {
    for (name, least) in [("loss-1", 500), ("loss-5", 2000), ("loss-10", 2500)] {
        let outcome = play(name, 1);
        assert!(
            outcome.units_missing > least,
            "{name}: {}",
            outcome.units_missing
        );
    }
}

#[test]
fn a_link_that_narrows_to_a_third_is_followed_down_and_up() {
    recovers("step");
}

#[test]
fn a_send_buffer_that_does_not_drain_is_followed_down_and_up() {
    recovers("backlog");
}

#[test]
fn an_outage_is_outlived() {
    recovers("outage");
}

#[test]
fn one_seed_is_one_session_in_any_weather() {
    let outcome = play("step", 3);
    assert_eq!(play("step", 3).digest, outcome.digest);
}

/// 1280x720p30 needs 1.4 Mbit/s, and half of that at half the picture rate; the sound takes 1.7.
#[test]
fn only_a_link_below_the_least_is_given_up() {
    let narrow = |rate| {
        let mut plan = Weather::Step.plan(1);
        for (_, conditions) in plan.weather.iter_mut().skip(1) {
            if let Some(bandwidth) = &mut conditions.bandwidth {
                bandwidth.rate = rate;
            }
        }
        run(&plan)
    };
    let enough = narrow(2_900_000);
    assert!(enough.reports.is_empty(), "{:?}", enough.reports);
    assert_eq!(enough.units_wrong, 0);
    let too_little = narrow(1_950_000);
    let statuses: Vec<SessionStatus> = too_little
        .reports
        .iter()
        .map(|(status, _)| *status)
        .collect();
    assert_eq!(statuses, [SessionStatus::InsufficientBandwidth]);
}

/// Each dip is shorter than what a link is given, and the encoder keeps the least over both. How the
/// first one ends decides whether a measurement falls between its end and that of the backlog.
#[test]
fn two_short_dips_are_outlived() {
    let after = Duration::from_millis;
    for end in (22_400..22_600).step_by(40) {
        let mut plan = Weather::Backlog.plan(1);
        plan.length = Duration::from_secs(30);
        plan.queue.bytes = 32 * 1024;
        let (_, well) = plan.weather[0];
        let narrow = Conditions {
            bandwidth: well.bandwidth.map(|bandwidth| Bandwidth {
                rate: 1_750_000,
                ..bandwidth
            }),
            ..well
        };
        plan.weather = vec![
            (Duration::ZERO, well),
            (after(20_000), narrow),
            (after(end), well),
            (after(25_500), narrow),
            (after(28_000), well),
        ];
        let outcome = run(&plan);
        assert!(outcome.reports.is_empty(), "{:?}", outcome.reports);
        let least = (691_200, 691_200);
        let between = outcome.series.rates(after(23_000), after(25_500));
        assert_eq!(between, least, "half of what 1280x720p30 needs");
    }
}
