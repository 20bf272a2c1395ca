/*
 * The part of netdispumdddi.h (Windows 8.1 and later) that a Miracast user-mode driver meets, typed
 * from the documented interface for compilers that have no Windows Driver Kit.
 *
 * The driver has the same interface typed once more, in Rust. The two share no line and no
 * generator: what they agree on, a C compiler and a Rust compiler have found independently. The
 * numbers that they must come to are in layout.c.
 *
 * Names, the misspelled one included, are those of the kit's header. The members *_FORCE_UINT32 of
 * its enumerations are left out: they only make an enumeration 32 bits wide, which layout.c
 * asserts.
 */
#ifndef ABI_NETDISPUMDDDI_H
#define ABI_NETDISPUMDDDI_H

#include "windows_headers.h"

#define MIRACAST_DRIVER_INTERFACE_VERSION_1 1
#define MAX_ADDITIONAL_EVENTS 4

typedef enum {
    MIRACAST_STATUS_CRITICAL_ERROR = 0,
    MIRACAST_STATUS_MISSING_KEEPALIVE = 1,
    MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST = 2,
    MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH = 3,
    MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE = 4,
    MIRACAST_STATUS_COMPANION_DRIVER_DISCONNECT = 5,
} MIRACAST_STATUS;

typedef enum {
    MIRACAST_PROTOCOL_EVENT_IFRAME_RQ = 0,
    MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE = 1,
    MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART = 2,
    MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE = 3,
} MIRACAST_PROTOCOL_EVENT;

typedef enum {
    MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE = 0,
    MIRACAST_STATISTIC_TYPE_CHUNK_SENT = 1,
    MIRACAST_STATISTIC_TYPE_EVENT = 2,
} MIRACAST_STATISTIC_TYPE;

typedef enum {
    MIRACAST_CHUNK_TYPE_UNKNOWN = 0,
    MIRACAST_CHUNK_TYPE_COLOR_CONVERT_COMPLETE = 1,
    MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE = 2,
    MIRACAST_CHUNK_TYPE_FRAME_START = 3,
    MIRACAST_CHUNK_TYPE_FRAME_DROPPED = 4,
    MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_1 = (int)0x80000000,
    MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_2 = (int)0x80000001,
} MIRACAST_CHUNK_TYPE;

typedef union {
    struct {
        UINT64 FrameNumber : 40;
        UINT64 PartNumber : 24;
    };
    UINT64 Value;
} MIRACAST_CHUNK_ID;

typedef struct {
    MIRACAST_CHUNK_TYPE ChunkType;
    MIRACAST_CHUNK_ID ChunkId;
    UINT ProcessingTime; /* microseconds */
    UINT EncodeRate;     /* kilobit/s */
} MIRACAST_CHUNK_INFO;

typedef struct {
    MIRACAST_STATISTIC_TYPE StatisticType;
    union {
        struct {
            MIRACAST_CHUNK_INFO ChunkInfo;
        } EncodeComplete;
        struct {
            MIRACAST_CHUNK_ID ChunkId;
        } ChunkSent;
        struct {
            MIRACAST_PROTOCOL_EVENT Event;
        } ProtocolEvent;
    };
} MIRACAST_STATISTIC_DATA;

/* A record is offsetof(PrivateDriverData) + PrivateDriverDataSize bytes long, not the size of this
 * structure; the next record follows at once and need not be aligned. */
typedef struct {
    MIRACAST_CHUNK_INFO ChunkInfo;
    UINT PrivateDriverDataSize;
    UCHAR PrivateDriverData[1];
} MIRACAST_CHUNK_DATA;

/* Rates in bit/s; the counters count frames of the link since the notification before. */
typedef struct {
    UINT64 EncoderBitRate;
    UINT64 CurrentMaxTxDataRate;
    UINT64 TransmittedFrameCount;
    UINT64 FailedFrameCount;
    UINT64 RetriedFrameCount;
    UINT64 MultipleRetryFrameCount;
} MIRACAST_DATARATE_STATS;

/* In bit/s. */
typedef struct {
    UINT64 CurrentBitRate;
    UINT64 LocalMaxBitRate;
    UINT64 RemoteMaxBitRate;
} MIRACAST_WFD_CONNECTION_STATS;

typedef union {
    struct {
        UINT MonitorConnected : 1;
        UINT ReducedModeListDueToBandwidth : 1;
        UINT Reserved : 30;
    };
    UINT Value;
} MIRACAST_SESSION_INFO;

/* The functions of the operating system. */
typedef void(NTAPI *PFN_REPORT_SESSION_STATUS)(HANDLE Device, MIRACAST_STATUS MiracastStatus,
                                               NTSTATUS Status);
typedef NTSTATUS(NTAPI *PFN_MIRACAST_IO_CONTROL)(HANDLE Device, BOOL HardwareAccess,
                                                 UINT InputBufferSize, void *InputBuffer,
                                                 UINT OutputBufferSize, void *OutputBuffer,
                                                 UINT *BytesReturned);
typedef void(NTAPI *PFN_REPORT_STATISTIC)(HANDLE Device, MIRACAST_STATISTIC_DATA *Data);
typedef NTSTATUS(NTAPI *PFN_GET_NEXT_CHUNK_DATA)(HANDLE Device, UINT TimeoutInMilliseconds,
                                                 UINT AdditionalWaitEventCount,
                                                 HANDLE *AdditionalWaitEvents,
                                                 UINT *ChunkDataBufferSize,
                                                 MIRACAST_CHUNK_DATA *ChunkDataBuffer,
                                                 UINT *OutstandingChunksToProcess);
typedef void(NTAPI *PFN_DATARATE_NOTIFICATION)(PVOID Context, MIRACAST_DATARATE_STATS *Stats);
typedef NTSTATUS(NTAPI *PFN_REGISTER_DATARATE_NOTIFICATIONS)(
    HANDLE Device, PVOID NotificationContext, PFN_DATARATE_NOTIFICATION DataRateNotify);

typedef struct {
    PFN_REPORT_SESSION_STATUS ReportSessionStatus;
    PFN_MIRACAST_IO_CONTROL MiracastIoControl;
    PFN_REPORT_STATISTIC ReportStatistic;
    PFN_GET_NEXT_CHUNK_DATA GetNextChunkData;
    PFN_REGISTER_DATARATE_NOTIFICATIONS RegisterForDataRateNotifications;
} MIRACAST_CALLBACKS;

/* The functions of the driver. */
typedef NTSTATUS(NTAPI *PFN_CREATE_MIRACAST_CONTEXT)(HANDLE Device, MIRACAST_CALLBACKS *Callbacks,
                                                     PVOID *Context);
typedef void(NTAPI *PFN_DESTROY_MIRACAST_CONTEXT)(PVOID Context);
typedef NTSTATUS(NTAPI *PFN_START_MIRACAST_SESSION)(PVOID Context, SOCKET RtspSocket,
                                                    MIRACAST_WFD_CONNECTION_STATS *Stats,
                                                    MIRACAST_SESSION_INFO *Info);
typedef void(NTAPI *PFN_STOP_MIRACAST_SESSION)(PVOID Context);
typedef NTSTATUS(NTAPI *PFN_HANDLE_KERNEL_MODE_MESSAGE)(PVOID Context, UINT InputBufferSize,
                                                        void *InputBuffer, UINT OutputBufferSize,
                                                        void *OutputBuffer, UINT *BytesReturned);

typedef struct {
    UINT Size;
    PFN_CREATE_MIRACAST_CONTEXT CreateMiracastContext;
    PFN_DESTROY_MIRACAST_CONTEXT DestroyMiracastContext;
    PFN_START_MIRACAST_SESSION StartMiracastSession;
    PFN_STOP_MIRACAST_SESSION StopMiracastSession;
    PFN_HANDLE_KERNEL_MODE_MESSAGE HandleKernelModeMessage;
} MIRACAST_DRIVER_INTERFACE;

/* The only export of a driver. */
typedef NTSTATUS(NTAPI *QUERY_MIRACAST_DRIVER_INTERFACE)(UINT Version, UINT Size, void *Interface);

#endif
