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
} face_state;

size_t face_size(void);
mcki_u32 face_init(mk_miniport *miniport, const mcki_u8 *encoder, mcki_u32 features,
                   mcki_u32 target_id, void *ring, mcki_u32 control_len, mcki_u32 data_len,
                   const mcki_u8 *parameter_sets, mcki_u32 parameter_sets_count);
mcki_u32 face_mode_set(mk_miniport *miniport, const mcki_u8 *mode, void *out, size_t out_capacity,
                       size_t *out_length);
mcki_u32 face_push_chunk(mk_miniport *miniport, const void *bytes, mcki_u32 length, mcki_u32 flags,
                         mcki_u64 capture_time, mcki_u8 *record);
void face_idr_made(mk_miniport *miniport);
face_state face_look(const mk_miniport *miniport);

size_t face_size(void)
{
    return sizeof(mk_miniport);
}

/* `encoder` are the bytes of an MCKI_ENCODER_CAPS. */
mcki_u32 face_init(mk_miniport *miniport, const mcki_u8 *encoder, mcki_u32 features,
                   mcki_u32 target_id, void *ring, mcki_u32 control_len, mcki_u32 data_len,
                   const mcki_u8 *parameter_sets, mcki_u32 parameter_sets_count)
{
    mk_config config;

    memset(&config, 0, sizeof config);
    memcpy(&config.encoder, encoder, sizeof config.encoder);
    config.features = features;
    config.target_id = target_id;
    config.ring = ring;
    config.ring_in_process = (mcki_u64)(size_t)ring;
    config.control_len = control_len;
    config.data_len = data_len;
    config.parameter_sets = parameter_sets;
    config.parameter_sets_count = parameter_sets_count;
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
    return state;
}
