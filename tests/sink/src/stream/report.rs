//! What a stream was, in numbers.

use core::time::Duration;

use super::audio::{Click, SoundFormat};
use super::fault::{Fault, Faults};

/// Counts and extremes of one stream, and everything that was wrong with it.
///
/// Intervals are measured on the source's own clock (RTP timestamps, PCR), so that a busy receiver
/// does not look like a bad source; jitter is measured against the arrival times.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StreamReport {
    /// SSRC of the first datagram.
    pub ssrc: Option<u32>,
    /// Its sequence number.
    pub first_sequence: Option<u16>,
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
    /// `version_number` of the last PAT and PMT, if they have the same one.
    pub psi_version: Option<u8>,
    /// Whether the last PMT has descriptors for an audio stream.
    pub audio_described: bool,
    /// profile_idc of the last PMT's AVC video descriptor, general_profile_idc of an HEVC one.
    pub profile: Option<u8>,
    /// Program clock references.
    pub pcr: u64,
    /// Of these, the first of a new time base.
    pub time_bases: u64,
    /// Longest time between two PATs or two PMTs.
    pub psi_interval_max: Duration,
    /// Longest time between two PCRs.
    pub pcr_interval_max: Duration,
    /// The jitter of the PCR, nanoseconds: for each but the first of a time base, how far its delay
    /// (its arrival less its value) is from the least so far, which gives way by 100 ppm. As many as
    /// are kept.
    pub pcr_jitter: Vec<i64>,
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
    /// How far the PTS of pictures are ahead.
    pub lead: Leads,
    /// Longest step between two PTS.
    pub pts_interval_max: Duration,
    /// TS packets of audio.
    pub audio_packets: u64,
    /// The sound.
    pub sound: SoundReport,
    /// The rules that were broken.
    pub faults: Faults,
}

/// Counts and extremes of the sound.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SoundReport {
    /// What came; `None` if no whole unit did.
    pub format: Option<SoundFormat>,
    /// Whole units, each one PES.
    pub units: u64,
    /// Bytes of samples or frames in them.
    pub bytes: u64,
    /// Units of which the network lost a part; they are dropped.
    pub damaged_units: u64,
    /// Places where the next unit begins later than the one before ends.
    pub gaps: u64,
    /// How much is missing there, 90 kHz ticks.
    pub gap_ticks: u64,
    /// How far the PTS are ahead.
    pub lead: Leads,
    /// Where clicks begin; in LPCM only.
    pub clicks: Vec<Click>,
    /// The units in order, as many as are kept.
    pub received: Vec<ReceivedSound>,
}

/// A whole unit of sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReceivedSound {
    /// FNV-1a of the samples or frames; of samples with the low byte first.
    pub hash: u64,
    /// When it is to be played, 90 kHz.
    pub pts: u64,
}

impl SoundReport {
    /// The hashes of the units, in order.
    pub fn hashes(&self) -> Vec<u64> {
        self.received.iter().map(|unit| unit.hash).collect()
    }
}

/// The distance of a PTS from the PCR at the arrival of its unit's last byte, 90 kHz ticks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Lead(i64);

/// PTS may be less than this ahead of the PCR (ISO 13818-1 T-STD: one second), 90 kHz ticks.
const LEAD_MAX: i64 = 90_000;

impl Lead {
    pub(super) fn of(pts: u64, clock: u64) -> Self {
        Self(super::signed_33(pts.wrapping_sub(clock)))
    }

    /// A PTS must be ahead of the clock, by less than a second.
    pub(super) fn judge(self, what: &str, pts: u64, faults: &mut Faults) {
        let Self(lead) = self;
        let text = || format!("{what}, PTS {pts}: {lead} ticks");
        if lead <= 0 {
            faults.add(Fault::PtsLate, text);
        } else if lead >= LEAD_MAX {
            faults.add(Fault::PtsEarly, text);
        }
    }
}

/// The extremes of the distances of PTS from the PCR.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Leads {
    /// The least, in 90 kHz ticks.
    pub min: Option<i64>,
    /// The greatest.
    pub max: Option<i64>,
}

impl Leads {
    pub(super) fn note(&mut self, Lead(lead): Lead) {
        self.min = Some(self.min.map_or(lead, |min| min.min(lead)));
        self.max = Some(self.max.map_or(lead, |max| max.max(lead)));
    }
}

/// A span of 90 kHz ticks.
pub(super) fn ticks(ticks: u64) -> Duration {
    Duration::from_nanos(u64::try_from(u128::from(ticks) * 100_000 / 9).unwrap_or(u64::MAX))
}
