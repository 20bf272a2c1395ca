//! The encoder's bit rate and picture rate, from what is known of the link.
//!
//! Two bounds hold at once, and the encoder gets the lower one:
//!
//! - `Recommended`: what Windows recommends once a second (DDI-46), less what the sound takes: it is for
//!   both (DDI-26). A lower value is followed at once, a higher one in steps.
//! - `Congestion`: what the link has shown that it carries. It is not there until something shows
//!   congestion: a report of the sink (loss, or a round trip that grows) or media that finds no room
//!   to leave. Each sign lowers it once; without signs it rises, slower near where the last sign was.
//!
//! The bit rate goes down first. Where it comes below what the mode needs at its full picture rate
//! ([`bit_rate_floor`](crate::wfd::negotiate::bit_rate_floor)), pictures become fewer, if the sink
//! takes that ([`picture_divider_max`]), so that each keeps its bits. The least is the floor at the
//! lowest picture rate: a link that does not carry that for `STARVING` does not carry the mode.
//!
//! What this is not: no measurement of bandwidth by probes, and no pacing. What the encoder and the
//! sink allow at most is not a matter of the link; it comes in as [`Bounds::ceiling`] and always holds.
//!
//! Numbers without a source are engineering values, named as such in the table of uncertain choices in
//! ARCHITECTURE.md.

mod congestion;
mod pictures;
mod recommended;
#[cfg(test)]
mod tests;

use core::time::Duration;

use crate::rtcp::Reception;
use crate::time::Instant;
use congestion::{Congestion, Load};
pub use pictures::picture_divider_max;
use recommended::Recommended;

/// Changes smaller than one part in so many are ignored, so that the encoder's own rate control is not
/// disturbed for nothing. Engineering value.
const DEAD_BAND: u64 = 16;

/// How long the link may fail to carry the least that the mode needs: a dip of a second or two is
/// common on a shared channel. Engineering value.
const STARVING: Duration = Duration::from_secs(3);

/// What the mode, the encoder and the sink allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What the mode needs at its full picture rate, in bit/s.
    pub floor: u64,
    /// What encoder, level and sink allow at most, in bit/s. One below the floor wins.
    pub ceiling: u64,
    /// Every how manieth picture is the least that the sink takes: a power of two.
    pub divider_max: u32,
}

/// What the encoder is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Bits a second.
    pub bit_rate: u64,
    /// One picture of so many is made: 1 is the mode's full picture rate.
    pub divider: u32,
}

/// Something is known of the link.
#[derive(Clone, Copy, Debug)]
pub enum Signal<'a> {
    /// Windows recommends this rate for pictures and sound, in bit/s; 0 is no recommendation, some systems send empty notices.
    Recommended(u64),
    /// The sound takes so much from now on, in bit/s.
    Sound(u64),
    /// The sink reports.
    Reception(&'a Reception),
    /// Media waits for room.
    Backlog(Backlog),
    /// Nothing waits for room any more.
    Drained,
    /// Time goes by: [`RateControl::wake`] has come.
    Time,
}

/// Media that waits for room, and what of it could leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Since when not everything has left.
    pub since: Instant,
    /// Bits that have left since then, of anything.
    pub drained: u64,
    /// Of these, the pictures' own: what the encoder made.
    pub pictures: u64,
}

/// What a signal leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing changes.
    Keep,
    /// The encoder gets this.
    Set(Rate),
    /// The link does not carry the mode any more.
    GiveUp,
}

/// The rate control of one encoder stream.
#[derive(Clone, Copy, Debug)]
pub struct RateControl {
    bounds: Bounds,
    /// What the encoder has.
    current: Rate,
    /// What Windows recommended last, and what the sound takes of it, in bit/s.
    total: u64,
    sound: u64,
    recommended: Recommended,
    congestion: Congestion,
    by_windows: Starving,
    by_reports: Starving,
    by_backlog: Starving,
}

/// Since when the link carries less than the least, by one kind of signal.
#[derive(Clone, Copy, Debug, Default)]
struct Starving(Option<Instant>);

impl Starving {
    /// Whether that has lasted too long. `short` is what a signal says, if anything: it counts only
    /// while the encoder has the least already.
    fn lasts(&mut self, at_least: bool, short: Option<bool>, now: Instant) -> bool {
        match short {
            Some(true) if at_least => {
                let since = *self.0.get_or_insert(now);
                now.since(since) >= STARVING
            }
            Some(_) => {
                self.0 = None;
                false
            }
            None => false,
        }
    }
}

impl RateControl {
    /// Begins at the rate that Windows recommends for both, less that of the sound, within `bounds`; all
    /// in bit/s.
    pub fn new(recommended: u64, sound: u64, bounds: Bounds) -> Self {
        let bounds = Bounds {
            floor: bounds.floor.min(bounds.ceiling),
            ..bounds
        };
        let start = recommended.saturating_sub(sound);
        let start = start.clamp(bounds.floor, bounds.ceiling);
        Self {
            bounds,
            current: Rate {
                bit_rate: start,
                divider: 1,
            },
            total: recommended,
            sound,
            recommended: Recommended::new(start),
            congestion: Congestion::new(),
            by_windows: Starving::default(),
            by_reports: Starving::default(),
            by_backlog: Starving::default(),
        }
    }

    /// What the encoder has.
    pub const fn current(&self) -> Rate {
        self.current
    }

    /// When [`Signal::Time`] is due.
    pub fn wake(&self) -> Option<Instant> {
        self.congestion.wake()
    }

    /// Takes one signal.
    pub fn handle(&mut self, signal: Signal<'_>, now: Instant) -> Decision {
        let least = self.least();
        let load = Load {
            pictures: self.current.bit_rate,
            least,
            sound: self.sound,
        };
        let at_least = self.current.bit_rate <= least;
        let starves = match signal {
            Signal::Recommended(0) => return Decision::Keep,
            Signal::Recommended(rate) => {
                self.total = rate;
                let room = self.follow();
                self.by_windows.lasts(at_least, Some(room < least), now)
            }
            Signal::Sound(rate) => {
                self.sound = rate;
                self.follow();
                false
            }
            Signal::Reception(reception) => {
                let sign = self.congestion.report(reception, load, now);
                self.by_reports.lasts(at_least, sign, now)
            }
            Signal::Backlog(backlog) => {
                let sign = self.congestion.backlog(&backlog, load, now);
                self.by_backlog.lasts(at_least, sign, now)
            }
            Signal::Drained => {
                self.by_backlog = Starving::default();
                return Decision::Keep;
            }
            Signal::Time => {
                self.congestion.rise(now);
                false
            }
        };
        if starves {
            return Decision::GiveUp;
        }
        self.congestion.relax(self.recommended.rate());
        self.settle()
    }

    /// The stream stops. A link that was short before says nothing of the link after it.
    pub fn stop(&mut self) {
        self.by_windows = Starving::default();
        self.by_reports = Starving::default();
        self.by_backlog = Starving::default();
    }

    /// Follows the recommendation as far as it is for pictures; how much that is, in bit/s.
    fn follow(&mut self) -> u64 {
        let room = self.total.saturating_sub(self.sound);
        self.recommended
            .follow(room.min(self.bounds.ceiling), self.least());
        room
    }

    /// What the mode needs at its lowest picture rate, in bit/s.
    fn least(&self) -> u64 {
        self.bounds.floor / u64::from(self.bounds.divider_max.max(1))
    }

    /// Brings the encoder to what the bounds allow now.
    fn settle(&mut self) -> Decision {
        let least = self.least();
        let target = self.recommended.rate().min(self.congestion.rate());
        let target = target.max(least).min(self.bounds.ceiling);
        let Rate { bit_rate, divider } = self.current;
        // The least and the most are where it ends: they are worth a step of any size.
        let is_end = target != bit_rate && (target == least || target == self.bounds.ceiling);
        if target.abs_diff(bit_rate) <= bit_rate / DEAD_BAND && !is_end {
            return Decision::Keep;
        }
        let rate = Rate {
            bit_rate: target,
            divider: pictures::divider(target, divider, &self.bounds),
        };
        if rate == self.current {
            return Decision::Keep;
        }
        self.current = rate;
        Decision::Set(rate)
    }
}
