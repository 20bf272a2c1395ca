//! What a session was like over time: for plots, and for the question whether the rate settles.

use core::time::Duration;

use miracast_net::{Carried, Nanos};

/// Time between two samples.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// A session at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Since StartMiracastSession was called.
    pub at: Duration,
    /// What the encoder is set to, in bit/s; 0 before there is one.
    pub rate: u64,
    /// What became of the datagrams by then.
    pub carried: Carried,
    /// How long the one that left the queue last had waited.
    pub queue_delay: Duration,
}

/// The samples of a session.
#[derive(Clone, Debug, Default)]
pub struct Series(pub Vec<Sample>);

impl Series {
    /// The samples from one moment to another.
    pub fn within(&self, from: Duration, to: Duration) -> impl Iterator<Item = &Sample> {
        let is_within = move |sample: &&Sample| (from..to).contains(&sample.at);
        self.0.iter().filter(is_within)
    }

    /// The lowest and the highest rate between two moments.
    pub fn rates(&self, from: Duration, to: Duration) -> (u64, u64) {
        let rates = || self.within(from, to).map(|sample| sample.rate);
        (rates().min().unwrap_or(0), rates().max().unwrap_or(0))
    }

    /// How often the rate was lowered between two moments.
    pub fn cuts(&self, from: Duration, to: Duration) -> usize {
        let rates: Vec<u64> = self.within(from, to).map(|sample| sample.rate).collect();
        rates.windows(2).filter(|pair| pair[1] < pair[0]).count()
    }

    /// How long after `from` the rate has been at least `rate` to the end; `None` if it was lower there.
    pub fn lasting(&self, rate: u64, from: Duration) -> Option<Duration> {
        let after = self.0.iter().filter(|sample| sample.at >= from);
        let mut since = None;
        for sample in after {
            since = (sample.rate >= rate).then(|| since.unwrap_or(sample.at.saturating_sub(from)));
        }
        since
    }

    /// Bits a second that arrived up to `at`, over the second before.
    pub fn goodput(&self, at: Duration) -> u64 {
        let second = Duration::from_secs(1);
        let mut span = self.within(at.saturating_sub(second), at);
        let first = span.next().map_or(0, |sample| sample.carried.arrived_bytes);
        let last = span
            .last()
            .map_or(first, |sample| sample.carried.arrived_bytes);
        8 * (last - first)
    }
}

pub(crate) fn sample(at: Nanos, rate: u64, (carried, queue): (Carried, Nanos)) -> Sample {
    Sample {
        at: Duration::from_nanos(at),
        rate,
        carried,
        queue_delay: Duration::from_nanos(queue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_lasts_from_where_it_is_never_lower_again() {
        let rates = [8, 2, 8, 3, 7, 8, 9];
        let samples = (0..).zip(rates).map(|(second, rate)| Sample {
            at: Duration::from_secs(second),
            rate,
            carried: Carried::default(),
            queue_delay: Duration::ZERO,
        });
        let series = Series(samples.collect());
        let after = Duration::from_secs;
        assert_eq!(series.lasting(7, after(1)), Some(after(3)));
        assert_eq!(series.lasting(7, after(5)), Some(after(0)));
        assert_eq!(series.lasting(10, after(0)), None);
        assert_eq!(series.lasting(1, after(7)), None);
    }
}
