/*
 * A Wi-Fi Display sink that does one thing at a time, on a thread of its own: it answers M1 to M5
 * and M16, asks M2, M6 and M7, and hands RTP to its checker. Not here: what a strict sink holds
 * against a source; the project's other sink does that.
 */
#ifndef ABI_SINK_H
#define ABI_SINK_H

#include "rtp.h"
#include "windows_headers.h"

#include <stdbool.h>

/* What the sink is like. */
struct sink_manner {
    /* The value of wfd_video_formats. */
    const char *formats;
    /* What it answers to M3 besides, each line with its end; NULL: nothing. */
    const char *more;
    /* Answers nothing any more once it plays. */
    bool falls_silent;
    /* Refuses M4 while it plays. */
    bool refuses_change;
};

/* What it does when it is told to. */
enum sink_deed { DEED_NONE, DEED_ASK_IDR, DEED_LOSE_MONITOR, DEED_TEARDOWN };

struct sink {
    struct sink_manner manner;
    SOCKET control, media;
    USHORT media_port;
    HANDLE thread;
    volatile LONG deed, leave;
    /* M7 was answered; M12 came; the source said TEARDOWN; M8 was answered; the connection has
     * ended. */
    volatile LONG playing, standing_by, told_to_end, torn_down, ended;
    /* The source's port of RTP, of its answer to M6. */
    USHORT source_port;
    struct rtp rtp;
    char inbox[8192];
    int inbox_length;
    unsigned cseq;
    const char *asked;
};

/* All modes that these checks use: 640x480p60, 1280x720p30 and p60, at level 3.2 and above. */
#define FORMATS_THREE_MODES "00 00 02 04 00000061 00000000 00000000 00 0000 0000 00 none none"

/* Connects to the source that listens on `port` of this machine, and lives until sink_close. */
bool sink_open(struct sink *sink, struct sink_manner manner, USHORT port);
void sink_close(struct sink *sink);

void sink_do(struct sink *sink, enum sink_deed deed);

#endif
