//! Plays Windows towards a Miracast user-mode driver, and holds the driver to the contract.
//!
//! The driver is called only through its binary interface, netdispumdddi.h: [`Windows::load`] takes
//! the address of `QueryMiracastDriverInterface`, and everything else follows from what that
//! returns. The five callbacks are here; each checks what the documentation demands of the caller
//! and records every breach as a [`Violation`] with the number of the requirement (DDI-n). On the
//! other side a [`Miniport`] plays the vendor's kernel driver.
//!
//! It is strict where the documentation is strict. Where that is silent it does what is hardest on
//! a driver: each entry point is called on a thread of its own, messages come on two, a chunk and
//! an event that are ready together are returned in turns.
//!
//! What this crate is not: it knows no Wi-Fi Display and no message of the private protocol between
//! driver and miniport. Bytes go through it as they are.
//!
//! # Threads and allocations
//!
//! Leaked threads and the driver's allocations are told from the program's own by [`ledger`]: a
//! thread of the program calls [`ledger::outside`] first, or is made by [`ledger::spawn`]. Tests
//! that share a process and look for leaks hold [`ledger::alone`].

pub mod bare;
mod callbacks;
mod chunks;
mod device;
mod driver;
pub mod inside;
pub mod ledger;
mod life;
mod log;
mod messages;
mod out_of_turn;
pub mod process;
mod query;
mod rates;
mod rtsp_socket;
mod state;
mod statistics;
mod sys;
mod trace;

pub use chunks::ChunkInfo;
pub use device::{ConnectionStats, Device, Options, SessionInfo, Windows};
pub use driver::LoadError;
pub use life::Call;
pub use log::{Report, Timing, Violation, strays};
pub use messages::{DxgkCallbacks, Miniport};
pub use miracast_umd::ddi::abi;
pub use miracast_umd::ddi::abi::NtStatus;
pub use statistics::{Statistic, StatisticKind};
pub use trace::{Told, Trace};
