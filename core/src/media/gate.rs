//! The gate: which chunks are sent.
//!
//! A decoder can do nothing with a picture that lacks a slice, nor with one that refers to a picture
//! which it never got. So a unit that lost a chunk is dropped to its end, and after such a loss
//! everything up to the next IDR. The encoder is asked for that IDR once per cause, and once more if
//! pictures go on without it for [`limits::IDR_RETRY`].
//!
//! What is out of place, and what happens then:
//!
//! | chunk | reaction |
//! |---|---|
//! | first, while a unit is open | the open unit ends here; nothing is lost, only a flag (a loss is reported as `ChunksLost`) |
//! | later, while no unit is open | dropped with the rest of its unit; wait for an IDR |
//! | first, no IDR, while one is awaited | dropped with the rest of its unit |
//! | empty and first | the unit has no beginning: dropped to its end; wait for an IDR |
//! | empty and later | dropped; it takes nothing away, and it may end the unit (with `DISCONTINUITY`: as below) |
//! | too long | dropped with the rest of its unit; wait for an IDR |
//! | first, and it has waited for too long | dropped with the rest of its unit; wait for an IDR |
//! | the same behind an IDR, up to a second | sent: the IDR took its time, and the next one would |
//! | `DISCONTINUITY`, first of an IDR | sent: an IDR refers to nothing |
//! | `DISCONTINUITY`, any other | dropped with the rest of its unit; wait for an IDR |

use super::{ChunkFlags, Counters, DropReason};
use crate::limits;
use crate::time::Instant;

/// Where in the sequence of access units the next chunk comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Between two units.
    Closed,
    /// In a unit that is being sent.
    Open,
    /// In a unit that is dropped.
    Skipped(DropReason),
}

/// Whether pictures that refer to others can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum References {
    Intact,
    /// The stream begins, or goes on after a pause. An encoder begins with an IDR by itself: it is
    /// asked only if it does not.
    Beginning,
    /// An IDR was asked for, last at `since`.
    Broken {
        since: Instant,
    },
}

/// Which part of its access unit an accepted chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    First,
    Later,
}

/// The state of the sequence of access units.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    unit: Unit,
    references: References,
    request: bool,
    /// When the last IDR was begun, until a picture comes in time again.
    behind_idr: Option<Instant>,
}

impl Gate {
    /// The gate at the beginning of a stream.
    pub(super) const fn new() -> Self {
        Self {
            unit: Unit::Closed,
            references: References::Beginning,
            request: false,
            behind_idr: None,
        }
    }

    /// Takes the request for an IDR, if there is one.
    pub(super) fn take_request(&mut self) -> bool {
        core::mem::take(&mut self.request)
    }

    /// Decides on a chunk of `length` bytes. `late`: if it begins a unit, that one is past. A unit that
    /// was begun goes out to its end: what was sent of it would be lost with the rest.
    pub(super) fn admit(
        &mut self,
        flags: ChunkFlags,
        late: bool,
        length: usize,
        now: Instant,
        counters: &mut Counters,
    ) -> Result<Part, DropReason> {
        let spared = self.behind_idr;
        let spared = spared.filter(|since| now.since(*since) < limits::IDR_RETRY);
        let verdict = self.judge(flags, late && spared.is_none(), length);
        if verdict == Ok(Part::First) {
            let idr = flags.contains(ChunkFlags::IDR).then_some(now);
            self.behind_idr = idr.or(spared.filter(|_| late));
        }
        match verdict {
            Ok(part) => self.accept(part, flags, counters),
            // Nothing of the unit is missing without it.
            Err(DropReason::Empty)
                if !flags.intersects(ChunkFlags::FRAME_START | ChunkFlags::DISCONTINUITY) =>
            {
                counters.drop_chunk(DropReason::Empty);
                if flags.contains(ChunkFlags::FRAME_END) {
                    self.unit = Unit::Closed;
                }
            }
            Err(reason) => {
                self.ask_after(flags, now);
                self.refuse(flags, reason, counters);
            }
        }
        verdict
    }

    fn judge(&self, flags: ChunkFlags, late: bool, length: usize) -> Result<Part, DropReason> {
        let discontinuity = flags.contains(ChunkFlags::DISCONTINUITY);
        if length == 0 {
            return Err(DropReason::Empty);
        }
        if length > limits::CHUNK_MAX as usize {
            return Err(DropReason::TooLong);
        }
        if flags.contains(ChunkFlags::FRAME_START) {
            return match self.references {
                References::Intact if late => Err(DropReason::Late),
                _ if flags.contains(ChunkFlags::IDR) => Ok(Part::First),
                _ if discontinuity => Err(DropReason::Discontinuity),
                References::Intact => Ok(Part::First),
                References::Beginning | References::Broken { .. } => Err(DropReason::AwaitingIdr),
            };
        }
        match self.unit {
            Unit::Closed => Err(DropReason::NoFrameStart),
            Unit::Skipped(reason) => Err(reason),
            Unit::Open if discontinuity => Err(DropReason::Discontinuity),
            Unit::Open => Ok(Part::Later),
        }
    }

    fn accept(&mut self, part: Part, flags: ChunkFlags, counters: &mut Counters) {
        counters.chunks += 1;
        if part == Part::First {
            counters.units += 1;
            counters.units_unterminated += u64::from(self.unit == Unit::Open);
            if flags.contains(ChunkFlags::IDR) {
                counters.idr_units += 1;
                self.references = References::Intact;
            }
        }
        self.unit = if flags.contains(ChunkFlags::FRAME_END) {
            Unit::Closed
        } else {
            Unit::Open
        };
    }

    /// Asks for an IDR if the chunk that is dropped is a cause of its own.
    fn ask_after(&mut self, flags: ChunkFlags, now: Instant) {
        let first = flags.contains(ChunkFlags::FRAME_START);
        let rest = !first && matches!(self.unit, Unit::Skipped(_));
        let ask = if flags.contains(ChunkFlags::DISCONTINUITY) {
            // The IDR that was asked for may be what was lost.
            true
        } else if rest {
            // What came before in this unit was the cause.
            false
        } else if flags.contains(ChunkFlags::IDR) {
            // The IDR itself is what is dropped.
            true
        } else {
            match self.references {
                References::Intact | References::Beginning => true,
                References::Broken { since } => now.since(since) >= limits::IDR_RETRY,
            }
        };
        if ask {
            self.lose_references(now);
        }
    }

    /// Notes that a chunk is not sent, without a judgement: no stream runs, or it came to nothing.
    pub(super) fn refuse(
        &mut self,
        flags: ChunkFlags,
        reason: DropReason,
        counters: &mut Counters,
    ) {
        counters.drop_chunk(reason);
        if flags.contains(ChunkFlags::FRAME_START) {
            counters.units_dropped += 1;
            counters.units_unterminated += u64::from(self.unit == Unit::Open);
        } else {
            counters.units_torn += u64::from(self.unit == Unit::Open);
        }
        self.unit = if flags.contains(ChunkFlags::FRAME_END) {
            Unit::Closed
        } else {
            Unit::Skipped(reason)
        };
    }

    /// Notes that an accepted chunk is not sent to its end.
    pub(super) fn tear(&mut self, flags: ChunkFlags, reason: DropReason, counters: &mut Counters) {
        counters.drop_chunk(reason);
        counters.units_torn += 1;
        self.unit = if flags.contains(ChunkFlags::FRAME_END) {
            Unit::Closed
        } else {
            Unit::Skipped(reason)
        };
    }

    /// The chunks that come next, up to the next first one, are dropped for `reason`.
    pub(super) fn skip_rest(&mut self, reason: DropReason, counters: &mut Counters) {
        counters.units_torn += u64::from(self.unit == Unit::Open);
        self.unit = Unit::Skipped(reason);
    }

    /// Waits for an IDR and asks for it.
    pub(super) fn lose_references(&mut self, now: Instant) {
        self.references = References::Broken { since: now };
        self.request = true;
    }

    /// The machine's clock went back: what has begun after `now` begins now.
    pub(super) fn go_back(&mut self, now: Instant) {
        if let References::Broken { since } = &mut self.references {
            *since = (*since).min(now);
        }
        self.behind_idr = self.behind_idr.map(|since| since.min(now));
    }

    /// Waits for an IDR, and asks only if the next picture is not one.
    pub(super) fn begin_again(&mut self) {
        self.references = References::Beginning;
        self.request = false;
    }
}
