//! What an answer had that could not be used, for the report.

use heapless::Vec;

use crate::limits::{IGNORED_MAX, SINK_NAME_MAX, UNKNOWN_NAMES_MAX};
use crate::wfd::{Malformed, Text};

/// Parameters that were given but could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// How many there were; it stops at the largest number.
    pub count: u16,
    /// The first of them.
    pub first: Vec<Malformed, IGNORED_MAX>,
}

impl Ignored {
    /// None.
    pub const fn new() -> Self {
        Self {
            count: 0,
            first: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, malformed: Malformed) {
        self.count = self.count.saturating_add(1);
        // Only the first ones are kept.
        let _ = self.first.push(malformed);
    }
}

/// Parameters whose names nothing is known of (quirk Q53).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// How many there were; it stops at the largest number.
    pub count: u16,
    /// The beginnings of the first names that can be printed.
    pub first: Vec<Text<SINK_NAME_MAX>, UNKNOWN_NAMES_MAX>,
}

impl Unknown {
    /// None.
    pub const fn new() -> Self {
        Self {
            count: 0,
            first: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, name: &str) {
        self.count = self.count.saturating_add(1);
        if let Ok(name) = Text::read(name) {
            // Only the first ones are kept.
            let _ = self.first.push(name);
        }
    }
}
