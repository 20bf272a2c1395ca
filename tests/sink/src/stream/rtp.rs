//! RTP headers and their order (RFC 3550 §5.1, S2.1 T110).

use super::Rules;
use super::clock::Skew;
use super::fault::Fault;
use super::report::StreamReport;
use super::ts::{self, PACKET};

/// Bytes of an RTP header without CSRC and extension.
const HEADER: usize = 12;

/// TS packets in one datagram at most (S2.1 App. B.1).
const TS_PER_DATAGRAM_MAX: usize = 7;

/// A datagram whose header is right and that comes in order.
pub(super) struct Datagram<'a> {
    pub(super) marker: bool,
    /// Unwrapped timestamp, 90 kHz.
    pub(super) timestamp: u64,
    /// Sequence numbers missing before this one.
    pub(super) lost: u16,
    /// A PCR in it begins a new time base: nothing is to be compared with what was before.
    pub(super) new_base: bool,
    pub(super) payload: &'a [u8],
}

/// What the datagrams so far were.
#[derive(Debug, Default)]
pub(super) struct Receiver {
    ssrc: Option<u32>,
    next: Option<u16>,
    timestamp: Option<u64>,
    skew: Skew,
}

impl Receiver {
    /// Checks one datagram; `None` if there is nothing to go on with.
    pub(super) fn accept<'a>(
        &mut self,
        bytes: &'a [u8],
        arrival_ns: u64,
        rules: &Rules,
        report: &mut StreamReport,
    ) -> Option<Datagram<'a>> {
        let Some((header, payload)) = bytes.split_first_chunk::<HEADER>() else {
            report
                .faults
                .add(Fault::RtpShort, || format!("{} bytes", bytes.len()));
            return None;
        };
        let [first, second, s0, s1, t0, t1, t2, t3, x0, x1, x2, x3] = *header;
        if !check_fixed(first, second, report) {
            return None;
        }
        let sequence = u16::from_be_bytes([s0, s1]);
        let ssrc = u32::from_be_bytes([x0, x1, x2, x3]);
        report.ssrc.get_or_insert(ssrc);
        report.first_sequence.get_or_insert(sequence);
        let known = *self.ssrc.get_or_insert(ssrc);
        if known != ssrc {
            report.faults.add(Fault::RtpSsrc, || {
                format!("packet {sequence}: {ssrc:08x} after {known:08x}")
            });
            self.ssrc = Some(ssrc);
        }
        let lost = self.order(sequence, report)?;
        let new_base = payload.chunks_exact(PACKET).any(ts::begins_time_base);
        if new_base {
            self.skew.reset();
        }
        let stamp = u32::from_be_bytes([t0, t1, t2, t3]);
        let timestamp = self.time(stamp, new_base, sequence, report);
        let source_ns = u128::from(timestamp) * 100_000 / 9;
        let jitter = self.skew.distance(source_ns, arrival_ns);
        report.rtp_jitter_max = report.rtp_jitter_max.max(jitter);
        if jitter > rules.clock_tolerance {
            report.faults.add(Fault::RtpClock, || {
                format!("packet {sequence}: timestamp and arrival are {jitter:?} apart")
            });
            self.skew.reset();
        }
        let payload = whole_packets(payload, sequence, report)?;
        report.rtp_packets += 1;
        report.rtp_payload_bytes += payload.len() as u64;
        Some(Datagram {
            marker: second & 0x80 != 0,
            timestamp,
            lost,
            new_base,
            payload,
        })
    }

    /// The number of datagrams missing before this one; `None` if it came too late to be of use.
    fn order(&mut self, sequence: u16, report: &mut StreamReport) -> Option<u16> {
        let ahead = self.next.map_or(0, |next| sequence.wrapping_sub(next));
        if ahead >= 0x8000 {
            report.rtp_late += 1;
            return None;
        }
        self.next = Some(sequence.wrapping_add(1));
        report.rtp_lost += u64::from(ahead);
        Some(ahead)
    }

    fn time(
        &mut self,
        stamp: u32,
        new_base: bool,
        sequence: u16,
        report: &mut StreamReport,
    ) -> u64 {
        // Begin a turn of the counter above zero, so that a step back has room.
        let last = *self.timestamp.get_or_insert((1 << 32) + u64::from(stamp));
        let step = stamp.wrapping_sub(last as u32);
        if step >= 0x8000_0000 && !new_base {
            report.faults.add(Fault::RtpTimestamp, || {
                format!("packet {sequence}: {} ticks back", step.wrapping_neg())
            });
            return last;
        }
        let now = last.saturating_add(u64::from(step));
        self.timestamp = Some(now);
        now
    }
}

/// Version, flags and payload type; `false` if this is no RTP at all.
fn check_fixed(first: u8, second: u8, report: &mut StreamReport) -> bool {
    if first >> 6 != 2 {
        report
            .faults
            .add(Fault::RtpVersion, || format!("first byte {first:02x}"));
        return false;
    }
    if first & 0x3f != 0 {
        report
            .faults
            .add(Fault::RtpHeader, || format!("first byte {first:02x}"));
        return false;
    }
    if second & 0x7f != 33 {
        report.faults.add(Fault::RtpPayloadType, || {
            format!("payload type {}", second & 0x7f)
        });
        return false;
    }
    true
}

/// The payload if it is whole TS packets, else what of it is.
fn whole_packets<'a>(
    payload: &'a [u8],
    sequence: u16,
    report: &mut StreamReport,
) -> Option<&'a [u8]> {
    let whole = payload.len() - payload.len() % PACKET;
    if whole == 0 || whole != payload.len() || whole > TS_PER_DATAGRAM_MAX * PACKET {
        report.faults.add(Fault::RtpPayload, || {
            format!("packet {sequence}: {} bytes of payload", payload.len())
        });
    }
    payload.get(..whole).filter(|p| !p.is_empty())
}
