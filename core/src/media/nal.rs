//! The little that a multiplexer must know of H.264 and H.265: Annex B framing, the access unit
//! delimiter, and the parameter sets.
//!
//! A delimiter must begin every access unit (ISO 13818-1 §2.14.1), parameter sets must precede every IDR
//! (S2.1 §4.10.5): what the encoder leaves out is inserted from here. Slices are never looked into.

use heapless::Vec;

use super::description::Description;
use crate::limits::PARAMETER_SETS_MAX;
use crate::wfd::coded::Coding;

/// What is told apart here of the types of NAL units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Vps,
    Sps,
    Pps,
    SpsExtension,
    Delimiter,
    Other,
}

impl Kind {
    /// By the first byte of the header: `nal_unit_type` of H.264 Table 7-1 and H.265 Table 7-1.
    const fn of(coding: Coding, header: u8) -> Self {
        match (coding, header & 0x1F, header >> 1 & 0x3F) {
            (Coding::H264, 7, _) | (Coding::H265, _, 33) => Self::Sps,
            (Coding::H264, 8, _) | (Coding::H265, _, 34) => Self::Pps,
            (Coding::H264, 9, _) | (Coding::H265, _, 35) => Self::Delimiter,
            (Coding::H264, 13, _) => Self::SpsExtension,
            (Coding::H265, _, 32) => Self::Vps,
            _ => Self::Other,
        }
    }
}

/// The start code with its zero byte, which the first NAL unit of an access unit and parameter sets
/// must have (H.264 §B.1.2).
const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Most bytes of an access unit delimiter with its start code: the header of H.265 has one more.
pub(super) const DELIMITER_BYTES: usize = 7;

/// First bytes of a chunk in which its delimiter is looked for.
pub(super) const LOOK_BYTES: usize = 16;

/// The picture type "I slices only" and the stop bit: `primary_pic_type` of H.264, `pic_type` of H.265.
const I_PICTURE: u8 = 0x10;

/// The picture type "I and P slices" and the stop bit.
const P_PICTURE: u8 = 0x30;

/// An access unit delimiter with a four-byte start code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delimiter {
    bytes: [u8; DELIMITER_BYTES],
    length: usize,
}

impl Delimiter {
    const fn with(coding: Coding, picture_type: u8) -> Self {
        match coding {
            Coding::H264 => Self {
                bytes: [0, 0, 0, 1, 9, picture_type, 0],
                length: 6,
            },
            // nuh_layer_id 0, nuh_temporal_id_plus1 1.
            Coding::H265 => Self {
                bytes: [0, 0, 0, 1, 35 << 1, 1, picture_type],
                length: 7,
            },
        }
    }

    /// The delimiter to insert before a picture.
    pub(super) const fn new(coding: Coding, idr: bool) -> Self {
        Self::with(coding, if idr { I_PICTURE } else { P_PICTURE })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The delimiter with which `first` begins, and how many bytes of `first` it took. `None` if `first`
    /// does not begin with a delimiter and one more start code.
    pub(super) fn leading(coding: Coding, first: &[u8]) -> Option<(Self, usize)> {
        let after_start = |bytes: &[u8]| {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            (zeros >= 2 && bytes.get(zeros) == Some(&1)).then_some(zeros + 1)
        };
        let at = after_start(first)?;
        let header = *first.get(at)?;
        let type_at = at + header_bytes(coding);
        let picture_type = *first.get(type_at)?;
        let rest = first.get(type_at + 1..)?;
        let ends = rest.is_empty() || after_start(rest).is_some();
        let found = Kind::of(coding, header) == Kind::Delimiter && ends;
        found.then_some((Self::with(coding, picture_type), type_at + 1))
    }
}

/// Bytes of the header of a NAL unit.
const fn header_bytes(coding: Coding) -> usize {
    match coding {
        Coding::H264 => 1,
        Coding::H265 => 2,
    }
}

/// The NAL units of an Annex B byte stream, without start codes and trailing zeros.
fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = stream
        .windows(3)
        .position(is_start)
        .and_then(|at| stream.get(at + 3..));
    core::iter::from_fn(move || {
        let stream = rest?;
        let end = stream.windows(3).position(is_start);
        rest = end.and_then(|at| stream.get(at + 3..));
        let unit = stream.get(..end.unwrap_or(stream.len()))?;
        let last = unit.iter().rposition(|byte| *byte != 0);
        unit.get(..last.map_or(0, |at| at + 1))
    })
}

fn is_start(bytes: &[u8]) -> bool {
    bytes == [0, 0, 1]
}

/// The parameter sets as they go before an IDR: each with a four-byte start code. Empty until known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ParameterSets {
    bytes: Vec<u8, PARAMETER_SETS_MAX>,
    description: Option<Description>,
}

impl ParameterSets {
    /// Reads an Annex B byte stream. NAL units of other types in it are left out: slices have no
    /// place here and a delimiter would come second. `None` if it has no SPS or no PPS, or with H.265 no
    /// VPS, if the SPS is cut, or if the sets are too long.
    pub(super) fn parse(coding: Coding, stream: &[u8]) -> Option<Self> {
        let mut bytes = Vec::new();
        let (mut description, mut pps, mut vps) = (None, false, coding == Coding::H264);
        for unit in units(stream) {
            match Kind::of(coding, *unit.first()?) {
                Kind::Sps => description = description.or(Some(describe(coding, unit)?)),
                Kind::Pps => pps = true,
                Kind::Vps => vps = true,
                Kind::SpsExtension => {}
                Kind::Delimiter | Kind::Other => continue,
            }
            bytes.extend_from_slice(&START_CODE).ok()?;
            bytes.extend_from_slice(unit).ok()?;
        }
        (pps && vps && description.is_some()).then_some(Self { bytes, description })
    }

    /// The byte stream; empty if there are no parameter sets.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the first SPS says, if there is one.
    pub(super) fn description(&self) -> Option<Description> {
        self.description
    }
}

/// What the PMT repeats of an SPS; `None` if that is cut.
fn describe(coding: Coding, sps: &[u8]) -> Option<Description> {
    match coding {
        Coding::H264 => Some(Description::H264(*sps.get(1..)?.first_chunk()?)),
        Coding::H265 => {
            // Behind the header: sps_video_parameter_set_id, sps_max_sub_layers_minus1 and
            // sps_temporal_id_nesting_flag are one byte (H.265 §7.3.2.2.1).
            let mut bytes = without_emulation_prevention(sps.get(3..)?);
            let mut profile_tier_level = [0; 12];
            for byte in &mut profile_tier_level {
                *byte = bytes.next()?;
            }
            Some(Description::H265(profile_tier_level))
        }
    }
}

/// The bytes of a NAL unit without each 3 behind two zeros (H.265 §7.3.1.1).
fn without_emulation_prevention(unit: &[u8]) -> impl Iterator<Item = u8> {
    let mut zeros = 0;
    unit.iter().copied().filter(move |byte| {
        let inserted = zeros >= 2 && *byte == 3;
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        !inserted
    })
}

#[cfg(test)]
mod tests;
