/* What can be said of the fields of a request without knowing any state, in the order of the fields. */

#include "wire.h"

mcki_u64 mk_millihertz(MCKI_REFRESH refresh)
{
    return refresh.denominator == 0 ? 0 : refresh.numerator * 1000ull / refresh.denominator;
}

static int can_be_a_rate(MCKI_REFRESH refresh)
{
    return mk_millihertz(refresh) >= MCKI_REFRESH_MIN_MILLIHERTZ;
}

mcki_u16 mk_check_mode(const MCKI_DISPLAY_MODE *mode)
{
    if (mode->width == 0) {
        return MCKI_FIELD_WIDTH;
    }
    if (mode->height == 0) {
        return MCKI_FIELD_HEIGHT;
    }
    if (!can_be_a_rate(mode->refresh)) {
        return MCKI_FIELD_REFRESH;
    }
    if ((mode->flags & ~(MCKI_MODE_FLAGS_INTERLACED | MCKI_MODE_FLAGS_NATIVE)) != 0) {
        return MCKI_FIELD_FLAGS;
    }
    return MCKI_FIELD_NONE;
}

mcki_u16 mk_check_hello(const mk_request *request)
{
    MCKI_VERSION_RANGE versions = request->hello.versions;

    if (versions.oldest == 0 || versions.oldest > versions.newest) {
        return MCKI_FIELD_VERSION;
    }
    return MCKI_FIELD_NONE;
}

mcki_u16 mk_check_monitor_arrive(const mk_request *request)
{
    const MCKI_MONITOR_ARRIVE *arrive = &request->monitor_arrive;
    mcki_u32 index;

    /* The counts first: nothing may be read by a count that was not checked. */
    if (arrive->edid_count > MCKI_EDID_MAX) {
        return MCKI_FIELD_EDID;
    }
    if (arrive->modes_count > MCKI_MODES_MAX) {
        return MCKI_FIELD_MODES;
    }
    if (arrive->connector > 0xFFu && arrive->connector != MCKI_CONNECTOR_UNSPECIFIED) {
        return MCKI_FIELD_CONNECTOR;
    }
    if (arrive->edid_count % 128u != 0) {
        return MCKI_FIELD_EDID;
    }
    if (arrive->modes_count == 0) {
        return MCKI_FIELD_MODES;
    }
    for (index = 0; index < arrive->modes_count; index++) {
        mcki_u16 field = mk_check_mode(&arrive->modes[index]);
        if (field != MCKI_FIELD_NONE) {
            return field;
        }
    }
    return MCKI_FIELD_NONE;
}

mcki_u16 mk_check_stream_open(const mk_request *request)
{
    const MCKI_STREAM_OPEN *open = &request->stream_open;

    if (open->codec != MCKI_CODEC_H264 && open->codec != MCKI_CODEC_HEVC) {
        return MCKI_FIELD_CODEC;
    }
    if (open->profile_idc == 0) {
        return MCKI_FIELD_PROFILE;
    }
    if (open->level_idc == 0) {
        return MCKI_FIELD_LEVEL;
    }
    if (open->slices == 0) {
        return MCKI_FIELD_SLICES;
    }
    if (open->width == 0) {
        return MCKI_FIELD_WIDTH;
    }
    if (open->height == 0) {
        return MCKI_FIELD_HEIGHT;
    }
    if (!can_be_a_rate(open->refresh)) {
        return MCKI_FIELD_REFRESH;
    }
    if ((open->flags & ~MCKI_MODE_FLAGS_INTERLACED) != 0) {
        return MCKI_FIELD_FLAGS;
    }
    return open->bit_rate == 0 ? MCKI_FIELD_BIT_RATE : MCKI_FIELD_NONE;
}

mcki_u16 mk_check_set_rate(const mk_request *request)
{
    const MCKI_SET_RATE *rate = &request->set_rate;

    if (rate->bit_rate == 0) {
        return MCKI_FIELD_BIT_RATE;
    }
    /* 0/0: the rate of pictures stays as it is. */
    if (rate->refresh.numerator == 0 && rate->refresh.denominator == 0) {
        return MCKI_FIELD_NONE;
    }
    return mk_millihertz(rate->refresh) == 0 ? MCKI_FIELD_REFRESH : MCKI_FIELD_NONE;
}

mcki_u16 mk_check_mode_failed(const mk_request *request)
{
    return MCKI_IS_SUCCESS(request->mode_failed.status) ? MCKI_FIELD_STATUS : MCKI_FIELD_NONE;
}
