use std::string::ToString;

use proptest::prelude::*;

use super::*;

fn read(value: &str) -> (Result<SinkVersion, Fault>, Fired) {
    let mut fired = Fired::new();
    (SinkVersion::read(value, &mut fired), fired)
}

#[test]
fn the_form_of_the_specification() {
    let value = "product_ID=SEC-1 hw_version=1.0.0.1 sw_version=2.10.0.1234";
    let (Ok(version), fired) = read(value) else {
        panic!("not read")
    };
    assert_eq!(version.product.as_str(), "SEC-1");
    assert_eq!(version.hardware.as_str(), "1.0.0.1");
    assert_eq!(version.software.as_str(), "2.10.0.1234");
    assert!(fired.is_empty());
    assert_eq!(version.to_string(), value);
    assert_eq!(read("none"), (Ok(SinkVersion::new()), Fired::new()));
}

#[test]
fn q51_versions_of_the_field() {
    let (Ok(version), fired) = read("product_ID=a, hw_version=1.0, sw_version=2.0") else {
        panic!("not read")
    };
    assert_eq!(version.hardware.as_str(), "1.0");
    assert_eq!(fired.to_string(), "Q51");
    let (Ok(version), fired) = read("20.4.26") else {
        panic!("not read")
    };
    assert_eq!(version.software.as_str(), "20.4.26");
    assert_eq!(fired.to_string(), "Q51");
    assert_eq!(read("x=1").0, Err(Fault::UnknownWord));
    assert_eq!(read("a\tb\u{7}").0, Err(Fault::Forbidden));
}

#[test]
fn q51_a_name_may_have_blanks_and_none_is_no_name() {
    let model = name::<SINK_NAME_MAX>("Windows PC").map(|name| name.to_string());
    assert_eq!(model.as_deref(), Ok("Windows PC"));
    assert_eq!(name::<SINK_NAME_MAX>("None"), Ok(Text::new()));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "[a-z_=0-9., é]{0,80}") {
        let _ = read(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(parts in prop::array::uniform3("[a-zA-Z0-9.]{1,16}")) {
        let [product, hardware, software] = parts.map(|part| Text::read(&part).unwrap());
        let version = SinkVersion { product, hardware, software };
        prop_assert_eq!(read(&version.to_string()), (Ok(version), Fired::new()));
    }
}
