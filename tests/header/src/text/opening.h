/* SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * miracast_kmd.h: the contract between the Miracast user-mode driver ("the driver") and the
 * vendor's kernel display miniport ("the miniport"). Written by `cargo xtask header`; do not edit.
 *
 * It includes nothing but <stddef.h>, which every compiler brings for kernel code too, and declares
 * no function. It is C99 or later, and C++11 or later.
 *
 * THE THREE CHANNELS
 *
 *   requests, driver to miniport    MiracastIoControl, which calls DxgkDdiMiracastIoControl; for
 *                                   bring-up also D3DKMTEscape with D3DKMT_ESCAPE_DRIVERPRIVATE
 *   messages, miniport to driver    DxgkCbMiracastSendMessage, which calls HandleKernelModeMessage
 *   encoded pictures, and sound     a chunk record (MCKI_CHUNK_RECORD) as the private data of the
 *                                   chunk-complete interrupt; the bytes are in the ring
 *
 * A request and a message have the same form: MCKI_HEADER, and the body at once behind it. So has
 * the answer to each. A request is answered by the miniport, a message by the driver.
 *
 * DxgkDdiMiracastIoControl is called at PASSIVE_LEVEL, in the process of the driver, and one at a
 * time with the other calls of the context. Messages are sent at PASSIVE_LEVEL. Chunks come from
 * wherever the encoder's interrupt is served: that path and the requests for the stream exclude
 * each other by a lock of the miniport.
 *
 * RULES OF THE WIRE
 *
 *   - Little-endian. Fixed offsets, natural alignment: the structures here need no packing. A
 *     buffer itself may be unaligned: copy, do not cast.
 *   - No pointers in requests: nothing embedded is to be probed. Yet the driver is user mode, and
 *     may change its buffer meanwhile: copy a request once, then check and use the copy.
 *   - No message is larger than MCKI_MESSAGE_MAX. D3DKMTEscape has one buffer for request and
 *     reply: the reply overwrites the request. A buffer of MCKI_MESSAGE_MAX always suffices.
 *   - Reserved bytes are written as zero and ignored on reading.
 *   - In a set of flags a bit without a name here is refused, because it may change what the rest
 *     means; but unknown MCKI_FEATURES and MCKI_AUDIO_FORMATS are ignored.
 *   - A list is a count and a fixed number of places, so that what is behind it keeps its offset.
 *     Places from the count on are reserved bytes.
 *
 * HOW THE MINIPORT READS A REQUEST
 *
 *   In this order; the first thing that is wrong is blamed. The size in the header counts, not that
 *   of the buffer.
 *
 *     the whole header is there        else MCKI_FIELD_SIZE
 *     the magic is right               else MCKI_FIELD_MAGIC
 *                                      both with MCKI_OPCODE_UNREADABLE and sequence number 0,
 *                                      because those of the request cannot be known
 *     the size is at least MCKI_HEADER_SIZE, at most MCKI_MESSAGE_MAX, at most what the buffer has
 *                                      else MCKI_FIELD_SIZE
 *     the version is MCKI_VERSION      else MCKI_FIELD_VERSION; not checked for HELLO
 *     the status is MCKI_STATUS_PENDING
 *                                      else MCKI_FIELD_STATUS
 *     the opcode is known              else MCKI_FIELD_OPCODE
 *     the body has its structure's size, or more: later versions append
 *                                      else MCKI_FIELD_SIZE
 *     no list has more than its places else the field of the list
 *     each member, in their order, is what its comment allows
 *                                      else the field of the member
 *     the state allows the request     else MCKI_FIELD_NONE, MCKI_STATUS_INVALID_DEVICE_STATE
 *     the members fit the state        else the field of the member
 *
 * HOW THE MINIPORT ANSWERS
 *
 *   The header of the answer has MCKI_MAGIC, MCKI_VERSION, its own size, and the opcode and
 *   sequence number of the request. With MCKI_STATUS_SUCCESS the body of the reply follows, if it
 *   has one. A refusal has an error as its status and MCKI_REFUSAL_BODY as its body. The status
 *   follows from the field:
 *
 *     MCKI_FIELD_SIZE                        MCKI_STATUS_INFO_LENGTH_MISMATCH
 *     MCKI_FIELD_OPCODE, MCKI_FIELD_CODEC    MCKI_STATUS_NOT_SUPPORTED
 *     MCKI_FIELD_VERSION                     MCKI_STATUS_REVISION_MISMATCH
 *     MCKI_FIELD_NONE                        what fits: the request was good
 *     every other                            MCKI_STATUS_INVALID_PARAMETER
 *
 *   A refusal is an answer: DxgkDdiMiracastIoControl itself returns STATUS_SUCCESS and the number
 *   of bytes written. It fails, before anything is done, only if the output buffer cannot hold the
 *   answer (STATUS_BUFFER_TOO_SMALL).
 *
 * THE ORDER OF REQUESTS
 *
 *   HELLO ---> MONITOR_ARRIVE ---> (MODE_SET) ---> STREAM_OPEN ---> START <---> STOP ---> CLOSE
 *                                         '------> MODE_FAILED
 *
 *   1. HELLO is the first request of a context and says what the encoder can do. Everything else
 *      before it is refused. The version of all that follows is the newest that both sides speak.
 *   2. MONITOR_ARRIVE: report the Miracast target as connected (DxgkCbIndicateChildStatus) with the
 *      modes of the list and no others. Another one replaces the list. Without an EDID make one.
 *   3. Windows sets a mode: send MODE_SET, also when the path is switched off. Each MODE_SET has a
 *      new sequence number.
 *   4. The driver agrees with the sink on the mode, which takes up to seconds, and sends
 *      STREAM_OPEN or MODE_FAILED with that number. If another MODE_SET went out meanwhile, refuse
 *      with MCKI_FIELD_SEQUENCE; what counts comes later. STREAM_OPEN asks for exactly the mode
 *      that was set, and for no more than HELLO's reply offers: check both.
 *   5. STREAM_START: encode, beginning with an IDR picture. Then REQUEST_IDR and SET_RATE.
 *   6. STREAM_STOP, STREAM_CLOSE. There is one stream at a time: before another mode is opened the
 *      old stream is closed.
 *   7. AUDIO_OPEN, AUDIO_START, AUDIO_STOP, AUDIO_CLOSE: a second stream for what the desktop
 *      plays, beside the pictures and with a ring of its own; only if both sides named
 *      MCKI_FEATURES_AUDIO in HELLO, else it is refused like any request in the wrong state. It
 *      needs no mode, and lives on when another mode is set. The driver asks for a format of
 *      MCKI_HELLO_REPLY.audio; any other is refused with MCKI_FIELD_CODEC. While it runs, hand over
 *      a chunk as MCKI_AUDIO_CODEC says as soon as it is full, with MCKI_CHUNK_FLAGS_FRAME_START
 *      and _FRAME_END and the time of its first sample. If the desktop is silent hand over silence.
 *      If there is no room drop the chunk, and set MCKI_CHUNK_FLAGS_DISCONTINUITY on the next one.
 *   8. INPUT_REPORT, whenever the sink's user does something: only if both sides named
 *      MCKI_FEATURES_INPUT in HELLO, else it is refused like any request in the wrong state. How it
 *      gets to Windows is the miniport's matter. Answer at once: pictures wait meanwhile. If it is
 *      refused, the report is lost and the session goes on. Release what is pressed when the
 *      monitor departs: the sink may not get to say so.
 *   9. MONITOR_DEPART: the target is disconnected, and the mode forgotten. When Windows destroys
 *      the context (DxgkDdiMiracastDestroyContext) everything ends, whatever was asked before, and
 *      the miniport reports the departure by itself.
 *
 *   Every request but INPUT_REPORT may be repeated, because a start or a stop of the session can
 *   fail half way. HELLO, MONITOR_ARRIVE, MONITOR_DEPART, the STARTs and the STOPs succeed again
 *   and change nothing more; so does the CLOSE of the stream that was closed last. A STREAM_OPEN
 *   while a stream is open is refused with MCKI_STATUS_RESOURCE_IN_USE, and so is an AUDIO_OPEN
 *   while audio is. Streams are never numbered 0, and pictures and audio share the numbers; a
 *   number that is not that of the open stream is refused with MCKI_FIELD_STREAM.
 *
 *   The driver's answer to a message says only whether it was understood. While Windows starts the
 *   session it holds messages back, after the stop it drops them: never wait for an answer in order
 *   to answer a request.
 *
 * HOW THE CONTRACT GROWS
 *
 *   Numbers are never changed and never used again. A structure grows at its end only, inside of a
 *   version; its reader accepts a longer one. What changes the meaning of what is there needs a new
 *   version, or a feature that both sides named in HELLO. The layouts of MCKI_HEADER, MCKI_HELLO,
 *   MCKI_HELLO_REPLY and MCKI_REFUSAL_BODY are the same in all versions. The driver takes an
 *   MCKI_HELLO_REPLY of 32 bytes, as it was before it had audio, for one without audio.
 *
 * "S2.1" is the Wi-Fi Display Technical Specification, version 2.1.
 */

#ifndef MIRACAST_KMD_H
#define MIRACAST_KMD_H

