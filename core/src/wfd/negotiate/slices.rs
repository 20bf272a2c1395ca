//! How many slices a picture may have (S2.1 §6.1.3, Table 40 and Appendix D.1.1).

use crate::wfd::modes::Mode;
use crate::wfd::video::VideoCodec;

/// What M4 says of slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slices {
    /// Slices in a picture.
    pub(super) count: u16,
    /// Fewest macroblocks of a slice; 0 with one slice.
    pub(super) min_slice_size: u16,
    /// Slice parameters; 0 with one slice.
    pub(super) encoding: u16,
}

impl Slices {
    const ONE: Self = Self {
        count: 1,
        min_slice_size: 0,
        encoding: 0,
    };

    /// The most slices that sink and encoder allow for `mode`. The sink's part is its smallest slice and
    /// its slice parameters.
    ///
    /// All slices of a picture have the same number of macroblocks (S2.1 D.1.1), so only a count
    /// that divides them evenly is taken. That may cut within a row, which H.264 allows; an encoder
    /// that cuts between rows only says so by a smaller `encoder_max`. A sink that states 0 as its
    /// smallest slice takes whole pictures, whatever its slice parameters say. A ratio of 0 between
    /// largest and smallest slice, which it must not state, is read as no limit. Interlaced
    /// pictures are not cut: a field has half the macroblocks.
    pub(super) fn agree(
        (min_slice_size, encoding): (u16, u16),
        encoder_max: u16,
        mode: Mode,
    ) -> Self {
        let macroblocks = mode.macroblocks_per_frame();
        let smallest = u32::from(min_slice_size);
        let ratio = u32::from((encoding & VideoCodec::SLICE_RATIO) >> 10);
        if smallest == 0 || mode.interlaced {
            return Self::ONE;
        }
        let sink_max = (encoding & VideoCodec::SLICES) + 1;
        let largest = if ratio == 0 {
            u32::MAX
        } else {
            smallest * ratio
        };
        let fits = |count: &u16| {
            let count = u32::from(*count);
            let size = macroblocks / count;
            macroblocks.is_multiple_of(count) && (smallest..=largest).contains(&size)
        };
        (2..=sink_max.min(encoder_max))
            .rev()
            .find(fits)
            .map_or(Self::ONE, |count| Self {
                count,
                min_slice_size,
                encoding: (count - 1) | (encoding & VideoCodec::SLICE_RATIO),
            })
    }
}
