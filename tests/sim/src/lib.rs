//! Whole Miracast sessions on one thread, one virtual clock and one seed.
//!
//! The driver's engine is the real one: the same [`Engine::turn`](miracast_umd::engine::Engine)
//! that the DLL's two loops drive. The simulator replaces those two loops and the shell, and nothing
//! else. Windows, the miniport, the network and the sink are here too, as plain values that are told
//! the time: nothing waits, nothing runs beside it, and the same [`Plan`] gives the same bytes.
//!
//! Pictures are synthetic (valid NAL framing, sizes from a seeded model), so the sink compares bytes
//! and does not decode. There are no faults yet: the link has a delay with jitter, and keeps order.

#![deny(unsafe_code)]

mod digest;
mod link;
mod outcome;
mod plan;
mod random;
#[expect(
    unsafe_code,
    reason = "the ring is memory that the emulated miniport maps"
)]
mod ring;
mod shell;
mod sink;
mod user;
mod windows;
mod world;

pub use digest::Digest;
pub use outcome::Outcome;
pub use plan::Plan;
pub use user::{UserDeed, UserStep};
pub use world::run;
