//! The wrong places of the probe: each swaps or moves something in the host's typing of the driver
//! interface, and names who must object and how.

/// One wrong place.
pub(super) struct Spoil {
    /// Text that the typing has once, and what takes its place.
    pub(super) right: &'static str,
    pub(super) wrong: &'static str,
    /// What the compiler says of it.
    pub(super) asserted: &'static str,
    /// The check that the DLL fails then, and the beginning of what it says.
    pub(super) check: &'static str,
    pub(super) objection: &'static str,
}

pub(super) const SPOILS: &[Spoil] = &[
    // The driver's table.
    Spoil {
        right: "    UINT Size;\n",
        wrong: "    UINT64 Reserved;\n    UINT Size;\n",
        asserted: "MIRACAST_DRIVER_INTERFACE.Size is at a wrong offset",
        check: "query-table",
        objection: "Size is ",
    },
    Spoil {
        right: "    PFN_STOP_MIRACAST_SESSION StopMiracastSession;\n    \
                PFN_HANDLE_KERNEL_MODE_MESSAGE HandleKernelModeMessage;\n",
        wrong: "    PFN_HANDLE_KERNEL_MODE_MESSAGE HandleKernelModeMessage;\n    \
                PFN_STOP_MIRACAST_SESSION StopMiracastSession;\n",
        asserted: "MIRACAST_DRIVER_INTERFACE.StopMiracastSession is at a wrong offset",
        check: "message-nulls",
        objection: "no input: status ",
    },
    Spoil {
        right: "MIRACAST_DRIVER_INTERFACE_VERSION_1 1",
        wrong: "MIRACAST_DRIVER_INTERFACE_VERSION_1 2",
        asserted: "MIRACAST_DRIVER_INTERFACE_VERSION_1 has a wrong value",
        check: "load",
        objection: "QueryMiracastDriverInterface: status C00000BB",
    },
    // The operating system's table.
    Spoil {
        right: "    PFN_MIRACAST_IO_CONTROL MiracastIoControl;\n    \
                PFN_REPORT_STATISTIC ReportStatistic;\n",
        wrong: "    PFN_REPORT_STATISTIC ReportStatistic;\n    \
                PFN_MIRACAST_IO_CONTROL MiracastIoControl;\n",
        asserted: "MIRACAST_CALLBACKS.MiracastIoControl is at a wrong offset",
        check: "create",
        objection: "ReportStatistic: data at ",
    },
    Spoil {
        right: "    PFN_REPORT_SESSION_STATUS ReportSessionStatus;\n    \
                PFN_MIRACAST_IO_CONTROL MiracastIoControl;\n    \
                PFN_REPORT_STATISTIC ReportStatistic;\n",
        wrong: "    PFN_REPORT_STATISTIC ReportStatistic;\n    \
                PFN_MIRACAST_IO_CONTROL MiracastIoControl;\n    \
                PFN_REPORT_SESSION_STATUS ReportSessionStatus;\n",
        asserted: "MIRACAST_CALLBACKS.ReportSessionStatus is at a wrong offset",
        check: "session-arrival",
        objection: "ReportSessionStatus: status ",
    },
    Spoil {
        right: "    PFN_GET_NEXT_CHUNK_DATA GetNextChunkData;\n    \
                PFN_REGISTER_DATARATE_NOTIFICATIONS RegisterForDataRateNotifications;\n",
        wrong: "    PFN_REGISTER_DATARATE_NOTIFICATIONS RegisterForDataRateNotifications;\n    \
                PFN_GET_NEXT_CHUNK_DATA GetNextChunkData;\n",
        asserted: "MIRACAST_CALLBACKS.GetNextChunkData is at a wrong offset",
        check: "session-arrival",
        objection: "GetNextChunkData: ",
    },
    Spoil {
        right: "MAX_ADDITIONAL_EVENTS 4",
        wrong: "MAX_ADDITIONAL_EVENTS 3",
        asserted: "MAX_ADDITIONAL_EVENTS has a wrong value",
        check: "session-arrival",
        objection: "GetNextChunkData: 4 additional events",
    },
    // What Start takes and gives.
    Spoil {
        right: "    UINT64 CurrentBitRate;\n    UINT64 LocalMaxBitRate;\n",
        wrong: "    UINT64 LocalMaxBitRate;\n    UINT64 CurrentBitRate;\n",
        asserted: "MIRACAST_WFD_CONNECTION_STATS.CurrentBitRate is at a wrong offset",
        check: "session-modes",
        objection: "Start: status C0000468",
    },
    Spoil {
        right: "        UINT MonitorConnected : 1;\n        UINT ReducedModeListDueToBandwidth : 1;\n        \
                UINT Reserved : 30;\n    };\n    UINT Value;\n",
        wrong: "        UINT Reserved : 30;\n        UINT ReducedModeListDueToBandwidth : 1;\n        \
                UINT MonitorConnected : 1;\n    };\n    UINT64 Value;\n",
        asserted: "MIRACAST_SESSION_INFO has a wrong size",
        check: "session-modes",
        objection: "MonitorConnected is 0",
    },
    // Rates.
    Spoil {
        right: "    UINT64 EncoderBitRate;\n    UINT64 CurrentMaxTxDataRate;\n",
        wrong: "    UINT64 CurrentMaxTxDataRate;\n    UINT64 EncoderBitRate;\n",
        asserted: "MIRACAST_DATARATE_STATS.EncoderBitRate is at a wrong offset",
        check: "media-rates",
        objection: "the rate is ",
    },
    // Chunks.
    Spoil {
        right: "    UINT PrivateDriverDataSize;\n",
        wrong: "    UINT PrivateDriverDataSize;\n    UINT Reserved;\n",
        asserted: "MIRACAST_CHUNK_DATA.PrivateDriverData is at a wrong offset",
        check: "media-packed",
        objection: "0 bytes of 2100 arrived",
    },
    Spoil {
        right: "    MIRACAST_CHUNK_ID ChunkId;\n    UINT ProcessingTime; /* microseconds */\n    \
                UINT EncodeRate;     /* kilobit/s */\n",
        wrong: "    UINT ProcessingTime; /* microseconds */\n    \
                UINT EncodeRate;     /* kilobit/s */\n    MIRACAST_CHUNK_ID ChunkId;\n",
        asserted: "MIRACAST_CHUNK_INFO.ChunkId is at a wrong offset",
        check: "media-packed",
        objection: "chunk ",
    },
    Spoil {
        right: "        UINT64 FrameNumber : 40;\n",
        wrong: "        UINT64 FrameNumber : 41;\n",
        asserted: "MIRACAST_CHUNK_ID has a wrong size",
        check: "chunk-identity",
        objection: "frame 101, part 1 is ",
    },
    Spoil {
        right: "FRAME_START = 3,\n    MIRACAST_CHUNK_TYPE_FRAME_DROPPED = 4,",
        wrong: "FRAME_START = 4,\n    MIRACAST_CHUNK_TYPE_FRAME_DROPPED = 3,",
        asserted: "MIRACAST_CHUNK_TYPE_FRAME_DROPPED has a wrong value",
        check: "media-lost",
        objection: "ReportStatistic: stage 4",
    },
    // Statistics.
    Spoil {
        right: "    MIRACAST_STATISTIC_TYPE StatisticType;\n",
        wrong: "    UINT64 Reserved;\n    MIRACAST_STATISTIC_TYPE StatisticType;\n",
        asserted: "MIRACAST_STATISTIC_DATA.StatisticType is at a wrong offset",
        check: "session-arrival",
        objection: "the arrival of the monitor is not reported",
    },
    Spoil {
        right: "CHUNK_SENT = 1,\n    MIRACAST_STATISTIC_TYPE_EVENT = 2,",
        wrong: "CHUNK_SENT = 2,\n    MIRACAST_STATISTIC_TYPE_EVENT = 1,",
        asserted: "MIRACAST_STATISTIC_TYPE_EVENT has a wrong value",
        check: "session-arrival",
        objection: "the arrival of the monitor is not reported",
    },
    Spoil {
        right: "IFRAME_RQ = 0,\n    MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE = 1,\n    \
                MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART = 2,",
        wrong: "IFRAME_RQ = 2,\n    MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE = 1,\n    \
                MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART = 0,",
        asserted: "MIRACAST_PROTOCOL_EVENT_IFRAME_RQ has a wrong value",
        check: "media-idr",
        objection: "the sink's wish for an IDR picture is not reported",
    },
    // Why a session ended.
    Spoil {
        right: "CRITICAL_ERROR = 0,\n    MIRACAST_STATUS_MISSING_KEEPALIVE = 1,",
        wrong: "CRITICAL_ERROR = 1,\n    MIRACAST_STATUS_MISSING_KEEPALIVE = 0,",
        asserted: "MIRACAST_STATUS_MISSING_KEEPALIVE has a wrong value",
        check: "end-by-large-chunk",
        objection: "status 0 is reported, not 1",
    },
    Spoil {
        right: "DISOCNNECT_REQUEST = 2,\n    MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH = 3,",
        wrong: "DISOCNNECT_REQUEST = 3,\n    MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH = 2,",
        asserted: "MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST has a wrong value",
        check: "end-by-sink",
        objection: "status 2 is reported, not 3",
    },
    Spoil {
        right: "STANDARD_MODE_CHANGE = 4,\n    MIRACAST_STATUS_COMPANION_DRIVER_DISCONNECT = 5,",
        wrong: "STANDARD_MODE_CHANGE = 5,\n    MIRACAST_STATUS_COMPANION_DRIVER_DISCONNECT = 4,",
        asserted: "MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE has a wrong value",
        check: "end-by-mode-change",
        objection: "status 4 is reported, not 5",
    },
];
