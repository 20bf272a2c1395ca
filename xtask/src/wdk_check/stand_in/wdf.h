/* A stand-in for the Windows Driver Kit's wdf.h: the names that the sources of wdk-sys spell out, and
 * nothing else. The driver is no WDF driver and uses none of them. */
#ifndef STAND_IN_WDF_H
#define STAND_IN_WDF_H

#include <windows.h>
#include <winternl.h>

typedef struct _WDF_DRIVER_GLOBALS { ULONG Driver; } WDF_DRIVER_GLOBALS, *PWDF_DRIVER_GLOBALS;
typedef struct _WDF_OBJECT_ATTRIBUTES { ULONG Size; } WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;
typedef VOID (*WDFFUNC)(VOID);
typedef enum _WDFFUNCENUM { WdfFunctionTableNumEntries = 1 } WDFFUNCENUM;

extern ULONG WdfFunctionCount;
extern PWDF_DRIVER_GLOBALS WdfDriverGlobals;
extern const WDFFUNC *WdfFunctions_02033;

#endif
