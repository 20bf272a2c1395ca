/* The dialogue M1 to M16, as far as a friendly sink takes part. */
#include "sink_rtsp.h"

#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URI "rtsp://127.0.0.1/wfd1.0/streamid=0"

static void say(struct sink *sink, const char *format, ...)
    __attribute__((format(gnu_printf, 2, 3)));

static void say(struct sink *sink, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (EXPECT(length > 0 && length < (int)sizeof text, "sink: a message is too long")) {
        send(sink->control, text, length, 0);
    }
}

/* Sends a request; `headers` has the lines behind CSeq, each with its end. */
static void ask(struct sink *sink, const char *method, const char *uri, const char *headers,
                const char *body)
{
    char length[64] = "";
    if (*body != 0) {
        snprintf(length, sizeof length, "Content-Type: text/parameters\r\nContent-Length: %zu\r\n",
                 strlen(body));
    }
    sink->asked = method;
    say(sink, "%s %s RTSP/1.0\r\nCSeq: %u\r\n%s%s\r\n%s", method, uri, ++sink->cseq, headers,
        length, body);
}

static void answer(struct sink *sink, const char *status, unsigned cseq, const char *body)
{
    say(sink, "RTSP/1.0 %s\r\nCSeq: %u\r\n", status, cseq);
    if (*body == 0) {
        say(sink, "\r\n");
    } else {
        say(sink, "Content-Type: text/parameters\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
            body);
    }
}

/* The value of a header; 0 if the message has none. */
static unsigned number_of(const char *message, const char *header)
{
    const char *found = strstr(message, header);
    return found == NULL ? 0 : (unsigned)strtoul(found + strlen(header), NULL, 10);
}

static void answer_capabilities(struct sink *sink, unsigned cseq)
{
    const struct sink_manner *manner = &sink->manner;
    char body[1024];
    snprintf(body, sizeof body,
             "wfd_video_formats: %s\r\nwfd_audio_codecs: LPCM 00000002 00\r\n"
             "wfd_client_rtp_ports: RTP/AVP/UDP;unicast %u 0 mode=play\r\n%s",
             manner->formats, sink->media_port, manner->more == NULL ? "" : manner->more);
    answer(sink, "200 OK", cseq, body);
}

/* M4, M5 and M12. */
static void set_parameter(struct sink *sink, unsigned cseq, const char *body)
{
    bool change = strstr(body, "wfd_video_formats") != NULL && sink->playing;
    if (change && sink->manner.refuses_change) {
        answer(sink, "406 Not Acceptable", cseq, "");
        return;
    }
    answer(sink, "200 OK", cseq, "");
    if (strstr(body, "wfd_trigger_method: SETUP") != NULL) {
        char transport[128];
        snprintf(transport, sizeof transport, "Transport: RTP/AVP/UDP;unicast;client_port=%u\r\n",
                 sink->media_port);
        ask(sink, "SETUP", URI, transport, "");
    } else if (strstr(body, "wfd_trigger_method: TEARDOWN") != NULL) {
        sink->told_to_end = 1;
        ask(sink, "TEARDOWN", URI, "", "");
    } else if (strncmp(body, "wfd_standby\r\n", 13) == 0) {
        sink->standing_by = 1;
    }
}

static void take_request(struct sink *sink, const char *message, const char *body)
{
    unsigned cseq = number_of(message, "CSeq: ");
    if (sink->manner.falls_silent && sink->playing) {
        return;
    }
    if (strncmp(message, "OPTIONS ", 8) == 0) {
        say(sink,
            "RTSP/1.0 200 OK\r\nCSeq: %u\r\nPublic: org.wfa.wfd1.0, GET_PARAMETER, "
            "SET_PARAMETER\r\n\r\n",
            cseq);
        ask(sink, "OPTIONS", "*", "Require: org.wfa.wfd1.0\r\n", "");
    } else if (strncmp(message, "GET_PARAMETER ", 14) == 0 && *body != 0) {
        answer_capabilities(sink, cseq);
    } else if (strncmp(message, "GET_PARAMETER ", 14) == 0) {
        answer(sink, "200 OK", cseq, "");
    } else if (strncmp(message, "SET_PARAMETER ", 14) == 0) {
        set_parameter(sink, cseq, body);
    } else {
        fault("sink: the source asks %.20s", message);
    }
}

static void take_reply(struct sink *sink, const char *message)
{
    EXPECT(strncmp(message, "RTSP/1.0 200 ", 13) == 0, "sink: %s is answered %.20s", sink->asked,
           message);
    if (strcmp(sink->asked, "SETUP") == 0) {
        sink->source_port = (USHORT)number_of(message, "server_port=");
        char session[64];
        snprintf(session, sizeof session, "Session: %u\r\n", number_of(message, "Session: "));
        ask(sink, "PLAY", URI, session, "");
    } else if (strcmp(sink->asked, "PLAY") == 0) {
        sink->playing = 1;
    } else if (strcmp(sink->asked, "TEARDOWN") == 0) {
        sink->torn_down = 1;
    }
}

void sink_read(struct sink *sink)
{
    for (;;) {
        sink->inbox[sink->inbox_length] = 0;
        char *end = strstr(sink->inbox, "\r\n\r\n");
        if (end == NULL) {
            return;
        }
        *end = 0;
        char *body = end + 4;
        int size = (int)(body - sink->inbox) + (int)number_of(sink->inbox, "Content-Length: ");
        if (size > sink->inbox_length) {
            *end = '\r';
            EXPECT(size < (int)sizeof sink->inbox, "sink: a message of %d bytes", size);
            return;
        }
        char next = sink->inbox[size];
        sink->inbox[size] = 0;
        if (strncmp(sink->inbox, "RTSP/1.0 ", 9) == 0) {
            take_reply(sink, sink->inbox);
        } else {
            take_request(sink, sink->inbox, body);
        }
        sink->inbox[size] = next;
        sink->inbox_length -= size;
        memmove(sink->inbox, sink->inbox + size, (size_t)sink->inbox_length);
    }
}

void sink_act(struct sink *sink, LONG deed)
{
    switch (deed) {
    case DEED_ASK_IDR:
        ask(sink, "SET_PARAMETER", URI, "", "wfd_idr_request\r\n");
        break;
    case DEED_LOSE_MONITOR:
        ask(sink, "SET_PARAMETER", URI, "", "wfd_connector_type: none\r\n");
        break;
    case DEED_TEARDOWN:
        ask(sink, "TEARDOWN", URI, "", "");
        break;
    default:
        break;
    }
}
