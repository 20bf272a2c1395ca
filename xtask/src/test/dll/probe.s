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

# IMAGE_LOAD_CONFIG_DIRECTORY64, as if calls were guarded: by a function that is none, and that
# nobody asks. The size is what Windows reads.
        .globl  _load_config_used
        .p2align 3
_load_config_used:
        .long   0x98
        .fill   0x6c, 1, 0
        .quad   no_code, no_code
        .quad   0, 0
        .long   0
        .long   0
no_code:
        .quad   no_code
