//! The two plots of a session: what became of each picture's time, and of its bytes.

use miracast_miniport::encoder::Settings;
use miracast_plot::{Plot, Scale};

use super::Facts;
use crate::comparison::microseconds;
use crate::source::{Deed, SentPicture};

/// Pictures that are drawn: of a longer session, each drawn one is the greatest of its neighbours.
const POINTS_MAX: usize = 3000;

/// One picture in a plot.
#[derive(Clone, Copy)]
struct Point {
    seconds: f64,
    value: f64,
    idr: bool,
}

pub(super) fn of(facts: &Facts<'_>) -> String {
    let sent = facts.record.source.sent();
    let Some(first) = sent.first() else {
        return String::new();
    };
    let start = first.entry.handed_over.counter;
    let seconds = |ticks: u64| ticks_to_seconds(ticks.saturating_sub(start));
    let at = |picture: &SentPicture<'_>| seconds(picture.entry.handed_over.counter);
    let end = Scale::reaching(sent.last().map_or(1.0, at));
    let times = facts.comparison.tail_ns.iter();
    let latency = sent.iter().zip(times).map(|(picture, time)| Point {
        seconds: at(picture),
        value: microseconds(*time),
        idr: picture.handed_over.idr,
    });
    let bytes = sent.iter().map(|picture| Point {
        seconds: at(picture),
        value: kilobytes(picture),
        idr: picture.handed_over.idr,
    });
    let rates = facts.record.source.deeds.iter().filter_map(|noted| {
        let (at, rate) = match noted.deed {
            Deed::RateChanged(rate) => (seconds(noted.at), rate),
            Deed::StreamOpened(Settings { bit_rate, .. }) => (seconds(noted.at), bit_rate),
            _ => return None,
        };
        Some((at, rate))
    });
    let latency = latencies(&thinned(&latency.collect::<Vec<_>>()), end, facts);
    let sizes = sizes(
        &thinned(&bytes.collect::<Vec<_>>()),
        end,
        &rates.collect::<Vec<_>>(),
    );
    format!("<div class=\"plots\">\n{latency}{sizes}</div>")
}

fn latencies(points: &[Point], end: Scale, facts: &Facts<'_>) -> String {
    let title = "last chunk to last datagram, µs";
    let mut plot = Plot::new(end, Scale::Decades(1, 5), "time, s", title);
    for point in points {
        let class = if point.idr { "two" } else { "one" };
        plot.dot(class, point.seconds, point.value);
    }
    let tail = &facts.summary.tail_latency_us;
    plot.level(tail.p50, &format!("half: {:.0} µs", tail.p50));
    plot.level(tail.p99, &format!("99 of 100: {:.0} µs", tail.p99));
    plot.finish(
        "From the miniport handing over a picture's last chunk to the kernel's receive stamp of \
         its last datagram. IDR pictures in the other colour.",
    )
}

fn sizes(points: &[Point], end: Scale, rates: &[(f64, u64)]) -> String {
    let most = points.iter().map(|point| point.value).fold(1.0, f64::max);
    let mut plot = Plot::new(
        end,
        Scale::reaching(most),
        "time, s",
        "bytes of each picture, kB",
    );
    for point in points {
        let class = if point.idr { "bar key" } else { "bar" };
        plot.bar(class, point.seconds, point.value);
    }
    for (at, rate) in rates {
        plot.moment(*at, &format!("{:.1} Mbit/s", megabits(*rate)));
    }
    plot.finish(
        "The encoder's pictures. IDR pictures in the other colour; the broken lines are the bit \
         rates that the driver asked the encoder for, from the link quality that Windows reports.",
    )
}

/// At most [`POINTS_MAX`] points.
fn thinned(points: &[Point]) -> Vec<Point> {
    let group = points.len().div_ceil(POINTS_MAX).max(1);
    let greatest = |points: &[Point]| {
        let by_value = |a: &&Point, b: &&Point| a.value.total_cmp(&b.value);
        points.iter().max_by(by_value).copied()
    };
    points.chunks(group).filter_map(greatest).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs four digits")]
fn kilobytes(picture: &SentPicture<'_>) -> f64 {
    picture.bytes() as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs four digits")]
fn megabits(bits: u64) -> f64 {
    bits as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs four digits")]
fn ticks_to_seconds(ticks: u64) -> f64 {
    ticks as f64 / 1e7
}
