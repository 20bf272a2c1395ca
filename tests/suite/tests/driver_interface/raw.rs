//! The driver's functions as Rust functions, and callbacks that do as little as can be.
//!
//! That these may be called with anything is what the tests are about: the driver promises to
//! refuse a null and every context that it did not give out, without following it.

use core::ffi::c_void;
use core::ptr::{null, null_mut, without_provenance_mut};
use core::time::Duration;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::sleep;

use miracast_miniport::encoder::Source;
use miracast_miniport::peer::{Options, Peer};
use miracast_os::NtStatus;
use miracast_os::abi::{
    BOOL, HANDLE, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA, MIRACAST_DRIVER_INTERFACE,
    MIRACAST_DRIVER_INTERFACE_VERSION_1, MIRACAST_SESSION_INFO, MIRACAST_STATISTIC_DATA,
    MIRACAST_STATUS, MIRACAST_WFD_CONNECTION_STATS, PFN_DATARATE_NOTIFICATION, PVOID,
};
use miracast_umd::ddi::QueryMiracastDriverInterface;

/// The least that a driver needs.
pub(crate) const CALLBACKS: MIRACAST_CALLBACKS = MIRACAST_CALLBACKS {
    ReportSessionStatus: Some(report_session_status),
    MiracastIoControl: Some(miracast_io_control),
    ReportStatistic: Some(report_statistic),
    GetNextChunkData: Some(get_next_chunk_data),
    RegisterForDataRateNotifications: Some(register_for_data_rate_notifications),
};

/// The miniport of all contexts.
static MINIPORT: LazyLock<Mutex<Peer>> =
    LazyLock::new(|| Mutex::new(Peer::new(Options::default(), Source::OpenH264)));

unsafe extern "system" fn report_session_status(_: HANDLE, _: MIRACAST_STATUS, _: NtStatus) {}

unsafe extern "system" fn report_statistic(_: HANDLE, _: *const MIRACAST_STATISTIC_DATA) {}

unsafe extern "system" fn miracast_io_control(
    _: HANDLE,
    _: BOOL,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    // SAFETY: the driver lends `input_size` bytes.
    let input = unsafe { core::slice::from_raw_parts(input.cast::<u8>(), input_size as usize) };
    let mut reply = vec![0; output_size as usize];
    let mut miniport = MINIPORT.lock().unwrap_or_else(PoisonError::into_inner);
    let (status, length) = miniport.io_control(input, &mut reply);
    // SAFETY: the driver lends `output_size` bytes, and `length` is not more.
    unsafe { core::ptr::copy_nonoverlapping(reply.as_ptr(), output.cast(), length) };
    // SAFETY: the driver's pointer is valid for a write.
    unsafe { returned.write(length as u32) };
    status
}

/// Never a chunk and never an event; the driver looks around every time.
unsafe extern "system" fn get_next_chunk_data(
    _: HANDLE,
    _: u32,
    _: u32,
    _: *const HANDLE,
    _: *mut u32,
    _: *mut MIRACAST_CHUNK_DATA,
    _: *mut u32,
) -> NtStatus {
    sleep(Duration::from_millis(1));
    NtStatus::TIMEOUT
}

unsafe extern "system" fn register_for_data_rate_notifications(
    _: HANDLE,
    _: PVOID,
    _: PFN_DATARATE_NOTIFICATION,
) -> NtStatus {
    NtStatus::SUCCESS
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

/// The table of the driver.
pub(crate) struct Driver(MIRACAST_DRIVER_INTERFACE);

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
        let mut table = MIRACAST_DRIVER_INTERFACE {
            Size: 0,
            CreateMiracastContext: None,
            DestroyMiracastContext: None,
            StartMiracastSession: None,
            StopMiracastSession: None,
            HandleKernelModeMessage: None,
        };
        let size = size_of_val(&table) as u32;
        let pointer = (&raw mut table).cast();
        let version = MIRACAST_DRIVER_INTERFACE_VERSION_1;
        // SAFETY: the pointer is to a local of that size.
        let status = unsafe { QueryMiracastDriverInterface(version, size, pointer) };
        assert_eq!(status, NtStatus::SUCCESS);
        Self(table)
    }

    pub(crate) fn create(&self, callbacks: &MIRACAST_CALLBACKS) -> Result<usize, NtStatus> {
        let function = self.0.CreateMiracastContext.expect("an entry point");
        let mut created = null_mut();
        // SAFETY: the pointers are valid, and the callbacks live as long as the program.
        let status = unsafe { function(null_mut(), callbacks, &raw mut created) };
        if status.is_success() {
            Ok(created.addr())
        } else {
            Err(status)
        }
    }

    pub(crate) fn create_null_callbacks(&self) -> NtStatus {
        let function = self.0.CreateMiracastContext.expect("an entry point");
        let mut created = null_mut();
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(null_mut(), null(), &raw mut created) }
    }

    pub(crate) fn create_null_context(&self) -> NtStatus {
        let function = self.0.CreateMiracastContext.expect("an entry point");
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(null_mut(), &CALLBACKS, null_mut()) }
    }

    pub(crate) fn destroy(&self, token: usize) {
        let function = self.0.DestroyMiracastContext.expect("an entry point");
        // SAFETY: the driver follows no context that is none.
        unsafe { function(context(token)) };
    }

    pub(crate) fn start(&self, token: usize, socket: usize) -> Result<(), NtStatus> {
        let function = self.0.StartMiracastSession.expect("an entry point");
        let mut info = MIRACAST_SESSION_INFO::default();
        // SAFETY: the pointers are to locals; the driver follows no context that is none.
        let status = unsafe { function(context(token), socket, &STATS, &raw mut info) };
        if status.is_success() {
            Ok(())
        } else {
            Err(status)
        }
    }

    pub(crate) fn start_null_stats(&self, token: usize, socket: usize) -> NtStatus {
        let function = self.0.StartMiracastSession.expect("an entry point");
        let mut info = MIRACAST_SESSION_INFO::default();
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(context(token), socket, null(), &raw mut info) }
    }

    pub(crate) fn start_null_info(&self, token: usize, socket: usize) -> NtStatus {
        let function = self.0.StartMiracastSession.expect("an entry point");
        // SAFETY: null is refused; the other pointer is valid.
        unsafe { function(context(token), socket, &STATS, null_mut()) }
    }

    pub(crate) fn stop(&self, token: usize) {
        let function = self.0.StopMiracastSession.expect("an entry point");
        // SAFETY: the driver follows no context that is none.
        unsafe { function(context(token)) };
    }

    pub(crate) fn message(&self, token: usize, input: &[u8]) -> NtStatus {
        let function = self.0.HandleKernelModeMessage.expect("an entry point");
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
        let function = self.0.HandleKernelModeMessage.expect("an entry point");
        let mut returned = 0_u32;
        // SAFETY: null with a size is refused; the other pointer is valid.
        unsafe { function(context(token), 16, null(), 0, null_mut(), &raw mut returned) }
    }

    pub(crate) fn message_null_output(&self, token: usize) -> NtStatus {
        let function = self.0.HandleKernelModeMessage.expect("an entry point");
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
