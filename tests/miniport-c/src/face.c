/* The C model's face towards Rust: what would otherwise be a second declaration of its structures. */

#include <string.h>

#include "mk_miniport.h"

/* What a test looks at. */
typedef struct face_state {
    mcki_u64 bit_rate;
    mcki_u64 inputs;
    mcki_u32 stream;
    mcki_u32 mode_failure;
    mcki_u32 greeted;
    mcki_u32 has_monitor;
    mcki_u32 running;
    mcki_u32 idr_wanted;
    mcki_u32 audio;
    mcki_u32 capturing;
} face_state;

/* What a test sets, but for the encoder. Both rings have one size. */
typedef struct face_config {
    void *ring;
    void *audio_ring;
    const mcki_u8 *parameter_sets;
    mcki_u32 parameter_sets_count;
    mcki_u32 control_len;
    mcki_u32 data_len;
    mcki_u32 features;
    mcki_u32 target_id;
    mcki_u32 audio;
    mcki_u32 audio_bit_rate;
} face_config;

size_t face_size(void);
mcki_u32 face_init(mk_miniport *miniport, const mcki_u8 *encoder, const face_config *wanted);
mcki_u32 face_mode_set(mk_miniport *miniport, const mcki_u8 *mode, void *out, size_t out_capacity,
                       size_t *out_length);
mcki_u32 face_push_chunk(mk_miniport *miniport, const void *bytes, mcki_u32 length, mcki_u32 flags,
                         mcki_u64 capture_time, mcki_u8 *record);
mcki_u32 face_push_audio(mk_miniport *miniport, const void *bytes, mcki_u32 length,
                         mcki_u64 capture_time, mcki_u8 *record);
void face_idr_made(mk_miniport *miniport);
face_state face_look(const mk_miniport *miniport);

size_t face_size(void)
{
    return sizeof(mk_miniport);
}

static mk_memory memory_of(void *base, const face_config *wanted)
{
    mk_memory memory = { base, (mcki_u64)(size_t)base, wanted->control_len, wanted->data_len };
    return memory;
}

/* `encoder` are the bytes of an MCKI_ENCODER_CAPS. */
mcki_u32 face_init(mk_miniport *miniport, const mcki_u8 *encoder, const face_config *wanted)
{
    mk_config config;

    memset(&config, 0, sizeof config);
    memcpy(&config.encoder, encoder, sizeof config.encoder);
    config.features = wanted->features;
    config.target_id = wanted->target_id;
    config.ring = memory_of(wanted->ring, wanted);
    config.audio = wanted->audio;
    config.audio_ring = memory_of(wanted->audio_ring, wanted);
    config.audio_bit_rate = wanted->audio_bit_rate;
    config.parameter_sets = wanted->parameter_sets;
    config.parameter_sets_count = wanted->parameter_sets_count;
    return mk_init(miniport, &config);
}

/* `mode` are the bytes of an MCKI_DISPLAY_MODE, or null. */
mcki_u32 face_mode_set(mk_miniport *miniport, const mcki_u8 *mode, void *out, size_t out_capacity,
                       size_t *out_length)
{
    MCKI_DISPLAY_MODE display_mode;

    if (mode != NULL) {
        memcpy(&display_mode, mode, sizeof display_mode);
    }
    return mk_mode_set(miniport, mode != NULL ? &display_mode : NULL, out, out_capacity, out_length);
}

/* `record` takes the MCKI_CHUNK_RECORD_SIZE bytes of an MCKI_CHUNK_RECORD. */
mcki_u32 face_push_chunk(mk_miniport *miniport, const void *bytes, mcki_u32 length, mcki_u32 flags,
                         mcki_u64 capture_time, mcki_u8 *record)
{
    MCKI_CHUNK_RECORD chunk;
    mcki_u32 status = mk_push_chunk(miniport, bytes, length, flags, capture_time, &chunk);

    if (status == MCKI_STATUS_SUCCESS) {
        memcpy(record, &chunk, sizeof chunk);
    }
    return status;
}

/* As face_push_chunk. */
mcki_u32 face_push_audio(mk_miniport *miniport, const void *bytes, mcki_u32 length,
                         mcki_u64 capture_time, mcki_u8 *record)
{
    MCKI_CHUNK_RECORD chunk;
    mcki_u32 status = mk_push_audio(miniport, bytes, length, capture_time, &chunk);

    if (status == MCKI_STATUS_SUCCESS) {
        memcpy(record, &chunk, sizeof chunk);
    }
    return status;
}

void face_idr_made(mk_miniport *miniport)
{
    miniport->idr_wanted = 0;
}

face_state face_look(const mk_miniport *miniport)
{
    face_state state;

    state.bit_rate = miniport->bit_rate;
    state.inputs = miniport->inputs;
    state.stream = miniport->stream;
    state.mode_failure = miniport->mode_failure;
    state.greeted = (mcki_u32)miniport->greeted;
    state.has_monitor = (mcki_u32)miniport->has_monitor;
    state.running = (mcki_u32)miniport->running;
    state.idr_wanted = (mcki_u32)miniport->idr_wanted;
    state.audio = miniport->audio;
    state.capturing = (mcki_u32)miniport->capturing;
    return state;
}
