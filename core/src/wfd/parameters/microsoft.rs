//! Microsoft's extensions (MS-WFDPE, MS-WDHCE) that are more than a yes or a no.

use core::fmt;

use heapless::Vec;

use crate::limits::{CUSTOM_MODES_MAX, SINK_TEXT_MAX};
use crate::wfd::fields::{Fields, decimal, hex, is_none, offer};
use crate::wfd::{Fault, Offer, Text};

#[cfg(test)]
mod tests;

/// `microsoft_cursor`: the sink draws the pointer itself (MS-WDHCE §1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorSupport {
    /// Whether it can draw pointers that invert what is below them.
    pub masked: bool,
    /// Widest pointer in pixels.
    pub max_width: u16,
    /// Highest pointer in pixels.
    pub max_height: u16,
    /// The UDP port that the sink listens on, never 0.
    pub port: u16,
}

impl CursorSupport {
    /// Reads the value: a word and three hexadecimal numbers. The example of the specification has
    /// `0x` before a number, and a port that is only one in decimal: both are read.
    ///
    /// # Errors
    ///
    /// The fault if a field is missing or not a number of 16 bits, if the port is 0, or if the first
    /// word is neither `none` nor `full`.
    pub fn read(value: &str) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut fields = Fields::new(value);
            let word = fields.word()?;
            let masked = word.eq_ignore_ascii_case("full");
            if !masked && !is_none(word) {
                return Err(Fault::UnknownWord);
            }
            let support = Self {
                masked,
                max_width: prefixed(fields.word()?)?,
                max_height: prefixed(fields.word()?)?,
                port: port(fields.word()?)?,
            };
            fields.end()?;
            Ok(support)
        })
    }
}

fn prefixed(word: &str) -> Result<u16, Fault> {
    hex(word.strip_prefix("0x").unwrap_or(word))
}

fn port(word: &str) -> Result<u16, Fault> {
    match prefixed(word).or_else(|fault| decimal(word).map_err(|_| fault))? {
        0 => Err(Fault::Forbidden),
        port => Ok(port),
    }
}

impl fmt::Display for CursorSupport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.masked { "full" } else { "none" };
        let (width, height) = (self.max_width, self.max_height);
        write!(f, "{word} {width:04X} {height:04X} {:04X}", self.port)
    }
}

/// A mode of `microsoft_custom_video_formats`, which no specification has: width, height and rate in
/// hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomMode {
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Pictures per second.
    pub rate: u16,
}

/// The modes of `microsoft_custom_video_formats`.
pub type CustomModes = Vec<CustomMode, CUSTOM_MODES_MAX>;

/// Reads `microsoft_custom_video_formats`.
///
/// # Errors
///
/// The fault if a mode is not three numbers of 16 bits, or if there are more than
/// [`CUSTOM_MODES_MAX`].
pub(super) fn custom_modes(value: &str) -> Result<Offer<CustomModes>, Fault> {
    offer(value, |value| {
        let mut modes = Vec::new();
        for mode in value.split(',') {
            let mut fields = Fields::new(mode);
            let mode = CustomMode {
                width: fields.hex()?,
                height: fields.hex()?,
                rate: fields.hex()?,
            };
            fields.end()?;
            modes.push(mode).map_err(|_| Fault::TooMany)?;
        }
        Ok(modes)
    })
}

/// Bits of `microsoft_video_formats` (MS-WFDPE §2.7.1.2).
const VIDEO_FORMATS_BITS: u32 = 48;

/// Reads `microsoft_video_formats`: a mask of 3:2 modes that go with every tuple of
/// `wfd_video_formats`.
///
/// # Errors
///
/// The fault if the value is not one hexadecimal number of 48 bits.
pub(super) fn video_formats(value: &str) -> Result<Offer<u64>, Fault> {
    offer(value, |value| {
        let mask: u64 = hex(value)?;
        (mask >> VIDEO_FORMATS_BITS == 0)
            .then_some(mask)
            .ok_or(Fault::TooLarge)
    })
}

/// `microsoft_latency_management_capability` of a source: how much the sink may buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LatencyMode {
    /// Under 50 ms.
    Low,
    /// Under 100 ms.
    #[default]
    Normal,
    /// Up to 500 ms.
    High,
}

impl fmt::Display for LatencyMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        })
    }
}

/// `microsoft_multiscreen_projection` of a sink that plays: how much of its screen we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// All of it.
    Primary,
    /// A part; what is larger is wasted.
    Secondary {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
        /// Bit rate in bit/s.
        bit_rate: u32,
    },
}

impl Projection {
    /// Reads the value; the numbers are decimal.
    ///
    /// # Errors
    ///
    /// The fault if the first word is neither `primary` nor `secondary`, or if a number is missing,
    /// is not one, or does not fit.
    pub fn read(value: &str) -> Result<Self, Fault> {
        let mut fields = Fields::new(value);
        let word = fields.word()?;
        let projection = if word.eq_ignore_ascii_case("primary") {
            Self::Primary
        } else if word.eq_ignore_ascii_case("secondary") {
            Self::Secondary {
                width: fields.decimal()?,
                height: fields.decimal()?,
                bit_rate: fields.decimal()?,
            }
        } else {
            return Err(Fault::UnknownWord);
        };
        fields.end()?;
        Ok(projection)
    }
}

/// `microsoft_teardown_reason`, in the body of M8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeardownReason {
    /// An HRESULT.
    pub code: u32,
    /// What the sink adds, its beginning.
    pub text: Text<SINK_TEXT_MAX>,
}

impl TeardownReason {
    /// Reads the value: eight hexadecimal digits and a text.
    ///
    /// # Errors
    ///
    /// The fault if the first word is not a number of 32 bits, or if there are control characters in
    /// the text.
    pub fn read(value: &str) -> Result<Self, Fault> {
        let value = value.trim();
        let (code, text) = value.split_once(' ').unwrap_or((value, ""));
        if code.is_empty() {
            return Err(Fault::Missing);
        }
        Ok(Self {
            code: hex(code)?,
            text: Text::read(text.trim())?,
        })
    }

    /// What MS-WFDPE §2.2.1.2 says the code means, if it has it.
    pub const fn meaning(&self) -> Option<&'static str> {
        teardown_meaning(self.code)
    }
}

/// Which numbers of `microsoft_audio_mute` ask for silence. MS-WFDPE contradicts itself: by its table 0
/// does, by its example 1, and so by the name.
const MUTES: [bool; 2] = [false, true];

/// Whether this number of `microsoft_audio_mute` asks for silence.
pub fn mutes(number: u8) -> bool {
    MUTES.get(usize::from(number)).copied().unwrap_or(false)
}

/// What the code of a `microsoft_teardown_reason` means (MS-WFDPE §2.2.1.2), if it has it.
pub const fn teardown_meaning(code: u32) -> Option<&'static str> {
    match code {
        0xC00D_36F0 => Some("the transport stream cannot be parsed"),
        0xC00D_3E8C => Some("the format is not handled"),
        0xC00D_6D74 => Some("the format changed in the middle of the stream"),
        0xC00D_36CB => Some("the elementary stream is invalid"),
        0xC00D_4278 => Some("no RTP or no keep-alive in time"),
        0xC00D_36C0 => Some("bad time stamps"),
        _ => None,
    }
}

impl fmt::Display for TeardownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.text.is_empty() { "" } else { " " };
        write!(f, "{:08X}{separator}{}", self.code, self.text)
    }
}
