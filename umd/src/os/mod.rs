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

use crate::limits::SETTING_TEXT_MAX;

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
#[cfg(windows)]
pub use sys::EventProvider;
pub use sys::{ControlSocket, Event, Thread, Timer, now, pin_module, random, setting, wait};
#[cfg(unix)]
pub use sys::{Provided, provide_settings};

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

/// A setting as the system has it, without judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// There is none of that name.
    Missing,
    /// A number.
    Number(u32),
    /// So many bytes of ASCII; a blank stands between the texts of a list.
    Text(usize),
    /// Of another type, too long, or not ASCII.
    Unreadable,
}

impl Stored {
    /// Text of UTF-16 units; those that end it, or its parts, are NUL.
    fn text(units: impl Iterator<Item = u16>, text: &mut [u8; SETTING_TEXT_MAX]) -> Self {
        let mut used = 0;
        for (place, unit) in units.enumerate() {
            let byte = match u8::try_from(unit) {
                Ok(0) => b' ',
                Ok(byte) if byte.is_ascii() => byte,
                Ok(_) | Err(_) => return Self::Unreadable,
            };
            let Some(room) = text.get_mut(place) else {
                return Self::Unreadable;
            };
            *room = byte;
            if unit != 0 {
                used = place + 1;
            }
        }
        Self::Text(used)
    }
}

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
