/* What the sink says on its RTSP connection. */
#ifndef ABI_SINK_RTSP_H
#define ABI_SINK_RTSP_H

#include "sink.h"

/* Takes every whole message from the inbox and answers it. */
void sink_read(struct sink *sink);

/* Does what it was told to do. */
void sink_act(struct sink *sink, LONG deed);

#endif
