//! What Windows does for a driver that keeps the rules.

use core::sync::atomic::Ordering::SeqCst;
use core::time::Duration;
use std::time::Instant;

use crate::fake::{Bench, Fake, Os};
use crate::good;
use miracast_os::abi::{MIRACAST_CHUNK_ID, MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE};
use miracast_os::process::Census;
use miracast_os::{Call, ChunkInfo, NtStatus, Options, StatisticKind, ledger};

const SOON: Duration = Duration::from_secs(10);

fn chunk(frame: u64, part: u32) -> ChunkInfo {
    ChunkInfo {
        chunk_type: MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE,
        chunk_id: MIRACAST_CHUNK_ID::new(frame, part).Value,
        processing_time_us: 1042,
        encode_rate_kbit: 15_000,
    }
}

/// Waits until `done`.
fn until(done: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    while !done() {
        if begin.elapsed() > SOON {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

#[test]
fn a_good_driver_lives_without_a_violation() {
    let _alone = ledger::alone();
    let census = Census::take();
    let bench = Bench::new::<good::Good>();
    for _ in 0..2 {
        let sink = bench.start().expect("a session");
        let dxgk = bench.miniport.dxgk();
        assert_eq!(dxgk.call(b"mode", 16, SOON), Ok(b"mode".to_vec()));
        for part in [1, 0] {
            assert_eq!(
                dxgk.chunk_completed(chunk(101, part), b"record"),
                NtStatus::SUCCESS
            );
        }
        let sessions = bench.device.timings().len() / 2;
        assert!(until(|| bench.device.statistics().len() == sessions * 2));
        bench.device.stop();
        drop(sink);
    }
    bench.device.destroy();
    assert_eq!(bench.broken(), [""; 0]);
    let sent: Vec<_> = bench
        .device
        .statistics()
        .iter()
        .map(|entry| entry.kind)
        .collect();
    let part = |part| StatisticKind::Sent(MIRACAST_CHUNK_ID::new(101, part).Value);
    assert_eq!(sent, [part(1), part(0), part(1), part(0)]);
    let calls: Vec<_> = bench
        .device
        .timings()
        .iter()
        .map(|timing| timing.call)
        .collect();
    let session = [Call::Start, Call::Stop];
    assert_eq!(calls[..1], [Call::Create]);
    assert_eq!(calls[1..3], session);
    assert_eq!(calls[3..5], session);
    assert_eq!(calls[5..], [Call::Destroy]);
    let session: [&[u8]; 2] = [b"start", b"arrive"];
    let all = [&session[..], &session[..], &[b"destroyed"]].concat();
    assert_eq!(bench.miniport.requests(), all);
    drop(bench);
    assert_eq!(census.leaked_threads(), []);
    assert_eq!(census.leaked_handles(), []);
}

#[test]
fn messages_wait_for_the_end_of_start_and_are_dropped_after_stop() {
    let _alone = ledger::alone();
    let bench = Bench::new::<good::Good>();
    let dxgk = bench.miniport.dxgk();
    let early = ledger::spawn({
        let dxgk = dxgk.clone();
        move || dxgk.call(b"early", 16, SOON)
    });
    let _sink = bench.start().expect("a session");
    assert_eq!(early.join().expect("no panic"), Ok(b"early".to_vec()));
    bench.device.stop();
    assert_eq!(dxgk.call(b"late", 16, SOON), Err(NtStatus::CANCELLED));
    bench.device.destroy();
    assert_eq!(dxgk.call(b"later", 16, SOON), Err(NtStatus::DEVICE_REMOVED));
    drop(bench);
    assert_eq!(
        dxgk.call(b"latest", 16, SOON),
        Err(NtStatus::DEVICE_REMOVED)
    );
}

#[test]
fn data_rate_notices_come_and_end_with_null() {
    let _alone = ledger::alone();
    let bench = Bench::with::<good::Good>(Options {
        notice_interval: Duration::from_millis(5),
        ..Options::default()
    });
    let _sink = bench.start().expect("a session");
    let before = good::NOTICES.load(SeqCst);
    assert!(until(|| good::NOTICES.load(SeqCst) > before + 3));
    assert_eq!(good::LAST_NOTICES.load(SeqCst), 0);
    bench.device.end_data_rate();
    assert!(until(|| good::LAST_NOTICES.load(SeqCst) == 1));
    let after = good::NOTICES.load(SeqCst);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(good::NOTICES.load(SeqCst), after, "nothing follows NULL");
    bench.device.destroy();
    assert_eq!(bench.broken(), [""; 0]);
}

/// Takes no chunk until Stop.
struct Sleepy;

impl Fake for Sleepy {
    fn stop(os: Os) {
        let mut small = [0; 28];
        let mut buffer = [0; 100];
        let before_stop = os.next_chunk(0, &[], &mut small);
        let report = [os.next_chunk(0, &[], &mut buffer).0.0, before_stop.0.0];
        os.io_control(&report.map(u32::to_le_bytes).concat(), &mut [0; 8]);
    }

    fn message(os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
        let mut small = [0; 33];
        let mut buffer = [0; 100];
        let answers = [
            os.next_chunk(0, &[], &mut small).0,
            os.next_chunk(0, &[], &mut buffer).0,
            os.next_chunk(0, &[], &mut buffer).0,
        ];
        os.io_control(
            &answers.map(|status| status.0.to_le_bytes()).concat(),
            &mut [0; 16],
        );
        (NtStatus::SUCCESS, 0)
    }
}

fn statuses(request: &[u8]) -> Vec<NtStatus> {
    request
        .chunks_exact(4)
        .map(|bytes| NtStatus(u32::from_le_bytes(bytes.try_into().expect("four bytes"))))
        .collect()
}

#[test]
fn chunks_that_find_no_slot_take_all_others_with_them() {
    let _alone = ledger::alone();
    let bench = Bench::with::<Sleepy>(Options {
        chunk_slots: 2,
        ..Options::default()
    });
    let dxgk = bench.miniport.dxgk();
    assert_eq!(
        dxgk.chunk_completed(chunk(1, 0), &[]),
        NtStatus::SUCCESS,
        "dropped"
    );
    let _sink = bench.start().expect("a session");
    let large = [0; 257];
    assert_eq!(
        dxgk.chunk_completed(chunk(1, 0), &large),
        NtStatus::INVALID_PARAMETER
    );
    let results = [1, 2, 3, 4].map(|frame| dxgk.chunk_completed(chunk(frame, 0), b"record"));
    let success = NtStatus::SUCCESS;
    assert_eq!(results, [success, success, NtStatus::NO_MEMORY, success]);
    dxgk.call(b"", 0, SOON).expect("handled");
    bench.device.destroy();
    let requests = bench.miniport.requests();
    // The loss is told once, then comes the chunk of after the loss, which needs 34 bytes.
    let expected = [
        NtStatus::CONNECTION_RESET,
        NtStatus::SUCCESS,
        NtStatus::TIMEOUT,
    ];
    assert_eq!(statuses(&requests[0]), expected);
    // With the session stopping, chunks are dropped, and a buffer is too small for none.
    assert_eq!(statuses(&requests[1]), [NtStatus::TIMEOUT; 2]);
    assert_eq!(bench.broken(), [""; 0]);
}

#[test]
fn a_record_that_does_not_fit_stays() {
    let _alone = ledger::alone();
    let bench = Bench::new::<Sleepy>();
    let dxgk = bench.miniport.dxgk();
    let _sink = bench.start().expect("a session");
    for frame in 1..=3 {
        assert_eq!(
            dxgk.chunk_completed(chunk(frame, 0), b"record"),
            NtStatus::SUCCESS
        );
    }
    dxgk.call(b"", 0, SOON).expect("handled");
    // 33 bytes hold none, 100 hold two of 34, and one is left.
    let expected = [
        NtStatus::BUFFER_TOO_SMALL,
        NtStatus::SUCCESS,
        NtStatus::SUCCESS,
    ];
    assert_eq!(statuses(&bench.miniport.requests()[0]), expected);
}

/// Fails to start.
struct Unwilling;

impl Fake for Unwilling {
    fn create(os: Os) -> NtStatus {
        os.io_control(b"create", &mut [0; 8]).0
    }

    fn start(_os: Os, _socket: usize) -> (NtStatus, u32) {
        (NtStatus::DEVICE_INSUFFICIENT_RESOURCES, 0)
    }

    fn stop(os: Os) {
        os.io_control(b"stop", &mut [0; 8]);
    }
}

#[test]
fn a_start_that_fails_is_not_stopped() {
    let _alone = ledger::alone();
    let bench = Bench::new::<Unwilling>();
    let failure = bench.start().map(|_| ());
    assert_eq!(failure, Err(NtStatus::DEVICE_INSUFFICIENT_RESOURCES));
    bench.live();
    let all: [&[u8]; 2] = [b"create", b"destroyed"];
    assert_eq!(bench.miniport.requests(), all);
    assert_eq!(bench.broken(), [""; 0]);
}
