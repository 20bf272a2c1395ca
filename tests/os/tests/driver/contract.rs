//! Each rule of the contract, broken by a driver made for that, is noticed by its name.

use core::ffi::c_void;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use std::net::Shutdown;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::fake::{self, Bench, Fake, Mirror, Os, connection};
use crate::socket;
use miracast_os::abi::{
    INFINITE, MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE, MIRACAST_CHUNK_TYPE_FRAME_START,
    MIRACAST_DRIVER_INTERFACE, MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE, NtStatus,
};
use miracast_os::{ChunkInfo, ConnectionStats, DxgkCallbacks, Options, Windows, ledger, strays};
use miracast_umd::os::{Event, Timer};

const SUCCESS: (NtStatus, u32) = (NtStatus::SUCCESS, 0);
const SOON: Duration = Duration::from_secs(10);

/// A driver of the name, with the entry points that are given.
macro_rules! driver {
    ($name:ident { $($body:item)* }) => {
        struct $name;
        impl Fake for $name { $($body)* }
    };
}

/// Runs `body` on a thread of the driver and waits for its end.
fn elsewhere(body: impl FnOnce() + Send + 'static) {
    std::thread::spawn(body).join().expect("no panic");
}

#[test]
fn wrong_versions_and_sizes_are_to_be_refused() {
    /// The interface, and a word behind it.
    #[repr(C)]
    struct TooMuch(MIRACAST_DRIVER_INTERFACE, u64);

    unsafe extern "system" fn agreeable(_: u32, _: u32, output: *mut c_void) -> NtStatus {
        let written = TooMuch(fake::interface::<Plain>(), 0);
        // SAFETY: the emulator always has room for this and more.
        unsafe { output.cast::<TooMuch>().write(written) };
        NtStatus::SUCCESS
    }
    driver!(Plain {});
    let _alone = ledger::alone();
    let windows = Windows::load(agreeable).expect("an interface");
    let broken = windows
        .violations()
        .iter()
        .map(|violation| violation.requirement);
    let expected = [["DDI-6"; 8].as_slice(), &["DDI-7"]].concat();
    assert_eq!(broken.collect::<Vec<_>>(), expected);
}

#[test]
fn an_interface_that_is_not_filled_in_is_not_used() {
    unsafe extern "system" fn lazy(version: u32, size: u32, _: *mut c_void) -> NtStatus {
        if (version, size) == (1, 48) {
            NtStatus::SUCCESS
        } else {
            NtStatus::NOT_SUPPORTED
        }
    }
    unsafe extern "system" fn never(_: u32, _: u32, _: *mut c_void) -> NtStatus {
        NtStatus::NOT_SUPPORTED
    }
    let _alone = ledger::alone();
    assert_eq!(
        Windows::load(lazy).map(|_| ()),
        Err(NtStatus::INVALID_PARAMETER)
    );
    assert_eq!(
        Windows::load(never).map(|_| ()),
        Err(NtStatus::NOT_SUPPORTED)
    );
}

#[test]
fn callbacks_after_destroy() {
    static HANDLE: AtomicUsize = AtomicUsize::new(0);
    driver!(Late {
        fn create(os: Os) -> NtStatus {
            HANDLE.store(os.handle, SeqCst);
            NtStatus::SUCCESS
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Late>();
    bench.live();
    let os = Os {
        handle: HANDLE.load(SeqCst),
    };
    os.report(0);
    assert_eq!(os.io_control(b"", &mut []).0, NtStatus::INVALID_PARAMETER);
    assert_eq!(
        os.next_chunk(0, &[], &mut [0; 64]).0,
        NtStatus::INSTANCE_NOT_AVAILABLE
    );
    assert_eq!(bench.broken(), ["DDI-10"; 3]);
    drop(bench);
    let before = strays().len();
    os.event(0);
    assert_eq!(os.register::<Late>(true), NtStatus::INVALID_PARAMETER);
    assert_eq!(strays().len(), before + 2);
}

#[test]
fn destroy_that_takes_more_than_three_seconds() {
    driver!(Slow {
        fn destroy(_os: Os) {
            std::thread::sleep(Duration::from_millis(3100));
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Slow>();
    bench.live();
    assert_eq!(bench.broken(), ["DDI-12"]);
}

#[test]
fn entry_points_that_hang() {
    driver!(HangsInStop {
        fn stop(_os: Os) {
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    driver!(HangsInDestroy {
        fn destroy(_os: Os) {
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    let _alone = ledger::alone();
    let options = Options {
        call_limit: Duration::from_millis(250),
        ..Options::default()
    };
    for (bench, expected) in [
        (Bench::with::<HangsInStop>(options), "DDI-35"),
        (Bench::with::<HangsInDestroy>(options), "DDI-12"),
    ] {
        bench.live();
        assert_eq!(bench.broken()[0], expected);
    }
}

#[test]
fn a_thread_and_a_handle_that_are_left() {
    static LEFT: Mutex<Option<(JoinHandle<()>, Timer)>> = Mutex::new(None);
    static STOP: Mutex<()> = Mutex::new(());
    driver!(Messy {
        fn start(_os: Os, _socket: usize) -> (NtStatus, u32) {
            let thread = std::thread::spawn(|| drop(STOP.lock()));
            let timer = Timer::new().expect("a timer");
            *LEFT.lock().unwrap_or_else(PoisonError::into_inner) = Some((thread, timer));
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let hold = STOP.lock().unwrap_or_else(PoisonError::into_inner);
    let bench = Bench::new::<Messy>();
    bench.live();
    drop(hold);
    let broken = bench.broken();
    assert_eq!(broken, ["DDI-13"; 2], "a thread and a timer");
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner).take();
    left.expect("started").0.join().expect("no panic");
}

#[test]
fn the_rtsp_socket_closed_or_shut_down() {
    static SOCKET: AtomicUsize = AtomicUsize::new(0);
    driver!(Closes {
        fn start(_os: Os, socket: usize) -> (NtStatus, u32) {
            SOCKET.store(socket, SeqCst);
            SUCCESS
        }
        fn stop(_os: Os) {
            // This is the breach. The emulator must not close it again.
            drop(socket::take(SOCKET.load(SeqCst)));
        }
    });
    driver!(ShutsDown {
        fn start(_os: Os, socket: usize) -> (NtStatus, u32) {
            let stream = ManuallyDrop::new(socket::take(socket));
            stream.shutdown(Shutdown::Write).expect("connected");
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    for new in [Bench::new::<Closes>, Bench::new::<ShutsDown>] {
        let bench = new();
        bench.live();
        assert_eq!(bench.broken(), ["DDI-16"]);
    }
}

#[test]
fn reserved_bits_of_the_session_information() {
    driver!(Scribbles {
        fn start(_os: Os, _socket: usize) -> (NtStatus, u32) {
            (NtStatus::SUCCESS, 0x8000_0003)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Scribbles>();
    let (windows, _sink) = connection();
    let info = bench
        .device
        .start(windows, ConnectionStats::default())
        .expect("a session");
    assert!(info.monitor_connected && info.reduced_mode_list_due_to_bandwidth);
    assert_eq!(bench.broken(), ["DDI-21"]);
}

#[test]
fn a_failed_start_that_stays_registered() {
    driver!(Forgets {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            os.register::<Self>(true);
            (NtStatus::UNSUCCESSFUL, 0)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Forgets>();
    bench.live();
    assert_eq!(bench.broken(), ["DDI-25"]);
}

#[test]
fn a_second_report_and_one_without_a_session() {
    driver!(Reports {
        fn create(os: Os) -> NtStatus {
            os.report(0);
            NtStatus::SUCCESS
        }
        fn message(os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
            os.report(5);
            os.report(1);
            (NtStatus::SUCCESS, 0)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Reports>();
    assert_eq!(bench.broken(), ["DDI-28"]);
    let _sink = bench.start().expect("a session");
    bench.miniport.dxgk().call(b"", 0, SOON).expect("handled");
    assert_eq!(bench.broken()[1..], ["DDI-30", "DDI-28"]);
    let report = bench.device.wait_for_report(2, SOON).expect("the third");
    assert_eq!(
        (report.status, report.ntstatus),
        (1, NtStatus::UNSUCCESSFUL)
    );
}

#[test]
fn a_reserved_event() {
    driver!(Presumes {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            os.event(0);
            os.event(MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE);
            os.event(4);
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Presumes>();
    bench.live();
    assert_eq!(bench.broken(), ["DDI-32", "SAL"]);
}

#[test]
fn requests_on_other_threads_wait_for_start_and_fail_in_stop() {
    static WAITED: Mutex<Option<JoinHandle<NtStatus>>> = Mutex::new(None);
    driver!(Asks {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            let thread = std::thread::spawn(move || os.io_control(b"worker", &mut [0; 8]).0);
            *WAITED.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
            std::thread::sleep(Duration::from_millis(30));
            os.io_control(b"start", &mut [0; 8]);
            SUCCESS
        }
        fn stop(os: Os) {
            elsewhere(move || {
                let (status, _) = os.io_control(b"refused", &mut [0; 8]);
                assert_eq!(status, NtStatus::INVALID_DEVICE_STATE);
            });
            os.io_control(b"stop", &mut [0; 8]);
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Asks>();
    let _sink = bench.start().expect("a session");
    let thread = WAITED.lock().unwrap_or_else(PoisonError::into_inner).take();
    let status = thread.expect("started").join().expect("no panic");
    assert_eq!(status, NtStatus::SUCCESS);
    bench.device.destroy();
    let expected: [&[u8]; 4] = [b"start", b"worker", b"stop", b"destroyed"];
    assert_eq!(bench.miniport.requests(), expected);
    assert_eq!(bench.broken(), [""; 0], "to be refused is no breach");
}

#[test]
fn start_that_waits_for_a_request_of_another_thread() {
    driver!(Deadlocks {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            elsewhere(move || {
                os.io_control(b"", &mut [0; 8]);
            });
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let options = Options {
        call_limit: Duration::from_millis(250),
        ..Options::default()
    };
    let bench = Bench::with::<Deadlocks>(options);
    assert_eq!(bench.start().map(|_| ()), Err(NtStatus::IO_TIMEOUT));
    assert_eq!(bench.broken(), ["DDI-41"]);
}

#[test]
fn a_request_that_flushes_the_gpu() {
    driver!(Flushes {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            let mut output = [0; 3];
            let answer = os.io_control_with(1, b"abc", &mut output);
            assert_eq!((answer, &output), ((NtStatus::SUCCESS, 3), b"cba"));
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Flushes>();
    bench.live();
    assert_eq!(bench.broken(), ["DDI-42"]);
}

#[test]
fn two_threads_in_get_next_chunk_data() {
    driver!(Crowds {
        fn message(os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
            let (begin, begun) = std::sync::mpsc::channel();
            let first = std::thread::spawn(move || {
                begin.send(()).expect("awaited");
                os.next_chunk(1500, &[], &mut [0; 64]).0
            });
            begun.recv().expect("sent");
            // From here to the inside of the call there is nothing to wait for.
            std::thread::sleep(Duration::from_millis(300));
            let (status, _) = os.next_chunk(0, &[], &mut [0; 64]);
            assert_eq!(status, NtStatus::INVALID_DEVICE_STATE);
            assert_eq!(first.join().expect("no panic"), NtStatus::TIMEOUT);
            (NtStatus::SUCCESS, 0)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Crowds>();
    let _sink = bench.start().expect("a session");
    bench.miniport.dxgk().call(b"", 0, SOON).expect("handled");
    assert_eq!(bench.broken(), ["DDI-43"]);
}

#[test]
fn registration_elsewhere_twice_and_left() {
    driver!(Registers {
        fn create(os: Os) -> NtStatus {
            assert_eq!(os.register::<Self>(true), NtStatus::NOT_SUPPORTED);
            NtStatus::SUCCESS
        }
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            assert_eq!(os.register::<Self>(false), NtStatus::INVALID_PARAMETER);
            assert_eq!(os.register::<Self>(true), NtStatus::SUCCESS);
            assert_eq!(os.register::<Self>(true), NtStatus::INVALID_PARAMETER);
            elsewhere(move || {
                assert_eq!(os.register::<Self>(false), NtStatus::NOT_SUPPORTED);
            });
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Registers>();
    bench.live();
    assert_eq!(
        bench.broken(),
        ["DDI-44", "DDI-45", "DDI-45", "DDI-44", "DDI-48"]
    );
}

#[test]
fn five_events_and_one_that_is_closed() {
    driver!(Collects {
        fn start(os: Os, _socket: usize) -> (NtStatus, u32) {
            let event = Event::new().expect("an event");
            event.set();
            let mut buffer = [0; 64];
            let many = [event.raw(); 5];
            let (status, _) = os.next_chunk(INFINITE, &many, &mut buffer);
            assert_eq!(status, NtStatus::INVALID_PARAMETER);
            let idle = [(); 3].map(|()| Event::new().expect("an event"));
            let [first, second, third] = &idle;
            let four = [first.raw(), second.raw(), third.raw(), event.raw()];
            assert_eq!(os.next_chunk(INFINITE, &four, &mut buffer), (NtStatus::WAIT_3, 0));
            assert_eq!(os.next_chunk(1, &four[..3], &mut buffer), (NtStatus::TIMEOUT, 0));
            let closed = Event::new().expect("an event").raw();
            let (status, _) = os.next_chunk(INFINITE, &[closed], &mut buffer);
            assert_eq!(status, NtStatus::INVALID_PARAMETER);
            SUCCESS
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Collects>();
    bench.live();
    assert_eq!(bench.broken(), ["DDI-53", "SAL"]);
}

/// Finishes part 0 of a frame.
fn finish(dxgk: &DxgkCallbacks, frame: u64) {
    let info = ChunkInfo {
        chunk_type: MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE,
        chunk_id: frame,
        processing_time_us: 1,
        encode_rate_kbit: 1,
    };
    assert_eq!(dxgk.chunk_completed(info, b"record"), NtStatus::SUCCESS);
}

#[test]
fn parts_that_are_sent_twice_and_stages_that_are_the_miniports() {
    driver!(Exaggerates {
        fn message(os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
            os.sent(7, 0);
            os.sent(7, 0);
            os.sent(7, 0);
            os.sent(8, 0);
            os.stage(MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE, 7);
            os.stage(MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE, 8);
            os.stage(MIRACAST_CHUNK_TYPE_FRAME_START, 8);
            (NtStatus::SUCCESS, 0)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Exaggerates>();
    let _sink = bench.start().expect("a session");
    let dxgk = bench.miniport.dxgk();
    // The picture did not change: the same part once more (DDI-56).
    finish(&dxgk, 7);
    finish(&dxgk, 7);
    dxgk.call(b"", 0, SOON).expect("handled");
    assert_eq!(bench.broken(), ["DDI-57", "DDI-57", "DDI-63", "DDI-60"]);
}

#[test]
fn a_reply_that_is_longer_than_its_buffer() {
    driver!(Overstates {
        fn message(_os: Os, _input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
            (NtStatus::SUCCESS, output.len() + 1)
        }
    });
    let _alone = ledger::alone();
    let bench = Bench::new::<Overstates>();
    let _sink = bench.start().expect("a session");
    assert_eq!(bench.miniport.dxgk().call(b"", 4, SOON), Ok(vec![0; 4]));
    assert_eq!(bench.broken(), ["SAL"]);
}

#[test]
fn a_miniport_that_is_busy_keeps_the_driver_out() {
    struct Busy;
    impl miracast_os::Miniport for Busy {
        fn create_context(&self, _dxgk: DxgkCallbacks) -> Result<u32, NtStatus> {
            Err(NtStatus::RESOURCE_IN_USE)
        }
        fn io_control(&self, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
            unreachable!("no driver was called")
        }
        fn destroy_context(&self) {
            unreachable!("no context was created")
        }
    }
    driver!(Refuses {
        fn create(_os: Os) -> NtStatus {
            NtStatus::NO_MEMORY
        }
    });
    let _alone = ledger::alone();
    let windows = Windows::load(fake::query::<Refuses>).expect("an interface");
    let busy = windows.create_device(std::sync::Arc::new(Busy)).map(|_| ());
    assert_eq!(busy, Err(NtStatus::RESOURCE_IN_USE));
    let mirror = std::sync::Arc::new(Mirror::default());
    let refused = windows
        .create_device(std::sync::Arc::clone(&mirror) as _)
        .map(|_| ());
    assert_eq!(refused, Err(NtStatus::NO_MEMORY));
    assert_eq!(mirror.requests(), [b"destroyed"]);
}
