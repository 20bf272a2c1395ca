/* Setting a session up, and taking it down. */
#include "stage.h"

#include "verdict.h"

static SOCKET listen_on(USHORT *port)
{
    SOCKET listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = { .sin_family = AF_INET };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    bool listens = bind(listener, (struct sockaddr *)&address, size) == 0 &&
                   listen(listener, 1) == 0 &&
                   getsockname(listener, (struct sockaddr *)&address, &size) == 0;
    EXPECT(listens, "listen: error %d", WSAGetLastError());
    *port = ntohs(address.sin_port);
    return listener;
}

bool stage_open(struct stage *stage, struct sink_manner manner)
{
    USHORT port = 0;
    SOCKET listener = listen_on(&port);
    bool open = sink_open(&stage->sink, manner, port);
    stage->rtsp = open ? accept(listener, NULL, NULL) : INVALID_SOCKET;
    closesocket(listener);
    device_open(&stage->device);
    return EXPECT_STATUS(device_create(&stage->device), STATUS_SUCCESS, "Create") && open;
}

NTSTATUS stage_start(struct stage *stage, UINT64 bit_rate, MIRACAST_SESSION_INFO *info)
{
    return device_start(&stage->device, stage->rtsp, bit_rate, info);
}

bool stage_play(struct stage *stage)
{
    MIRACAST_SESSION_INFO info = { .Value = 0 };
    if (!EXPECT_STATUS(stage_start(stage, FAST, &info), STATUS_SUCCESS, "Start")) {
        return false;
    }
    EVENTUALLY(stage->device.events[MIRACAST_PROTOCOL_EVENT_MONITOR_ARRIVE] == 1,
               "the arrival of the monitor is not reported");
    EXPECT_STATUS(
        device_message(&stage->device, miniport_mode_set(&stage->device.miniport, 1280, 720, 30)),
        STATUS_SUCCESS, "MODE_SET");
    EVENTUALLY(stage->sink.playing, "the sink does not get to play");
    return stage->sink.playing != 0;
}

void stage_close(struct stage *stage)
{
    struct sockaddr_in peer;
    int size = sizeof peer;
    EXPECT(getpeername(stage->rtsp, (struct sockaddr *)&peer, &size) == 0,
           "the driver has closed the RTSP socket: error %d", WSAGetLastError());
    closesocket(stage->rtsp);
    sink_close(&stage->sink);
    device_close(&stage->device);
}
