/* libavformat as a peer: its muxers `rtp_mpegts` and `mpegts`, into memory or onto a socket. */
#include <libavformat/avformat.h>
#include <stdio.h>
#include <string.h>

#include "pass.h"

/* A datagram with seven transport packets, behind an RTP header or alone. */
#define RTP_DATAGRAM 1328
#define TS_DATAGRAM 1316
#define TS_PACKET 188

static int is_rtp;
static int is_sound;

static int count_bytes(void *opaque, uint8_t *bytes, int length)
{
    struct stream *stream = opaque;
    (void)bytes;
    stream->datagrams++;
    stream->packets += (uint64_t)length / TS_PACKET;
    return length;
}

static int datagram(void)
{
    return is_rtp ? RTP_DATAGRAM : TS_DATAGRAM;
}

static void open_output(AVFormatContext *context, struct stream *stream)
{
    char url[64];
    if (stream->port) {
        snprintf(url, sizeof url, "%s://127.0.0.1:%u?pkt_size=%d", is_rtp ? "rtp" : "udp",
            stream->port, datagram());
        if (avio_open(&context->pb, url, AVIO_FLAG_WRITE) < 0)
            fail("no output");
        return;
    }
    unsigned char *buffer = av_malloc((size_t)datagram());
    context->pb = avio_alloc_context(buffer, datagram(), 1, stream, NULL, count_bytes, NULL);
    if (!buffer || !context->pb)
        fail("no output");
    context->pb->max_packet_size = datagram();
}

static void close_output(AVFormatContext *context, const struct stream *stream)
{
    if (stream->port) {
        avio_closep(&context->pb);
        return;
    }
    av_freep(&context->pb->buffer);
    avio_context_free(&context->pb);
}

static void describe_pictures(AVCodecParameters *parameters)
{
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    parameters->width = 1920;
    parameters->height = 1080;
}

/* The LPCM of Wi-Fi Display it does not know; this is carried in a private stream, too. */
static void describe_sound(AVCodecParameters *parameters)
{
    parameters->codec_type = AVMEDIA_TYPE_AUDIO;
    parameters->codec_id = AV_CODEC_ID_S302M;
    parameters->sample_rate = 48000;
    parameters->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_STEREO;
}

static AVFormatContext *begin(struct stream *stream)
{
    AVFormatContext *context;
    AVStream *one;
    const char *format = is_rtp ? "rtp_mpegts" : "mpegts";
    if (avformat_alloc_output_context2(&context, NULL, format, NULL) < 0)
        fail("no muxer");
    open_output(context, stream);
    /* As soon as it can: nothing is kept for interleaving, and each packet is flushed. */
    context->max_delay = 0;
    context->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    one = avformat_new_stream(context, NULL);
    if (!one)
        fail("no stream");
    if (is_sound)
        describe_sound(one->codecpar);
    else
        describe_pictures(one->codecpar);
    one->time_base = (AVRational) { 1, 90000 };
    /* A packet of sound is a PES packet at once; else some are gathered. */
    AVDictionary *options = NULL;
    av_dict_set(&options, "pes_payload_size", "0", 0);
    if (avformat_write_header(context, &options) < 0)
        fail("no header");
    av_dict_free(&options);
    return context;
}

static void pass(struct stream *stream)
{
    AVFormatContext *context = begin(stream);
    AVPacket *packet = av_packet_alloc();
    for (size_t number = 0; number < stream->count * stream->turns; number++) {
        const struct unit *unit = &stream->units[number % stream->count];
        stream_hand_over(stream, number);
        packet->data = stream->bytes + unit->offset;
        packet->size = (int)unit->length;
        packet->pts = packet->dts = (int64_t)number * (is_sound ? 900 : 1500);
        packet->flags = unit->idr ? AV_PKT_FLAG_KEY : 0;
        if (av_write_frame(context, packet) < 0)
            fail("a unit was refused");
        stream_returned(stream, number);
    }
    av_write_trailer(context);
    av_packet_free(&packet);
    close_output(context, stream);
    avformat_free_context(context);
}

/* Only contexts, to see what they cost. */
static void create(struct stream *stream)
{
    for (size_t turn = 0; turn < stream->turns; turn++) {
        AVFormatContext *context = begin(stream);
        av_write_trailer(context);
        close_output(context, stream);
        avformat_free_context(context);
    }
}

int main(int count, char **words)
{
    struct stream stream = stream_open(count, words);
    av_log_set_level(AV_LOG_ERROR);
    avformat_network_init();
    is_rtp = !strncmp(words[1], "rtp", 3);
    is_sound = strstr(words[1], "-sound") != NULL;
    return stream_serve(&stream, strstr(words[1], "-create") ? create : pass);
}
