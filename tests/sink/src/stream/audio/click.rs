//! Clicks: loud samples after a time of quiet. They are what sound and pictures are held together by.

/// The magnitude from which on a sample is loud.
const LOUD: u16 = 12_000;

/// Samples without a loud one that end a click: a tenth of a second at most.
const QUIET: u32 = 4_410;

/// Where a click begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Click {
    /// When its first sample is to be played: the PTS clock at 27 MHz, modulo 2^33 * 300.
    pub at_27mhz: u64,
}

/// Looks for clicks in stereo LPCM.
#[derive(Debug, Default)]
pub(super) struct Clicks {
    /// Samples since the last loud one, as far as they follow each other.
    quiet: u32,
}

impl Clicks {
    /// The click that begins in `samples`, big-endian; `pts` is that of the first.
    pub(super) fn find(&mut self, samples: &[u8], pts: u64, rate: u32) -> Option<Click> {
        let (frames, _) = samples.as_chunks::<4>();
        let mut found = None;
        for (number, &[l0, l1, r0, r1]) in (0u64..).zip(frames) {
            let both = [i16::from_be_bytes([l0, l1]), i16::from_be_bytes([r0, r1])];
            if both.iter().all(|sample| sample.unsigned_abs() < LOUD) {
                self.quiet = self.quiet.saturating_add(1);
                continue;
            }
            if core::mem::take(&mut self.quiet) >= QUIET {
                let within = number * 27_000_000 / u64::from(rate.max(1));
                let at_27mhz = (pts * 300 + within) % (300 << 33);
                found = found.or(Some(Click { at_27mhz }));
            }
        }
        found
    }

    /// Samples are missing: what comes next may be the middle of a click.
    pub(super) fn reset(&mut self) {
        self.quiet = 0;
    }
}
