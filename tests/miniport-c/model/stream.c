/* The encoder stream: what it may be, and what the requests do to it. A real miniport reserves the
 * encoder and maps the ring in mk_stream_open, and gives both back in mk_stream_close. */

#include <string.h>

#include "ring.h"
#include "stream.h"

/* Constrained Baseline and Constrained High as an SPS says them (H.264 A.2.1.1 and A.2.4.2), in the
 * order of the bits in MCKI_ENCODER_CAPS.profiles: profile_idc, and the constraint flags it needs. */
static const mcki_u8 PROFILES[][2] = { { 66, 0x40 }, { 100, 0x0C } };

/* level_idc in the order of MCKI_ENCODER_CAPS.level_bit. */
static const mcki_u8 LEVELS[MCKI_LEVEL_BIT_MAX + 1] = { 31, 32, 40, 41, 42, 50, 51, 52 };

mk_refusal mk_wrong_state(void)
{
    mk_refusal refusal = { MCKI_STATUS_INVALID_DEVICE_STATE, MCKI_FIELD_NONE };
    return refusal;
}

static int profile_fits(const MCKI_STREAM_OPEN *open, const MCKI_ENCODER_CAPS *encoder)
{
    size_t bit;

    for (bit = 0; bit < sizeof PROFILES / sizeof PROFILES[0]; bit++) {
        mcki_u8 needed = PROFILES[bit][1];
        if ((encoder->profiles >> bit & 1) != 0 && open->profile_idc == PROFILES[bit][0] &&
            (open->constraint_flags & needed) == needed) {
            return 1;
        }
    }
    return 0;
}

static int level_fits(const MCKI_STREAM_OPEN *open, const MCKI_ENCODER_CAPS *encoder)
{
    size_t bit;

    for (bit = 0; bit <= encoder->level_bit && bit <= MCKI_LEVEL_BIT_MAX; bit++) {
        if (LEVELS[bit] == open->level_idc) {
            return 1;
        }
    }
    return 0;
}

/* Macroblocks a second; 0xFFFF x 0xFFFF pixels at the highest rate are below 2^64. */
static mcki_u64 load_of(const MCKI_STREAM_OPEN *open)
{
    mcki_u64 columns = (open->width + 15u) / 16u;
    mcki_u64 rows = (open->height + 15u) / 16u;

    return columns * rows * mk_millihertz(open->refresh) / 1000u;
}

/* Holds the request against the mode that Windows set. */
static mcki_u16 check_mode(const MCKI_STREAM_OPEN *open, const MCKI_MODE_SET *mode)
{
    if (open->mode_sequence != mode->sequence) {
        return MCKI_FIELD_SEQUENCE;
    }
    if (open->width != mode->width) {
        return MCKI_FIELD_WIDTH;
    }
    if (open->height != mode->height) {
        return MCKI_FIELD_HEIGHT;
    }
    if (mk_millihertz(open->refresh) != mk_millihertz(mode->refresh)) {
        return MCKI_FIELD_REFRESH;
    }
    return open->flags != mode->flags ? MCKI_FIELD_FLAGS : MCKI_FIELD_NONE;
}

/* Holds the request against the encoder. */
static mcki_u16 check_encoder(const MCKI_STREAM_OPEN *open, const MCKI_ENCODER_CAPS *encoder)
{
    if (open->codec != MCKI_CODEC_H264) {
        return MCKI_FIELD_CODEC;
    }
    if (!profile_fits(open, encoder)) {
        return MCKI_FIELD_PROFILE;
    }
    if (!level_fits(open, encoder)) {
        return MCKI_FIELD_LEVEL;
    }
    if (open->slices > encoder->max_slices) {
        return MCKI_FIELD_SLICES;
    }
    if (open->width > encoder->max_width) {
        return MCKI_FIELD_WIDTH;
    }
    if (open->height > encoder->max_height) {
        return MCKI_FIELD_HEIGHT;
    }
    if ((open->flags & ~encoder->flags & MCKI_ENCODER_FLAGS_INTERLACED) != 0) {
        return MCKI_FIELD_FLAGS;
    }
    if (load_of(open) > encoder->max_macroblocks_per_second) {
        return MCKI_FIELD_REFRESH;
    }
    return open->bit_rate > encoder->max_bit_rate ? MCKI_FIELD_BIT_RATE : MCKI_FIELD_NONE;
}

mcki_u32 mk_stream_number(mk_miniport *miniport)
{
    do {
        miniport->last_stream++;
    } while (miniport->last_stream == 0 || miniport->last_stream == miniport->stream ||
             miniport->last_stream == miniport->audio);
    return miniport->last_stream;
}

mk_refusal mk_stream_open(mk_miniport *miniport, MCKI_STREAM_OPENED *opened)
{
    const MCKI_STREAM_OPEN *open = &miniport->request.stream_open;
    mk_refusal in_use = { MCKI_STATUS_RESOURCE_IN_USE, MCKI_FIELD_NONE };
    mcki_u16 field;

    if (!miniport->has_mode || miniport->mode.width == 0) {
        return mk_wrong_state();
    }
    if (miniport->stream != 0) {
        return in_use;
    }
    field = check_mode(open, &miniport->mode);
    if (field == MCKI_FIELD_NONE) {
        field = check_encoder(open, &miniport->config.encoder);
    }
    if (field != MCKI_FIELD_NONE) {
        return mk_blame(field);
    }
    miniport->stream = mk_stream_number(miniport);
    miniport->settings = *open;
    miniport->bit_rate = open->bit_rate;
    miniport->refresh = open->refresh;
    miniport->discontinuity = 0;
    mk_ring_open(&miniport->ring, &miniport->config.ring, miniport->stream, opened);
    return mk_blame(MCKI_FIELD_NONE);
}

/* MCKI_FIELD_NONE if there is a stream and it is called `stream`. */
static mcki_u16 named(const mk_miniport *miniport, mcki_u32 stream)
{
    return stream != 0 && stream == miniport->stream ? MCKI_FIELD_NONE : MCKI_FIELD_STREAM;
}

mk_refusal mk_stream_start(mk_miniport *miniport, MCKI_STREAM_STARTED *started)
{
    mcki_u16 field = named(miniport, miniport->request.stream_start.stream);

    if (field == MCKI_FIELD_NONE) {
        started->parameter_sets_count = miniport->config.parameter_sets_count;
        memcpy(started->parameter_sets, miniport->parameter_sets,
               miniport->config.parameter_sets_count);
        if (!miniport->running) {
            miniport->running = 1;
            miniport->idr_wanted = 1;
        }
    }
    return mk_blame(field);
}

mk_refusal mk_stream_stop(mk_miniport *miniport)
{
    mcki_u16 field = named(miniport, miniport->request.stream_stop.stream);

    if (field == MCKI_FIELD_NONE) {
        miniport->running = 0;
    }
    return mk_blame(field);
}

mk_refusal mk_stream_close(mk_miniport *miniport)
{
    mcki_u32 stream = miniport->request.stream_close.stream;
    mcki_u16 field = named(miniport, stream);

    if (miniport->stream == 0 && stream != 0 && stream == miniport->closed_stream) {
        /* It is closed already: the driver did not hear the first answer. */
        return mk_blame(MCKI_FIELD_NONE);
    }
    if (field == MCKI_FIELD_NONE) {
        miniport->running = 0;
        miniport->closed_stream = miniport->stream;
        miniport->stream = 0;
    }
    return mk_blame(field);
}

mk_refusal mk_stream_request_idr(mk_miniport *miniport)
{
    mcki_u16 field = named(miniport, miniport->request.request_idr.stream);

    if (field == MCKI_FIELD_NONE) {
        miniport->idr_wanted = 1;
    }
    return mk_blame(field);
}

mk_refusal mk_stream_set_rate(mk_miniport *miniport)
{
    const MCKI_SET_RATE *rate = &miniport->request.set_rate;
    mcki_u16 field = named(miniport, rate->stream);

    if (field == MCKI_FIELD_NONE && rate->bit_rate > miniport->config.encoder.max_bit_rate) {
        field = MCKI_FIELD_BIT_RATE;
    }
    if (field == MCKI_FIELD_NONE) {
        miniport->bit_rate = rate->bit_rate;
        if (rate->refresh.denominator != 0) {
            miniport->refresh = rate->refresh;
        }
    }
    return mk_blame(field);
}
