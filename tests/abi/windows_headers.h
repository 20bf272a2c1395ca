/*
 * The headers of Windows in the one order that works, and the NTSTATUS values: those of ntstatus.h
 * of the compiler's own Windows headers, which know nothing of this project.
 */
#ifndef ABI_WINDOWS_HEADERS_H
#define ABI_WINDOWS_HEADERS_H

#define WIN32_LEAN_AND_MEAN
/* Else windows.h defines some of the NTSTATUS values and ntstatus.h defines them again. */
#define WIN32_NO_STATUS
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#undef WIN32_NO_STATUS
#include <winternl.h>

#include <ntstatus.h>

/* Newer than mingw's ntstatus.h. */
#ifndef STATUS_DEVICE_INSUFFICIENT_RESOURCES
#define STATUS_DEVICE_INSUFFICIENT_RESOURCES ((NTSTATUS)0xC0000468)
#endif

#endif
