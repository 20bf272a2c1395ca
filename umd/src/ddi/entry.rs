//! The entry points: each validates its arguments, finds the context, delegates, and maps the
//! result. No entry point has logic of its own.

use core::ffi::c_void;
use core::slice;

use miracast_kmd_iface::NtStatus;

use super::abi::{
    HANDLE, MIRACAST_CALLBACKS, MIRACAST_DATARATE_STATS, MIRACAST_DRIVER_INTERFACE,
    MIRACAST_DRIVER_INTERFACE_VERSION_1, MIRACAST_SESSION_INFO, MIRACAST_WFD_CONNECTION_STATS,
    PVOID, SOCKET,
};
use super::callbacks::Callbacks;
use super::message;
use crate::engine::{Notice, SessionInfo};
use crate::slot::{self, POOL};

/// Fills the table of entry points. The only export of the driver.
///
/// Returns `STATUS_NOT_SUPPORTED` for an unknown version, `STATUS_BUFFER_TOO_SMALL` if the table
/// does not fit `size` bytes (DDI-5 to DDI-7); the table is not touched then.
///
/// # Safety
///
/// `interface` is null or valid for writes of `size` bytes.
#[cfg_attr(feature = "dll", unsafe(no_mangle))]
#[cfg_attr(
    not(feature = "dll"),
    expect(non_snake_case, reason = "Windows looks for exactly this name (DDI-2)")
)]
pub unsafe extern "system" fn QueryMiracastDriverInterface(
    version: u32,
    size: u32,
    interface: *mut c_void,
) -> NtStatus {
    if version != MIRACAST_DRIVER_INTERFACE_VERSION_1 {
        return NtStatus::NOT_SUPPORTED;
    }
    if interface.is_null() {
        return NtStatus::INVALID_PARAMETER;
    }
    let table = interface_table();
    if size < table.Size {
        return NtStatus::BUFFER_TOO_SMALL;
    }
    // SAFETY: the caller's pointer is valid for `size` bytes, which is enough; it need not be
    // aligned.
    unsafe {
        interface
            .cast::<MIRACAST_DRIVER_INTERFACE>()
            .write_unaligned(table);
    };
    NtStatus::SUCCESS
}

const fn interface_table() -> MIRACAST_DRIVER_INTERFACE {
    MIRACAST_DRIVER_INTERFACE {
        Size: size_of::<MIRACAST_DRIVER_INTERFACE>() as u32,
        CreateMiracastContext: Some(create),
        DestroyMiracastContext: Some(destroy),
        StartMiracastSession: Some(start),
        StopMiracastSession: Some(stop),
        HandleKernelModeMessage: Some(handle_kernel_mode_message),
    }
}

unsafe extern "system" fn create(
    device: HANDLE,
    callbacks: *const MIRACAST_CALLBACKS,
    context: *mut PVOID,
) -> NtStatus {
    if callbacks.is_null() || context.is_null() {
        return NtStatus::INVALID_PARAMETER;
    }
    // SAFETY: Windows' pointer is valid for a read of the structure (DDI-10); checked for null.
    let functions = unsafe { callbacks.read_unaligned() };
    let Some(callbacks) = Callbacks::new(device, &functions) else {
        return NtStatus::INVALID_PARAMETER;
    };
    match slot::create(callbacks, Some(on_rates)) {
        Ok(token) => {
            // SAFETY: Windows' pointer is valid for a write of a pointer; checked for null.
            unsafe { context.write_unaligned(core::ptr::without_provenance_mut(token)) };
            NtStatus::SUCCESS
        }
        Err(status) => status,
    }
}

unsafe extern "system" fn destroy(context: PVOID) {
    if let Ok(ticket) = slot::find(context.addr()) {
        slot::destroy(ticket);
    }
}

unsafe extern "system" fn start(
    context: PVOID,
    socket: SOCKET,
    stats: *const MIRACAST_WFD_CONNECTION_STATS,
    info: *mut MIRACAST_SESSION_INFO,
) -> NtStatus {
    if stats.is_null() || info.is_null() {
        return NtStatus::INVALID_PARAMETER;
    }
    // SAFETY: Windows' pointer is valid for a read of the structure; checked for null.
    let bit_rate = unsafe { stats.read_unaligned() }.CurrentBitRate;
    let started =
        slot::find(context.addr()).and_then(|ticket| slot::start(ticket, socket, bit_rate));
    match started {
        Ok(found) => {
            // SAFETY: Windows' pointer is valid for a write of the structure; checked for null.
            unsafe { info.write_unaligned(session_info(found)) };
            NtStatus::SUCCESS
        }
        Err(status) => status,
    }
}

fn session_info(found: SessionInfo) -> MIRACAST_SESSION_INFO {
    let bit = |set, bit| if set { bit } else { 0 };
    let monitor = bit(
        found.monitor_connected,
        MIRACAST_SESSION_INFO::MONITOR_CONNECTED,
    );
    let reduced = bit(
        found.reduced,
        MIRACAST_SESSION_INFO::REDUCED_MODE_LIST_DUE_TO_BANDWIDTH,
    );
    MIRACAST_SESSION_INFO {
        Value: monitor | reduced,
    }
}

unsafe extern "system" fn stop(context: PVOID) {
    if let Ok(ticket) = slot::find(context.addr()) {
        slot::stop(ticket);
    }
}

/// Runs on any thread, on several at once (DDI-39).
unsafe extern "system" fn handle_kernel_mode_message(
    context: PVOID,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    if (input.is_null() && input_size != 0) || (output.is_null() && output_size != 0) {
        return NtStatus::INVALID_PARAMETER;
    }
    let Ok(lease) = POOL.lease(context.addr()) else {
        return NtStatus::INVALID_PARAMETER;
    };
    let mut request = [0; message::SIZE_MAX];
    let length = request.len().min(input_size as usize);
    if length != 0 {
        // SAFETY: Windows' buffer is valid for reads of its size, and `request` has the room. It is
        // copied because it is not known who else can write to it.
        unsafe {
            input
                .cast::<u8>()
                .copy_to_nonoverlapping(request.as_mut_ptr(), length);
        };
    }
    let mut reply = [0; message::SIZE_MAX];
    let inbox = &slot::shared(&lease).inbox;
    let answer = message::handle(request.get(..length).unwrap_or_default(), &mut reply, inbox);
    let length = answer.length.min(output_size as usize);
    let reply = reply.get(..length).unwrap_or_default();
    if !reply.is_empty() {
        // SAFETY: Windows' buffer is valid for writes of its size, which is not smaller.
        unsafe { slice::from_raw_parts_mut(output.cast::<u8>(), reply.len()) }
            .copy_from_slice(reply);
    }
    if !returned.is_null() {
        // SAFETY: Windows' pointer is valid for a write; checked for null.
        unsafe { returned.write_unaligned(length as u32) };
    }
    answer.status
}

/// Runs on any thread (DDI-49).
unsafe extern "system" fn on_rates(context: PVOID, stats: *const MIRACAST_DATARATE_STATS) {
    let Ok(lease) = POOL.lease(context.addr()) else {
        return;
    };
    let rate = if stats.is_null() {
        None
    } else {
        // SAFETY: Windows' pointer is valid for a read of the structure; checked for null.
        Some(unsafe { stats.read_unaligned() }.EncoderBitRate)
    };
    slot::shared(&lease).inbox.put_latest(Notice::Rate(rate));
}
