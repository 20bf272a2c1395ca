use std::string::ToString;

use proptest::prelude::*;

use super::*;

#[test]
fn a_cursor_has_a_word_and_three_numbers() {
    let support = |masked, size, port| {
        Ok(Offer::Present(CursorSupport {
            masked,
            max_width: size,
            max_height: size,
            port,
        }))
    };
    let read = CursorSupport::read;
    assert_eq!(read("none 0100 0100 4abf"), support(false, 256, 0x4ABF));
    assert_eq!(read("Full 0x0200 0x0200 50001"), support(true, 512, 50_001));
    assert_eq!(read("none"), Ok(Offer::None));
    for (value, fault) in [
        ("", Fault::Missing),
        ("full", Fault::Missing),
        ("half 1 1 1", Fault::UnknownWord),
        ("full 1 1 0", Fault::Forbidden),
        ("full 10000 1 1", Fault::TooLarge),
        ("full 1 1 70000", Fault::TooLarge),
        ("full 1 1 x", Fault::NotANumber),
        ("full 1 1 1 1", Fault::Extra),
    ] {
        assert_eq!(read(value), Err(fault), "{value}");
    }
}

#[test]
fn masks_of_3_2_modes_have_48_bits() {
    assert_eq!(video_formats("0000001fffff"), Ok(Offer::Present(0x1F_FFFF)));
    assert_eq!(video_formats("none"), Ok(Offer::None));
    assert_eq!(video_formats("1000000000000"), Err(Fault::TooLarge));
    assert_eq!(video_formats("0 0"), Err(Fault::NotANumber));
}

#[test]
fn custom_modes_are_three_numbers_each() {
    let Ok(Offer::Present(modes)) = custom_modes("0880 03E8 003C, 0780 0438 001E") else {
        panic!("not read")
    };
    let expected = CustomMode {
        width: 2176,
        height: 1000,
        rate: 60,
    };
    assert_eq!((modes.len(), modes[0]), (2, expected));
    assert_eq!(custom_modes("0880 03E8"), Err(Fault::Missing));
    assert_eq!(custom_modes("1 1 1 1"), Err(Fault::Extra));
    assert_eq!(
        custom_modes("1 1 1,1 1 1,1 1 1,1 1 1,1 1 1"),
        Err(Fault::TooMany)
    );
}

#[test]
fn a_projection_is_all_of_the_screen_or_a_part() {
    let read = Projection::read;
    assert_eq!(read("Primary"), Ok(Projection::Primary));
    let part = Projection::Secondary {
        width: 960,
        height: 540,
        bit_rate: 4_000_000,
    };
    assert_eq!(read("secondary 960 540 4000000"), Ok(part));
    assert_eq!(read("secondary 960 540"), Err(Fault::Missing));
    assert_eq!(
        read("secondary 960 540 4000000000000"),
        Err(Fault::TooLarge)
    );
    assert_eq!(read("primary 1"), Err(Fault::Extra));
    assert_eq!(read("0"), Err(Fault::UnknownWord));
}

#[test]
fn a_teardown_reason_is_a_code_and_a_text() {
    let reason = TeardownReason::read("C00D4278 no data for 2 minutes").unwrap();
    assert_eq!(reason.text.as_str(), "no data for 2 minutes");
    assert_eq!(reason.meaning(), Some("no RTP or no keep-alive in time"));
    let bare = TeardownReason::read("e00d0001").unwrap();
    assert_eq!((bare.code, bare.meaning()), (0xE00D_0001, None));
    assert_eq!(bare.to_string(), "E00D0001");
    assert_eq!(TeardownReason::read(""), Err(Fault::Missing));
    assert_eq!(TeardownReason::read("x y"), Err(Fault::NotANumber));
    assert_eq!(TeardownReason::read("1 \u{7}"), Err(Fault::Forbidden));
}

#[test]
fn latency_modes_are_words() {
    let words = [LatencyMode::Low, LatencyMode::Normal, LatencyMode::High];
    assert_eq!(
        words.map(|mode| mode.to_string()),
        ["low", "normal", "high"]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "(none|full|secondary)?[0-9a-fx, é]{0,40}") {
        let _ = CursorSupport::read(&value);
        let _ = Projection::read(&value);
        let _ = TeardownReason::read(&value);
        let _ = custom_modes(&value);
        let _ = video_formats(&value);
    }

    #[test]
    fn a_cursor_is_read_back(
        masked in any::<bool>(),
        (max_width, max_height) in any::<(u16, u16)>(),
        port in 1..=u16::MAX,
    ) {
        let one = CursorSupport { masked, max_width, max_height, port };
        prop_assert_eq!(CursorSupport::read(&one.to_string()), Ok(Offer::Present(one)));
    }

    #[test]
    fn a_teardown_reason_is_read_back(code in any::<u32>(), text in "([a-z]([a-z ]{0,50}[a-z])?)?") {
        let one = TeardownReason { code, text: Text::read(&text).unwrap() };
        prop_assert_eq!(TeardownReason::read(&one.to_string()), Ok(one));
    }
}
