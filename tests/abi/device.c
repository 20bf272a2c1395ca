/* The life of a context as Windows leads it, and the chunks that wait for the driver. */
#include "device.h"

#include "callbacks.h"
#include "driver.h"
#include "verdict.h"

#include <stddef.h>
#include <string.h>

/* DDI-12; Stop and Destroy may share it. */
enum { DESTROY_MS_MAX = 3000 };

void device_open(struct device *device)
{
    memset(device, 0, sizeof *device);
    InitializeCriticalSection(&device->lock);
    device->not_starting = CreateEventA(NULL, TRUE, TRUE, NULL);
    device->chunks_there = CreateEventA(NULL, TRUE, FALSE, NULL);
    EXPECT(device->not_starting != NULL && device->chunks_there != NULL, "no event");
    miniport_open(&device->miniport);
    callbacks_allow(device);
}

void device_close(struct device *device)
{
    callbacks_forbid(device);
    miniport_close(&device->miniport);
    CloseHandle(device->chunks_there);
    CloseHandle(device->not_starting);
    DeleteCriticalSection(&device->lock);
}

static void enter(struct device *device, enum phase phase)
{
    device->owner = GetCurrentThreadId();
    device->phase = phase;
}

static void leave(struct device *device, enum phase phase)
{
    device->phase = phase;
    device->owner = 0;
}

NTSTATUS device_create(struct device *device)
{
    /* On the stack and overwritten: the driver must not keep the pointer (DDI-10). */
    MIRACAST_CALLBACKS callbacks = device_callbacks;
    PVOID context = NULL;
    enter(device, PHASE_CREATING);
    NTSTATUS status = driver.table.CreateMiracastContext(device, &callbacks, &context);
    leave(device, PHASE_CREATED);
    memset(&callbacks, 0xA5, sizeof callbacks);
    EXPECT((status == STATUS_SUCCESS) == (context != NULL), "Create: status %08X, context %p",
           (unsigned)status, context);
    device->context = context;
    return status;
}

NTSTATUS device_start(struct device *device, SOCKET socket, UINT64 bit_rate,
                      MIRACAST_SESSION_INFO *info)
{
    /* Only the first is the rate to use; taken for it, the others would make another session. */
    const UINT64 misleading = bit_rate < 5000000 ? 300000000 : 1000;
    MIRACAST_WFD_CONNECTION_STATS stats = {
        .CurrentBitRate = bit_rate,
        .LocalMaxBitRate = misleading,
        .RemoteMaxBitRate = misleading,
    };
    ResetEvent(device->not_starting);
    enter(device, PHASE_STARTING);
    NTSTATUS status = driver.table.StartMiracastSession(device->context, socket, &stats, info);
    leave(device, status == STATUS_SUCCESS ? PHASE_RUNNING : PHASE_CREATED);
    SetEvent(device->not_starting);
    return status;
}

void device_stop(struct device *device)
{
    enter(device, PHASE_STOPPING);
    driver.table.StopMiracastSession(device->context);
    leave(device, PHASE_CREATED);
    EXPECT(device->notify == NULL, "Stop left the data-rate notices registered");
}

void device_destroy(struct device *device)
{
    ULONGLONG begin = GetTickCount64();
    enter(device, PHASE_DESTROYING);
    driver.table.DestroyMiracastContext(device->context);
    leave(device, PHASE_DESTROYING);
    ULONGLONG took = GetTickCount64() - begin;
    EXPECT(took < DESTROY_MS_MAX, "Destroy took %llu ms", took);
    callbacks_forbid(device);
}

NTSTATUS device_message(struct device *device, struct message message)
{
    uint8_t reply[64];
    UINT returned = 0;
    mcki_u16 field;
    NTSTATUS status = driver.table.HandleKernelModeMessage(
        device->context, message.size, message.bytes, sizeof reply, reply, &returned);
    if (returned != 0) {
        EXPECT_STATUS(mk_accepted(message.bytes, reply, returned, &field), status,
                      "the answer to a message and what the call returned");
    }
    return status;
}

void device_push_chunk(struct device *device, MIRACAST_CHUNK_ID id, const void *data, UINT size)
{
    MIRACAST_CHUNK_DATA head = {
        .ChunkInfo = { .ChunkType = MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE,
                       .ChunkId = id,
                       .ProcessingTime = 1042,
                       .EncodeRate = 15000 },
        .PrivateDriverDataSize = size,
    };
    const size_t head_size = offsetof(MIRACAST_CHUNK_DATA, PrivateDriverData);
    EnterCriticalSection(&device->lock);
    if (EXPECT(device->queued + head_size + size <= QUEUE_BYTES, "too many chunks wait")) {
        memcpy(device->queue + device->queued, &head, head_size);
        if (size != 0) {
            memcpy(device->queue + device->queued + head_size, data, size);
        }
        device->queued += (UINT)head_size + size;
    }
    LeaveCriticalSection(&device->lock);
    SetEvent(device->chunks_there);
}
