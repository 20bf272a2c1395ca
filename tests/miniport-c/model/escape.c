/* The driver's requests: which there are, in which state they are allowed, what they do. */

#include <string.h>

#include "audio.h"
#include "stream.h"
#include "wire.h"

typedef union mk_answer {
    MCKI_HELLO_REPLY hello;
    MCKI_STREAM_OPENED opened;
    MCKI_STREAM_STARTED started;
    MCKI_AUDIO_STARTED audio_started;
} mk_answer;

/* Checks a request against the state and does it; the answer was zeroed. */
typedef mk_refusal (*mk_act)(mk_miniport *miniport, mk_answer *answer);

typedef struct mk_operation {
    mcki_u16 opcode;
    size_t request_length;
    size_t answer_length;
    /* Null: any bytes will do. */
    mcki_u16 (*check)(const mk_request *request);
    mk_act act;
} mk_operation;

static const mk_refusal DONE = { MCKI_STATUS_SUCCESS, MCKI_FIELD_NONE };

static mk_refusal hello(mk_miniport *miniport, mk_answer *answer)
{
    MCKI_VERSION_RANGE versions = miniport->request.hello.versions;

    /* We speak one version: the newest that both speak is this, or there is none. */
    if (versions.oldest > MCKI_VERSION || versions.newest < MCKI_VERSION) {
        return mk_blame(MCKI_FIELD_VERSION);
    }
    miniport->greeted = 1;
    miniport->features = miniport->request.hello.features & miniport->config.features;
    answer->hello.version = MCKI_VERSION;
    answer->hello.features = miniport->config.features;
    answer->hello.encoder = miniport->config.encoder;
    answer->hello.audio = miniport->config.audio;
    return DONE;
}

static mk_refusal monitor_arrive(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    miniport->monitor = miniport->request.monitor_arrive;
    miniport->has_monitor = 1;
    return DONE;
}

static mk_refusal monitor_depart(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    if (miniport->has_monitor) {
        miniport->has_monitor = 0;
        miniport->has_mode = 0;
    }
    return DONE;
}

static mk_refusal mode_failed(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    if (!miniport->has_mode) {
        return mk_wrong_state();
    }
    if (miniport->request.mode_failed.mode_sequence != miniport->mode.sequence) {
        return mk_blame(MCKI_FIELD_SEQUENCE);
    }
    miniport->mode_failure = miniport->request.mode_failed.status;
    return DONE;
}

static mk_refusal input_report(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    if ((miniport->features & MCKI_FEATURES_INPUT) == 0) {
        return mk_wrong_state();
    }
    miniport->input = miniport->request.input_report;
    miniport->inputs++;
    return DONE;
}

static mk_refusal stream_open(mk_miniport *miniport, mk_answer *answer)
{
    return mk_stream_open(miniport, &answer->opened);
}

static mk_refusal stream_start(mk_miniport *miniport, mk_answer *answer)
{
    return mk_stream_start(miniport, &answer->started);
}

static mk_refusal stream_stop(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_stream_stop(miniport);
}

static mk_refusal stream_close(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_stream_close(miniport);
}

static mk_refusal request_idr(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_stream_request_idr(miniport);
}

static mk_refusal set_rate(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_stream_set_rate(miniport);
}

static mk_refusal audio_open(mk_miniport *miniport, mk_answer *answer)
{
    return mk_audio_open(miniport, &answer->opened);
}

static mk_refusal audio_start(mk_miniport *miniport, mk_answer *answer)
{
    return mk_audio_start(miniport, &answer->audio_started);
}

static mk_refusal audio_stop(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_audio_stop(miniport);
}

static mk_refusal audio_close(mk_miniport *miniport, mk_answer *answer)
{
    (void)answer;
    return mk_audio_close(miniport);
}

static const mk_operation OPERATIONS[] = {
    { MCKI_OPCODE_HELLO, sizeof(MCKI_HELLO), sizeof(MCKI_HELLO_REPLY), mk_check_hello, hello },
    { MCKI_OPCODE_MONITOR_ARRIVE, sizeof(MCKI_MONITOR_ARRIVE), 0, mk_check_monitor_arrive,
      monitor_arrive },
    { MCKI_OPCODE_MONITOR_DEPART, 0, 0, NULL, monitor_depart },
    { MCKI_OPCODE_STREAM_OPEN, sizeof(MCKI_STREAM_OPEN), sizeof(MCKI_STREAM_OPENED),
      mk_check_stream_open, stream_open },
    { MCKI_OPCODE_STREAM_START, sizeof(MCKI_STREAM_START), sizeof(MCKI_STREAM_STARTED), NULL,
      stream_start },
    { MCKI_OPCODE_STREAM_STOP, sizeof(MCKI_STREAM_STOP), 0, NULL, stream_stop },
    { MCKI_OPCODE_STREAM_CLOSE, sizeof(MCKI_STREAM_CLOSE), 0, NULL, stream_close },
    { MCKI_OPCODE_REQUEST_IDR, sizeof(MCKI_REQUEST_IDR), 0, NULL, request_idr },
    { MCKI_OPCODE_SET_RATE, sizeof(MCKI_SET_RATE), 0, mk_check_set_rate, set_rate },
    { MCKI_OPCODE_MODE_FAILED, sizeof(MCKI_MODE_FAILED), 0, mk_check_mode_failed, mode_failed },
    { MCKI_OPCODE_AUDIO_OPEN, sizeof(MCKI_AUDIO_OPEN), sizeof(MCKI_STREAM_OPENED),
      mk_check_audio_open, audio_open },
    { MCKI_OPCODE_AUDIO_START, sizeof(MCKI_AUDIO_START), sizeof(MCKI_AUDIO_STARTED), NULL,
      audio_start },
    { MCKI_OPCODE_AUDIO_STOP, sizeof(MCKI_AUDIO_STOP), 0, NULL, audio_stop },
    { MCKI_OPCODE_AUDIO_CLOSE, sizeof(MCKI_AUDIO_CLOSE), 0, NULL, audio_close },
    { MCKI_OPCODE_INPUT_REPORT, sizeof(MCKI_INPUT_REPORT), 0, mk_check_input_report, input_report },
};

static const mk_operation *find(mcki_u16 opcode)
{
    size_t index;

    for (index = 0; index < sizeof OPERATIONS / sizeof OPERATIONS[0]; index++) {
        if (OPERATIONS[index].opcode == opcode) {
            return &OPERATIONS[index];
        }
    }
    return NULL;
}

/* Takes the body into our memory, once, and checks it there. `in` has header->size bytes. */
static mk_refusal take(mk_miniport *miniport, const mk_operation *operation,
                       const MCKI_HEADER *header, const void *in)
{
    if (header->size - MCKI_HEADER_SIZE < operation->request_length) {
        return mk_blame(MCKI_FIELD_SIZE);
    }
    if (operation->request_length != 0) {
        memcpy(&miniport->request, (const mcki_u8 *)in + MCKI_HEADER_SIZE,
               operation->request_length);
    }
    if (operation->check != NULL) {
        mcki_u16 field = operation->check(&miniport->request);
        if (field != MCKI_FIELD_NONE) {
            return mk_blame(field);
        }
    }
    if (!miniport->greeted && operation->opcode != MCKI_OPCODE_HELLO) {
        return mk_wrong_state();
    }
    return DONE;
}

mcki_u32 mk_escape(mk_miniport *miniport, const void *in, size_t in_length, void *out,
                   size_t out_capacity, size_t *out_length)
{
    const mk_operation *operation = NULL;
    mk_refusal refusal;
    MCKI_REFUSAL_BODY refused;
    MCKI_HEADER header;
    mk_answer answer;

    *out_length = 0;
    refusal = mk_blame(mk_read_header(&header, in, in_length));
    if (refusal.status == MCKI_STATUS_SUCCESS) {
        operation = find(header.opcode);
        if (operation == NULL) {
            refusal = mk_blame(MCKI_FIELD_OPCODE);
        }
    }
    /* Before anything is done: a stream that is opened and not told of would be lost. */
    if (out_capacity < sizeof header + sizeof refused ||
        (operation != NULL && out_capacity < sizeof header + operation->answer_length)) {
        return MCKI_STATUS_BUFFER_TOO_SMALL;
    }
    memset(&answer, 0, sizeof answer);
    if (operation != NULL) {
        refusal = take(miniport, operation, &header, in);
        if (refusal.status == MCKI_STATUS_SUCCESS) {
            refusal = operation->act(miniport, &answer);
        }
    }
    if (refusal.status == MCKI_STATUS_SUCCESS && operation != NULL) {
        *out_length = mk_write(out, out_capacity, header.opcode, header.sequence,
                               MCKI_STATUS_SUCCESS, &answer, operation->answer_length);
    } else {
        memset(&refused, 0, sizeof refused);
        refused.field = refusal.field;
        *out_length = mk_write(out, out_capacity, header.opcode, header.sequence, refusal.status,
                               &refused, sizeof refused);
    }
    return MCKI_STATUS_SUCCESS;
}
