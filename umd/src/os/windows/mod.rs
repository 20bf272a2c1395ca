//! The operating system layer on Windows: kernel32, advapi32, Winsock and bcrypt through windows-sys.

mod datagram;
mod etw;
mod event;
mod settings;
mod socket;
mod stream;
mod thread;

use core::ffi::c_void;
use core::time::Duration;

use miracast_core::limits::WAIT_HANDLES_MAX;
use miracast_core::time::{Instant, TICKS_PER_SECOND};
use miracast_kmd_iface::NtStatus;
use windows_sys::Win32::Foundation as win32;
use windows_sys::Win32::Networking::WinSock as winsock;
use windows_sys::Win32::Security::Cryptography as bcrypt;
use windows_sys::Win32::System::LibraryLoader as loader;
use windows_sys::Win32::System::Performance as performance;
use windows_sys::Win32::System::Threading as threading;

use super::{OsError, RawHandle};

pub(super) use datagram::{DatagramSocket, Watch, refused, would_block};
pub use etw::EventProvider;
pub use event::{Event, Timer};
pub use settings::setting;
pub use socket::ControlSocket;
pub(super) use stream::{Listener, Stream, aborted};
pub use thread::Thread;

/// A kernel object handle of our own.
#[derive(Debug)]
struct Handle(win32::HANDLE);

// SAFETY: a kernel handle belongs to the process; every call here takes it from any thread.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    /// Takes over the result of a call that makes an object; NULL is its failure.
    fn new(result: win32::HANDLE) -> Result<Self, OsError> {
        if result.is_null() {
            Err(last_error())
        } else {
            Ok(Self(result))
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: `self` owns the handle and it is closed nowhere else.
        unsafe { win32::CloseHandle(self.0) };
    }
}

/// The error of the call that just failed on this thread.
fn last_error() -> OsError {
    // SAFETY: the function has no preconditions.
    OsError(unsafe { win32::GetLastError() }.cast_signed())
}

/// The status of a Win32 or Winsock error; the two have numbers of their own.
pub(super) fn status(error: OsError) -> NtStatus {
    match error.0 {
        winsock::WSAEMFILE | winsock::WSAENOBUFS | winsock::WSAEPROCLIM => {
            NtStatus::INSUFFICIENT_RESOURCES
        }
        winsock::WSAECONNRESET | winsock::WSAENETRESET => NtStatus::CONNECTION_RESET,
        winsock::WSAECONNABORTED => NtStatus::CONNECTION_ABORTED,
        winsock::WSAESHUTDOWN | winsock::WSAENOTCONN | winsock::WSAEDISCON => {
            NtStatus::CONNECTION_DISCONNECTED
        }
        winsock::WSAETIMEDOUT => NtStatus::IO_TIMEOUT,
        winsock::WSAEACCES => NtStatus::ACCESS_DENIED,
        winsock::WSAEINVAL | winsock::WSAENOTSOCK | winsock::WSAEBADF => {
            NtStatus::INVALID_PARAMETER
        }
        winsock::WSAEAFNOSUPPORT | winsock::WSAEOPNOTSUPP => NtStatus::NOT_SUPPORTED,
        other => match other.cast_unsigned() {
            win32::ERROR_NOT_ENOUGH_MEMORY
            | win32::ERROR_OUTOFMEMORY
            | win32::ERROR_NO_SYSTEM_RESOURCES
            | win32::ERROR_MAX_THRDS_REACHED => NtStatus::INSUFFICIENT_RESOURCES,
            win32::ERROR_ACCESS_DENIED => NtStatus::ACCESS_DENIED,
            win32::ERROR_INVALID_HANDLE | win32::ERROR_INVALID_PARAMETER => {
                NtStatus::INVALID_PARAMETER
            }
            _ => NtStatus::UNSUCCESSFUL,
        },
    }
}

/// The performance counter, scaled to units of 100 ns; the clock of `capture_time` in chunk
/// records.
pub fn now() -> Instant {
    let (mut count, mut frequency) = (0_i64, 0_i64);
    // SAFETY: the pointer is to a local. The call does not fail on Windows XP or later.
    unsafe { performance::QueryPerformanceCounter(&raw mut count) };
    // SAFETY: as above.
    unsafe { performance::QueryPerformanceFrequency(&raw mut frequency) };
    scaled(count.unsigned_abs(), frequency.unsigned_abs())
}

/// `count` periods of `frequency` Hz since an arbitrary start.
fn scaled(count: u64, frequency: u64) -> Instant {
    let frequency = frequency.max(1);
    // In two steps: the product of the whole count would overflow after some days.
    let seconds = count / frequency;
    let rest = count % frequency;
    Instant::from_ticks(
        seconds
            .saturating_mul(TICKS_PER_SECOND)
            .saturating_add(rest.saturating_mul(TICKS_PER_SECOND) / frequency),
    )
}

/// A number that a peer cannot guess, for identifiers; not for keys. If the system's generator
/// fails, which is not documented to happen, the clock takes its place.
pub fn random() -> u64 {
    let mut bytes = [0_u8; 8];
    // SAFETY: the pointer is to 8 bytes that the call may write; no algorithm handle is wanted
    // with this flag.
    let status = unsafe {
        bcrypt::BCryptGenRandom(
            core::ptr::null_mut(),
            bytes.as_mut_ptr(),
            bytes.len() as u32,
            bcrypt::BCRYPT_USE_SYSTEM_PREFERRED_RNG,
        )
    };
    if status == win32::STATUS_SUCCESS {
        u64::from_ne_bytes(bytes)
    } else {
        now().ticks()
    }
}

/// Keeps the driver's code in the process for ever, for the case that one of its threads cannot be
/// ended: Windows unloads the DLL right after `DestroyMiracastContext` (DDI-13).
///
/// # Errors
/// What the loader says; not documented to happen for the caller's own module.
pub fn pin_module() -> Result<(), OsError> {
    let flags =
        loader::GET_MODULE_HANDLE_EX_FLAG_PIN | loader::GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    let address = pin_module as *const c_void;
    let mut module = core::ptr::null_mut();
    // SAFETY: with FROM_ADDRESS the name is any address in the module, which is only looked up.
    let done = unsafe { loader::GetModuleHandleExW(flags, address.cast(), &raw mut module) };
    if done == 0 { Err(last_error()) } else { Ok(()) }
}

/// Waits until one of `handles` is signalled; `None` after `timeout`. Of several the first in order
/// is returned. No timeout waits for ever.
///
/// # Errors
/// `ERROR_INVALID_PARAMETER` for no or more than [`WAIT_HANDLES_MAX`] handles,
/// `ERROR_INVALID_HANDLE` for one that is not open.
pub fn wait(handles: &[RawHandle], timeout: Option<Duration>) -> Result<Option<usize>, OsError> {
    if handles.len() > WAIT_HANDLES_MAX {
        return Err(OsError(win32::ERROR_INVALID_PARAMETER.cast_signed()));
    }
    let count = handles.len() as u32;
    let limit = timeout.map_or(threading::INFINITE, milliseconds);
    // SAFETY: the pointer and the count are those of a slice.
    let result =
        unsafe { threading::WaitForMultipleObjects(count, handles.as_ptr(), win32::FALSE, limit) };
    match result {
        win32::WAIT_TIMEOUT => Ok(None),
        win32::WAIT_FAILED => Err(last_error()),
        index => Ok(usize::try_from(index)
            .ok()
            .filter(|index| *index < handles.len())),
    }
}

/// `duration` as a wait takes it: rounded up, because a wait that ends early is one wait more, and
/// never the value that means for ever.
fn milliseconds(duration: Duration) -> u32 {
    let rounded = duration.as_nanos().div_ceil(1_000_000);
    u32::try_from(rounded)
        .unwrap_or(threading::INFINITE)
        .min(threading::INFINITE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_scaled_exactly_for_years() {
        const YEAR: u64 = 365 * 24 * 3600;
        // What Windows has used: a fixed 10 MHz, the processor's counter, the chipset's timers.
        for frequency in [10_000_000, 3_600_000_000, 24_000_000, 14_318_180, 3_579_545] {
            for seconds in [0, 1, 86_400, 20 * YEAR] {
                let count = seconds * frequency;
                let expected = seconds * TICKS_PER_SECOND;
                assert_eq!(scaled(count, frequency).ticks(), expected);
                let half = scaled(count + frequency / 2, frequency).ticks();
                assert!(half.abs_diff(expected + TICKS_PER_SECOND / 2) <= 3);
                let last = scaled(count + frequency - 1, frequency).ticks();
                assert!((expected..expected + TICKS_PER_SECOND).contains(&last));
            }
        }
        // Nonsense does not end the process.
        assert_eq!(scaled(5, 0).ticks(), 5 * TICKS_PER_SECOND);
        assert_eq!(scaled(u64::MAX, 1).ticks(), u64::MAX);
    }

    #[test]
    fn a_wait_is_rounded_up_and_never_for_ever() {
        assert_eq!(milliseconds(Duration::ZERO), 0);
        assert_eq!(milliseconds(Duration::from_nanos(1)), 1);
        assert_eq!(milliseconds(Duration::from_micros(2001)), 3);
        assert_eq!(milliseconds(Duration::MAX), threading::INFINITE - 1);
    }
}
