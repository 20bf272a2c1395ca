/* A device and a sink with an RTSP connection between them, as the operating system makes it. */
#ifndef ABI_STAGE_H
#define ABI_STAGE_H

#include "device.h"
#include "sink.h"

/* A rate at which no mode is left out, in bit/s. */
enum { FAST = 20000000 };

struct stage {
    struct device device;
    struct sink sink;
    /* The source's end of the connection; Windows' own, and never the driver's to close. */
    SOCKET rtsp;
};

/* Creates the context and connects the sink. */
bool stage_open(struct stage *stage, struct sink_manner manner);

/* Starts the session. */
NTSTATUS stage_start(struct stage *stage, UINT64 bit_rate, MIRACAST_SESSION_INFO *info);

/* Starts a session and sets the mode 1280x720p30; true once the sink plays. */
bool stage_play(struct stage *stage);

/* Looks whether the RTSP socket was left alone (DDI-16), and takes everything apart. The context
 * must have been destroyed. */
void stage_close(struct stage *stage);

#endif
