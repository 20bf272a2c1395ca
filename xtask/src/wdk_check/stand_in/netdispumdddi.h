/* A stand-in for the Windows Driver Kit's netdispumdddi.h, typed from the published reference pages
 * of that header (Windows 8.1 and later), for the type check on machines without the kit. It is
 * neither the kit's header nor made from the Rust types that are held against it. */
#ifndef STAND_IN_NETDISPUMDDDI_H
#define STAND_IN_NETDISPUMDDDI_H

#define MIRACAST_DRIVER_INTERFACE_VERSION_1 1
#define MAX_ADDITIONAL_EVENTS 4

typedef NTSTATUS (NTAPI *QUERY_MIRACAST_DRIVER_INTERFACE)(UINT version, UINT size, VOID *table);

typedef enum {
    MIRACAST_STATUS_CRITICAL_ERROR = 0,
    MIRACAST_STATUS_MISSING_KEEPALIVE = 1,
    MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST = 2,
    MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH = 3,
    MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE = 4,
    MIRACAST_STATUS_COMPANION_DRIVER_DISCONNECT = 5,
    MIRACAST_STATUS_FORCE_UINT32 = 0xFFFFFFFF
} MIRACAST_STATUS;

typedef enum {
    MIRACAST_PROTOCOL_EVENT_IFRAME_RQ = 0,
    MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE = 1,
    MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART = 2,
    MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE = 3,
    MIRACAST_PROTOCOL_EVENT_FORCE_UINT32 = 0xFFFFFFFF
} MIRACAST_PROTOCOL_EVENT;

typedef enum {
    MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE = 0,
    MIRACAST_STATISTIC_TYPE_CHUNK_SENT = 1,
    MIRACAST_STATISTIC_TYPE_EVENT = 2,
    MIRACAST_STATISTIC_TYPE_FORCE_UINT32 = 0xFFFFFFFF
} MIRACAST_STATISTIC_TYPE;

typedef enum {
    MIRACAST_CHUNK_TYPE_UNKNOWN = 0,
    MIRACAST_CHUNK_TYPE_COLOR_CONVERT_COMPLETE = 1,
    MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE = 2,
    MIRACAST_CHUNK_TYPE_FRAME_START = 3,
    MIRACAST_CHUNK_TYPE_FRAME_DROPPED = 4,
    MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_1 = 0x80000000,
    MIRACAST_CHUNK_TYPE_ENCODE_DRIVER_DEFINED_2 = 0x80000001,
    MIRACAST_CHUNK_TYPE_ENCODE_FORCE_UINT32 = 0xFFFFFFFF
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
    UINT ProcessingTime;
    UINT EncodeRate;
} MIRACAST_CHUNK_INFO;

typedef struct {
    MIRACAST_CHUNK_INFO ChunkInfo;
    UINT PrivateDriverDataSize;
    UCHAR PrivateDriverData[1];
} MIRACAST_CHUNK_DATA;

typedef struct {
    MIRACAST_STATISTIC_TYPE StatisticType;
    union {
        struct { MIRACAST_CHUNK_INFO ChunkInfo; } EncodeComplete;
        struct { MIRACAST_CHUNK_ID ChunkId; } ChunkSent;
        struct { MIRACAST_PROTOCOL_EVENT Event; } ProtocolEvent;
    };
} MIRACAST_STATISTIC_DATA;

typedef struct {
    UINT64 EncoderBitRate;
    UINT64 CurrentMaxTxDataRate;
    UINT64 TransmittedFrameCount;
    UINT64 FailedFrameCount;
    UINT64 RetriedFrameCount;
    UINT64 MultipleRetryFrameCount;
} MIRACAST_DATARATE_STATS;

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

typedef VOID (NTAPI *PFN_REPORT_SESSION_STATUS)(HANDLE device, MIRACAST_STATUS reason,
                                                NTSTATUS status);
typedef NTSTATUS (NTAPI *PFN_MIRACAST_IO_CONTROL)(HANDLE device, BOOL hardware_access,
                                                  UINT input_size, VOID *input, UINT output_size,
                                                  VOID *output, UINT *returned);
typedef VOID (NTAPI *PFN_REPORT_STATISTIC)(HANDLE device, MIRACAST_STATISTIC_DATA *statistic);
typedef NTSTATUS (NTAPI *PFN_GET_NEXT_CHUNK_DATA)(HANDLE device, UINT timeout, UINT event_count,
                                                  HANDLE *events, UINT *size,
                                                  MIRACAST_CHUNK_DATA *chunks, UINT *outstanding);
typedef void (NTAPI *PFN_DATARATE_NOTIFICATION)(PVOID context, MIRACAST_DATARATE_STATS *rates);
typedef NTSTATUS (NTAPI *PFN_REGISTER_DATARATE_NOTIFICATIONS)(HANDLE device, PVOID context,
                                                              PFN_DATARATE_NOTIFICATION notify);

typedef struct _MIRACAST_CALLBACKS {
    PFN_REPORT_SESSION_STATUS ReportSessionStatus;
    PFN_MIRACAST_IO_CONTROL MiracastIoControl;
    PFN_REPORT_STATISTIC ReportStatistic;
    PFN_GET_NEXT_CHUNK_DATA GetNextChunkData;
    PFN_REGISTER_DATARATE_NOTIFICATIONS RegisterForDataRateNotifications;
} MIRACAST_CALLBACKS, *PMIRACAST_CALLBACKS;

typedef NTSTATUS (NTAPI *PFN_CREATE_MIRACAST_CONTEXT)(HANDLE device, MIRACAST_CALLBACKS *callbacks,
                                                      PVOID *context);
typedef VOID (NTAPI *PFN_DESTROY_MIRACAST_CONTEXT)(PVOID context);
typedef NTSTATUS (NTAPI *PFN_START_MIRACAST_SESSION)(PVOID context, SOCKET rtsp,
                                                     MIRACAST_WFD_CONNECTION_STATS *link,
                                                     MIRACAST_SESSION_INFO *session);
typedef VOID (NTAPI *PFN_STOP_MIRACAST_SESSION)(PVOID context);
typedef NTSTATUS (NTAPI *PFN_HANDLE_KMD_MESSAGE)(PVOID context, UINT input_size, VOID *input,
                                                 UINT output_size, VOID *output, UINT *returned);

typedef struct _MIRACAST_DRIVER_INTERFACE {
    UINT Size;
    PFN_CREATE_MIRACAST_CONTEXT CreateMiracastContext;
    PFN_DESTROY_MIRACAST_CONTEXT DestroyMiracastContext;
    PFN_START_MIRACAST_SESSION StartMiracastSession;
    PFN_STOP_MIRACAST_SESSION StopMiracastSession;
    PFN_HANDLE_KMD_MESSAGE HandleKernelModeMessage;
} MIRACAST_DRIVER_INTERFACE, *PMIRACAST_DRIVER_INTERFACE;

#endif
