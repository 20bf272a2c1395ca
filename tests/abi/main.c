/*
 * A host for miracast_umd.dll that is written in C, from the documented interface and not from the
 * driver's sources: where the two understand the interface differently, a check fails.
 *
 *     abi-host.exe DLL [--leak handle|thread] [NAME...]
 *     abi-host.exe DLL --hang
 *
 * Runs all checks, or those that are named, and prints a line for each. The exit code is 0 if none
 * failed. --leak has each load and unload cycle leave something behind, to show that it is seen.
 * --hang runs the one check after which the DLL cannot be unloaded, in place of all others.
 */
#include "checks.h"
#include "cycles.h"
#include "driver.h"
#include "verdict.h"

#include <stdio.h>
#include <string.h>

/* In this order: the contexts first, while no session runs beside them. */
static const struct check *const groups[] = {
    query_checks,   context_checks, message_checks, silence_checks,
    session_checks, media_checks,   end_checks,     cycle_checks,
};

static bool is_wanted(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count == 0;
}

/* How many checks failed; -1 if none has such a name. */
static int run(char **names, int count)
{
    int failed = 0, found = 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        for (const struct check *check = groups[i]; check->name != NULL; check++) {
            if (is_wanted(check->name, names, count)) {
                found++;
                failed += !verdict_of(check);
            }
        }
    }
    return found == 0 || found < count ? -1 : failed;
}

static char *path;

static void load(void)
{
    driver_load(&driver, path);
}
static void unload(void)
{
    driver_unload(&driver, path);
}

int main(int argc, char **argv)
{
    WSADATA winsock;
    char **names = argv + 2;
    int count = argc - 2;
    bool hang = count == 1 && strcmp(names[0], "--hang") == 0;
    if (count >= 2 && strcmp(names[0], "--leak") == 0) {
        if (!cycles_leak(names[1])) {
            count = -1;
        }
        names += 2;
        count -= 2;
    }
    if (count < 0 || WSAStartup(MAKEWORD(2, 2), &winsock) != 0) {
        fprintf(stderr, "usage: abi-host DLL [--hang | [--leak handle|thread] [NAME...]]\n");
        return 2;
    }
    path = argv[1];
    cycles_of(path);
    verdict_guard();
    if (!verdict_of(&(struct check){ "load", load })) {
        return 1;
    }
    if (hang) {
        return verdict_of(hang_checks) ? 0 : 1;
    }
    int failed = run(names, count);
    failed += failed >= 0 && !verdict_of(&(struct check){ "unload", unload });
    if (failed < 0) {
        fprintf(stderr, "no check has one of these names\n");
        return 2;
    }
    return failed == 0 ? 0 : 1;
}
