/* GStreamer as a peer: h264parse, mpegtsmux and rtpmp2tpay, into nothing or onto a socket. */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdio.h>

#include "pass.h"

#define PIPELINE                                                                                   \
    "appsrc name=in format=time block=true max-bytes=4000000 "                                     \
    "caps=video/x-h264,stream-format=byte-stream,alignment=au,framerate=60/1 "                     \
    "! h264parse ! mpegtsmux alignment=7 ! rtpmp2tpay ! "

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
    char text[512];
    if (stream->port)
        snprintf(text, sizeof text, PIPELINE "udpsink host=127.0.0.1 port=%u sync=false async=false",
            stream->port);
    else
        snprintf(text, sizeof text, PIPELINE "fakesink sync=false async=false");
    GstElement *pipeline = gst_parse_launch(text, NULL);
    if (!pipeline)
        fail("no pipeline");
    GstElement *source = gst_bin_get_by_name(GST_BIN(pipeline), "in");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (size_t number = 0; number < stream->count * stream->turns; number++) {
        const struct unit *unit = &stream->units[number % stream->count];
        stream_hand_over(stream, number);
        GstBuffer *buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY,
            stream->bytes + unit->offset, unit->length, 0, unit->length, NULL, NULL);
        GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = number * GST_SECOND / 60;
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

int main(int count, char **words)
{
    struct stream stream = stream_open(count, words);
    gst_init(NULL, NULL);
    return stream_serve(&stream, pass);
}
