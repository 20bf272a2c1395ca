/* The miniport's messages, and what the driver says to them. */

#include <string.h>

#include "mk_miniport.h"
#include "wire.h"

static mcki_u32 write_message(mk_miniport *miniport, mcki_u16 opcode, const void *body,
                              size_t body_length, void *out, size_t out_capacity,
                              size_t *out_length)
{
    *out_length = mk_write(out, out_capacity, opcode, miniport->message_sequence + 1,
                           MCKI_STATUS_PENDING, body, body_length);
    if (*out_length == 0) {
        return MCKI_STATUS_BUFFER_TOO_SMALL;
    }
    miniport->message_sequence++;
    return MCKI_STATUS_SUCCESS;
}

/* Where the mode is in the list of MONITOR_ARRIVE. */
static mcki_u16 place_of(const MCKI_MONITOR_ARRIVE *monitor, const MCKI_MODE_SET *mode)
{
    mcki_u16 index;

    for (index = 0; index < monitor->modes_count; index++) {
        const MCKI_DISPLAY_MODE *listed = &monitor->modes[index];
        if (listed->width == mode->width && listed->height == mode->height &&
            mk_millihertz(listed->refresh) == mk_millihertz(mode->refresh) &&
            (listed->flags & MCKI_MODE_FLAGS_INTERLACED) == mode->flags) {
            return index;
        }
    }
    return MCKI_MODE_SET_NOT_FROM_LIST;
}

mcki_u32 mk_mode_set(mk_miniport *miniport, const MCKI_DISPLAY_MODE *mode, void *out,
                     size_t out_capacity, size_t *out_length)
{
    MCKI_MODE_SET set;
    mcki_u32 status;

    *out_length = 0;
    if (!miniport->has_monitor) {
        return MCKI_STATUS_INVALID_DEVICE_STATE;
    }
    if (mode != NULL && mk_check_mode(mode) != MCKI_FIELD_NONE) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    memset(&set, 0, sizeof set);
    set.sequence = miniport->mode_sequence + 1;
    set.target_id = miniport->config.target_id;
    set.mode_index = MCKI_MODE_SET_NOT_FROM_LIST;
    if (mode != NULL) {
        set.width = mode->width;
        set.height = mode->height;
        set.refresh = mode->refresh;
        set.flags = mode->flags & MCKI_MODE_FLAGS_INTERLACED;
        set.mode_index = place_of(&miniport->monitor, &set);
    }
    status = write_message(miniport, MCKI_OPCODE_MODE_SET, &set, sizeof set, out, out_capacity,
                           out_length);
    if (status == MCKI_STATUS_SUCCESS) {
        miniport->mode = set;
        miniport->mode_sequence = set.sequence;
        miniport->has_mode = 1;
        miniport->mode_failure = MCKI_STATUS_SUCCESS;
    }
    return status;
}

mcki_u32 mk_monitor_power(mk_miniport *miniport, mcki_u32 state, void *out, size_t out_capacity,
                          size_t *out_length)
{
    MCKI_MONITOR_POWER power;

    *out_length = 0;
    if (state != MCKI_POWER_STATE_OFF && state != MCKI_POWER_STATE_ON) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    power.state = state;
    return write_message(miniport, MCKI_OPCODE_MONITOR_POWER, &power, sizeof power, out,
                         out_capacity, out_length);
}

mcki_u32 mk_protection(mk_miniport *miniport, mcki_u32 level, void *out, size_t out_capacity,
                       size_t *out_length)
{
    MCKI_PROTECTION protection;

    protection.level = level;
    return write_message(miniport, MCKI_OPCODE_PROTECTION, &protection, sizeof protection, out,
                         out_capacity, out_length);
}

mcki_u32 mk_device_lost(mk_miniport *miniport, mcki_u32 status, void *out, size_t out_capacity,
                        size_t *out_length)
{
    MCKI_DEVICE_LOST lost;

    *out_length = 0;
    if (MCKI_IS_SUCCESS(status)) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    miniport->running = 0;
    miniport->capturing = 0;
    lost.status = status;
    return write_message(miniport, MCKI_OPCODE_DEVICE_LOST, &lost, sizeof lost, out, out_capacity,
                         out_length);
}

mcki_u32 mk_accepted(const void *message, const void *answer, size_t answer_length,
                     mcki_u16 *field)
{
    MCKI_HEADER asked;
    MCKI_HEADER header;
    MCKI_REFUSAL_BODY refused;

    *field = MCKI_FIELD_NONE;
    memcpy(&asked, message, sizeof asked);
    if (answer_length < sizeof header) {
        return MCKI_STATUS_UNSUCCESSFUL;
    }
    memcpy(&header, answer, sizeof header);
    /* PENDING: the buffer still holds the message, nobody answered. */
    if (header.magic != MCKI_MAGIC || header.size < sizeof header || header.size > answer_length ||
        header.opcode != asked.opcode || header.sequence != asked.sequence ||
        header.status == MCKI_STATUS_PENDING) {
        return MCKI_STATUS_UNSUCCESSFUL;
    }
    if (!MCKI_IS_SUCCESS(header.status) && header.size - sizeof header >= sizeof refused) {
        memcpy(&refused, (const mcki_u8 *)answer + sizeof header, sizeof refused);
        *field = refused.field;
    }
    return header.status;
}
