//! `wfd2_video_formats`: the modes that an R2 sink offers (M3), and the one that we choose (M4).
//!
//! The grammar is in S2.1 §6.1.21 to §6.1.30, the bitmaps are S2.1 Tables 71 to 78. The masks of 48 bits begin
//! with the modes of R1, in the same order; the modes above them are not those of
//! [`wfdx_video`](super::wfdx_video) with the same number. The `native` byte is packed in another
//! way than that of R1: bits 1:0 table, bits 7:2 place.

use core::fmt;

use heapless::Vec;

use super::fields::{Fields, offer};
use super::modes::Table;
use super::{Fault, Offer};
use crate::limits;
use crate::quirks::{Fired, Quirk};

#[cfg(test)]
mod tests;

/// How pictures are coded (S2.1 Table 76).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// H.264.
    H264,
    /// H.265.
    H265,
}

impl Coding {
    /// The value of the codec field.
    pub const fn code(self) -> u8 {
        match self {
            Self::H264 => 0x01,
            Self::H265 => 0x02,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            0x01 => Some(Self::H264),
            0x02 => Some(Self::H265),
            _ => None,
        }
    }
}

/// What a sink offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct R2VideoFormats {
    /// The byte that names the sink's native mode, as it came.
    pub native: u8,
    /// The codec tuples, in the order of the sink.
    pub codecs: Vec<R2VideoCodec, { limits::VIDEO_CODECS_MAX }>,
    /// Whether the sink takes streams that were not coded for it (direct streaming).
    pub direct_streaming: bool,
}

/// One codec tuple: the modes that the sink decodes with one profile, up to one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct R2VideoCodec {
    /// The coding.
    pub coding: Coding,
    /// Profile bits of the coding (S2.1 Table 77).
    pub profiles: u8,
    /// Level bits of the coding (S2.1 Table 78).
    pub levels: u16,
    /// Mask of the CEA table (S2.1 Table 71).
    pub cea: u64,
    /// Mask of the VESA table (S2.1 Table 72).
    pub vesa: u64,
    /// Mask of the handheld table (S2.1 Table 73).
    pub hh: u64,
    /// Latency of the decoder in units of 5 ms; 0 is not stated.
    pub latency: u8,
    /// Fewest macroblocks of a slice; 0 is one slice per picture only.
    pub min_slice_size: u16,
    /// Slice parameters, as in R1.
    pub slice_encoding: u16,
    /// Frame rate control, as in R1.
    pub frame_rate_control: u8,
}

/// Bits of a mask of this parameter.
const MASK_BITS: u32 = 48;

impl R2VideoFormats {
    /// Reads the value of `wfd2_video_formats`. Tuples of a coding that is not known are left out.
    /// A tuple may stop after its first mask, as in R1 (quirk Q38): what is missing is zero.
    ///
    /// # Errors
    ///
    /// The fault if a number is not one or does not fit, if a tuple ends before its first mask or has
    /// more fields than the grammar, or if there are more tuples than [`limits::VIDEO_CODECS_MAX`].
    pub fn read(value: &str, fired: &mut Fired) -> Result<Offer<Self>, Fault> {
        offer(value, |value| Self::tuples(value, fired))
    }

    fn tuples(value: &str, fired: &mut Fired) -> Result<Self, Fault> {
        let mut tuples = value.split(',').peekable();
        let mut fields = Fields::new(tuples.next().unwrap_or_default());
        let mut formats = Self {
            native: fields.hex()?,
            codecs: Vec::new(),
            direct_streaming: false,
        };
        loop {
            let coding = Coding::from_code(fields.hex()?);
            let codec = R2VideoCodec::rest(coding.unwrap_or(Coding::H264), &mut fields, fired)?;
            if coding.is_some() {
                formats.codecs.push(codec).map_err(|_| Fault::TooMany)?;
            }
            if tuples.peek().is_none() {
                formats.direct_streaming = fields.hex_or_zero::<u8>()? != 0;
            }
            fields.end()?;
            match tuples.next() {
                Some(next) => fields = Fields::new(next),
                None => return Ok(formats),
            }
        }
    }
}

impl R2VideoCodec {
    /// What follows the codec field.
    fn rest(coding: Coding, fields: &mut Fields<'_>, fired: &mut Fired) -> Result<Self, Fault> {
        let (profiles, levels, cea) = (fields.hex()?, fields.hex()?, mask(fields)?);
        fired.note_if(fields.is_at_end(), Quirk::Q38);
        Ok(Self {
            coding,
            profiles,
            levels,
            cea,
            vesa: mask(fields)?,
            hh: mask(fields)?,
            latency: fields.hex_or_zero()?,
            min_slice_size: fields.hex_or_zero()?,
            slice_encoding: fields.hex_or_zero()?,
            frame_rate_control: fields.hex_or_zero()?,
        })
    }
}

fn mask(fields: &mut Fields<'_>) -> Result<u64, Fault> {
    let mask: u64 = fields.hex_or_zero()?;
    (mask >> MASK_BITS == 0)
        .then_some(mask)
        .ok_or(Fault::TooLarge)
}

/// The form of M3.
impl fmt::Display for R2VideoFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.native)?;
        for (place, codec) in self.codecs.iter().enumerate() {
            write!(f, "{} {codec}", if place == 0 { "" } else { "," })?;
        }
        write!(f, " {:02X}", u8::from(self.direct_streaming))
    }
}

impl fmt::Display for R2VideoCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.coding.code();
        write!(f, "{code:02X} {:02X} {:04X} ", self.profiles, self.levels)?;
        write!(f, "{:012X} {:012X} {:012X} ", self.cea, self.vesa, self.hh)?;
        write!(f, "{:02X} {:04X} ", self.latency, self.min_slice_size)?;
        let (slices, control) = (self.slice_encoding, self.frame_rate_control);
        write!(f, "{slices:04X} {control:02X}")
    }
}

/// The format that M4 announces. Its text is the value of `wfd2_video_formats`: native byte, latency
/// and the last byte are 0, and there is one bit each of profile, level and mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenR2Video {
    /// The coding.
    pub coding: Coding,
    /// The number of the profile's bit (S2.1 Table 77), up to 7.
    pub profile_bit: u8,
    /// The number of the level's bit (S2.1 Table 78), up to 15.
    pub level_bit: u8,
    /// The table of the mode.
    pub table: Table,
    /// The number of the mode's bit (S2.1 Tables 71 to 73), up to 47.
    pub mode_bit: u8,
    /// Fewest macroblocks of a slice; 0 for one slice per picture.
    pub min_slice_size: u16,
    /// Slice parameters; 0 for one slice per picture.
    pub slice_encoding: u16,
    /// Frame rate control.
    pub frame_rate_control: u8,
    /// Whether the picture is upright (portrait).
    pub portrait: bool,
}

impl fmt::Display for ChosenR2Video {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = 1_u64.checked_shl(self.mode_bit.into()).unwrap_or(0);
        let in_table = |table| if self.table == table { mode } else { 0 };
        let codec = R2VideoCodec {
            coding: self.coding,
            profiles: 1_u8.checked_shl(self.profile_bit.into()).unwrap_or(0),
            levels: 1_u16.checked_shl(self.level_bit.into()).unwrap_or(0),
            cea: in_table(Table::Cea),
            vesa: in_table(Table::Vesa),
            hh: in_table(Table::Hh),
            latency: 0,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
        };
        let enabled = if self.portrait { " enabled" } else { "" };
        write!(f, "00 {codec} 00{enabled}")
    }
}
