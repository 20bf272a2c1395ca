/* One datagram taken apart. Numbers: RFC 3550 §5.1, RFC 2250 §2, ISO 13818-1 §2.4.3; the PID is that
 * of Wi-Fi Display (S2.1 App. B). */
#include "rtp.h"

#include "verdict.h"

#include <string.h>

enum { RTP_HEADER = 12, TS_PACKET = 188, VIDEO_PID = 0x1011, PAYLOAD_MP2T = 33 };

/* The payload of a packet that begins a PES packet, without the PES header. */
static const uint8_t *behind_pes_header(const uint8_t *at, const uint8_t *end)
{
    bool whole = end - at >= 9 && at[0] == 0 && at[1] == 0 && at[2] == 1 && end - at >= 9 + at[8];
    return EXPECT(whole, "RTP: no PES header where one begins") ? at + 9 + at[8] : end;
}

static void take_packet(struct rtp *rtp, const uint8_t *packet)
{
    if (!EXPECT(packet[0] == 0x47, "RTP: a TS packet begins with %02X", packet[0])) {
        return;
    }
    rtp->packets++;
    unsigned pid = (packet[1] & 0x1Fu) << 8 | packet[2];
    bool has_payload = (packet[3] & 0x10) != 0, has_adaptation = (packet[3] & 0x20) != 0;
    if (pid != VIDEO_PID || !has_payload) {
        return;
    }
    const uint8_t *end = packet + TS_PACKET;
    const uint8_t *at = packet + 4 + (has_adaptation ? 1 + packet[4] : 0);
    if (!EXPECT(at <= end, "RTP: an adaptation field of %u bytes", packet[4])) {
        return;
    }
    if ((packet[1] & 0x40) != 0) {
        at = behind_pes_header(at, end);
    }
    size_t size = (size_t)(end - at);
    if (rtp->video_length + (long)size <= VIDEO_BYTES_MAX) {
        memcpy(rtp->video + rtp->video_length, at, size);
        rtp->video_length += (long)size;
    }
}

void rtp_take(struct rtp *rtp, const uint8_t *datagram, size_t size)
{
    bool whole = size > RTP_HEADER && (size - RTP_HEADER) % TS_PACKET == 0;
    if (!EXPECT(whole, "RTP: a datagram of %zu bytes", size)) {
        return;
    }
    EXPECT(datagram[0] == 0x80, "RTP: first byte %02X", datagram[0]);
    EXPECT((datagram[1] & 0x7F) == PAYLOAD_MP2T, "RTP: payload type %u", datagram[1] & 0x7Fu);
    uint16_t sequence = (uint16_t)(datagram[2] << 8 | datagram[3]);
    EXPECT(rtp->datagrams == 0 || sequence == (uint16_t)(rtp->sequence + 1), "RTP: %u follows %u",
           sequence, rtp->sequence);
    rtp->sequence = sequence;
    for (size_t at = RTP_HEADER; at < size; at += TS_PACKET) {
        take_packet(rtp, datagram + at);
    }
    rtp->datagrams++;
}
