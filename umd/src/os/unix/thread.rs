//! A thread that can be joined with a time limit.

use core::ffi::c_void;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::time::Duration;

use miracast_core::time::Instant;

use super::{Event, now, wait};
use crate::limits;
use crate::os::{OsError, RawHandle, ThreadEntry};

/// A thread of the driver's own.
///
/// Drop without [`Thread::join`] gives the thread up: it runs on, and what it needs to end (one
/// descriptor) is never freed. That is for a thread that hangs in a call of the system.
#[derive(Debug)]
pub struct Thread {
    thread: libc::pthread_t,
    /// Signalled by the thread as its last action. Not closed before the thread is gone: the
    /// thread would signal whatever has its number then.
    done: ManuallyDrop<Event>,
}

/// What a new thread takes with it; on the stack of the one that starts it.
struct Start {
    entry: ThreadEntry,
    argument: usize,
    /// Signalled when the fields are copied and `spawn` may go on.
    begun: RawHandle,
    /// Signalled at the end.
    done: RawHandle,
}

impl Thread {
    /// Starts a thread that runs `entry(argument)`. It returns when the thread has begun.
    ///
    /// # Errors
    /// No descriptor, memory or thread is free.
    pub fn spawn(entry: ThreadEntry, argument: usize) -> Result<Self, OsError> {
        let begun = Event::new()?;
        let done = Event::new()?;
        let start = Start {
            entry,
            argument,
            begun: begun.raw(),
            done: done.raw(),
        };
        let start = core::ptr::from_ref(&start).cast_mut().cast::<c_void>();
        let attributes = Attributes::new()?;
        let mut thread: libc::pthread_t = 0;
        // SAFETY: `body` reads `start` only before it signals `begun`, and the loop below keeps
        // this frame until then.
        checked(unsafe {
            libc::pthread_create(&raw mut thread, &raw const attributes.0, body, start)
        })?;
        // The only failure of a wait for an open eventfd is lack of kernel memory, which passes.
        while !matches!(wait(&[begun.raw()], None), Ok(Some(_))) {}
        Ok(Self {
            thread,
            done: ManuallyDrop::new(done),
        })
    }

    /// Waits up to `timeout` for the end of the thread and frees what belongs to it.
    ///
    /// # Errors
    /// The thread has not ended; it is returned for another try.
    pub fn join(self, timeout: Duration) -> Result<(), Self> {
        let deadline = now() + timeout;
        if !self.is_done_by(deadline) {
            return Err(self);
        }
        let mut this = ManuallyDrop::new(self);
        // SAFETY: the thread was made joinable and is joined only here, where `self` ends. It has
        // run to its last action, so this wait is short.
        unsafe { libc::pthread_join(this.thread, core::ptr::null_mut()) };
        // SAFETY: the thread is gone and `this` is not used again.
        unsafe { ManuallyDrop::drop(&mut this.done) };
        Ok(())
    }

    fn is_done_by(&self, deadline: Instant) -> bool {
        loop {
            let left = deadline.since(now());
            if let Ok(Some(_)) = wait(&[self.done.raw()], Some(left)) {
                return true;
            }
            if left.is_zero() {
                return false;
            }
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the thread is joinable and was not joined, for `join` does not come here.
        unsafe { libc::pthread_detach(self.thread) };
    }
}

/// What a thread is made with.
struct Attributes(libc::pthread_attr_t);

impl Attributes {
    /// The stack is the driver's bound, as on Windows, so that what exceeds it fails here too.
    fn new() -> Result<Self, OsError> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: `attributes` has room for the structure.
        checked(unsafe { libc::pthread_attr_init(attributes.as_mut_ptr()) })?;
        // SAFETY: the call above has filled it.
        let mut attributes = Self(unsafe { attributes.assume_init() });
        let stack = limits::WORKER_STACK;
        // SAFETY: the structure is valid as long as `attributes`.
        checked(unsafe { libc::pthread_attr_setstacksize(&raw mut attributes.0, stack) })?;
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: it was initialised, and is not used again.
        unsafe { libc::pthread_attr_destroy(&raw mut self.0) };
    }
}

/// The result of a pthread call, which returns its error.
fn checked(code: libc::c_int) -> Result<(), OsError> {
    if code == 0 {
        Ok(())
    } else {
        Err(OsError(code))
    }
}

/// Where every thread begins.
extern "C" fn body(start: *mut c_void) -> *mut c_void {
    let start = start.cast_const().cast::<Start>();
    // SAFETY: `spawn` passes a `Start` that lives until `begun` is signalled, which is below.
    let Start {
        entry,
        argument,
        begun,
        done,
    } = unsafe { start.read() };
    signal(begun);
    entry(argument);
    signal(done);
    core::ptr::null_mut()
}

/// Signals an event that another thread owns.
fn signal(done: RawHandle) {
    let one = 1_u64.to_ne_bytes();
    let Ok(descriptor) = libc::c_int::try_from(done.addr()) else {
        return;
    };
    // SAFETY: `one` has 8 bytes to read. The owner keeps `begun` open until it is signalled, and
    // `done` until this thread is gone.
    unsafe { libc::write(descriptor, one.as_ptr().cast(), one.len()) };
}
