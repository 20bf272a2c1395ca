/* Contexts: nulls, numbers that are no contexts, one too many, and calls out of order. No session
 * comes about here. */
#include "checks.h"
#include "device.h"
#include "driver.h"
#include "handles.h"
#include "verdict.h"

#include <stdint.h>
#include <string.h>

/* As many as the driver has room for; the next one is refused. */
enum { CONTEXTS_MAX = 4 };

static void create(void)
{
    struct device device;
    device_open(&device);
    EXPECT_STATUS(device_create(&device), STATUS_SUCCESS, "Create");
    EXPECT(device.miniport.asked[MCKI_OPCODE_HELLO] == 1, "%ld times HELLO, not once",
           device.miniport.asked[MCKI_OPCODE_HELLO]);
    EXPECT(device.miniport.asked_on[MCKI_OPCODE_HELLO] == GetCurrentThreadId(),
           "HELLO on another thread");
    device_destroy(&device);
    device_close(&device);
}

static void create_refused(const char *what, HANDLE device, MIRACAST_CALLBACKS *callbacks,
                           PVOID *context)
{
    PVOID before = context == NULL ? NULL : *context;
    NTSTATUS status = driver.table.CreateMiracastContext(device, callbacks, context);
    EXPECT_STATUS(status, STATUS_INVALID_PARAMETER, what);
    EXPECT(context == NULL || *context == before, "%s: refused, but a context was written", what);
}

static void create_nulls(void)
{
    PVOID context = &context;
    struct device device;
    device_open(&device);
    MIRACAST_CALLBACKS callbacks = device_callbacks;
    create_refused("no callbacks", &device, NULL, &context);
    create_refused("no place for the context", &device, &callbacks, NULL);
    void **places = (void **)&callbacks;
    for (size_t i = 0; i < sizeof callbacks / sizeof *places; i++) {
        void *function = places[i];
        places[i] = NULL;
        create_refused("a callback is missing", &device, &callbacks, &context);
        places[i] = function;
    }
    device_close(&device);
}

/* A miniport that says no: Create says why, and leaves nothing behind (DDI-9). */
static void create_fails(void)
{
    struct device device;
    device_open(&device);
    device.miniport.refusal = STATUS_REVISION_MISMATCH;
    unsigned before = handles_open();
    for (int i = 0; i <= CONTEXTS_MAX; i++) {
        EXPECT_STATUS(device_create(&device), STATUS_REVISION_MISMATCH, "HELLO refused");
    }
    unsigned after = handles_open();
    EXPECT(after == before, "%u handles before, %u after", before, after);
    device_close(&device);
}

static void contexts_max(void)
{
    struct device devices[CONTEXTS_MAX + 1];
    for (int i = 0; i <= CONTEXTS_MAX; i++) {
        device_open(&devices[i]);
        NTSTATUS wanted = i < CONTEXTS_MAX ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
        EXPECT_STATUS(device_create(&devices[i]), wanted, "Create of one context after the other");
        for (int j = 0; j < i; j++) {
            EXPECT(devices[j].context != devices[i].context, "two contexts are one");
        }
    }
    struct device *freed = &devices[1], *late = &devices[CONTEXTS_MAX];
    device_destroy(freed);
    EXPECT_STATUS(device_create(late), STATUS_SUCCESS, "Create when one is gone");
    EXPECT(late->context != freed->context, "a context is given out twice");
    for (int i = 0; i <= CONTEXTS_MAX; i++) {
        if (&devices[i] != freed) {
            device_destroy(&devices[i]);
        }
        device_close(&devices[i]);
    }
}

/* Calls everything that takes a context with one that is none. */
static void refused_everywhere(struct device *device, PVOID context)
{
    MIRACAST_SESSION_INFO info = { .Value = 0xA5A5A5A5 };
    device->context = context;
    EXPECT_STATUS(device_start(device, INVALID_SOCKET, 10000000, &info), STATUS_INVALID_PARAMETER,
                  "Start of no context");
    EXPECT(info.Value == 0xA5A5A5A5, "Start of no context wrote session information");
    EXPECT_STATUS(device_message(device, miniport_monitor_power(&device->miniport, 1)),
                  STATUS_INVALID_PARAMETER, "message to no context");
    driver.table.StopMiracastSession(context);
    driver.table.DestroyMiracastContext(context);
}

/* After Destroy the name of a context means nothing, and what it once meant is not followed. */
static void no_contexts(void)
{
    struct device living, other;
    device_open(&living);
    device_open(&other);
    EXPECT_STATUS(device_create(&other), STATUS_SUCCESS, "Create");
    PVOID gone = other.context;
    device_destroy(&other);
    EXPECT_STATUS(device_create(&living), STATUS_SUCCESS, "Create");
    PVOID wrong[] = { NULL,
                      gone,
                      &living,
                      (PVOID)1,
                      (PVOID)(uintptr_t)0xDEADBEEF,
                      (PVOID)UINTPTR_MAX,
                      (PVOID)((uintptr_t)living.context + 1),
                      (PVOID) ~(uintptr_t)living.context };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused_everywhere(&other, wrong[i]);
    }
    /* The one that lives has noticed nothing. */
    EXPECT_STATUS(device_message(&living, miniport_monitor_power(&living.miniport, 1)),
                  STATUS_SUCCESS, "message to the context that lives");
    device_destroy(&living);
    device_close(&other);
    device_close(&living);
}

/* Stop without a session, and what is no connected RTSP socket: the context stays as it was. */
static void no_session(void)
{
    struct device device;
    MIRACAST_SESSION_INFO info = { .Value = 0xA5A5A5A5 };
    device_open(&device);
    EXPECT_STATUS(device_create(&device), STATUS_SUCCESS, "Create");
    device_stop(&device);
    device_stop(&device);
    SOCKET closed = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    closesocket(closed);
    SOCKET unconnected = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SOCKET datagrams = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    SOCKET wrong[] = { INVALID_SOCKET, 0,         closed,
                       unconnected,    datagrams, (SOCKET)device.not_starting };
    unsigned handles = handles_open(), threads = threads_running();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        NTSTATUS status = device_start(&device, wrong[i], 10000000, &info);
        EXPECT(status < 0, "Start with wrong socket %zu: status %08X", i, (unsigned)status);
    }
    EXPECT(info.Value == 0xA5A5A5A5, "Start failed, and wrote session information");
    EXPECT(handles_open() == handles, "%u handles before, %u after", handles, handles_open());
    EXPECT(threads_running() == threads, "a Start that failed has left a thread");
    closesocket(datagrams);
    closesocket(unconnected);
    device_stop(&device);
    device_destroy(&device);
    device_close(&device);
}

static void start_nulls(void)
{
    struct device device;
    MIRACAST_WFD_CONNECTION_STATS stats = { .CurrentBitRate = 10000000 };
    MIRACAST_SESSION_INFO info;
    device_open(&device);
    EXPECT_STATUS(device_create(&device), STATUS_SUCCESS, "Create");
    SOCKET socket = INVALID_SOCKET;
    EXPECT_STATUS(driver.table.StartMiracastSession(device.context, socket, NULL, &info),
                  STATUS_INVALID_PARAMETER, "Start without rates");
    EXPECT_STATUS(driver.table.StartMiracastSession(device.context, socket, &stats, NULL),
                  STATUS_INVALID_PARAMETER, "Start without session information");
    device_destroy(&device);
    device_close(&device);
}

const struct check context_checks[] = {
    { "create", create },
    { "create-nulls", create_nulls },
    { "create-fails", create_fails },
    { "contexts-max", contexts_max },
    { "no-contexts", no_contexts },
    { "no-session", no_session },
    { "start-nulls", start_nulls },
    { NULL, NULL },
};
