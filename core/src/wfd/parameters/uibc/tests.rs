use std::string::ToString;

use proptest::prelude::*;

use super::*;

/// A source's value, as Windows writes it.
const WINDOWS: &str = "input_category_list=HIDC;generic_cap_list=none;\
                       hidc_cap_list=Keyboard/USB, Mouse/USB;port=50000";

fn read(value: &str) -> (Result<Offer<UibcCapability>, Fault>, Fired) {
    let mut fired = Fired::new();
    (UibcCapability::read(value, &mut fired), fired)
}

fn present(value: &str) -> (UibcCapability, bool) {
    match read(value) {
        (Ok(Offer::Present(found)), fired) => (found, fired.has(Quirk::Q44)),
        other => panic!("{value}: {other:?}"),
    }
}

#[test]
fn the_form_of_the_specification_is_read_without_notice() {
    let value = "input_category_list=GENERIC, HIDC;generic_cap_list=Keyboard, Mouse;\
                 hidc_cap_list=Keyboard/USB, Mouse/BT;port=none";
    let (found, odd) = present(value);
    assert!(!odd && found.has_input());
    assert_eq!(found.categories, InputCategories::all());
    assert_eq!(found.generic, InputTypes::KEYBOARD | InputTypes::MOUSE);
    let mut hidc = [InputTypes::empty(); 6];
    (hidc[1], hidc[2]) = (InputTypes::KEYBOARD, InputTypes::MOUSE);
    assert_eq!((found.hidc, found.port), (hidc, None));
    assert_eq!(found.to_string(), value);
    assert_eq!(read("none"), (Ok(Offer::None), Fired::new()));
}

#[test]
fn q44_every_form_of_the_field_is_read() {
    let mouse_and_keys = InputTypes::KEYBOARD | InputTypes::MOUSE;
    for value in [
        "input_category_list=GENERIC;generic_cap_list=Keyboard,Mouse;hidc_cap_list=none;port=none",
        "input_category_list = GENERIC; generic_cap_list = Mouse, Keyboard; port=none",
        "input_category_list=GENERIC;generic_cap_list=Keyboard, Mouse, KBD_Windows;\
         hidc_cap_list=none;port=none",
        "input_category_list=GENERIC;generic_cap_list=Keyboard, Mouse;hidc_cap_list=none;\
         port=none;uibc_encrypted=false",
        "input_category_list=GENERIC;generic_cap_list=Keyboard, Mouse",
        "input_category_list=GENERIC;generic_cap_list=Keyboard, Mouse;hidc_cap_list=none;\
         port=7336",
        "Input_Category_List=generic;GENERIC_CAP_LIST=mouse, keyboard;port=NONE;",
    ] {
        let (found, odd) = present(value);
        assert!(odd, "{value}");
        assert_eq!(found.categories, InputCategories::GENERIC, "{value}");
        assert_eq!(found.generic, mouse_and_keys, "{value}");
    }
    let windows = "input_category_list=HIDC;hidc_cap_list=Keyboard/USB, Mouse/USB, \
                   MultiTouch/USB, Gesture/USB, RemoteControl/USB, Joystick/USB;port=none";
    let (found, odd) = present(windows);
    assert!(odd);
    assert_eq!(found.hidc[1].bits(), 0b1101_1011);
}

#[test]
fn garbage_is_an_error_that_says_why() {
    for (value, fault) in [
        ("GENERIC", Fault::Missing),
        ("port=x", Fault::NotANumber),
        ("port=0", Fault::Forbidden),
        ("port=65536", Fault::TooLarge),
    ] {
        assert_eq!(read(value).0, Err(fault), "{value}");
    }
    let (empty, odd) = present("");
    assert!(odd && !empty.has_input());
}

#[test]
fn a_source_offers_only_what_the_sink_has() {
    let (ours, _) = present(WINDOWS);
    let (sink, _) = present(
        "input_category_list=GENERIC, HIDC;generic_cap_list=Mouse;\
         hidc_cap_list=Mouse/USB, Keyboard/BT;port=none",
    );
    let common = ours.in_common_with(&sink);
    assert_eq!(
        common.to_string(),
        "input_category_list=HIDC;generic_cap_list=none;hidc_cap_list=Mouse/USB;port=50000"
    );
    assert!(common.has_input());
    let (none, _) = present("input_category_list=GENERIC;generic_cap_list=Mouse;port=none");
    assert!(!ours.in_common_with(&none).has_input());
}

#[test]
fn a_setting_is_one_of_two_words() {
    for setting in [UibcSetting::Enable, UibcSetting::Disable] {
        assert_eq!(UibcSetting::read(&setting.to_string()), Ok(setting));
    }
    assert_eq!(UibcSetting::read("ENABLE"), Ok(UibcSetting::Enable));
    assert_eq!(UibcSetting::read("enabled"), Err(Fault::UnknownWord));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        value in "((input_category|generic_cap|hidc_cap)_list|port|[a-zA-Z/,;=0-9 é]){0,30}",
    ) {
        let _ = read(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(
        categories in 0..4_u8,
        generic in any::<u8>(),
        hidc in any::<[u8; 6]>(),
        port in any::<u16>(),
    ) {
        let one = UibcCapability {
            categories: InputCategories::from_bits_retain(categories),
            generic: InputTypes::from_bits_retain(generic),
            hidc: hidc.map(InputTypes::from_bits_retain),
            port: (port != 0).then_some(port),
        };
        let (read, fired) = read(&one.to_string());
        prop_assert_eq!(read, Ok(Offer::Present(one)));
        // A port is a source's.
        prop_assert_eq!(fired.has(Quirk::Q44), port != 0);
    }
}
