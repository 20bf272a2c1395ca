/*
 * How a check says what it found: one line each, "ok NAME" or "FAILED NAME: what is wrong". The
 * first fault of a check is its message; a check that crashes or hangs is FAILED too.
 */
#ifndef ABI_VERDICT_H
#define ABI_VERDICT_H

#include <stdbool.h>

struct check {
    const char *name;
    void (*run)(void);
};

/* Notes a fault of the check that runs, on any thread. */
void fault(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

/* Notes a fault unless `condition` holds; is `condition`. */
#define EXPECT(condition, ...) ((condition) ? true : (fault(__VA_ARGS__), false))

/* As EXPECT, and leaves the function if it does not hold. */
#define REQUIRE(condition, ...)                                                                    \
    do {                                                                                           \
        if (!EXPECT(condition, __VA_ARGS__)) {                                                     \
            return;                                                                                \
        }                                                                                          \
    } while (false)

/* Expects that `got` is the NTSTATUS `wanted`. */
#define EXPECT_STATUS(got, wanted, what) expect_status((unsigned)(got), (unsigned)(wanted), what)
bool expect_status(unsigned got, unsigned wanted, const char *what);

/* From here on a crash or a hang ends the program with a line that says so. */
void verdict_guard(void);

/* Runs one check and prints its line. True if it found nothing wrong. */
bool verdict_of(const struct check *check);

#endif
