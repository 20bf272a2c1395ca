//! What the driver signals to itself: events and a waitable timer.

use core::time::Duration;

use miracast_core::time::{Instant, duration_ticks};
use windows_sys::Win32::Foundation::FALSE;
use windows_sys::Win32::System::Threading as threading;

use super::Handle;
use crate::os::{OsError, RawHandle};

/// An event that stays signalled until [`Event::clear`], whoever waits for it: manual-reset.
#[derive(Debug)]
pub struct Event(Handle);

impl Event {
    /// An event that is not signalled.
    ///
    /// # Errors
    /// No memory or no quota.
    pub fn new() -> Result<Self, OsError> {
        const MANUAL_RESET: i32 = 1;
        let (attributes, name) = (core::ptr::null(), core::ptr::null());
        // SAFETY: no attributes and no name are wanted.
        let event = unsafe { threading::CreateEventW(attributes, MANUAL_RESET, FALSE, name) };
        Handle::new(event).map(Self)
    }

    /// Signals. It cannot fail for a handle of our own.
    pub fn set(&self) {
        // SAFETY: the handle is open as long as `self`.
        unsafe { threading::SetEvent(self.0.0) };
    }

    /// Takes the signal back; an event that is not signalled stays so.
    pub fn clear(&self) {
        // SAFETY: the handle is open as long as `self`.
        unsafe { threading::ResetEvent(self.0.0) };
    }

    /// The handle to wait for.
    pub fn raw(&self) -> RawHandle {
        self.0.0
    }
}

/// The longest time that a timer is set to. Windows adds it to the time since its start, and no sum
/// with the longest that it takes is known to be right.
const FAR: Duration = Duration::from_hours(365 * 24);

/// One deadline that can be waited for. It stays signalled after it fell due until it is armed
/// again or cleared.
#[derive(Debug)]
pub struct Timer {
    handle: Handle,
    precise: bool,
}

impl Timer {
    /// A timer that does not run: of high resolution where Windows has them (10, version 1803),
    /// else an ordinary one.
    ///
    /// # Errors
    /// No memory or no quota.
    pub fn new() -> Result<Self, OsError> {
        let high = threading::CREATE_WAITABLE_TIMER_HIGH_RESOLUTION;
        if let Ok(handle) = create(threading::CREATE_WAITABLE_TIMER_MANUAL_RESET | high) {
            return Ok(Self {
                handle,
                precise: true,
            });
        }
        let handle = create(threading::CREATE_WAITABLE_TIMER_MANUAL_RESET)?;
        Ok(Self {
            handle,
            precise: false,
        })
    }

    /// Moves the deadline; `None` stops the timer. The signal of the deadline before is taken back.
    /// A deadline that is not after `now` signals at once.
    pub fn arm(&self, deadline: Option<Instant>, now: Instant) {
        match deadline {
            Some(deadline) => self.set(deadline.since(now)),
            None => self.clear(),
        }
    }

    /// Stops the timer and takes its signal back.
    pub fn clear(&self) {
        // To cancel does not take a signal back, to set does: set far away, then cancel.
        self.set(FAR);
        // SAFETY: the handle is open as long as `self`.
        unsafe { threading::CancelWaitableTimer(self.handle.0) };
    }

    /// Whether deadlines are kept to well under a millisecond, so that pacing by them makes sense.
    pub fn is_precise(&self) -> bool {
        self.precise
    }

    /// The handle to wait for.
    pub fn raw(&self) -> RawHandle {
        self.handle.0
    }

    fn set(&self, delay: Duration) {
        // Relative times are negative; zero would be an absolute time.
        let due = -duration_ticks(delay.min(FAR)).max(1).cast_signed();
        let (routine, argument) = (None, core::ptr::null());
        // SAFETY: `due` is a local, there is no completion routine, the handle is ours.
        unsafe {
            threading::SetWaitableTimer(self.handle.0, &raw const due, 0, routine, argument, FALSE)
        };
    }
}

fn create(flags: u32) -> Result<Handle, OsError> {
    let (attributes, name) = (core::ptr::null(), core::ptr::null());
    let access = threading::TIMER_ALL_ACCESS;
    // SAFETY: no attributes and no name are wanted.
    Handle::new(unsafe { threading::CreateWaitableTimerExW(attributes, name, flags, access) })
}
