//! The operating system as the driver uses it: events, a timer, sockets, one kind of thread, a
//! clock. Windows is what is shipped; Linux is what the tests and the emulators run on.
//!
//! Both implementations offer the same names with the same meaning, so nothing above this module
//! knows which one it has. Nothing here allocates, and nothing waits except [`wait`],
//! [`Thread::spawn`] for the start of its thread, and [`Thread::join`]. What this module is not:
//! it knows no protocol and no Miracast; bytes go in and out as they are.
//!
//! # Handles that can be waited for
//!
//! `raw()` gives what goes into the event array of `GetNextChunkData` and into [`wait`]. A handle
//! is signalled until its cause is gone: an event until [`Event::clear`], a timer until
//! [`Timer::arm`] or [`Timer::clear`], a socket until it was read to [`Transfer::WouldBlock`]. On
//! Linux that is the nature of the descriptors. On Windows a socket's event is reset by each
//! receive before it reads, and Winsock sets it again if more is there: reading to would-block is
//! right on both.

use core::ffi::c_void;

use miracast_kmd_iface::NtStatus;

mod input;
mod media;

#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "the calls of the operating system are foreign functions"
)]
#[path = "unix/mod.rs"]
mod sys;
#[cfg(windows)]
#[expect(
    unsafe_code,
    reason = "the calls of the operating system are foreign functions"
)]
#[path = "windows/mod.rs"]
mod sys;

#[cfg(test)]
mod tests;

pub use media::MediaSockets;
pub use sys::{ControlSocket, Event, Thread, Timer, now, pin_module, random, wait};

/// What can be waited for: a HANDLE on Windows, a file descriptor as an integer of pointer size
/// on Linux.
pub type RawHandle = *mut c_void;

/// A socket: a SOCKET on Windows, a file descriptor on Linux.
pub type RawSocket = usize;

/// A thread's body. It must not unwind.
pub type ThreadEntry = fn(argument: usize);

/// An error of the operating system: `errno` on Linux, `GetLastError` or `WSAGetLastError` on
/// Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OsError(pub i32);

impl OsError {
    /// The NTSTATUS that tells Windows of this error; `UNSUCCESSFUL` if no other says it better.
    pub fn status(self) -> NtStatus {
        sys::status(self)
    }
}

impl core::fmt::Display for OsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "operating system error {}", self.0)
    }
}

impl core::error::Error for OsError {}

/// What became of one send or receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// So many bytes went over; fewer than were offered is no error.
    Done(usize),
    /// Nothing went over: the socket has no data, or no room.
    WouldBlock,
    /// The peer has closed its side in order, or the connection is shut down.
    Closed,
    /// Anything else. A reset by the peer has the status `CONNECTION_RESET`.
    Failed(OsError),
}
