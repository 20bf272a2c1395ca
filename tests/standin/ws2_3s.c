/* Stands in for ws2_32.dll where that has no UDP_SEND_MSG_SIZE, as in Wine: accepts the option, cuts a
 * send as Windows does, and fails it where a test asks for that. Everything else goes to ws2_32.dll
 * (ws2_3s.def). A test talks to it through options of a level that no system has. One thread only. */

#include <winsock2.h>

#define UDP_SEND_MSG_SIZE 2
#define SOCKETS_MAX 64

enum { STANDIN = 0x5354 };
enum {
    FAIL_WITH = 1,   /* the error of the sends that fail */
    FAIL_AFTER = 2,  /* sends of several datagrams that still succeed */
    FAIL_TIMES = 3,  /* sends of several datagrams that fail then */
    FAIL_SINGLE = 4, /* whether sends of one datagram fail too */
    CALLS_ARE = 5,   /* succeeds if so many calls have sent several datagrams; counts from 0 again */
};

static struct {
    SOCKET socket;
    DWORD segment;
} segments[SOCKETS_MAX];
static DWORD fail_with, fail_after, fail_times, fail_single, calls;

static DWORD *segment_of(SOCKET socket, BOOL insert)
{
    for (int i = 0; i < SOCKETS_MAX; i++) {
        if (insert && !segments[i].socket)
            segments[i].socket = socket;
        if (segments[i].socket == socket)
            return &segments[i].segment;
    }
    return NULL;
}

static int failed(int error)
{
    WSASetLastError(error);
    return SOCKET_ERROR;
}

static int told(int option, DWORD value)
{
    BOOL agreed = calls == value;

    switch (option) {
    case FAIL_WITH: fail_with = value; return 0;
    case FAIL_AFTER: fail_after = value; return 0;
    case FAIL_TIMES: fail_times = value; return 0;
    case FAIL_SINGLE: fail_single = value; return 0;
    case CALLS_ARE: calls = 0; return agreed ? 0 : failed(WSAEINVAL);
    default: return failed(WSAENOPROTOOPT);
    }
}

int WSAAPI standin_setsockopt(SOCKET socket, int level, int option, const char *value, int length)
{
    if (length != sizeof(DWORD) || (level != STANDIN && level != IPPROTO_UDP))
        return setsockopt(socket, level, option, value, length);
    DWORD number = *(const DWORD *)value;
    if (level == STANDIN)
        return told(option, number);
    if (option != UDP_SEND_MSG_SIZE)
        return setsockopt(socket, level, option, value, length);
    DWORD *segment = segment_of(socket, TRUE);
    if (!segment)
        return failed(WSAENOBUFS);
    *segment = number;
    return 0;
}

int WSAAPI standin_send(SOCKET socket, const char *bytes, int length, int flags)
{
    DWORD *segment = segment_of(socket, FALSE);
    BOOL several = segment && *segment && (DWORD)length > *segment;

    if ((several || fail_single) && fail_times) {
        if (!fail_after) {
            fail_times--;
            return failed(fail_with);
        }
        fail_after--;
    }
    if (!several)
        return send(socket, bytes, length, flags);
    calls++;
    for (int sent = 0; sent < length; sent += *segment) {
        int left = length - sent;
        int size = left < (int)*segment ? left : (int)*segment;
        if (send(socket, bytes + sent, size, flags) != size)
            return SOCKET_ERROR;
    }
    return length;
}

int WSAAPI standin_closesocket(SOCKET socket)
{
    DWORD *segment = segment_of(socket, FALSE);
    if (segment)
        *segment = 0; /* the next socket with this number is another one */
    return closesocket(socket);
}
