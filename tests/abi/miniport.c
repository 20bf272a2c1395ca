/* The model and what is around it. */
#include "miniport.h"

#include "verdict.h"

#include <string.h>

enum { RING_CONTROL = 4096, RING_DATA = 65536 };

/* An encoder for all modes of these checks. */
static const MCKI_ENCODER_CAPS encoder = {
    .profiles = 3,
    .level_bit = 4,
    .max_width = 1920,
    .max_height = 1080,
    .max_slices = 4,
    .max_macroblocks_per_second = 489600,
    .max_bit_rate = 60000000,
};

void miniport_open(struct miniport *miniport)
{
    memset(miniport, 0, sizeof *miniport);
    InitializeCriticalSection(&miniport->lock);
    void *ring = VirtualAlloc(NULL, RING_CONTROL + RING_DATA, MEM_COMMIT, PAGE_READWRITE);
    mk_config config = {
        .encoder = encoder,
        .target_id = 1,
        .ring = { .base = ring,
                  .in_process = (uintptr_t)ring,
                  .control_len = RING_CONTROL,
                  .data_len = RING_DATA },
    };
    EXPECT(mk_init(&miniport->model, &config) == MCKI_STATUS_SUCCESS, "no memory for the ring");
}

void miniport_close(struct miniport *miniport)
{
    mk_close(&miniport->model);
    VirtualFree(miniport->model.config.ring.base, 0, MEM_RELEASE);
    DeleteCriticalSection(&miniport->lock);
}

static void count(struct miniport *miniport, const void *request, UINT request_size)
{
    MCKI_HEADER header = { .magic = 0 };
    if (request_size >= sizeof header) {
        memcpy(&header, request, sizeof header);
    }
    bool known = header.magic == MCKI_MAGIC && header.opcode < OPCODES;
    if (EXPECT(known, "MiracastIoControl: %u bytes that are no request", request_size)) {
        InterlockedIncrement(&miniport->asked[header.opcode]);
        miniport->asked_on[header.opcode] = GetCurrentThreadId();
    }
}

NTSTATUS miniport_escape(struct miniport *miniport, const void *request, UINT request_size,
                         void *reply, UINT reply_room, UINT *reply_size)
{
    size_t length = 0;
    EnterCriticalSection(&miniport->lock);
    mcki_u32 status = (mcki_u32)miniport->refusal;
    if (status == MCKI_STATUS_SUCCESS) {
        status = mk_escape(&miniport->model, request, request_size, reply, reply_room, &length);
    }
    count(miniport, request, request_size);
    LeaveCriticalSection(&miniport->lock);
    *reply_size = (UINT)length;
    return (NTSTATUS)status;
}

struct message miniport_mode_set(struct miniport *miniport, uint16_t width, uint16_t height,
                                 uint32_t hertz)
{
    struct message message;
    size_t size = 0;
    MCKI_DISPLAY_MODE mode = { .width = width,
                               .height = height,
                               .refresh = { .numerator = hertz, .denominator = 1 } };
    EnterCriticalSection(&miniport->lock);
    mcki_u32 status =
        mk_mode_set(&miniport->model, &mode, message.bytes, sizeof message.bytes, &size);
    LeaveCriticalSection(&miniport->lock);
    EXPECT_STATUS(status, MCKI_STATUS_SUCCESS, "the miniport's MODE_SET");
    message.size = (UINT)size;
    return message;
}

struct message miniport_monitor_power(struct miniport *miniport, uint32_t state)
{
    struct message message;
    size_t size = 0;
    EnterCriticalSection(&miniport->lock);
    mk_monitor_power(&miniport->model, state, message.bytes, sizeof message.bytes, &size);
    LeaveCriticalSection(&miniport->lock);
    message.size = (UINT)size;
    return message;
}

/* The performance counter in units of 100 ns, the clock of capture times. */
static mcki_u64 now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (mcki_u64)((double)count.QuadPart * 1e7 / (double)frequency.QuadPart);
}

bool miniport_encode(struct miniport *miniport, const void *bytes, uint32_t size, uint32_t flags,
                     MCKI_CHUNK_RECORD *record)
{
    EnterCriticalSection(&miniport->lock);
    mcki_u32 status = mk_push_chunk(&miniport->model, bytes, size, flags, now(), record);
    LeaveCriticalSection(&miniport->lock);
    return EXPECT_STATUS(status, MCKI_STATUS_SUCCESS, "a chunk into the ring");
}
