//! The encoder's bit rate, from the rates that Windows recommends once a second.
//!
//! A lower recommendation is followed at once, a higher one in steps; small changes are ignored, so
//! that the encoder's rate control is not disturbed for nothing. Below the floor of the mode the
//! session holds on for a few notices, because a dip of a second is common on a shared channel.

/// Changes smaller than one part in so many are ignored. Engineering value.
const DEAD_BAND: u64 = 16;

/// The rate rises by at most one part in so many per notice. Engineering value.
const RISE: u64 = 4;

/// Notices below the floor after which the link is too slow for the mode. They come once a second
/// (DDI-46).
const STARVING_MAX: u8 = 3;

/// What a recommendation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing changes.
    Keep,
    /// The encoder gets this rate, in bit/s.
    Set(u64),
    /// The link does not carry the mode any more.
    GiveUp,
}

/// The state of the rate control. All rates are in bit/s.
#[derive(Clone, Copy, Debug)]
pub struct RateControl {
    current: u64,
    floor: u64,
    ceiling: u64,
    starving: u8,
}

impl RateControl {
    /// Begins at `rate`, which is brought between `floor` (what the mode needs at least) and
    /// `ceiling` (what encoder and level allow at most). A ceiling below the floor wins.
    pub fn new(rate: u64, floor: u64, ceiling: u64) -> Self {
        Self {
            current: rate.max(floor).min(ceiling),
            floor: floor.min(ceiling),
            ceiling,
            starving: 0,
        }
    }

    /// The rate that the encoder has.
    pub const fn current(&self) -> u64 {
        self.current
    }

    /// Takes one recommendation. 0 is no recommendation: some systems send empty notices.
    pub fn recommend(&mut self, recommended: u64) -> Decision {
        if recommended == 0 {
            return Decision::Keep;
        }
        if recommended < self.floor {
            self.starving = self.starving.saturating_add(1);
            if self.starving >= STARVING_MAX {
                return Decision::GiveUp;
            }
        } else {
            self.starving = 0;
        }
        let most = self.current.saturating_add(self.current / RISE);
        let target = recommended.min(most).max(self.floor).min(self.ceiling);
        if target.abs_diff(self.current) <= self.current / DEAD_BAND {
            return Decision::Keep;
        }
        self.current = target;
        Decision::Set(target)
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, RateControl};

    const MEGA: u64 = 1_000_000;

    #[test]
    fn a_lower_recommendation_is_followed_at_once() {
        let mut rate = RateControl::new(8 * MEGA, MEGA, 20 * MEGA);
        assert_eq!(rate.recommend(3 * MEGA), Decision::Set(3 * MEGA));
        assert_eq!(rate.current(), 3 * MEGA);
    }

    #[test]
    fn a_higher_recommendation_is_approached_in_steps_up_to_the_ceiling() {
        let mut rate = RateControl::new(8 * MEGA, MEGA, 11 * MEGA);
        assert_eq!(rate.recommend(40 * MEGA), Decision::Set(10 * MEGA));
        assert_eq!(rate.recommend(40 * MEGA), Decision::Set(11 * MEGA));
        assert_eq!(rate.recommend(40 * MEGA), Decision::Keep);
    }

    #[test]
    fn small_changes_and_empty_notices_are_ignored() {
        let mut rate = RateControl::new(8 * MEGA, MEGA, 20 * MEGA);
        assert_eq!(rate.recommend(8 * MEGA + 400_000), Decision::Keep);
        assert_eq!(rate.recommend(0), Decision::Keep);
        assert_eq!(rate.current(), 8 * MEGA);
    }

    #[test]
    fn the_floor_holds_for_two_notices_and_a_recovery_forgets_them() {
        let mut rate = RateControl::new(8 * MEGA, 2 * MEGA, 20 * MEGA);
        assert_eq!(rate.recommend(MEGA), Decision::Set(2 * MEGA));
        assert_eq!(rate.recommend(MEGA), Decision::Keep);
        assert_eq!(rate.recommend(2 * MEGA), Decision::Keep);
        assert_eq!(rate.recommend(MEGA), Decision::Keep);
        assert_eq!(rate.recommend(MEGA), Decision::Keep);
        assert_eq!(rate.recommend(MEGA), Decision::GiveUp);
    }

    #[test]
    fn nonsense_does_not_overflow() {
        let mut rate = RateControl::new(u64::MAX, 0, u64::MAX);
        assert_eq!(rate.recommend(u64::MAX), Decision::Keep);
        assert_eq!(RateControl::new(5, 10, 3).current(), 3);
    }
}
