//! H.264 profiles and levels: the bits that Wi-Fi Display names them by, and the limits of Annex A.
//!
//! The level column of S2.1 Table 10 looks at macroblock rates only and is too low for many modes;
//! the bit stream obeys Annex A, so Annex A decides here.

use super::modes::Mode;

#[cfg(test)]
mod tests;

/// An H.264 profile for a desktop, the better one later. None has B slices (S2.1 §3.4.2, Table 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Constrained Baseline.
    Cbp,
    /// Restricted High 2 of R2: Constrained High, and CABAC is allowed. The streams are those of
    /// Constrained High, which are legal in it; so it is only named to a sink that does not name that.
    Rhp2,
    /// Constrained High; "Restricted High" in S2.1. Without CABAC.
    Chp,
}

impl Profile {
    /// Every profile, the lesser one first.
    pub const ALL: [Self; 3] = [Self::Cbp, Self::Rhp2, Self::Chp];

    /// The bits of the profiles that `wfd_video_formats` and `wfdx_video_formats` know (S2.1 Table 38).
    pub const R1: u8 = Self::Cbp.mask() | Self::Chp.mask();

    /// The profile's bit in `wfd2_video_formats` (S2.1 Table 77), whose first two are those of
    /// `wfd_video_formats` (S2.1 Table 38).
    pub const fn mask(self) -> u8 {
        match self {
            Self::Cbp => 0x01,
            Self::Chp => 0x02,
            Self::Rhp2 => 0x04,
        }
    }

    /// The profile of the stream itself.
    #[must_use]
    pub const fn of_stream(self) -> Self {
        match self {
            Self::Cbp => Self::Cbp,
            Self::Rhp2 | Self::Chp => Self::Chp,
        }
    }

    /// `profile_idc` of the sequence parameter set (H.264 Annex A.2).
    pub const fn profile_idc(self) -> u8 {
        match self {
            Self::Cbp => 66,
            Self::Rhp2 | Self::Chp => 100,
        }
    }

    /// The byte of constraint flags that follows `profile_idc`: set0 and set1 make Baseline
    /// constrained (H.264 A.2.1.1), set4 and set5 make High constrained (A.2.4.2).
    pub const fn constraint_flags(self) -> u8 {
        match self {
            Self::Cbp => 0xC0,
            Self::Rhp2 | Self::Chp => 0x0C,
        }
    }

    /// Whether the profile can code fields: Constrained Baseline cannot (H.264 A.2.1).
    pub const fn interlaced(self) -> bool {
        !matches!(self, Self::Cbp)
    }

    /// `cpbBrNalFactor`: bit/s for one unit of `MaxBR` (H.264 Table A-2).
    const fn nal_factor(self) -> u64 {
        match self {
            Self::Cbp => 1200,
            Self::Rhp2 | Self::Chp => 1500,
        }
    }
}

/// An H.264 level. R1 has 3.1 to 4.2 (S2.1 Table 39); the higher ones are in the numbering of R2,
/// which continues that of R1 (S2.1 Table 78), so that a mode can be said to need one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Level 3.1.
    L31,
    /// Level 3.2.
    L32,
    /// Level 4.
    L4,
    /// Level 4.1.
    L41,
    /// Level 4.2.
    L42,
    /// Level 5.
    L5,
    /// Level 5.1.
    L51,
    /// Level 5.2.
    L52,
}

/// One row of H.264 Table A-1.
struct Limits {
    level_idc: u8,
    /// `MaxMBPS`
    macroblocks_per_second: u32,
    /// `MaxFS`
    macroblocks_per_frame: u32,
    /// `MaxBR`, in units of the profile's factor
    bit_rate: u64,
    /// Table A-4: whether `frame_mbs_only_flag` may be 0
    interlaced: bool,
}

impl Level {
    /// Every level, the lowest first; the place of a level is the number of its bit.
    pub const ALL: [Self; 8] = [
        Self::L31,
        Self::L32,
        Self::L4,
        Self::L41,
        Self::L42,
        Self::L5,
        Self::L51,
        Self::L52,
    ];

    /// The highest level that `wfd_video_formats` can name (S2.1 Table 39).
    pub const HIGHEST_R1: Self = Self::L42;

    /// The number of the level's bit in `wfd_video_formats` (S2.1 Tables 39 and 78).
    pub const fn bit(self) -> u8 {
        self as u8
    }

    /// The level's bit in a level field.
    pub const fn mask(self) -> u8 {
        1 << self.bit()
    }

    /// The level with this bit number, if there is one.
    pub fn from_bit(bit: u8) -> Option<Self> {
        Self::ALL.get(usize::from(bit)).copied()
    }

    /// `level_idc` of the sequence parameter set: ten times the level's number.
    pub const fn level_idc(self) -> u8 {
        self.limits().level_idc
    }

    /// Most macroblocks per second (H.264 Table A-1, `MaxMBPS`).
    pub const fn max_macroblocks_per_second(self) -> u32 {
        self.limits().macroblocks_per_second
    }

    /// Most macroblocks per frame (H.264 Table A-1, `MaxFS`).
    pub const fn max_macroblocks_per_frame(self) -> u32 {
        self.limits().macroblocks_per_frame
    }

    /// Highest bit rate of the NAL unit stream in bit/s (H.264 Table A-1 `MaxBR` times Table A-2
    /// `cpbBrNalFactor`).
    pub const fn max_bit_rate(self, profile: Profile) -> u64 {
        self.limits().bit_rate * profile.nal_factor()
    }

    /// Whether a stream of this level may carry `mode` (H.264 A.3.1 items a, f, g; Table A-4 for
    /// interlaced modes).
    pub fn allows(self, mode: &Mode) -> bool {
        let limits = self.limits();
        let side_squared_max = 8 * limits.macroblocks_per_frame;
        let side_fits = |side: u16| u32::from(side) * u32::from(side) <= side_squared_max;
        mode.macroblocks_per_frame() <= limits.macroblocks_per_frame
            && mode.macroblocks_per_second() <= limits.macroblocks_per_second
            && side_fits(mode.macroblock_columns())
            && side_fits(mode.macroblock_rows())
            && (limits.interlaced || !mode.interlaced)
    }

    /// The lowest level that may carry `mode`, of those that Wi-Fi Display can name.
    pub fn lowest_for(mode: &Mode) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.allows(mode))
    }

    /// The highest level, not above this one, that may carry `mode`.
    pub fn highest_for(self, mode: &Mode) -> Option<Self> {
        Self::ALL
            .into_iter()
            .rev()
            .find(|level| *level <= self && level.allows(mode))
    }

    const fn limits(self) -> Limits {
        let (level_idc, macroblocks_per_second, macroblocks_per_frame, bit_rate, interlaced) =
            match self {
                Self::L31 => (31, 108_000, 3_600, 14_000, true),
                Self::L32 => (32, 216_000, 5_120, 20_000, true),
                Self::L4 => (40, 245_760, 8_192, 20_000, true),
                Self::L41 => (41, 245_760, 8_192, 50_000, true),
                Self::L42 => (42, 522_240, 8_704, 50_000, false),
                Self::L5 => (50, 589_824, 22_080, 135_000, false),
                Self::L51 => (51, 983_040, 36_864, 240_000, false),
                Self::L52 => (52, 2_073_600, 36_864, 240_000, false),
            };
        Limits {
            level_idc,
            macroblocks_per_second,
            macroblocks_per_frame,
            bit_rate,
            interlaced,
        }
    }
}
