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

#include <stddef.h>

/* Integers of a fixed width. <stdint.h> is not used: kits for kernel code did not always have it,
 * and these are right for every compiler of Windows, which the assertions prove. */
typedef unsigned char mcki_u8;
typedef unsigned short mcki_u16;
typedef short mcki_i16;
typedef unsigned int mcki_u32;
typedef unsigned long long mcki_u64;

/* C_ASSERT, without a header of Windows. */
#if defined(__cplusplus)
#define MCKI_ASSERT(condition) static_assert(condition, #condition)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MCKI_ASSERT(condition) _Static_assert(condition, #condition)
#else
#define MCKI_ASSERT_NAME_(line) mcki_assertion_of_line_##line
#define MCKI_ASSERT_NAME(line) MCKI_ASSERT_NAME_(line)
#define MCKI_ASSERT(condition) \
    typedef char MCKI_ASSERT_NAME(__LINE__)[(condition) ? 1 : -1]
#endif

MCKI_ASSERT(sizeof(mcki_u8) == 1);
MCKI_ASSERT(sizeof(mcki_u16) == 2);
MCKI_ASSERT(sizeof(mcki_i16) == 2);
MCKI_ASSERT(sizeof(mcki_u32) == 4);
MCKI_ASSERT(sizeof(mcki_u64) == 8);

/* ----------------------------------------------------------------------------------------------
 * Numbers of the protocol
 * ---------------------------------------------------------------------------------------------- */

#define MCKI_MAGIC                   0x494B434Du /* The first four bytes of a message: "MCKI". */
#define MCKI_VERSION                 1u /* The version of the protocol that this header is. */
#define MCKI_HEADER_SIZE             24u /* Bytes before the body. */
/*
 * Most bytes of a message with its header. A buffer of this size takes every request and every
 * reply.
 */
#define MCKI_MESSAGE_MAX             2048u
/*
 * The opcode in the refusal of a message whose header could not be read; its sequence number is
 * 0 then.
 */
#define MCKI_OPCODE_UNREADABLE       0x0000u
/* Mode index of a mode that was not in the list of MONITOR_ARRIVE. */
#define MCKI_MODE_SET_NOT_FROM_LIST  0xFFFFu
#define MCKI_LEVEL_BIT_MAX           7u /* The highest bit number of an H.264 level: 5.2. */
#define MCKI_HEVC_LEVEL_BIT_MAX      4u /* The highest bit number of an H.265 level: 5.1. */
/* The slowest refresh rate of a stream, in thousandths of a hertz. */
#define MCKI_REFRESH_MIN_MILLIHERTZ  23900u
/* Bytes of a chunk record. DXGK_MIRACAST_CAPS.MaxChunkPrivateDriverDataSize is at least this. */
#define MCKI_CHUNK_RECORD_SIZE       32u
#define MCKI_RING_PAGE               4096u /* Address and control length are multiples of it. */
#define MCKI_RING_CONTROL_LEN_MAX    65536u /* Most bytes before the data span. */
#define MCKI_RING_DATA_LEN_MAX       268435456u /* Most bytes of the data span. */
/* "MCRING", the version of the ring's layout, 0. */
#define MCKI_RING_STAMP              0x0001474E4952434Dull
#define MCKI_EDID_MAX                512u /* Most bytes of an EDID: four blocks of 128. */
#define MCKI_MODES_MAX               64u /* Most modes of a MONITOR_ARRIVE. */
#define MCKI_PARAMETER_SETS_MAX      512u /* Most bytes of SPS and PPS together. */
/* Bytes of an LPCM chunk: 480 frames of two 16-bit samples. */
#define MCKI_AUDIO_LPCM_BYTES        1920u
/* Most bytes of an AAC chunk: the payload of one PES packet. */
#define MCKI_AUDIO_AAC_BYTES_MAX     2020u
/* Most bytes of an AC-3 chunk: the payload of one PES packet. */
#define MCKI_AUDIO_AC3_BYTES_MAX     2560u
#define MCKI_INPUT_POINTERS_MAX      32u /* Most pointers of an INPUT_REPORT. */
#define MCKI_INPUT_HID_MAX           1024u /* Most bytes of a HID report or a report descriptor. */
#define MCKI_INPUT_SCROLL_MAX        8191u /* Furthest that one INPUT_REPORT scrolls. */

/*
 * NTSTATUS values as an mcki_u32, so that no header of Windows is needed. They are those of
 * ntstatus.h.
 */
#define MCKI_STATUS_SUCCESS                0x00000000u /* Done. */
#define MCKI_STATUS_PENDING                0x00000103u /* In the header of every request. */
#define MCKI_STATUS_INFO_LENGTH_MISMATCH   0xC0000004u /* Refusal that blames MCKI_FIELD_SIZE. */
/* Refusal that blames MCKI_FIELD_OPCODE or MCKI_FIELD_CODEC. */
#define MCKI_STATUS_NOT_SUPPORTED          0xC00000BBu
#define MCKI_STATUS_REVISION_MISMATCH      0xC0000059u /* Refusal that blames MCKI_FIELD_VERSION. */
#define MCKI_STATUS_INVALID_PARAMETER      0xC000000Du /* Refusal that blames any other field. */
/* Refusal: not in this state, no field is to blame. */
#define MCKI_STATUS_INVALID_DEVICE_STATE   0xC0000184u
/* Refusal of a second STREAM_OPEN or AUDIO_OPEN. */
#define MCKI_STATUS_RESOURCE_IN_USE        0xC0000708u
/* Refusal: no encoder or no memory is left. */
#define MCKI_STATUS_INSUFFICIENT_RESOURCES 0xC000009Au
/* Result of a call whose output buffer cannot hold the answer. */
#define MCKI_STATUS_BUFFER_TOO_SMALL       0xC0000023u
#define MCKI_STATUS_UNSUCCESSFUL           0xC0000001u /* A failure that has no better name. */
#define MCKI_STATUS_DEVICE_NOT_READY       0xC00000A3u /* The device is not ready. */
#define MCKI_STATUS_DEVICE_REMOVED         0xC00002B6u /* The adapter is gone: DEVICE_LOST. */

/* Whether a status is no warning and no error. */
#define MCKI_IS_SUCCESS(status) ((mcki_u32)(status) < 0x80000000u)

/* ----------------------------------------------------------------------------------------------
 * Named values
 * ---------------------------------------------------------------------------------------------- */

/*
 * What a message is. Numbers are never changed and never reused.
 *
 * 0x0001 to 0x7FFF go from the driver to the miniport, 0x8001 to 0xFFFF the other way. 0 is in
 * the refusal of a message whose header could not be read.
 *
 * Values in an mcki_u16.
 */
/* Versions, features and capabilities; the first request of a context. */
#define MCKI_OPCODE_HELLO          0x0001u
#define MCKI_OPCODE_MONITOR_ARRIVE 0x0010u /* The sink has a monitor. */
#define MCKI_OPCODE_MONITOR_DEPART 0x0011u /* The monitor is gone. */
#define MCKI_OPCODE_STREAM_OPEN    0x0020u /* Sets up an encoder and its ring. */
#define MCKI_OPCODE_STREAM_START   0x0021u /* Starts encoding. */
#define MCKI_OPCODE_STREAM_STOP    0x0022u /* Stops encoding. */
#define MCKI_OPCODE_STREAM_CLOSE   0x0023u /* Gives the encoder and the ring back. */
#define MCKI_OPCODE_REQUEST_IDR    0x0024u /* The next picture must be an IDR. */
#define MCKI_OPCODE_SET_RATE       0x0025u /* Another bit rate or picture rate. */
#define MCKI_OPCODE_MODE_FAILED    0x0030u /* A mode that the miniport has set cannot be sent. */
#define MCKI_OPCODE_AUDIO_OPEN     0x0040u /* Sets up the audio and its ring. */
#define MCKI_OPCODE_AUDIO_START    0x0041u /* Starts capturing. */
#define MCKI_OPCODE_AUDIO_STOP     0x0042u /* Stops capturing. */
#define MCKI_OPCODE_AUDIO_CLOSE    0x0043u /* Gives the audio and its ring back. */
#define MCKI_OPCODE_INPUT_REPORT   0x0050u /* The sink's user has done something. */
#define MCKI_OPCODE_MODE_SET       0x8001u /* Windows has set a mode, or switched the path off. */
#define MCKI_OPCODE_MONITOR_POWER  0x8002u /* The monitor's power. */
#define MCKI_OPCODE_PROTECTION     0x8003u /* Content protection is wanted. */
#define MCKI_OPCODE_DEVICE_LOST    0x8004u /* The device is lost. */

/*
 * A field of any message. The numbers are part of the contract and are never reused.
 *
 * Values in an mcki_u16.
 */
/* No field is to blame: the message is well formed and was refused for another reason. */
#define MCKI_FIELD_NONE            0x0000u
#define MCKI_FIELD_MAGIC           0x0001u /* The header's magic number. */
/* A protocol version: the header's, or the range in HELLO. */
#define MCKI_FIELD_VERSION         0x0002u
#define MCKI_FIELD_OPCODE          0x0003u /* The header's opcode. */
/* The size: a message shorter than its layout, or a header that claims what is not there. */
#define MCKI_FIELD_SIZE            0x0004u
#define MCKI_FIELD_SEQUENCE        0x0005u /* The header's sequence number. */
#define MCKI_FIELD_STATUS          0x0006u /* A status: the header's, or one that is reported. */
/* A set of flags has a bit that the reader does not know, or a contradiction. */
#define MCKI_FIELD_FLAGS           0x0007u
#define MCKI_FIELD_WIDTH           0x0008u /* The width of a picture. */
#define MCKI_FIELD_HEIGHT          0x0009u /* The height of a picture. */
#define MCKI_FIELD_REFRESH         0x000Au /* A refresh rate. */
#define MCKI_FIELD_MODE_INDEX      0x000Bu /* The index into the list of MONITOR_ARRIVE. */
#define MCKI_FIELD_TARGET_ID       0x000Cu /* The target of the video present network. */
#define MCKI_FIELD_CONNECTOR       0x000Du /* The connector type. */
#define MCKI_FIELD_EDID            0x000Eu /* The EDID or its length. */
#define MCKI_FIELD_MODES           0x000Fu /* The list of display modes or its length. */
#define MCKI_FIELD_CODEC           0x0010u /* The codec. */
#define MCKI_FIELD_PROFILE         0x0011u /* The codec profile or its constraint flags. */
#define MCKI_FIELD_LEVEL           0x0012u /* The codec level. */
#define MCKI_FIELD_BIT_RATE        0x0013u /* A bit rate. */
#define MCKI_FIELD_SLICES          0x0014u /* A number of slices. */
#define MCKI_FIELD_STREAM          0x0015u /* A stream identifier. */
#define MCKI_FIELD_PARAMETER_SETS  0x0016u /* Parameter sets or their length. */
#define MCKI_FIELD_MACROBLOCK_RATE 0x0017u /* What the encoder says of its macroblock rate. */
#define MCKI_FIELD_POWER           0x0018u /* A power state. */
#define MCKI_FIELD_POSITION        0x0019u /* A position in the ring. */
#define MCKI_FIELD_LENGTH          0x001Au /* The length of a chunk. */
#define MCKI_FIELD_INPUT_KIND      0x001Bu /* The kind of an input report. */
#define MCKI_FIELD_POINT           0x001Cu /* A point outside of the picture. */
#define MCKI_FIELD_FACTOR          0x001Du /* A factor of zoom. */
#define MCKI_FIELD_AMOUNT          0x001Eu /* How far is scrolled. */
#define MCKI_FIELD_UNIT            0x001Fu /* What scrolling counts in. */
#define MCKI_FIELD_KEY             0x0020u /* The code of a key. */
/* The pointers, their number, or one that is outside of the picture. */
#define MCKI_FIELD_POINTERS        0x0021u
#define MCKI_FIELD_HID             0x0022u /* The bytes of a HID device or their number. */
#define MCKI_FIELD_CHANNELS        0x0023u /* A number of audio channels. */
#define MCKI_FIELD_SAMPLE_RATE     0x0024u /* Samples a second. */

/*
 * What a side can do beyond the basic protocol. A feature is used only if both sides name it;
 * bits that one side does not know are ignored by it.
 *
 * Flags in an mcki_u32.
 */
/* The driver can ask for audio, the miniport captures it. Opcodes 0x0040 to 0x004F. */
#define MCKI_FEATURES_AUDIO          0x00000001u
/* The sink's input reports are handed to the miniport. Opcodes 0x0050 to 0x005F. */
#define MCKI_FEATURES_INPUT          0x00000002u
/* STREAM_OPEN may ask for MCKI_CODEC_HEVC within MCKI_HELLO_REPLY.hevc. */
#define MCKI_FEATURES_HEVC           0x00000004u
/* The ring may be write-combined memory (MCKI_STREAM_ATTRIBUTES_WRITE_COMBINED). */
#define MCKI_FEATURES_WRITE_COMBINED 0x00000008u

/*
 * What the encoder can do besides sizes and rates.
 *
 * Flags in an mcki_u32.
 */
#define MCKI_ENCODER_FLAGS_INTERLACED 0x00000001u /* It encodes interlaced pictures. */

/*
 * Audio formats that the miniport makes. Unknown bits are ignored: they are an offer.
 *
 * Flags in an mcki_u32.
 */
#define MCKI_AUDIO_FORMATS_LPCM_48 0x00000001u /* LPCM, 48 kHz, 16 bit, stereo. */
#define MCKI_AUDIO_FORMATS_LPCM_44 0x00000002u /* LPCM, 44.1 kHz, 16 bit, stereo. */
#define MCKI_AUDIO_FORMATS_AAC_2   0x00000004u /* AAC LC, 48 kHz, 2 channels. */
#define MCKI_AUDIO_FORMATS_AAC_4   0x00000008u /* AAC LC, 48 kHz, 4 channels. */
#define MCKI_AUDIO_FORMATS_AAC_6   0x00000010u /* AAC LC, 48 kHz, 6 channels. */
#define MCKI_AUDIO_FORMATS_AAC_8   0x00000020u /* AAC LC, 48 kHz, 8 channels. */
#define MCKI_AUDIO_FORMATS_AC3_2   0x00000040u /* AC-3, 48 kHz, 2 channels. */
#define MCKI_AUDIO_FORMATS_AC3_4   0x00000080u /* AC-3, 48 kHz, 4 channels. */
#define MCKI_AUDIO_FORMATS_AC3_6   0x00000100u /* AC-3, 48 kHz, 6 channels. */

/*
 * The connector between the sink and its monitor: the code of wfd_connector_type (S2.1 section
 * 6.1.19). The codes from 0 to 12 but 7 are those of D3DKMDT_VIDEO_OUTPUT_TECHNOLOGY too.
 *
 * Values in an mcki_u32.
 */
#define MCKI_CONNECTOR_VGA          0x00000000u /* VGA. */
#define MCKI_CONNECTOR_S_VIDEO      0x00000001u /* S-Video. */
#define MCKI_CONNECTOR_COMPOSITE    0x00000002u /* Composite video. */
#define MCKI_CONNECTOR_COMPONENT    0x00000003u /* Component video. */
#define MCKI_CONNECTOR_DVI          0x00000004u /* DVI. */
#define MCKI_CONNECTOR_HDMI         0x00000005u /* HDMI. */
/* Wi-Fi Display: the sink is built into the display. D3DKMDT_VOT_MIRACAST. */
#define MCKI_CONNECTOR_WIFI_DISPLAY 0x00000007u
#define MCKI_CONNECTOR_D_JPN        0x00000008u /* Japanese D connector. */
#define MCKI_CONNECTOR_SDI          0x00000009u /* SDI. */
#define MCKI_CONNECTOR_DISPLAY_PORT 0x0000000Au /* DisplayPort. */
#define MCKI_CONNECTOR_UDI          0x0000000Cu /* UDI. */
#define MCKI_CONNECTOR_OTHER        0x000000FFu /* Another physical connector. */
/* The sink did not say. The miniport reports D3DKMDT_VOT_MIRACAST. */
#define MCKI_CONNECTOR_UNSPECIFIED  0xFFFFFFFFu

/*
 * What a mode is besides its size and rate.
 *
 * Flags in an mcki_u32.
 */
#define MCKI_MODE_FLAGS_INTERLACED 0x00000001u /* Interlaced; the refresh rate counts fields. */
/* The sink's native mode. Only in a list of modes. */
#define MCKI_MODE_FLAGS_NATIVE     0x00000002u

/*
 * A video codec.
 *
 * Values in an mcki_u16.
 */
#define MCKI_CODEC_H264 0x0001u /* ITU-T H.264, Annex B byte stream. */
/* ITU-T H.265, Annex B byte stream; only with MCKI_FEATURES_HEVC on both sides. */
#define MCKI_CODEC_HEVC 0x0002u

/*
 * Properties of the ring's memory.
 *
 * Flags in an mcki_u32.
 */
/*
 * The data span is write-combined: ordinary loads from it are slow. Only with
 * MCKI_FEATURES_WRITE_COMBINED on both sides.
 */
#define MCKI_STREAM_ATTRIBUTES_WRITE_COMBINED 0x00000001u

/*
 * An audio codec. It says what a chunk is; a chunk becomes one PES packet.
 *
 * Values in an mcki_u16.
 */
/*
 * Frames of signed 16-bit samples, little-endian as Windows has them, left before right. Every
 * chunk has MCKI_AUDIO_LPCM_BYTES.
 */
#define MCKI_AUDIO_CODEC_LPCM 0x0001u
/* Whole ADTS frames, at most MCKI_AUDIO_AAC_BYTES_MAX a chunk. */
#define MCKI_AUDIO_CODEC_AAC  0x0002u
/* Whole syncframes, at most MCKI_AUDIO_AC3_BYTES_MAX a chunk. */
#define MCKI_AUDIO_CODEC_AC3  0x0003u

/*
 * What a report is about. It says which members mean something.
 *
 * Values in an mcki_u16.
 */
#define MCKI_INPUT_KIND_POINTER_DOWN      0x0001u /* Left button or fingers down: pointers. */
#define MCKI_INPUT_KIND_POINTER_UP        0x0002u /* Left button or fingers up: pointers. */
#define MCKI_INPUT_KIND_POINTER_MOVE      0x0003u /* Mouse or fingers moved: pointers. */
/* One or two keys pressed, in the order of time: first_key, second_key. */
#define MCKI_INPUT_KIND_KEY_DOWN          0x0004u
/* One or two keys released: first_key, second_key. */
#define MCKI_INPUT_KIND_KEY_UP            0x0005u
#define MCKI_INPUT_KIND_ZOOM              0x0006u /* Zoom around a point: x, y, factor. */
#define MCKI_INPUT_KIND_SCROLL_VERTICAL   0x0007u /* Scroll: amount, positive is up; unit. */
#define MCKI_INPUT_KIND_SCROLL_HORIZONTAL 0x0008u /* Scroll: amount, positive is left; unit. */
/* Rotate: amount in units of 1/256 radian, positive is counterclockwise. */
#define MCKI_INPUT_KIND_ROTATE            0x0009u
/* An input report of a HID device: hid_path, hid_device, hid. */
#define MCKI_INPUT_KIND_HID_REPORT        0x000Au
/*
 * The report descriptor of a HID device, before its first report: hid_path, hid_device, hid.
 * Until it has come the boot protocol of USB HID 1.11 holds.
 */
#define MCKI_INPUT_KIND_HID_DESCRIPTOR    0x000Bu

/*
 * What else a report has.
 *
 * Flags in an mcki_u16.
 */
/* The sink said which picture its user saw: timestamp. */
#define MCKI_INPUT_FLAGS_TIMESTAMP 0x0001u

/*
 * What scrolling counts in.
 *
 * Values in an mcki_u8.
 */
#define MCKI_SCROLL_UNIT_PIXEL 0x00u /* Pixels of the source's display. */
#define MCKI_SCROLL_UNIT_NOTCH 0x01u /* Notches of a mouse wheel. */

/*
 * The power of the Miracast monitor.
 *
 * Values in an mcki_u32.
 */
#define MCKI_POWER_STATE_OFF 0x00000000u /* Off: the sink may go to standby. */
#define MCKI_POWER_STATE_ON  0x00000001u /* On. */

/*
 * What a chunk is.
 *
 * Flags in an mcki_u32.
 */
#define MCKI_CHUNK_FLAGS_FRAME_START        0x00000001u /* It begins an access unit. */
#define MCKI_CHUNK_FLAGS_FRAME_END          0x00000002u /* It ends an access unit. */
#define MCKI_CHUNK_FLAGS_IDR                0x00000004u /* It belongs to an IDR picture. */
/* It begins with an access unit delimiter. */
#define MCKI_CHUNK_FLAGS_HAS_AUD            0x00000008u
/* It has SPS and PPS before the first slice. */
#define MCKI_CHUNK_FLAGS_HAS_PARAMETER_SETS 0x00000010u
/*
 * Something before it was lost: the pictures up to the next IDR refer to what never came; or
 * there is a gap in the sound.
 */
#define MCKI_CHUNK_FLAGS_DISCONTINUITY      0x00000020u

/* ----------------------------------------------------------------------------------------------
 * The header of every message, and the body of a refusal
 * ---------------------------------------------------------------------------------------------- */

/* The first 24 bytes of every message. This layout is the same in all versions. */
typedef struct MCKI_HEADER {
    /* MCKI_MAGIC. */
    mcki_u32 magic;
    /* The version in which the body is written. */
    mcki_u16 version;
    /* What the message is. A reply has the opcode of its request. */
    mcki_u16 opcode;
    /* Bytes of the whole message, header included. */
    mcki_u32 size;
    /* Chosen by the asking side; the reply has the same. */
    mcki_u32 sequence;
    /*
     * STATUS_PENDING in a request, the outcome in a reply. So a buffer that the other side has
     * not touched, as can be with the one buffer of D3DKMTEscape, is not taken for a reply.
     */
    mcki_u32 status;
    mcki_u8 reserved_20[4];
} MCKI_HEADER;
MCKI_ASSERT(sizeof(MCKI_HEADER) == 24);
MCKI_ASSERT(offsetof(MCKI_HEADER, magic) == 0);
MCKI_ASSERT(offsetof(MCKI_HEADER, version) == 4);
MCKI_ASSERT(offsetof(MCKI_HEADER, opcode) == 6);
MCKI_ASSERT(offsetof(MCKI_HEADER, size) == 8);
MCKI_ASSERT(offsetof(MCKI_HEADER, sequence) == 12);
MCKI_ASSERT(offsetof(MCKI_HEADER, status) == 16);

/* The body of a refusal. The same in all versions. */
typedef struct MCKI_REFUSAL_BODY {
    /* The field that is wrong. */
    mcki_u16 field;
    mcki_u8 reserved_2[2];
} MCKI_REFUSAL_BODY;
MCKI_ASSERT(sizeof(MCKI_REFUSAL_BODY) == 4);
MCKI_ASSERT(offsetof(MCKI_REFUSAL_BODY, field) == 0);

/* ----------------------------------------------------------------------------------------------
 * Parts of bodies
 * ---------------------------------------------------------------------------------------------- */

/* Protocol versions that a side can speak, both ends included. */
typedef struct MCKI_VERSION_RANGE {
    /* The oldest; versions start at 1. */
    mcki_u16 oldest;
    /* The newest; not before the oldest. */
    mcki_u16 newest;
} MCKI_VERSION_RANGE;
MCKI_ASSERT(sizeof(MCKI_VERSION_RANGE) == 4);
MCKI_ASSERT(offsetof(MCKI_VERSION_RANGE, oldest) == 0);
MCKI_ASSERT(offsetof(MCKI_VERSION_RANGE, newest) == 2);

/* What the miniport's encoder can do. */
typedef struct MCKI_ENCODER_CAPS {
    /*
     * H.264 profiles as in wfd_video_formats: bit 0 constrained baseline, bit 1 constrained high
     * (S2.1 section 6.1.3).
     */
    mcki_u8 profiles;
    /*
     * Bit number of the highest level as in wfd_video_formats: 0 is 3.1, 4 is 4.2; up to 7,
     * which is 5.2.
     */
    mcki_u8 level_bit;
    /* Widest picture in pixels. */
    mcki_u16 max_width;
    /* Highest picture in pixels. */
    mcki_u16 max_height;
    /* Most slices of a picture; 1 if it cannot cut one. */
    mcki_u16 max_slices;
    /* Macroblocks of 16x16 pixels a second. */
    mcki_u32 max_macroblocks_per_second;
    /* MCKI_ENCODER_FLAGS_INTERLACED or nothing. */
    mcki_u32 flags;
    /* Highest bit rate in bit/s. */
    mcki_u64 max_bit_rate;
} MCKI_ENCODER_CAPS;
MCKI_ASSERT(sizeof(MCKI_ENCODER_CAPS) == 24);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, profiles) == 0);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, level_bit) == 1);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, max_width) == 2);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, max_height) == 4);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, max_slices) == 6);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, max_macroblocks_per_second) == 8);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, flags) == 12);
MCKI_ASSERT(offsetof(MCKI_ENCODER_CAPS, max_bit_rate) == 16);

/* What the miniport's encoder can do with H.265. Pictures are progressive and have one slice. */
typedef struct MCKI_HEVC_CAPS {
    /*
     * H.265 profiles as in wfd2_video_formats: bit 0 Main (S2.1 Table 77). The driver asks for
     * Main, in the Main tier.
     */
    mcki_u8 profiles;
    /*
     * Bit number of the highest level as in wfd2_video_formats: 0 is 3.1, 4 is 5.1 (S2.1 Table
     * 78).
     */
    mcki_u8 level_bit;
    /* Widest picture in pixels. */
    mcki_u16 max_width;
    /* Highest picture in pixels. */
    mcki_u16 max_height;
    mcki_u8 reserved_6[2];
    /* Blocks of 16x16 pixels a second. */
    mcki_u32 max_macroblocks_per_second;
    mcki_u8 reserved_12[4];
    /* Highest bit rate in bit/s. */
    mcki_u64 max_bit_rate;
} MCKI_HEVC_CAPS;
MCKI_ASSERT(sizeof(MCKI_HEVC_CAPS) == 24);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, profiles) == 0);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, level_bit) == 1);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, max_width) == 2);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, max_height) == 4);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, max_macroblocks_per_second) == 8);
MCKI_ASSERT(offsetof(MCKI_HEVC_CAPS, max_bit_rate) == 16);

/* A refresh rate in hertz as a fraction; fields per second if the mode is interlaced. */
typedef struct MCKI_REFRESH {
    /* Numerator. */
    mcki_u32 numerator;
    /* Denominator. */
    mcki_u32 denominator;
} MCKI_REFRESH;
MCKI_ASSERT(sizeof(MCKI_REFRESH) == 8);
MCKI_ASSERT(offsetof(MCKI_REFRESH, numerator) == 0);
MCKI_ASSERT(offsetof(MCKI_REFRESH, denominator) == 4);

/* One display mode that can be sent. */
typedef struct MCKI_DISPLAY_MODE {
    /* Pixels a line; not 0. */
    mcki_u16 width;
    /* Lines of a picture (of both fields if interlaced); not 0. */
    mcki_u16 height;
    /* Refresh rate; at least 23.9 Hz. */
    MCKI_REFRESH refresh;
    /* Interlaced, native. */
    mcki_u32 flags;
} MCKI_DISPLAY_MODE;
MCKI_ASSERT(sizeof(MCKI_DISPLAY_MODE) == 16);
MCKI_ASSERT(offsetof(MCKI_DISPLAY_MODE, width) == 0);
MCKI_ASSERT(offsetof(MCKI_DISPLAY_MODE, height) == 2);
MCKI_ASSERT(offsetof(MCKI_DISPLAY_MODE, refresh) == 4);
MCKI_ASSERT(offsetof(MCKI_DISPLAY_MODE, flags) == 12);

/* One pointer. */
typedef struct MCKI_INPUT_POINTER {
    /* Column, from the left of the picture; less than the width. */
    mcki_u16 x;
    /* Line, from the top of the picture; less than the height. */
    mcki_u16 y;
    /* Which finger; 0 for a mouse. */
    mcki_u8 id;
    mcki_u8 reserved_5[1];
} MCKI_INPUT_POINTER;
MCKI_ASSERT(sizeof(MCKI_INPUT_POINTER) == 6);
MCKI_ASSERT(offsetof(MCKI_INPUT_POINTER, x) == 0);
MCKI_ASSERT(offsetof(MCKI_INPUT_POINTER, y) == 2);
MCKI_ASSERT(offsetof(MCKI_INPUT_POINTER, id) == 4);

/* ----------------------------------------------------------------------------------------------
 * Requests of the driver: bodies and replies
 * ---------------------------------------------------------------------------------------------- */

/*
 * opcode                         body of the request      body of the reply
 * MCKI_OPCODE_HELLO              MCKI_HELLO               MCKI_HELLO_REPLY
 * MCKI_OPCODE_MONITOR_ARRIVE     MCKI_MONITOR_ARRIVE      nothing
 * MCKI_OPCODE_MONITOR_DEPART     nothing                  nothing
 * MCKI_OPCODE_STREAM_OPEN        MCKI_STREAM_OPEN         MCKI_STREAM_OPENED
 * MCKI_OPCODE_STREAM_START       MCKI_STREAM_START        MCKI_STREAM_STARTED
 * MCKI_OPCODE_STREAM_STOP        MCKI_STREAM_STOP         nothing
 * MCKI_OPCODE_STREAM_CLOSE       MCKI_STREAM_CLOSE        nothing
 * MCKI_OPCODE_REQUEST_IDR        MCKI_REQUEST_IDR         nothing
 * MCKI_OPCODE_SET_RATE           MCKI_SET_RATE            nothing
 * MCKI_OPCODE_MODE_FAILED        MCKI_MODE_FAILED         nothing
 * MCKI_OPCODE_AUDIO_OPEN         MCKI_AUDIO_OPEN          MCKI_STREAM_OPENED
 * MCKI_OPCODE_AUDIO_START        MCKI_AUDIO_START         MCKI_AUDIO_STARTED
 * MCKI_OPCODE_AUDIO_STOP         MCKI_AUDIO_STOP          nothing
 * MCKI_OPCODE_AUDIO_CLOSE        MCKI_AUDIO_CLOSE         nothing
 * MCKI_OPCODE_INPUT_REPORT       MCKI_INPUT_REPORT        nothing
 */

/* HELLO: the first request of a context. Its layout is the same in all versions. */
typedef struct MCKI_HELLO {
    /* The versions that the driver speaks. */
    MCKI_VERSION_RANGE versions;
    /* The driver's features. */
    mcki_u32 features;
} MCKI_HELLO;
MCKI_ASSERT(sizeof(MCKI_HELLO) == 8);
MCKI_ASSERT(offsetof(MCKI_HELLO, versions) == 0);
MCKI_ASSERT(offsetof(MCKI_HELLO, features) == 4);

/*
 * Reply to HELLO. Its layout is the same in all versions. A miniport that knows of no audio and
 * of no H.265 may leave out what follows the encoder: 32 bytes are a whole reply, and what is
 * missing of a longer one is zero.
 */
typedef struct MCKI_HELLO_REPLY {
    /*
     * The version of all that follows: the newest that both speak. Without one the miniport
     * refuses with STATUS_REVISION_MISMATCH.
     */
    mcki_u16 version;
    mcki_u8 reserved_2[2];
    /* The miniport's features. */
    mcki_u32 features;
    /* The encoder. */
    MCKI_ENCODER_CAPS encoder;
    /* The formats of AUDIO_OPEN; none without MCKI_FEATURES_AUDIO on both sides. */
    mcki_u32 audio;
    mcki_u8 reserved_36[4];
    /* What the encoder can do with H.265; zero without MCKI_FEATURES_HEVC. */
    MCKI_HEVC_CAPS hevc;
} MCKI_HELLO_REPLY;
MCKI_ASSERT(sizeof(MCKI_HELLO_REPLY) == 64);
MCKI_ASSERT(offsetof(MCKI_HELLO_REPLY, version) == 0);
MCKI_ASSERT(offsetof(MCKI_HELLO_REPLY, features) == 4);
MCKI_ASSERT(offsetof(MCKI_HELLO_REPLY, encoder) == 8);
MCKI_ASSERT(offsetof(MCKI_HELLO_REPLY, audio) == 32);
MCKI_ASSERT(offsetof(MCKI_HELLO_REPLY, hevc) == 40);

/* MONITOR_ARRIVE: the sink has a monitor. A second one replaces the first. */
typedef struct MCKI_MONITOR_ARRIVE {
    /* How the monitor is connected to the sink; up to 255, or unspecified. */
    mcki_u32 connector;
    /* The monitor's EDID in whole blocks of 128 bytes. Empty: the miniport makes one. */
    mcki_u32 edid_count;
    mcki_u8 edid[512];
    /* The modes that can be sent, best first; at least one. */
    mcki_u32 modes_count;
    MCKI_DISPLAY_MODE modes[64];
} MCKI_MONITOR_ARRIVE;
MCKI_ASSERT(sizeof(MCKI_MONITOR_ARRIVE) == 1548);
MCKI_ASSERT(offsetof(MCKI_MONITOR_ARRIVE, connector) == 0);
MCKI_ASSERT(offsetof(MCKI_MONITOR_ARRIVE, edid_count) == 4);
MCKI_ASSERT(offsetof(MCKI_MONITOR_ARRIVE, edid) == 8);
MCKI_ASSERT(offsetof(MCKI_MONITOR_ARRIVE, modes_count) == 520);
MCKI_ASSERT(offsetof(MCKI_MONITOR_ARRIVE, modes) == 524);

/* STREAM_OPEN: set up the encoder and its ring. Nothing is encoded yet. */
typedef struct MCKI_STREAM_OPEN {
    /* The codec; one that has a name. */
    mcki_u16 codec;
    /* profile_idc of the SPS (H.264 section 7.4.2.1.1), general_profile_idc with H.265; not 0. */
    mcki_u8 profile_idc;
    /*
     * The constraint_set flags as the byte that follows profile_idc in the SPS:
     * constraint_set0_flag is bit 7. 0 with H.265.
     */
    mcki_u8 constraint_flags;
    /* level_idc of the SPS, general_level_idc with H.265; not 0. */
    mcki_u8 level_idc;
    mcki_u8 reserved_5[1];
    /* Slices of each picture; at least 1. */
    mcki_u16 slices;
    /* Pixels a line; not 0. */
    mcki_u16 width;
    /* Lines of a picture; not 0. */
    mcki_u16 height;
    /* Refresh rate of the stream, after vSyncFreqDivider; at least 23.9 Hz. */
    MCKI_REFRESH refresh;
    /* MCKI_MODE_FLAGS_INTERLACED or nothing. */
    mcki_u32 flags;
    /* Bits a second; not 0. */
    mcki_u64 bit_rate;
    /* Pictures from one IDR to the next; 0: only the first and on request. */
    mcki_u32 gop;
    /* MCKI_MODE_SET.sequence of the mode that this answers. */
    mcki_u32 mode_sequence;
} MCKI_STREAM_OPEN;
MCKI_ASSERT(sizeof(MCKI_STREAM_OPEN) == 40);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, codec) == 0);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, profile_idc) == 2);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, constraint_flags) == 3);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, level_idc) == 4);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, slices) == 6);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, width) == 8);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, height) == 10);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, refresh) == 12);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, flags) == 20);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, bit_rate) == 24);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, gop) == 32);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPEN, mode_sequence) == 36);

/*
 * Reply to STREAM_OPEN and AUDIO_OPEN: the stream and where its ring is.
 *
 * The driver checks sizes and address when it takes the memory for a ring.
 */
typedef struct MCKI_STREAM_OPENED {
    /* Names the stream in all that follows. Pictures and sound never have one number. */
    mcki_u32 stream;
    /* Bytes from the ring's base to its data span. */
    mcki_u32 control_len;
    /*
     * Address in the calling process where the miniport has mapped the ring. It is valid until
     * STREAM_CLOSE or AUDIO_CLOSE returns; the miniport unmaps.
     */
    mcki_u64 ring_base;
    /* Bytes of the data span. */
    mcki_u32 data_len;
    /* Properties of the memory. */
    mcki_u32 attributes;
} MCKI_STREAM_OPENED;
MCKI_ASSERT(sizeof(MCKI_STREAM_OPENED) == 24);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPENED, stream) == 0);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPENED, control_len) == 4);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPENED, ring_base) == 8);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPENED, data_len) == 16);
MCKI_ASSERT(offsetof(MCKI_STREAM_OPENED, attributes) == 20);

/* STREAM_START: encode. The first picture is an IDR. */
typedef struct MCKI_STREAM_START {
    /* The stream. */
    mcki_u32 stream;
} MCKI_STREAM_START;
MCKI_ASSERT(sizeof(MCKI_STREAM_START) == 4);
MCKI_ASSERT(offsetof(MCKI_STREAM_START, stream) == 0);

/* Reply to STREAM_START. */
typedef struct MCKI_STREAM_STARTED {
    /*
     * The parameter sets for the pictures whose chunks do not have them. Empty if every IDR has
     * them.
     */
    mcki_u32 parameter_sets_count;
    mcki_u8 parameter_sets[512];
} MCKI_STREAM_STARTED;
MCKI_ASSERT(sizeof(MCKI_STREAM_STARTED) == 516);
MCKI_ASSERT(offsetof(MCKI_STREAM_STARTED, parameter_sets_count) == 0);
MCKI_ASSERT(offsetof(MCKI_STREAM_STARTED, parameter_sets) == 4);

/* STREAM_STOP: encode no more. Chunks on their way may still come. */
typedef struct MCKI_STREAM_STOP {
    /* The stream. */
    mcki_u32 stream;
} MCKI_STREAM_STOP;
MCKI_ASSERT(sizeof(MCKI_STREAM_STOP) == 4);
MCKI_ASSERT(offsetof(MCKI_STREAM_STOP, stream) == 0);

/* STREAM_CLOSE: give the encoder and the ring back. The ring must not be touched any more. */
typedef struct MCKI_STREAM_CLOSE {
    /* The stream. */
    mcki_u32 stream;
} MCKI_STREAM_CLOSE;
MCKI_ASSERT(sizeof(MCKI_STREAM_CLOSE) == 4);
MCKI_ASSERT(offsetof(MCKI_STREAM_CLOSE, stream) == 0);

/* REQUEST_IDR: the next picture that is encoded must be an IDR. */
typedef struct MCKI_REQUEST_IDR {
    /* The stream. */
    mcki_u32 stream;
} MCKI_REQUEST_IDR;
MCKI_ASSERT(sizeof(MCKI_REQUEST_IDR) == 4);
MCKI_ASSERT(offsetof(MCKI_REQUEST_IDR, stream) == 0);

/*
 * SET_RATE: another bit rate or picture rate from the next picture on. It holds until another
 * SET_RATE or STREAM_CLOSE, over STREAM_STOP and STREAM_START, too.
 */
typedef struct MCKI_SET_RATE {
    /* Bits a second; not 0. */
    mcki_u64 bit_rate;
    /* The stream. */
    mcki_u32 stream;
    /* Most pictures a second, not 0; 0/0: as before. */
    MCKI_REFRESH refresh;
    mcki_u8 reserved_20[4];
} MCKI_SET_RATE;
MCKI_ASSERT(sizeof(MCKI_SET_RATE) == 24);
MCKI_ASSERT(offsetof(MCKI_SET_RATE, bit_rate) == 0);
MCKI_ASSERT(offsetof(MCKI_SET_RATE, stream) == 8);
MCKI_ASSERT(offsetof(MCKI_SET_RATE, refresh) == 12);

/* MODE_FAILED: the mode of a MODE_SET cannot be sent. The other outcome is STREAM_OPEN. */
typedef struct MCKI_MODE_FAILED {
    /* MCKI_MODE_SET.sequence. */
    mcki_u32 mode_sequence;
    /* Why: an error. */
    mcki_u32 status;
} MCKI_MODE_FAILED;
MCKI_ASSERT(sizeof(MCKI_MODE_FAILED) == 8);
MCKI_ASSERT(offsetof(MCKI_MODE_FAILED, mode_sequence) == 0);
MCKI_ASSERT(offsetof(MCKI_MODE_FAILED, status) == 4);

/*
 * AUDIO_OPEN: set up the audio and its ring. Nothing is captured yet. Only with
 * MCKI_FEATURES_AUDIO on both sides, and for a format of MCKI_HELLO_REPLY.audio. It needs no
 * mode.
 */
typedef struct MCKI_AUDIO_OPEN {
    /* The codec; one that has a name. */
    mcki_u16 codec;
    /* Channels; as many as a format of the codec has. */
    mcki_u16 channels;
    /* Samples a second of each channel; 48000, for LPCM also 44100. */
    mcki_u32 sample_rate;
    /* Bits a second that are wished; 0: the miniport chooses. 0 for LPCM. */
    mcki_u32 bit_rate;
} MCKI_AUDIO_OPEN;
MCKI_ASSERT(sizeof(MCKI_AUDIO_OPEN) == 12);
MCKI_ASSERT(offsetof(MCKI_AUDIO_OPEN, codec) == 0);
MCKI_ASSERT(offsetof(MCKI_AUDIO_OPEN, channels) == 2);
MCKI_ASSERT(offsetof(MCKI_AUDIO_OPEN, sample_rate) == 4);
MCKI_ASSERT(offsetof(MCKI_AUDIO_OPEN, bit_rate) == 8);

/* AUDIO_START: capture. The first chunk begins with a whole frame. */
typedef struct MCKI_AUDIO_START {
    /* The stream. */
    mcki_u32 stream;
} MCKI_AUDIO_START;
MCKI_ASSERT(sizeof(MCKI_AUDIO_START) == 4);
MCKI_ASSERT(offsetof(MCKI_AUDIO_START, stream) == 0);

/* Reply to AUDIO_START. */
typedef struct MCKI_AUDIO_STARTED {
    /* Bits a second of AAC and AC-3; 0 for LPCM. */
    mcki_u32 bit_rate;
} MCKI_AUDIO_STARTED;
MCKI_ASSERT(sizeof(MCKI_AUDIO_STARTED) == 4);
MCKI_ASSERT(offsetof(MCKI_AUDIO_STARTED, bit_rate) == 0);

/* AUDIO_STOP: capture no more. Chunks on their way may still come. */
typedef struct MCKI_AUDIO_STOP {
    /* The stream. */
    mcki_u32 stream;
} MCKI_AUDIO_STOP;
MCKI_ASSERT(sizeof(MCKI_AUDIO_STOP) == 4);
MCKI_ASSERT(offsetof(MCKI_AUDIO_STOP, stream) == 0);

/* AUDIO_CLOSE: give the ring back. It must not be touched any more. */
typedef struct MCKI_AUDIO_CLOSE {
    /* The stream. */
    mcki_u32 stream;
} MCKI_AUDIO_CLOSE;
MCKI_ASSERT(sizeof(MCKI_AUDIO_CLOSE) == 4);
MCKI_ASSERT(offsetof(MCKI_AUDIO_CLOSE, stream) == 0);

/*
 * INPUT_REPORT: the sink's user has done something. Only with MCKI_FEATURES_INPUT on both sides.
 *
 * The bytes come from the sink; the driver has checked them against the rules here and no
 * further: a key code or a HID descriptor may be anything. Members that do not belong to the
 * kind are 0, and no rule of theirs is checked; but no list has more than its places.
 */
typedef struct MCKI_INPUT_REPORT {
    /* What the report is about; one that has a name. */
    mcki_u16 kind;
    /* MCKI_INPUT_FLAGS_TIMESTAMP or nothing. */
    mcki_u16 flags;
    /*
     * The low 16 bits of the RTP time stamp, in units of 1/90000 s, of the picture that the user
     * saw.
     */
    mcki_u16 timestamp;
    /* Pixels a line of the stream that coordinates count in; not 0. */
    mcki_u16 width;
    /* Lines of that stream's picture; not 0. */
    mcki_u16 height;
    /* Column of the point; less than the width. */
    mcki_u16 x;
    /* Line of the point; less than the height. */
    mcki_u16 y;
    /* Zoom in units of 1/256; not 0. */
    mcki_u16 factor;
    /* How far; when scrolling from -8191 to 8191. */
    mcki_i16 amount;
    /* What scrolling counts in. */
    mcki_u8 unit;
    /*
     * How the HID device is attached: 0 infrared, 1 USB, 2 Bluetooth, 3 Zigbee, 4 Wi-Fi, 255
     * vendor (S2.1 section 4.11.3.2).
     */
    mcki_u8 hid_path;
    /*
     * What the HID device is: 0 keyboard, 1 mouse, 2 single touch, 3 multi touch, 4 joystick, 5
     * camera, 6 gesture, 7 remote control, 255 vendor.
     */
    mcki_u8 hid_device;
    mcki_u8 reserved_21[1];
    /* Code of the first key, not 0: ASCII or ISO 8859-1 in the low byte. */
    mcki_u16 first_key;
    /* Code of the second key; 0: there is none. */
    mcki_u16 second_key;
    mcki_u8 reserved_26[2];
    /* The pointers; at least one. */
    mcki_u32 pointers_count;
    MCKI_INPUT_POINTER pointers[32];
    /* The HID report or the descriptor, at least one byte. */
    mcki_u32 hid_count;
    mcki_u8 hid[1024];
} MCKI_INPUT_REPORT;
MCKI_ASSERT(sizeof(MCKI_INPUT_REPORT) == 1252);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, kind) == 0);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, flags) == 2);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, timestamp) == 4);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, width) == 6);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, height) == 8);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, x) == 10);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, y) == 12);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, factor) == 14);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, amount) == 16);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, unit) == 18);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, hid_path) == 19);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, hid_device) == 20);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, first_key) == 22);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, second_key) == 24);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, pointers_count) == 28);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, pointers) == 32);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, hid_count) == 224);
MCKI_ASSERT(offsetof(MCKI_INPUT_REPORT, hid) == 228);

/* ----------------------------------------------------------------------------------------------
 * Messages of the miniport: bodies
 * ---------------------------------------------------------------------------------------------- */

/*
 * opcode                         body of the request      body of the reply
 * MCKI_OPCODE_MODE_SET           MCKI_MODE_SET            nothing
 * MCKI_OPCODE_MONITOR_POWER      MCKI_MONITOR_POWER       nothing
 * MCKI_OPCODE_PROTECTION         MCKI_PROTECTION          nothing
 * MCKI_OPCODE_DEVICE_LOST        MCKI_DEVICE_LOST         nothing
 */

/* MODE_SET: Windows has set a mode on the Miracast target, or switched the path off. */
typedef struct MCKI_MODE_SET {
    /* Chosen by the miniport; STREAM_OPEN and MODE_FAILED name it. */
    mcki_u32 sequence;
    /* Pixels a line; 0: the path is off, and the fields from here to the flags mean nothing. */
    mcki_u16 width;
    /* Lines of a picture; not 0. */
    mcki_u16 height;
    /* Refresh rate of the stream, after vSyncFreqDivider; at least 23.9 Hz. */
    MCKI_REFRESH refresh;
    /* MCKI_MODE_FLAGS_INTERLACED or nothing. */
    mcki_u32 flags;
    /* Place in the list of the last MONITOR_ARRIVE, or MCKI_MODE_SET_NOT_FROM_LIST. */
    mcki_u16 mode_index;
    mcki_u8 reserved_22[2];
    /* The target of the video present network. */
    mcki_u32 target_id;
} MCKI_MODE_SET;
MCKI_ASSERT(sizeof(MCKI_MODE_SET) == 28);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, sequence) == 0);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, width) == 4);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, height) == 6);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, refresh) == 8);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, flags) == 16);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, mode_index) == 20);
MCKI_ASSERT(offsetof(MCKI_MODE_SET, target_id) == 24);

/* MONITOR_POWER: Windows has switched the monitor on or off. */
typedef struct MCKI_MONITOR_POWER {
    /* On or off. */
    mcki_u32 state;
} MCKI_MONITOR_POWER;
MCKI_ASSERT(sizeof(MCKI_MONITOR_POWER) == 4);
MCKI_ASSERT(offsetof(MCKI_MONITOR_POWER, state) == 0);

/*
 * PROTECTION: content that must be protected is about to be shown, or no longer.
 *
 * A driver without HDCP refuses a level that is not 0 with STATUS_NOT_SUPPORTED, and shows
 * nothing until the level is 0 again.
 */
typedef struct MCKI_PROTECTION {
    /* The level of HDCP that is wanted; 0 is none. */
    mcki_u32 level;
} MCKI_PROTECTION;
MCKI_ASSERT(sizeof(MCKI_PROTECTION) == 4);
MCKI_ASSERT(offsetof(MCKI_PROTECTION, level) == 0);

/* DEVICE_LOST: the GPU was reset or removed. The ring of the stream holds nothing any more. */
typedef struct MCKI_DEVICE_LOST {
    /* Why: an error. */
    mcki_u32 status;
} MCKI_DEVICE_LOST;
MCKI_ASSERT(sizeof(MCKI_DEVICE_LOST) == 4);
MCKI_ASSERT(offsetof(MCKI_DEVICE_LOST, status) == 0);

/* ----------------------------------------------------------------------------------------------
 * The chunk record and the ring
 * ---------------------------------------------------------------------------------------------- */

/*
 * One piece of encoded picture: one or more whole NAL units, Annex B. Or sound, as
 * MCKI_AUDIO_CODEC says; it has FRAME_START and FRAME_END, and DISCONTINUITY where samples were
 * lost before it.
 */
typedef struct MCKI_CHUNK_RECORD {
    /* The stream, from STREAM_OPEN or AUDIO_OPEN. */
    mcki_u32 stream;
    /* What it is. */
    mcki_u32 flags;
    /*
     * Where it begins, in the count of the ring's positions. It may wrap around the end of the
     * span.
     */
    mcki_u64 position;
    /* Bytes; not 0. */
    mcki_u32 length;
    mcki_u8 reserved_20[4];
    /*
     * When the picture, or the first sample, was captured, in units of 100 ns of the performance
     * counter.
     */
    mcki_u64 capture_time;
} MCKI_CHUNK_RECORD;
MCKI_ASSERT(sizeof(MCKI_CHUNK_RECORD) == 32);
MCKI_ASSERT(offsetof(MCKI_CHUNK_RECORD, stream) == 0);
MCKI_ASSERT(offsetof(MCKI_CHUNK_RECORD, flags) == 4);
MCKI_ASSERT(offsetof(MCKI_CHUNK_RECORD, position) == 8);
MCKI_ASSERT(offsetof(MCKI_CHUNK_RECORD, length) == 16);
MCKI_ASSERT(offsetof(MCKI_CHUNK_RECORD, capture_time) == 24);

/*
 * THE RING
 *
 *   base                          base + control_len                            + data_len
 *    | control                     | data span, a power of two                   |
 *    |    0  producer position     |                                             |
 *    |   64  consumer position     |   free   |#### handed over ####|    free    |
 *    |  128  stamp                 |          ^                     ^            |
 *    |                             |          consumer              producer     |
 *
 *   The miniport allocates one for STREAM_OPEN and one for AUDIO_OPEN, maps it into the process
 *   that asks and gives the address there in MCKI_STREAM_OPENED.ring_base. Base and control_len
 *   are multiples of MCKI_RING_PAGE, control_len is at most MCKI_RING_CONTROL_LEN_MAX; data_len
 *   is a power of two from MCKI_RING_PAGE to MCKI_RING_DATA_LEN_MAX. The mapping stays valid
 *   until STREAM_CLOSE or AUDIO_CLOSE (or DxgkDdiMiracastDestroyContext); then the miniport
 *   unmaps it.
 *
 *   Positions count bytes since the ring was made. They are 64 bits wide, only advance, and are
 *   never masked or reset: the byte of position p is at (p mod data_len) of the data span, so a
 *   chunk may wrap around the end. producer - consumer is what is handed over: never more than
 *   data_len. The two are on different cache lines, because each is written by another CPU.
 *
 *   Who writes what:
 *     the miniport    producer, stamp, and the data outside of what is handed over
 *     the driver      consumer; never data
 *
 *   To make a ring: producer = 0, consumer = 0, then a release store of MCKI_RING_STAMP.
 *
 *   To hand a chunk over:
 *     1. load consumer once, with acquire (ReadULong64Acquire): the driver has finished reading
 *        what lies before it;
 *     2. distrust it: it may neither go back nor be more than data_len behind the own position.
 *        Judge by the difference of the positions; if it cannot be, stop the stream;
 *     3. if data_len - (position - consumer) is less than the chunk, there is no room: drop the
 *        rest of the picture, set MCKI_CHUNK_FLAGS_DISCONTINUITY on the next record, and encode an
 *        IDR picture; sound needs only the flag;
 *     4. write the bytes from the own position on, around the end if need be. If the encoder's DMA
 *        writes them, they must be visible to a CPU before the next step;
 *     5. store the new producer position with release (WriteULong64Release). The own position is
 *        kept in memory of the miniport and never read back from the ring;
 *     6. raise the chunk-complete interrupt with the record: after step 5, because a record whose
 *        bytes are not handed over is refused.
 *
 *   To take a chunk the driver loads producer with acquire, copies the bytes, and stores consumer
 *   with release: position + length of the record. A record beyond the consumer position releases
 *   what lies between, which is what is left of records that were lost (DxgkCbNotifyInterrupt
 *   answered STATUS_NO_MEMORY); the driver then asks for an IDR picture.
 *
 *   With MCKI_STREAM_ATTRIBUTES_WRITE_COMBINED the data span may be write-combined, never the
 *   control page: a store fence (sfence on x64) goes before step 5.
 */

/* The first page of the ring. Its words are reached by atomic operations only. */
typedef struct MCKI_RING_CONTROL {
    /* Position of the producer. Written by the miniport alone. */
    mcki_u64 producer;
    mcki_u8 reserved_8[56];
    /*
     * Position of the consumer. Written by the driver alone, but for the 0 that the miniport
     * puts there before it writes the stamp.
     */
    mcki_u64 consumer;
    mcki_u8 reserved_72[56];
    /* MCKI_RING_STAMP, written last by the miniport when it makes the ring. */
    mcki_u64 stamp;
    mcki_u8 reserved_136[3960];
} MCKI_RING_CONTROL;
MCKI_ASSERT(sizeof(MCKI_RING_CONTROL) == 4096);
MCKI_ASSERT(offsetof(MCKI_RING_CONTROL, producer) == 0);
MCKI_ASSERT(offsetof(MCKI_RING_CONTROL, consumer) == 64);
MCKI_ASSERT(offsetof(MCKI_RING_CONTROL, stamp) == 128);

#endif /* MIRACAST_KMD_H */
