//! `__chkstk`: the compiler calls it before it moves the stack pointer by a page or more.
//!
//! Windows commits a thread's stack page by page, as the one guard page under it is touched. A
//! frame that steps over the guard page would end the process, so each page of the frame is read
//! once, from the top down, and nothing below the frame. Neither version has unwind information:
//! both are leaf functions, which need none.

use core::arch::global_asm;

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests;

// In: the size of the frame in rax. Only r10, r11 and the flags may change.
#[cfg(target_arch = "x86_64")]
global_asm!(
    ".globl __chkstk",
    ".p2align 4",
    "__chkstk:",
    // r10 is the end of the frame, which begins above our return address. It is 0 if the frame is
    // larger than what is there: the loop then ends at the end of the stack, as it must.
    "lea r11, [rsp + 8]",
    "mov r10, r11",
    "sub r10, rax",
    "jae 2f",
    "xor r10d, r10d",
    "2:",
    "sub r11, 0x1000",
    "cmp r11, r10",
    "jbe 3f",
    "test byte ptr [r11], 0",
    "jmp 2b",
    "3:",
    "test byte ptr [r10], 0",
    "ret",
);

// In: a sixteenth of the size of the frame in x15. Only x16, x17 and the flags may change.
#[cfg(target_arch = "aarch64")]
global_asm!(
    ".globl __chkstk",
    ".p2align 4",
    "__chkstk:",
    // x16 is the end of the frame; as above, not below 0.
    "mov x17, sp",
    "subs x16, x17, x15, lsl #4",
    "csel x16, x16, xzr, hs",
    "2:",
    "sub x17, x17, #0x1000",
    "cmp x17, x16",
    "b.ls 3f",
    "ldr xzr, [x17]",
    "b 2b",
    "3:",
    "ldr xzr, [x16]",
    "ret",
);
