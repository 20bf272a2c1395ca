/* Requests and answers as bytes, and the rules for their fields. */

#ifndef MK_WIRE_H
#define MK_WIRE_H

#include "mk_miniport.h"

/* Why a request is refused. MCKI_STATUS_SUCCESS: it is not. */
typedef struct mk_refusal {
    mcki_u32 status;
    mcki_u16 field;
} mk_refusal;

/* The refusal of a request that breaks a rule for `field`; none for MCKI_FIELD_NONE. */
mk_refusal mk_blame(mcki_u16 field);

/* Copies the header out of `bytes` and checks what holds for every request. If the header cannot be
 * read, its opcode and sequence number are those of such a refusal. */
mcki_u16 mk_read_header(MCKI_HEADER *header, const void *bytes, size_t length);

/* Writes a message of `body_length` bytes of body. Returns its size; 0 if it has no room. */
size_t mk_write(void *out, size_t capacity, mcki_u16 opcode, mcki_u32 sequence, mcki_u32 status,
                const void *body, size_t body_length);

/* The rules for the body of each request: the field that breaks one, or MCKI_FIELD_NONE. */
mcki_u16 mk_check_hello(const mk_request *request);
mcki_u16 mk_check_monitor_arrive(const mk_request *request);
mcki_u16 mk_check_stream_open(const mk_request *request);
mcki_u16 mk_check_set_rate(const mk_request *request);
mcki_u16 mk_check_mode_failed(const mk_request *request);
mcki_u16 mk_check_audio_open(const mk_request *request);
mcki_u16 mk_check_input_report(const mk_request *request);

/* The rule for a mode of MONITOR_ARRIVE. */
mcki_u16 mk_check_mode(const MCKI_DISPLAY_MODE *mode);

/* A rate in thousandths of a hertz; 0 if its denominator is 0. */
mcki_u64 mk_millihertz(MCKI_REFRESH refresh);

#endif /* MK_WIRE_H */
