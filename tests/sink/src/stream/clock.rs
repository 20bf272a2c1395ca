//! Compares a clock of the source with the arrival times.
//!
//! Only the smallest delay seen so far is known, never the real one, so what is measured is how
//! much later than the fastest an arrival is. The floor creeps by 100 ppm, so that a source whose
//! crystal differs from ours does not look ever later.

use core::time::Duration;

/// One in so many nanoseconds the floor gives way: 100 ppm.
const CREEP: i128 = 10_000;

/// The delay of a source clock against arrival times.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skew {
    floor: Option<(i128, u64)>,
}

impl Skew {
    /// How far this arrival is from the fastest, or how far it undercuts it.
    ///
    /// `source_ns` is the source's clock, unwrapped; `arrival_ns` is ours.
    pub(super) fn distance(&mut self, source_ns: u128, arrival_ns: u64) -> Duration {
        let source = i128::try_from(source_ns).unwrap_or(i128::MAX / 4);
        let delay = i128::from(arrival_ns) - source;
        let Some((floor, since)) = self.floor else {
            self.floor = Some((delay, arrival_ns));
            return Duration::ZERO;
        };
        let crept = floor + i128::from(arrival_ns.saturating_sub(since)) / CREEP;
        self.floor = Some((crept.min(delay), arrival_ns.max(since)));
        let distance = (delay - crept).max(floor - delay).max(0);
        Duration::from_nanos(u64::try_from(distance).unwrap_or(u64::MAX))
    }

    /// Forgets the floor: the source may have set its clock anew.
    pub(super) fn reset(&mut self) {
        self.floor = None;
    }
}
