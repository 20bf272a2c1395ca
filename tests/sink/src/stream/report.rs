//! What a stream was, in numbers.

use core::time::Duration;

use super::fault::Faults;

/// Counts and extremes of one stream, and everything that was wrong with it.
///
/// Intervals are measured on the source's own clock (RTP timestamps, PCR), so that a busy receiver
/// does not look like a bad source; jitter is measured against the arrival times.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StreamReport {
    /// RTP datagrams that were accepted.
    pub rtp_packets: u64,
    /// Bytes of RTP payload in them.
    pub rtp_payload_bytes: u64,
    /// Sequence numbers that never came, or came too late.
    pub rtp_lost: u64,
    /// Datagrams that came after a later one, or twice; they are not looked at.
    pub rtp_late: u64,
    /// Farthest that an arrival was behind the fastest, by RTP timestamp.
    pub rtp_jitter_max: Duration,
    /// TS packets.
    pub ts_packets: u64,
    /// PATs and PMTs with a right CRC.
    pub pat: u64,
    /// See `pat`.
    pub pmt: u64,
    /// Program clock references.
    pub pcr: u64,
    /// Longest time between two PATs or two PMTs.
    pub psi_interval_max: Duration,
    /// Longest time between two PCRs.
    pub pcr_interval_max: Duration,
    /// Farthest that an arrival was behind the fastest, by PCR.
    pub pcr_jitter_max: Duration,
    /// Whole access units.
    pub access_units: u64,
    /// Those of them that are IDR pictures.
    pub idr_units: u64,
    /// Units of which the network lost a part; they are dropped.
    pub damaged_units: u64,
    /// Bytes of the elementary stream in whole units.
    pub es_bytes: u64,
    /// Most slices in one picture.
    pub slices_max: u32,
    /// Least distance of PTS from the PCR at the arrival of a unit's last byte, 90 kHz ticks.
    pub pts_lead_min: Option<i64>,
    /// Greatest such distance.
    pub pts_lead_max: Option<i64>,
    /// Longest step between two PTS.
    pub pts_interval_max: Duration,
    /// TS packets of audio, which are counted and checked as TS only.
    pub audio_packets: u64,
    /// The rules that were broken.
    pub faults: Faults,
}

impl StreamReport {
    pub(super) fn note_lead(&mut self, lead: i64) {
        self.pts_lead_min = Some(self.pts_lead_min.map_or(lead, |l| l.min(lead)));
        self.pts_lead_max = Some(self.pts_lead_max.map_or(lead, |l| l.max(lead)));
    }
}

/// A span of 90 kHz ticks.
pub(super) fn ticks(ticks: u64) -> Duration {
    Duration::from_nanos(u64::try_from(u128::from(ticks) * 100_000 / 9).unwrap_or(u64::MAX))
}
