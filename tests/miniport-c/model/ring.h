/* The producer's end of the ring. */

#ifndef MK_RING_H
#define MK_RING_H

#include "mk_miniport.h"

/* Whether the memory can be a ring. */
int mk_ring_is_possible(const mk_memory *memory);

/* Makes an empty ring of the memory, and tells the driver of it and of the number of its stream. */
void mk_ring_open(mk_ring *ring, const mk_memory *memory, mcki_u32 stream,
                  MCKI_STREAM_OPENED *opened);

/* Writes bytes and hands them over; *position is where they begin.
 * MCKI_STATUS_INSUFFICIENT_RESOURCES if there is no room, MCKI_STATUS_UNSUCCESSFUL if the driver's
 * position cannot be. Nothing is handed over then. */
mcki_u32 mk_ring_push(mk_ring *ring, const void *bytes, mcki_u32 length, mcki_u64 *position);

#endif /* MK_RING_H */
