/* Loading and unloading a thousand times: nothing may stay behind (DDI-11, DDI-13). */
#include "checks.h"
#include "cycles.h"
#include "driver.h"
#include "handles.h"
#include "stage.h"
#include "verdict.h"

#include <string.h>

enum {
    CYCLES = 1000,
    /* Every so many cycles there is a session. */
    SESSION_EVERY = 10,
    /* Cycles before the first count: Wine and Winsock keep what their first use has opened. */
    WARM_UP = 20,
};

static const char *path;
static bool leak_handle, leak_thread;

void cycles_of(const char *dll)
{
    path = dll;
}

const char *cycles_path(void)
{
    return path;
}

bool cycles_leak(const char *what)
{
    leak_handle = strcmp(what, "handle") == 0;
    leak_thread = strcmp(what, "thread") == 0;
    return leak_handle || leak_thread;
}

static DWORD WINAPI stay(void *unused)
{
    (void)unused;
    Sleep(INFINITE);
    return 0;
}

static void leak(void)
{
    if (leak_handle) {
        CreateEventA(NULL, FALSE, FALSE, NULL);
    }
    if (leak_thread) {
        CloseHandle(
            CreateThread(NULL, 1 << 16, stay, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL));
    }
}

static void context_only(void)
{
    static struct device device;
    device_open(&device);
    EXPECT_STATUS(device_create(&device), STATUS_SUCCESS, "Create");
    device_destroy(&device);
    device_close(&device);
}

/* Destroy ends the session too, which every other time it has to. */
static void session(bool stop)
{
    static struct stage stage;
    MIRACAST_SESSION_INFO info = { .Value = 0 };
    if (stage_open(&stage, (struct sink_manner){ .formats = FORMATS_THREE_MODES })) {
        EXPECT_STATUS(stage_start(&stage, FAST, &info), STATUS_SUCCESS, "Start");
        if (stop) {
            device_stop(&stage.device);
        }
        device_destroy(&stage.device);
    }
    stage_close(&stage);
}

static bool cycle(int number)
{
    if (!driver_load(&driver, path)) {
        return false;
    }
    if (number % SESSION_EVERY == 0) {
        session(number / SESSION_EVERY % 2 == 0);
    } else {
        context_only();
    }
    leak();
    return driver_unload(&driver, path);
}

static void cycles(void)
{
    driver_unload(&driver, path);
    unsigned handles = 0, threads = 0;
    bool whole = true;
    for (int i = 0; i < WARM_UP + CYCLES && whole; i++) {
        if (i == WARM_UP) {
            handles = handles_open();
            threads = threads_running();
        }
        whole = cycle(i);
    }
    unsigned handles_after = handles_open(), threads_after = threads_running();
    EXPECT(threads_after == threads, "%u threads before %d cycles, %u after", threads, CYCLES,
           threads_after);
    EXPECT(handles_after == handles, "%u handles before %d cycles, %u after", handles, CYCLES,
           handles_after);
    driver_load(&driver, path);
}

const struct check cycle_checks[] = {
    { "cycles", cycles },
    { NULL, NULL },
};
