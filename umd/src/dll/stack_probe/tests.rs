//! The probe on a stack whose pages open as Windows opens them: only the guard page, the one under
//! those that are open, may be touched next.

use core::arch::{asm, global_asm};
use core::ffi::{c_int, c_void};
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::Mutex;
use std::vec;

const PAGE: usize = 4096;
const PAGES: usize = 64;
/// The frame does not begin at a page.
const USED: usize = 264;
const SIGNAL_STACK: usize = 64 * 1024;

static STACK: AtomicUsize = AtomicUsize::new(0);
/// The number of the page that may be touched next; the highest has the highest number.
static GUARD: AtomicUsize = AtomicUsize::new(0);
static MISSED_GUARD: AtomicBool = AtomicBool::new(false);
/// There is one signal handler for all threads.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

type Probe = unsafe extern "C" fn();

unsafe extern "C" {
    #[link_name = "__chkstk"]
    fn chkstk();
    fn probe_of_every_second_page();
    fn probe_below_the_frame();
    fn probe_that_changes_rcx();
}

global_asm!(
    "probe_of_every_second_page:",
    "lea r11, [rsp + 8]",
    "mov r10, r11",
    "sub r10, rax",
    "2:",
    "sub r11, 0x2000",
    "test byte ptr [r11], 0",
    "cmp r11, r10",
    "ja 2b",
    "ret",
    "probe_below_the_frame:",
    "add rax, 0x1000",
    "call __chkstk",
    "sub rax, 0x1000",
    "ret",
    "probe_that_changes_rcx:",
    "xor ecx, ecx",
    "jmp __chkstk",
);

/// What one call did.
#[derive(Debug, Eq, PartialEq)]
struct Seen {
    missed_guard: bool,
    /// The lowest page that was opened.
    lowest: usize,
    registers_kept: bool,
}

/// What is right for a frame of `size` bytes.
fn right(size: usize) -> Seen {
    Seen {
        missed_guard: false,
        lowest: (PAGES * PAGE - USED - size) / PAGE,
        registers_kept: true,
    }
}

extern "C" fn open_page(_: c_int, info: *mut libc::siginfo_t, _: *mut c_void) {
    // SAFETY: the system passes the description of the fault.
    let info = unsafe { &*info };
    // SAFETY: the signal is SIGSEGV, which has an address.
    let address = unsafe { info.si_addr() }.addr();
    let page = address.wrapping_sub(STACK.load(SeqCst)) / PAGE;
    if page >= PAGES {
        // SAFETY: no condition; the fault of another place ends the test when it comes again.
        unsafe { libc::signal(libc::SIGSEGV, libc::SIG_DFL) };
        return;
    }
    if GUARD.swap(page.wrapping_sub(1), SeqCst) != page {
        MISSED_GUARD.store(true, SeqCst);
    }
    open(page);
}

fn open(page: usize) {
    let start = ptr::with_exposed_provenance_mut(STACK.load(SeqCst) + page * PAGE);
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the page is one of the mapping that `watch` has made.
    let result = unsafe { libc::mprotect(start, PAGE, access) };
    assert_eq!(result, 0);
}

/// Calls `probe` for a frame of `size` bytes on a stack of which only the highest page is open.
fn watch(probe: Probe, size: usize) -> Seen {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let (access, flags) = (libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping touches nothing that is there.
    let stack = unsafe { libc::mmap(ptr::null_mut(), PAGES * PAGE, access, flags, -1, 0) };
    assert_ne!(stack, libc::MAP_FAILED);
    STACK.store(stack.expose_provenance(), SeqCst);
    GUARD.store(PAGES - 2, SeqCst);
    MISSED_GUARD.store(false, SeqCst);
    open(PAGES - 1);
    let top = stack.addr() + PAGES * PAGE - USED;
    let registers_kept = with_handler(|| call(probe, size, top));
    // SAFETY: the mapping is the one of above, and nothing refers to it any more.
    let result = unsafe { libc::munmap(stack, PAGES * PAGE) };
    assert_eq!(result, 0);
    Seen {
        missed_guard: MISSED_GUARD.load(SeqCst),
        lowest: GUARD.load(SeqCst).wrapping_add(1),
        registers_kept,
    }
}

/// Runs `f` while faults go to [`open_page`], on a signal stack of its own.
fn with_handler(f: impl FnOnce() -> bool) -> bool {
    let mut memory = vec![0_u8; SIGNAL_STACK];
    let new_stack = libc::stack_t {
        ss_sp: memory.as_mut_ptr().cast(),
        ss_flags: 0,
        ss_size: memory.len(),
    };
    let mut old_stack = new_stack;
    // SAFETY: `memory` outlives the use as a signal stack, which ends below.
    let result = unsafe { libc::sigaltstack(&raw const new_stack, &raw mut old_stack) };
    assert_eq!(result, 0);
    // SAFETY: all zero is a valid `sigaction`.
    let mut action: libc::sigaction = unsafe { core::mem::zeroed() };
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = open_page;
    action.sa_sigaction = handler as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    let mut old_action = action;
    // SAFETY: the handler calls only what a signal handler may.
    let result = unsafe { libc::sigaction(libc::SIGSEGV, &raw const action, &raw mut old_action) };
    assert_eq!(result, 0);
    let kept = f();
    // SAFETY: this is the action that was there before.
    let result = unsafe { libc::sigaction(libc::SIGSEGV, &raw const old_action, ptr::null_mut()) };
    assert_eq!(result, 0);
    // SAFETY: this is the signal stack that was there before.
    let result = unsafe { libc::sigaltstack(&raw const old_stack, ptr::null_mut()) };
    assert_eq!(result, 0);
    kept
}

/// Calls `probe` as a function does that wants `size` bytes above which `top` is, and returns
/// whether all registers that it must keep are kept.
fn call(probe: Probe, size: usize, top: usize) -> bool {
    let before: [usize; 8] = [size, 1, 2, 3, 4, 5, 6, 7];
    let [
        mut rax,
        mut rcx,
        mut rdx,
        mut rsi,
        mut rdi,
        mut r8,
        mut r9,
        mut r15,
    ] = before;
    // SAFETY: the stack pointer comes back to where it was, and a probe only reads below `top`,
    // where nothing but the return address is.
    unsafe {
        asm!(
            "mov r12, rsp",
            "mov rsp, r13",
            "call r14",
            "mov rsp, r12",
            in("r13") top,
            in("r14") probe,
            inout("rax") rax, inout("rcx") rcx, inout("rdx") rdx, inout("rsi") rsi,
            inout("rdi") rdi, inout("r8") r8, inout("r9") r9, inout("r15") r15,
            out("r10") _, out("r11") _, out("r12") _,
        );
    }
    [rax, rcx, rdx, rsi, rdi, r8, r9, r15] == before
}

#[test]
fn each_page_of_the_frame_is_touched_in_order_and_nothing_below() {
    for size in [
        PAGE - 1,
        PAGE,
        PAGE + 1,
        8 * PAGE - USED,
        8 * PAGE,
        100 * 1024,
        200_000,
    ] {
        assert_eq!(watch(chkstk, size), right(size), "{size}");
    }
}

#[test]
fn a_probe_that_is_wrong_is_seen() {
    let size = 100 * 1024;
    assert!(watch(probe_of_every_second_page, size).missed_guard);
    assert!(watch(probe_below_the_frame, size).lowest < right(size).lowest);
    assert!(!watch(probe_that_changes_rcx, size).registers_kept);
}
