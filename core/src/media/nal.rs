//! The little that a multiplexer must know of H.264: Annex B framing, the access unit delimiter, and
//! the parameter sets.
//!
//! A delimiter must begin every access unit (ISO 13818-1 §2.14.1), SPS and PPS must precede every IDR
//! (S2.1 §4.10.5): what the encoder leaves out is inserted from here. Slices are never looked into.

use heapless::Vec;

use crate::limits::PARAMETER_SETS_MAX;

/// `nal_unit_type` (H.264 Table 7-1) of what is told apart here.
mod unit_type {
    pub(super) const SPS: u8 = 7;
    pub(super) const PPS: u8 = 8;
    pub(super) const DELIMITER: u8 = 9;
    pub(super) const SPS_EXTENSION: u8 = 13;
    pub(super) const MASK: u8 = 0x1F;
}

/// The start code with its zero byte, which the first NAL unit of an access unit and parameter sets
/// must have (H.264 §B.1.2).
const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Bytes of an access unit delimiter with its start code.
pub(super) const DELIMITER_BYTES: usize = 6;

/// First bytes of a chunk in which its delimiter is looked for.
pub(super) const LOOK_BYTES: usize = 16;

/// `primary_pic_type` 0 (I slices only) and the stop bit.
const I_PICTURE: u8 = 0x10;

/// `primary_pic_type` 1 (I and P slices) and the stop bit.
const P_PICTURE: u8 = 0x30;

const fn delimiter_with(picture_type: u8) -> [u8; DELIMITER_BYTES] {
    [0, 0, 0, 1, unit_type::DELIMITER, picture_type]
}

/// The delimiter to insert before a picture.
pub(super) const fn delimiter(idr: bool) -> [u8; DELIMITER_BYTES] {
    delimiter_with(if idr { I_PICTURE } else { P_PICTURE })
}

/// The delimiter with which `first` begins, with a four-byte start code, and how many bytes of
/// `first` it took. `None` if `first` does not begin with a delimiter and one more start code.
pub(super) fn leading_delimiter(first: &[u8]) -> Option<([u8; DELIMITER_BYTES], usize)> {
    let after_start = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        (zeros >= 2 && bytes.get(zeros) == Some(&1)).then_some(zeros + 1)
    };
    let at = after_start(first)?;
    let [header, picture_type, rest @ ..] = first.get(at..)? else {
        return None;
    };
    let ends = rest.is_empty() || after_start(rest).is_some();
    let found = header & unit_type::MASK == unit_type::DELIMITER && ends;
    found.then_some((delimiter_with(*picture_type), at + 2))
}

/// The NAL units of an Annex B byte stream, without start codes and trailing zeros.
fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = stream
        .windows(3)
        .position(is_start)
        .map(|at| &stream[at + 3..]);
    core::iter::from_fn(move || {
        let stream = rest?;
        let end = stream.windows(3).position(is_start);
        rest = end.map(|at| &stream[at + 3..]);
        let unit = &stream[..end.unwrap_or(stream.len())];
        let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
        Some(&unit[..unit.len() - zeros])
    })
}

fn is_start(bytes: &[u8]) -> bool {
    bytes == [0, 0, 1]
}

/// SPS and PPS as they go before an IDR: each with a four-byte start code. Empty until known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ParameterSets {
    bytes: Vec<u8, PARAMETER_SETS_MAX>,
    avc: [u8; 3],
}

impl ParameterSets {
    /// Reads an Annex B byte stream. NAL units of other types in it are left out: slices have no
    /// place here and a delimiter would come second. `None` if it has no SPS or no PPS, if the SPS is
    /// cut, or if the sets are too long.
    pub(super) fn parse(stream: &[u8]) -> Option<Self> {
        let mut bytes = Vec::new();
        let (mut avc, mut pps) = (None, false);
        for unit in units(stream) {
            match unit.first()? & unit_type::MASK {
                unit_type::SPS => {
                    avc = avc.or(Some(*unit.get(1..)?.first_chunk::<3>()?));
                }
                unit_type::PPS => pps = true,
                unit_type::SPS_EXTENSION => {}
                _ => continue,
            }
            bytes.extend_from_slice(&START_CODE).ok()?;
            bytes.extend_from_slice(unit).ok()?;
        }
        pps.then_some(Self { bytes, avc: avc? })
    }

    /// The byte stream; empty if there are no parameter sets.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `profile_idc`, the constraint flags and `level_idc` of the first SPS, if there is one.
    pub(super) fn avc(&self) -> Option<[u8; 3]> {
        (!self.bytes.is_empty()).then_some(self.avc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;

    const SPS: [u8; 7] = [0x67, 0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40];
    const PPS: [u8; 4] = [0x68, 0xCE, 0x3C, 0x80];

    fn annex_b(units: &[&[u8]]) -> vec::Vec<u8> {
        units
            .iter()
            .flat_map(|unit| [&START_CODE, *unit].concat())
            .collect()
    }

    #[test]
    fn parameter_sets_are_read_with_either_start_code() {
        let long = annex_b(&[&SPS, &PPS]);
        let short = [&[0, 0, 1], &SPS[..], &[0, 0, 1], &PPS[..]].concat();
        let sets = ParameterSets::parse(&long).unwrap();
        assert_eq!(sets.bytes(), &long[..]);
        assert_eq!(sets.avc(), Some([0x42, 0xC0, 0x1F]));
        assert_eq!(ParameterSets::parse(&short), Some(sets));
        assert_eq!(ParameterSets::default().avc(), None);
    }

    #[test]
    fn other_units_are_left_out_of_the_parameter_sets() {
        let with_more = annex_b(&[&[9, 0x10], &SPS, &[13, 0x80], &PPS, &[6, 1, 1, 9, 0x80]]);
        let sets = ParameterSets::parse(&with_more).unwrap();
        assert_eq!(sets.bytes(), &annex_b(&[&SPS, &[13, 0x80], &PPS])[..]);
    }

    #[test]
    fn what_is_not_sps_and_pps_is_refused() {
        let long = vec![0x68; PARAMETER_SETS_MAX];
        for stream in [
            annex_b(&[]),
            annex_b(&[&SPS]),
            annex_b(&[&PPS]),
            annex_b(&[&SPS[..3], &PPS]),
            annex_b(&[&SPS, &[], &PPS]),
            annex_b(&[&SPS, &long]),
            SPS.to_vec(),
        ] {
            assert_eq!(ParameterSets::parse(&stream), None, "{stream:02X?}");
        }
    }

    #[test]
    fn a_leading_delimiter_is_found_with_its_length() {
        let rest = [0, 0, 1, 0x65, 0x88];
        let delimiter = [0, 0, 0, 1, 9, 0xF0];
        for (code, length) in [(&[0, 0, 1][..], 5), (&[0, 0, 0, 1], 6), (&[0; 5], 0)] {
            let first = [code, &[9, 0xF0], &rest].concat();
            let expected = (length > 0).then_some((delimiter, length));
            assert_eq!(leading_delimiter(&first), expected);
        }
        assert_eq!(leading_delimiter(&delimiter), Some((delimiter, 6)));
    }

    #[test]
    fn a_chunk_that_does_not_begin_with_a_delimiter_has_none() {
        for first in [
            &[][..],
            &[0, 0, 0, 1],
            &[0, 0, 0, 1, 9],
            &[0, 0, 0, 1, 0x65, 0x88, 0, 0, 1],
            &[0, 0, 0, 1, 9, 0x10, 0x65],
            &[0, 1, 9, 0x10],
        ] {
            assert_eq!(leading_delimiter(first), None, "{first:02X?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(
            bytes in prop::collection::vec(prop_oneof![Just(0), Just(1), any::<u8>()], 0..64),
        ) {
            let sets = ParameterSets::parse(&bytes);
            // What was accepted reads back as itself.
            if let Some(sets) = sets {
                prop_assert_eq!(ParameterSets::parse(sets.bytes()), Some(sets.clone()));
            }
            if let Some((_, length)) = leading_delimiter(&bytes) {
                prop_assert!(length <= bytes.len());
            }
        }
    }
}
