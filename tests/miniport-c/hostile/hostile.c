/* A hostile driver in C, for a build with sanitizers: random sessions in which every buffer is a heap
 * block of exactly its size, so that a byte read or written beyond one is reported.
 *
 *   hostile SEED STEPS          ends with 0, and a count of what happened
 *   hostile SEED STEPS --lie    claims one byte more than a buffer has: a sanitizer must see it
 *
 * What is right and what is wrong is judged elsewhere; here only memory and arithmetic are. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mk_miniport.h"

#define DATA_LEN (2u * MCKI_RING_PAGE)

static mcki_u64 random_state;

/* xorshift64*: the same sessions from the same seed, everywhere. */
static mcki_u32 chance(mcki_u32 below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (mcki_u32)((random_state * 0x2545F4914F6CDD1Dull) >> 32) % below;
}

static void *block(size_t length)
{
    void *bytes = malloc(length != 0 ? length : 1);

    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

static const mcki_u16 OPCODES[] = {
    MCKI_OPCODE_HELLO,        MCKI_OPCODE_MONITOR_ARRIVE, MCKI_OPCODE_MONITOR_DEPART,
    MCKI_OPCODE_STREAM_OPEN,  MCKI_OPCODE_STREAM_START,   MCKI_OPCODE_STREAM_STOP,
    MCKI_OPCODE_STREAM_CLOSE, MCKI_OPCODE_REQUEST_IDR,    MCKI_OPCODE_SET_RATE,
    MCKI_OPCODE_MODE_FAILED,  MCKI_OPCODE_AUDIO_OPEN,     MCKI_OPCODE_AUDIO_START,
    MCKI_OPCODE_AUDIO_STOP,   MCKI_OPCODE_AUDIO_CLOSE,    MCKI_OPCODE_INPUT_REPORT,
    MCKI_OPCODE_MODE_SET,
};

/* Half of the time what leads on to pictures, so that sessions get there; else anything. */
static mcki_u16 choose(const mk_miniport *miniport)
{
    if (chance(2) == 0) {
        return OPCODES[chance(sizeof OPCODES / sizeof OPCODES[0])];
    }
    if (!miniport->greeted) {
        return MCKI_OPCODE_HELLO;
    }
    if (!miniport->has_monitor) {
        return MCKI_OPCODE_MONITOR_ARRIVE;
    }
    if (chance(2) == 0) {
        return miniport->audio == 0 ? MCKI_OPCODE_AUDIO_OPEN : MCKI_OPCODE_AUDIO_START;
    }
    return miniport->stream == 0 ? MCKI_OPCODE_STREAM_OPEN : MCKI_OPCODE_STREAM_START;
}

/* A body that is good for the state, or nearly so. Returns its length. */
static size_t fill_body(mcki_u16 opcode, mk_request *body, const mk_miniport *miniport)
{
    memset(body, 0, sizeof *body);
    switch (opcode) {
    case MCKI_OPCODE_HELLO:
        body->hello.versions.oldest = 1;
        body->hello.versions.newest = (mcki_u16)(1 + chance(2));
        body->hello.features = chance(4);
        return sizeof body->hello;
    case MCKI_OPCODE_MONITOR_ARRIVE:
        body->monitor_arrive.connector = chance(13);
        body->monitor_arrive.edid_count = 128 * chance(6);
        body->monitor_arrive.modes_count = 1 + chance(MCKI_MODES_MAX + 1);
        for (mcki_u32 index = 0; index < MCKI_MODES_MAX; index++) {
            MCKI_DISPLAY_MODE mode = { 1920, 1080, { 30 + chance(40), 1 }, chance(4) };
            body->monitor_arrive.modes[index] = mode;
        }
        return sizeof body->monitor_arrive;
    case MCKI_OPCODE_STREAM_OPEN:
        body->stream_open.codec = MCKI_CODEC_H264;
        body->stream_open.profile_idc = 66;
        body->stream_open.constraint_flags = 0xC0;
        body->stream_open.level_idc = 42;
        body->stream_open.slices = 1;
        body->stream_open.width = miniport->mode.width;
        body->stream_open.height = miniport->mode.height;
        body->stream_open.refresh = miniport->mode.refresh;
        body->stream_open.flags = miniport->mode.flags;
        body->stream_open.bit_rate = 1000000;
        body->stream_open.mode_sequence = miniport->mode.sequence;
        return sizeof body->stream_open;
    case MCKI_OPCODE_SET_RATE:
        body->set_rate.bit_rate = 1 + chance(60000000);
        body->set_rate.stream = miniport->stream;
        body->set_rate.refresh.numerator = chance(2) * 60;
        body->set_rate.refresh.denominator = chance(2);
        return sizeof body->set_rate;
    case MCKI_OPCODE_MODE_FAILED:
        body->mode_failed.mode_sequence = miniport->mode.sequence;
        body->mode_failed.status = MCKI_STATUS_NOT_SUPPORTED;
        return sizeof body->mode_failed;
    case MCKI_OPCODE_AUDIO_OPEN:
        body->audio_open.codec = (mcki_u16)(1 + chance(3));
        body->audio_open.channels = (mcki_u16)(2 * (1 + chance(2)));
        body->audio_open.sample_rate = chance(4) != 0 ? 48000 : 44100;
        return sizeof body->audio_open;
    case MCKI_OPCODE_AUDIO_START:
    case MCKI_OPCODE_AUDIO_STOP:
    case MCKI_OPCODE_AUDIO_CLOSE:
        body->audio_start.stream = miniport->audio;
        return sizeof body->audio_start;
    case MCKI_OPCODE_INPUT_REPORT:
        body->input_report.kind = (mcki_u16)chance(13);
        body->input_report.width = 1920;
        body->input_report.height = 1080;
        body->input_report.factor = (mcki_u16)chance(3);
        body->input_report.amount = (mcki_i16)(chance(20000) - 10000);
        body->input_report.first_key = (mcki_u16)chance(2);
        body->input_report.pointers_count = chance(MCKI_INPUT_POINTERS_MAX + 2);
        body->input_report.hid_count = chance(MCKI_INPUT_HID_MAX + 2);
        return sizeof body->input_report;
    case MCKI_OPCODE_MONITOR_DEPART:
        return 0;
    default:
        body->stream_start.stream = miniport->stream;
        return sizeof body->stream_start;
    }
}

/* One request, clean or dirty, whole or cut. */
static mcki_u32 ask(mk_miniport *miniport, size_t lie)
{
    mcki_u16 opcode = choose(miniport);
    mcki_u8 request[sizeof(MCKI_HEADER) + sizeof(mk_request)];
    size_t capacity = chance(4) != 0 ? MCKI_MESSAGE_MAX : chance(600);
    size_t in_length, out_length, length;
    mk_request body;
    MCKI_HEADER header = { MCKI_MAGIC, MCKI_VERSION, 0, 0, 0, MCKI_STATUS_PENDING, { 0 } };
    mcki_u8 *in, *out;
    mcki_u32 status;

    length = sizeof header + fill_body(opcode, &body, miniport);
    header.opcode = opcode;
    header.size = (mcki_u32)length;
    header.sequence = chance(1000);
    memcpy(request, &header, sizeof header);
    memcpy(request + sizeof header, &body, length - sizeof header);
    for (mcki_u32 dirt = chance(8) == 0 ? chance(4) : 0; dirt != 0; dirt--) {
        request[chance((mcki_u32)length)] = (mcki_u8)chance(256);
    }
    in_length = chance(8) == 0 ? chance((mcki_u32)length + 1) : length;
    in = block(in_length);
    memcpy(in, request, in_length);
    out = block(capacity);
    status = mk_escape(miniport, in, in_length + lie, out, capacity, &out_length);
    if (out_length > capacity || (status == MCKI_STATUS_SUCCESS) != (out_length != 0)) {
        abort();
    }
    free(in);
    free(out);
    return status == MCKI_STATUS_SUCCESS;
}

/* A message of the miniport, and an answer that may be anything. */
static mcki_u32 tell(mk_miniport *miniport)
{
    MCKI_DISPLAY_MODE mode = { 1920, 1080, { 30, 1 }, 0 };
    size_t capacity = chance(80), length, answer_length;
    mcki_u8 *out = block(capacity), *answer;
    mcki_u16 field;
    mcki_u32 status;

    switch (chance(5)) {
    case 0:
        status = mk_mode_set(miniport, NULL, out, capacity, &length);
        break;
    case 1:
        status = mk_monitor_power(miniport, chance(3), out, capacity, &length);
        break;
    case 2:
        status = mk_device_lost(miniport, MCKI_STATUS_DEVICE_REMOVED, out, capacity, &length);
        break;
    default:
        status = mk_mode_set(miniport, &mode, out, capacity, &length);
        break;
    }
    if (status == MCKI_STATUS_SUCCESS) {
        answer_length = chance((mcki_u32)length + 1);
        answer = block(answer_length);
        memcpy(answer, out, answer_length);
        for (mcki_u32 dirt = chance(6); dirt != 0 && answer_length != 0; dirt--) {
            answer[chance((mcki_u32)answer_length)] = (mcki_u8)chance(256);
        }
        (void)mk_accepted(out, answer, answer_length, &field);
        free(answer);
    }
    free(out);
    return status == MCKI_STATUS_SUCCESS;
}

/* Where the driver has moved its position: mostly as it may, sometimes anywhere. */
static void move(MCKI_RING_CONTROL *control)
{
    if (chance(64) == 0) {
        control->consumer = (mcki_u64)chance(0xFFFFFFFFu) * chance(0xFFFFFFFFu);
    } else {
        control->consumer = control->producer - chance(2) * chance(DATA_LEN);
    }
}

/* A chunk of audio, of the right length or nearly so. */
static mcki_u32 push_audio(mk_miniport *miniport, MCKI_RING_CONTROL *control)
{
    mcki_u32 length = chance(2) == 0 ? MCKI_AUDIO_LPCM_BYTES : chance(MCKI_AUDIO_AC3_BYTES_MAX + 2);
    mcki_u8 *bytes = block(length);
    MCKI_CHUNK_RECORD record;
    mcki_u32 status;

    move(control);
    memset(bytes, 0x5A, length);
    status = mk_push_audio(miniport, bytes, length, 1, &record);
    free(bytes);
    return status == MCKI_STATUS_SUCCESS;
}

/* A picture. */
static mcki_u32 push(mk_miniport *miniport, MCKI_RING_CONTROL *control)
{
    mcki_u32 length = chance(8) == 0 ? chance(2 * DATA_LEN) : chance(1000);
    mcki_u8 *bytes = block(length);
    MCKI_CHUNK_RECORD record;
    mcki_u32 status;

    move(control);
    memset(bytes, 0x5A, length);
    status = mk_push_chunk(miniport, bytes, length, chance(32), 1, &record);
    free(bytes);
    return status == MCKI_STATUS_SUCCESS;
}

static mk_memory memory_of(void *base)
{
    mk_memory memory = { base, (mcki_u64)(size_t)base, MCKI_RING_PAGE, DATA_LEN };
    return memory;
}

static void configure(mk_config *config, void *ring, void *audio_ring)
{
    static const mcki_u8 SETS[MCKI_PARAMETER_SETS_MAX] = { 0, 0, 0, 1, 0x67 };
    MCKI_ENCODER_CAPS encoder = { 3, 4, 1920, 1088, 4, 489600, 0, 50000000 };

    memset(config, 0, sizeof *config);
    config->encoder = encoder;
    config->features = MCKI_FEATURES_INPUT | MCKI_FEATURES_AUDIO;
    config->ring = memory_of(ring);
    config->audio = 0xFFu;
    config->audio_ring = memory_of(audio_ring);
    config->audio_bit_rate = 192000;
    config->parameter_sets = SETS;
    config->parameter_sets_count = chance(MCKI_PARAMETER_SETS_MAX + 1);
}

int main(int count, char **words)
{
    size_t lie = count > 3 && strcmp(words[3], "--lie") == 0;
    mcki_u32 asked = 0, told = 0, pushed = 0, heard = 0;
    mk_miniport *miniport = block(sizeof *miniport);
    void *ring = aligned_alloc(MCKI_RING_PAGE, MCKI_RING_PAGE + DATA_LEN);
    void *audio_ring = aligned_alloc(MCKI_RING_PAGE, MCKI_RING_PAGE + DATA_LEN);
    mk_config config;

    if (count < 3 || ring == NULL || audio_ring == NULL) {
        return 2;
    }
    random_state = strtoull(words[1], NULL, 10) | 1;
    for (unsigned long step = strtoul(words[2], NULL, 10); step != 0; step--) {
        if (step % 200 == 0 || asked == 0) {
            memset(ring, 0, MCKI_RING_PAGE + DATA_LEN);
            memset(audio_ring, 0, MCKI_RING_PAGE + DATA_LEN);
            configure(&config, ring, audio_ring);
            if (mk_init(miniport, &config) != MCKI_STATUS_SUCCESS) {
                return 2;
            }
        }
        asked += ask(miniport, lie);
        told += chance(4) == 0 ? tell(miniport) : 0;
        for (mcki_u32 pictures = chance(8); pictures != 0; pictures--) {
            pushed += push(miniport, ring);
            heard += push_audio(miniport, audio_ring);
        }
    }
    mk_close(miniport);
    printf("%u requests answered, %u messages, %u chunks, %u of audio\n", asked, told, pushed, heard);
    free(audio_ring);
    free(ring);
    free(miniport);
    return 0;
}
