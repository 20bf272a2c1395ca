//! The program clock reference (ISO 13818-1 §2.4.3.5, §2.7.2).

use core::time::Duration;

use super::Rules;
use super::clock::Skew;
use super::fault::Fault;
use super::report::StreamReport;

/// PCR counts before it wraps: 2^33 of base, 300 of extension each.
const WRAP: u64 = (1 << 33) * 300;

/// Longest time between two PCRs (ISO 13818-1 §2.7.2), in 27 MHz.
const INTERVAL_MAX: u64 = 2_700_000;

/// PCRs whose jitter is kept: an hour's at one in 10 ms.
const JITTER_MAX: usize = 360_000;

/// The source's system time clock as far as it is known.
#[derive(Debug, Default)]
pub(super) struct SystemClock {
    /// Last PCR, unwrapped, and the RTP timestamp of the datagram it came in.
    last: Option<(u64, u64)>,
    skew: Skew,
}

impl SystemClock {
    /// Takes the six bytes of a PCR.
    pub(super) fn reference(
        &mut self,
        bytes: [u8; 6],
        discontinuity: bool,
        (timestamp, arrival_ns): (u64, u64),
        rules: &Rules,
        report: &mut StreamReport,
    ) {
        report.pcr += 1;
        let Some(value) = decode(bytes) else {
            report
                .faults
                .add(Fault::PcrForm, || format!("{bytes:02x?}"));
            return;
        };
        let last = self.last.filter(|_| !discontinuity);
        if discontinuity {
            self.skew.reset();
        }
        let Some((last, _)) = last else {
            self.last = Some((value, timestamp));
            let _first = self.skew.distance(nanoseconds(value), arrival_ns);
            return;
        };
        let step = (value + WRAP - last % WRAP) % WRAP;
        if step == 0 || step >= WRAP / 2 {
            report
                .faults
                .add(Fault::PcrOrder, || format!("{value} after {}", last % WRAP));
            return;
        }
        let now = last.saturating_add(step);
        self.last = Some((now, timestamp));
        let interval = Duration::from_nanos(step.saturating_mul(1000) / 27);
        report.pcr_interval_max = report.pcr_interval_max.max(interval);
        if step > INTERVAL_MAX {
            report.faults.add(Fault::PcrInterval, || {
                format!("{interval:?} between two PCR")
            });
        }
        let jitter = self.skew.distance(nanoseconds(now), arrival_ns);
        if report.pcr_jitter.len() < JITTER_MAX {
            let nanoseconds = i64::try_from(jitter.as_nanos()).unwrap_or(i64::MAX);
            report.pcr_jitter.push(nanoseconds);
        }
        if jitter > rules.clock_tolerance {
            report.faults.add(Fault::PcrClock, || {
                format!("PCR {value} and arrival are {jitter:?} apart")
            });
            self.skew.reset();
        }
    }

    /// The clock in 90 kHz modulo 2^33 when a datagram of this RTP timestamp was made; that may
    /// have been before the last PCR.
    pub(super) fn at(&self, timestamp: u64) -> Option<u64> {
        let (pcr, then) = self.last?;
        Some((pcr / 300).wrapping_add(timestamp).wrapping_sub(then) % (1 << 33))
    }

    /// The source stands still for a while.
    pub(super) fn pause(&mut self) {
        self.last = None;
        self.skew.reset();
    }
}

fn nanoseconds(pcr: u64) -> u128 {
    u128::from(pcr) * 1000 / 27
}

/// Base and extension; `None` if a reserved bit is 0 or the extension is out of range.
fn decode(bytes: [u8; 6]) -> Option<u64> {
    let [b0, b1, b2, b3, b4, b5] = bytes;
    let base = u64::from(u32::from_be_bytes([b0, b1, b2, b3])) << 1 | u64::from(b4 >> 7);
    let extension = u64::from(b4 & 1) << 8 | u64::from(b5);
    (b4 & 0x7e == 0x7e && extension < 300).then_some(base * 300 + extension)
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// The worked example: 27 000 123 ticks.
    #[test]
    fn reads_all_six_bytes() {
        assert_eq!(
            decode([0x00, 0x00, 0xaf, 0xc8, 0x7e, 0x7b]),
            Some(27_000_123)
        );
        assert_eq!(decode([0x00, 0x00, 0xaf, 0xc8, 0x3e, 0x7b]), None);
        assert_eq!(decode([0x00, 0x00, 0xaf, 0xc8, 0x7f, 0x2c]), None);
    }
}
