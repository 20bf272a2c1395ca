/* A context from its beginning to its end, and the pictures that it hands over. */

#include <string.h>

#include "mk_miniport.h"
#include "ring.h"

mcki_u32 mk_init(mk_miniport *miniport, const mk_config *config)
{
    memset(miniport, 0, sizeof *miniport);
    if (!mk_ring_is_possible(&config->ring) ||
        (config->audio != 0 && !mk_ring_is_possible(&config->audio_ring)) ||
        config->parameter_sets_count > MCKI_PARAMETER_SETS_MAX) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    miniport->config = *config;
    if (config->parameter_sets_count != 0) {
        memcpy(miniport->parameter_sets, config->parameter_sets, config->parameter_sets_count);
    }
    miniport->config.parameter_sets = NULL;
    return MCKI_STATUS_SUCCESS;
}

void mk_close(mk_miniport *miniport)
{
    miniport->running = 0;
    miniport->stream = 0;
    miniport->capturing = 0;
    miniport->audio = 0;
    miniport->has_mode = 0;
    miniport->has_monitor = 0;
    miniport->greeted = 0;
}

static int flags_are_possible(mcki_u32 flags)
{
    mcki_u32 known = MCKI_CHUNK_FLAGS_FRAME_START | MCKI_CHUNK_FLAGS_FRAME_END |
                     MCKI_CHUNK_FLAGS_IDR | MCKI_CHUNK_FLAGS_HAS_AUD |
                     MCKI_CHUNK_FLAGS_HAS_PARAMETER_SETS | MCKI_CHUNK_FLAGS_DISCONTINUITY;
    mcki_u32 of_start = MCKI_CHUNK_FLAGS_HAS_AUD | MCKI_CHUNK_FLAGS_HAS_PARAMETER_SETS;
    int starts = (flags & MCKI_CHUNK_FLAGS_FRAME_START) != 0;

    return (flags & ~known) == 0 && (starts || (flags & of_start) == 0);
}

mcki_u32 mk_push_chunk(mk_miniport *miniport, const void *bytes, mcki_u32 length, mcki_u32 flags,
                       mcki_u64 capture_time, MCKI_CHUNK_RECORD *record)
{
    mcki_u64 position = 0;
    mcki_u32 status;

    if (!miniport->running) {
        return MCKI_STATUS_INVALID_DEVICE_STATE;
    }
    if (length == 0 || !flags_are_possible(flags)) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    status = mk_ring_push(&miniport->ring, bytes, length, &position);
    if (status == MCKI_STATUS_INSUFFICIENT_RESOURCES) {
        miniport->discontinuity = 1;
        miniport->idr_wanted = 1;
    } else if (status != MCKI_STATUS_SUCCESS) {
        miniport->running = 0;
    }
    if (status != MCKI_STATUS_SUCCESS) {
        return status;
    }
    memset(record, 0, sizeof *record);
    record->stream = miniport->stream;
    record->flags = flags | (miniport->discontinuity ? MCKI_CHUNK_FLAGS_DISCONTINUITY : 0u);
    record->position = position;
    record->length = length;
    record->capture_time = capture_time;
    miniport->discontinuity = 0;
    return MCKI_STATUS_SUCCESS;
}
