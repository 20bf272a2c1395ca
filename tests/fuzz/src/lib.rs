//! What is fed with arbitrary bytes, and what must hold then.
//!
//! A target is a function that takes any bytes and panics if something does not hold. libFuzzer calls
//! it (`cargo xtask fuzz`, with the programs of `tests/fuzz/libfuzzer`); the ordinary tests call it with
//! the inputs of [`seeds`] and with those that are kept in `tests/fuzz/corpus`.
//!
//! What it is not: a fuzzer. Nothing is left to chance here.

#![deny(unsafe_code)]

pub mod chunks;
pub mod ddi;
pub mod edid;
pub mod entry;
pub mod escape;
mod operands;
pub mod rtcp;
pub mod seeds;
pub mod session;
pub mod uibc;

/// Something that takes arbitrary bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, that of its program and of its directory in the corpus.
    pub name: &'static str,
    /// Panics if something does not hold.
    pub run: fn(&[u8]),
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "chunks",
        run: chunks::run,
        seeds: seeds::chunks,
    },
    Target {
        name: "ddi",
        run: ddi::run,
        seeds: seeds::ddi,
    },
    Target {
        name: "edid",
        run: edid::run,
        seeds: seeds::edid,
    },
    Target {
        name: "entry",
        run: entry::run,
        seeds: seeds::entry,
    },
    Target {
        name: "escape",
        run: escape::run,
        seeds: seeds::escape,
    },
    Target {
        name: "rtcp",
        run: rtcp::run,
        seeds: seeds::rtcp,
    },
    Target {
        name: "session",
        run: session::run,
        seeds: seeds::session,
    },
    Target {
        name: "uibc",
        run: uibc::run,
        seeds: seeds::uibc,
    },
];
