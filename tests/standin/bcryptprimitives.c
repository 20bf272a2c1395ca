/* bcryptprimitives.dll for programs that link Rust's standard library, which takes its random
 * numbers from there. Wine 8 does not have this library of Windows. */

#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom in advapi32 */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return length <= MAXDWORD && SystemFunction036(buffer, (ULONG)length);
}
