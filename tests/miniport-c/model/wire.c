/* Headers in, headers out. Not here: what a body means (rules.c), and what is done (escape.c). */

#include <string.h>

#include "wire.h"

mk_refusal mk_blame(mcki_u16 field)
{
    mk_refusal refusal = { MCKI_STATUS_INVALID_PARAMETER, field };

    switch (field) {
    case MCKI_FIELD_NONE:
        refusal.status = MCKI_STATUS_SUCCESS;
        break;
    case MCKI_FIELD_SIZE:
        refusal.status = MCKI_STATUS_INFO_LENGTH_MISMATCH;
        break;
    case MCKI_FIELD_OPCODE:
    case MCKI_FIELD_CODEC:
        refusal.status = MCKI_STATUS_NOT_SUPPORTED;
        break;
    case MCKI_FIELD_VERSION:
        refusal.status = MCKI_STATUS_REVISION_MISMATCH;
        break;
    default:
        break;
    }
    return refusal;
}

mcki_u16 mk_read_header(MCKI_HEADER *header, const void *bytes, size_t length)
{
    mcki_u16 unreadable = MCKI_FIELD_NONE;

    memset(header, 0, sizeof *header);
    if (length < sizeof *header) {
        unreadable = MCKI_FIELD_SIZE;
    } else {
        memcpy(header, bytes, sizeof *header);
        if (header->magic != MCKI_MAGIC) {
            unreadable = MCKI_FIELD_MAGIC;
        }
    }
    if (unreadable != MCKI_FIELD_NONE) {
        header->opcode = MCKI_OPCODE_UNREADABLE;
        header->sequence = 0;
        return unreadable;
    }
    if (header->size < MCKI_HEADER_SIZE || header->size > MCKI_MESSAGE_MAX ||
        header->size > length) {
        return MCKI_FIELD_SIZE;
    }
    /* HELLO has the same layout in all versions: two sides without a common one can say so. */
    if (header->version != MCKI_VERSION && header->opcode != MCKI_OPCODE_HELLO) {
        return MCKI_FIELD_VERSION;
    }
    return header->status == MCKI_STATUS_PENDING ? MCKI_FIELD_NONE : MCKI_FIELD_STATUS;
}

size_t mk_write(void *out, size_t capacity, mcki_u16 opcode, mcki_u32 sequence, mcki_u32 status,
                const void *body, size_t body_length)
{
    MCKI_HEADER header;
    size_t size = sizeof header + body_length;

    if (capacity < size) {
        return 0;
    }
    memset(&header, 0, sizeof header);
    header.magic = MCKI_MAGIC;
    header.version = MCKI_VERSION;
    header.opcode = opcode;
    header.size = (mcki_u32)size;
    header.sequence = sequence;
    header.status = status;
    memcpy(out, &header, sizeof header);
    if (body_length != 0) {
        memcpy((mcki_u8 *)out + sizeof header, body, body_length);
    }
    return size;
}
