//! The functions that Windows offers, as safe calls.
//!
//! The pointers are checked once, when the context is made; the structure that held them may be
//! gone afterwards (DDI-10), so it is copied.

use core::ffi::c_void;
use core::ptr;
use core::time::Duration;

use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{Consumer, MapError};

use super::abi::{
    BOOL, HANDLE, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA, MIRACAST_CHUNK_ID, MIRACAST_CHUNK_INFO,
    MIRACAST_CHUNK_TYPE_FRAME_DROPPED, MIRACAST_PROTOCOL_EVENT_IFRAME_RQ,
    MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE, MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART,
    MIRACAST_STATISTIC_DATA, MIRACAST_STATISTIC_DATA_MEMBER,
    MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE, MIRACAST_STATISTIC_TYPE_CHUNK_SENT,
    MIRACAST_STATISTIC_TYPE_EVENT, MIRACAST_STATUS, MIRACAST_STATUS_CRITICAL_ERROR,
    MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH, MIRACAST_STATUS_MISSING_KEEPALIVE,
    MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST, MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE,
    PFN_DATARATE_NOTIFICATION, PVOID,
};
use crate::engine::{SessionStatus, Signal, Statistic};
use crate::limits;
use crate::os::RawHandle;

/// `HardwareAccess` of MiracastIoControl: TRUE would flush the GPU's DMA buffers (DDI-42).
const NO_HARDWARE_ACCESS: BOOL = 0;

const NANOS_PER_MILLI: u128 = 1_000_000;
/// The longest wait in milliseconds: one more would be `INFINITE` of winbase.h.
const LONGEST_WAIT: u32 = u32::MAX - 1;

/// The places of the additional events, which `GetNextChunkData` reports by number.
pub(crate) const SIGNALS: [Signal; 4] = [
    Signal::Inbox,
    Signal::Rtsp,
    Signal::Auxiliary,
    Signal::Timer,
];

/// What one `GetNextChunkData` came back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// So many bytes of the buffer are chunk records.
    Chunks(usize),
    /// An additional event.
    Event(Signal),
    /// Nothing in time.
    Timeout,
    /// Outstanding chunks are lost.
    Lost,
    /// The session is gone: leave.
    Gone,
    /// Anything else, a record that is larger than the buffer included.
    Failed(NtStatus),
}

/// What `GetNextChunkData` fills. Aligned for its first record; those that follow need not be.
#[derive(Debug)]
#[repr(C, align(8))]
pub(crate) struct ChunkBuffer(pub(crate) [u8; limits::CHUNK_BUFFER]);

const _: () = assert!(align_of::<ChunkBuffer>() >= align_of::<MIRACAST_CHUNK_DATA>());

/// The callbacks of one device.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callbacks {
    device: HANDLE,
    functions: MIRACAST_CALLBACKS,
}

// SAFETY: a handle and function pointers; the operating system's functions may be called on every
// thread (DDI-41 says what they answer there).
unsafe impl Send for Callbacks {}
// SAFETY: as above; there is nothing to change.
unsafe impl Sync for Callbacks {}

impl Callbacks {
    /// Takes the functions over. `None` if one is missing.
    pub(crate) fn new(device: HANDLE, functions: &MIRACAST_CALLBACKS) -> Option<Self> {
        let complete = functions.ReportSessionStatus.is_some()
            && functions.MiracastIoControl.is_some()
            && functions.ReportStatistic.is_some()
            && functions.GetNextChunkData.is_some()
            && functions.RegisterForDataRateNotifications.is_some();
        complete.then_some(Self {
            device,
            functions: *functions,
        })
    }

    /// Sends a request to the miniport. The result is the length of the reply.
    pub(crate) fn io_control(&self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus> {
        let Some(io_control) = self.functions.MiracastIoControl else {
            return Err(NtStatus::NOT_SUPPORTED);
        };
        let (request_len, reply_len) = (request.len() as u32, reply.len() as u32);
        let mut returned = 0;
        // SAFETY: both buffers are valid for their lengths during the call, which is synchronous;
        // `device` is the handle that came with the function.
        let status = unsafe {
            io_control(
                self.device,
                NO_HARDWARE_ACCESS,
                request_len,
                request.as_ptr().cast(),
                reply_len,
                reply.as_mut_ptr().cast(),
                &raw mut returned,
            )
        };
        if status.is_success() {
            Ok(returned.min(reply_len) as usize)
        } else {
            Err(status)
        }
    }

    /// Reports the end of the session.
    pub(crate) fn report_status(&self, status: SessionStatus, cause: NtStatus) {
        if let Some(report) = self.functions.ReportSessionStatus {
            // SAFETY: `device` is the handle that came with the function.
            unsafe { report(self.device, session_status(status), cause) };
        }
    }

    /// Reports a statistic.
    pub(crate) fn report_statistic(&self, statistic: Statistic) {
        let data = statistic_data(statistic);
        if let Some(report) = self.functions.ReportStatistic {
            // SAFETY: `data` lives until the call returns, and the member that its type names is set.
            unsafe { report(self.device, &raw const data) };
        }
    }

    /// Waits for chunks or one of the events, at most four, for at most `timeout`, which Windows
    /// takes in milliseconds: it is rounded up.
    pub(crate) fn next_chunks(
        &self,
        timeout: Duration,
        events: &[RawHandle],
        buffer: &mut ChunkBuffer,
    ) -> Woken {
        let Some(next) = self.functions.GetNextChunkData else {
            return Woken::Failed(NtStatus::NOT_SUPPORTED);
        };
        let capacity = buffer.0.len() as u32;
        let mut size = capacity;
        let mut outstanding = 0;
        let milliseconds = timeout.as_nanos().div_ceil(NANOS_PER_MILLI);
        let milliseconds = u32::try_from(milliseconds).unwrap_or(LONGEST_WAIT);
        // SAFETY: the events are open, and the buffer is valid for `size` bytes during the call and
        // aligned for MIRACAST_CHUNK_DATA.
        let status = unsafe {
            next(
                self.device,
                milliseconds,
                events.len() as u32,
                events.as_ptr(),
                &raw mut size,
                buffer.0.as_mut_ptr().cast::<c_void>().cast(),
                &raw mut outstanding,
            )
        };
        let signal = |index: usize| {
            SIGNALS
                .get(index)
                .copied()
                .map_or(Woken::Timeout, Woken::Event)
        };
        match status {
            // STATUS_SUCCESS is STATUS_WAIT_0: the size tells them apart (DDI-52).
            NtStatus::SUCCESS if size > 0 => Woken::Chunks(size.min(capacity) as usize),
            NtStatus::SUCCESS => signal(0),
            NtStatus::WAIT_1 => signal(1),
            NtStatus::WAIT_2 => signal(2),
            NtStatus::WAIT_3 => signal(3),
            NtStatus::TIMEOUT => Woken::Timeout,
            NtStatus::CONNECTION_RESET => Woken::Lost,
            NtStatus::INSTANCE_NOT_AVAILABLE => Woken::Gone,
            other => Woken::Failed(other),
        }
    }

    /// Asks for the data-rate notices, to be sent to `function` with `context`; `None` declines.
    pub(crate) fn register_rates(
        &self,
        context: PVOID,
        function: PFN_DATARATE_NOTIFICATION,
    ) -> NtStatus {
        let Some(register) = self.functions.RegisterForDataRateNotifications else {
            return NtStatus::NOT_SUPPORTED;
        };
        let context = if function.is_some() {
            context
        } else {
            ptr::null_mut()
        };
        // SAFETY: `context` is a token, not an address; `function` checks it before use.
        unsafe { register(self.device, context, function) }
    }
}

/// Maps the ring of a stream that the miniport has just opened.
pub(crate) fn map_ring(opened: &StreamOpened) -> Result<Consumer, MapError> {
    let base = ptr::with_exposed_provenance_mut::<u8>(opened.ring_base as usize);
    // SAFETY: the miniport promises with the reply to STREAM_OPEN that the ring is mapped in this
    // process until STREAM_CLOSE returns, that it keeps to the ring's protocol, and that there is
    // one consumer; the engine drops the consumer before it sends STREAM_CLOSE.
    let ring = unsafe { Consumer::map(base, opened.control_len, opened.data_len) }?;
    Ok(ring.with_attributes(opened.attributes))
}

fn session_status(status: SessionStatus) -> MIRACAST_STATUS {
    match status {
        SessionStatus::Critical => MIRACAST_STATUS_CRITICAL_ERROR,
        SessionStatus::MissingKeepAlive => MIRACAST_STATUS_MISSING_KEEPALIVE,
        SessionStatus::SinkDisconnected => MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST,
        SessionStatus::InsufficientBandwidth => MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH,
        SessionStatus::SinkFailedModeChange => MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE,
    }
}

fn statistic_data(statistic: Statistic) -> MIRACAST_STATISTIC_DATA {
    let event = |event| MIRACAST_STATISTIC_DATA {
        StatisticType: MIRACAST_STATISTIC_TYPE_EVENT,
        Member: MIRACAST_STATISTIC_DATA_MEMBER {
            ProtocolEvent: event,
        },
    };
    match statistic {
        Statistic::ChunkSent { id } => MIRACAST_STATISTIC_DATA {
            StatisticType: MIRACAST_STATISTIC_TYPE_CHUNK_SENT,
            Member: MIRACAST_STATISTIC_DATA_MEMBER {
                ChunkSent: MIRACAST_CHUNK_ID { Value: id },
            },
        },
        Statistic::ChunkDropped { id } => MIRACAST_STATISTIC_DATA {
            StatisticType: MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE,
            Member: MIRACAST_STATISTIC_DATA_MEMBER {
                EncodeComplete: MIRACAST_CHUNK_INFO {
                    ChunkType: MIRACAST_CHUNK_TYPE_FRAME_DROPPED,
                    ChunkId: MIRACAST_CHUNK_ID { Value: id },
                    ..MIRACAST_CHUNK_INFO::default()
                },
            },
        },
        Statistic::IdrRequested => event(MIRACAST_PROTOCOL_EVENT_IFRAME_RQ),
        Statistic::MonitorArrived => event(MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE),
        Statistic::MonitorDeparted => event(MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART),
    }
}

#[cfg(test)]
mod tests;
