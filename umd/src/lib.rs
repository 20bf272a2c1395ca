//! The Miracast user-mode driver: what Windows loads and calls.
//!
//! The crate moves bytes, events and time between Windows, the vendor's miniport and the sink; all
//! behaviour is in `miracast_core`. [`engine`] is the seam: it drives the core and never waits.
//! Around it are the DDI ([`ddi`]), the operating system ([`os`]), the fixed pool of contexts and
//! the two loops that wait.

#![no_std]
#![deny(unsafe_code)]

#[cfg(test)]
extern crate std;

mod context;
#[expect(
    unsafe_code,
    reason = "the interface is made of pointers that Windows passes"
)]
pub mod ddi;
#[cfg(all(feature = "dll", windows))]
#[expect(
    unsafe_code,
    reason = "the end of the process, and symbols in assembly"
)]
mod dll;
pub mod engine;
mod inbox;
pub mod limits;
pub mod miniport;
pub mod os;
pub mod records;
pub mod ring_payload;
pub mod settings;
#[expect(
    unsafe_code,
    reason = "static storage that is built and taken apart in place"
)]
mod slot;
pub mod trace_sink;
// Its test needs pages that open as Windows opens them: a signal handler of Linux does that.
#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "assembly, and memory of the test as a stack")]
#[path = "dll/stack_probe/mod.rs"]
mod stack_probe;
