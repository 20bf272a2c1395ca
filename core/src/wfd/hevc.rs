//! H.265 levels: the bits that Wi-Fi Display names them by, and the limits of H.265 Annex A.
//!
//! Of the profiles only Main is used, in the Main tier: 8 bits and 4:2:0 are what a desktop is captured in,
//! and no parameter of Wi-Fi Display names a tier.

use super::modes::Mode;

#[cfg(test)]
mod tests;

/// An H.265 level of those that Wi-Fi Display can name (S2.1 Table 78).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HevcLevel {
    /// Level 3.1.
    L31,
    /// Level 4.
    L4,
    /// Level 4.1.
    L41,
    /// Level 5.
    L5,
    /// Level 5.1.
    L51,
}

/// `general_profile_idc` of profile Main (H.265 §A.3.2).
pub const MAIN_PROFILE_IDC: u8 = 1;

/// `cpbBrNalFactor` of profile Main: bit/s for one unit of `MaxBR` (H.265 Table A.10).
const NAL_FACTOR: u64 = 1100;

/// Samples that the sides of a coded picture are a multiple of: the smallest `MinCbSizeY` (H.265
/// §7.4.3.2.1).
const SIDE_UNIT: u16 = 8;

/// One row of H.265 Tables A.8 and A.9.
struct Limits {
    /// `MaxLumaPs`
    samples: u64,
    /// `MaxLumaSr`
    samples_per_second: u64,
    /// `MaxBR` of the Main tier, in units of [`NAL_FACTOR`]
    bit_rate: u64,
}

impl HevcLevel {
    /// Every level, the lowest first; the place of a level is the number of its bit in
    /// `wfd2_video_formats`.
    pub const ALL: [Self; 5] = [Self::L31, Self::L4, Self::L41, Self::L5, Self::L51];

    /// The number of the level's bit in `wfd2_video_formats` (S2.1 Table 78).
    pub const fn bit(self) -> u8 {
        self as u8
    }

    /// The number of the level's bit in `wfdx_video_formats`, which has one list for both codings
    /// (MS-WFDPE §2.7.1.1): that of H.264, with the levels that H.265 has not got.
    pub const fn wfdx_bit(self) -> u8 {
        match self {
            Self::L31 => 0,
            Self::L4 => 2,
            Self::L41 => 3,
            Self::L5 => 5,
            Self::L51 => 6,
        }
    }

    /// The level with this bit number, or the highest one if there is none: a sink or an encoder that
    /// names a higher level has this one, too.
    pub fn up_to_bit(bit: u8) -> Self {
        Self::ALL
            .get(usize::from(bit))
            .copied()
            .unwrap_or(Self::L51)
    }

    /// The highest level whose bit in `wfdx_video_formats` is not above this one.
    pub fn up_to_wfdx_bit(bit: u8) -> Self {
        let mut levels = Self::ALL.into_iter().rev();
        levels
            .find(|level| level.wfdx_bit() <= bit)
            .unwrap_or(Self::L31)
    }

    /// `general_level_idc`: thirty times the level's number.
    pub const fn level_idc(self) -> u8 {
        match self {
            Self::L31 => 93,
            Self::L4 => 120,
            Self::L41 => 123,
            Self::L5 => 150,
            Self::L51 => 153,
        }
    }

    /// Highest bit rate of the NAL unit stream in bit/s, Main tier (H.265 Tables A.9 and A.10).
    pub const fn max_bit_rate(self) -> u64 {
        self.limits().bit_rate * NAL_FACTOR
    }

    /// Whether a stream of this level may carry `mode` (H.265 A.4.1 a to c, A.4.2). Fields are not
    /// coded with H.265 (S2.1 §3.4.2).
    pub const fn allows(self, mode: &Mode) -> bool {
        let limits = self.limits();
        let width = mode.width.next_multiple_of(SIDE_UNIT) as u64;
        let height = mode.height.next_multiple_of(SIDE_UNIT) as u64;
        let side_squared_max = 8 * limits.samples;
        !mode.interlaced
            && width * height <= limits.samples
            && width * height * mode.rate as u64 <= limits.samples_per_second
            && width * width <= side_squared_max
            && height * height <= side_squared_max
    }

    const fn limits(self) -> Limits {
        let (samples, samples_per_second, bit_rate) = match self {
            Self::L31 => (983_040, 33_177_600, 10_000),
            Self::L4 => (2_228_224, 66_846_720, 12_000),
            Self::L41 => (2_228_224, 133_693_440, 20_000),
            Self::L5 => (8_912_896, 267_386_880, 25_000),
            Self::L51 => (8_912_896, 534_773_760, 40_000),
        };
        Limits {
            samples,
            samples_per_second,
            bit_rate,
        }
    }
}
