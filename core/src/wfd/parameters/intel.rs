//! Intel's extensions that say who the sink is (MS-WFDPE §2.1). The other names of Intel's are not
//! read: nothing here depends on them.

use core::fmt;

use crate::limits::{SINK_NAME_MAX, SINK_TEXT_MAX};
use crate::quirks::{Fired, Quirk};
use crate::wfd::fields::is_none;
use crate::wfd::{Fault, Text};

#[cfg(test)]
mod tests;

/// What the sink calls itself; empty where it says nothing or `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinkNames {
    /// `intel_friendly_name`: what the user calls it.
    pub friendly: Text<SINK_NAME_MAX>,
    /// `intel_sink_manufacturer_name`.
    pub manufacturer: Text<SINK_NAME_MAX>,
    /// `intel_sink_model_name`.
    pub model: Text<SINK_NAME_MAX>,
    /// `intel_sink_device_URL`, its beginning.
    pub device_url: Text<SINK_TEXT_MAX>,
    /// `intel_sink_version`.
    pub version: SinkVersion,
}

impl SinkNames {
    /// No names.
    pub const fn new() -> Self {
        Self {
            friendly: Text::new(),
            manufacturer: Text::new(),
            model: Text::new(),
            device_url: Text::new(),
            version: SinkVersion::new(),
        }
    }
}

/// Reads one of the names; `none` is no name.
pub(super) fn name<const N: usize>(value: &str) -> Result<Text<N>, Fault> {
    if is_none(value) {
        return Ok(Text::new());
    }
    Text::read(value)
}

/// Bytes of each part of a version: the grammar has up to 16.
const PART_MAX: usize = 16;

/// The value of `intel_sink_version`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinkVersion {
    /// `product_ID`.
    pub product: Text<PART_MAX>,
    /// `hw_version`, four numbers with points between them.
    pub hardware: Text<PART_MAX>,
    /// `sw_version`, four numbers with points between them.
    pub software: Text<PART_MAX>,
}

impl SinkVersion {
    /// No version.
    pub const fn new() -> Self {
        Self {
            product: Text::new(),
            hardware: Text::new(),
            software: Text::new(),
        }
    }

    /// Reads the value. Sinks put commas between the parts, and write a bare number, which is taken
    /// for that of the software (quirk Q51).
    ///
    /// # Errors
    ///
    /// [`Fault::UnknownWord`] if a part has a key that is not known, [`Fault::Forbidden`] for control
    /// characters.
    pub fn read(value: &str, fired: &mut Fired) -> Result<Self, Fault> {
        let mut version = Self::new();
        if is_none(value) {
            return Ok(version);
        }
        let separator = |character: char| character == ',' || character == ' ';
        for part in value.split(separator).filter(|part| !part.is_empty()) {
            let (key, text) = part.split_once('=').unwrap_or(("sw_version", part));
            let field = if key.eq_ignore_ascii_case("product_ID") {
                &mut version.product
            } else if key.eq_ignore_ascii_case("hw_version") {
                &mut version.hardware
            } else if key.eq_ignore_ascii_case("sw_version") {
                &mut version.software
            } else {
                return Err(Fault::UnknownWord);
            };
            *field = Text::read(text)?;
        }
        let odd = value.contains(',') || version.product.is_empty();
        fired.note_if(odd, Quirk::Q51);
        Ok(version)
    }
}

/// The form of M3.
impl fmt::Display for SinkVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hardware, software) = (&self.hardware, &self.software);
        write!(f, "product_ID={} ", self.product)?;
        write!(f, "hw_version={hardware} sw_version={software}")
    }
}
