/* Counting handles and threads by asking the system for all there are. */
#include "handles.h"

#include "verdict.h"
#include "windows_headers.h"

#include <tlhelp32.h>

#include <stdint.h>
#include <stdlib.h>

/* SystemExtendedHandleInformation and its answer; not in mingw's headers. */
enum { EXTENDED_HANDLES = 64 };

struct handle_entry {
    void *object;
    ULONG_PTR process;
    ULONG_PTR value;
    ULONG access;
    USHORT creator, type;
    ULONG attributes, reserved;
};

struct handle_list {
    ULONG_PTR count, reserved;
    struct handle_entry entry[];
};

unsigned handles_open(void)
{
    NTSTATUS status = STATUS_INFO_LENGTH_MISMATCH;
    struct handle_list *list = NULL;
    for (ULONG size = 1 << 18; status == STATUS_INFO_LENGTH_MISMATCH && size <= 1 << 26;
         size *= 4) {
        free(list);
        list = malloc(size);
        if (list == NULL) {
            break;
        }
        status =
            NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)EXTENDED_HANDLES, list, size, NULL);
    }
    unsigned mine = 0;
    if (EXPECT(status == STATUS_SUCCESS && list != NULL, "handles: status %08X",
               (unsigned)status)) {
        for (ULONG_PTR i = 0; i < list->count; i++) {
            mine += list->entry[i].process == GetCurrentProcessId();
        }
        EXPECT(mine != 0, "no handle of this process is listed");
    }
    free(list);
    return mine;
}

unsigned threads_running(void)
{
    unsigned mine = 0;
    THREADENTRY32 entry = { .dwSize = sizeof entry };
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
        mine += entry.th32OwnerProcessID == GetCurrentProcessId();
    }
    CloseHandle(snapshot);
    EXPECT(mine != 0, "no thread of this process is listed");
    return mine;
}
