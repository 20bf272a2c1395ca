/* The Windows functions that the build scripts of the kit's crates refer to, for linking them where
 * there is no Windows. Those that look for the kit in the registry find nothing there; the others are
 * never called. */
#include <stdlib.h>

enum { ERROR_SUCCESS = 0, ERROR_FILE_NOT_FOUND = 2 };

int RegOpenKeyExA(void) { return ERROR_FILE_NOT_FOUND; }
int RegGetValueA(void) { return ERROR_FILE_NOT_FOUND; }
int RegCloseKey(void) { return ERROR_SUCCESS; }

#define NEVER(name) void name(void) { abort(); }
NEVER(CoCreateInstance)
NEVER(FormatMessageW)
NEVER(FreeLibrary)
NEVER(GetErrorInfo)
NEVER(GetLastError)
NEVER(GetProcAddress)
NEVER(GetProcessHeap)
NEVER(HeapAlloc)
NEVER(HeapFree)
NEVER(LoadLibraryExA)
NEVER(RoOriginateErrorW)
NEVER(SetErrorInfo)
NEVER(SysFreeString)
NEVER(SysStringLen)
