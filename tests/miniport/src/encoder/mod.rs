//! Encoders behind one trait: [`OpenH264`], [`Player`] and [`Synthetic`].
//!
//! An [`Encoder`] gives bare slices. What a vendor's hardware may put before them (an access unit
//! delimiter, parameter sets) is [`Dressing`], the same for all three.

pub mod annex_b;
mod dressing;
mod open_h264;
mod parameter_sets;
mod player;
mod source;
mod synthetic;

use core::fmt;

pub use annex_b::Coding;
pub use dressing::Dressing;
pub use open_h264::OpenH264;
pub use player::Player;
pub use source::Source;
pub use synthetic::Synthetic;

/// What a stream is to be, as STREAM_OPEN asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The coding.
    pub coding: Coding,
    /// Width in luma pixels.
    pub width: u16,
    /// Height in luma pixels.
    pub height: u16,
    /// Pictures in `rate_denominator` seconds.
    pub rate_numerator: u32,
    /// See [`Self::rate_numerator`].
    pub rate_denominator: u32,
    /// `level_idc`: 31 is level 3.1; `general_level_idc` with H.265: 93 is that level.
    pub level_idc: u8,
    /// Target in bit/s.
    pub bit_rate: u64,
    /// Most slices per picture. See [`Settings::slice_count`].
    pub slices: u16,
    /// Pictures from one IDR to the next; 0: only on request.
    pub gop: u32,
}

impl Settings {
    /// Macroblocks of one picture.
    pub fn macroblocks(&self) -> u32 {
        u32::from(self.width.div_ceil(16)) * u32::from(self.height.div_ceil(16))
    }

    /// The slices that a picture is cut into: the largest number up to [`Self::slices`] and 4 that
    /// gives every slice the same number of macroblocks, as S2.1 App. D.1.1 demands.
    pub fn slice_count(&self) -> u32 {
        let most = u32::from(self.slices).clamp(1, SLICES_MAX);
        let equal = |count: &u32| self.macroblocks().is_multiple_of(*count);
        (1..=most).rev().find(equal).unwrap_or(1)
    }

    /// Pictures per second; 0 if the denominator is 0.
    pub fn rate(&self) -> f64 {
        match self.rate_denominator {
            0 => 0.0,
            denominator => f64::from(self.rate_numerator) / f64::from(denominator),
        }
    }

    /// Bytes that one picture has on average at [`Self::bit_rate`].
    pub fn mean_picture_bytes(&self) -> u64 {
        let numerator = self
            .bit_rate
            .saturating_mul(u64::from(self.rate_denominator));
        numerator / (u64::from(self.rate_numerator).max(1) * 8)
    }
}

/// Most slices per picture that these encoders make.
pub const SLICES_MAX: u32 = 4;

/// One encoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedFrame {
    /// An IDR picture.
    pub idr: bool,
    /// The slices in order. Each is one NAL unit with a four-byte start code; the first may be
    /// preceded by others once it was [dressed](Dressing).
    pub slices: Vec<Vec<u8>>,
}

impl EncodedFrame {
    /// The access unit as one byte stream.
    pub fn bytes(&self) -> Vec<u8> {
        self.slices.concat()
    }

    /// Bytes of the access unit.
    pub fn len(&self) -> usize {
        self.slices.iter().map(Vec::len).sum()
    }

    /// Whether there is no byte at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why an encoder gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The settings are outside of what this encoder can do; the text says which.
    Settings(&'static str),
    /// A library call failed: its name and its return value.
    Library(&'static str, i32),
    /// The encoder skipped the picture although it was told never to.
    Skipped,
    /// The file is not a byte stream that can be played; the text says why.
    File(&'static str),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(what) => write!(f, "the encoder cannot do these settings: {what}"),
            Self::Library(call, value) => write!(f, "OpenH264 {call} returned {value}"),
            Self::Skipped => f.write_str("the encoder skipped a picture"),
            Self::File(why) => write!(f, "the file cannot be played: {why}"),
        }
    }
}

impl core::error::Error for EncodeError {}

/// A source of access units, one a call.
pub trait Encoder: Send {
    /// What the pictures are coded with.
    fn coding(&self) -> Coding {
        Coding::H264
    }

    /// The parameter sets as a byte stream; the same at every call.
    fn parameter_sets(&mut self) -> Vec<u8>;

    /// Encodes the picture `frame` ([`Desktop`](crate::picture::Desktop) says what it shows). The
    /// first call, and the first after [`Self::request_idr`], gives an IDR.
    ///
    /// # Errors
    /// The library's failure; the next call may succeed.
    fn encode(&mut self, frame: u32) -> Result<EncodedFrame, EncodeError>;

    /// The next picture is an IDR. Several requests before it are one.
    fn request_idr(&mut self);

    /// A new target in bit/s, from the next picture on.
    fn set_bit_rate(&mut self, bits_per_second: u64);
}

#[cfg(test)]
mod tests;
