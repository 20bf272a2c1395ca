//! `wfd_av_format_change_timing`: from which picture on a new format holds (S2.1 §6.1.13).

use core::fmt;

use crate::wfd::Fault;
use crate::wfd::fields::{Fields, hex};

/// Bits below the time stamp in its 40-bit field.
const PADDING_BITS: u32 = 7;

/// Bits of a time stamp.
const PTS_BITS: u32 = 33;

/// The time stamps of the first picture of the new format, in units of 1/90000 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatChangeTiming {
    /// When it is shown.
    pub pts: u64,
    /// When it is decoded.
    pub dts: u64,
}

impl FormatChangeTiming {
    /// For streams without reordering: a picture is decoded when it is shown.
    pub const fn at(pts: u64) -> Self {
        Self { pts, dts: pts }
    }

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The fault if it is not two time stamps.
    pub fn read(value: &str) -> Result<Self, Fault> {
        let mut fields = Fields::new(value);
        let timing = Self {
            pts: pts(fields.word()?)?,
            dts: pts(fields.word()?)?,
        };
        fields.end()?;
        Ok(timing)
    }
}

/// A time stamp: 33 bits above seven zero bits, in hexadecimal.
pub(super) fn pts(word: &str) -> Result<u64, Fault> {
    let field: u64 = hex(word)?;
    if field >> (PTS_BITS + PADDING_BITS) != 0 {
        return Err(Fault::TooLarge);
    }
    if field & ((1 << PADDING_BITS) - 1) != 0 {
        return Err(Fault::Forbidden);
    }
    Ok(field >> PADDING_BITS)
}

/// The value; of a longer time only the 33 bits that a time stamp has.
impl fmt::Display for FormatChangeTiming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = |stamp: u64| (stamp & ((1 << PTS_BITS) - 1)) << PADDING_BITS;
        write!(f, "{:010X} {:010X}", field(self.pts), field(self.dts))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_captured_value() {
        let timing = FormatChangeTiming {
            pts: 6000,
            dts: 3000,
        };
        let captured = "00000bb800 000005dc00";
        assert_eq!(FormatChangeTiming::read(captured), Ok(timing));
        assert_eq!(timing.to_string(), captured.to_uppercase());
        assert_eq!(FormatChangeTiming::at(6000).dts, 6000);
    }

    #[test]
    fn garbage_is_an_error_that_says_why() {
        let fault = |value| FormatChangeTiming::read(value).err();
        assert_eq!(fault(""), Some(Fault::Missing));
        assert_eq!(fault("none none"), Some(Fault::NotANumber));
        assert_eq!(fault("00000bb800"), Some(Fault::Missing));
        assert_eq!(fault("10000000000 0"), Some(Fault::TooLarge));
        assert_eq!(fault("40 0"), Some(Fault::Forbidden));
        assert_eq!(fault("80 80 80"), Some(Fault::Extra));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(pts in 0..1_u64 << 33, dts in 0..1_u64 << 33) {
            let one = FormatChangeTiming { pts, dts };
            prop_assert_eq!(FormatChangeTiming::read(&one.to_string()), Ok(one));
        }

        #[test]
        fn longer_times_wrap(pts in any::<u64>()) {
            let text = FormatChangeTiming::at(pts).to_string();
            let read = FormatChangeTiming::read(&text).map(|timing| timing.pts);
            prop_assert_eq!(read, Ok(pts & 0x1_FFFF_FFFF));
        }
    }
}
