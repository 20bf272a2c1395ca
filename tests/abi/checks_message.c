/* HandleKernelModeMessage: whatever the buffers hold, on as many threads as like to call (DDI-39).
 */
#include "checks.h"
#include "device.h"
#include "driver.h"
#include "verdict.h"

#include <string.h>

enum { GUARD = 0xA5, ROOM = 256, LONGEST = 1 << 16, THREADS = 4, ROUNDS = 2000 };

static struct device device;

static NTSTATUS handle(const void *message, UINT size, void *reply, UINT room, UINT *returned)
{
    return driver.table.HandleKernelModeMessage(device.context, size, (void *)message, room, reply,
                                                returned);
}

static void with_context(void (*body)(void))
{
    device_open(&device);
    if (EXPECT_STATUS(device_create(&device), STATUS_SUCCESS, "Create")) {
        body();
        device_destroy(&device);
    }
    device_close(&device);
}

static void null_buffers(void)
{
    struct message power = miniport_monitor_power(&device.miniport, 1);
    uint8_t reply[ROOM];
    UINT returned = 0x5A;
    EXPECT_STATUS(handle(NULL, 1, reply, ROOM, &returned), STATUS_INVALID_PARAMETER, "no input");
    EXPECT_STATUS(handle(power.bytes, power.size, NULL, 1, &returned), STATUS_INVALID_PARAMETER,
                  "no output");
    EXPECT_STATUS(handle(NULL, 0, NULL, 0, &returned), STATUS_INFO_LENGTH_MISMATCH, "nothing");
    EXPECT(returned == 0, "%u bytes returned where there is no room", returned);
    /* Neither the answer nor its length need be wanted. */
    EXPECT_STATUS(handle(power.bytes, power.size, NULL, 0, NULL), STATUS_SUCCESS, "no answer");
    EXPECT_STATUS(handle(power.bytes, power.size, reply, ROOM, NULL), STATUS_SUCCESS, "no length");
}

/* What is written is what is said to be returned, and it fits. */
static NTSTATUS answered(const void *message, UINT size, UINT room)
{
    uint8_t reply[ROOM];
    UINT returned = 0xFFFF;
    memset(reply, GUARD, ROOM);
    NTSTATUS status = handle(message, size, reply, room, &returned);
    EXPECT(returned <= room, "%u bytes returned into %u", returned, room);
    for (UINT i = returned < ROOM ? returned : 0; i < ROOM; i++) {
        if (!EXPECT(reply[i] == GUARD, "written beyond the %u bytes returned", returned)) {
            break;
        }
    }
    return status;
}

static void rooms(void)
{
    struct message power = miniport_monitor_power(&device.miniport, 1);
    for (UINT room = 0; room <= ROOM; room++) {
        /* An inbox has an end; a context that is driven by nobody fills up. */
        NTSTATUS status = answered(power.bytes, power.size, room);
        EXPECT(status == STATUS_SUCCESS || status == STATUS_INSUFFICIENT_RESOURCES,
               "%u bytes of room: status %08X", room, (unsigned)status);
    }
}

static void garbage(void)
{
    static uint8_t message[LONGEST];
    const UINT sizes[] = { 0, 1, 3, 23, 24, 25, 28, 255, 256, 257, 2048, LONGEST };
    const uint8_t fillings[] = { 0, 0x5A, 0xFF };
    for (size_t filling = 0; filling < sizeof fillings; filling++) {
        memset(message, fillings[filling], LONGEST);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            NTSTATUS status = answered(message, sizes[i], ROOM);
            EXPECT(status < 0, "%u bytes of %02X: status %08X", sizes[i], fillings[filling],
                   (unsigned)status);
        }
    }
}

/* A good message, cut everywhere, with every byte of its header changed, and with more behind it.
 */
static void damaged(void)
{
    struct message good = miniport_monitor_power(&device.miniport, 1);
    for (UINT size = 0; size < good.size; size++) {
        EXPECT(answered(good.bytes, size, ROOM) < 0, "%u of %u bytes were taken", size, good.size);
    }
    static uint8_t longer[LONGEST];
    memcpy(longer, good.bytes, good.size);
    EXPECT_STATUS(answered(longer, LONGEST, ROOM), STATUS_SUCCESS, "bytes behind the message");
    const struct {
        const char *what;
        UINT at;
        NTSTATUS status;
    } faults[] = {
        { "magic", 0, STATUS_INVALID_PARAMETER },   { "version", 4, STATUS_REVISION_MISMATCH },
        { "opcode", 6, STATUS_NOT_SUPPORTED },      { "size", 9, STATUS_INFO_LENGTH_MISMATCH },
        { "status", 16, STATUS_INVALID_PARAMETER },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct message bad = good;
        bad.bytes[faults[i].at] ^= 0x70;
        EXPECT_STATUS(answered(bad.bytes, bad.size, ROOM), faults[i].status, faults[i].what);
    }
}

static DWORD WINAPI flood(void *seed)
{
    uint32_t random = *(uint32_t *)seed;
    for (int i = 0; i < ROUNDS; i++) {
        struct message message = miniport_monitor_power(&device.miniport, 1);
        random = random * 1664525 + 1013904223;
        message.bytes[(random >> 24) % message.size] ^= (uint8_t)(random >> 8);
        answered(message.bytes, message.size, random & (ROOM - 1));
    }
    return 0;
}

static void threads(void)
{
    HANDLE thread[THREADS];
    uint32_t seed[THREADS];
    for (int i = 0; i < THREADS; i++) {
        seed[i] = 1 + (uint32_t)i;
        thread[i] = CreateThread(NULL, 0, flood, &seed[i], 0, NULL);
        REQUIRE(thread[i] != NULL, "no thread");
    }
    EXPECT(WaitForMultipleObjects(THREADS, thread, TRUE, PATIENCE_MS) < THREADS,
           "messages of %d threads hang", THREADS);
    for (int i = 0; i < THREADS; i++) {
        CloseHandle(thread[i]);
    }
}

static void check_nulls(void)
{
    with_context(null_buffers);
}
static void check_rooms(void)
{
    with_context(rooms);
}
static void check_garbage(void)
{
    with_context(garbage);
}
static void check_damaged(void)
{
    with_context(damaged);
}
static void check_threads(void)
{
    with_context(threads);
}

const struct check message_checks[] = {
    { "message-nulls", check_nulls },     { "message-rooms", check_rooms },
    { "message-garbage", check_garbage }, { "message-damaged", check_damaged },
    { "message-threads", check_threads }, { NULL, NULL },
};
