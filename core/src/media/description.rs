//! What the PMT says of the pictures: `stream_type` and descriptors.

use crate::wfd::coded::Coding;

/// The first bytes of the sequence parameter set, as far as the video descriptor repeats them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Description {
    /// `profile_idc`, constraint flags, `level_idc` (H.264 §7.3.2.1.1).
    H264([u8; 3]),
    /// `general_profile_space` to `general_level_idc` (H.265 §7.3.3).
    H265([u8; 12]),
}

/// Most bytes of descriptors.
pub(super) const BYTES_MAX: usize = 15;

/// The descriptors, and how many of the bytes they are.
pub(super) type Descriptors = ([u8; BYTES_MAX], usize);

impl Description {
    /// What is said until a parameter set is known. Of H.265 that is profile Main, Main tier,
    /// progressive frames: compatible with Main and Main 10 (H.265 §A.3.2).
    pub(super) const fn stated(coding: Coding, [profile, constraints, level]: [u8; 3]) -> Self {
        match coding {
            Coding::H264 => Self::H264([profile, constraints, level]),
            Coding::H265 => Self::H265([profile, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, level]),
        }
    }

    /// `stream_type` (ISO 13818-1 Table 2-34).
    pub(super) const fn stream_type(self) -> u8 {
        match self {
            Self::H264(_) => 0x1B,
            Self::H265(_) => 0x24,
        }
    }

    /// With H.264 the AVC video descriptor, no still or 24-hour pictures, then the minimal AVC timing
    /// and HRD, which Wi-Fi Display demands (S2.1 App. D.4.3). With H.265 the HEVC video descriptor:
    /// all temporal layers, no still or 24-hour pictures, no HRD of parts of pictures, and nothing said
    /// of HDR (ISO 13818-1 §2.6.95).
    pub(super) const fn descriptors(self) -> Descriptors {
        let mut bytes = [0; BYTES_MAX];
        match self {
            Self::H264([profile, constraints, level]) => {
                let both = [
                    0x28,
                    4,
                    profile,
                    constraints,
                    level,
                    0x3F,
                    0x2A,
                    2,
                    0x7E,
                    0x1F,
                ];
                copy(&mut bytes, 0, &both);
                (bytes, both.len())
            }
            Self::H265(profile_tier_level) => {
                copy(&mut bytes, 0, &[0x38, 13]);
                copy(&mut bytes, 2, &profile_tier_level);
                copy(&mut bytes, 14, &[0x1F]);
                (bytes, BYTES_MAX)
            }
        }
    }
}

const fn copy(to: &mut [u8; BYTES_MAX], start: usize, from: &[u8]) {
    let mut at = 0;
    while at < from.len() {
        to[start + at] = from[at];
        at += 1;
    }
}
