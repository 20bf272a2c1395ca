//! Waiting for the handles that a driver passes: here they are file descriptors.

use core::ffi::c_int;
use core::time::Duration;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};

use crate::abi::HANDLE;
use crate::sys::Ready;

/// A signal that stays until it is cleared.
#[derive(Debug)]
pub(crate) struct Wake(File);

impl Wake {
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: the call takes integers only.
        let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is new and has no other owner.
        Ok(Self(unsafe { File::from_raw_fd(descriptor) }))
    }

    pub(crate) fn set(&self) {
        // It fails only if the counter is full, and then it is signalled.
        let _ = (&self.0).write(&1_u64.to_ne_bytes());
    }

    pub(crate) fn clear(&self) {
        // It fails only if there is nothing to clear.
        let _ = (&self.0).read(&mut [0; 8]);
    }

    /// Waits for this wake or one of `handles`; without a limit for ever.
    pub(crate) fn wait(&self, handles: &[HANDLE], limit: Option<Duration>) -> Ready {
        let own = [self.0.as_raw_fd()];
        // What is no descriptor at all is asked for as -2, which poll leaves out; it is closed.
        let others = handles
            .iter()
            .map(|handle| c_int::try_from(handle.addr()).unwrap_or(-2));
        let mut entries: Vec<libc::pollfd> = own
            .into_iter()
            .chain(others)
            .map(|fd| libc::pollfd {
                fd,
                events: libc::POLLIN,
                revents: if fd < 0 { libc::POLLNVAL } else { 0 },
            })
            .collect();
        let milliseconds = limit.map_or(-1, |limit| {
            c_int::try_from(limit.as_nanos().div_ceil(1_000_000)).unwrap_or(c_int::MAX)
        });
        let count = entries.len() as libc::nfds_t;
        if entries.iter().all(|entry| entry.fd >= 0) {
            // SAFETY: the pointer and the count are those of a vector. An interrupted wait is a
            // short one, which the callers look through.
            unsafe { libc::poll(entries.as_mut_ptr(), count, milliseconds) };
        }
        let others = entries.iter().skip(1);
        match others.map(|entry| entry.revents).position(|got| got != 0) {
            Some(index) if entries[index + 1].revents & libc::POLLNVAL != 0 => Ready::Unfit(index),
            Some(index) => Ready::Handle(index),
            None => Ready::Nothing,
        }
    }
}
