/*
 * The vendor's miniport behind MiracastIoControl: the project's model of one in C, with the memory
 * of its ring, a lock, and a count of what it was asked.
 */
#ifndef ABI_MINIPORT_H
#define ABI_MINIPORT_H

#include "mk_miniport.h"
#include "windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

/* One above the highest opcode of a request. */
enum { OPCODES = MCKI_OPCODE_MODE_FAILED + 1 };

struct miniport {
    mk_miniport model;
    CRITICAL_SECTION lock;
    /* Returned in place of any answer; 0: none. */
    NTSTATUS refusal;
    /* How often each opcode was asked, and on which thread last. */
    volatile LONG asked[OPCODES];
    volatile DWORD asked_on[OPCODES];
};

/* A message of the miniport to the driver. */
struct message {
    UINT size;
    uint8_t bytes[64];
};

void miniport_open(struct miniport *miniport);
void miniport_close(struct miniport *miniport);

/* Answers one request of the driver. */
NTSTATUS miniport_escape(struct miniport *miniport, const void *request, UINT request_size,
                         void *reply, UINT reply_room, UINT *reply_size);

/* Windows has set a progressive mode. The driver must have reported a monitor. */
struct message miniport_mode_set(struct miniport *miniport, uint16_t width, uint16_t height,
                                 uint32_t hertz);
struct message miniport_monitor_power(struct miniport *miniport, uint32_t state);

/* Puts a piece of picture, captured now, into the ring. False, with a fault, if it has no room. */
bool miniport_encode(struct miniport *miniport, const void *bytes, uint32_t size, uint32_t flags,
                     MCKI_CHUNK_RECORD *record);

#endif
