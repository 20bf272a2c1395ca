//! A strict reader of the driver's INF: [`syntax`] makes sections of the text, [`rules`] resolves
//! every name in it.
//!
//! What it is not: a reader of any INF. It knows the sections and directives that an extension INF
//! which copies files and writes registry values needs, and refuses all others, because a directive
//! that it does not know may name files and sections that it would then not check. InfVerif of the
//! WDK knows the rest of Microsoft's rules, and runs where it exists.

use core::fmt;

pub(crate) mod date;
mod decoration;
mod registry;
mod rules;
mod syntax;
#[cfg(test)]
mod tests;
mod version;

pub(crate) use rules::{Package, Summary, check, is_hardware_id};

/// The hardware id of the example: no PCI device has the vendor FFFF, so it matches nothing.
pub(crate) const PLACEHOLDER_ID: &str = r"PCI\VEN_FFFF&DEV_FFFF";

/// What is wrong, and in which line, counted from 1; line 0 is the file as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return f.write_str(&self.what);
        }
        write!(f, "line {}: {}", self.line, self.what)
    }
}
