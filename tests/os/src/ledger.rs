//! Whose an allocation is, and whose a thread: the driver's or the program's.
//!
//! Every thread is in one place at a time. It is inside the driver from the moment that an entry
//! point is called until that returns, except while the driver calls back. A thread that this crate
//! has never seen is the driver's own until it says otherwise: what it allocates is noted as
//! pending and counts as the driver's, and only [`outside`] strikes it out. So no allocation of the
//! driver can be missed, not even by a thread that calls nobody; a thread of the program that
//! forgets to call [`outside`] is counted wrongly, which is noticed. A thread that allocated before
//! the driver was ever called cannot be the driver's.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use core::time::Duration;
use std::alloc::System;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::inside::Presence;
use crate::process::ThreadIdentity;
use crate::sys::process::current_thread;

/// Threads of one process whose allocations can be pending; those of later threads count at once.
const PENDING_MAX: usize = 4096;

/// From the start of a thread to its call of [`outside`], on a machine that has much else to do.
const SETTLE: Duration = Duration::from_secs(1);

static DRIVER_WAS_CALLED: AtomicBool = AtomicBool::new(false);
static DRIVER: AtomicU64 = AtomicU64::new(0);
static PENDING: [AtomicU64; PENDING_MAX] = [const { AtomicU64::new(0) }; PENDING_MAX];
static THREADS: AtomicUsize = AtomicUsize::new(0);
static PROGRAM_THREADS: Mutex<Vec<ThreadIdentity>> = Mutex::new(Vec::new());
static ALONE: Mutex<()> = Mutex::new(());

thread_local! {
    // Neither cell has a destructor, so neither allocates, nor is ever gone while code runs.
    static PLACE: Cell<Place> = const { Cell::new(Place::Unknown) };
    static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Never seen.
    Unknown,
    /// In the program or in this crate.
    Outside,
    /// In the driver.
    Inside,
}

/// Counts the driver's allocations; put it in as `#[global_allocator]`. Memory is the system's.
#[derive(Debug)]
pub struct DriverCounting;

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for DriverCounting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) };
    }
}

/// Allocations of all drivers of this process up to now. It counts only in a program whose global
/// allocator is [`DriverCounting`]. While some are pending it gives threads of the program that have
/// just begun up to a second to say so.
pub fn driver_allocations() -> u64 {
    let deadline = Instant::now() + SETTLE;
    loop {
        // Read once: a thread that begins right after has nothing pending yet.
        let pending = pending();
        if pending == 0 || Instant::now() >= deadline {
            return DRIVER.load(Relaxed) + pending;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn pending() -> u64 {
    PENDING.iter().map(|count| count.load(Relaxed)).sum()
}

/// Says that the calling thread is the program's. What it allocated before is struck out.
pub fn outside() {
    if PLACE.get() != Place::Unknown {
        return;
    }
    PLACE.set(Place::Outside);
    if let Some(slot) = NUMBER.get().and_then(|number| PENDING.get(number)) {
        slot.store(0, Relaxed);
    }
    enrol();
}

/// Starts a thread of the program.
pub fn spawn<T, F>(body: F) -> JoinHandle<T>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    std::thread::spawn(move || {
        outside();
        body()
    })
}

/// Waits until no other test of this process holds it, and marks the thread as the program's.
/// Threads and handles are counted per process, so tests that count them take turns.
pub fn alone() -> MutexGuard<'static, ()> {
    outside();
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a thread has said that it is the program's.
pub(crate) fn is_program_thread(thread: ThreadIdentity) -> bool {
    program_threads().contains(&thread)
}

/// The way back over the line between program and driver, on drop.
#[derive(Debug)]
pub struct Crossing {
    back: Place,
    _presence: Presence,
}

/// The entry point `call` of the driver is about to be called.
#[must_use]
pub fn enter_driver(call: &'static str) -> Crossing {
    DRIVER_WAS_CALLED.store(true, Relaxed);
    outside();
    // First: it may allocate.
    let presence = Presence::new(call);
    Crossing {
        back: PLACE.replace(Place::Inside),
        _presence: presence,
    }
}

/// The driver has called back: `call`.
#[must_use]
pub fn enter_emulator(call: &'static str) -> Crossing {
    let back = match PLACE.replace(Place::Outside) {
        // A thread that was never seen and calls back is the driver's own.
        Place::Unknown => Place::Inside,
        known => known,
    };
    Crossing {
        back,
        _presence: Presence::new(call),
    }
}

impl Drop for Crossing {
    fn drop(&mut self) {
        PLACE.set(self.back);
    }
}

fn program_threads() -> MutexGuard<'static, Vec<ThreadIdentity>> {
    PROGRAM_THREADS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

fn enrol() {
    if let Some(thread) = current_thread() {
        program_threads().push(thread);
    }
}

/// One allocation on the calling thread. It must not allocate.
fn count() {
    match PLACE.get() {
        Place::Outside => {}
        Place::Inside => {
            DRIVER.fetch_add(1, Relaxed);
        }
        Place::Unknown if !DRIVER_WAS_CALLED.load(Relaxed) => PLACE.set(Place::Outside),
        Place::Unknown => {
            let number = NUMBER.get().unwrap_or_else(|| {
                let number = THREADS.fetch_add(1, Relaxed);
                NUMBER.set(Some(number));
                number
            });
            PENDING.get(number).unwrap_or(&DRIVER).fetch_add(1, Relaxed);
        }
    }
}
