use super::*;
use proptest::prelude::*;
use std::vec;

const SPS: [u8; 7] = [0x67, 0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40];
/// The delimiter as bytes, and its length in `first`.
fn leading(first: &[u8]) -> Option<(vec::Vec<u8>, usize)> {
    let found = Delimiter::leading(Coding::H264, first);
    found.map(|(delimiter, length)| (delimiter.bytes().to_vec(), length))
}

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
    let sets = ParameterSets::parse(Coding::H264, &long).unwrap();
    assert_eq!(sets.bytes(), &long[..]);
    assert_eq!(
        sets.description(),
        Some(Description::H264([0x42, 0xC0, 0x1F]))
    );
    assert_eq!(ParameterSets::parse(Coding::H264, &short), Some(sets));
    assert_eq!(ParameterSets::default().description(), None);
}

#[test]
fn other_units_are_left_out_of_the_parameter_sets() {
    let with_more = annex_b(&[&[9, 0x10], &SPS, &[13, 0x80], &PPS, &[6, 1, 1, 9, 0x80]]);
    let sets = ParameterSets::parse(Coding::H264, &with_more).unwrap();
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
        assert_eq!(
            ParameterSets::parse(Coding::H264, &stream),
            None,
            "{stream:02X?}"
        );
    }
}

#[test]
fn a_leading_delimiter_is_found_with_its_length() {
    let rest = [0, 0, 1, 0x65, 0x88];
    let delimiter = [0, 0, 0, 1, 9, 0xF0];
    for (code, length) in [(&[0, 0, 1][..], 5), (&[0, 0, 0, 1], 6), (&[0; 5], 0)] {
        let first = [code, &[9, 0xF0], &rest].concat();
        let expected = (length > 0).then_some((delimiter.to_vec(), length));
        assert_eq!(leading(&first), expected);
    }
    assert_eq!(leading(&delimiter), Some((delimiter.to_vec(), 6)));
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
        assert_eq!(leading(first), None, "{first:02X?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(
        bytes in prop::collection::vec(prop_oneof![Just(0), Just(1), any::<u8>()], 0..64),
    ) {
        let sets = ParameterSets::parse(Coding::H264, &bytes);
        // What was accepted reads back as itself.
        if let Some(sets) = sets {
            prop_assert_eq!(ParameterSets::parse(Coding::H264, sets.bytes()), Some(sets.clone()));
        }
        if let Some((_, length)) = leading(&bytes) {
            prop_assert!(length <= bytes.len());
        }
    }
}

/// VPS, SPS and PPS of x265 for 1280x720, Main, level 3.1.
const X265_SPS: [u8; 20] = [
    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03,
    0x00, 0x5D, 0xA0, 0x02,
];

#[test]
fn parameter_sets_of_h265_are_three_and_say_profile_tier_and_level() {
    let (vps, pps): (&[u8], &[u8]) = (&[0x40, 1, 0x0C], &[0x44, 1, 0xC1]);
    let whole = annex_b(&[&[0x46, 1, 0x10], vps, &X265_SPS, pps, &[0x26, 1, 0xAF]]);
    let sets = ParameterSets::parse(Coding::H265, &whole).unwrap();
    assert_eq!(sets.bytes(), &annex_b(&[vps, &X265_SPS, pps])[..]);
    let said = [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93];
    assert_eq!(sets.description(), Some(Description::H265(said)));
    for lacking in [
        annex_b(&[&X265_SPS, pps]),
        annex_b(&[vps, pps]),
        annex_b(&[vps, &X265_SPS]),
        annex_b(&[vps, &X265_SPS[..17], pps]),
    ] {
        assert_eq!(ParameterSets::parse(Coding::H265, &lacking), None);
    }
    assert_eq!(ParameterSets::parse(Coding::H264, &whole), None);
}

#[test]
fn a_delimiter_of_h265_has_a_longer_header() {
    let inserted = Delimiter::new(Coding::H265, true);
    assert_eq!(inserted.bytes(), [0, 0, 0, 1, 0x46, 1, 0x10]);
    let of_x265 = [0, 0, 0, 1, 0x46, 1, 0x50, 0, 0, 1, 0x26];
    let (found, length) = Delimiter::leading(Coding::H265, &of_x265).unwrap();
    assert_eq!((found.bytes(), length), (&of_x265[..7], 7));
    assert_eq!(Delimiter::leading(Coding::H264, &of_x265), None);
    assert_eq!(Delimiter::leading(Coding::H265, &of_x265[..6]), None);
}
