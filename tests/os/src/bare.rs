//! The driver's entry points without a Windows around them, and callbacks that do as little as can be.
//!
//! For what the emulated [`Windows`](crate::Windows) would never do, and for what must cost nothing
//! beside the driver. Nothing is checked here and nothing is noted: no rule of the contract is kept but
//! by the caller.

use core::ffi::c_void;
use core::ptr::{null_mut, without_provenance_mut};
use core::time::Duration;
use std::path::Path;

use crate::abi::{
    BOOL, HANDLE, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA, MIRACAST_DRIVER_INTERFACE,
    MIRACAST_SESSION_INFO, MIRACAST_STATISTIC_DATA, MIRACAST_STATUS, NtStatus,
    PFN_DATARATE_NOTIFICATION, PVOID, QUERY_MIRACAST_DRIVER_INTERFACE,
};
use crate::device::ConnectionStats;
use crate::driver::{Driver, LoadError};
use crate::log::Violation;
use crate::query::Buffer;

/// Room for the longest reply of a miniport, in bytes. It is on the stack: a callback that allocates
/// would be counted where allocations are.
const REPLY_MAX: usize = 4096;

/// The miniport of all contexts that are made with [`callbacks`] of it.
pub trait Kernel {
    /// `DxgkDdiMiracastIoControl`: a request of the driver, on the driver's thread. Returns the bytes
    /// written to `output`.
    fn io_control(input: &[u8], output: &mut [u8]) -> (NtStatus, usize);
}

/// Callbacks with `K` behind `MiracastIoControl`. A session gets neither chunks nor events: its driver
/// looks around each millisecond.
pub const fn callbacks<K: Kernel>() -> MIRACAST_CALLBACKS {
    MIRACAST_CALLBACKS {
        ReportSessionStatus: Some(report_session_status),
        MiracastIoControl: Some(miracast_io_control::<K>),
        ReportStatistic: Some(report_statistic),
        GetNextChunkData: Some(get_next_chunk_data),
        RegisterForDataRateNotifications: Some(register_for_data_rate_notifications),
    }
}

unsafe extern "system" fn report_session_status(_: HANDLE, _: MIRACAST_STATUS, _: NtStatus) {}

unsafe extern "system" fn report_statistic(_: HANDLE, _: *const MIRACAST_STATISTIC_DATA) {}

unsafe extern "system" fn miracast_io_control<K: Kernel>(
    _: HANDLE,
    _: BOOL,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    // SAFETY: the driver lends `input_size` bytes for the time of the call.
    let input = unsafe { core::slice::from_raw_parts(input.cast::<u8>(), input_size as usize) };
    let mut reply = [0; REPLY_MAX];
    let room = reply.len().min(output_size as usize);
    let (status, length) = K::io_control(input, &mut reply[..room]);
    let written = &reply[..length.min(room)];
    // SAFETY: the driver lends `output_size` bytes, and the reply is not longer.
    unsafe { core::ptr::copy_nonoverlapping(written.as_ptr(), output.cast(), written.len()) };
    // SAFETY: the driver lends the place of the length.
    unsafe { returned.write(written.len() as u32) };
    status
}

unsafe extern "system" fn get_next_chunk_data(
    _: HANDLE,
    _: u32,
    _: u32,
    _: *const HANDLE,
    _: *mut u32,
    _: *mut MIRACAST_CHUNK_DATA,
    _: *mut u32,
) -> NtStatus {
    std::thread::sleep(Duration::from_millis(1));
    NtStatus::TIMEOUT
}

unsafe extern "system" fn register_for_data_rate_notifications(
    _: HANDLE,
    _: PVOID,
    _: PFN_DATARATE_NOTIFICATION,
) -> NtStatus {
    NtStatus::SUCCESS
}

/// `QueryMiracastDriverInterface` with any version and size, which need not be the room that there is:
/// there is enough for the table. The driver's status, and whether nothing was written.
pub fn query(query: QUERY_MIRACAST_DRIVER_INTERFACE, version: u32, size: u32) -> (NtStatus, bool) {
    let (status, buffer) = Buffer::ask(query, version, size);
    (status, buffer.is_untouched())
}

/// A driver, called with whatever the caller likes. A context is the token that the driver gave for
/// it, or anything: the driver promises to refuse what it did not give out, without following it.
#[derive(Debug)]
pub struct Bare {
    driver: Driver,
}

impl Bare {
    /// The driver behind the address of `QueryMiracastDriverInterface`.
    ///
    /// # Errors
    /// What the driver answered, or `INVALID_PARAMETER` if it filled in no usable interface.
    pub fn linked(query: QUERY_MIRACAST_DRIVER_INTERFACE) -> Result<Self, NtStatus> {
        let driver = Driver::linked(query, &mut Vec::new())?;
        Ok(Self { driver })
    }

    /// As [`Bare::linked`], from the driver's DLL.
    ///
    /// # Errors
    /// See [`LoadError`]; on Linux a file is always one that cannot be loaded.
    pub fn from_file(file: &Path) -> Result<Self, LoadError> {
        let driver = Driver::from_file(file, &mut Vec::new())?;
        Ok(Self { driver })
    }

    /// Unloads the driver's DLL, if it came from one, and says if it does not go (DDI-13).
    pub fn unload(self) -> Option<Violation> {
        self.driver.unload()
    }

    /// The table of the driver, with every entry filled in.
    pub fn interface(&self) -> &MIRACAST_DRIVER_INTERFACE {
        &self.driver.interface
    }

    /// `CreateMiracastContext`, with callbacks that live as long as the program. Returns the context.
    ///
    /// # Errors
    /// The driver's status.
    ///
    /// # Panics
    /// The driver has no such entry point.
    pub fn create(&self, callbacks: &MIRACAST_CALLBACKS) -> Result<usize, NtStatus> {
        let function = self.interface().CreateMiracastContext.expect("checked");
        let mut created = null_mut();
        // SAFETY: the pointers are to structures that live during the call; the driver copies them.
        let status = unsafe { function(null_mut(), callbacks, &raw mut created) };
        done(status).map(|()| created.addr())
    }

    /// `StartMiracastSession`. Returns `MIRACAST_SESSION_INFO`.
    ///
    /// # Errors
    /// The driver's status.
    ///
    /// # Panics
    /// The driver has no such entry point.
    pub fn start(
        &self,
        context: usize,
        socket: usize,
        rates: ConnectionStats,
    ) -> Result<u32, NtStatus> {
        let function = self.interface().StartMiracastSession.expect("checked");
        let mut info = MIRACAST_SESSION_INFO::default();
        let context = without_provenance_mut(context);
        // SAFETY: the pointers are to locals; the driver follows no context that is none.
        let status = unsafe { function(context, socket, &raw const rates, &raw mut info) };
        done(status).map(|()| info.Value)
    }

    /// `StopMiracastSession`.
    ///
    /// # Panics
    /// The driver has no such entry point.
    pub fn stop(&self, context: usize) {
        let function = self.interface().StopMiracastSession.expect("checked");
        // SAFETY: the driver follows no context that is none.
        unsafe { function(without_provenance_mut(context)) };
    }

    /// `HandleKernelModeMessage`, with room for `room` bytes of a reply. Returns the driver's status.
    ///
    /// # Panics
    /// The driver has no such entry point, or says that it wrote more than there is room for.
    pub fn message(&self, context: usize, input: &[u8], room: usize) -> NtStatus {
        let function = self.interface().HandleKernelModeMessage.expect("checked");
        let (mut output, mut returned) = (vec![0_u8; room], 0);
        let (size, room) = (input.len() as u32, output.len() as u32);
        let (input, output) = (input.as_ptr().cast(), output.as_mut_ptr().cast());
        let context = without_provenance_mut(context);
        // SAFETY: the buffers have their sizes; the driver follows no context that is none.
        let status = unsafe { function(context, size, input, room, output, &raw mut returned) };
        assert!(returned <= room, "{returned} bytes in a buffer of {room}");
        status
    }

    /// `DestroyMiracastContext`.
    ///
    /// # Panics
    /// The driver has no such entry point.
    pub fn destroy(&self, context: usize) {
        let function = self.interface().DestroyMiracastContext.expect("checked");
        // SAFETY: the driver follows no context that is none.
        unsafe { function(without_provenance_mut(context)) };
    }
}

fn done(status: NtStatus) -> Result<(), NtStatus> {
    if status.is_success() {
        Ok(())
    } else {
        Err(status)
    }
}
