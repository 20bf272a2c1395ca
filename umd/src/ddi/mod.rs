//! The device driver interface: the entry points that Windows calls, its callbacks, and the binary
//! layout of both.

pub mod abi;
pub(crate) mod callbacks;
mod entry;
mod message;
#[cfg(all(windows, feature = "wdk"))]
mod wdk;

pub use entry::QueryMiracastDriverInterface;
