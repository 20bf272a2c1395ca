use std::string::ToString;

use proptest::prelude::*;

use super::*;

/// The example of MS-WFDPE §3.
const EXAMPLE: &str = "0040 00 0001 0001 0000500001 0010000000 00000000 00 0000 0000 11 none none";

#[test]
fn the_example_is_read_field_by_field() {
    let Ok(Offer::Present(formats)) = WfdxVideoFormats::read(EXAMPLE) else {
        panic!("not read")
    };
    assert_eq!((formats.native, formats.preferred_mode), (0x40, false));
    let codec = formats.codecs[0];
    assert_eq!((codec.profiles, codec.levels), (1, 1));
    assert_eq!(
        (codec.cea, codec.vesa, codec.hh),
        (0x50_0001, 0x1000_0000, 0)
    );
    assert_eq!((codec.frame_rate_control, codec.max_hres), (0x11, None));
    assert_eq!(formats.to_string(), EXAMPLE);
}

#[test]
fn none_is_an_answer_and_garbage_says_why() {
    let fault = |value| WfdxVideoFormats::read(value).err();
    assert_eq!(WfdxVideoFormats::read("none"), Ok(Offer::None));
    assert_eq!(fault(""), Some(Fault::Missing));
    assert_eq!(fault("0040 00 0001 0001 0000500001"), Some(Fault::Missing));
    assert_eq!(
        fault("0040 00 0001 0001 10000000000"),
        Some(Fault::TooLarge)
    );
    assert_eq!(fault("10000"), Some(Fault::TooLarge));
    let long = std::format!("{EXAMPLE} 0");
    assert_eq!(fault(&long), Some(Fault::Extra));
    let tuple = EXAMPLE.split_at(8).1;
    let many = std::format!("{EXAMPLE}{}", std::format!(", {tuple}").repeat(4));
    assert_eq!(fault(&many), Some(Fault::TooMany));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "[0-9a-f none,+-]{0,200}") {
        let _ = WfdxVideoFormats::read(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(
        native in any::<u16>(),
        preferred_mode in any::<bool>(),
        (profiles, levels) in any::<(u16, u16)>(),
        (cea, vesa) in (0..1_u64 << 40, 0..1_u64 << 40),
        hh in any::<u32>(),
        (latency, frame_rate_control) in any::<(u8, u8)>(),
        (min_slice_size, slice_encoding) in any::<(u16, u16)>(),
        (max_hres, max_vres) in any::<(Option<u16>, Option<u16>)>(),
        count in 1..4_usize,
    ) {
        let codec = WfdxVideoCodec {
            profiles, levels, cea, vesa, hh, latency,
            min_slice_size, slice_encoding, frame_rate_control, max_hres, max_vres,
        };
        let codecs = core::iter::repeat_n(codec, count).collect();
        let formats = WfdxVideoFormats { native, preferred_mode, codecs };
        let text = formats.to_string();
        prop_assert_eq!(WfdxVideoFormats::read(&text), Ok(Offer::Present(formats)));
    }
}
