//! Whole Miracast sessions on one thread, one virtual clock and one seed.
//!
//! The driver's engine is the real one: the same [`Engine::turn`](miracast_umd::engine::Engine)
//! that the DLL's two loops drive. The simulator replaces those two loops and the shell, and nothing
//! else. Windows, the miniport, the network and the sink are here too, as plain values that are told
//! the time: nothing waits, nothing runs beside it, and the same [`Plan`] gives the same bytes.
//!
//! Pictures are synthetic (valid NAL framing, sizes from a seeded model), so the sink compares bytes
//! and does not decode. The network is `miracast-net`: it loses, delays and runs out as the plan says;
//! [`Weather`] has sessions over links that are not good, and what each must be like.

#![deny(unsafe_code)]

mod aside;
mod calls;
mod digest;
mod fault;
mod inject;
mod moments;
mod network;
mod outcome;
mod pipe;
mod plan;
mod records;
#[expect(
    unsafe_code,
    reason = "the ring is memory that the emulated miniport maps"
)]
mod ring;
mod safety;
mod series;
mod session;
mod shell;
mod sink;
mod slices;
mod socket;
pub mod trial;
mod user;
mod weather;
mod windows;
mod wire;
mod world;

pub use calls::Calls;
pub use digest::Digest;
pub use fault::{Answer, Aside, BadRecord, Bug, Fault, Timed, Way};
pub use outcome::Outcome;
pub use plan::{Plan, Queue};
pub use series::{Sample, Series};
pub use session::run;
pub use slices::HandedOver;
pub use user::{UserDeed, UserStep};
pub use weather::Weather;
pub use wire::{Arrival, Wire};
