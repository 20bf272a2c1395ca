//! `wfd2_video_formats` in M4, for what R1 cannot name (S2.1 §6.1.22).

use crate::choice::Choice;
use crate::stream::Codec;

/// A tuple as numbers: codec, profile, level, the three masks, latency, smallest slice, slice
/// parameters, frame rate control.
type Tuple = [u64; 10];

/// Hexadecimal digits of the fields.
const DIGITS: [usize; 10] = [2, 2, 4, 12, 12, 12, 2, 4, 4, 2];

/// The codec field of H.265 (S2.1 Table 76).
const H265: u64 = 2;

/// What `value` chooses; `None` if it has not the form of M4: native and non-transcoding 00, one tuple.
pub(super) fn choice(value: &str) -> Option<Choice> {
    let text = inner(value)?;
    let [codec, profile, _, cea, _, _, _, min_slice, slice_params, _] = tuple(text)?;
    Some(Choice {
        codec: if codec == H265 {
            Codec::H265
        } else {
            Codec::H264
        },
        profile: profile as u8,
        cea,
        min_slice: min_slice as u16,
        slice_params: slice_params as u16,
        text: text.to_owned(),
    })
}

/// Whether `value` is one choice within `offer`: one bit of each kind.
pub(super) fn is_choice(value: &str, offer: &str) -> bool {
    let Some(choice) = inner(value).and_then(tuple) else {
        return false;
    };
    let [codec, profile, level, cea, vesa, hh, ..] = choice;
    let modes = cea.count_ones() + vesa.count_ones() + hh.count_ones();
    let single = [codec, profile, level]
        .iter()
        .all(|bits| bits.is_power_of_two());
    let offered = offer
        .get(3..offer.len().saturating_sub(3))
        .unwrap_or_default();
    let mut offered = offered.split(',').filter_map(|text| tuple(text.trim()));
    single && modes == 1 && offered.any(|offer| within(&choice, &offer))
}

fn inner(value: &str) -> Option<&str> {
    value.strip_prefix("00 ")?.strip_suffix(" 00")
}

/// The higher level is the greater number; everything else must be there.
fn within(choice: &Tuple, offer: &Tuple) -> bool {
    let [codec, profile, level, cea, vesa, hh, latency, .., control] = choice;
    let masks = [(cea, offer[3]), (vesa, offer[4]), (hh, offer[5])];
    *codec == offer[0]
        && profile & offer[1] != 0
        && *level <= offer[2]
        && masks.iter().all(|(one, all)| *one & !all == 0)
        && *latency == 0
        && slices(choice, offer)
        && control & !offer[9] == 0
}

/// As with R1: one slice, or more of them, not smaller and not less even than was offered.
fn slices(choice: &Tuple, offer: &Tuple) -> bool {
    let ([.., min, params, _], [.., least, most, _]) = (choice, offer);
    let count = params & 0x3ff;
    (*min, *params) == (0, 0)
        || *least != 0
            && min >= least
            && (1..=most & 0x3ff).contains(&count)
            && params & 0x1c00 <= most & 0x1c00
}

fn tuple(text: &str) -> Option<Tuple> {
    let fields: Vec<&str> = text.split(' ').collect();
    let right = fields.iter().map(|field| field.len()).eq(DIGITS);
    let number = |field: &&str| u64::from_str_radix(field, 16).ok();
    let numbers: Vec<u64> = fields.iter().map(number).collect::<Option<_>>()?;
    numbers.first_chunk().copied().filter(|_| right)
}

#[cfg(test)]
mod tests {
    use super::{choice, is_choice};
    use crate::stream::Codec;

    const OFFER: &str = "40 01 04 0080 000000000100 000000000000 000000000000 00 0000 0000 00, \
                         01 01 0040 000000000021 000000000000 000000000000 00 0100 1003 11, \
                         02 01 0010 000000200000 000000000000 000000000000 00 0000 0000 00 00";

    #[test]
    fn one_choice_within_the_offer() {
        let rest = "000000000000 000000000000 00 0100 1003 01";
        let choice = format!("00 01 01 0010 000000000020 {rest} 00");
        assert!(is_choice(&choice, OFFER));
        for (old, new) in [
            ("00 01 01", "28 01 01"),
            ("00 01 01", "00 02 01"),
            ("00 01 01", "00 01 02"),
            ("00 01 01", "00 01 03"),
            ("0010", "0100"),
            ("0010", "0000"),
            ("000000000020", "000000000021"),
            ("000000000020", "000000000002"),
            ("000000000020", "20"),
            ("000000000000 00 0100", "000000000000 01 0100"),
            ("0100 1003", "00FF 1003"),
            ("0100 1003", "0100 1004"),
            ("0100 1003", "0100 1000"),
            ("0100 1003", "0100 1403"),
            ("01 00", "02 00"),
            ("1003 01 00", "1003 00"),
        ] {
            let wrong = choice.replace(old, new);
            assert!(wrong != choice && !is_choice(&wrong, OFFER), "{wrong}");
        }
        assert!(!is_choice(&choice, "none"));
    }

    #[test]
    fn the_choice_is_read() {
        let rest = "000000000000 000000000000 00 0000 0000 00 00";
        let value = format!("00 02 01 0010 000000200000 {rest}");
        assert!(is_choice(&value, OFFER));
        let hevc = choice(&value).unwrap();
        assert_eq!((hevc.codec, hevc.cea), (Codec::H265, 1 << 21));
        assert_eq!(hevc.slices_max(), 1);
        let rest = "000000000000 000000000000 00 0100 1003 00 00";
        let sliced = choice(&format!("00 01 01 0010 000000000020 {rest}")).unwrap();
        assert_eq!((sliced.codec, sliced.slices_max()), (Codec::H264, 4));
        assert_eq!(choice("00 01 00"), None);
    }
}
