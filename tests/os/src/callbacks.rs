//! The five callbacks of `MIRACAST_CALLBACKS`, as the driver calls them.
//!
//! Each takes the pointers apart, checks what the documentation demands, and leaves the work to the
//! part of the device that it concerns.

use core::ffi::c_void;
use core::sync::atomic::Ordering::SeqCst;
use core::time::Duration;
use std::time::Instant;

use crate::abi::{
    BOOL, HANDLE, INFINITE, MAX_ADDITIONAL_EVENTS, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA,
    MIRACAST_STATISTIC_DATA, MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE,
    MIRACAST_STATISTIC_TYPE_CHUNK_SENT, MIRACAST_STATISTIC_TYPE_EVENT, MIRACAST_STATUS,
    MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE, NtStatus, PFN_DATARATE_NOTIFICATION, PVOID,
};
use crate::chunks::{ChunkInfo, Next};
use crate::ledger;
use crate::life::{Call, Phase};
use crate::log::Report;
use crate::state::{State, find};
use crate::statistics::{Statistic, StatisticKind};
use crate::sys::process::is_timer;

/// The table that a driver gets.
pub(crate) const CALLBACKS: MIRACAST_CALLBACKS = MIRACAST_CALLBACKS {
    ReportSessionStatus: Some(report_session_status),
    MiracastIoControl: Some(miracast_io_control),
    ReportStatistic: Some(report_statistic),
    GetNextChunkData: Some(get_next_chunk_data),
    RegisterForDataRateNotifications: Some(register_for_data_rate_notifications),
};

/// STATUS_OBJECT_TYPE_MISMATCH of ntstatus.h: a handle of one kind where another is wanted.
const OBJECT_TYPE_MISMATCH: NtStatus = NtStatus(0xC000_0024);

unsafe extern "system" fn report_session_status(
    handle: HANDLE,
    status: MIRACAST_STATUS,
    ntstatus: NtStatus,
) {
    let _emulator = ledger::enter_emulator("ReportSessionStatus");
    let Some(state) = find("ReportSessionStatus", handle) else {
        return;
    };
    if status > MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE {
        let text = format!("MIRACAST_STATUS {status} is not for drivers");
        state.log.violation("DDI-30", text);
    }
    if state.life.phase() != Phase::Running && state.life.call() != Some(Call::Start) {
        let text = "a session was reported to have ended, but there is none";
        state.log.violation("DDI-28", text);
    }
    if state.reported.swap(true, SeqCst) {
        let text = "the session was reported to have ended for a second time";
        state.log.violation("DDI-28", text);
    }
    state.log.report(Report {
        status,
        ntstatus,
        when: Instant::now(),
    });
}

unsafe extern "system" fn miracast_io_control(
    handle: HANDLE,
    hardware_access: BOOL,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    let _emulator = ledger::enter_emulator("MiracastIoControl");
    let Some(state) = find("MiracastIoControl", handle) else {
        return NtStatus::INVALID_PARAMETER;
    };
    if hardware_access != 0 {
        let text = "MiracastIoControl with HardwareAccess flushes the GPU";
        state.log.violation("DDI-42", text);
    }
    if (input.is_null() && input_size > 0) || (output.is_null() && output_size > 0) {
        let text = "MiracastIoControl with a NULL buffer of a size";
        state.log.violation("SAL", text);
        return NtStatus::INVALID_PARAMETER;
    }
    let input = if input_size == 0 {
        &[]
    } else {
        // SAFETY: by the contract the driver lends `input_size` bytes; NULL was refused.
        unsafe { core::slice::from_raw_parts(input.cast::<u8>(), input_size as usize) }
    };
    let (status, reply) = io_control(&state, input, output_size as usize);
    if !reply.is_empty() {
        // SAFETY: the driver lends `output_size` bytes and the reply is not longer; the source is
        // memory of ours.
        unsafe { core::ptr::copy_nonoverlapping(reply.as_ptr(), output.cast(), reply.len()) };
    }
    if !returned.is_null() {
        // SAFETY: by the contract a pointer that is not NULL is to a UINT of the driver.
        unsafe { returned.write(reply.len() as u32) };
    }
    status
}

/// A request, if the calling thread may make it now (DDI-41).
fn io_control(state: &State, input: &[u8], room: usize) -> (NtStatus, Vec<u8>) {
    // The driver's buffers may be one, so the input is copied before the output is written.
    let input = input.to_vec();
    if let Err(status) = state.life.admit_io_control() {
        return (status, Vec::new());
    }
    let mut output = vec![0; room];
    let (status, length) = {
        let _turn = state.miniport_turn();
        state.miniport.io_control(&input, &mut output)
    };
    output.truncate(length);
    (status, output)
}

unsafe extern "system" fn report_statistic(
    handle: HANDLE,
    statistics: *const MIRACAST_STATISTIC_DATA,
) {
    let _emulator = ledger::enter_emulator("ReportStatistic");
    let Some(state) = find("ReportStatistic", handle) else {
        return;
    };
    if statistics.is_null() {
        state.log.violation("SAL", "ReportStatistic with NULL");
        return;
    }
    // SAFETY: by the contract the pointer is to a structure of the driver.
    let data = unsafe { statistics.read() };
    let kind = match data.StatisticType {
        MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE => {
            // SAFETY: the type says that this member is valid; any bytes are.
            let info = unsafe { data.Member.EncodeComplete };
            StatisticKind::Stage(ChunkInfo::from_abi(info))
        }
        MIRACAST_STATISTIC_TYPE_CHUNK_SENT => {
            // SAFETY: as above.
            StatisticKind::Sent(unsafe { data.Member.ChunkSent }.Value)
        }
        MIRACAST_STATISTIC_TYPE_EVENT => {
            // SAFETY: as above.
            StatisticKind::Event(unsafe { data.Member.ProtocolEvent })
        }
        other => {
            let text = format!("there is no MIRACAST_STATISTIC_TYPE {other}");
            state.log.violation("SAL", text);
            return;
        }
    };
    state.statistics.check(kind, &state.log);
    state.log.statistic(Statistic {
        kind,
        when: Instant::now(),
    });
}

unsafe extern "system" fn get_next_chunk_data(
    handle: HANDLE,
    timeout: u32,
    event_count: u32,
    events: *const HANDLE,
    buffer_size: *mut u32,
    buffer: *mut MIRACAST_CHUNK_DATA,
    outstanding: *mut u32,
) -> NtStatus {
    let _emulator = ledger::enter_emulator("GetNextChunkData");
    let Some(state) = find("GetNextChunkData", handle) else {
        return NtStatus::INSTANCE_NOT_AVAILABLE;
    };
    if event_count > MAX_ADDITIONAL_EVENTS {
        let text = format!("GetNextChunkData with {event_count} events");
        state.log.violation("DDI-53", text);
        return NtStatus::INVALID_PARAMETER;
    }
    let missing_events = events.is_null() && event_count > 0;
    if missing_events || buffer_size.is_null() || buffer.is_null() || outstanding.is_null() {
        let text = "GetNextChunkData with a NULL that is not optional";
        state.log.violation("SAL", text);
        return NtStatus::INVALID_PARAMETER;
    }
    let events = if event_count == 0 {
        &[]
    } else {
        // SAFETY: by the contract the driver lends so many handles; NULL was refused.
        unsafe { core::slice::from_raw_parts(events, event_count as usize) }
    };
    // SAFETY: NULL was refused; by the contract it is to a UINT of the driver.
    let room = unsafe { buffer_size.read() };
    let limit = (timeout != INFINITE).then(|| Duration::from_millis(timeout.into()));
    let (status, bytes, left) = next_chunk(&state, room as usize, events, limit);
    // SAFETY: the driver lends `room` bytes and no more are returned; the source is ours.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len()) };
    // SAFETY: as for reading it.
    unsafe { buffer_size.write(bytes.len() as u32) };
    // SAFETY: NULL was refused; by the contract it is to a UINT of the driver.
    unsafe { outstanding.write(left as u32) };
    status
}

/// The status, the records and the number of records that are left.
fn next_chunk(
    state: &State,
    room: usize,
    events: &[HANDLE],
    limit: Option<Duration>,
) -> (NtStatus, Vec<u8>, usize) {
    if !state.options.takes_timers && events.iter().any(|event| is_timer(*event)) {
        return (OBJECT_TYPE_MISMATCH, Vec::new(), 0);
    }
    if !state.chunks.enter() {
        let text = "two threads are in GetNextChunkData";
        state.log.violation("DDI-43", text);
        return (NtStatus::INVALID_DEVICE_STATE, Vec::new(), 0);
    }
    let next = state
        .chunks
        .next(room, events, limit, || state.is_session_gone());
    state.chunks.leave();
    let status = match next {
        Next::Chunks { bytes, left } => return (NtStatus::SUCCESS, bytes, left),
        Next::TooSmall => NtStatus::BUFFER_TOO_SMALL,
        // STATUS_WAIT_0 + index.
        Next::Event(index) => NtStatus(index as u32),
        Next::Timeout => NtStatus::TIMEOUT,
        Next::Lost => NtStatus::CONNECTION_RESET,
        Next::Gone => NtStatus::INSTANCE_NOT_AVAILABLE,
        Next::BadEvent(index) => {
            let text = format!("event {index} of GetNextChunkData cannot be waited for");
            state.log.violation("SAL", text);
            NtStatus::INVALID_PARAMETER
        }
    };
    (status, Vec::new(), 0)
}

unsafe extern "system" fn register_for_data_rate_notifications(
    handle: HANDLE,
    context: PVOID,
    notify: PFN_DATARATE_NOTIFICATION,
) -> NtStatus {
    let _emulator = ledger::enter_emulator("RegisterForDataRateNotifications");
    let Some(state) = find("RegisterForDataRateNotifications", handle) else {
        return NtStatus::INVALID_PARAMETER;
    };
    if !matches!(state.life.own_call(), Some(Call::Start | Call::Stop)) {
        let text = "RegisterForDataRateNotifications on a thread that is not in Start or Stop";
        state.log.violation("DDI-44", text);
        return NtStatus::NOT_SUPPORTED;
    }
    let status = state.rates.register(notify, context.expose_provenance());
    if !status.is_success() {
        let what = if notify.is_some() {
            "registered twice"
        } else {
            "unregistered without a registration"
        };
        let text = format!("data-rate notifications were {what}");
        state.log.violation("DDI-45", text);
    }
    status
}
