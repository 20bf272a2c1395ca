//! What the negotiation must know of the encoder, in this crate's own words.

use crate::wfd::coded::Coding;

/// What the miniport's encoder can do. A mode is offered to Windows only if the encoder, the sink
/// and the link allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderCapabilities {
    /// Bitmap of H.264 profiles as in `wfd_video_formats`: bit 0 CBP, bit 1 CHP.
    pub profiles: u8,
    /// Bit number of the highest H.264 level, as in `wfd2_video_formats`: 0 is 3.1, 4 is 4.2, 7 is 5.2.
    pub level_bit: u8,
    /// Widest picture in pixels.
    pub max_width: u16,
    /// Highest picture in pixels.
    pub max_height: u16,
    /// Macroblocks of 16x16 pixels per second.
    pub max_macroblocks_per_second: u32,
    /// Highest bit rate in bit/s.
    pub max_bit_rate: u64,
    /// Most slices per picture; 1 if the encoder cannot cut a picture.
    pub max_slices: u16,
    /// Whether interlaced modes can be encoded.
    pub interlaced: bool,
    /// What it can do with H.265; `None` if it has H.264 only.
    pub hevc: Option<HevcCapabilities>,
}

/// What the miniport's encoder can do with H.265, profile Main. Pictures are progressive and whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HevcCapabilities {
    /// Bit number of the highest H.265 level, as in `wfd2_video_formats`: 0 is 3.1, 4 is 5.1.
    pub level_bit: u8,
    /// Widest picture in pixels.
    pub max_width: u16,
    /// Highest picture in pixels.
    pub max_height: u16,
    /// Blocks of 16x16 pixels per second.
    pub max_macroblocks_per_second: u32,
    /// Highest bit rate in bit/s.
    pub max_bit_rate: u64,
}

impl EncoderCapabilities {
    /// Whether anything can be sent that only the parameters of R2 can name.
    pub const fn exceeds_r1(&self) -> bool {
        self.hevc.is_some() || self.has_large_h264()
    }

    /// Whether H.264 can be sent above level 4.2. All modes of 3:2 need that.
    pub const fn has_large_h264(&self) -> bool {
        self.level_bit > Self::R1_LEVEL_BIT
    }

    /// Highest bit rate in bit/s with this coding; 0 without it.
    pub fn bit_rate_with(&self, coding: Coding) -> u64 {
        match coding {
            Coding::H264 => self.max_bit_rate,
            Coding::H265 => self.hevc.map_or(0, |hevc| hevc.max_bit_rate),
        }
    }

    /// Level 4.2, the highest of `wfd_video_formats` (S2.1 Table 39).
    const R1_LEVEL_BIT: u8 = 4;
}
