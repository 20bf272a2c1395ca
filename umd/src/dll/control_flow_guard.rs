//! Control flow guard: the load configuration, in which Windows finds the tables of what may be
//! called through a pointer, and the two function pointers that it sets.
//!
//! The compiler lets each call through a pointer go by one of the two, the linker makes the tables
//! and defines the `__guard_*` symbols. In a process without the guard the pointers stay what they
//! are here, and nothing is checked.

use core::arch::global_asm;

// On arm64 a function checks the address in x15 and returns, and the caller calls; it may change no
// argument. On x64 there is a second, which jumps to the address in rax by itself.
global_asm!(
    ".p2align 4",
    "check_nothing:",
    "ret",
    // Windows writes here while it loads the DLL; otherwise the section is read-only.
    ".section .00cfg, \"dr\"",
    ".p2align 3",
    ".globl __guard_check_icall_fptr",
    "__guard_check_icall_fptr: .quad check_nothing",
    ".text",
);

#[cfg(target_arch = "x86_64")]
global_asm!(
    ".p2align 4",
    "jump:",
    "jmp rax",
    ".section .00cfg, \"dr\"",
    ".globl __guard_dispatch_icall_fptr",
    "__guard_dispatch_icall_fptr: .quad jump",
    ".text",
);

#[cfg(target_arch = "aarch64")]
global_asm!(".set __guard_dispatch_icall_fptr, 0");

// IMAGE_LOAD_CONFIG_DIRECTORY64 of winnt.h, up to the last field that the linker checks. No cookie:
// Rust has no buffer checks that would compare it.
global_asm!(
    ".section .rdata, \"dr\"",
    ".p2align 3",
    ".globl _load_config_used",
    "_load_config_used:",
    ".long 0x118",                       // Size
    ".zero 0x6c",                        // up to SEHandlerCount: nothing of it is used
    ".quad __guard_check_icall_fptr",    // GuardCFCheckFunctionPointer
    ".quad __guard_dispatch_icall_fptr", // GuardCFDispatchFunctionPointer
    ".quad __guard_fids_table",          // GuardCFFunctionTable
    ".quad __guard_fids_count",          // GuardCFFunctionCount
    ".long __guard_flags",               // GuardFlags
    ".zero 12",                          // CodeIntegrity
    ".quad __guard_iat_table",           // GuardAddressTakenIatEntryTable
    ".quad __guard_iat_count",           // GuardAddressTakenIatEntryCount
    ".quad __guard_longjmp_table",       // GuardLongJumpTargetTable
    ".quad __guard_longjmp_count",       // GuardLongJumpTargetCount
    ".zero 0x48",                        // up to VolatileMetadataPointer: as above
    ".quad __guard_eh_cont_table",       // GuardEHContinuationTable
    ".quad __guard_eh_cont_count",       // GuardEHContinuationCount
    ".text",
);
