//! The vendor's half, emulated: the kernel display miniport and its H.264 encoder.
//!
//! - [`picture`] draws a desktop that moves, with a frame counter that survives the encoder.
//! - [`encoder`] makes access units: OpenH264, a file, or synthetic bytes.
//! - [`stream`] carries them: chunk records, what STREAM_OPEN sets up.
//! - [`sound`] is the same for what the desktop plays; [`ring`] is the memory of both.
//! - [`peer`] answers the driver's escapes without doing any I/O. It distrusts user mode.
//! - [`script`] says what the desktop does and when: set a mode, switch the monitor off, fail.
//! - [`journal`] keeps what was encoded, for the checks.
//! - [`device`] puts all of them on threads, in real time.
//!
//! A simulation takes everything but [`device`] and drives it on its own clock.
//!
//! What this crate is not: it is not the operating system (that is `tests/os`, which stands between
//! the driver and this crate as dxgkrnl does), and it looks at no network.

#![deny(unsafe_code)]

pub mod device;
pub mod encoder;
pub mod journal;
pub mod peer;
pub mod picture;
mod random;
#[expect(
    unsafe_code,
    reason = "the ring is memory that another party maps by its address"
)]
pub mod ring;
pub mod script;
pub mod sound;
pub mod stream;
