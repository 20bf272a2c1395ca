//! A long session looked at each second: what the process holds must not grow with time.
//!
//! Threads and handles are judged one by one. Memory is judged by the rate at which it grows: the emulators
//! write down what they saw, so that it can be compared at the end, and the driver writes down nothing. That
//! the driver allocates nothing is counted besides, by the program's allocator.

use core::time::Duration;

use miracast_os::process::{Census, resident_bytes};
use miracast_plot::{Plot, STYLE, Scale};
use serde::Serialize;

use crate::checks::Check;

/// Time before the first sample that is judged: buffers have come to their size by then.
pub const WARM_UP: Duration = Duration::from_secs(5);

/// Memory by which the process may grow for each second, in bytes: what the emulators write down of 30 pictures
/// and 100 chunks of sound. Measured over ten minutes: 28 KB. A leak of a datagram of 1328 bytes for each picture
/// would be 40 KB more.
const GROWTH_MAX: u64 = 32 * 1024;

/// What lists that double when they are full, and the allocator's arenas, may take at once, in bytes.
const SLACK: u64 = 6 << 20;

/// The process at one moment.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sample {
    /// Seconds since the sink began to play.
    pub seconds: u32,
    /// Bytes of resident memory; null if the system does not tell.
    pub resident: Option<u64>,
    /// Threads.
    pub threads: usize,
    /// Handles; on Linux descriptors.
    pub handles: usize,
}

impl Sample {
    /// Looks now, `since` the sink began to play.
    pub fn take(since: Duration) -> Self {
        let census = Census::take();
        Self {
            seconds: since.as_secs() as u32,
            resident: resident_bytes(),
            threads: census.thread_count(),
            handles: census.handle_count(),
        }
    }
}

/// That nothing grew from the first of the samples, which are after the warm-up, to the last.
pub fn checks(samples: &[Sample]) -> Vec<Check> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        return vec![Check::new("samples", "0", "at least 1", false)];
    };
    let flat = |name, of: fn(&Sample) -> usize| {
        let all = || samples.iter().map(of);
        let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        let holds = of(first) > 0 && least == most;
        Check::new(name, format!("{least} to {most}"), "always the same", holds)
    };
    let mut checks = vec![
        flat("threads of the process", |sample| sample.threads),
        flat("handles of the process", |sample| sample.handles),
    ];
    if let (Some(before), Some(after)) = (first.resident, last.resident) {
        let seconds = u64::from(last.seconds - first.seconds).max(1);
        let allowed = SLACK + GROWTH_MAX * seconds;
        let grown = after.saturating_sub(before);
        checks.push(Check::new(
            "memory that the process has gained",
            format!(
                "{} KB in {seconds} s, {} KB/s",
                grown / 1024,
                grown / 1024 / seconds
            ),
            format!(
                "at most {} KB: what the emulators write down",
                allowed / 1024
            ),
            before > 0 && grown <= allowed,
        ));
    }
    checks
}

/// The page: the samples over time, and what held.
pub fn page(samples: &[Sample], checks: &[Check]) -> String {
    let held = checks.iter().all(|check| check.holds);
    let (class, verdict) = if held {
        ("good", "Everything holds.")
    } else {
        ("bad", "Not everything holds.")
    };
    let list: Vec<String> = checks
        .iter()
        .map(|check| format!("<li>{}</li>\n", miracast_plot::escape(&check.to_string())))
        .collect();
    let plots = [
        plot(samples, "resident memory, MB", |sample| {
            number(sample.resident.unwrap_or(0)) / 1e6
        }),
        plot(samples, "threads", |sample| number(sample.threads as u64)),
        plot(samples, "handles", |sample| number(sample.handles as u64)),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>A long Miracast session</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>A long session</h1>\n\
         <p class=\"lead\">What the process of driver, emulated Windows, miniport and sink holds, second by \
         second.</p>\n<p class=\"verdict {class}\">{verdict}</p>\n<div class=\"plots\">\n{}</div>\n\
         <ul>\n{}</ul>\n</body>\n</html>\n",
        plots.concat(),
        list.concat()
    )
}

fn plot(samples: &[Sample], title: &str, of: impl Fn(&Sample) -> f64) -> String {
    let end = samples.last().map_or(1.0, |sample| sample.seconds.into());
    let most = samples.iter().map(&of).fold(1.0, f64::max);
    let mut plot = Plot::new(
        Scale::reaching(end),
        Scale::reaching(most),
        "time, s",
        title,
    );
    for sample in samples {
        plot.dot("one", sample.seconds.into(), of(sample));
    }
    plot.finish(title)
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs four digits")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(change: impl FnOnce(&mut [Sample])) -> Vec<bool> {
        let sample = |second: u32| Sample {
            seconds: second,
            resident: Some(50_000_000 + u64::from(second) * GROWTH_MAX),
            threads: 9,
            handles: 21,
        };
        let mut samples: Vec<Sample> = (5..=605).map(sample).collect();
        change(&mut samples);
        checks(&samples).iter().map(|check| check.holds).collect()
    }

    #[test]
    fn what_grows_is_seen() {
        assert_eq!(hold(|_| ()), [true; 3]);
        assert_eq!(hold(|s| s[300].threads += 1), [false, true, true]);
        assert_eq!(hold(|s| s[600].handles += 1), [true, false, true]);
        let grown = hold(|s| s[600].resident = Some(50_000_000 + 606 * GROWTH_MAX + SLACK));
        assert_eq!(grown, [true, true, false]);
        let none = |s: &mut [Sample]| s.iter_mut().for_each(|sample| sample.threads = 0);
        assert_eq!(hold(none), [false, true, true]);
        assert!(!checks(&[])[0].holds);
    }
}
