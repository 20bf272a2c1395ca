//! A driver that keeps every rule: the shape that the contract asks for, and nothing in it.

use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use miracast_os::NtStatus;
use miracast_os::abi::{INFINITE, MIRACAST_DATARATE_STATS, MIRACAST_SESSION_INFO};
use miracast_umd::os::{Event, Thread};

use crate::fake::{Fake, Os, records};

/// See the module.
pub(crate) struct Good;

/// What the driver holds for a session.
static STOP: Mutex<Option<Event>> = Mutex::new(None);
static WORKER: Mutex<Option<Thread>> = Mutex::new(None);

/// Data-rate notices, and those with NULL.
pub(crate) static NOTICES: AtomicUsize = AtomicUsize::new(0);
pub(crate) static LAST_NOTICES: AtomicUsize = AtomicUsize::new(0);

impl Fake for Good {
    fn create(_os: Os) -> NtStatus {
        *lock(&STOP) = Event::new().ok();
        NtStatus::SUCCESS
    }

    fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
        let registered = os.register::<Self>(true);
        let (asked, _) = os.io_control(b"start", &mut [0; 8]);
        if let Some(stop) = &*lock(&STOP) {
            stop.clear();
        }
        let worker = Thread::spawn(work, os.handle);
        let failed = worker.is_err() || !registered.is_success() || !asked.is_success();
        *lock(&WORKER) = worker.ok();
        let status = if failed {
            NtStatus::UNSUCCESSFUL
        } else {
            NtStatus::SUCCESS
        };
        (status, MIRACAST_SESSION_INFO::MONITOR_CONNECTED)
    }

    fn stop(os: Os) {
        os.register::<Self>(false);
        if let Some(stop) = &*lock(&STOP) {
            stop.set();
        }
        let worker = lock(&WORKER).take();
        if let Some(Err(_)) = worker.map(|worker| worker.join(Duration::from_secs(2))) {
            os.report(0);
        }
    }

    fn destroy(_os: Os) {
        *lock(&STOP) = None;
    }

    fn message(_os: Os, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let length = input.len().min(output.len());
        output[..length].copy_from_slice(&input[..length]);
        (NtStatus::SUCCESS, length)
    }

    fn notice(_os: Os, stats: Option<MIRACAST_DATARATE_STATS>) {
        if stats.is_none() {
            LAST_NOTICES.fetch_add(1, SeqCst);
        }
        NOTICES.fetch_add(1, SeqCst);
    }
}

/// The worker: chunks are reported as sent, lost ones ask for an IDR.
fn work(handle: usize) {
    let os = Os { handle };
    let Some(stop) = lock(&STOP).as_ref().map(Event::raw) else {
        return;
    };
    let mut buffer = [0; 512];
    // The monitor is reported by the worker: the request waits until Start is over.
    os.io_control(b"arrive", &mut [0; 8]);
    loop {
        match os.next_chunk(INFINITE, &[stop], &mut buffer) {
            (NtStatus::SUCCESS, 0) | (NtStatus::INSTANCE_NOT_AVAILABLE, _) => return,
            (NtStatus::SUCCESS, length) => {
                for (frame, part, _) in records(&buffer[..length]) {
                    os.sent(frame, part);
                }
            }
            (NtStatus::CONNECTION_RESET, _) => {
                os.io_control(b"idr", &mut [0; 8]);
            }
            _ => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
