//! The vendor's half, emulated: the kernel display miniport and its H.264 encoder.
//!
//! - [`picture`] draws a desktop that moves, with a frame counter that survives the encoder.
//! - [`encoder`] makes access units: OpenH264, a file, or synthetic bytes.
//!
//! What this crate is not: it is not the operating system (that is `tests/os`, which stands between
//! the driver and this crate as dxgkrnl does), and it looks at no network.

pub mod encoder;
pub mod picture;
mod random;
