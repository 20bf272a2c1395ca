/* Start and Stop: what Start finds out, what it registers, and calls out of order. No pictures. */
#include "checks.h"
#include "driver.h"
#include "stage.h"
#include "verdict.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* What the link carries, in bit/s: too little for 720p60 among the three modes; too little for any
 * mode of 1024x768 or more. */
enum { SLOW = 2000000, TOO_SLOW = 1000000 };

static const struct sink_manner FRIENDLY = { .formats = FORMATS_THREE_MODES };

static struct stage stage;

/* Session information with something before and behind it that must not change. */
struct guarded {
    UINT before;
    MIRACAST_SESSION_INFO info;
    UINT behind;
};

#define GUARD 0xA5A5A5A5u

/* Starts a session and ends it again. */
static MIRACAST_SESSION_INFO start_and_end(struct sink_manner manner, UINT64 bit_rate,
                                           NTSTATUS wanted)
{
    struct guarded guarded = { GUARD, { .Value = GUARD }, GUARD };
    if (stage_open(&stage, manner)) {
        NTSTATUS status = stage_start(&stage, bit_rate, &guarded.info);
        EXPECT_STATUS(status, wanted, "Start");
        EXPECT(guarded.before == GUARD && guarded.behind == GUARD,
               "Start wrote beyond the session information");
        EXPECT(status == STATUS_SUCCESS || guarded.info.Value == GUARD,
               "Start failed, and wrote session information");
        device_stop(&stage.device);
        EXPECT(stage.device.reports == 0, "the end of a session is reported to who ended it");
    }
    device_destroy(&stage.device);
    stage_close(&stage);
    return guarded.info;
}

static void expect_info(MIRACAST_SESSION_INFO info, unsigned monitor, unsigned reduced)
{
    EXPECT(info.MonitorConnected == monitor, "MonitorConnected is %u", info.MonitorConnected);
    EXPECT(info.ReducedModeListDueToBandwidth == reduced, "ReducedModeListDueToBandwidth is %u",
           info.ReducedModeListDueToBandwidth);
    EXPECT(info.Reserved == 0, "Reserved is %u (DDI-21)", info.Reserved);
}

static void whole_list(void)
{
    expect_info(start_and_end(FRIENDLY, FAST, STATUS_SUCCESS), 1, 0);
}

static void reduced_list(void)
{
    expect_info(start_and_end(FRIENDLY, SLOW, STATUS_SUCCESS), 1, 1);
}

static void no_monitor(void)
{
    struct sink_manner manner = FRIENDLY;
    manner.more = "wfd_connector_type: none\r\n";
    expect_info(start_and_end(manner, FAST, STATUS_SUCCESS), 0, 0);
    EXPECT(stage.device.miniport.asked[MCKI_OPCODE_MONITOR_ARRIVE] == 0,
           "a monitor is reported that is not there");
}

static void too_slow(void)
{
    start_and_end(FRIENDLY, TOO_SLOW, STATUS_DEVICE_INSUFFICIENT_RESOURCES);
}

enum { EDID_BYTES = 128, EDID_LINE = 32 + 2 * EDID_BYTES };

/* An EDID that has no more than its header and its checksum, and the line of M3 that tells of it. */
static const char *say_edid(uint8_t *edid, char *said)
{
    static const uint8_t header[] = { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0 };
    uint8_t sum = 0;
    memset(edid, 0, EDID_BYTES);
    memcpy(edid, header, sizeof header);
    for (int i = 0; i < EDID_BYTES - 1; i++) {
        sum += edid[i];
    }
    edid[EDID_BYTES - 1] = (uint8_t)-sum;
    int length = snprintf(said, EDID_LINE, "wfd_display_edid: 0001 ");
    for (int i = 0; i < EDID_BYTES; i++) {
        length += snprintf(said + length, EDID_LINE - (size_t)length, "%02x", edid[i]);
    }
    snprintf(said + length, EDID_LINE - (size_t)length, "\r\n");
    return said;
}

/* Windows holds requests of other threads until Start returns (DDI-22, DDI-41); that Start does not
 * wait for them is what the callbacks look at. */
static void arrival(void)
{
    MIRACAST_SESSION_INFO info = { .Value = 0 };
    struct device *device = &stage.device;
    struct sink_manner manner = FRIENDLY;
    uint8_t edid[EDID_BYTES];
    char said[EDID_LINE];
    manner.more = say_edid(edid, said);
    if (stage_open(&stage, manner)) {
        EXPECT_STATUS(stage_start(&stage, FAST, &info), STATUS_SUCCESS, "Start");
        EVENTUALLY(device->events[MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE] == 1,
                   "the arrival of the monitor is not reported");
        EXPECT(device->miniport.asked[MCKI_OPCODE_MONITOR_ARRIVE] == 1, "%ld times MONITOR_ARRIVE",
               device->miniport.asked[MCKI_OPCODE_MONITOR_ARRIVE]);
        EXPECT(device->miniport.asked_on[MCKI_OPCODE_MONITOR_ARRIVE] != GetCurrentThreadId(),
               "MONITOR_ARRIVE on the thread of Start");
        const MCKI_MONITOR_ARRIVE *monitor = &device->miniport.model.monitor;
        EXPECT(monitor->edid_count == EDID_BYTES && memcmp(monitor->edid, edid, EDID_BYTES) == 0,
               "the monitor is reported with %u bytes of EDID, or with others", monitor->edid_count);
        EXPECT(device->registered == 1, "%ld times registered for notices", device->registered);
        EVENTUALLY(device->chunk_calls > 0, "GetNextChunkData is not called");
        device_stop(device);
        EXPECT(device->unregistered == 1, "%ld times unregistered", device->unregistered);
        LONG calls = device->chunk_calls;
        Sleep(50);
        EXPECT(device->chunk_calls == calls, "GetNextChunkData is called after Stop");
    }
    device_destroy(device);
    stage_close(&stage);
}

static void out_of_order(void)
{
    MIRACAST_SESSION_INFO info = { .Value = 0 };
    struct device *device = &stage.device;
    if (stage_open(&stage, FRIENDLY)) {
        EXPECT_STATUS(stage_start(&stage, FAST, &info), STATUS_SUCCESS, "Start");
        MIRACAST_WFD_CONNECTION_STATS stats = { .CurrentBitRate = FAST };
        NTSTATUS again =
            driver.table.StartMiracastSession(device->context, stage.rtsp, &stats, &info);
        EXPECT_STATUS(again, STATUS_INVALID_DEVICE_STATE, "Start of a session that runs");
        device_stop(device);
        device_stop(device);
    }
    device_destroy(device);
    driver.table.DestroyMiracastContext(device->context);
    stage_close(&stage);
}

/* One session after the other in one context, each with a connection of its own. */
static void again(void)
{
    struct stage first;
    MIRACAST_SESSION_INFO info = { .Value = 0 };
    struct device *device = &first.device;
    if (stage_open(&first, FRIENDLY) && stage_open(&stage, FRIENDLY)) {
        EXPECT_STATUS(stage_start(&first, FAST, &info), STATUS_SUCCESS, "the first Start");
        device_stop(device);
        EXPECT_STATUS(device_start(device, stage.rtsp, TOO_SLOW, &info),
                      STATUS_DEVICE_INSUFFICIENT_RESOURCES, "a Start that fails");
        device_destroy(&stage.device);
        stage_close(&stage);
        stage_open(&stage, FRIENDLY);
        EXPECT_STATUS(device_start(device, stage.rtsp, FAST, &info), STATUS_SUCCESS,
                      "the third Start");
        device_stop(device);
    }
    device_destroy(&stage.device);
    stage_close(&stage);
    device_destroy(device);
    stage_close(&first);
}

const struct check session_checks[] = {
    { "session-modes", whole_list },      { "session-fewer-modes", reduced_list },
    { "session-no-monitor", no_monitor }, { "session-too-slow", too_slow },
    { "session-arrival", arrival },       { "session-order", out_of_order },
    { "session-again", again },           { NULL, NULL },
};
