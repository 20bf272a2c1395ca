use std::format;
use std::string::{String, ToString};

use proptest::prelude::*;

use super::*;

const SAMSUNG: &str = "40 00 02 04 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none, \
                       01 04 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none";

fn parse(value: &str) -> VideoFormats {
    match VideoFormats::parse(value) {
        Ok(Offer::Present(formats)) => formats,
        other => panic!("{value}: {other:?}"),
    }
}

fn fault(value: &str) -> Fault {
    match VideoFormats::parse(value) {
        Err(malformed) => {
            assert_eq!(malformed.parameter, "wfd_video_formats");
            malformed.fault
        }
        Ok(offer) => panic!("{value}: {offer:?}"),
    }
}

/// A value with one tuple, made of the fields from `profile` on.
fn codec(fields: &str) -> VideoCodec {
    parse(&format!("00 00 {fields}")).codecs[0]
}

#[test]
fn a_real_answer_is_read_field_by_field() {
    let formats = parse(SAMSUNG);
    assert_eq!((formats.native, formats.preferred_mode), (0x40, false));
    assert_eq!(formats.codecs.len(), 2);
    let first = VideoCodec {
        profiles: 0x02,
        levels: 0x04,
        cea: 0x0001_DEFF,
        vesa: 0x053C_7FFF,
        hh: 0x0000_0FFF,
        latency: 0,
        min_slice_size: 0,
        slice_encoding: 0,
        frame_rate_control: 0x11,
        max_hres: None,
        max_vres: None,
    };
    assert_eq!(formats.codecs[0], first);
    assert_eq!(
        formats.codecs[1],
        VideoCodec {
            profiles: 1,
            ..first
        }
    );
    assert_eq!(formats.native_mode().map(ModeId::native), Some(0x40));
    assert_eq!(first.level(), Level::L4);
}

#[test]
fn what_was_read_is_printed_as_it_came() {
    assert_eq!(parse(SAMSUNG).to_string(), SAMSUNG);
}

#[test]
fn none_is_an_answer() {
    assert_eq!(VideoFormats::parse("none"), Ok(Offer::None));
    assert_eq!(VideoFormats::parse(" NONE "), Ok(Offer::None));
}

#[test]
fn case_and_blanks_do_not_matter() {
    let tight = SAMSUNG
        .replace(", ", ",")
        .to_lowercase()
        .replace(' ', "   ");
    assert_eq!(parse(&tight), parse(SAMSUNG));
}

#[test]
fn q30_reserved_bits_are_no_modes() {
    let codec = codec("01 01 ffffffff ffffffff ffffffff 00 0000 0000 00 none none");
    assert_eq!(codec.modes().count(), 58);
}

#[test]
fn q31_q32_a_native_mode_need_not_be_offered() {
    let formats = parse(
        "40 00 01 10 000194FF 155575DF 00000555 00 0000 0000 1F none none, \
         02 10 000194FF 155575DF 00000555 00 0000 0000 1F none none",
    );
    let native = formats.native_mode().expect("CEA 8");
    assert!(!formats.offers(native));
}

#[test]
fn q34_of_several_profiles_all_and_of_several_levels_the_highest_counts() {
    let several = codec("03 1F 00000001 00000000 00000000 00 0000 0000 00 none none");
    assert!(several.offers_profile(Profile::Cbp) && several.offers_profile(Profile::Chp));
    assert_eq!(several.level(), Level::L42);
    assert_eq!(codec("01 07 1").level(), Level::L4);
    assert_eq!(
        codec("01 40 1").level(),
        Level::L42,
        "a reserved bit is at least 4.2"
    );
    let unknown = codec("04 01 00000001");
    assert!(!unknown.offers_profile(Profile::Cbp) && !unknown.offers_profile(Profile::Chp));
}

#[test]
fn q35_q36_no_profile_no_level_and_nine_digits() {
    let formats = parse(
        "00 00 00 00 00000060 00000000 000000000 00 0000 0000 11 none none, \
         01 02 0001DEFF 157C7FFF 00000FFF 00 0000 0000 11 none none",
    );
    let first = formats.codecs[0];
    assert!(first.offers_profile(Profile::Cbp) && !first.offers_profile(Profile::Chp));
    assert_eq!((first.level(), first.hh), (Level::L31, 0));
    assert_eq!(formats.codecs[1].level(), Level::L32);
}

#[test]
fn q37_preferred_sizes_are_read_where_they_must_not_be() {
    let codec = codec("01 10 0001bdeb 051557ff 00000fff 10 0000 001f 11 0780 0438");
    assert_eq!((codec.max_hres, codec.max_vres), (Some(1920), Some(1080)));
    assert_eq!(
        (codec.latency, codec.min_slice_size, codec.slice_encoding),
        (0x10, 0, 0x1F)
    );
}

#[test]
fn q38_ten_tuples_fit() {
    let tuple = "02 10 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none";
    let ten = format!("00 00 {}", [tuple; 10].join(", "));
    assert_eq!(parse(&ten).codecs.len(), 10);
    let seventeen = format!("00 00 {}", [tuple; 17].join(", "));
    assert_eq!(fault(&seventeen), Fault::TooMany);
}

#[test]
fn q38_rule_13_a_tuple_may_stop_after_its_first_mask() {
    let seven = codec("01 10 0001bde1 00300000 000003c0");
    assert_eq!(
        (seven.cea, seven.vesa, seven.hh),
        (0x1BDE1, 0x0030_0000, 0x3C0)
    );
    assert_eq!((seven.frame_rate_control, seven.max_hres), (0, None));
    let five = codec("01 10 000001e3");
    assert_eq!((five.cea, five.vesa), (0x1E3, 0));
    let stub = codec("02 02 00000040 none none");
    assert_eq!((stub.cea, stub.vesa, stub.max_vres), (0x40, 0, None));
}

#[test]
fn q54_an_empty_offer_has_no_modes() {
    let empty = codec("01 01 00000000 00000000 00000000 00 0000 0000 00 none none");
    assert_eq!(empty.modes().count(), 0);
}

#[test]
fn garbage_is_an_error_that_says_why() {
    assert_eq!(fault("xxx"), Fault::NotANumber);
    assert_eq!(fault(""), Fault::Missing);
    assert_eq!(fault("40"), Fault::Missing);
    assert_eq!(fault("40 00 01 10"), Fault::Missing);
    assert_eq!(fault("+4 00 01 10 1"), Fault::NotANumber);
    assert_eq!(fault("100 00 01 10 1"), Fault::TooLarge);
    assert_eq!(fault("00 00 01 10 100000000"), Fault::TooLarge);
    assert_eq!(fault("00 00 01 10 1, "), Fault::Missing);
    assert_eq!(fault("01 01 00 0000000000000007"), Fault::Missing);
    let full = "00 00 01 01 00000001 00000000 00000000 00 0000 0000 00 none none";
    assert_eq!(fault(&format!("{full} none")), Fault::Extra);
    assert_eq!(fault(&"0".repeat(10_000)), Fault::Missing);
}

prop_compose! {
    fn any_codec()(
        bytes in any::<(u8, u8, u8, u8)>(),
        masks in any::<(u32, u32, u32)>(),
        slices in any::<(u16, u16)>(),
        sizes in any::<(Option<u16>, Option<u16>)>(),
    ) -> VideoCodec {
        VideoCodec {
            profiles: bytes.0,
            levels: bytes.1,
            cea: masks.0,
            vesa: masks.1,
            hh: masks.2,
            latency: bytes.2,
            min_slice_size: slices.0,
            slice_encoding: slices.1,
            frame_rate_control: bytes.3,
            max_hres: sizes.0,
            max_vres: sizes.1,
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in any::<String>()) {
        let _ = VideoFormats::parse(&value);
    }

    #[test]
    fn text_of_the_grammars_own_characters_is_read_or_refused(value in "[0-9a-f none,+-]{0,200}") {
        let _ = VideoFormats::parse(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(
        native: u8,
        preferred_mode: bool,
        codecs in prop::collection::vec(any_codec(), 1..=limits::VIDEO_CODECS_MAX),
    ) {
        let formats = VideoFormats { native, preferred_mode, codecs: codecs.into_iter().collect() };
        prop_assert_eq!(parse(&formats.to_string()), formats);
    }
}
