//! The memory of a trace.

use core::ops::Range;

use super::{Entry, What};
use crate::limits::{TRACE_ENTRIES, TRACE_OPENING};
use crate::session::PhaseKind;
use crate::time::Instant;

/// The entries of one session: the first [`TRACE_OPENING`], and of the rest the last ones. All-zero is
/// the empty trace.
#[derive(Clone, Debug)]
pub struct Trace {
    entries: [Entry; TRACE_ENTRIES],
    /// How many were pushed.
    total: u32,
}

const EMPTY: Entry = Entry {
    at: Instant::ZERO,
    what: What::Phase(PhaseKind::Idle),
};

/// Entries behind the opening, which are written again and again.
const LAST: usize = TRACE_ENTRIES - TRACE_OPENING;

impl Trace {
    /// An empty trace.
    pub const fn new() -> Self {
        Self {
            entries: [EMPTY; TRACE_ENTRIES],
            total: 0,
        }
    }

    /// Forgets everything.
    pub const fn clear(&mut self) {
        self.total = 0;
    }

    /// Adds an entry. Chunks that are dropped one after the other are one entry.
    pub fn push(&mut self, at: Instant, what: What) {
        if let What::Dropped { chunks } = what
            && let Some(What::Dropped { chunks: before }) = self.last_mut()
        {
            *before = before.saturating_add(chunks);
            return;
        }
        if let Some(entry) = self.entries.get_mut(place(self.total)) {
            *entry = Entry { at, what };
        }
        self.total = self.total.saturating_add(1);
    }

    /// What is there, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.range(0..self.total)
    }

    /// Of the entries of these numbers those that are there, the oldest first. The first entry ever
    /// pushed has the number 0.
    pub fn range(&self, numbers: Range<u32>) -> impl Iterator<Item = &Entry> {
        let end = numbers.end.min(self.total);
        let (after, lost) = (TRACE_OPENING as u32, self.lost());
        let opening = numbers.start..end.min(after);
        let rest = numbers.start.max(after.saturating_add(lost))..end;
        opening
            .chain(rest)
            .filter_map(|number| self.entries.get(place(number)))
    }

    /// How many entries were pushed since the trace was empty; the next one has this number.
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// How many entries between the opening and the rest are forgotten.
    pub const fn lost(&self) -> u32 {
        self.total.saturating_sub(TRACE_ENTRIES as u32)
    }

    fn last_mut(&mut self) -> Option<&mut What> {
        let last = self.total.checked_sub(1)?;
        self.entries
            .get_mut(place(last))
            .map(|entry| &mut entry.what)
    }
}

/// Where the entry of this number is.
const fn place(number: u32) -> usize {
    let number = number as usize;
    if number < TRACE_ENTRIES {
        number
    } else {
        TRACE_OPENING + (number - TRACE_OPENING) % LAST
    }
}

impl Default for Trace {
    fn default() -> Self {
        Self::new()
    }
}

const _: () = {
    assert!(TRACE_OPENING < TRACE_ENTRIES, "the end is kept, too");
    assert!(size_of::<Trace>() <= 4096, "a page for each context");
};
