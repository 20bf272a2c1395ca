/*
 * The functions of the operating system. Nothing is taken on trust: a pointer is looked up before
 * it is used, because a driver with another idea of the table may pass anything in its place.
 */
#include "callbacks.h"

#include "driver.h"
#include "verdict.h"

#include <stdint.h>
#include <string.h>

/* More than the driver has contexts. */
enum { DEVICES_MAX = 8 };

static struct device *volatile allowed[DEVICES_MAX];

void callbacks_allow(struct device *device)
{
    for (int i = 0; i < DEVICES_MAX; i++) {
        if (InterlockedCompareExchangePointer((void *volatile *)&allowed[i], device, NULL) ==
            NULL) {
            return;
        }
    }
    fault("too many devices");
}

void callbacks_forbid(struct device *device)
{
    for (int i = 0; i < DEVICES_MAX; i++) {
        InterlockedCompareExchangePointer((void *volatile *)&allowed[i], NULL, device);
    }
}

/* The device of a handle; NULL, with a fault noted, if it is none or its context is gone. */
static struct device *device_of(HANDLE handle, const char *callback)
{
    for (int i = 0; i < DEVICES_MAX; i++) {
        if (handle != NULL && allowed[i] == handle) {
            return allowed[i];
        }
    }
    fault("%s: %p is not the handle of a device", callback, handle);
    return NULL;
}

/* Whether all of the `size` bytes are there, with one of the given protections. */
static bool is_memory(const void *address, size_t size, DWORD protections)
{
    const uint8_t *at = address;
    const uint8_t *end = at + size;
    while (at < end) {
        MEMORY_BASIC_INFORMATION region;
        if (VirtualQuery(at, &region, sizeof region) == 0 || region.State != MEM_COMMIT ||
            (region.Protect & protections) == 0) {
            return false;
        }
        at = (const uint8_t *)region.BaseAddress + region.RegionSize;
    }
    return size != 0;
}

static bool is_writable(const void *address, size_t size)
{
    return is_memory(address, size, PAGE_READWRITE | PAGE_WRITECOPY);
}

static bool is_readable(const void *address, size_t size)
{
    return is_memory(address, size, PAGE_READONLY | PAGE_READWRITE | PAGE_WRITECOPY);
}

static void NTAPI report_session_status(HANDLE handle, MIRACAST_STATUS reported, NTSTATUS cause)
{
    struct device *device = device_of(handle, "ReportSessionStatus");
    if (device == NULL) {
        return;
    }
    EXPECT((unsigned)reported <= MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE,
           "ReportSessionStatus: status %u", (unsigned)reported);
    EXPECT(cause < 0, "ReportSessionStatus: cause %08X is no error", (unsigned)cause);
    EXPECT(device->reports == 0, "ReportSessionStatus: a second report (DDI-28)");
    device->reported = reported;
    device->cause = cause;
    InterlockedIncrement(&device->reports);
}

/* Who may reach the miniport when (DDI-41). */
static NTSTATUS admit(struct device *device)
{
    if (device->owner == GetCurrentThreadId()) {
        return STATUS_SUCCESS;
    }
    if (device->phase == PHASE_STARTING &&
        !EXPECT(WaitForSingleObject(device->not_starting, PATIENCE_MS) == WAIT_OBJECT_0,
                "Start waits for a thread that Windows holds until Start has returned")) {
        return STATUS_IO_TIMEOUT;
    }
    return device->phase == PHASE_RUNNING ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_STATE;
}

static NTSTATUS NTAPI miracast_io_control(HANDLE handle, BOOL hardware_access, UINT input_size,
                                          void *input, UINT output_size, void *output,
                                          UINT *returned)
{
    struct device *device = device_of(handle, "MiracastIoControl");
    if (device == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    EXPECT(hardware_access == FALSE, "MiracastIoControl: HardwareAccess is %d (DDI-42)",
           hardware_access);
    bool good = EXPECT(is_readable(input, input_size), "MiracastIoControl: %u bytes of input at %p",
                       input_size, input) &&
                EXPECT(is_writable(output, output_size),
                       "MiracastIoControl: %u bytes of room at %p", output_size, output) &&
                EXPECT(returned == NULL || is_writable(returned, sizeof *returned),
                       "MiracastIoControl: BytesReturned is %p", (void *)returned);
    if (!good) {
        return STATUS_INVALID_PARAMETER;
    }
    UINT length = 0;
    NTSTATUS status = admit(device);
    if (status == STATUS_SUCCESS) {
        status =
            miniport_escape(&device->miniport, input, input_size, output, output_size, &length);
    }
    if (returned != NULL) {
        *returned = length;
    }
    return status;
}

static void note(struct ids *ids, MIRACAST_CHUNK_ID id)
{
    LONG place = ids->count;
    if (EXPECT(place < IDS_MAX, "too many chunks reported")) {
        ids->id[place] = id;
        InterlockedIncrement(&ids->count);
    }
}

static void hold(struct device *device)
{
    while (device->hold_sent) {
        device->held_sent = TRUE;
        Sleep(1);
    }
    device->held_sent = FALSE;
}

static void NTAPI report_statistic(HANDLE handle, MIRACAST_STATISTIC_DATA *data)
{
    struct device *device = device_of(handle, "ReportStatistic");
    if (device == NULL ||
        !EXPECT(is_readable(data, sizeof *data), "ReportStatistic: data at %p", (void *)data)) {
        return;
    }
    unsigned event = (unsigned)data->ProtocolEvent.Event;
    unsigned stage = (unsigned)data->EncodeComplete.ChunkInfo.ChunkType;
    switch (data->StatisticType) {
    case MIRACAST_STATISTIC_TYPE_CHUNK_SENT:
        note(&device->sent, data->ChunkSent.ChunkId);
        hold(device);
        return;
    case MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE:
        /* The other stages are the miniport's to report (DDI-60, DDI-63). */
        if (EXPECT(stage == MIRACAST_CHUNK_TYPE_FRAME_DROPPED, "ReportStatistic: stage %u",
                   stage)) {
            note(&device->dropped, data->EncodeComplete.ChunkInfo.ChunkId);
        }
        return;
    case MIRACAST_STATISTIC_TYPE_EVENT:
        if (EXPECT(event < EVENTS, "ReportStatistic: event %u", event)) {
            InterlockedIncrement(&device->events[event]);
        }
        return;
    }
    fault("ReportStatistic: type %u", (unsigned)data->StatisticType);
}

/* Takes what is queued, or as many whole records as there is room for. */
static NTSTATUS take_chunks(struct device *device, UINT *size, void *buffer)
{
    UINT capacity = *size;
    EnterCriticalSection(&device->lock);
    bool fits = device->queued <= capacity;
    *size = fits ? device->queued : 0;
    if (fits) {
        memcpy(buffer, device->queue, device->queued);
        device->queued = 0;
        ResetEvent(device->chunks_there);
    }
    LeaveCriticalSection(&device->lock);
    return fits ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

static NTSTATUS wait_for_chunks(struct device *device, UINT timeout, UINT count,
                                const HANDLE *events, UINT *size, void *buffer)
{
    HANDLE handles[MAX_ADDITIONAL_EVENTS + 1];
    memcpy(handles, events, count * sizeof *events);
    handles[count] = device->chunks_there;
    DWORD woken = WaitForMultipleObjects(count + 1, handles, FALSE, timeout);
    LONG ordered = InterlockedExchange(&device->next_status, 0);
    if (ordered != 0) {
        *size = 0;
        return ordered;
    }
    if (woken == WAIT_OBJECT_0 + count) {
        return take_chunks(device, size, buffer);
    }
    *size = 0;
    EXPECT(woken != WAIT_FAILED, "GetNextChunkData: %u additional events, error %lu", count,
           GetLastError());
    return woken == WAIT_FAILED ? STATUS_INVALID_PARAMETER : (NTSTATUS)woken;
}

static NTSTATUS NTAPI get_next_chunk_data(HANDLE handle, UINT timeout, UINT count, HANDLE *events,
                                          UINT *size, MIRACAST_CHUNK_DATA *buffer,
                                          UINT *outstanding)
{
    struct device *device = device_of(handle, "GetNextChunkData");
    bool good =
        device != NULL &&
        EXPECT(count <= MAX_ADDITIONAL_EVENTS, "GetNextChunkData: %u additional events", count) &&
        EXPECT(count == 0 || is_readable(events, count * sizeof *events),
               "GetNextChunkData: events at %p", (void *)events) &&
        EXPECT(is_writable(size, sizeof *size), "GetNextChunkData: size at %p", (void *)size) &&
        EXPECT(is_writable(buffer, *size), "GetNextChunkData: %u bytes at %p", *size,
               (void *)buffer) &&
        EXPECT(is_writable(outstanding, sizeof *outstanding), "GetNextChunkData: hint at %p",
               (void *)outstanding);
    if (!good) {
        return STATUS_INSTANCE_NOT_AVAILABLE;
    }
    EXPECT(InterlockedIncrement(&device->inside_chunks) == 1,
           "GetNextChunkData: two threads at once (DDI-43)");
    InterlockedIncrement(&device->chunk_calls);
    NTSTATUS status = wait_for_chunks(device, timeout, count, events, size, buffer);
    LONG hang_ms = InterlockedExchange(&device->hang_ms, 0);
    if (hang_ms != 0) {
        InterlockedExchange(&device->hanging, TRUE);
        Sleep((DWORD)hang_ms);
        InterlockedExchange(&device->hanging, FALSE);
    }
    *outstanding = 0;
    InterlockedDecrement(&device->inside_chunks);
    return status;
}

static NTSTATUS NTAPI register_for_rates(HANDLE handle, PVOID context,
                                         PFN_DATARATE_NOTIFICATION notify)
{
    struct device *device = device_of(handle, "RegisterForDataRateNotifications");
    if (device == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    /* A driver that is destroyed in the middle of a session may try; Windows says no. */
    bool ours = device->owner == GetCurrentThreadId();
    if (ours && device->phase == PHASE_DESTROYING && notify == NULL) {
        return STATUS_NOT_SUPPORTED;
    }
    bool in_time = device->phase == PHASE_STARTING || device->phase == PHASE_STOPPING;
    if (!EXPECT(ours && in_time,
                "RegisterForDataRateNotifications: not inside Start or Stop (DDI-44)")) {
        return STATUS_NOT_SUPPORTED;
    }
    void *code;
    memcpy(&code, &notify, sizeof code);
    EXPECT(code == NULL || driver_has_code_at(&driver, code),
           "RegisterForDataRateNotifications: %p is no code of the module", code);
    bool again = (device->notify != NULL) == (notify != NULL);
    EXPECT(!again, "RegisterForDataRateNotifications: twice (DDI-45)");
    if (again) {
        return STATUS_INVALID_PARAMETER;
    }
    if (notify != NULL) {
        device->first_notify = notify;
        device->notify_context = context;
    }
    device->notify = notify;
    InterlockedIncrement(notify != NULL ? &device->registered : &device->unregistered);
    return STATUS_SUCCESS;
}

const MIRACAST_CALLBACKS device_callbacks = {
    .ReportSessionStatus = report_session_status,
    .MiracastIoControl = miracast_io_control,
    .ReportStatistic = report_statistic,
    .GetNextChunkData = get_next_chunk_data,
    .RegisterForDataRateNotifications = register_for_rates,
};
