use std::string::ToString;

use proptest::prelude::*;

use super::*;

fn read(value: &str) -> (Result<Offer<ContentProtection>, Fault>, Fired) {
    let mut fired = Fired::new();
    (ContentProtection::read(value, &mut fired), fired)
}

#[test]
fn the_forms_of_the_specification() {
    let hdcp = |minor| {
        let port = Some(1189);
        Ok(Offer::Present(ContentProtection { minor, port }))
    };
    assert_eq!(read("HDCP2.0 port=1189"), (hdcp(0), Fired::new()));
    assert_eq!(read("hdcp2.1 PORT=1189"), (hdcp(1), Fired::new()));
    assert_eq!(read("HDCP 2.1 port=1189"), (hdcp(1), Fired::new()));
    assert_eq!(read("none"), (Ok(Offer::None), Fired::new()));
}

#[test]
fn q49_versions_and_ports_of_the_field() {
    for (value, minor, port) in [
        ("HDCP2.1", 1, None),
        ("HDCP2.2 port=7250", 2, Some(7250)),
        ("HDCP2.3", 3, None),
    ] {
        let (read, fired) = read(value);
        let expected = ContentProtection { minor, port };
        assert_eq!(read, Ok(Offer::Present(expected)), "{value}");
        assert_eq!(fired.to_string(), "Q49", "{value}");
    }
}

#[test]
fn garbage_is_an_error_that_says_why() {
    for (value, fault) in [
        ("", Fault::UnknownWord),
        ("DTCP", Fault::UnknownWord),
        ("HDCP1.4 port=1", Fault::UnknownWord),
        ("HDCP2.", Fault::Missing),
        ("HDCP2.x", Fault::NotANumber),
        ("HDCP2.é", Fault::Missing),
        ("HDCP2.10 port=1", Fault::TooLarge),
        ("HDCP2.1 1189", Fault::UnknownWord),
        ("HDCP2.1 port=", Fault::Missing),
        ("HDCP2.1 port=0", Fault::Forbidden),
        ("HDCP2.1 port=65536", Fault::TooLarge),
        ("HDCP2.1 port=1 2", Fault::NotANumber),
    ] {
        assert_eq!(read(value).0, Err(fault), "{value:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "(HDCP)?[ 0-9.=porté]{0,40}") {
        let _ = read(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(minor in 0..10_u8, port in 0..=u16::MAX) {
        let port = (port != 0).then_some(port);
        let one = ContentProtection { minor, port };
        prop_assert_eq!(read(&one.to_string()).0, Ok(Offer::Present(one)));
    }
}
