//! The quirks of one value of `wfd_video_formats`, told from its text and from what was read.

use super::{VideoCodec, VideoFormats};
use crate::quirks::{Fired, Quirk};
use crate::wfd::modes::{ModeId, Table, mode};

/// 640x480p60, which every sink must offer (S2.1 §5.1.5.1).
const LEAST: ModeId = ModeId {
    table: Table::Cea,
    index: 0,
};

/// 1920x1080p60.
const FULL_HD_60: ModeId = ModeId {
    table: Table::Cea,
    index: 8,
};

/// Digits of the widest field of the grammar.
const FIELD_DIGITS: usize = 8;

/// Fields of a tuple.
const TUPLE_FIELDS: usize = 11;

/// The quirks of `formats`, which were read from `value`.
pub(in crate::wfd) fn noticed(value: &str, formats: &VideoFormats) -> Fired {
    text(value) | tuples(formats) | offer(formats)
}

fn text(value: &str) -> Fired {
    let mut fired = Fired::new();
    let separator = |character: char| character == ',' || character.is_ascii_whitespace();
    let is_long = value.split(separator).any(|word| word.len() > FIELD_DIGITS);
    fired.note_if(is_long, Quirk::Q36);
    // The two fields before the first tuple.
    let before = core::iter::once(2).chain(core::iter::repeat(0));
    let is_short = value
        .split(',')
        .zip(before)
        .any(|(tuple, before)| tuple.split_ascii_whitespace().count() < before + TUPLE_FIELDS);
    fired.note_if(is_short, Quirk::Q38);
    fired
}

fn tuples(formats: &VideoFormats) -> Fired {
    let mut fired = Fired::new();
    for codec in &formats.codecs {
        fired.note_if(has_reserved_bits(codec), Quirk::Q30);
        let several = codec.profiles.count_ones() > 1 || codec.levels.count_ones() > 1;
        fired.note_if(several, Quirk::Q34);
        fired.note_if(codec.profiles == 0 || codec.levels == 0, Quirk::Q35);
        let has_largest = codec.max_hres.is_some() || codec.max_vres.is_some();
        fired.note_if(has_largest && !formats.preferred_mode, Quirk::Q37);
    }
    fired
}

fn has_reserved_bits(codec: &VideoCodec) -> bool {
    Table::ALL
        .into_iter()
        .any(|table| codec.mask(table).checked_shr(table.r1_len() as u32) > Some(0))
}

fn offer(formats: &VideoFormats) -> Fired {
    let mut fired = Fired::new();
    let offered = || formats.codecs.iter().flat_map(VideoCodec::modes);
    if offered().next().is_none() {
        fired.note(Quirk::Q54);
        return fired;
    }
    let only_least = offered().all(|(id, _)| id == LEAST);
    fired.note_if(only_least || !formats.offers(LEAST), Quirk::Q52);
    let native = formats.native_mode();
    let is_offered = native.is_some_and(|native| formats.offers(native));
    let missing = if native == Some(FULL_HD_60) {
        Quirk::Q31
    } else {
        Quirk::Q32
    };
    fired.note_if(!is_offered, missing);
    let too_low = native.and_then(mode).is_some_and(|native| {
        let carries = |codec: &VideoCodec| codec.level().allows(native);
        !formats.codecs.iter().any(carries)
    });
    fired.note_if(too_low, Quirk::Q33);
    fired
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;
    use crate::wfd::Offer;

    fn ids(value: &str) -> String {
        match VideoFormats::parse(value) {
            Ok(Offer::Present(formats)) => noticed(value, &formats).to_string(),
            other => panic!("{value}: {other:?}"),
        }
    }

    #[test]
    fn every_quirk_of_the_value_is_noticed_alone() {
        let rest = "1FFFFFFF 00000FFF 00 0000 0000 00 none none";
        assert_eq!(ids(&std::format!("40 00 01 10 0001FFFF {rest}")), "none");
        for (value, id) in [
            ("40 00 01 10 0003FFFF 0 0 00 0000 0000 00 none none", "Q30"),
            ("40 00 01 10 000194FF 0 0 00 0000 0000 00 none none", "Q31"),
            ("38 00 01 10 00000003 0 0 00 0000 0000 00 none none", "Q32"),
            ("FF 00 01 10 00000003 0 0 00 0000 0000 00 none none", "Q32"),
            ("40 00 01 02 0001FFFF 0 0 00 0000 0000 00 none none", "Q33"),
            ("40 00 03 10 0001FFFF 0 0 00 0000 0000 00 none none", "Q34"),
            ("40 00 01 18 0001FFFF 0 0 00 0000 0000 00 none none", "Q34"),
            ("00 00 00 01 0001FFFF 0 0 00 0000 0000 00 none none", "Q35"),
            ("00 00 01 00 0001FFFF 0 0 00 0000 0000 00 none none", "Q35"),
            (
                "00 00 01 01 00000003 0 000000000 00 0000 0000 00 none none",
                "Q36",
            ),
            ("40 00 01 10 0001FFFF 0 0 00 0000 0000 00 0780 0438", "Q37"),
            ("40 01 01 10 0001FFFF 0 0 00 0000 0000 00 0780 0438", "none"),
            ("40 00 01 10 0001FFFF", "Q38"),
            (
                "40 00 01 10 0001FFFF 0 0 00 0000 0000 00 none none, 02 10 0001FFFF 0",
                "Q38",
            ),
            ("08 00 01 10 00000002 0 0 00 0000 0000 00 none none", "Q52"),
            ("00 00 01 10 00000001 0 0 00 0000 0000 00 none none", "Q52"),
            ("40 00 01 10 00000000 0 0 00 0000 0000 00 none none", "Q54"),
        ] {
            assert_eq!(ids(value), id, "{value}");
        }
    }
}
