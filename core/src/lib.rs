//! A Wi-Fi Display source without I/O: the control plane (`session`) and the media plane
//! (`media`) of the Miracast user-mode driver.
//!
//! What this crate is not: it knows no Windows, no vendor, no clock and no socket. Time is an
//! argument, bytes come in and go out through borrowed buffers, and nothing is allocated.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, loom))]
extern crate std;

mod counts;
pub mod encoder;
pub mod inbox;
pub mod limits;
pub mod media;
pub mod pool;
pub mod quirks;
pub mod rate;
pub mod rtcp;
pub mod rtsp;
pub mod session;
mod sync;
pub mod time;
pub mod trace;
pub mod uibc;
pub mod wfd;
