/* A callback that hangs while Windows destroys the context and lets go of the module: the code must stay
 * for the thread that will come back to it. Run in a process of its own, whose module stays. */
#include "checks.h"
#include "cycles.h"
#include "driver.h"
#include "handles.h"
#include "stage.h"
#include "verdict.h"

/* Longer than Stop and Destroy may take together (DDI-12). */
enum { HANG_MS = 10000, DESTROY_MS_MAX = 3000 };

static const struct sink_manner FRIENDLY = { .formats = FORMATS_THREE_MODES };

/* Two, because the first is still in use while the second is opened. */
static struct stage hung, next;

static void end_while_it_hangs(struct device *device)
{
    ULONGLONG begin = GetTickCount64();
    device_stop(device);
    device_destroy(device);
    ULONGLONG took = GetTickCount64() - begin;
    EXPECT(took < DESTROY_MS_MAX, "Stop and Destroy took %llu ms (DDI-12)", took);
    EXPECT(device->hanging, "GetNextChunkData did not hang for as long");
}

static void unload_while_it_hangs(struct device *device)
{
    FreeLibrary(driver.module);
    EXPECT(driver_is_there(cycles_path()), "the module is gone, and a thread will return to it");
    unsigned threads = threads_running();
    EVENTUALLY(!device->hanging, "GetNextChunkData does not return");
    EVENTUALLY(threads_running() < threads, "the thread that hung does not end");
}

static void hang(void)
{
    struct device *device = &hung.device;
    if (!stage_open(&hung, FRIENDLY) || !stage_play(&hung)) {
        return;
    }
    InterlockedExchange(&device->hang_ms, HANG_MS);
    EVENTUALLY(device->hanging, "GetNextChunkData is not called");
    end_while_it_hangs(device);
    unload_while_it_hangs(device);
    stage_close(&hung);

    REQUIRE(driver_load(&driver, cycles_path()), "the driver cannot be loaded again");
    if (stage_open(&next, FRIENDLY) && stage_play(&next)) {
        device_stop(&next.device);
    }
    device_destroy(&next.device);
    stage_close(&next);
}

const struct check hang_checks[] = {
    { "hang", hang },
    { NULL, NULL },
};
