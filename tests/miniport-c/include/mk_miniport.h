/* SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * mk_miniport.h: a vendor's miniport in C, as far as the driver sees it. A worked example to start
 * from: it answers the driver's requests, writes the miniport's messages, and hands encoded pictures
 * over through the ring. It is written from miracast_kmd.h alone.
 *
 * What it is not: it has no encoder, no interrupts, and allocates nothing. The miniport around it
 *
 *   calls            when
 *   mk_init          DxgkDdiMiracastCreateContext
 *   mk_escape        DxgkDdiMiracastIoControl (or DxgkDdiEscape, with one buffer for both)
 *   mk_mode_set ...  Windows sets a mode, switches the monitor, ...; the bytes go to
 *                    DxgkCbMiracastSendMessage
 *   mk_accepted      the completion callback of that message
 *   mk_push_chunk    a part of a picture is encoded; the record goes to DxgkCbNotifyInterrupt
 *   mk_push_audio    so many samples are captured; likewise
 *   mk_close         DxgkDdiMiracastDestroyContext
 *
 * and looks at the members of mk_miniport to know what the encoder has to do.
 *
 * One context, one mk_miniport. It takes no lock: its owner calls one function at a time. Windows
 * calls IoControl one at a time for itself; mk_push_chunk runs in the path of the interrupt, so a
 * real miniport holds a spin lock around it and around what mk_escape does to the stream.
 *
 * Results are NTSTATUS values of miracast_kmd.h.
 */

#ifndef MK_MINIPORT_H
#define MK_MINIPORT_H

#include "miracast_kmd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The memory of a ring. */
typedef struct mk_memory {
    /* As the miniport sees it: control_len + data_len bytes, at a page. */
    void *base;
    /* The same memory as the process of the driver sees it. A real miniport maps it there at
     * STREAM_OPEN and unmaps it at STREAM_CLOSE; in one process both addresses are the same. */
    mcki_u64 in_process;
    mcki_u32 control_len;
    mcki_u32 data_len;
} mk_memory;

/* What the hardware is, and the memory of the rings. */
typedef struct mk_config {
    /* What HELLO says of the encoder. Every STREAM_OPEN is held against it. */
    MCKI_ENCODER_CAPS encoder;
    /* What HELLO says of features: MCKI_FEATURES_*. */
    mcki_u32 features;
    /* The target of the video present network, from DxgkDdiMiracastCreateContext. */
    mcki_u32 target_id;
    mk_memory ring;
    /* What HELLO says of audio: MCKI_AUDIO_FORMATS_*. Without any there need be no ring for it. */
    mcki_u32 audio;
    mk_memory audio_ring;
    /* What the coder of AAC or AC-3 makes, in bit/s. */
    mcki_u32 audio_bit_rate;
    /* SPS and PPS, if the encoder does not put them before each IDR picture. Copied by mk_init. */
    const mcki_u8 *parameter_sets;
    mcki_u32 parameter_sets_count;
} mk_config;

/* The producer's end of the ring. */
typedef struct mk_ring {
    MCKI_RING_CONTROL *control;
    mcki_u8 *data;
    mcki_u32 data_len;
    /* Our position. The shared word is only written from it, never read. */
    mcki_u64 position;
    /* Free bytes from our position on, when the driver's position was last read. */
    mcki_u64 free;
} mk_ring;

/* The body of a request, in memory that user mode cannot change while it is looked at. */
typedef union mk_request {
    MCKI_HELLO hello;
    MCKI_MONITOR_ARRIVE monitor_arrive;
    MCKI_STREAM_OPEN stream_open;
    MCKI_STREAM_START stream_start;
    MCKI_STREAM_STOP stream_stop;
    MCKI_STREAM_CLOSE stream_close;
    MCKI_REQUEST_IDR request_idr;
    MCKI_SET_RATE set_rate;
    MCKI_MODE_FAILED mode_failed;
    MCKI_AUDIO_OPEN audio_open;
    MCKI_AUDIO_START audio_start;
    MCKI_AUDIO_STOP audio_stop;
    MCKI_AUDIO_CLOSE audio_close;
    MCKI_INPUT_REPORT input_report;
} mk_request;

/* The miniport's side of one Miracast context. To be read by its owner, written by mk_* alone; but
 * idr_wanted is cleared by who makes the IDR picture. */
typedef struct mk_miniport {
    mk_config config;
    mcki_u8 parameter_sets[MCKI_PARAMETER_SETS_MAX];

    /* HELLO was answered; what both sides can do. */
    int greeted;
    mcki_u32 features;

    /* The last MONITOR_ARRIVE, while has_monitor: report the target as connected. */
    int has_monitor;
    MCKI_MONITOR_ARRIVE monitor;

    /* The last MODE_SET, while has_mode. */
    int has_mode;
    MCKI_MODE_SET mode;
    mcki_u32 mode_sequence;
    /* Why the driver cannot send that mode; MCKI_STATUS_SUCCESS if it did not say so. */
    mcki_u32 mode_failure;

    /* The open stream and what it is; 0 if there is none. */
    mcki_u32 stream;
    mcki_u32 closed_stream;
    /* The last number of a stream, pictures or audio. */
    mcki_u32 last_stream;
    MCKI_STREAM_OPEN settings;
    /* What the encoder has to do now. */
    int running;
    int idr_wanted;
    mcki_u64 bit_rate;
    MCKI_REFRESH refresh;
    /* A picture was dropped: the next record says so. */
    int discontinuity;
    mk_ring ring;

    /* The open audio and what it is; 0 if there is none. */
    mcki_u32 audio;
    mcki_u32 closed_audio;
    MCKI_AUDIO_OPEN audio_settings;
    /* Samples are wanted. */
    int capturing;
    /* Samples were dropped: the next record says so. */
    int gap;
    mk_ring audio_ring;

    /* How often the sink's user did something, and the last of it: to be handed to Windows each time
     * that the number has grown. */
    mcki_u64 inputs;
    MCKI_INPUT_REPORT input;

    mcki_u32 message_sequence;
    mk_request request;
} mk_miniport;

/* Prepares a context. MCKI_STATUS_INVALID_PARAMETER if the memory of a ring or the parameter sets
 * cannot be what the contract wants. */
mcki_u32 mk_init(mk_miniport *miniport, const mk_config *config);

/* The context is destroyed: no picture may be made after this, and the memory of the rings may go. */
void mk_close(mk_miniport *miniport);

/* Answers one request. `in` and `out` may be the same buffer. *out_length is the size of the answer.
 * MCKI_STATUS_SUCCESS also if the answer is a refusal; MCKI_STATUS_BUFFER_TOO_SMALL, nothing done and
 * nothing written, if `out` cannot hold an answer. MCKI_MESSAGE_MAX bytes always suffice. */
mcki_u32 mk_escape(mk_miniport *miniport, const void *in, size_t in_length, void *out,
                   size_t out_capacity, size_t *out_length);

/* Messages: each writes its bytes to `out`. MCKI_STATUS_BUFFER_TOO_SMALL if it has no room. */

/* Windows has set `mode`; null: it has switched the path off. MCKI_STATUS_INVALID_DEVICE_STATE
 * without a monitor, MCKI_STATUS_INVALID_PARAMETER for a mode that no stream can have. */
mcki_u32 mk_mode_set(mk_miniport *miniport, const MCKI_DISPLAY_MODE *mode, void *out,
                     size_t out_capacity, size_t *out_length);

/* The monitor is switched: MCKI_POWER_STATE_*. */
mcki_u32 mk_monitor_power(mk_miniport *miniport, mcki_u32 state, void *out, size_t out_capacity,
                          size_t *out_length);

/* Content is to be protected with this level of HDCP; 0: none. */
mcki_u32 mk_protection(mk_miniport *miniport, mcki_u32 level, void *out, size_t out_capacity,
                       size_t *out_length);

/* The GPU is reset or gone, `status` says why. Pictures and audio stop. */
mcki_u32 mk_device_lost(mk_miniport *miniport, mcki_u32 status, void *out, size_t out_capacity,
                        size_t *out_length);

/* What the driver answered to `message`: its status, and the field that it blames. An answer that is
 * none is MCKI_STATUS_UNSUCCESSFUL. */
mcki_u32 mk_accepted(const void *message, const void *answer, size_t answer_length,
                     mcki_u16 *field);

/* Hands a piece of encoded picture over: one or more whole NAL units. `flags` are MCKI_CHUNK_FLAGS_*,
 * capture_time is in units of 100 ns of the performance counter. With MCKI_STATUS_SUCCESS the record
 * is to be reported.
 *
 *   MCKI_STATUS_INVALID_DEVICE_STATE     no stream is running
 *   MCKI_STATUS_INVALID_PARAMETER        no bytes, or flags that contradict each other
 *   MCKI_STATUS_INSUFFICIENT_RESOURCES   no room: drop the rest of the picture. The next record says
 *                                        DISCONTINUITY, and an IDR picture is wanted
 *   MCKI_STATUS_UNSUCCESSFUL             the driver's position cannot be: the stream has stopped */
mcki_u32 mk_push_chunk(mk_miniport *miniport, const void *bytes, mcki_u32 length, mcki_u32 flags,
                       mcki_u64 capture_time, MCKI_CHUNK_RECORD *record);

/* Hands captured audio over: a chunk as MCKI_AUDIO_CODEC says. capture_time is that of its first
 * sample. Results as above; if there is no room, drop the chunk. */
mcki_u32 mk_push_audio(mk_miniport *miniport, const void *bytes, mcki_u32 length,
                       mcki_u64 capture_time, MCKI_CHUNK_RECORD *record);

#ifdef __cplusplus
}
#endif

#endif /* MK_MINIPORT_H */
