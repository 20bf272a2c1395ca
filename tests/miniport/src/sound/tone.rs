//! What the emulated desktop plays: a quiet tone on each side, and a click at every whole second of
//! the clock.
//!
//! A sample is a function of its time of capture alone, so whoever receives it can say when it was
//! captured: the first loud sample of a click is that of a whole second.

use core::f64::consts::TAU;

/// Units of 100 ns in a second.
pub const SECOND: u64 = 10_000_000;

/// Hertz of the tone on the left and on the right: two, so that exchanged sides are heard.
pub const TONES: [f64; 2] = [440.0, 660.0];

/// How loud the tones are, of 32 767.
const QUIET: f64 = 2_000.0;

/// How loud a click is: nothing else comes near [`CLICK_MIN`].
const LOUD: i16 = 24_000;

/// The magnitude from which on a sample is part of a click.
pub const CLICK_MIN: u16 = 12_000;

/// Length of a click: 2 ms.
const CLICK: u64 = SECOND / 500;

/// Samples of one change of sign in a click.
const CLICK_HALF: u64 = SECOND / 2_000;

/// Both samples of the moment `at`, in units of 100 ns.
fn frame(at: u64) -> [i16; 2] {
    let within = at % SECOND;
    if within < CLICK {
        let high = (within / CLICK_HALF).is_multiple_of(2);
        return [if high { LOUD } else { -LOUD }; 2];
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a time within a second is far below 2^53"
    )]
    let seconds = within as f64 / SECOND as f64;
    TONES.map(|hertz| ((TAU * hertz * seconds).sin() * QUIET) as i16)
}

/// `count` frames from the frame `first` of a capture that began at `origin`, as little-endian LPCM.
pub(super) fn lpcm(origin: u64, first: u64, count: u64, rate: u32) -> Vec<u8> {
    let frames = (first..first + count).map(|number| frame(time_of(origin, number, rate)));
    frames.flatten().flat_map(i16::to_le_bytes).collect()
}

/// When the frame `number` of a capture that began at `origin` is captured. Exact: never by adding up
/// a rounded step.
pub(super) fn time_of(origin: u64, number: u64, rate: u32) -> u64 {
    let ticks = u128::from(number) * u128::from(SECOND) / u128::from(rate.max(1));
    origin.saturating_add(u64::try_from(ticks).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loud(frame: [i16; 2]) -> bool {
        frame
            .iter()
            .all(|sample| sample.unsigned_abs() >= CLICK_MIN)
    }

    #[test]
    fn a_click_begins_with_each_second_and_nothing_else_is_as_loud() {
        for second in [0, 1, 3600] {
            let begin = second * SECOND;
            assert!(loud(frame(begin)) && loud(frame(begin + CLICK - 1)));
            for at in (begin + CLICK..begin + SECOND).step_by(97) {
                assert!(!frame(at).iter().any(|s| s.unsigned_abs() >= CLICK_MIN));
            }
        }
    }

    #[test]
    fn times_are_exact_at_44100_too() {
        assert_eq!(time_of(7, 44_100 * 3600, 44_100), 7 + 3600 * SECOND);
        assert_eq!(time_of(0, 480, 44_100), 108_843);
        assert_eq!(lpcm(0, 0, 480, 48_000).len(), 1920);
    }
}
