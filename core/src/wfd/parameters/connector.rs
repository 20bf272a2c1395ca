//! `wfd_connector_type`: what connects the sink to its display (S2.1 §6.1.19).

use crate::wfd::fields::{hex, offer};
use crate::wfd::{Fault, Offer};

/// Reads the value: `none`, or a code of one or two digits (quirk Q48).
///
/// # Errors
///
/// The fault if the value is not a hexadecimal number of 8 bits.
pub(super) fn read(value: &str) -> Result<Offer<u8>, Fault> {
    offer(value, hex)
}

/// The name of a code, for a report. The specification's table counts in decimal; the codes are
/// hexadecimal.
pub const fn connector_name(code: u8) -> &'static str {
    match code {
        0x00 => "VGA",
        0x01 => "S-Video",
        0x02 => "composite video",
        0x03 => "component video",
        0x04 => "DVI",
        0x05 => "HDMI",
        0x07 => "Wi-Fi Display",
        0x08 => "Japanese D",
        0x09 => "SDI",
        0x0A => "DisplayPort",
        0x0C => "UDI",
        0xFF => "other",
        _ => "reserved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_hexadecimal_and_have_names() {
        let name = |value| read(value).map(|offer| offer.present().copied().map(connector_name));
        assert_eq!(name("05"), Ok(Some("HDMI")));
        assert_eq!(name("0A"), Ok(Some("DisplayPort")));
        assert_eq!(name("0b"), Ok(Some("reserved")));
        assert_eq!(name("FF"), Ok(Some("other")));
        assert_eq!(name("none"), Ok(None));
        assert_eq!(name("100"), Err(Fault::TooLarge));
    }
}
