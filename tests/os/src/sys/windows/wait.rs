//! Waiting for the handles that a driver passes.

use core::time::Duration;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};

use windows_sys::Win32::Foundation::{FALSE, TRUE, WAIT_FAILED};
use windows_sys::Win32::System::Threading::{
    CreateEventW, INFINITE, ResetEvent, SetEvent, WaitForMultipleObjects, WaitForSingleObject,
};

use crate::abi::HANDLE;
use crate::sys::Ready;

/// A signal that stays until it is cleared.
#[derive(Debug)]
pub(crate) struct Wake(OwnedHandle);

impl Wake {
    pub(crate) fn new() -> io::Result<Self> {
        let (attributes, name) = (core::ptr::null(), core::ptr::null());
        // SAFETY: no attributes and no name are wanted.
        let event = unsafe { CreateEventW(attributes, TRUE, FALSE, name) };
        if event.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is new and has no other owner.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(event) }))
    }

    pub(crate) fn set(&self) {
        // SAFETY: the handle is open as long as `self`.
        unsafe { SetEvent(self.0.as_raw_handle()) };
    }

    pub(crate) fn clear(&self) {
        // SAFETY: the handle is open as long as `self`.
        unsafe { ResetEvent(self.0.as_raw_handle()) };
    }

    /// Waits for this wake or one of `handles`; without a limit for ever.
    pub(crate) fn wait(&self, handles: &[HANDLE], limit: Option<Duration>) -> Ready {
        // Of several that are signalled Windows names the first, and the wake comes last.
        let all = [handles, &[self.0.as_raw_handle()]].concat();
        let milliseconds = limit.map_or(INFINITE, |limit| {
            let rounded = limit.as_nanos().div_ceil(1_000_000);
            u32::try_from(rounded).unwrap_or(INFINITE).min(INFINITE - 1)
        });
        let (count, first) = (all.len() as u32, all.as_ptr());
        // SAFETY: the pointer and the count are those of a vector.
        let result = unsafe { WaitForMultipleObjects(count, first, FALSE, milliseconds) };
        if result == WAIT_FAILED {
            return Ready::Unfit(unfit(handles));
        }
        match usize::try_from(result) {
            Ok(index) if index < handles.len() => Ready::Handle(index),
            _ => Ready::Nothing,
        }
    }
}

/// Which of the handles made a wait fail.
fn unfit(handles: &[HANDLE]) -> usize {
    let is_unfit = |(index, &handle): (usize, &HANDLE)| {
        // SAFETY: a handle that is not open is what is looked for: the call says so.
        let result = unsafe { WaitForSingleObject(handle, 0) };
        result == WAIT_FAILED || handles.iter().take(index).any(|earlier| *earlier == handle)
    };
    let found = handles.iter().enumerate().position(is_unfit);
    found.unwrap_or(handles.len())
}
