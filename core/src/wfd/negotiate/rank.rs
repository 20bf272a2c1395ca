//! Which mode is better.
//!
//! 1. The timing that the EDID prefers; then its size at 30 Hz or more. Any other size is scaled twice,
//!    once here or in the sink and once in the panel, and text suffers first.
//! 2. The mode that the sink calls native, unless that is smaller than 1280x720 while a picture of that
//!    size is offered: firmware leaves the byte at such a value, and no such display is sold.
//! 3. The others by pixels per second. Of those within 5 % of the fastest, 30 Hz or more come before
//!    less, the larger picture before the smaller, progressive before interlaced. 1366x768p60 has 1 %
//!    more pixels per second than 1080p30; a 1080p panel shows the latter as it is, and the pointer
//!    at 30 Hz is the lesser evil. Then comes the fastest of what is left, and so on.
//! 4. Modes of 3:2 that the EDID does not prefer: no specification says how M4 announces one.
//!
//! What is the same in all of this is in the order of the tables.

use core::cmp::Reverse;

use super::Candidate;
use crate::wfd::modes::{self, Mode, ModeId, Table};
use crate::wfd::parameters::DetailedTiming;
use crate::wfd::video_offer::VideoOffer;

/// Pixels of the smallest display that a native mode is believed of, if the sink can do more.
const NATIVE_PIXELS: u32 = 1280 * 720;

/// Percent of the fastest mode's pixels per second that count as as many.
const BAND_PERCENT: u64 = 95;

/// Pictures per second below which a desktop is not worth its size.
const SMOOTH: u8 = 30;

/// What the sink would like best.
pub(super) struct Wishes {
    preferred: Option<DetailedTiming>,
    native: Option<ModeId>,
}

/// How good a mode is, before its pixels are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Preferred,
    PreferredSize,
    Native,
    Other,
    Unspecified,
}

/// The place of a mode in the list; the least is the best.
pub(super) type Rank = (Class, Reverse<u64>, ModeId);

impl Wishes {
    pub(super) fn of(offer: &VideoOffer<'_>) -> Self {
        let is_large =
            |id: &ModeId| modes::mode(*id).is_some_and(|mode| mode.pixels() >= NATIVE_PIXELS);
        let believed = |id: &ModeId| is_large(id) || !offer.has_pixels(NATIVE_PIXELS);
        Self {
            preferred: offer.preferred,
            native: offer.native().filter(believed),
        }
    }

    /// The mode that the display behind the sink has of itself, as far as it is known and in a table.
    pub(super) fn native(&self) -> Option<ModeId> {
        let wish = self
            .preferred
            .and_then(|wish| ModeId::find(wish.width, wish.height, wish.rate, wish.interlaced));
        wish.or(self.native)
    }

    /// The rank of a mode by itself. What modes of about as many pixels per second have to do with
    /// each other is [`even_out`]'s matter.
    pub(super) fn rank(&self, id: ModeId) -> Rank {
        let Some(&mode) = modes::mode(id) else {
            return (Class::Unspecified, Reverse(0), id);
        };
        (self.class(id, mode), Reverse(pixel_rate(mode)), id)
    }

    fn class(&self, id: ModeId, mode: Mode) -> Class {
        let wish = self
            .preferred
            .filter(|wish| (wish.width, wish.height) == (mode.width, mode.height));
        if let Some(wish) = wish {
            if (wish.rate, wish.interlaced) == (mode.rate, mode.interlaced) {
                return Class::Preferred;
            }
            if mode.frames_per_second() >= SMOOTH && !mode.interlaced {
                return Class::PreferredSize;
            }
        }
        if self.native == Some(id) {
            Class::Native
        } else if id.table == Table::ThreeToTwo {
            Class::Unspecified
        } else {
            Class::Other
        }
    }

    /// Puts the modes of each class that have about as many pixels per second into their order.
    /// `list` is in the order of [`Self::rank`].
    pub(super) fn even_out(&self, list: &mut [Candidate]) {
        let mut rest = list;
        while let Some(fastest) = rest.first() {
            let (class, Reverse(rate), _) = self.rank(fastest.mode);
            let least = rate * BAND_PERCENT / 100;
            let in_band = |candidate: &Candidate| {
                let (other, Reverse(rate), _) = self.rank(candidate.mode);
                other == class && rate >= least
            };
            let band = rest.iter().take_while(|one| in_band(one)).count();
            // Of the best that are equal the first, which `max_by_key` would not give.
            let mut best = 0;
            for place in 1..band {
                if worth(rest, place) > worth(rest, best) {
                    best = place;
                }
            }
            if let Some(passed) = rest.get_mut(..=best) {
                passed.rotate_right(1);
            }
            rest = rest.get_mut(1..).unwrap_or_default();
        }
    }
}

/// What a mode is worth among those of as many pixels per second.
fn worth(list: &[Candidate], place: usize) -> (bool, u32, bool) {
    let mode = list.get(place).and_then(|one| modes::mode(one.mode));
    mode.map_or((false, 0, false), |mode| {
        let smooth = mode.frames_per_second() >= SMOOTH;
        (smooth, mode.pixels(), !mode.interlaced)
    })
}

/// Pixels per second.
pub(super) fn pixel_rate(mode: Mode) -> u64 {
    u64::from(mode.pixels()) * u64::from(mode.frames_per_second())
}
