//! What became of each chunk and of each access unit: it came whole, or it is lost and there is a reason.

use miracast_core::media::{Counters, DropReason};

/// Most bytes that may come before those of the first chunk: a delimiter and parameter sets.
const PREFIX_MAX: usize = 7 + miracast_core::limits::PARAMETER_SETS_MAX;

/// First bytes of an access unit among which its delimiter is looked for, to write it anew.
const DELIMITER_MAX: usize = 16;

/// An access unit that was begun.
#[derive(Debug, Default)]
struct Unit {
    bytes: Vec<u8>,
    lost: bool,
}

/// Chunks and units in order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    units: Vec<Unit>,
    /// The chunk in hand: its bytes, whether it begins a unit, what was said of it.
    chunk: Option<(Vec<u8>, bool)>,
    started: bool,
    dropped: bool,
    /// Chunks that were taken, and their ends.
    pub(super) taken: u64,
    pub(super) done: u64,
    drops: u64,
}

impl Ledger {
    pub(super) fn take(&mut self, bytes: Vec<u8>, first: bool) {
        assert!(self.chunk.is_none(), "the chunk before is not done");
        self.chunk = Some((bytes, first));
        (self.started, self.dropped) = (false, false);
        self.taken += 1;
    }

    /// The chunk leaves from now on.
    pub(super) fn start(&mut self) {
        let (bytes, first) = self.chunk.as_ref().expect("a chunk in hand");
        assert!(!self.started && !self.dropped, "begun twice, or dropped");
        self.started = true;
        if *first {
            self.units.push(Unit::default());
        }
        let unit = self.units.last_mut().expect("a unit that began");
        unit.bytes.extend_from_slice(bytes);
    }

    /// The chunk, or its rest, does not leave.
    pub(super) fn drop(&mut self, reason: DropReason) {
        assert!(self.chunk.is_some() && !self.dropped, "{reason:?} twice");
        self.dropped = true;
        self.drops += 1;
        if let Some(unit) = self.units.last_mut().filter(|_| self.started) {
            unit.lost = true;
        }
    }

    pub(super) fn end(&mut self) {
        assert!(self.chunk.take().is_some(), "no chunk is in hand");
        assert!(self.started || self.dropped, "neither sent nor dropped");
        self.done += 1;
    }

    /// The socket will never take what is left.
    pub(super) fn settle(&self, came: &[Vec<u8>], counters: &Counters) {
        assert_eq!(self.taken, self.done, "a chunk has no end");
        assert_eq!(self.drops, counters.chunks_dropped());
        assert_eq!(counters.units, self.units.len() as u64);
        let mut came = came.iter();
        for (number, unit) in self.units.iter().enumerate().filter(|(_, unit)| !unit.lost) {
            let arrived = came.any(|es| is_whole(es, &unit.bytes));
            assert!(arrived, "unit {number} is neither whole nor lost");
        }
    }
}

/// Whether the elementary stream is that of a unit with these bytes.
fn is_whole(es: &[u8], unit: &[u8]) -> bool {
    (0..=DELIMITER_MAX.min(unit.len())).any(|skip| {
        let own = &unit[skip..];
        es.ends_with(own) && es.len() <= own.len() + PREFIX_MAX
    })
}
