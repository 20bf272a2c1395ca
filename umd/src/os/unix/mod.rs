//! The operating system layer on Linux: eventfd, timerfd, epoll, poll, POSIX threads.
//!
//! It exists so that the whole driver runs in tests and in the emulators. It is not a port of the
//! product. The standard library is not used because its threads and its errors allocate.

mod event;
mod settings;
mod socket;
mod stream;
mod thread;

use core::ffi::c_int;
use core::time::Duration;

use miracast_core::limits::WAIT_HANDLES_MAX;
use miracast_core::time::{Instant, TICKS_PER_SECOND};
use miracast_kmd_iface::NtStatus;

use super::{OsError, RawHandle};

pub use event::{Event, Timer};
pub use settings::{Provided, provide_settings, setting};
pub use socket::ControlSocket;
pub(super) use socket::{DatagramSocket, Watch, refused, would_block};
pub(super) use stream::{Listener, Stream, aborted};
pub use thread::Thread;

/// A file descriptor of our own.
#[derive(Debug)]
struct Descriptor(c_int);

impl Descriptor {
    /// Takes over the result of a call that makes a descriptor; negative is its failure.
    fn new(result: c_int) -> Result<Self, OsError> {
        if result < 0 {
            Err(last_error())
        } else {
            Ok(Self(result))
        }
    }

    fn raw(&self) -> RawHandle {
        raw_of(self.0)
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: `self` owns the descriptor and it is closed nowhere else.
        unsafe { libc::close(self.0) };
    }
}

/// The descriptor in the shape of a handle.
fn raw_of(descriptor: c_int) -> RawHandle {
    core::ptr::without_provenance_mut(usize::try_from(descriptor).unwrap_or(usize::MAX))
}

/// The error of the call that just failed on this thread.
fn last_error() -> OsError {
    // SAFETY: the function has no preconditions.
    let location = unsafe { libc::__errno_location() };
    // SAFETY: it returns the address of this thread's own errno, which lives as long as the thread.
    OsError(unsafe { *location })
}

/// The status of an `errno`.
pub(super) fn status(error: OsError) -> NtStatus {
    match error.0 {
        libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::ENOBUFS | libc::EAGAIN => {
            NtStatus::INSUFFICIENT_RESOURCES
        }
        libc::ECONNRESET => NtStatus::CONNECTION_RESET,
        libc::ECONNABORTED => NtStatus::CONNECTION_ABORTED,
        libc::EPIPE | libc::ENOTCONN => NtStatus::CONNECTION_DISCONNECTED,
        libc::ETIMEDOUT => NtStatus::IO_TIMEOUT,
        libc::EACCES | libc::EPERM => NtStatus::ACCESS_DENIED,
        libc::EBADF | libc::EINVAL | libc::ENOTSOCK => NtStatus::INVALID_PARAMETER,
        libc::EAFNOSUPPORT | libc::EOPNOTSUPP => NtStatus::NOT_SUPPORTED,
        _ => NtStatus::UNSUCCESSFUL,
    }
}

/// The monotonic clock, in units of 100 ns since an unspecified start; the clock of
/// `capture_time` in chunk records.
pub fn now() -> Instant {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a timespec that the call may write.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or(0);
    Instant::from_ticks(
        seconds
            .saturating_mul(TICKS_PER_SECOND)
            .saturating_add(nanoseconds / 100),
    )
}

/// A number that a peer cannot guess, for identifiers; not for keys. If the system's generator
/// fails, which it does not after boot, the clock takes its place.
pub fn random() -> u64 {
    let mut bytes = [0_u8; 8];
    // SAFETY: `bytes` has 8 bytes that the call may write.
    let filled = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
    if usize::try_from(filled) == Ok(bytes.len()) {
        u64::from_ne_bytes(bytes)
    } else {
        now().ticks()
    }
}

/// Keeps the driver's code in the process for ever, for the case that one of its threads cannot be
/// ended. On Linux the driver is part of the program, so there is nothing to do.
///
/// # Errors
/// None on this system.
pub fn pin_module() -> Result<(), OsError> {
    Ok(())
}

/// Waits until one of `handles` is signalled; `None` after `timeout`, or earlier if a signal
/// handler interrupted: the caller looks at its clock anyway. Of several the first in order is
/// returned. No timeout waits for ever.
///
/// # Errors
/// `EINVAL` for no or more than [`WAIT_HANDLES_MAX`] handles, `EBADF` for one that is not open.
pub fn wait(handles: &[RawHandle], timeout: Option<Duration>) -> Result<Option<usize>, OsError> {
    let mut entries = [libc::pollfd {
        fd: -1,
        events: libc::POLLIN,
        revents: 0,
    }; WAIT_HANDLES_MAX];
    let entries = match entries.get_mut(..handles.len()) {
        Some(entries) if !entries.is_empty() => entries,
        _ => return Err(OsError(libc::EINVAL)),
    };
    for (entry, handle) in entries.iter_mut().zip(handles) {
        entry.fd = c_int::try_from(handle.addr()).map_err(|_| OsError(libc::EBADF))?;
    }
    let limit = timeout.map(timespec);
    let limit = limit
        .as_ref()
        .map_or(core::ptr::null(), core::ptr::from_ref);
    let count = entries.len() as libc::nfds_t;
    // SAFETY: `entries` has `count` elements, and `limit` is null or points to a local.
    let ready = unsafe { libc::ppoll(entries.as_mut_ptr(), count, limit, core::ptr::null()) };
    if ready < 0 {
        return match last_error() {
            OsError(libc::EINTR) => Ok(None),
            error => Err(error),
        };
    }
    match entries.iter().position(|entry| entry.revents != 0) {
        Some(index) if entries[index].revents & libc::POLLNVAL != 0 => Err(OsError(libc::EBADF)),
        index => Ok(index),
    }
}

/// `duration` as the system takes it; it stops at the largest value.
fn timespec(duration: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: libc::time_t::try_from(duration.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}
