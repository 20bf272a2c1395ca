//! What a DLL without the C runtime must bring itself: the panic handler, the symbols that the
//! compiler refers to, and the tables that Windows looks for in it.
//!
//! Only the build of the DLL has this module (feature `dll`): programs that link `std` have all of
//! it already.
//!
//! What is not here: a `DllMain`. Nothing is to be done under the loader lock: statics are built by
//! the compiler, there is no thread-local storage, and threads and sockets begin and end with
//! contexts. `DisableThreadLibraryCalls` would only spare calls that an image without an entry
//! function never gets.

use core::arch::asm;
use core::panic::PanicInfo;

mod control_flow_guard;
mod stack_probe;

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
// Not a `static`: each `no_mangle` symbol becomes an export of the DLL. wdk-sys has one of its own.
#[cfg(not(feature = "wdk"))]
core::arch::global_asm!(".globl _fltused", ".set _fltused, 1");
