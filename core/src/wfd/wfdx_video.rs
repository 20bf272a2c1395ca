//! `wfdx_video_formats`: the modes that a sink offers to Windows 10 version 1511 (MS-WFDPE §2.7.1.1).
//!
//! The fields are those of `wfd_video_formats`, wider. The bits above those of R1 have an order of
//! their own: bit 17 of the CEA mask is 3840x2160p30 here and 3840x2160p24 in R2.

use core::fmt;

use heapless::Vec;

use super::fields::{Fields, offer};
use super::modes::{self, ModeId, Table};
use super::{Fault, Offer};
use crate::limits;

#[cfg(test)]
mod tests;

/// What a sink offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WfdxVideoFormats {
    /// The native mode, as it came: bits 2:0 table, bits 8:3 place.
    pub native: u16,
    /// Whether the sink supports preferred display modes.
    pub preferred_mode: bool,
    /// The codec tuples, in the order of the sink.
    pub codecs: Vec<WfdxVideoCodec, { limits::WFDX_CODECS_MAX }>,
}

/// One codec tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WfdxVideoCodec {
    /// Profile bits: 0 CBP, 1 CHP, 2 H.265 Main, 3 H.265 Main 10.
    pub profiles: u16,
    /// Level bits: 0 is 3.1, 7 is 5.2.
    pub levels: u16,
    /// Mask of the CEA table, 40 bits.
    pub cea: u64,
    /// Mask of the VESA table, 40 bits.
    pub vesa: u64,
    /// Mask of the handheld table.
    pub hh: u32,
    /// Latency of the decoder in units of 5 ms; 0 is not stated.
    pub latency: u8,
    /// Fewest macroblocks of a slice; 0 is one slice per picture only.
    pub min_slice_size: u16,
    /// Slice parameters, as in R1.
    pub slice_encoding: u16,
    /// Frame rate control, as in R1.
    pub frame_rate_control: u8,
    /// Widest preferred display mode in pixels.
    pub max_hres: Option<u16>,
    /// Highest preferred display mode in pixels.
    pub max_vres: Option<u16>,
}

/// Bits of the two wide masks.
const MASK_BITS: u32 = 40;

impl WfdxVideoFormats {
    /// Reads the value of `wfdx_video_formats`.
    ///
    /// # Errors
    ///
    /// The fault if a field is missing, is not a number or does not fit, if a tuple has more fields
    /// than the grammar, or if there are more tuples than [`limits::WFDX_CODECS_MAX`].
    pub fn read(value: &str) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut tuples = value.split(',');
            let mut first = Fields::new(tuples.next().unwrap_or_default());
            let mut formats = Self {
                native: first.hex()?,
                preferred_mode: first.hex::<u8>()? == 1,
                codecs: Vec::new(),
            };
            for fields in core::iter::once(first).chain(tuples.map(Fields::new)) {
                let codec = WfdxVideoCodec::read(fields)?;
                formats.codecs.push(codec).map_err(|_| Fault::TooMany)?;
            }
            Ok(formats)
        })
    }
}

impl WfdxVideoFormats {
    /// The mode that the sink calls native, if this parameter has it.
    pub fn native_mode(&self) -> Option<ModeId> {
        let (table, bit) = (self.native & 0b111, self.native >> 3);
        let named =
            |id: &ModeId| id.table as u16 == table && id.wfdx_bit().map(u16::from) == Some(bit);
        modes::all().map(|(id, _)| id).find(named)
    }
}

impl WfdxVideoCodec {
    /// The profile bit of H.265 Main.
    pub const H265_MAIN: u16 = 0x04;
    /// The profile bits of H.265: Main and Main 10.
    pub const H265: u16 = 0x0C;

    /// Whether this tuple offers `mode`.
    pub fn offers(&self, mode: ModeId) -> bool {
        let mask = match mode.table {
            Table::Cea => self.cea,
            Table::Vesa => self.vesa,
            Table::Hh => self.hh.into(),
            Table::ThreeToTwo => 0,
        };
        mode.wfdx_bit().is_some_and(|bit| mask >> bit & 1 == 1)
    }

    fn read(mut fields: Fields<'_>) -> Result<Self, Fault> {
        let codec = Self {
            profiles: fields.hex()?,
            levels: fields.hex()?,
            cea: mask(&mut fields)?,
            vesa: mask(&mut fields)?,
            hh: fields.hex()?,
            latency: fields.hex()?,
            min_slice_size: fields.hex()?,
            slice_encoding: fields.hex()?,
            frame_rate_control: fields.hex()?,
            max_hres: fields.hex_or_none()?,
            max_vres: fields.hex_or_none()?,
        };
        fields.end()?;
        Ok(codec)
    }
}

fn mask(fields: &mut Fields<'_>) -> Result<u64, Fault> {
    let mask: u64 = fields.hex()?;
    (mask >> MASK_BITS == 0)
        .then_some(mask)
        .ok_or(Fault::TooLarge)
}

/// The form of M3.
impl fmt::Display for WfdxVideoFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04X} {:02X}",
            self.native,
            u8::from(self.preferred_mode)
        )?;
        for (place, codec) in self.codecs.iter().enumerate() {
            write!(f, "{} {codec}", if place == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for WfdxVideoCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X} {:04X} ", self.profiles, self.levels)?;
        write!(f, "{:010X} {:010X} {:08X} ", self.cea, self.vesa, self.hh)?;
        write!(f, "{:02X} {:04X} ", self.latency, self.min_slice_size)?;
        let (slices, control) = (self.slice_encoding, self.frame_rate_control);
        write!(f, "{slices:04X} {control:02X}")?;
        for resolution in [self.max_hres, self.max_vres] {
            match resolution {
                Some(pixels) => write!(f, " {pixels:04X}")?,
                None => f.write_str(" none")?,
            }
        }
        Ok(())
    }
}
