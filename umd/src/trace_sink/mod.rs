//! Where the trace of a session goes as it happens: on Windows to ETW, on Linux to a function of the
//! program that the driver is part of.
//!
//! What it is not: the trace. That is in the engine and is kept whether or not anybody watches.
//! Nothing here allocates or waits, and nothing is done unless somebody listens.

#[cfg(any(windows, test))]
mod etw;
#[cfg(any(windows, test))]
mod events;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as sys;
#[cfg(windows)]
use windows as sys;

#[cfg(unix)]
pub use sys::{Told, Watcher, provide_watcher};

pub(crate) use sys::Channel;
