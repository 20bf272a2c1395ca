//! Every allocation of a driver is seen, whichever thread makes it, and none of the emulator's.

use core::hint::black_box;
use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use crate::fake::{Bench, Fake, Os};
use crate::good;
use miracast_os::{NtStatus, ledger};
use miracast_umd::os::Thread;

const SOON: Duration = Duration::from_secs(10);

fn allocate(count: usize) {
    for size in 1..=count {
        drop(black_box(vec![0_u8; size]));
    }
}

/// Allocates twice in each entry point.
struct Wasteful;

impl Fake for Wasteful {
    fn create(_os: Os) -> NtStatus {
        allocate(2);
        NtStatus::SUCCESS
    }

    fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
        allocate(1);
        os.io_control(b"request", &mut [0; 8]);
        allocate(1);
        (NtStatus::SUCCESS, 0)
    }

    fn stop(_os: Os) {
        allocate(2);
    }

    fn destroy(_os: Os) {
        allocate(2);
    }

    fn message(_os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
        allocate(2);
        (NtStatus::SUCCESS, 0)
    }
}

/// Has a thread that never calls back, and one that does.
struct Threads;

/// The one that calls back: its request waits for the end of Start.
static LOUD: Mutex<Option<Thread>> = Mutex::new(None);

impl Fake for Threads {
    fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
        let silent = Thread::spawn(|_| allocate(3), 0);
        let loud = Thread::spawn(
            |handle| {
                allocate(1);
                Os { handle }.io_control(b"request", &mut [0; 8]);
                allocate(4);
            },
            os.handle,
        );
        let ended = silent.is_ok_and(|thread| thread.join(SOON).is_ok());
        let status = if ended && loud.is_ok() {
            NtStatus::SUCCESS
        } else {
            NtStatus::UNSUCCESSFUL
        };
        *LOUD.lock().unwrap_or_else(PoisonError::into_inner) = loud.ok();
        (status, 0)
    }

    fn stop(_os: Os) {
        let loud = LOUD.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ended = loud.expect("started").join(SOON);
        assert!(
            ended.is_ok(),
            "the thread ends once it was answered or refused"
        );
    }
}

#[test]
fn a_good_driver_allocates_nothing() {
    let _alone = ledger::alone();
    let before = ledger::driver_allocations();
    let bench = Bench::new::<good::Good>();
    let _sink = bench.start().expect("a session");
    let dxgk = bench.miniport.dxgk();
    dxgk.call(b"message", 16, SOON).expect("handled");
    ledger::spawn(|| allocate(100)).join().expect("no panic");
    bench.device.destroy();
    assert_eq!(bench.broken(), [""; 0]);
    assert_eq!(ledger::driver_allocations() - before, 0);
}

#[test]
fn allocations_in_every_entry_point_are_counted() {
    let _alone = ledger::alone();
    let before = ledger::driver_allocations();
    let bench = Bench::new::<Wasteful>();
    let _sink = bench.start().expect("a session");
    bench
        .miniport
        .dxgk()
        .call(b"message", 16, SOON)
        .expect("handled");
    allocate(100);
    bench.device.destroy();
    assert_eq!(ledger::driver_allocations() - before, 5 * 2);
}

#[test]
fn allocations_of_the_drivers_own_threads_are_counted() {
    let _alone = ledger::alone();
    let before = ledger::driver_allocations();
    let bench = Bench::new::<Threads>();
    let _sink = bench.start().expect("a session");
    bench.device.destroy();
    assert_eq!(ledger::driver_allocations() - before, 3 + 5);
}
