//! The page of a simulated session over a link that is not good: its rate over virtual time.

use core::time::Duration;

use miracast_plot::{Plot, STYLE, Scale, escape};
use miracast_sim::{Outcome, Sample};

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
         <p>{} of {} pictures came unchanged, {} did not come, {} came changed.</p>\n\
         </body>\n</html>\n",
        outcome.units_right, outcome.encoded, outcome.units_missing, outcome.units_wrong
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
