/*
 * The operating system around one Miracast context: it calls the driver's functions, and its own
 * functions are what the driver calls back. Each callback can be told from the others by what it
 * demands of its arguments, so a table whose places are mixed up is found out, not crashed into.
 */
#ifndef ABI_DEVICE_H
#define ABI_DEVICE_H

#include "miniport.h"
#include "netdispumdddi.h"

#include <stdbool.h>
#include <stdint.h>

/* How long the checks wait for what must come soon. Only a failure takes so long. */
enum { PATIENCE_MS = 10000 };

/* Waits until `condition` holds, for other threads make it so; a fault if it never does. */
#define EVENTUALLY(condition, ...)                                                                 \
    do {                                                                                           \
        for (int waited = 0; !(condition) && waited < PATIENCE_MS; waited += 5) {                  \
            Sleep(5);                                                                              \
        }                                                                                          \
        EXPECT(condition, __VA_ARGS__);                                                            \
    } while (false)

enum phase {
    PHASE_CREATING,
    PHASE_CREATED,
    PHASE_STARTING,
    PHASE_RUNNING,
    PHASE_STOPPING,
    PHASE_DESTROYING,
};

enum { QUEUE_BYTES = 4096, IDS_MAX = 64 };

/* The protocol events that a driver may report: all but the last (DDI-32). */
enum { EVENTS = 3 };

/* The chunk identities of one kind of statistic, in order. */
struct ids {
    volatile LONG count;
    MIRACAST_CHUNK_ID id[IDS_MAX];
};

struct device {
    PVOID context;
    struct miniport miniport;
    volatile LONG phase;
    /* The thread that is inside Create, Start, Stop or Destroy. */
    volatile DWORD owner;
    /* Set unless Start is running: other threads' requests to the miniport wait for it (DDI-41). */
    HANDLE not_starting;

    /* What GetNextChunkData has to give. */
    CRITICAL_SECTION lock;
    HANDLE chunks_there;
    uint8_t queue[QUEUE_BYTES];
    UINT queued;
    /* A status that it returns once in place of all else; 0: none. */
    volatile LONG next_status;
    /* How long the next return from its wait is held up, in ms; and that it is just now. */
    volatile LONG hang_ms, hanging;
    volatile LONG inside_chunks, chunk_calls;

    /* What was registered for data-rate notices. */
    PFN_DATARATE_NOTIFICATION volatile notify;
    PVOID notify_context;
    /* The same, and not forgotten when it is unregistered. */
    PFN_DATARATE_NOTIFICATION first_notify;
    volatile LONG registered, unregistered;

    /* What was reported. */
    volatile LONG reports;
    MIRACAST_STATUS reported;
    NTSTATUS cause;
    volatile LONG events[EVENTS];
    struct ids sent, dropped;
    /* CHUNK_SENT does not return while `hold_sent`, and is being held now. */
    volatile LONG hold_sent, held_sent;
};

/* The table of callbacks that Create gets. */
extern const MIRACAST_CALLBACKS device_callbacks;

void device_open(struct device *device);
void device_close(struct device *device);

/* The driver's functions, called as Windows calls them: one at a time, and in time. */
NTSTATUS device_create(struct device *device);
NTSTATUS device_start(struct device *device, SOCKET socket, UINT64 bit_rate,
                      MIRACAST_SESSION_INFO *info);
void device_stop(struct device *device);
void device_destroy(struct device *device);
NTSTATUS device_message(struct device *device, struct message message);

/* Hands a chunk record over, packed behind those that wait already. */
void device_push_chunk(struct device *device, MIRACAST_CHUNK_ID id, const void *data, UINT size);

#endif
