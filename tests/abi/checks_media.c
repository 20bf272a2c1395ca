/* A session that plays: chunk records in, RTP and statistics out, rates and lost chunks between. */
#include "checks.h"
#include "stage.h"
#include "verdict.h"

#include <string.h>

enum {
    PICTURE_MAX = 3000,
    IDR = MCKI_CHUNK_FLAGS_IDR | MCKI_CHUNK_FLAGS_HAS_PARAMETER_SETS,
    /* What must not come has this long to come. */
    EARLY_MS = 100,
    WHOLE = MCKI_CHUNK_FLAGS_FRAME_START | MCKI_CHUNK_FLAGS_FRAME_END | MCKI_CHUNK_FLAGS_HAS_AUD,
};

static struct stage stage;

/* The bytes of every picture that was handed over. */
static uint8_t encoded[VIDEO_BYTES_MAX];
static long encoded_length;

static const struct sink_manner FRIENDLY = {
    .formats = FORMATS_THREE_MODES,
    .more = "wfd_standby_resume_capability: supported\r\n",
};

static void playing(void (*body)(void))
{
    encoded_length = 0;
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        body();
        EXPECT(stage.device.reports == 0, "the session ended: status %u, cause %08X",
               (unsigned)stage.device.reported, (unsigned)stage.device.cause);
        device_stop(&stage.device);
    }
    device_destroy(&stage.device);
    stage_close(&stage);
}

/* Writes an access unit: delimiter, parameter sets if it is an IDR, one slice. Its bytes have no
 * meaning, but no start code in them either. */
static uint32_t access_unit(uint8_t *out, bool idr, uint32_t size)
{
    static const uint8_t head[] = { 0, 0, 0, 1, 0x09, 0xF0 };
    static const uint8_t sets[] = {
        0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x3C
    };
    uint32_t length = sizeof head;
    memcpy(out, head, sizeof head);
    if (idr) {
        memcpy(out + length, sets, sizeof sets);
        length += sizeof sets;
    }
    const uint8_t slice[] = { 0, 0, 0, 1, idr ? 0x65 : 0x41 };
    memcpy(out + length, slice, sizeof slice);
    for (length += sizeof slice; length < size; length++) {
        out[length] = (uint8_t)(0x80 | (length * 7 + size));
    }
    return size;
}

/* The driver passes an identity on and has no opinion about its bit fields; the documentation has
 * an example of them. */
static void identity(void)
{
    static const uint8_t frame_101_part_1[] = { 0x65, 0, 0, 0, 0, 1, 0, 0 };
    MIRACAST_CHUNK_ID id = { .FrameNumber = 101, .PartNumber = 1 };
    EXPECT(memcmp(&id, frame_101_part_1, sizeof frame_101_part_1) == 0,
           "frame 101, part 1 is %016llX", id.Value);
}

static MIRACAST_CHUNK_ID chunk_id(UINT64 frame)
{
    return (MIRACAST_CHUNK_ID){ .FrameNumber = frame, .PartNumber = 0 };
}

/* Encodes a picture; its record has `trailing` bytes more than the driver knows. */
static void picture(UINT64 frame, bool idr, uint32_t size, UINT trailing)
{
    uint8_t unit[PICTURE_MAX], private_data[sizeof(MCKI_CHUNK_RECORD) + 8] = { 0 };
    MCKI_CHUNK_RECORD record;
    access_unit(unit, idr, size);
    uint32_t flags = WHOLE | (idr ? (uint32_t)IDR : 0);
    if (!miniport_encode(&stage.device.miniport, unit, size, flags, &record)) {
        return;
    }
    memcpy(private_data, &record, sizeof record);
    memcpy(encoded + encoded_length, unit, size);
    encoded_length += (long)size;
    device_push_chunk(&stage.device, chunk_id(frame), private_data, (UINT)sizeof record + trailing);
}

static void expect_video(void)
{
    struct rtp *rtp = &stage.sink.rtp;
    EVENTUALLY(rtp->video_length >= encoded_length, "%ld bytes of %ld arrived", rtp->video_length,
               encoded_length);
    EXPECT(rtp->video_length == encoded_length &&
               memcmp(rtp->video, encoded, (size_t)encoded_length) == 0,
           "the bytes that arrived are not those of the encoder");
}

static void expect_id(const struct ids *ids, LONG place, UINT64 frame)
{
    EVENTUALLY(ids->count > place, "%ld chunks are reported, not %ld", ids->count, place + 1);
    MIRACAST_CHUNK_ID id = ids->id[place];
    EXPECT(id.FrameNumber == frame && id.PartNumber == 0, "chunk %llu/%u is reported, not %llu/0",
           (UINT64)id.FrameNumber, (unsigned)id.PartNumber, frame);
}

/* The numbers fill the 40 bits of a frame number (DDI-64). */
static void pictures(void)
{
    const UINT64 first = 0xFFFFFFFFF0;
    for (UINT64 i = 0; i < 8; i++) {
        picture(first + i, i == 0, 100 + 350 * (uint32_t)i, 0);
    }
    expect_video();
    for (LONG i = 0; i < 8; i++) {
        expect_id(&stage.device.sent, i, first + (UINT64)i);
    }
    EXPECT(stage.device.sent.count == 8, "%ld chunks are reported as sent",
           stage.device.sent.count);
    EXPECT(stage.device.dropped.count == 0, "chunks were dropped");
}

/* Several records in one buffer, the second and third at odd addresses, and one between them that
 * only tells of a stage. */
static void packed(void)
{
    EnterCriticalSection(&stage.device.lock);
    picture(1, true, 500, 1);
    device_push_chunk(&stage.device, chunk_id(1), NULL, 0);
    picture(2, false, 700, 3);
    picture(3, false, 900, 0);
    LeaveCriticalSection(&stage.device.lock);
    expect_video();
    for (LONG i = 0; i < 3; i++) {
        expect_id(&stage.device.sent, i, (UINT64)i + 1);
    }
}

/* Nothing of a picture leaves before it is reported (DDI-27, DDI-57): while that report is held up,
 * nothing comes. */
static void announced(void)
{
    struct device *device = &stage.device;
    struct rtp *rtp = &stage.sink.rtp;
    picture(1, true, 500, 0);
    expect_video();
    long before = rtp->video_length;
    device->hold_sent = TRUE;
    picture(2, false, 700, 0);
    EVENTUALLY(device->held_sent, "the picture is not reported");
    Sleep(EARLY_MS);
    EXPECT(rtp->video_length == before, "%ld bytes of the picture came before its report",
           rtp->video_length - before);
    device->hold_sent = FALSE;
    expect_video();
}

/* The desktop did not change: a picture with the numbers of the last (DDI-56). */
static void repeated(void)
{
    picture(7, true, 500, 0);
    picture(7, false, 300, 0);
    expect_video();
    expect_id(&stage.device.sent, 0, 7);
    expect_id(&stage.device.sent, 1, 7);
    EXPECT(stage.device.dropped.count == 0, "a picture with the numbers of the last was dropped");
}

/* Windows has switched the monitor off (DDI-33). */
static void standby(void)
{
    struct device *device = &stage.device;
    picture(1, true, 500, 0);
    expect_video();
    struct message off = miniport_monitor_power(&device->miniport, MCKI_POWER_STATE_OFF);
    EXPECT_STATUS(device_message(device, off), STATUS_SUCCESS, "MONITOR_POWER");
    EVENTUALLY(stage.sink.standing_by, "the sink is not told to stand by");
    EVENTUALLY(device->miniport.asked[MCKI_OPCODE_STREAM_STOP] == 1, "the encoder goes on");
}

static void idr(void)
{
    struct device *device = &stage.device;
    picture(1, true, 500, 0);
    expect_video();
    sink_do(&stage.sink, DEED_ASK_IDR);
    EVENTUALLY(device->events[MIRACAST_PROTOCOL_EVENT_IFRAME_RQ] == 1,
               "the sink's wish for an IDR picture is not reported");
    EVENTUALLY(device->miniport.asked[MCKI_OPCODE_REQUEST_IDR] > 0,
               "the encoder is not asked for an IDR picture");
}

/* Windows has lost chunks: an IDR is wanted, and a record from before is too late (DDI-51, DDI-61).
 */
static void lost(void)
{
    struct device *device = &stage.device;
    picture(1, true, 500, 0);
    expect_video();
    LONG asked = device->miniport.asked[MCKI_OPCODE_REQUEST_IDR];
    MCKI_CHUNK_RECORD late;
    uint8_t unit[PICTURE_MAX];
    uint32_t size = access_unit(unit, false, 700);
    miniport_encode(&device->miniport, unit, size, WHOLE, &late);
    InterlockedExchange(&device->next_status, STATUS_CONNECTION_RESET);
    SetEvent(device->chunks_there);
    EVENTUALLY(device->miniport.asked[MCKI_OPCODE_REQUEST_IDR] > asked,
               "chunks were lost, and no IDR picture is asked for");
    device_push_chunk(device, chunk_id(2), &late, sizeof late);
    expect_id(&device->dropped, 0, 2);
    picture(3, true, 900, 0);
    expect_video();
    expect_id(&device->sent, 1, 3);
}

/* Notices of the rate, on a thread that is none of the driver's (DDI-49), and one without data
 * (DDI-47). */
static void rates(void)
{
    struct device *device = &stage.device;
    MIRACAST_DATARATE_STATS stats = {
        .EncoderBitRate = 7000000,
        .CurrentMaxTxDataRate = 1000,
        .TransmittedFrameCount = 2000,
        .FailedFrameCount = 3000,
        .RetriedFrameCount = 4000,
        .MultipleRetryFrameCount = 5000,
    };
    EXPECT(device->miniport.model.bit_rate <= FAST, "the encoder begins with %llu bit/s (DDI-26)",
           device->miniport.model.bit_rate);
    device->notify(device->notify_context, &stats);
    EVENTUALLY(device->miniport.asked[MCKI_OPCODE_SET_RATE] == 1, "the encoder's rate is not set");
    EXPECT(device->miniport.model.bit_rate == stats.EncoderBitRate, "the rate is %llu bit/s",
           device->miniport.model.bit_rate);
    device->notify(device->notify_context, NULL);
    picture(1, true, 500, 0);
    expect_video();
    EXPECT(device->miniport.asked[MCKI_OPCODE_SET_RATE] == 1, "no data set another rate");
}

static void check_pictures(void)
{
    playing(pictures);
}
static void check_packed(void)
{
    playing(packed);
}
static void check_announced(void)
{
    playing(announced);
}
static void check_repeated(void)
{
    playing(repeated);
}
static void check_standby(void)
{
    playing(standby);
}
static void check_idr(void)
{
    playing(idr);
}
static void check_lost(void)
{
    playing(lost);
}

/* What the miniport still hands over after Stop is not even looked at (DDI-37). */
static void check_late(void)
{
    struct device *device = &stage.device;
    if (stage_open(&stage, FRIENDLY) && stage_play(&stage)) {
        MCKI_CHUNK_RECORD record;
        uint8_t unit[PICTURE_MAX];
        uint32_t size = access_unit(unit, true, 500);
        miniport_encode(&device->miniport, unit, size, WHOLE | IDR, &record);
        device_stop(device);
        device_push_chunk(device, chunk_id(1), &record, sizeof record);
        Sleep(EARLY_MS);
        EXPECT(device->queued != 0, "a chunk was taken after Stop");
        EXPECT(stage.sink.rtp.video_length == 0, "a picture was sent after Stop");
    }
    device_destroy(device);
    stage_close(&stage);
}

/* A notice that comes too late means nothing any more. */
static void check_rates(void)
{
    playing(rates);
    MIRACAST_DATARATE_STATS stats = { .EncoderBitRate = 5000000 };
    PFN_DATARATE_NOTIFICATION notify = stage.device.first_notify;
    REQUIRE(notify != NULL, "the driver does not ask for notices of the rate");
    notify(stage.device.notify_context, &stats);
    notify(NULL, &stats);
}

const struct check media_checks[] = {
    { "chunk-identity", identity },
    { "media-pictures", check_pictures },
    { "media-packed", check_packed },
    { "media-announced", check_announced },
    { "media-repeated", check_repeated },
    { "media-standby", check_standby },
    { "media-late", check_late },
    { "media-idr", check_idr },
    { "media-lost", check_lost },
    { "media-rates", check_rates },
    { NULL, NULL },
};
