//! What the programs `demo`, `cast` and `sink` are made of, and the end-to-end tests.
//!
//! - [`source`] is the driver between the emulated Windows and the emulated miniport.
//! - [`playback`] is the strict sink as these programs set it up.
//! - [`session`] puts both into one process, over the loopback interface.
//! - [`comparison`] holds what was sent against what came, [`sound`] the sound, which is chosen there, too.
//! - [`account`] is what the driver tells of the session, sorted for a reader.
//! - [`summary`] and [`checks`] say it in numbers and in verdicts, [`report`] for a reader.
//! - [`soak`] looks at what a long session leaves in the process.
//! - [`stress`] enters the driver on many threads at once, and many times.
//! - [`weather`] draws a simulated session over a link that is not good.
//!
//! Each side sees the other only through sockets. What this crate is not: it judges no byte by
//! itself; the emulators do, each its own.

#![forbid(unsafe_code)]

pub mod account;
pub mod checks;
pub mod choice;
pub mod comparison;
pub mod mode;
pub mod playback;
pub mod report;
pub mod session;
pub mod soak;
pub mod sound;
pub mod source;
pub mod stress;
pub mod summary;
pub mod tap;
pub mod weather;
