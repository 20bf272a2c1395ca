//! How many pictures the bits are for.

use super::Bounds;

/// Fewest pictures a second: their distance is under 0.1 s then, far within the shortest skip that a
/// sink can state (0.5 s, S2.1 Table 41). Engineering value.
const PICTURES_MIN: u32 = 15;

/// The greatest divider. Engineering value.
const DIVIDER_MAX: u32 = 4;

/// Bit 0 of frame rate control: the sink takes a stream in which pictures are skipped (S2.1 Table 41).
const SKIPPING: u8 = 1 << 0;

/// A picture rate comes back when there are this many quarters of what it needs: hysteresis, so that a
/// rate near the edge does not switch it. Engineering value.
const BACK_QUARTERS: u64 = 5;

/// By how much the picture rate may be divided in a mode of so many pictures a second, with the frame
/// rate control that was agreed on.
pub fn picture_divider_max(pictures_per_second: u32, frame_rate_control: u8) -> u32 {
    if frame_rate_control & SKIPPING == 0 {
        return 1;
    }
    let mut divider = 1;
    while divider < DIVIDER_MAX && pictures_per_second / (2 * divider) >= PICTURES_MIN {
        divider = divider.saturating_mul(2);
    }
    divider
}

/// The divider for `bit_rate`: the smallest at which each picture has the bits that the mode needs.
pub(super) fn divider(bit_rate: u64, present: u32, bounds: &Bounds) -> u32 {
    let mut divider = 1;
    while divider < bounds.divider_max {
        let needed = bounds.floor / u64::from(divider.max(1));
        let needed = if divider < present {
            // There is never more than the ceiling, which the floor does not exceed.
            let back = needed.saturating_mul(BACK_QUARTERS) / 4;
            back.min(bounds.ceiling)
        } else {
            needed
        };
        if bit_rate >= needed {
            break;
        }
        divider *= 2;
    }
    divider
}
