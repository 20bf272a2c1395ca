//! How pictures are coded: with which coding, in which profile, up to which level.

use super::hevc::{self, HevcLevel};
use super::levels::{Level, Profile};

/// A coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// H.264.
    H264,
    /// H.265.
    H265,
}

/// A coding with what a stream of it may use. The level is the highest that the stream may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coded {
    /// H.264.
    H264(Profile, Level),
    /// H.265, profile Main.
    H265(HevcLevel),
}

impl Coded {
    /// The coding.
    pub const fn coding(self) -> Coding {
        match self {
            Self::H264(..) => Coding::H264,
            Self::H265(_) => Coding::H265,
        }
    }

    /// Whether a decoder that was made for this stream can go on with that one: coding and profile
    /// stay in a session (S2.1 §4.10.3.2).
    pub fn same_decoder(self, other: Self) -> bool {
        match (self, other) {
            (Self::H264(one, _), Self::H264(two, _)) => one.profile_idc() == two.profile_idc(),
            (Self::H265(_), Self::H265(_)) => true,
            _ => false,
        }
    }

    /// Whether this is what every sink decodes: Constrained Baseline (S2.1 §3.4.2).
    pub const fn is_baseline(self) -> bool {
        matches!(self, Self::H264(Profile::Cbp, _))
    }

    /// `profile_idc` of the sequence parameter set, `general_profile_idc` with H.265.
    pub const fn profile_idc(self) -> u8 {
        match self {
            Self::H264(profile, _) => profile.profile_idc(),
            Self::H265(_) => hevc::MAIN_PROFILE_IDC,
        }
    }

    /// The constraint flags that follow `profile_idc` in a sequence parameter set of H.264; 0 with
    /// H.265, whose flags say nothing that the profile does not.
    pub const fn constraint_flags(self) -> u8 {
        match self {
            Self::H264(profile, _) => profile.constraint_flags(),
            Self::H265(_) => 0,
        }
    }

    /// `level_idc` of the sequence parameter set, `general_level_idc` with H.265.
    pub const fn level_idc(self) -> u8 {
        match self {
            Self::H264(_, level) => level.level_idc(),
            Self::H265(level) => level.level_idc(),
        }
    }

    /// Highest bit rate of the NAL unit stream in bit/s that the level allows.
    pub const fn max_bit_rate(self) -> u64 {
        match self {
            Self::H264(profile, level) => level.max_bit_rate(profile),
            Self::H265(level) => level.max_bit_rate(),
        }
    }
}
