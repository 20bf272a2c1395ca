/* What arrives as media: RTP around MPEG-TS around the bytes of an encoder. */
#ifndef ABI_RTP_H
#define ABI_RTP_H

#include <stddef.h>
#include <stdint.h>

enum { VIDEO_BYTES_MAX = 1 << 16 };

struct rtp {
    volatile long datagrams, packets;
    uint16_t sequence;
    /* The bytes of the video stream, without the headers of PES. */
    volatile long video_length;
    uint8_t video[VIDEO_BYTES_MAX];
};

/* Checks one datagram and keeps what it has of the video. */
void rtp_take(struct rtp *rtp, const uint8_t *datagram, size_t size);

#endif
