//! What a stream is measured by, and the pictures that come out of it.

use core::ops::Range;
use core::time::Duration;

/// The RTP marker bit's two rules, and the freedom to ignore it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Marker {
    /// Never set: RFC 2250 §2 sets it only where the timestamp is discontinuous.
    #[default]
    Never,
    /// On the datagram that ends an access unit, and on no other (MS-WFDPE §2, RFC 2250 §3.3).
    EndOfUnit,
    /// Not looked at.
    Any,
}

/// What pictures are coded with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Codec {
    /// ITU-T H.264.
    #[default]
    H264,
    /// ITU-T H.265.
    H265,
}

/// What was negotiated, and how much slack clocks have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// What the pictures are coded with.
    pub codec: Codec,
    /// Where the marker bit belongs.
    pub marker: Marker,
    /// Slices a picture may have.
    pub slices_max: u32,
    /// Macroblocks a slice must have.
    pub slice_macroblocks_min: u32,
    /// Whether the PMT must describe LPCM and AC-3, or may do without: there are screens that stay
    /// black if it does.
    pub audio_descriptors: bool,
    /// How far the source's clocks may be from the arrival times.
    pub clock_tolerance: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            codec: Codec::H264,
            marker: Marker::Never,
            slices_max: 1,
            slice_macroblocks_min: 0,
            audio_descriptors: true,
            clock_tolerance: Duration::from_millis(250),
        }
    }
}

/// One picture as it came over the network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessUnit {
    /// Running number among the whole units of this stream.
    pub index: u64,
    /// Presentation time stamp, 90 kHz modulo 2^33.
    pub pts: u64,
    /// What it is coded with.
    pub codec: Codec,
    /// Whether it is an IDR picture.
    pub idr: bool,
    /// Slices in it.
    pub slices: u32,
    /// The elementary stream, Annex B, as in the PES.
    pub bytes: Vec<u8>,
    /// Where its NAL units are in `bytes`, without start codes and trailing zeros.
    pub nals: Vec<Range<usize>>,
    /// When its first datagram came, nanoseconds of the caller's clock.
    pub first_arrival_ns: u64,
    /// When its last datagram came.
    pub last_arrival_ns: u64,
}

impl AccessUnit {
    /// The NAL units, headers included.
    pub fn nal_units(&self) -> impl Iterator<Item = &[u8]> {
        self.nals
            .iter()
            .filter_map(|range| self.bytes.get(range.clone()))
    }
}
