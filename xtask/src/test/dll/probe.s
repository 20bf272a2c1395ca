# A DLL with one of each fault that the checks look for.
        .text
        .globl  QueryMiracastDriverInterface
QueryMiracastDriverInterface:
        jmp     *__imp_HeapAlloc(%rip)

        .globl  SecondExport
SecondExport:
        ret

        .section .both,"xw"
        .byte   1

        # Statics that are not zero, larger than the whole driver may be.
        .data
        .fill   262144, 1, 1

        .ascii  "/built/by/somebody"

        # IMAGE_TLS_DIRECTORY64.
        .globl  _tls_used
        .section .rdata,"dr"
        .p2align 3
_tls_used:
        .fill   5, 8, 0
