/* How a session ends, and what Windows is told: each value of MIRACAST_STATUS that the driver has a
 * use for (DDI-28 to DDI-30). */
#include "checks.h"
#include "stage.h"
#include "verdict.h"

/* A rate that carries no mode, in bit/s, and how often it is said before it is believed. */
enum { STARVING = 100000, NOTICES = 5, REPORT_MS = 45000 };

/* Far less than any answer of a sink is waited for while a session runs. */
enum { STOP_MS_MAX = 1000 };

static const struct sink_manner FRIENDLY = { .formats = FORMATS_THREE_MODES };

static struct stage stage;

/* Waits for the report of the end, for longer than the longest timeout of a session. */
static void expect_report(const struct stage *stage, MIRACAST_STATUS reported, NTSTATUS why)
{
    const struct device *device = &stage->device;
    ULONGLONG begin = GetTickCount64();
    while (device->reports == 0 && GetTickCount64() - begin < REPORT_MS) {
        Sleep(5);
    }
    EXPECT(device->reports == 1, "the end is not reported");
    EXPECT(device->reported == reported, "status %u is reported, not %u",
           (unsigned)device->reported, (unsigned)reported);
    EXPECT_STATUS(device->cause, why, "the cause");
}

/* Has a session play, lets `cause` end it, and wants to be told so and why. */
static void ends(struct sink_manner manner, void (*cause)(void), MIRACAST_STATUS reported,
                 NTSTATUS why)
{
    if (stage_open(&stage, manner) && stage_play(&stage)) {
        cause();
        expect_report(&stage, reported, why);
        device_stop(&stage.device);
    }
    device_destroy(&stage.device);
    stage_close(&stage);
}

static void sink_leaves(void)
{
    sink_do(&stage.sink, DEED_TEARDOWN);
}

static void by_sink(void)
{
    ends(FRIENDLY, sink_leaves, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST,
         STATUS_GRACEFUL_DISCONNECT);
    EXPECT(stage.sink.torn_down, "the sink's TEARDOWN was not answered");
}

/* The session of a sink that does not answer any more ends after its timeout of 30 s. It begins
 * before the other checks, and is looked at after them. */
static struct stage silent;

static void silence_begins(void)
{
    struct sink_manner manner = FRIENDLY;
    manner.falls_silent = true;
    if (stage_open(&silent, manner)) {
        stage_play(&silent);
    }
}

static void by_silence(void)
{
    if (silent.device.context == NULL) {
        silence_begins();
    }
    expect_report(&silent, MIRACAST_STATUS_MISSING_KEEPALIVE, STATUS_REMOTE_NOT_LISTENING);
    device_stop(&silent.device);
    device_destroy(&silent.device);
    stage_close(&silent);
}

static void starve(void)
{
    MIRACAST_DATARATE_STATS stats = { .EncoderBitRate = STARVING, .CurrentMaxTxDataRate = FAST };
    for (int i = 0; i < NOTICES; i++) {
        stage.device.notify(stage.device.notify_context, &stats);
        /* Once a second, as Windows does; the driver gives a link three of them. */
        Sleep(1000);
    }
}

static void by_bandwidth(void)
{
    ends(FRIENDLY, starve, MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH,
         STATUS_DEVICE_INSUFFICIENT_RESOURCES);
}

static void change_mode(void)
{
    struct message change = miniport_mode_set(&stage.device.miniport, 640, 480, 60);
    EXPECT_STATUS(device_message(&stage.device, change), STATUS_SUCCESS, "the second MODE_SET");
}

static void by_mode_change(void)
{
    struct sink_manner manner = FRIENDLY;
    manner.refuses_change = true;
    ends(manner, change_mode, MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE,
         STATUS_GRAPHICS_MODE_NOT_IN_MODESET);
}

static void order(NTSTATUS status)
{
    InterlockedExchange(&stage.device.next_status, status);
    SetEvent(stage.device.chunks_there);
}

static void small_buffer(void)
{
    order(STATUS_BUFFER_TOO_SMALL);
}

/* A record that does not fit the driver's buffer is none of its miniport. */
static void by_large_chunk(void)
{
    ends(FRIENDLY, small_buffer, MIRACAST_STATUS_CRITICAL_ERROR, STATUS_BUFFER_TOO_SMALL);
}

/* Stop closes the encoder's stream on its own thread, for no other one may now (DDI-41), and tells
 * the sink without waiting for it (DDI-35). */
static void by_windows(void)
{
    struct device *device = &stage.device;
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        device_stop(device);
        const int on_stop[] = { MCKI_OPCODE_STREAM_STOP, MCKI_OPCODE_STREAM_CLOSE };
        for (int i = 0; i < 2; i++) {
            EXPECT(device->miniport.asked[on_stop[i]] == 1 &&
                       device->miniport.asked_on[on_stop[i]] == GetCurrentThreadId(),
                   "opcode %04X: %ld times, not once on Stop's thread", on_stop[i],
                   device->miniport.asked[on_stop[i]]);
        }
        EVENTUALLY(stage.sink.told_to_end, "the sink is not told of the end");
        EXPECT(device->reports == 0, "the end is reported to who asked for it");
        EXPECT(device->miniport.asked[MCKI_OPCODE_MONITOR_DEPART] == 0,
               "Stop reports the monitor as gone (DDI-36)");
    }
    device_destroy(device);
    EXPECT(device->miniport.asked[MCKI_OPCODE_MONITOR_DEPART] == 0,
           "Destroy reports the monitor as gone, which is the miniport's to do (DDI-14)");
    stage_close(&stage);
}

/* A sink that answers nothing is told of the end, and not waited for (DDI-35). */
static void unheard(void)
{
    struct sink_manner manner = FRIENDLY;
    manner.falls_silent = true;
    if (stage_open(&stage, manner) && stage_play(&stage)) {
        ULONGLONG begin = GetTickCount64();
        device_stop(&stage.device);
        ULONGLONG took = GetTickCount64() - begin;
        EXPECT(took < STOP_MS_MAX, "Stop took %llu ms", took);
    }
    device_destroy(&stage.device);
    stage_close(&stage);
}

/* Whether nobody has this port of UDP. */
static bool is_free(USHORT port)
{
    SOCKET other = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool free = bind(other, (struct sockaddr *)&address, sizeof address) == 0;
    closesocket(other);
    return free;
}

/* Stop closes what the driver has opened, RTP and RTCP (DDI-34). */
static void closes_ports(void)
{
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        USHORT port = stage.sink.source_port;
        EXPECT(port != 0 && !is_free(port), "nobody has the source's port %u", port);
        device_stop(&stage.device);
        EXPECT(is_free(port) && is_free(port + 1), "Stop leaves port %u or the next open", port);
    }
    device_destroy(&stage.device);
    stage_close(&stage);
}

/* Windows has destroyed the session: the driver asks for no chunks any more, and there is nothing
 * to report. */
static void by_destruction(void)
{
    struct device *device = &stage.device;
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        order(STATUS_INSTANCE_NOT_AVAILABLE);
        EVENTUALLY(device->next_status == 0, "GetNextChunkData is not called");
        Sleep(50);
        LONG calls = device->chunk_calls;
        Sleep(200);
        EXPECT(device->chunk_calls == calls, "GetNextChunkData is called again");
        EXPECT(device->reports == 0, "the end is reported");
        device_stop(device);
    }
    device_destroy(device);
    stage_close(&stage);
}

/* The monitor goes (M11); the session stays. */
static void monitor_goes(void)
{
    struct device *device = &stage.device;
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        sink_do(&stage.sink, DEED_LOSE_MONITOR);
        EVENTUALLY(device->events[MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART] == 1,
                   "the departure of the monitor is not reported");
        EXPECT(device->miniport.asked[MCKI_OPCODE_MONITOR_DEPART] == 1, "%ld times MONITOR_DEPART",
               device->miniport.asked[MCKI_OPCODE_MONITOR_DEPART]);
        EXPECT(device->reports == 0, "the session ended with its monitor");
        device_stop(device);
    }
    device_destroy(device);
    stage_close(&stage);
}

const struct check silence_checks[] = {
    { "silence-begins", silence_begins },
    { NULL, NULL },
};

const struct check end_checks[] = {
    { "end-by-windows", by_windows },
    { "end-by-destruction", by_destruction },
    { "end-unheard", unheard },
    { "end-closes-ports", closes_ports },
    { "end-by-sink", by_sink },
    { "end-by-mode-change", by_mode_change },
    { "end-by-bandwidth", by_bandwidth },
    { "end-by-large-chunk", by_large_chunk },
    { "monitor-goes", monitor_goes },
    { "end-by-silence", by_silence },
    { NULL, NULL },
};
