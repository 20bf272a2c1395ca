/* What the checks of loading and unloading must know: where the DLL is, and what to leak. */
#ifndef ABI_CYCLES_H
#define ABI_CYCLES_H

#include <stdbool.h>

void cycles_of(const char *path);
const char *cycles_path(void);

/* Leaks `what`, "handle" or "thread", in each cycle. False if it is neither. */
bool cycles_leak(const char *what);

#endif
