//! `wfd2_video_formats`: the modes that an R2 sink offers (M3), and the one that we choose (M4).
//!
//! The grammar is in S2.1 §6.1.21 to §6.1.30, the bitmaps are S2.1 Tables 71 to 78. The masks of 48 bits begin
//! with the modes of R1, in the same order; the modes above them are not those of
//! [`wfdx_video`](super::wfdx_video) with the same number.
//!
//! The `native` byte is not acted on. R2 packs it in another way than R1 (bits 1:0 table, bits 7:2
//! place), and both ways are in the field: 40 of a Windows sink is 1080p60 in that of R1, 20 of a
//! television is 1080p60 in that of R2. The EDID says better what the display is.

use core::fmt;

use heapless::Vec;

use super::coded::Coding;
use super::fields::{Fields, offer};
use super::modes::{ModeId, Table};
use super::{Fault, Offer};
use crate::limits;
use crate::quirks::{Fired, Quirk};

#[cfg(test)]
mod tests;

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

/// The value of the codec field (S2.1 Table 76).
const fn code_of(coding: Coding) -> u8 {
    match coding {
        Coding::H264 => 0x01,
        Coding::H265 => 0x02,
    }
}

const fn coding_of(code: u8) -> Option<Coding> {
    match code {
        0x01 => Some(Coding::H264),
        0x02 => Some(Coding::H265),
        _ => None,
    }
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
            let coding = coding_of(fields.hex()?);
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
    /// The bit of H.265 profile Main (S2.1 Table 77).
    pub const H265_MAIN: u8 = 0x01;

    /// Whether this tuple offers `mode`.
    pub const fn offers(&self, mode: ModeId) -> bool {
        let mask = match mode.table {
            Table::Cea => self.cea,
            Table::Vesa => self.vesa,
            Table::Hh => self.hh,
            Table::ThreeToTwo => 0,
        };
        mask & mode.mask() != 0
    }

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
        let code = code_of(self.coding);
        write!(f, "{code:02X} {:02X} {:04X} ", self.profiles, self.levels)?;
        write!(f, "{:012X} {:012X} {:012X} ", self.cea, self.vesa, self.hh)?;
        write!(f, "{:02X} {:04X} ", self.latency, self.min_slice_size)?;
        let (slices, control) = (self.slice_encoding, self.frame_rate_control);
        write!(f, "{slices:04X} {control:02X}")
    }
}
