//! Two sinks that act as one: `wfd_coupled_sink` (S2.1 §6.1.7) and `wfd_route` (§6.1.11). A source
//! of ours feeds one sink only; what is said is shown.

use core::fmt;

use crate::wfd::fields::{Fields, hex, is_none, offer};
use crate::wfd::{Fault, Offer};

/// `wfd_coupled_sink`: whether the sink works together with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoupledSink {
    /// Bits 1:0: 0 alone and ready for it, 1 coupled, 2 is being taken apart, 3 reserved.
    pub status: u8,
    /// The MAC address of the other one.
    pub peer: Option<[u8; 6]>,
}

impl CoupledSink {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The fault if the status is not a hexadecimal number of 8 bits, or if the address is neither
    /// `none` nor twelve hexadecimal digits.
    pub fn read(value: &str) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut fields = Fields::new(value);
            let status = fields.hex()?;
            let peer = match fields.word()? {
                word if is_none(word) => None,
                word => Some(address(word)?),
            };
            fields.end()?;
            Ok(Self { status, peer })
        })
    }
}

fn address(word: &str) -> Result<[u8; 6], Fault> {
    let field: u64 = hex(word)?;
    match field.to_be_bytes() {
        [0, 0, address @ ..] if word.len() == 12 => Ok(address),
        [0, 0, ..] => Err(Fault::Missing),
        _ => Err(Fault::TooLarge),
    }
}

impl fmt::Display for CoupledSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} ", self.status)?;
        match self.peer {
            None => f.write_str("none"),
            Some(peer) => peer.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
        }
    }
}

/// `wfd_route` (M10): which of two coupled sinks plays the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The one with the picture.
    Primary,
    /// The other one.
    Secondary,
}

impl Route {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// [`Fault::UnknownWord`] if it is neither word.
    pub fn read(value: &str) -> Result<Self, Fault> {
        match value.trim() {
            word if word.eq_ignore_ascii_case("primary") => Ok(Self::Primary),
            word if word.eq_ignore_ascii_case("secondary") => Ok(Self::Secondary),
            _ => Err(Fault::UnknownWord),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_coupled_sink_has_a_status_and_an_address() {
        let read = CoupledSink::read;
        let sink = |status, peer| Ok(Offer::Present(CoupledSink { status, peer }));
        assert_eq!(read("none"), Ok(Offer::None));
        assert_eq!(read("00 none"), sink(0, None));
        let peer = Some([0, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E]);
        assert_eq!(read("01 001a2b3c4d5e"), sink(1, peer));
        assert_eq!(read("01"), Err(Fault::Missing));
        assert_eq!(read("01 1a2b"), Err(Fault::Missing));
        assert_eq!(read("01 1001a2b3c4d5e"), Err(Fault::TooLarge));
        assert_eq!(read("01 00:1a:2b:3c:4d:5e"), Err(Fault::NotANumber));
        assert_eq!(read("01 none 2"), Err(Fault::Extra));
    }

    #[test]
    fn a_route_is_one_of_two_words() {
        assert_eq!(Route::read("Primary"), Ok(Route::Primary));
        assert_eq!(Route::read("secondary"), Ok(Route::Secondary));
        assert_eq!(Route::read("none"), Err(Fault::UnknownWord));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(value in "[0-9a-fnoe :é]{0,40}") {
            let _ = CoupledSink::read(&value);
        }

        #[test]
        fn what_is_printed_is_read_back(status in any::<u8>(), peer in any::<Option<[u8; 6]>>()) {
            let one = CoupledSink { status, peer };
            prop_assert_eq!(CoupledSink::read(&one.to_string()), Ok(Offer::Present(one)));
        }
    }
}
