/* What was found, and the two ends that a check can come to without saying a word. */
#include "verdict.h"

#include "windows_headers.h"

#include <stdarg.h>
#include <stdio.h>

/* The slowest check, a thousand cycles, takes 20 s on a machine at rest. */
enum { HANG_MS = 300000 };

static CRITICAL_SECTION lock;
static const char *running = "start";
static char first_fault[256];
static volatile LONG checks_begun;

static _Noreturn void give_up(const char *why)
{
    printf("FAILED %s: %s\n", running, why);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 3);
    for (;;) {
    }
}

static LONG WINAPI crashed(EXCEPTION_POINTERS *exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    char text[400];
    snprintf(text, sizeof text, "exception %08lX at %p%s%s", record->ExceptionCode,
             record->ExceptionAddress, first_fault[0] ? ", after: " : "", first_fault);
    give_up(text);
}

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    for (LONG seen = -1; seen != checks_begun;) {
        seen = checks_begun;
        Sleep(HANG_MS);
    }
    give_up("did not end in time");
}

void verdict_guard(void)
{
    InitializeCriticalSection(&lock);
    SetUnhandledExceptionFilter(crashed);
    HANDLE watcher = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    if (watcher == NULL) {
        give_up("no thread");
    }
    CloseHandle(watcher);
}

void fault(const char *format, ...)
{
    EnterCriticalSection(&lock);
    if (first_fault[0] == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(first_fault, sizeof first_fault, format, arguments);
        va_end(arguments);
    }
    LeaveCriticalSection(&lock);
}

bool expect_status(unsigned got, unsigned wanted, const char *what)
{
    return EXPECT(got == wanted, "%s: status %08X, not %08X", what, got, wanted);
}

bool verdict_of(const struct check *check)
{
    running = check->name;
    first_fault[0] = 0;
    InterlockedIncrement(&checks_begun);
    check->run();
    bool passed = first_fault[0] == 0;
    if (passed) {
        printf("ok %s\n", check->name);
    } else {
        printf("FAILED %s: %s\n", check->name, first_fault);
    }
    fflush(stdout);
    return passed;
}
