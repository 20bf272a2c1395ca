//! What Windows answers and what it is told, at the border.

use core::cell::RefCell;
use core::time::Duration;
use std::boxed::Box;
use std::vec::Vec;

use super::*;
use crate::ddi::abi::MIRACAST_STATISTIC_TYPE;

/// The operating system behind the table: what it answers, and what it was told. Its address is the
/// device's handle.
struct Os {
    /// What GetNextChunkData returns, and how many bytes it says that it has filled.
    answer: (NtStatus, u32),
    statistics: Vec<MIRACAST_STATISTIC_DATA>,
    /// HardwareAccess of each request.
    flushes: Vec<BOOL>,
}

/// The system of a handle.
fn os(device: HANDLE) -> &'static RefCell<Os> {
    // SAFETY: the handle is the address of a cell that `system` has leaked.
    unsafe { &*device.cast::<RefCell<Os>>() }
}

unsafe extern "system" fn report_session_status(_: HANDLE, _: MIRACAST_STATUS, _: NtStatus) {}

unsafe extern "system" fn io_control(
    device: HANDLE,
    hardware_access: BOOL,
    _: u32,
    _: *const c_void,
    _: u32,
    _: *mut c_void,
    _: *mut u32,
) -> NtStatus {
    os(device).borrow_mut().flushes.push(hardware_access);
    NtStatus::SUCCESS
}

unsafe extern "system" fn report_statistic(device: HANDLE, data: *const MIRACAST_STATISTIC_DATA) {
    // SAFETY: the driver lends a whole structure.
    let data = unsafe { data.read() };
    os(device).borrow_mut().statistics.push(data);
}

unsafe extern "system" fn get_next_chunk_data(
    device: HANDLE,
    _: u32,
    _: u32,
    _: *const HANDLE,
    size: *mut u32,
    _: *mut MIRACAST_CHUNK_DATA,
    _: *mut u32,
) -> NtStatus {
    let (status, filled) = os(device).borrow().answer;
    // SAFETY: the driver lends a word.
    unsafe { size.write(filled) };
    status
}

unsafe extern "system" fn register(_: HANDLE, _: PVOID, _: PFN_DATARATE_NOTIFICATION) -> NtStatus {
    NtStatus::SUCCESS
}

/// A system, and the driver's way to it.
fn system() -> (&'static RefCell<Os>, Callbacks) {
    let table = MIRACAST_CALLBACKS {
        ReportSessionStatus: Some(report_session_status),
        MiracastIoControl: Some(io_control),
        ReportStatistic: Some(report_statistic),
        GetNextChunkData: Some(get_next_chunk_data),
        RegisterForDataRateNotifications: Some(register),
    };
    let os: &'static RefCell<Os> = Box::leak(Box::new(RefCell::new(Os {
        answer: (NtStatus::TIMEOUT, 0),
        statistics: Vec::new(),
        flushes: Vec::new(),
    })));
    let device = ptr::from_ref(os).cast_mut().cast();
    (os, Callbacks::new(device, &table).expect("a whole table"))
}

#[test]
fn each_answer_of_get_next_chunk_data_is_told_apart() {
    const CAPACITY: u32 = limits::CHUNK_BUFFER as u32;
    let (os, callbacks) = system();
    let mut buffer = ChunkBuffer([0; limits::CHUNK_BUFFER]);
    let too_small = NtStatus::BUFFER_TOO_SMALL;
    for (answer, woken) in [
        ((NtStatus::SUCCESS, 52), Woken::Chunks(52)),
        // STATUS_WAIT_0 is the same number.
        ((NtStatus::SUCCESS, 0), Woken::Event(Signal::Inbox)),
        ((NtStatus::WAIT_1, 0), Woken::Event(Signal::Rtsp)),
        ((NtStatus::WAIT_2, 0), Woken::Event(Signal::Auxiliary)),
        ((NtStatus::WAIT_3, 0), Woken::Event(Signal::Timer)),
        ((NtStatus::TIMEOUT, 0), Woken::Timeout),
        ((NtStatus::CONNECTION_RESET, 0), Woken::Lost),
        ((NtStatus::INSTANCE_NOT_AVAILABLE, 0), Woken::Gone),
        ((too_small, CAPACITY + 1), Woken::Failed(too_small)),
        // More than there is room for cannot have been filled.
        (
            (NtStatus::SUCCESS, CAPACITY + 1),
            Woken::Chunks(limits::CHUNK_BUFFER),
        ),
    ] {
        os.borrow_mut().answer = answer;
        let got = callbacks.next_chunks(Duration::ZERO, &[], &mut buffer);
        assert_eq!(got, woken, "{answer:?}");
    }
}

/// The type of a statistic, and the member that is valid by it as a number of 64 bits.
fn written(data: &MIRACAST_STATISTIC_DATA) -> (MIRACAST_STATISTIC_TYPE, u64) {
    let kind = data.StatisticType;
    let value = match kind {
        MIRACAST_STATISTIC_TYPE_CHUNK_SENT => {
            // SAFETY: the type says that this member is valid.
            unsafe { data.Member.ChunkSent }.Value
        }
        MIRACAST_STATISTIC_TYPE_EVENT => {
            // SAFETY: as above.
            let event = unsafe { data.Member.ProtocolEvent };
            u64::from(event)
        }
        _ => {
            // SAFETY: the third member, and any bytes are valid.
            let info = unsafe { data.Member.EncodeComplete };
            assert_eq!(info.ChunkType, MIRACAST_CHUNK_TYPE_FRAME_DROPPED);
            // Times and rates are of stages that the driver has no part in (DDI-58).
            assert_eq!((info.ProcessingTime, info.EncodeRate), (0, 0));
            info.ChunkId.Value
        }
    };
    (kind, value)
}

#[test]
fn each_statistic_is_written_as_its_type_has_it() {
    let (os, callbacks) = system();
    let id = MIRACAST_CHUNK_ID::new(101, 1).Value;
    let event = |event| (MIRACAST_STATISTIC_TYPE_EVENT, u64::from(event));
    for (statistic, expected) in [
        (
            Statistic::ChunkSent { id },
            (MIRACAST_STATISTIC_TYPE_CHUNK_SENT, id),
        ),
        (
            Statistic::ChunkDropped { id },
            (MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE, id),
        ),
        (
            Statistic::IdrRequested,
            event(MIRACAST_PROTOCOL_EVENT_IFRAME_RQ),
        ),
        (
            Statistic::MonitorArrived,
            event(MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE),
        ),
        (
            Statistic::MonitorDeparted,
            event(MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART),
        ),
    ] {
        callbacks.report_statistic(statistic);
        let told = os.borrow_mut().statistics.pop().expect("a report");
        assert_eq!(written(&told), expected, "{statistic:?}");
    }
}

#[test]
fn no_request_flushes_the_gpu() {
    let (os, callbacks) = system();
    assert_eq!(callbacks.io_control(&[1, 2], &mut [0; 4]), Ok(0));
    assert_eq!(os.borrow().flushes, [0]);
}
