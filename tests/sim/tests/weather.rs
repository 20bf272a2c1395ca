//! Sessions over links that are not good: the rate follows the link and settles, no picture comes
//! changed, and nobody gives up.

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
    for seed in [1, 2] {
        play("step", seed);
    }
}

#[test]
fn a_send_buffer_that_does_not_drain_is_followed_down_and_up() {
    for seed in [1, 2] {
        play("backlog", seed);
    }
}

#[test]
fn an_outage_is_outlived() {
    for seed in [1, 2] {
        play("outage", seed);
    }
}

#[test]
fn one_seed_is_one_session_in_any_weather() {
    let outcome = play("step", 3);
    assert_eq!(play("step", 3).digest, outcome.digest);
}

/// 1280x720p30 needs 1.4 Mbit/s, and half of that at half the picture rate.
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
    let enough = narrow(1_200_000);
    assert!(enough.reports.is_empty(), "{:?}", enough.reports);
    assert_eq!(enough.units_wrong, 0);
    let too_little = narrow(300_000);
    let statuses: Vec<SessionStatus> = too_little
        .reports
        .iter()
        .map(|(status, _)| *status)
        .collect();
    assert_eq!(statuses, [SessionStatus::InsufficientBandwidth]);
}
