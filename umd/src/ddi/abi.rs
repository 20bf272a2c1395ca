//! The binary interface of netdispumdddi.h (Windows 8.1 and later), written by hand.
//!
//! Names are the header's own, so that a search for one finds the header, its documentation and
//! this file. What this module is not: it has no behaviour beyond taking bit fields apart, and no
//! opinion about the order of calls.
//!
//! Rules: every type is `repr(C)`; C enumerations are integers with named constants, because the
//! other side may send any value; there is no `bool`, no reference and no private field; function
//! pointers are `Option`s, because a NULL is possible in each. Input pointers are `*const` where
//! the header, which predates such care, says plain `*`.

#![expect(
    non_camel_case_types,
    non_snake_case,
    reason = "the names are those of netdispumdddi.h, so that they can be searched for"
)]

use core::ffi::c_void;

pub use miracast_kmd_iface::NtStatus;

/// An object handle of the operating system.
pub type HANDLE = *mut c_void;
/// A Winsock socket: an integer of pointer size.
pub type SOCKET = usize;
/// A C truth value: zero or not.
pub type BOOL = i32;
/// An untyped pointer of the driver or of the operating system.
pub type PVOID = *mut c_void;

/// The only version of [`MIRACAST_DRIVER_INTERFACE`].
pub const MIRACAST_DRIVER_INTERFACE_VERSION_1: u32 = 1;
/// Most events that `GetNextChunkData` waits for besides chunks.
pub const MAX_ADDITIONAL_EVENTS: u32 = 4;
/// A timeout of `GetNextChunkData` that never ends.
pub const INFINITE: u32 = u32::MAX;
/// Where the private data of a chunk record begins. A record is this long plus
/// `PrivateDriverDataSize`, not `size_of::<MIRACAST_CHUNK_DATA>()`: the next record of a buffer
/// begins there, unaligned.
pub const PRIVATE_DATA_OFFSET: usize = 28;

/// Why a session ended; first argument of `ReportSessionStatus`.
pub type MIRACAST_STATUS = u32;
/// Any fatal error that has no value of its own.
pub const MIRACAST_STATUS_CRITICAL_ERROR: MIRACAST_STATUS = 0;
/// The sink did not answer the keep-alive (M16).
pub const MIRACAST_STATUS_MISSING_KEEPALIVE: MIRACAST_STATUS = 1;
/// The sink asked to disconnect. The misspelling is the header's.
pub const MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST: MIRACAST_STATUS = 2;
/// The link can no longer carry the current mode.
pub const MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH: MIRACAST_STATUS = 3;
/// The sink failed a change to a CEA, VESA or handheld mode.
pub const MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE: MIRACAST_STATUS = 4;
/// In the header and not documented; the driver does not use it.
pub const MIRACAST_STATUS_COMPANION_DRIVER_DISCONNECT: MIRACAST_STATUS = 5;

/// A protocol event that the operating system logs.
pub type MIRACAST_PROTOCOL_EVENT = u32;
/// The sink asked for an IDR picture (M13).
pub const MIRACAST_PROTOCOL_EVENT_IFRAME_RQ: MIRACAST_PROTOCOL_EVENT = 0;
/// A monitor was attached to the sink.
pub const MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE: MIRACAST_PROTOCOL_EVENT = 1;
/// A monitor was detached from the sink.
pub const MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART: MIRACAST_PROTOCOL_EVENT = 2;
/// Reserved for the system: a driver must not report it (DDI-32).
pub const MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE: MIRACAST_PROTOCOL_EVENT = 3;

/// Which member of [`MIRACAST_STATISTIC_DATA_MEMBER`] is valid.
pub type MIRACAST_STATISTIC_TYPE = u32;
/// `EncodeComplete` is valid.
pub const MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE: MIRACAST_STATISTIC_TYPE = 0;
/// `ChunkSent` is valid.
pub const MIRACAST_STATISTIC_TYPE_CHUNK_SENT: MIRACAST_STATISTIC_TYPE = 1;
/// `ProtocolEvent` is valid.
pub const MIRACAST_STATISTIC_TYPE_EVENT: MIRACAST_STATISTIC_TYPE = 2;

/// The stage of processing that a chunk record tells of.
pub type MIRACAST_CHUNK_TYPE = u32;
/// No stage.
pub const MIRACAST_CHUNK_TYPE_UNKNOWN: MIRACAST_CHUNK_TYPE = 0;
/// Colour conversion is done.
pub const MIRACAST_CHUNK_TYPE_COLOR_CONVERT_COMPLETE: MIRACAST_CHUNK_TYPE = 1;
/// Encoding is done.
pub const MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE: MIRACAST_CHUNK_TYPE = 2;
/// Work on a frame began.
pub const MIRACAST_CHUNK_TYPE_FRAME_START: MIRACAST_CHUNK_TYPE = 3;
/// A frame or part that was begun will not be sent.
pub const MIRACAST_CHUNK_TYPE_FRAME_DROPPED: MIRACAST_CHUNK_TYPE = 4;
/// Free for diagnosis.
pub const MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_1: MIRACAST_CHUNK_TYPE = 0x8000_0000;
/// Free for diagnosis.
pub const MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_2: MIRACAST_CHUNK_TYPE = 0x8000_0001;

/// A frame number of 40 bits and a part number of 24, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct MIRACAST_CHUNK_ID {
    /// Bits 0..=39: `FrameNumber`. Bits 40..=63: `PartNumber`.
    pub Value: u64,
}

impl MIRACAST_CHUNK_ID {
    /// The identity of part `part` of frame `frame`; each is cut to its width, as the header's bit
    /// fields do (DDI-64).
    pub const fn new(frame: u64, part: u32) -> Self {
        let frame = frame & ((1 << 40) - 1);
        Self {
            Value: frame | (part as u64) << 40,
        }
    }

    /// `FrameNumber`: the same for every chunk of one desktop frame (DDI-54).
    pub const fn frame_number(self) -> u64 {
        self.Value & ((1 << 40) - 1)
    }

    /// `PartNumber`: 0 is the last part of the frame (DDI-55).
    pub const fn part_number(self) -> u32 {
        (self.Value >> 40) as u32
    }
}

/// One stage of processing of one chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct MIRACAST_CHUNK_INFO {
    /// The stage.
    pub ChunkType: MIRACAST_CHUNK_TYPE,
    /// The chunk.
    pub ChunkId: MIRACAST_CHUNK_ID,
    /// How long the stage took, in microseconds.
    pub ProcessingTime: u32,
    /// The encoder's rate, in kilobit/s.
    pub EncodeRate: u32,
}

/// The head of a chunk record that `GetNextChunkData` returns. See [`PRIVATE_DATA_OFFSET`].
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct MIRACAST_CHUNK_DATA {
    /// What the miniport told of the chunk.
    pub ChunkInfo: MIRACAST_CHUNK_INFO,
    /// Bytes of private data that follow.
    pub PrivateDriverDataSize: u32,
    /// The first byte of the private data.
    pub PrivateDriverData: [u8; 1],
}

/// The nameless union in [`MIRACAST_STATISTIC_DATA`]. The header wraps each member in a structure
/// of its own; a structure with one member has that member's layout.
#[derive(Clone, Copy)]
#[repr(C)]
pub union MIRACAST_STATISTIC_DATA_MEMBER {
    /// A stage of processing is complete: `EncodeComplete.ChunkInfo`.
    pub EncodeComplete: MIRACAST_CHUNK_INFO,
    /// A chunk is about to be sent: `ChunkSent.ChunkId`.
    pub ChunkSent: MIRACAST_CHUNK_ID,
    /// A protocol event: `ProtocolEvent.Event`.
    pub ProtocolEvent: MIRACAST_PROTOCOL_EVENT,
}

impl core::fmt::Debug for MIRACAST_STATISTIC_DATA_MEMBER {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MIRACAST_STATISTIC_DATA_MEMBER")
    }
}

/// What `ReportStatistic` takes.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct MIRACAST_STATISTIC_DATA {
    /// Which member of the union is valid.
    pub StatisticType: MIRACAST_STATISTIC_TYPE,
    /// The union, nameless in the header.
    pub Member: MIRACAST_STATISTIC_DATA_MEMBER,
}

/// The quality of the link; counters count since the notification before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct MIRACAST_DATARATE_STATS {
    /// Rate of audio and video together that Windows recommends, in bit/s.
    pub EncoderBitRate: u64,
    /// Theoretical rate of the Wi-Fi link, in bit/s.
    pub CurrentMaxTxDataRate: u64,
    /// Wi-Fi frames that were sent without a retry.
    pub TransmittedFrameCount: u64,
    /// Wi-Fi frames that were given up.
    pub FailedFrameCount: u64,
    /// Wi-Fi frames that went through at the first retry.
    pub RetriedFrameCount: u64,
    /// Wi-Fi frames that took more than one retry.
    pub MultipleRetryFrameCount: u64,
}

/// The rates at the start of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct MIRACAST_WFD_CONNECTION_STATS {
    /// Rate of audio and video together that Windows recommends, in bit/s.
    pub CurrentBitRate: u64,
    /// Highest rate of the local radio, in bit/s.
    pub LocalMaxBitRate: u64,
    /// Highest rate of the sink's radio, in bit/s.
    pub RemoteMaxBitRate: u64,
}

/// What `StartMiracastSession` found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct MIRACAST_SESSION_INFO {
    /// `MONITOR_CONNECTED` and `REDUCED_MODE_LIST_DUE_TO_BANDWIDTH`; the other bits are 0 (DDI-21).
    pub Value: u32,
}

impl MIRACAST_SESSION_INFO {
    /// Bit 0: a monitor is connected to the sink (DDI-18).
    pub const MONITOR_CONNECTED: u32 = 1 << 0;
    /// Bit 1: modes are left out because of the suggested rate (DDI-20).
    pub const REDUCED_MODE_LIST_DUE_TO_BANDWIDTH: u32 = 1 << 1;
    /// Bits 2..=31.
    pub const RESERVED: u32 = !(Self::MONITOR_CONNECTED | Self::REDUCED_MODE_LIST_DUE_TO_BANDWIDTH);
}

/// The function that Windows looks for in the DLL, by the name `QueryMiracastDriverInterface`.
/// Arguments: version, size of the structure in bytes, the structure to fill.
pub type QUERY_MIRACAST_DRIVER_INTERFACE =
    unsafe extern "system" fn(u32, u32, *mut c_void) -> NtStatus;

/// Reports that a session has ended. Arguments: device, reason, a status that is only logged.
pub type PFN_REPORT_SESSION_STATUS =
    Option<unsafe extern "system" fn(HANDLE, MIRACAST_STATUS, NtStatus)>;

/// Sends a request to the miniport and waits for its answer. Arguments: device, hardware access
/// (never, DDI-42), input size and buffer, output size and buffer, bytes returned (may be NULL).
pub type PFN_MIRACAST_IO_CONTROL = Option<
    unsafe extern "system" fn(
        HANDLE,
        BOOL,
        u32,
        *const c_void,
        u32,
        *mut c_void,
        *mut u32,
    ) -> NtStatus,
>;

/// Reports a statistic. Arguments: device, what there is to report.
pub type PFN_REPORT_STATISTIC =
    Option<unsafe extern "system" fn(HANDLE, *const MIRACAST_STATISTIC_DATA)>;

/// Waits for chunks and events. Arguments: device, timeout in milliseconds, number of events, the
/// events (may be NULL), size of the buffer (in: room, out: bytes filled), the buffer, and the
/// number of chunks still queued, which is a hint.
pub type PFN_GET_NEXT_CHUNK_DATA = Option<
    unsafe extern "system" fn(
        HANDLE,
        u32,
        u32,
        *const HANDLE,
        *mut u32,
        *mut MIRACAST_CHUNK_DATA,
        *mut u32,
    ) -> NtStatus,
>;

/// The driver's own function that Windows calls once a second (DDI-46). Arguments: the context
/// that was registered, the statistics or NULL if there will be no more (DDI-47).
pub type PFN_DATARATE_NOTIFICATION =
    Option<unsafe extern "system" fn(PVOID, *const MIRACAST_DATARATE_STATS)>;

/// Registers the function above, or removes it if it is NULL. Arguments: device, context,
/// function.
pub type PFN_REGISTER_DATARATE_NOTIFICATIONS =
    Option<unsafe extern "system" fn(HANDLE, PVOID, PFN_DATARATE_NOTIFICATION) -> NtStatus>;

/// What Windows offers to the driver. The structure has neither a size nor a version.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct MIRACAST_CALLBACKS {
    /// Ends the session with a reason.
    pub ReportSessionStatus: PFN_REPORT_SESSION_STATUS,
    /// Talks to the miniport.
    pub MiracastIoControl: PFN_MIRACAST_IO_CONTROL,
    /// Reports for the log.
    pub ReportStatistic: PFN_REPORT_STATISTIC,
    /// Waits for chunks and events.
    pub GetNextChunkData: PFN_GET_NEXT_CHUNK_DATA,
    /// Asks for, or declines, notices on the link.
    pub RegisterForDataRateNotifications: PFN_REGISTER_DATARATE_NOTIFICATIONS,
}

/// Arguments: device, callbacks, the context to return.
pub type PFN_CREATE_MIRACAST_CONTEXT =
    Option<unsafe extern "system" fn(HANDLE, *const MIRACAST_CALLBACKS, *mut PVOID) -> NtStatus>;

/// Argument: the context.
pub type PFN_DESTROY_MIRACAST_CONTEXT = Option<unsafe extern "system" fn(PVOID)>;

/// Arguments: context, connected RTSP socket, rates of the link, what was found out.
pub type PFN_START_MIRACAST_SESSION = Option<
    unsafe extern "system" fn(
        PVOID,
        SOCKET,
        *const MIRACAST_WFD_CONNECTION_STATS,
        *mut MIRACAST_SESSION_INFO,
    ) -> NtStatus,
>;

/// Argument: the context.
pub type PFN_STOP_MIRACAST_SESSION = Option<unsafe extern "system" fn(PVOID)>;

/// A message of the miniport. Arguments: context, input size and buffer, output size and buffer,
/// bytes returned.
pub type PFN_HANDLE_KMD_MESSAGE = Option<
    unsafe extern "system" fn(PVOID, u32, *const c_void, u32, *mut c_void, *mut u32) -> NtStatus,
>;

/// What the driver offers to Windows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct MIRACAST_DRIVER_INTERFACE {
    /// Size of this structure in bytes.
    pub Size: u32,
    /// Makes a context.
    pub CreateMiracastContext: PFN_CREATE_MIRACAST_CONTEXT,
    /// Ends a context, within 3 seconds (DDI-12).
    pub DestroyMiracastContext: PFN_DESTROY_MIRACAST_CONTEXT,
    /// Starts a session on a connected socket.
    pub StartMiracastSession: PFN_START_MIRACAST_SESSION,
    /// Ends a session.
    pub StopMiracastSession: PFN_STOP_MIRACAST_SESSION,
    /// Takes a message of the miniport.
    pub HandleKernelModeMessage: PFN_HANDLE_KMD_MESSAGE,
}

/// Holds a structure against what a C compiler makes of the header.
macro_rules! layout {
    ($ty:ident: size $size:literal, align $align:literal, { $($field:ident @ $offset:literal),* }) => {
        const _: () = {
            assert!(size_of::<$ty>() == $size);
            assert!(align_of::<$ty>() == $align);
            $(assert!(core::mem::offset_of!($ty, $field) == $offset);)*
        };
    };
}

// Offsets as compiled from the header for x64; ARM64 has the same.
layout!(MIRACAST_CHUNK_ID: size 8, align 8, { Value @ 0 });
layout!(MIRACAST_CHUNK_INFO: size 24, align 8, {
    ChunkType @ 0, ChunkId @ 8, ProcessingTime @ 16, EncodeRate @ 20
});
layout!(MIRACAST_CHUNK_DATA: size 32, align 8, {
    ChunkInfo @ 0, PrivateDriverDataSize @ 24, PrivateDriverData @ 28
});
layout!(MIRACAST_STATISTIC_DATA_MEMBER: size 24, align 8, {
    EncodeComplete @ 0, ChunkSent @ 0, ProtocolEvent @ 0
});
layout!(MIRACAST_STATISTIC_DATA: size 32, align 8, { StatisticType @ 0, Member @ 8 });
layout!(MIRACAST_DATARATE_STATS: size 48, align 8, {
    EncoderBitRate @ 0, CurrentMaxTxDataRate @ 8, TransmittedFrameCount @ 16,
    FailedFrameCount @ 24, RetriedFrameCount @ 32, MultipleRetryFrameCount @ 40
});
layout!(MIRACAST_WFD_CONNECTION_STATS: size 24, align 8, {
    CurrentBitRate @ 0, LocalMaxBitRate @ 8, RemoteMaxBitRate @ 16
});
layout!(MIRACAST_SESSION_INFO: size 4, align 4, { Value @ 0 });
// Where pointers are is stated for 64 bits only: x64 and ARM64 are what this driver is built for.
#[cfg(target_pointer_width = "64")]
const _: () = {
    layout!(MIRACAST_CALLBACKS: size 40, align 8, {
        ReportSessionStatus @ 0, MiracastIoControl @ 8, ReportStatistic @ 16,
        GetNextChunkData @ 24, RegisterForDataRateNotifications @ 32
    });
    layout!(MIRACAST_DRIVER_INTERFACE: size 48, align 8, {
        Size @ 0, CreateMiracastContext @ 8, DestroyMiracastContext @ 16,
        StartMiracastSession @ 24, StopMiracastSession @ 32, HandleKernelModeMessage @ 40
    });
};
const _: () =
    assert!(core::mem::offset_of!(MIRACAST_CHUNK_DATA, PrivateDriverData) == PRIVATE_DATA_OFFSET);

#[cfg(test)]
mod tests {
    use super::MIRACAST_CHUNK_ID;

    #[test]
    fn a_chunk_id_has_the_bytes_of_the_bit_fields() {
        let id = MIRACAST_CHUNK_ID::new(101, 1);
        assert_eq!(id.Value.to_le_bytes(), [0x65, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!((id.frame_number(), id.part_number()), (101, 1));
    }

    #[test]
    fn numbers_are_cut_to_their_widths() {
        let id = MIRACAST_CHUNK_ID::new(u64::MAX, u32::MAX);
        assert_eq!(id.frame_number(), (1 << 40) - 1);
        assert_eq!(id.part_number(), (1 << 24) - 1);
        assert_eq!(MIRACAST_CHUNK_ID::new(1 << 40, 1 << 24).Value, 0);
    }
}
