//! A thread that can be joined with a time limit.

use core::ffi::c_void;
use core::time::Duration;

use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
use windows_sys::Win32::System::Threading as threading;

use super::{Event, Handle, milliseconds, wait};
use crate::limits;
use crate::os::{OsError, RawHandle, ThreadEntry};

/// A thread of the driver's own.
///
/// Drop without [`Thread::join`] gives the thread up: it runs on. That is for a thread that hangs
/// in a call of the system; see [`super::pin_module`].
#[derive(Debug)]
pub struct Thread(Handle);

/// What a new thread takes with it; on the stack of the one that starts it.
struct Start {
    entry: ThreadEntry,
    argument: usize,
    /// Signalled when the fields are copied and `spawn` may go on.
    begun: RawHandle,
}

impl Thread {
    /// Starts a thread that runs `entry(argument)`. It returns when the thread has begun, so it
    /// must not be called under the loader lock.
    ///
    /// # Errors
    /// No memory or no thread is free.
    pub fn spawn(entry: ThreadEntry, argument: usize) -> Result<Self, OsError> {
        let begun = Event::new()?;
        let start = Start {
            entry,
            argument,
            begun: begun.raw(),
        };
        let start = core::ptr::from_ref(&start).cast::<c_void>();
        let (attributes, id) = (core::ptr::null(), core::ptr::null_mut());
        // Without a flag the size is what is committed, and what is reserved is not less.
        let (stack, flags) = (limits::WORKER_STACK, 0);
        // SAFETY: `body` reads `start` only before it signals `begun`, and the loop below keeps
        // this frame until then.
        let thread =
            unsafe { threading::CreateThread(attributes, stack, Some(body), start, flags, id) };
        let thread = Handle::new(thread)?;
        // A wait without a limit for a handle of our own ends in no other way.
        while !matches!(wait(&[begun.raw()], None), Ok(Some(_))) {}
        Ok(Self(thread))
    }

    /// Waits up to `timeout` for the end of the thread and frees what belongs to it.
    ///
    /// # Errors
    /// The thread has not ended; it is returned for another try.
    pub fn join(self, timeout: Duration) -> Result<(), Self> {
        // SAFETY: the handle is open as long as `self`.
        let result = unsafe { threading::WaitForSingleObject(self.0.0, milliseconds(timeout)) };
        if result == WAIT_OBJECT_0 {
            Ok(())
        } else {
            Err(self)
        }
    }
}

/// Where every thread begins.
unsafe extern "system" fn body(start: *mut c_void) -> u32 {
    let start = start.cast_const().cast::<Start>();
    // SAFETY: `spawn` passes a `Start` that lives until `begun` is signalled, which is below.
    let Start {
        entry,
        argument,
        begun,
    } = unsafe { start.read() };
    // SAFETY: `spawn` keeps the event open until it is signalled.
    unsafe { threading::SetEvent(begun) };
    entry(argument);
    0
}
