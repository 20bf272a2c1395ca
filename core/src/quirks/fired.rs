//! The quirks that one sink has shown.

use core::fmt;
use core::ops::{BitOr, BitOrAssign};

use super::{Change, Quirk, Row, TABLE};

/// A set of quirks. The empty one is all zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    bits: u64,
}

impl Fired {
    /// No quirk.
    pub const fn new() -> Self {
        Self { bits: 0 }
    }

    /// Adds one.
    pub const fn note(&mut self, quirk: Quirk) {
        self.bits |= quirk.bit();
    }

    /// Adds one if `seen`.
    pub const fn note_if(&mut self, seen: bool, quirk: Quirk) {
        if seen {
            self.note(quirk);
        }
    }

    /// Whether `quirk` is in the set.
    pub const fn has(self, quirk: Quirk) -> bool {
        self.bits & quirk.bit() != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The rows of the quirks, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = &'static Row> {
        TABLE.iter().filter(move |row| self.has(row.quirk))
    }

    /// What the quirks change, in the order of the table.
    pub fn changes(self) -> impl Iterator<Item = Change> {
        self.iter().flat_map(|row| row.changes).copied()
    }

    /// Whether one of the quirks changes this.
    pub fn changes_to(self, change: Change) -> bool {
        self.changes().any(|one| one == change)
    }
}

impl Quirk {
    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

impl BitOr for Fired {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            bits: self.bits | other.bits,
        }
    }
}

impl BitOrAssign for Fired {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// The ids with commas between them, or `none`.
impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (place, row) in self.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{}", row.id)?;
        }
        Ok(())
    }
}

const _: () = assert!(TABLE.len() <= u64::BITS as usize, "a bit for each quirk");
