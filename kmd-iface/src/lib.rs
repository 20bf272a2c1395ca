//! The contract between the Miracast user-mode driver and the vendor's kernel display miniport.
//!
//! Both ends are here: what the driver encodes the miniport decodes, and the other way round, with
//! the same checks. What this crate is not: it knows nothing of Wi-Fi Display, of sockets or of
//! threads. It knows bytes and layouts.

#![no_std]

#[cfg(test)]
extern crate std;

pub mod status;

pub use status::NtStatus;
