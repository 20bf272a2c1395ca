//! Simulated sessions over links that are not good: their rate over virtual time, as a page of one or
//! as a section of a report.

use core::time::Duration;
use std::thread;

use miracast_plot::{Plot, STYLE, Scale, escape};
use miracast_sim::{Outcome, Sample, Weather, run};

use crate::checks::Check;

/// What a link that is not good did to a session.
#[derive(Debug)]
pub struct Course {
    name: &'static str,
    weather: Weather,
    outcome: Outcome,
    faults: Vec<String>,
}

/// A session for each weather, from one seed. They take some seconds and all processors.
///
/// # Panics
/// If a simulation does.
pub fn courses(seed: u64) -> Vec<Course> {
    let course = |(name, weather): (&'static str, Weather)| {
        let outcome = run(&weather.plan(seed));
        let faults = weather.faults(&outcome);
        Course {
            name,
            weather,
            outcome,
            faults,
        }
    };
    thread::scope(|scope| {
        let runs = Weather::ALL.map(|weather| scope.spawn(move || course(weather)));
        let ended = runs.map(|run| run.join().expect("a simulation that ends"));
        ended.into()
    })
}

/// That each session went as it must.
pub fn checks(courses: &[Course]) -> Vec<Check> {
    let check = |course: &Course| {
        let recovery = course.weather.recovery(&course.outcome);
        let figure = recovery.map_or_else(|| "never".to_owned(), seconds);
        let limit = format!("at most {}", seconds(course.weather.recovery_max()));
        let figure = format!("{}: {figure}", course.name);
        let check = Check::new(RECOVERY, figure, limit, course.faults.is_empty());
        check.details(&course.faults)
    };
    courses.iter().map(check).collect()
}

const RECOVERY: &str = "full bit rate again after a bad link, in virtual time";

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The plots of each session; empty without any.
pub fn section(courses: &[Course]) -> String {
    let one = |course: &Course| {
        let (name, outcome) = (course.name, &course.outcome);
        let pictures = pictures(outcome);
        let plots = [rates(outcome), queue(outcome), losses(outcome)].concat();
        format!("<h3>{name}</h3>\n<p>{pictures}</p>\n<div class=\"plots\">\n{plots}</div>\n")
    };
    courses.iter().map(one).collect()
}

fn pictures(outcome: &Outcome) -> String {
    format!(
        "{} of {} pictures came unchanged, {} did not come, {} came changed.",
        outcome.units_right, outcome.encoded, outcome.units_missing, outcome.units_wrong
    )
}

/// The page. `faults` are what is wrong with the session.
pub fn page(name: &str, seed: u64, outcome: &Outcome, faults: &[String]) -> String {
    let name = escape(name);
    let (class, verdict) = if faults.is_empty() {
        ("good", "The session was as it must be.".to_owned())
    } else {
        ("bad", escape(&faults.join("; ")))
    };
    let plots = [rates(outcome), queue(outcome), losses(outcome)].concat();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>Miracast over {name}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{name}, seed {seed}</h1>\n\
         <p class=\"lead\">A session in virtual time over a link that is not good.</p>\n\
         <p class=\"verdict {class}\">{verdict}</p>\n<div class=\"plots\">\n{plots}</div>\n\
         <p>{}</p>\n</body>\n</html>\n",
        pictures(outcome)
    )
}

/// The bit rates: what the encoder is set to, and what arrives.
fn rates(outcome: &Outcome) -> String {
    let megabits = |bits: u64| number(bits) / 1e6;
    let points: Vec<(f64, f64, f64)> = outcome
        .series
        .0
        .iter()
        .map(|sample| {
            let goodput = outcome.series.goodput(sample.at);
            (
                sample.at.as_secs_f64(),
                megabits(sample.rate),
                megabits(goodput),
            )
        })
        .collect();
    let most = points.iter().map(|(_, rate, goodput)| rate.max(*goodput));
    let scale = Scale::reaching(most.fold(1.0, f64::max));
    let mut plot = Plot::new(end(outcome), scale, "time, s", "Mbit/s");
    for (at, rate, goodput) in points {
        plot.dot("two", at, goodput);
        plot.dot("one", at, rate);
    }
    plot.finish(
        "What the encoder is set to; in the other colour what arrived at the sink in the second \
         before, with all headers.",
    )
}

/// How long datagrams waited.
fn queue(outcome: &Outcome) -> String {
    let milliseconds = |sample: &Sample| sample.queue_delay.as_secs_f64() * 1e3;
    let most = outcome
        .series
        .0
        .iter()
        .map(milliseconds)
        .fold(1.0, f64::max);
    let title = "queue, ms";
    let mut plot = Plot::new(end(outcome), Scale::reaching(most), "time, s", title);
    for sample in &outcome.series.0 {
        plot.dot("one", sample.at.as_secs_f64(), milliseconds(sample));
    }
    plot.finish("How long the datagram that left the queue last had waited.")
}

/// What did not arrive.
fn losses(outcome: &Outcome) -> String {
    let gone = |sample: &Sample| sample.carried.lost + sample.carried.overflowed;
    let pairs = || outcome.series.0.windows(10).step_by(10);
    let percent = |pair: &[Sample]| {
        let (first, last) = (pair.first()?, pair.last()?);
        let sent = last.carried.sent - first.carried.sent;
        let share = number(gone(last) - gone(first)) / number(sent.max(1));
        Some((first.at.as_secs_f64(), 100.0 * share))
    };
    let most = pairs().filter_map(percent).map(|(_, share)| share);
    let scale = Scale::reaching(most.fold(1.0, f64::max));
    let mut plot = Plot::new(end(outcome), scale, "time, s", "lost, %");
    for (at, share) in pairs().filter_map(percent) {
        plot.bar("bar", at, share);
    }
    plot.finish("Datagrams lost on the air or in a queue that was full, second by second.")
}

fn end(outcome: &Outcome) -> Scale {
    let last = outcome.series.0.last();
    let last = last.map_or(Duration::from_secs(1), |sample| sample.at);
    Scale::reaching(last.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs four digits")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(faults: Vec<String>) -> Course {
        let weather = Weather::Outage;
        let mut plan = weather.plan(1);
        plan.length = Duration::from_secs(2);
        Course {
            name: "outage",
            weather,
            outcome: run(&plan),
            faults,
        }
    }

    #[test]
    fn a_section_has_three_plots_of_each_session() {
        assert_eq!(section(&[]), "");
        let both = section(&[course(Vec::new()), course(Vec::new())]);
        assert_eq!(both.matches("<figure").count(), 6);
        assert_eq!(both.matches("<h3>outage</h3>").count(), 2);
    }

    #[test]
    fn what_is_wrong_with_a_session_is_a_check_that_fails() {
        let checks = checks(&[course(Vec::new()), course(vec!["too slow".to_owned()])]);
        let holds: Vec<bool> = checks.iter().map(|check| check.holds).collect();
        assert_eq!(holds, [true, false]);
        assert_eq!(checks[1].details, ["too slow"]);
        // The link of the plan is not well again within two seconds.
        assert_eq!(checks[0].figure, "outage: never");
        assert_eq!(checks[0].limit, "at most 18.0 s");
    }
}
