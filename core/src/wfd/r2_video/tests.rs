use std::string::ToString;

use proptest::prelude::*;

use super::*;

/// A Windows 10 sink.
const WINDOWS: &str = "40 01 04 0080 000001ffbdeb 000155557fff 000000000fff 10 0000 001f 11, \
                       01 01 0080 000001ffbdeb 0001555557ff 000000000fff 10 0000 001f 11 00";

fn read(value: &str) -> (Result<Offer<R2VideoFormats>, Fault>, Fired) {
    let mut fired = Fired::new();
    (R2VideoFormats::read(value, &mut fired), fired)
}

#[test]
fn a_real_answer_is_read_field_by_field() {
    let (Ok(Offer::Present(formats)), fired) = read(WINDOWS) else {
        panic!("not read")
    };
    assert!(fired.is_empty());
    assert_eq!((formats.native, formats.codecs.len()), (0x40, 2));
    assert!(!formats.direct_streaming);
    let codec = formats.codecs[1];
    assert_eq!(codec.coding, Coding::H264);
    assert_eq!((codec.profiles, codec.levels), (1, 0x80));
    assert_eq!((codec.cea, codec.vesa), (0x1FF_BDEB, 0x1_5555_57FF));
    assert_eq!((codec.latency, codec.slice_encoding), (0x10, 0x1F));
    assert_eq!(formats.to_string(), WINDOWS.to_uppercase());
}

#[test]
fn codings_that_are_not_known_are_left_out() {
    let tuple = "01 0001 1 0 0 00 0000 0000 00";
    let (formats, _) = read(&std::format!("00 04 {tuple}, 02 {tuple} 01"));
    let Ok(Offer::Present(formats)) = formats else {
        panic!("not read")
    };
    assert_eq!(formats.codecs.len(), 1);
    assert_eq!(formats.codecs[0].coding, Coding::H265);
    assert!(formats.direct_streaming);
}

#[test]
fn none_is_an_answer_and_garbage_says_why() {
    assert_eq!(read(" none ").0, Ok(Offer::None));
    for (value, fault) in [
        ("", Fault::Missing),
        ("40 01", Fault::Missing),
        ("40 01 01 0001 x", Fault::NotANumber),
        ("40 01 01 0001 1000000000000", Fault::TooLarge),
        ("40 01 01 10000 0", Fault::TooLarge),
        ("40 01 01 0001 1 0 0 00 0000 0000 00 00 00", Fault::Extra),
        (
            "40 01 01 0001 1 0 0 00 0000 0000 00 00, 01 01 0001 1",
            Fault::Extra,
        ),
        ("40 01 01 0001 1,", Fault::Missing),
    ] {
        assert_eq!(read(value).0, Err(fault), "{value}");
    }
    let many = std::format!("40{}", " 01 01 0001 1,".repeat(17));
    assert_eq!(
        read(many.trim_end_matches(',')).0,
        Err(Fault::TooMany),
        "a tuple more than are kept"
    );
}

#[test]
fn q38_a_tuple_may_stop_after_its_first_mask() {
    let (formats, fired) = read("40 01 01 0001 000000000021");
    assert!(matches!(formats, Ok(Offer::Present(formats)) if formats.codecs[0].cea == 0x21));
    assert_eq!(fired.to_string(), "Q38");
}

prop_compose! {
    fn any_codec()(
        h265 in any::<bool>(),
        (profiles, levels) in any::<(u8, u16)>(),
        cea in 0..1_u64 << 48,
        vesa in 0..1_u64 << 48,
        hh in 0..1_u64 << 48,
        (latency, frame_rate_control) in any::<(u8, u8)>(),
        (min_slice_size, slice_encoding) in any::<(u16, u16)>(),
    ) -> R2VideoCodec {
        let coding = if h265 { Coding::H265 } else { Coding::H264 };
        R2VideoCodec {
            coding, profiles, levels, cea, vesa, hh,
            latency, min_slice_size, slice_encoding, frame_rate_control,
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "[0-9a-f none,+-]{0,200}") {
        let _ = read(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(
        native in any::<u8>(),
        codecs in prop::collection::vec(any_codec(), 1..16),
        direct_streaming in any::<bool>(),
    ) {
        let codecs = codecs.into_iter().collect();
        let formats = R2VideoFormats { native, codecs, direct_streaming };
        prop_assert_eq!(read(&formats.to_string()).0, Ok(Offer::Present(formats)));
    }
}
