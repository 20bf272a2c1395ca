/* The rules for the members of INPUT_REPORT, in their order. */

#include "wire.h"

static int is_inside(const MCKI_INPUT_REPORT *report, mcki_u16 x, mcki_u16 y)
{
    return x < report->width && y < report->height;
}

static mcki_u16 check_pointers(const MCKI_INPUT_REPORT *report)
{
    mcki_u32 index;

    for (index = 0; index < report->pointers_count; index++) {
        const MCKI_INPUT_POINTER *pointer = &report->pointers[index];
        if (!is_inside(report, pointer->x, pointer->y)) {
            return MCKI_FIELD_POINTERS;
        }
    }
    return report->pointers_count == 0 ? MCKI_FIELD_POINTERS : MCKI_FIELD_NONE;
}

static mcki_u16 check_zoom(const MCKI_INPUT_REPORT *report)
{
    if (!is_inside(report, report->x, report->y)) {
        return MCKI_FIELD_POINT;
    }
    return report->factor == 0 ? MCKI_FIELD_FACTOR : MCKI_FIELD_NONE;
}

static mcki_u16 check_scroll(const MCKI_INPUT_REPORT *report)
{
    if (report->amount < -(int)MCKI_INPUT_SCROLL_MAX || report->amount > (int)MCKI_INPUT_SCROLL_MAX) {
        return MCKI_FIELD_AMOUNT;
    }
    if (report->unit != MCKI_SCROLL_UNIT_PIXEL && report->unit != MCKI_SCROLL_UNIT_NOTCH) {
        return MCKI_FIELD_UNIT;
    }
    return MCKI_FIELD_NONE;
}

/* What belongs to the kind. The others mean nothing. */
static mcki_u16 check_kind(const MCKI_INPUT_REPORT *report)
{
    switch (report->kind) {
    case MCKI_INPUT_KIND_POINTER_DOWN:
    case MCKI_INPUT_KIND_POINTER_UP:
    case MCKI_INPUT_KIND_POINTER_MOVE:
        return check_pointers(report);
    case MCKI_INPUT_KIND_KEY_DOWN:
    case MCKI_INPUT_KIND_KEY_UP:
        return report->first_key == 0 ? MCKI_FIELD_KEY : MCKI_FIELD_NONE;
    case MCKI_INPUT_KIND_ZOOM:
        return check_zoom(report);
    case MCKI_INPUT_KIND_SCROLL_VERTICAL:
    case MCKI_INPUT_KIND_SCROLL_HORIZONTAL:
        return check_scroll(report);
    case MCKI_INPUT_KIND_HID_REPORT:
    case MCKI_INPUT_KIND_HID_DESCRIPTOR:
        return report->hid_count == 0 ? MCKI_FIELD_HID : MCKI_FIELD_NONE;
    default:
        return MCKI_FIELD_NONE;
    }
}

mcki_u16 mk_check_input_report(const mk_request *request)
{
    const MCKI_INPUT_REPORT *report = &request->input_report;

    /* The counts first: nothing may be read by a count that was not checked. */
    if (report->pointers_count > MCKI_INPUT_POINTERS_MAX) {
        return MCKI_FIELD_POINTERS;
    }
    if (report->hid_count > MCKI_INPUT_HID_MAX) {
        return MCKI_FIELD_HID;
    }
    if (report->kind < MCKI_INPUT_KIND_POINTER_DOWN || report->kind > MCKI_INPUT_KIND_HID_DESCRIPTOR) {
        return MCKI_FIELD_INPUT_KIND;
    }
    if ((report->flags & ~MCKI_INPUT_FLAGS_TIMESTAMP) != 0) {
        return MCKI_FIELD_FLAGS;
    }
    if (report->width == 0) {
        return MCKI_FIELD_WIDTH;
    }
    if (report->height == 0) {
        return MCKI_FIELD_HEIGHT;
    }
    return check_kind(report);
}
