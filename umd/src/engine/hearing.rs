//! Whether the miniport hands over bytes of which no record tells.
//!
//! Windows tells of records that it had no room for (DDI-51). One that a miniport has forgotten nobody
//! tells of, and the ring that is full of such bytes is full for ever: the miniport has no room for a
//! picture of which it could send a record.

use miracast_core::time::Instant;
use miracast_kmd_iface::ring::Consumer;

use crate::limits;

/// What is heard of one ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hearing {
    /// When a record came last, or the ring was empty.
    heard: Instant,
    /// When bytes were first seen in it afterwards.
    seen: Option<Instant>,
}

impl Hearing {
    /// A ring that is new, or of which a record has just come.
    pub(super) const fn at(now: Instant) -> Self {
        Self {
            heard: now,
            seen: None,
        }
    }

    /// Whether there are bytes in the ring whose record has stayed away for
    /// [`limits::RECORDS_OVERDUE`]. Called while all the records that came are done with; the ring is
    /// looked at only if none came for as long.
    pub(super) fn misses(&mut self, ring: &mut Consumer, now: Instant) -> bool {
        if now < self.heard + limits::RECORDS_OVERDUE {
            return false;
        }
        // A position that cannot be is found again, and acted on, with the next record.
        if !matches!(ring.look(), Ok(1..)) {
            *self = Self::at(now);
            return false;
        }
        let seen = *self.seen.get_or_insert(now);
        let misses = now >= seen + limits::RECORDS_OVERDUE;
        if misses {
            *self = Self::at(now);
        }
        misses
    }
}
