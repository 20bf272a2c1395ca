//! What the driver signals to itself: events (eventfd) and a timer (timerfd).

use core::time::Duration;

use miracast_core::time::Instant;

use super::{Descriptor, timespec};
use crate::os::{OsError, RawHandle};

/// An event that stays signalled until [`Event::clear`], whoever waits for it: what Windows calls
/// manual-reset.
#[derive(Debug)]
pub struct Event(Descriptor);

impl Event {
    /// An event that is not signalled.
    ///
    /// # Errors
    /// No descriptor is free, or no memory.
    pub fn new() -> Result<Self, OsError> {
        // SAFETY: the call takes integers only.
        let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        Descriptor::new(descriptor).map(Self)
    }

    /// Signals. It cannot fail: a counter that is full is signalled already.
    pub fn set(&self) {
        let one = 1_u64.to_ne_bytes();
        // SAFETY: `one` has 8 bytes to read; the descriptor is ours.
        unsafe { libc::write(self.0.0, one.as_ptr().cast(), one.len()) };
    }

    /// Takes the signal back; an event that is not signalled stays so.
    pub fn clear(&self) {
        let mut count = [0_u8; 8];
        // SAFETY: `count` has 8 bytes to write; the descriptor is ours.
        unsafe { libc::read(self.0.0, count.as_mut_ptr().cast(), count.len()) };
    }

    /// The handle to wait for.
    pub fn raw(&self) -> RawHandle {
        self.0.raw()
    }
}

/// One deadline that can be waited for. It stays signalled after it fell due until it is armed
/// again or cleared.
#[derive(Debug)]
pub struct Timer(Descriptor);

impl Timer {
    /// A timer that does not run.
    ///
    /// # Errors
    /// No descriptor is free, or no memory.
    pub fn new() -> Result<Self, OsError> {
        let flags = libc::TFD_CLOEXEC | libc::TFD_NONBLOCK;
        // SAFETY: the call takes integers only.
        let descriptor = unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) };
        Descriptor::new(descriptor).map(Self)
    }

    /// Moves the deadline; `None` stops the timer. The signal of the deadline before is taken back.
    /// A deadline that is not after `now` signals at once.
    pub fn arm(&self, deadline: Option<Instant>, now: Instant) {
        // Zero would stop the timer, so the least is one unit of the clock.
        self.set(deadline.map_or(Duration::ZERO, |deadline| {
            deadline.since(now).max(Duration::from_nanos(1))
        }));
    }

    /// Stops the timer and takes its signal back.
    pub fn clear(&self) {
        self.set(Duration::ZERO);
    }

    /// Whether deadlines are kept to well under a millisecond, so that pacing by them makes sense.
    pub fn is_precise(&self) -> bool {
        true
    }

    /// The handle to wait for.
    pub fn raw(&self) -> RawHandle {
        self.0.raw()
    }

    fn set(&self, delay: Duration) {
        let value = libc::itimerspec {
            it_interval: timespec(Duration::ZERO),
            it_value: timespec(delay),
        };
        // SAFETY: `value` is a local, the old value is not asked for, the descriptor is ours.
        unsafe { libc::timerfd_settime(self.0.0, 0, &raw const value, core::ptr::null_mut()) };
    }
}
