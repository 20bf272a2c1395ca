/* QueryMiracastDriverInterface: what it takes, what it writes, and where (DDI-2, DDI-5 to DDI-7).
 */
#include "checks.h"
#include "driver.h"
#include "verdict.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

enum { GUARD = 0xA5, ROOM = 256, TABLE = sizeof(MIRACAST_DRIVER_INTERFACE) };

/* Whether every byte from `begin` on is still the guard. */
static bool untouched(const uint8_t *buffer, size_t begin)
{
    for (size_t i = begin; i < ROOM; i++) {
        if (buffer[i] != GUARD) {
            return false;
        }
    }
    return true;
}

static NTSTATUS query_into(uint8_t *buffer, UINT version, UINT size)
{
    memset(buffer, GUARD, ROOM);
    return driver.query(version, size, buffer);
}

static void refused(UINT version, UINT size, NTSTATUS wanted)
{
    uint8_t buffer[ROOM];
    NTSTATUS status = query_into(buffer, version, size);
    EXPECT((unsigned)status == (unsigned)wanted, "version %u, %u bytes: status %08X, not %08X",
           version, size, (unsigned)status, (unsigned)wanted);
    EXPECT(untouched(buffer, 0), "version %u, %u bytes: refused, but the table was written",
           version, size);
}

static void versions(void)
{
    const UINT unknown[] = { 0, 2, 0x100, 0x10000, INT_MAX, UINT_MAX };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        refused(unknown[i], TABLE, STATUS_NOT_SUPPORTED);
        refused(unknown[i], 0, STATUS_NOT_SUPPORTED);
    }
}

static void sizes(void)
{
    for (UINT size = 0; size < TABLE; size++) {
        refused(MIRACAST_DRIVER_INTERFACE_VERSION_1, size, STATUS_BUFFER_TOO_SMALL);
    }
}

static void null_table(void)
{
    const UINT size[] = { 0, TABLE, ROOM };
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        NTSTATUS status = driver.query(MIRACAST_DRIVER_INTERFACE_VERSION_1, size[i], NULL);
        EXPECT_STATUS(status, STATUS_INVALID_PARAMETER, "no table");
    }
}

static void is_code(const char *name, void *address)
{
    EXPECT(driver_has_code_at(&driver, address), "%s is %p, no code of the module", name, address);
}

/* Through memory, because C has no conversion of a pointer to a function. */
#define IS_CODE(table, member)                                                                     \
    do {                                                                                           \
        void *address;                                                                             \
        memcpy(&address, &(table).member, sizeof address);                                         \
        is_code(#member, address);                                                                 \
    } while (false)

static void filled(uint8_t *buffer, UINT size)
{
    NTSTATUS status = query_into(buffer, MIRACAST_DRIVER_INTERFACE_VERSION_1, size);
    EXPECT_STATUS(status, STATUS_SUCCESS, "a table that fits");
    MIRACAST_DRIVER_INTERFACE table;
    memcpy(&table, buffer, sizeof table);
    EXPECT(table.Size == TABLE, "Size is %u, not %u", table.Size, (unsigned)TABLE);
    EXPECT(untouched(buffer, TABLE), "%u bytes: written beyond the table", size);
    IS_CODE(table, CreateMiracastContext);
    IS_CODE(table, DestroyMiracastContext);
    IS_CODE(table, StartMiracastSession);
    IS_CODE(table, StopMiracastSession);
    IS_CODE(table, HandleKernelModeMessage);
}

static void table(void)
{
    uint8_t buffer[ROOM + 1];
    filled(buffer, TABLE);
    filled(buffer, TABLE + 1);
    filled(buffer, ROOM);
    /* Windows' structure is aligned; nothing says that the driver may rely on it. */
    filled(buffer + 1, TABLE);
}

const struct check query_checks[] = {
    { "query-versions", versions }, { "query-sizes", sizes }, { "query-null", null_table },
    { "query-table", table },       { NULL, NULL },
};
