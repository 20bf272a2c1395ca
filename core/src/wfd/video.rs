//! `wfd_video_formats`: the H.264 modes that a sink offers (M3), and the one that we choose (M4).
//!
//! The grammar is S2.1 §6.1.3, the bitmaps are S2.1 Tables 33 to 41. Masks are kept as they came;
//! reserved bits do no harm, because a mode is only ever looked up from [`modes`].

use core::fmt;

use heapless::Vec;

use super::fields::{Fields, is_none};
use super::levels::{Level, Profile};
use super::modes::{self, Mode, ModeId, Table};
use super::parameters::names;
use super::{Fault, Malformed, Offer};
use crate::limits;

mod noticed;
#[cfg(test)]
mod tests;

pub(super) use noticed::noticed;

/// What a sink offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFormats {
    /// The byte that names the sink's native mode, as it came.
    pub native: u8,
    /// Whether the sink takes `wfd_preferred_display_mode`, a mode of any timing in a probe of its own.
    /// S2.1 has removed it and no sink that was recorded has it, so it is not acted on.
    pub preferred_mode: bool,
    /// The codec tuples, in the order of the sink.
    pub codecs: Vec<VideoCodec, { limits::VIDEO_CODECS_MAX }>,
}

impl VideoFormats {
    /// Reads the value of `wfd_video_formats`.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if a number is not one or does not fit, if a tuple ends before its first mask
    /// or has more fields than the grammar, or if there are more tuples than
    /// [`limits::VIDEO_CODECS_MAX`].
    pub fn parse(value: &str) -> Result<Offer<Self>, Malformed> {
        Self::read(value).map_err(|fault| Malformed {
            parameter: names::VIDEO_FORMATS,
            fault,
        })
    }

    pub(super) fn read(value: &str) -> Result<Offer<Self>, Fault> {
        if is_none(value.trim()) {
            return Ok(Offer::None);
        }
        let mut tuples = value.split(',');
        let mut first = Fields::new(tuples.next().unwrap_or_default());
        let mut formats = Self {
            native: first.hex()?,
            preferred_mode: first.hex::<u8>()? == 1,
            codecs: Vec::new(),
        };
        for fields in core::iter::once(first).chain(tuples.map(Fields::new)) {
            let codec = VideoCodec::read(fields)?;
            formats.codecs.push(codec).map_err(|_| Fault::TooMany)?;
        }
        Ok(Offer::Present(formats))
    }

    /// What every sink must decode, whatever it says: 640x480p60, constrained baseline, level 3.1
    /// (S2.1 §3.4.2, §5.1.5.1).
    pub fn least() -> Self {
        let mut codecs = Vec::new();
        // The list has room for more than one.
        let _ = codecs.push(VideoCodec {
            profiles: Profile::Cbp.mask(),
            levels: Level::L31.mask(),
            cea: 1,
            vesa: 0,
            hh: 0,
            latency: 0,
            min_slice_size: 0,
            slice_encoding: 0,
            frame_rate_control: 0,
            max_hres: None,
            max_vres: None,
        });
        Self {
            native: 0,
            preferred_mode: false,
            codecs,
        }
    }

    /// The mode that the sink calls native, if the tables have it. It need not be among the modes
    /// that it offers (quirks Q31, Q32).
    pub const fn native_mode(&self) -> Option<ModeId> {
        ModeId::from_native(self.native)
    }

    /// Whether any tuple offers `mode`.
    pub fn offers(&self, mode: ModeId) -> bool {
        self.codecs.iter().any(|codec| codec.offers(mode))
    }
}

/// The form of M3.
impl fmt::Display for VideoFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:02X} {:02X}",
            self.native,
            u8::from(self.preferred_mode)
        )?;
        for (place, codec) in self.codecs.iter().enumerate() {
            write!(f, "{} {codec}", if place == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// One codec tuple: the modes that the sink decodes with one profile, up to one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VideoCodec {
    /// Profile bits (S2.1 Table 38). One should be set; see [`Self::offers_profile`].
    pub profiles: u8,
    /// Level bits (S2.1 Table 39). One should be set; see [`Self::level`].
    pub levels: u8,
    /// Mask of [`Table::Cea`].
    pub cea: u32,
    /// Mask of [`Table::Vesa`].
    pub vesa: u32,
    /// Mask of [`Table::Hh`].
    pub hh: u32,
    /// Latency of the decoder in units of 5 ms; 0 is not stated. It is not acted on: nothing that is sent
    /// could make it less, and it is the same for every mode of the tuple.
    pub latency: u8,
    /// Fewest macroblocks of a slice; 0 is one slice per picture only.
    pub min_slice_size: u16,
    /// Slice parameters (S2.1 Table 40): bits 9:0 most slices per picture less one, bits 12:10
    /// largest slice in units of the smallest.
    pub slice_encoding: u16,
    /// Frame rate control (S2.1 Table 41).
    pub frame_rate_control: u8,
    /// Widest preferred display mode in pixels: a bound of `wfd_preferred_display_mode` and not of the
    /// masks, in which sinks that give it where they must not (quirk Q37) offer larger modes. So it is
    /// not acted on.
    pub max_hres: Option<u16>,
    /// Highest preferred display mode in pixels, likewise.
    pub max_vres: Option<u16>,
}

impl VideoCodec {
    /// Frame rate control, bit 0: the source may skip frames (S2.1 Table 41).
    pub const FRAME_SKIPPING: u8 = 0x01;
    /// Frame rate control, bits 3:1: longest time without a frame, in units of 0.5 s (S2.1 Table
    /// 41); 0 is no limit.
    pub const SKIP_INTERVAL: u8 = 0x0E;
    /// Slice parameters, bits 9:0: most slices per picture, less one (S2.1 Table 40).
    pub const SLICES: u16 = 0x03FF;
    /// Slice parameters, bits 12:10: largest slice in units of the smallest (S2.1 Table 40).
    pub const SLICE_RATIO: u16 = 0x1C00;

    /// A tuple may stop after its first mask: sinks that leave the rest out are in the field
    /// (interop rule 13, quirk Q38), also with `none none` at the end. What is missing is zero.
    fn read(mut fields: Fields<'_>) -> Result<Self, Fault> {
        let codec = Self {
            profiles: fields.hex()?,
            levels: fields.hex()?,
            cea: fields.hex()?,
            vesa: fields.hex_or_zero()?,
            hh: fields.hex_or_zero()?,
            latency: fields.hex_or_zero()?,
            min_slice_size: fields.hex_or_zero()?,
            slice_encoding: fields.hex_or_zero()?,
            frame_rate_control: fields.hex_or_zero()?,
            max_hres: fields.hex_or_none()?,
            max_vres: fields.hex_or_none()?,
        };
        fields.end()?;
        Ok(codec)
    }

    /// Whether the sink decodes `profile` with this tuple. Several bits in one tuple are all meant
    /// (quirk Q34). A tuple without any is read as Constrained Baseline, which every sink must
    /// decode (Q35; S2.1 §3.4.2).
    pub const fn offers_profile(&self, profile: Profile) -> bool {
        if self.profiles == 0 {
            matches!(profile, Profile::Cbp)
        } else {
            self.profiles & profile.mask() != 0
        }
    }

    /// The highest level that the sink decodes with this tuple, as R1 can name it. Of several bits
    /// the highest counts (quirk Q34), a reserved one as 4.2; a tuple without any is read as 3.1,
    /// which every sink must decode (Q35; S2.1 §3.4.2).
    pub fn level(&self) -> Level {
        self.levels
            .checked_ilog2()
            .and_then(|bit| Level::from_bit(bit as u8))
            .map_or(Level::L31, |level| level.min(Level::HIGHEST_R1))
    }

    /// The mask of one table.
    pub const fn mask(&self, table: Table) -> u32 {
        match table {
            Table::Cea => self.cea,
            Table::Vesa => self.vesa,
            Table::Hh => self.hh,
            Table::ThreeToTwo => 0,
        }
    }

    /// Whether this tuple offers `mode`.
    pub const fn offers(&self, mode: ModeId) -> bool {
        self.mask(mode.table) & mode.r1_mask() != 0
    }

    /// The modes that this tuple offers. Reserved bits are none (quirk Q30).
    pub fn modes(&self) -> impl Iterator<Item = (ModeId, &'static Mode)> {
        modes::all().filter(|(id, _)| self.offers(*id))
    }
}

impl fmt::Display for VideoCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} ", self.profiles, self.levels)?;
        write!(f, "{:08X} {:08X} {:08X} ", self.cea, self.vesa, self.hh)?;
        write!(f, "{:02X} {:04X} ", self.latency, self.min_slice_size)?;
        write!(
            f,
            "{:04X} {:02X}",
            self.slice_encoding, self.frame_rate_control
        )?;
        for resolution in [self.max_hres, self.max_vres] {
            match resolution {
                Some(pixels) => write!(f, " {pixels:04X}")?,
                None => f.write_str(" none")?,
            }
        }
        Ok(())
    }
}
