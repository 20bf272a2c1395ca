/* The audio stream: which formats there are, what the requests do to it, and the sound that is handed
 * over. A real miniport maps the ring in mk_audio_open and unmaps it in mk_audio_close. */

#include <string.h>

#include "audio.h"
#include "ring.h"
#include "stream.h"

typedef struct mk_format {
    mcki_u32 format;
    mcki_u16 codec;
    mcki_u16 channels;
    mcki_u32 sample_rate;
} mk_format;

static const mk_format FORMATS[] = {
    { MCKI_AUDIO_FORMATS_LPCM_48, MCKI_AUDIO_CODEC_LPCM, 2, 48000 },
    { MCKI_AUDIO_FORMATS_LPCM_44, MCKI_AUDIO_CODEC_LPCM, 2, 44100 },
    { MCKI_AUDIO_FORMATS_AAC_2, MCKI_AUDIO_CODEC_AAC, 2, 48000 },
    { MCKI_AUDIO_FORMATS_AAC_4, MCKI_AUDIO_CODEC_AAC, 4, 48000 },
    { MCKI_AUDIO_FORMATS_AAC_6, MCKI_AUDIO_CODEC_AAC, 6, 48000 },
    { MCKI_AUDIO_FORMATS_AAC_8, MCKI_AUDIO_CODEC_AAC, 8, 48000 },
    { MCKI_AUDIO_FORMATS_AC3_2, MCKI_AUDIO_CODEC_AC3, 2, 48000 },
    { MCKI_AUDIO_FORMATS_AC3_4, MCKI_AUDIO_CODEC_AC3, 4, 48000 },
    { MCKI_AUDIO_FORMATS_AC3_6, MCKI_AUDIO_CODEC_AC3, 6, 48000 },
};

/* The formats with this codec and, unless it is 0, this number of channels and this rate. */
static mcki_u32 formats_of(mcki_u16 codec, mcki_u16 channels, mcki_u32 sample_rate)
{
    mcki_u32 found = 0;
    size_t index;

    for (index = 0; index < sizeof FORMATS / sizeof FORMATS[0]; index++) {
        const mk_format *format = &FORMATS[index];
        if (format->codec == codec && (channels == 0 || format->channels == channels) &&
            (sample_rate == 0 || format->sample_rate == sample_rate)) {
            found |= format->format;
        }
    }
    return found;
}

mcki_u16 mk_check_audio_open(const mk_request *request)
{
    const MCKI_AUDIO_OPEN *open = &request->audio_open;

    if (formats_of(open->codec, 0, 0) == 0) {
        return MCKI_FIELD_CODEC;
    }
    if (open->channels == 0 || formats_of(open->codec, open->channels, 0) == 0) {
        return MCKI_FIELD_CHANNELS;
    }
    if (open->sample_rate == 0 ||
        formats_of(open->codec, open->channels, open->sample_rate) == 0) {
        return MCKI_FIELD_SAMPLE_RATE;
    }
    return open->codec == MCKI_AUDIO_CODEC_LPCM && open->bit_rate != 0 ? MCKI_FIELD_BIT_RATE
                                                                       : MCKI_FIELD_NONE;
}

mk_refusal mk_audio_open(mk_miniport *miniport, MCKI_STREAM_OPENED *opened)
{
    const MCKI_AUDIO_OPEN *open = &miniport->request.audio_open;
    mk_refusal in_use = { MCKI_STATUS_RESOURCE_IN_USE, MCKI_FIELD_NONE };
    mcki_u32 format = formats_of(open->codec, open->channels, open->sample_rate);

    if ((miniport->features & MCKI_FEATURES_AUDIO) == 0) {
        return mk_wrong_state();
    }
    if (miniport->audio != 0) {
        return in_use;
    }
    if ((format & miniport->config.audio) == 0) {
        return mk_blame(MCKI_FIELD_CODEC);
    }
    miniport->audio = mk_stream_number(miniport);
    miniport->audio_settings = *open;
    miniport->gap = 0;
    mk_ring_open(&miniport->audio_ring, &miniport->config.audio_ring, miniport->audio, opened);
    return mk_blame(MCKI_FIELD_NONE);
}

/* MCKI_FIELD_NONE if there is audio and it is called `stream`. */
static mcki_u16 named(const mk_miniport *miniport, mcki_u32 stream)
{
    return stream != 0 && stream == miniport->audio ? MCKI_FIELD_NONE : MCKI_FIELD_STREAM;
}

mk_refusal mk_audio_start(mk_miniport *miniport, MCKI_AUDIO_STARTED *started)
{
    mcki_u16 field = named(miniport, miniport->request.audio_start.stream);

    if (field == MCKI_FIELD_NONE) {
        if (miniport->audio_settings.codec != MCKI_AUDIO_CODEC_LPCM) {
            started->bit_rate = miniport->config.audio_bit_rate;
        }
        miniport->capturing = 1;
    }
    return mk_blame(field);
}

mk_refusal mk_audio_stop(mk_miniport *miniport)
{
    mcki_u16 field = named(miniport, miniport->request.audio_stop.stream);

    if (field == MCKI_FIELD_NONE) {
        miniport->capturing = 0;
    }
    return mk_blame(field);
}

mk_refusal mk_audio_close(mk_miniport *miniport)
{
    mcki_u32 stream = miniport->request.audio_close.stream;
    mcki_u16 field = named(miniport, stream);

    if (miniport->audio == 0 && stream != 0 && stream == miniport->closed_audio) {
        /* It is closed already: the driver did not hear the first answer. */
        return mk_blame(MCKI_FIELD_NONE);
    }
    if (field == MCKI_FIELD_NONE) {
        miniport->capturing = 0;
        miniport->closed_audio = miniport->audio;
        miniport->audio = 0;
    }
    return mk_blame(field);
}

static int length_is_possible(mcki_u16 codec, mcki_u32 length)
{
    switch (codec) {
    case MCKI_AUDIO_CODEC_LPCM:
        return length == MCKI_AUDIO_LPCM_BYTES;
    case MCKI_AUDIO_CODEC_AAC:
        return length != 0 && length <= MCKI_AUDIO_AAC_BYTES_MAX;
    default:
        return length != 0 && length <= MCKI_AUDIO_AC3_BYTES_MAX;
    }
}

mcki_u32 mk_push_audio(mk_miniport *miniport, const void *bytes, mcki_u32 length,
                       mcki_u64 capture_time, MCKI_CHUNK_RECORD *record)
{
    mcki_u32 whole = MCKI_CHUNK_FLAGS_FRAME_START | MCKI_CHUNK_FLAGS_FRAME_END;
    mcki_u64 position = 0;
    mcki_u32 status;

    if (!miniport->capturing) {
        return MCKI_STATUS_INVALID_DEVICE_STATE;
    }
    if (!length_is_possible(miniport->audio_settings.codec, length)) {
        return MCKI_STATUS_INVALID_PARAMETER;
    }
    status = mk_ring_push(&miniport->audio_ring, bytes, length, &position);
    if (status == MCKI_STATUS_INSUFFICIENT_RESOURCES) {
        miniport->gap = 1;
    } else if (status != MCKI_STATUS_SUCCESS) {
        miniport->capturing = 0;
    }
    if (status != MCKI_STATUS_SUCCESS) {
        return status;
    }
    memset(record, 0, sizeof *record);
    record->stream = miniport->audio;
    record->flags = whole | (miniport->gap ? MCKI_CHUNK_FLAGS_DISCONTINUITY : 0u);
    record->position = position;
    record->length = length;
    record->capture_time = capture_time;
    miniport->gap = 0;
    return MCKI_STATUS_SUCCESS;
}
