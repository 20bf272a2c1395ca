/* Loading, unloading, and where the module's code is. */
#include "driver.h"

#include "verdict.h"

#include <stdint.h>
#include <string.h>

struct driver driver;

bool driver_load(struct driver *driver, const char *path)
{
    memset(driver, 0, sizeof *driver);
    driver->module = LoadLibraryA(path);
    if (!EXPECT(driver->module != NULL, "LoadLibrary %s: error %lu", path, GetLastError())) {
        return false;
    }
    FARPROC found = GetProcAddress(driver->module, "QueryMiracastDriverInterface");
    if (!EXPECT(found != NULL, "no export QueryMiracastDriverInterface")) {
        return false;
    }
    memcpy(&driver->query, &found, sizeof found);
    NTSTATUS status =
        driver->query(MIRACAST_DRIVER_INTERFACE_VERSION_1, sizeof driver->table, &driver->table);
    return EXPECT_STATUS(status, STATUS_SUCCESS, "QueryMiracastDriverInterface");
}

bool driver_unload(struct driver *driver, const char *path)
{
    FreeLibrary(driver->module);
    return EXPECT(!driver_is_there(path), "the module is still there after FreeLibrary");
}

bool driver_is_there(const char *path)
{
    const char *name = strrchr(path, '\\');
    return GetModuleHandleA(name == NULL ? path : name + 1) != NULL;
}

bool driver_has_code_at(const struct driver *driver, const void *address)
{
    const uint8_t *base = (const uint8_t *)driver->module;
    const IMAGE_DOS_HEADER *dos = (const void *)base;
    const IMAGE_NT_HEADERS *headers = (const void *)(base + dos->e_lfanew);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(headers);
    uintptr_t offset = (uintptr_t)address - (uintptr_t)base;
    for (unsigned i = 0; i < headers->FileHeader.NumberOfSections; i++) {
        bool inside = offset >= section[i].VirtualAddress &&
                      offset - section[i].VirtualAddress < section[i].Misc.VirtualSize;
        if (inside) {
            return (section[i].Characteristics & IMAGE_SCN_MEM_EXECUTE) != 0;
        }
    }
    return false;
}
