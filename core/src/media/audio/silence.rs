//! When silence is due, and when it is played: counted in samples, so that nothing is ever rounded
//! twice.

use super::{LPCM_BYTES, LPCM_SAMPLES};
use crate::limits;
use crate::media::Payload;
use crate::time::{Instant, TICKS_PER_SECOND};

/// A run of silent units, each as long as a unit of LPCM.
#[derive(Clone, Debug)]
pub(in crate::media) struct Silence {
    sample_rate: u64,
    /// When the first unit was due; `None` if nothing flows.
    began: Option<Instant>,
    /// Units that are over.
    units: u64,
}

/// `samples` at `rate` a second, in units of which `per_second` are a second.
fn time(samples: u64, rate: u64, per_second: u64) -> u64 {
    // No rate is 0: this keeps a panic path out.
    let rate = rate.max(1);
    samples / rate * per_second + samples % rate * per_second / rate
}

impl Silence {
    /// Silence that has not begun.
    pub(super) fn new(sample_rate: u32) -> Self {
        Self {
            sample_rate: sample_rate.into(),
            began: None,
            units: 0,
        }
    }

    /// Begins at `now`, or anew.
    pub(in crate::media) fn begin(&mut self, now: Instant) {
        self.began = Some(now);
        self.units = 0;
    }

    /// Stops it.
    pub(in crate::media) fn end(&mut self) {
        self.began = None;
    }

    /// When the next unit is due.
    pub(in crate::media) fn due(&self) -> Option<Instant> {
        let began = self.began?;
        let ticks = time(self.samples(), self.sample_rate, TICKS_PER_SECOND);
        Some(Instant::from_ticks(began.ticks().saturating_add(ticks)))
    }

    /// When it began, and how far behind that the next unit is, in 90 kHz.
    pub(in crate::media) fn position(&self) -> Option<(Instant, u64)> {
        let behind = time(self.samples(), self.sample_rate, 90_000);
        self.began.map(|began| (began, behind))
    }

    /// The next unit has been packed.
    pub(in crate::media) fn advance(&mut self) {
        self.units += 1;
    }

    /// Leaves out units so that no more than [`limits::SILENT_UNITS_MAX`] are due. Returns how many.
    pub(in crate::media) fn skip(&mut self, now: Instant) -> u64 {
        let Some(began) = self.began else { return 0 };
        let ticks = now.ticks().saturating_sub(began.ticks());
        let due = time(ticks, TICKS_PER_SECOND, self.sample_rate) / LPCM_SAMPLES + 1;
        let first = due.saturating_sub(limits::SILENT_UNITS_MAX);
        let skipped = first.saturating_sub(self.units);
        self.units += skipped;
        skipped
    }

    fn samples(&self) -> u64 {
        self.units.saturating_mul(LPCM_SAMPLES)
    }
}

/// The bytes of a silent unit.
#[derive(Clone, Copy, Debug)]
pub(in crate::media) struct Zeros;

impl Payload for Zeros {
    fn len(&self) -> usize {
        LPCM_BYTES
    }

    fn copy(&self, _offset: usize, to: &mut [u8]) {
        to.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    fn after(silence: &Silence) -> (u64, u64) {
        let (began, behind) = silence.position().unwrap();
        (silence.due().unwrap().ticks() - began.ticks(), behind)
    }

    #[test]
    fn a_thousand_hours_are_exact() {
        // 360 000 000 units of 10 ms; 44.1 kHz: 330 750 000 of them are 3 600 000 s.
        for (rate, units) in [(48_000, 360_000_000), (44_100, 330_750_000)] {
            let mut silence = Silence::new(rate);
            silence.begin(Instant::from_ticks(5));
            silence.units = units;
            let seconds = 3_600_000;
            assert_eq!(after(&silence), (seconds * 10_000_000, seconds * 90_000));
        }
    }

    #[test]
    fn each_unit_is_rounded_by_itself() {
        let mut silence = Silence::new(44_100);
        silence.begin(Instant::ZERO);
        // 480 samples are 979.5918 units of 90 kHz and 108 843.537 of 100 ns.
        for expected in [(0, 0), (108_843, 979), (217_687, 1_959), (326_530, 2_938)] {
            assert_eq!(after(&silence), expected);
            silence.advance();
        }
        silence.units = 147;
        assert_eq!(after(&silence), (16_000_000, 144_000));
    }

    #[test]
    fn what_was_due_too_long_ago_is_left_out() {
        let mut silence = Silence::new(48_000);
        assert_eq!((silence.skip(Instant::ZERO), silence.due()), (0, None));
        silence.begin(Instant::ZERO);
        assert_eq!(silence.skip(Instant::ZERO), 0);
        // One hundred units and the one that begins now are due.
        let second = Instant::ZERO + Duration::from_secs(1);
        assert_eq!(silence.skip(second), 101 - limits::SILENT_UNITS_MAX);
        assert_eq!(silence.skip(second), 0);
        silence.end();
        assert_eq!(silence.due(), None);
    }
}
