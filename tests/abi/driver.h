/* The DLL as Windows sees it: a module with one export and, behind that, a table of functions. */
#ifndef ABI_DRIVER_H
#define ABI_DRIVER_H

#include "netdispumdddi.h"

#include <stdbool.h>

struct driver {
    HMODULE module;
    QUERY_MIRACAST_DRIVER_INTERFACE query;
    MIRACAST_DRIVER_INTERFACE table;
};

/* The driver of all checks but those that load it themselves. */
extern struct driver driver;

/* Loads the DLL and fills the table. False, with a fault noted, if that does not work. */
bool driver_load(struct driver *driver, const char *path);

/* Unloads it. False if it is still there: somebody has pinned it. */
bool driver_unload(struct driver *driver, const char *path);

/* Whether the module is in the process. */
bool driver_is_there(const char *path);

/* Whether an address is executable code of the module. */
bool driver_has_code_at(const struct driver *driver, const void *address);

#endif
