//! The words of Wi-Fi Display: what a sink offers, what the source chooses, and how both are
//! written in the bodies of RTSP messages.
//!
//! Reading is lenient, one named and tested rule for each quirk of sinks in the field; writing is
//! strict. This module is not the protocol: which message comes when is `session`'s matter, and
//! how a message is framed is `rtsp`'s.
//!
//! "S2.1" is the Wi-Fi Display Technical Specification, version 2.1.

use core::fmt;

pub mod audio;
pub mod chosen;
pub mod coded;
mod fields;
pub mod hevc;
pub mod levels;
pub mod modes;
pub mod negotiate;
pub mod parameters;
pub mod r2_video;
#[cfg(test)]
mod reference;
mod text;
pub mod video;
pub mod video_offer;
pub mod wfdx_video;

pub use text::Text;

/// What a sink said about one parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Offer<T> {
    /// The parameter is not in the answer.
    #[default]
    Absent,
    /// The answer is `none`: the sink has not got it.
    None,
    /// The sink has it.
    Present(T),
}

impl<T> Offer<T> {
    /// The value, if the sink gave one.
    pub const fn present(&self) -> Option<&T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::None => None,
        }
    }

    /// Whether the sink said nothing.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the sink said `none`.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// A parameter of the sink that cannot be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The name of the parameter.
    pub parameter: &'static str,
    /// What is wrong with its value.
    pub fault: Fault,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.parameter, self.fault)
    }
}

impl core::error::Error for Malformed {}

/// Why the value of a parameter cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The value ends where a field must follow.
    Missing,
    /// There is text after the last field.
    Extra,
    /// A field is not a number in its base.
    NotANumber,
    /// A number does not fit into its field.
    TooLarge,
    /// A number has a value that the field must not have.
    Forbidden,
    /// A word that the parameter does not know.
    UnknownWord,
    /// More tuples or lines than are kept (`limits`).
    TooMany,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "a field is missing",
            Self::Extra => "text after the last field",
            Self::NotANumber => "a field is not a number",
            Self::TooLarge => "a number is too large for its field",
            Self::Forbidden => "a number has a forbidden value",
            Self::UnknownWord => "unknown word",
            Self::TooMany => "more elements than are kept",
        })
    }
}
