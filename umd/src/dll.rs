//! What a DLL without the C runtime must bring itself: the panic handler and the symbols that the
//! compiler refers to.
//!
//! Only the build of the DLL has this module (feature `dll`): programs that link `std` have all of
//! it already.

use core::arch::{asm, global_asm};
use core::panic::PanicInfo;

/// `FAST_FAIL_FATAL_APP_EXIT` of winnt.h.
const FATAL_APP_EXIT: u32 = 7;

/// Ends the process at once, with the stack as it is for the debugger and for Windows Error
/// Reporting. Going on is no choice: a state that its own code calls impossible would reach the
/// kernel. The driver host is restarted by Windows.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: interrupt 0x29 is `__fastfail`, which takes its code in ecx and does not return.
    unsafe {
        asm!("int 0x29", in("ecx") FATAL_APP_EXIT, options(noreturn, nostack))
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: this break point is `__fastfail`, which takes its code in w0 and does not return.
    unsafe {
        asm!("brk #0xf003", in("w0") FATAL_APP_EXIT, options(noreturn, nostack))
    }
}

// The compiler refers to `_fltused` in each object with floating point. Its address is never used.
// Not a `static`: each `no_mangle` symbol becomes an export of the DLL.
global_asm!(".globl _fltused", ".set _fltused, 1");

// Touches the pages of a frame that is larger than one, from the top down, so that the guard page
// under the stack is met. In: the size in rax. Only r10, r11 and the flags may change.
#[cfg(target_arch = "x86_64")]
global_asm!(
    ".globl __chkstk",
    "__chkstk:",
    // The frame begins above our return address. It ends at 0 if it is larger than what is there.
    "lea r10, [rsp + 8]",
    "mov r11, r10",
    "sub r10, rax",
    "jae 2f",
    "xor r10d, r10d",
    "2:",
    "sub r11, 0x1000",
    "test byte ptr [r11], 0",
    "cmp r11, r10",
    "ja 2b",
    "ret",
);

// As above. In: a sixteenth of the size in x15. Only x16, x17 and the flags may change.
#[cfg(target_arch = "aarch64")]
global_asm!(
    ".globl __chkstk",
    "__chkstk:",
    "lsl x16, x15, #4",
    "mov x17, sp",
    "2:",
    "sub x17, x17, #0x1000",
    "subs x16, x16, #0x1000",
    "ldr xzr, [x17]",
    "b.gt 2b",
    "ret",
);
