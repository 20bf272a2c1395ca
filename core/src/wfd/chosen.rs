//! The video format that M4 announces.

use core::fmt;

use super::audio::Release;
use super::coded::Coded;
use super::modes::{ModeId, Table};
use super::parameters::names;
use super::r2_video::R2VideoCodec;
use super::video::VideoCodec;
use super::wfdx_video::WfdxVideoCodec;

#[cfg(test)]
mod tests;

/// The parameter by which a sink offers a mode, and by which M4 announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoName {
    /// `wfd_video_formats`.
    R1,
    /// `wfd2_video_formats`.
    R2,
    /// `wfdx_video_formats`.
    Wfdx,
}

impl VideoName {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::R1 => names::VIDEO_FORMATS,
            Self::R2 => names::R2_VIDEO_FORMATS,
            Self::Wfdx => names::WFDX_VIDEO_FORMATS,
        }
    }

    /// By which names the sound goes with it (S2.1 §6.4.4).
    pub const fn release(self) -> Release {
        match self {
            Self::R1 | Self::Wfdx => Release::R1,
            Self::R2 => Release::R2,
        }
    }
}

/// The format that M4 announces. Its text is a line of the body: native field and latency 0, one bit
/// each of profile, level and mode, no preferred mode, every field as wide as in the grammar (AOSP's
/// sinks step through that of R1 by 60 characters).
///
/// A mode of 3:2 has no bit in that line. It is the one bit of a second line, `microsoft_video_formats`;
/// MS-WFDPE says how a sink offers those and not how they are announced, so this is a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenVideo {
    /// The parameter.
    pub name: VideoName,
    /// The mode.
    pub mode: ModeId,
    /// Coding, profile and the highest level that the stream may have.
    pub coded: Coded,
    /// Fewest macroblocks of a slice; 0 for one slice per picture.
    pub min_slice_size: u16,
    /// Slice parameters (S2.1 Table 40); 0 for one slice per picture.
    pub slice_encoding: u16,
    /// Frame rate control (S2.1 Table 41).
    pub frame_rate_control: u8,
}

impl ChosenVideo {
    /// The tuple of `wfd_video_formats`. It has no H.265: nothing is announced of that.
    const fn r1(&self) -> VideoCodec {
        let (profiles, levels) = match self.coded {
            Coded::H264(profile, level) => (profile.mask(), level.mask()),
            Coded::H265(_) => (0, 0),
        };
        let masks = self.masks(self.mode.r1_mask() as u64);
        VideoCodec {
            profiles,
            levels,
            cea: masks[0] as u32,
            vesa: masks[1] as u32,
            hh: masks[2] as u32,
            latency: 0,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
            max_hres: None,
            max_vres: None,
        }
    }

    const fn r2(&self) -> R2VideoCodec {
        let (profiles, level_bit) = match self.coded {
            Coded::H264(profile, level) => (profile.mask(), level.bit()),
            Coded::H265(level) => (R2VideoCodec::H265_MAIN, level.bit()),
        };
        let masks = self.masks(self.mode.mask());
        R2VideoCodec {
            coding: self.coded.coding(),
            profiles,
            levels: 1 << level_bit,
            cea: masks[0],
            vesa: masks[1],
            hh: masks[2],
            latency: 0,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
        }
    }

    fn wfdx(&self) -> WfdxVideoCodec {
        let (profiles, level_bit) = match self.coded {
            Coded::H264(profile, level) => (profile.mask().into(), level.bit()),
            Coded::H265(level) => (WfdxVideoCodec::H265_MAIN, level.wfdx_bit()),
        };
        let masks = self.masks(self.mode.wfdx_bit().map_or(0, |bit| 1 << bit));
        WfdxVideoCodec {
            profiles,
            levels: 1 << level_bit,
            cea: masks[0],
            vesa: masks[1],
            hh: masks[2] as u32,
            latency: 0,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
            max_hres: None,
            max_vres: None,
        }
    }

    /// `mask` in the table of the mode.
    const fn masks(&self, mask: u64) -> [u64; 3] {
        match self.mode.table {
            Table::Cea => [mask, 0, 0],
            Table::Vesa => [0, mask, 0],
            Table::Hh => [0, 0, mask],
            Table::ThreeToTwo => [0; 3],
        }
    }
}

impl fmt::Display for ChosenVideo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name.name())?;
        match self.name {
            VideoName::R1 => write!(f, "00 00 {}\r\n", self.r1())?,
            VideoName::R2 => write!(f, "00 {} 00\r\n", self.r2())?,
            VideoName::Wfdx => write!(f, "0000 00 {}\r\n", self.wfdx())?,
        }
        if self.mode.table == Table::ThreeToTwo {
            let mask = self.mode.mask();
            write!(f, "{}: {mask:012X}\r\n", names::MICROSOFT_VIDEO_FORMATS)?;
        }
        Ok(())
    }
}
