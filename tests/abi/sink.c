/* The sink's thread and sockets; what it says is in sink_rtsp.c. */
#include "sink.h"

#include "sink_rtsp.h"
#include "verdict.h"

#include <string.h>

enum { TURN_US = 5000, DATAGRAM_MAX = 2048, END_MS = 5000 };

static struct sockaddr_in loopback(USHORT port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void receive_media(struct sink *sink)
{
    uint8_t datagram[DATAGRAM_MAX];
    int length = recv(sink->media, (char *)datagram, sizeof datagram, 0);
    if (length > 0) {
        rtp_take(&sink->rtp, datagram, (size_t)length);
    }
}

static void receive_control(struct sink *sink)
{
    int room = (int)sizeof sink->inbox - 1 - sink->inbox_length;
    int length = recv(sink->control, sink->inbox + sink->inbox_length, room, 0);
    if (length <= 0) {
        sink->ended = 1;
        return;
    }
    sink->inbox_length += length;
    sink_read(sink);
}

static DWORD WINAPI live(void *argument)
{
    struct sink *sink = argument;
    while (!sink->leave) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(sink->media, &readable);
        if (!sink->ended) {
            FD_SET(sink->control, &readable);
        }
        struct timeval turn = { .tv_usec = TURN_US };
        if (select(0, &readable, NULL, NULL, &turn) < 0) {
            fault("sink: select: error %d", WSAGetLastError());
            break;
        }
        if (FD_ISSET(sink->media, &readable)) {
            receive_media(sink);
        }
        if (FD_ISSET(sink->control, &readable)) {
            receive_control(sink);
        }
        sink_act(sink, InterlockedExchange(&sink->deed, DEED_NONE));
    }
    return 0;
}

bool sink_open(struct sink *sink, struct sink_manner manner, USHORT port)
{
    memset(sink, 0, sizeof *sink);
    sink->manner = manner;
    sink->control = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    sink->media = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in media = loopback(0), source = loopback(port);
    int size = sizeof media;
    bool open = bind(sink->media, (struct sockaddr *)&media, size) == 0 &&
                getsockname(sink->media, (struct sockaddr *)&media, &size) == 0 &&
                connect(sink->control, (struct sockaddr *)&source, sizeof source) == 0;
    sink->media_port = ntohs(media.sin_port);
    if (open) {
        sink->thread = CreateThread(NULL, 0, live, sink, 0, NULL);
    }
    return EXPECT(sink->thread != NULL, "sink: error %d", WSAGetLastError());
}

void sink_close(struct sink *sink)
{
    sink->leave = 1;
    if (sink->thread != NULL) {
        EXPECT(WaitForSingleObject(sink->thread, END_MS) == WAIT_OBJECT_0, "the sink hangs");
        CloseHandle(sink->thread);
    }
    closesocket(sink->control);
    closesocket(sink->media);
}

void sink_do(struct sink *sink, enum sink_deed deed)
{
    InterlockedExchange(&sink->deed, deed);
}
