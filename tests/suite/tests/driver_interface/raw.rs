//! The driver's functions as Rust functions.
//!
//! That these may be called with anything is what the tests are about: the driver promises to
//! refuse a null and every context that it did not give out, without following it.

use core::ptr::{null, null_mut, without_provenance_mut};
use std::sync::{LazyLock, Mutex, PoisonError};

use miracast_miniport::encoder::Source;
use miracast_miniport::peer::{Options, Peer};
use miracast_os::NtStatus;
use miracast_os::abi::{
    MIRACAST_CALLBACKS, MIRACAST_SESSION_INFO, MIRACAST_WFD_CONNECTION_STATS, PVOID,
};
use miracast_os::bare::{Bare, Kernel, callbacks};
use miracast_umd::ddi::QueryMiracastDriverInterface;

/// The least that a driver needs.
pub(crate) const CALLBACKS: MIRACAST_CALLBACKS = callbacks::<Emulated>();

/// The miniport of all contexts.
static MINIPORT: LazyLock<Mutex<Peer>> =
    LazyLock::new(|| Mutex::new(Peer::new(Options::default(), Source::OpenH264)));

struct Emulated;

impl Kernel for Emulated {
    fn io_control(input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let mut miniport = MINIPORT.lock().unwrap_or_else(PoisonError::into_inner);
        miniport.io_control(input, output)
    }
}

/// Asks for the table in a buffer of more than `size` bytes. Returns the status, and how many
/// bytes of the buffer were written to.
pub(crate) fn query(version: u32, size: u32) -> (NtStatus, usize) {
    const UNTOUCHED: u8 = 0xA5;
    let mut buffer = [UNTOUCHED; 256];
    let pointer = buffer.as_mut_ptr().cast();
    // SAFETY: a table is shorter than the buffer, whatever `size` says.
    let status = unsafe { QueryMiracastDriverInterface(version, size, pointer) };
    let untouched = buffer.iter().rev().take_while(|byte| **byte == UNTOUCHED);
    (status, buffer.len() - untouched.count())
}

pub(crate) fn query_null(version: u32, size: u32) -> NtStatus {
    // SAFETY: null is allowed, and refused.
    unsafe { QueryMiracastDriverInterface(version, size, null_mut()) }
}

/// The driver, and what Windows would not pass to it.
pub(crate) struct Driver(Bare);

fn context(token: usize) -> PVOID {
    without_provenance_mut(token)
}

const STATS: MIRACAST_WFD_CONNECTION_STATS = MIRACAST_WFD_CONNECTION_STATS {
    CurrentBitRate: 20_000_000,
    LocalMaxBitRate: 40_000_000,
    RemoteMaxBitRate: 40_000_000,
};

impl Driver {
    pub(crate) fn load() -> Self {
        Self(Bare::linked(QueryMiracastDriverInterface).expect("an interface"))
    }

    pub(crate) fn create(&self, callbacks: &MIRACAST_CALLBACKS) -> Result<usize, NtStatus> {
        self.0.create(callbacks)
    }

    pub(crate) fn start(&self, token: usize, socket: usize) -> Result<(), NtStatus> {
        self.0.start(token, socket, STATS).map(drop)
    }

    pub(crate) fn stop(&self, token: usize) {
        self.0.stop(token);
    }

    pub(crate) fn destroy(&self, token: usize) {
        self.0.destroy(token);
    }

    pub(crate) fn create_null_callbacks(&self) -> NtStatus {
        let function = self
            .0
            .interface()
            .CreateMiracastContext
            .expect("an entry point");
        let mut created = null_mut();
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(null_mut(), null(), &raw mut created) }
    }

    pub(crate) fn create_null_context(&self) -> NtStatus {
        let function = self
            .0
            .interface()
            .CreateMiracastContext
            .expect("an entry point");
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(null_mut(), &CALLBACKS, null_mut()) }
    }

    pub(crate) fn start_null_stats(&self, token: usize, socket: usize) -> NtStatus {
        let function = self
            .0
            .interface()
            .StartMiracastSession
            .expect("an entry point");
        let mut info = MIRACAST_SESSION_INFO::default();
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(context(token), socket, null(), &raw mut info) }
    }

    pub(crate) fn start_null_info(&self, token: usize, socket: usize) -> NtStatus {
        let function = self
            .0
            .interface()
            .StartMiracastSession
            .expect("an entry point");
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(context(token), socket, &STATS, null_mut()) }
    }

    pub(crate) fn message(&self, token: usize, input: &[u8]) -> NtStatus {
        let function = self
            .0
            .interface()
            .HandleKernelModeMessage
            .expect("an entry point");
        let (mut output, mut returned) = ([0_u8; 64], 0_u32);
        let (size, room) = (input.len() as u32, output.len() as u32);
        let (input, output) = (input.as_ptr().cast(), output.as_mut_ptr().cast());
        // SAFETY: the buffers have their sizes; the driver follows no context that is none.
        let status =
            unsafe { function(context(token), size, input, room, output, &raw mut returned) };
        assert!(returned <= room, "{returned} bytes in a buffer of {room}");
        status
    }

    pub(crate) fn message_null_input(&self, token: usize) -> NtStatus {
        let function = self
            .0
            .interface()
            .HandleKernelModeMessage
            .expect("an entry point");
        let mut returned = 0_u32;
        // SAFETY: null with a size is refused; the other pointer is valid.
        unsafe { function(context(token), 16, null(), 0, null_mut(), &raw mut returned) }
    }

    pub(crate) fn message_null_output(&self, token: usize) -> NtStatus {
        let function = self
            .0
            .interface()
            .HandleKernelModeMessage
            .expect("an entry point");
        let (input, mut returned) = ([0_u8; 16], 0_u32);
        let pointer = input.as_ptr().cast();
        // SAFETY: null with a size is refused; the other pointers are valid.
        unsafe {
            function(
                context(token),
                16,
                pointer,
                16,
                null_mut(),
                &raw mut returned,
            )
        }
    }
}
