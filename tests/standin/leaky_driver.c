/* A driver that leaves what no driver may leave, for the tests of those who count.
 *
 * It passes everything on to the driver whose path is in MIRACAST_DRIVER. Beside that it starts a
 * thread that never ends, makes an event that it never closes, and pins itself, so that it cannot
 * be unloaded: one of each, when it is asked for its interface as Windows does.
 */

#include <windows.h>

typedef LONG(WINAPI *QueryFunction)(UINT version, UINT size, void *driver_interface);

static DWORD WINAPI forever(void *unused)
{
    (void)unused;
    Sleep(INFINITE);
    return 0;
}

static void leak(void)
{
    HMODULE pinned;
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                       (const char *)leak, &pinned);
    CreateEventA(NULL, TRUE, FALSE, NULL);
    CloseHandle(CreateThread(NULL, 0, forever, NULL, 0, NULL));
}

__declspec(dllexport) LONG WINAPI QueryMiracastDriverInterface(UINT version, UINT size,
                                                               void *driver_interface)
{
    char path[MAX_PATH];
    QueryFunction query;
    LONG status;

    if (!GetEnvironmentVariableA("MIRACAST_DRIVER", path, sizeof path))
        return (LONG)0xC0000001; /* STATUS_UNSUCCESSFUL */
    query = (QueryFunction)(void *)GetProcAddress(LoadLibraryA(path),
                                                  "QueryMiracastDriverInterface");
    if (!query)
        return (LONG)0xC0000001;
    status = query(version, size, driver_interface);
    if (status >= 0)
        leak();
    return status;
}
