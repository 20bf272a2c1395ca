//! What an M4 chose of video, by whichever name it said so.

use core::fmt;

use crate::capabilities::VideoCodec;
use crate::stream::Codec;

/// One mode, profile and level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What the pictures are coded with.
    pub codec: Codec,
    /// Profile bit of the codec (S2.1 T38, T77).
    pub profile: u8,
    /// CEA mode (S2.1 T34, T71).
    pub cea: u64,
    /// Smallest slice in macroblocks; 0: one slice per picture.
    pub min_slice: u16,
    /// Slice parameters (S2.1 T40).
    pub slice_params: u16,
    /// The tuple as it was sent.
    pub text: String,
}

impl Choice {
    /// What a sink sees that takes the lowest of several bits (quirk Q78).
    #[must_use]
    pub fn lowest(&self) -> Self {
        Self {
            profile: self.profile & self.profile.wrapping_neg(),
            cea: self.cea & self.cea.wrapping_neg(),
            ..self.clone()
        }
    }

    /// Slices a picture may have.
    pub fn slices_max(&self) -> u32 {
        if self.min_slice == 0 {
            1
        } else {
            u32::from(self.slice_params & 0x3ff) + 1
        }
    }
}

impl From<&VideoCodec> for Choice {
    fn from(tuple: &VideoCodec) -> Self {
        Self {
            codec: Codec::H264,
            profile: tuple.profile,
            cea: tuple.cea.into(),
            min_slice: tuple.min_slice,
            slice_params: tuple.slice_params,
            text: tuple.to_string(),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {}", self.codec, self.text)
    }
}
