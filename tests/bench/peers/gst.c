/* GStreamer as a peer: h264parse, mpegtsmux and rtpmp2tpay, into nothing or onto a socket. */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

#include "pass.h"

#define SOURCE "appsrc name=in format=time block=true max-bytes=4000000 caps="
#define PICTURES "video/x-h264,stream-format=byte-stream,alignment=au,framerate=60/1 ! h264parse "
#define SOUND                                                                                      \
    "audio/x-lpcm,width=16,rate=48000,channels=2,dynamic_range=0,emphasis=false,mute=false "
#define MUXER "! mpegtsmux alignment=7 ! rtpmp2tpay ! "

static int is_sound;

static GstElement *open_pipeline(const struct stream *stream)
{
    char text[1024], sink[128] = "fakesink sync=false async=false";
    if (stream->port)
        snprintf(sink, sizeof sink, "udpsink host=127.0.0.1 port=%u sync=false async=false",
            stream->port);
    snprintf(text, sizeof text, SOURCE "%s" MUXER "%s", is_sound ? SOUND : PICTURES, sink);
    GstElement *pipeline = gst_parse_launch(text, NULL);
    if (!pipeline)
        fail("no pipeline");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    return pipeline;
}

static void wait_for_end(GstElement *pipeline)
{
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *message = gst_bus_timed_pop_filtered(
        bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    if (!message || GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS)
        fail("the pipeline did not end");
    gst_message_unref(message);
    gst_object_unref(bus);
}

static void pass(struct stream *stream)
{
    GstElement *pipeline = open_pipeline(stream);
    GstElement *source = gst_bin_get_by_name(GST_BIN(pipeline), "in");
    for (size_t number = 0; number < stream->count * stream->turns; number++) {
        const struct unit *unit = &stream->units[number % stream->count];
        stream_hand_over(stream, number);
        GstBuffer *buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY,
            stream->bytes + unit->offset, unit->length, 0, unit->length, NULL, NULL);
        GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = number * GST_SECOND / (is_sound ? 100 : 60);
        if (gst_app_src_push_buffer(GST_APP_SRC(source), buffer) != GST_FLOW_OK)
            fail("a unit was refused");
        stream_returned(stream, number);
    }
    gst_app_src_end_of_stream(GST_APP_SRC(source));
    wait_for_end(pipeline);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(source);
    gst_object_unref(pipeline);
}

/* Only pipelines, to see what they cost. */
static void create(struct stream *stream)
{
    for (size_t turn = 0; turn < stream->turns; turn++) {
        GstElement *pipeline = open_pipeline(stream);
        if (gst_element_get_state(pipeline, NULL, NULL, 10 * GST_SECOND) == GST_STATE_CHANGE_FAILURE)
            fail("the pipeline does not play");
        gst_element_set_state(pipeline, GST_STATE_NULL);
        gst_object_unref(pipeline);
    }
}

int main(int count, char **words)
{
    struct stream stream = stream_open(count, words);
    gst_init(NULL, NULL);
    is_sound = !strcmp(words[1], "sound");
    return stream_serve(&stream, strcmp(words[1], "create") ? pass : create);
}
