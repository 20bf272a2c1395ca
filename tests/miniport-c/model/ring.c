/* The producer's end of the ring: it trusts no word that the driver can write.
 *
 * Here a CPU writes the bytes. Where the encoder's DMA writes them, mk_ring_push is cut in two:
 * finding room before the DMA, handing over after it. */

#include <string.h>

#include "ring.h"

#if defined(__GNUC__) || defined(__clang__)
static mcki_u64 load_acquire(const mcki_u64 *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void store_release(mcki_u64 *word, mcki_u64 value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}
#else
/* The kernel's own words for it. */
#include <wdm.h>

static mcki_u64 load_acquire(const mcki_u64 *word)
{
    return ReadULong64Acquire((const volatile ULONG64 *)word);
}

static void store_release(mcki_u64 *word, mcki_u64 value)
{
    WriteULong64Release((volatile ULONG64 *)word, value);
}
#endif

int mk_ring_is_possible(const mk_memory *memory)
{
    mcki_u32 control = memory->control_len;
    mcki_u32 data = memory->data_len;

    return memory->base != NULL && (size_t)memory->base % MCKI_RING_PAGE == 0 &&
           memory->in_process != 0 && memory->in_process % MCKI_RING_PAGE == 0 && control != 0 &&
           control % MCKI_RING_PAGE == 0 && control <= MCKI_RING_CONTROL_LEN_MAX &&
           data >= MCKI_RING_PAGE && data <= MCKI_RING_DATA_LEN_MAX && (data & (data - 1)) == 0;
}

void mk_ring_open(mk_ring *ring, const mk_memory *memory, mcki_u32 stream,
                  MCKI_STREAM_OPENED *opened)
{
    ring->control = (MCKI_RING_CONTROL *)memory->base;
    ring->data = (mcki_u8 *)memory->base + memory->control_len;
    ring->data_len = memory->data_len;
    ring->position = 0;
    ring->free = memory->data_len;
    store_release(&ring->control->producer, 0);
    store_release(&ring->control->consumer, 0);
    /* Last, with release: who sees the stamp sees the positions. */
    store_release(&ring->control->stamp, MCKI_RING_STAMP);
    opened->stream = stream;
    opened->control_len = memory->control_len;
    opened->ring_base = memory->in_process;
    opened->data_len = memory->data_len;
}

/* Reads the driver's position once and judges it by distance. Free bytes only become more by it. */
static int look_at_driver(mk_ring *ring)
{
    /* Acquire: the driver's copies out of the span are done before we write there. */
    mcki_u64 consumer = load_acquire(&ring->control->consumer);
    mcki_u64 held = ring->position - consumer;

    if (held > ring->data_len || ring->data_len - held < ring->free) {
        return 0;
    }
    ring->free = ring->data_len - held;
    return 1;
}

mcki_u32 mk_ring_push(mk_ring *ring, const void *bytes, mcki_u32 length, mcki_u64 *position)
{
    /* data_len is a power of two: this is position modulo data_len. */
    mcki_u32 offset = (mcki_u32)(ring->position & (ring->data_len - 1));
    mcki_u32 before_end = ring->data_len - offset;
    mcki_u32 first = length < before_end ? length : before_end;

    if (!look_at_driver(ring)) {
        return MCKI_STATUS_UNSUCCESSFUL;
    }
    if (length > ring->free) {
        return MCKI_STATUS_INSUFFICIENT_RESOURCES;
    }
    memcpy(ring->data + offset, bytes, first);
    if (first < length) {
        memcpy(ring->data, (const mcki_u8 *)bytes + first, length - first);
    }
    *position = ring->position;
    ring->position += length;
    ring->free -= length;
    /* Release: the bytes are written before the driver may read them. */
    store_release(&ring->control->producer, ring->position);
    return MCKI_STATUS_SUCCESS;
}
