//! What is kept of a picture once it was checked and decoded: enough to tell whether it is the one
//! that was sent, in a small part of its memory.

use crate::stream::{AccessUnit, Codec};

/// A NAL unit, without its start code and trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NalUnit {
    /// What it is of.
    pub codec: Codec,
    /// nal_unit_type (H.264 Table 7-1, H.265 Table 7-1).
    pub kind: u8,
    /// Bytes.
    pub length: usize,
    /// FNV-1a of the bytes, 64 bits.
    pub hash: u64,
}

impl NalUnit {
    /// Of these bytes, header included.
    pub fn of(codec: Codec, bytes: &[u8]) -> Self {
        let header = bytes.first().copied().unwrap_or(0);
        Self {
            codec,
            kind: match codec {
                Codec::H264 => header & 0x1F,
                Codec::H265 => header >> 1 & 0x3F,
            },
            length: bytes.len(),
            hash: hash(bytes),
        }
    }

    /// Whether a source may have added it: it is a delimiter or a parameter set.
    pub fn is_addable(&self) -> bool {
        let is_set = match self.codec {
            Codec::H264 => matches!(self.kind, 7 | 8),
            Codec::H265 => matches!(self.kind, 32..=34),
        };
        is_set || self.is_delimiter()
    }

    /// Whether it is an access unit delimiter.
    pub fn is_delimiter(&self) -> bool {
        match self.codec {
            Codec::H264 => self.kind == 9,
            Codec::H265 => self.kind == 35,
        }
    }
}

/// A whole access unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedUnit {
    /// Presentation time stamp, 90 kHz modulo 2^33.
    pub pts: u64,
    /// Whether it is an IDR picture.
    pub idr: bool,
    /// Its NAL units, in order.
    pub nals: Vec<NalUnit>,
    /// When its last datagram came, nanoseconds of the real-time clock.
    pub last_arrival_ns: u64,
}

impl From<&AccessUnit> for ReceivedUnit {
    fn from(unit: &AccessUnit) -> Self {
        Self {
            pts: unit.pts,
            idr: unit.idr,
            nals: unit
                .nal_units()
                .map(|nal| NalUnit::of(unit.codec, nal))
                .collect(),
            last_arrival_ns: unit.last_arrival_ns,
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
