//! A callback that hangs in the kernel: Stop and Destroy return in time all the same, the slot is out
//! of use for as long as the worker hangs, and in use again once it has come back. In a program of
//! its own: the driver's slots are all looked at.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::sleep;
use std::time::Instant;

use miracast_kmd_iface::codec;
use miracast_kmd_iface::escape::Escape;
use miracast_miniport::encoder::Source as Pictures;
use miracast_miniport::peer::{Options as PeerOptions, Peer};
use miracast_os::{
    Call, ConnectionStats, DxgkCallbacks, Miniport, NtStatus, Options as WindowsOptions, Windows,
    ledger,
};
use miracast_sink::live::{Options as SinkOptions, Sink};
use miracast_umd::ddi::QueryMiracastDriverInterface;

/// DDI-12, and some time for a machine that is busy.
const DESTROY_MAX: Duration = Duration::from_secs(3);

/// A miniport whose MONITOR_ARRIVE does not come back until it is let go.
struct Hanging {
    peer: Mutex<Peer>,
    held: Mutex<bool>,
    inside: AtomicBool,
    changed: Condvar,
}

impl Hanging {
    fn new(held: bool) -> Arc<Self> {
        let source = Pictures::Synthetic { seed: 1 };
        Arc::new(Self {
            peer: Mutex::new(Peer::new(PeerOptions::default(), source)),
            held: Mutex::new(held),
            inside: AtomicBool::new(false),
            changed: Condvar::new(),
        })
    }

    fn let_go(&self) {
        *self.held.lock().unwrap() = false;
        self.changed.notify_all();
    }
}

impl Miniport for Hanging {
    fn create_context(&self, _dxgk: DxgkCallbacks) -> Result<u32, NtStatus> {
        Ok(1)
    }

    fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let arrives = matches!(
            codec::decode_request::<Escape>(input),
            Ok((_, Escape::MonitorArrive(_)))
        );
        if arrives {
            self.inside.store(true, Ordering::Release);
            let held = self.held.lock().unwrap();
            drop(self.changed.wait_while(held, |held| *held).unwrap());
        }
        self.peer.lock().unwrap().io_control(input, output)
    }

    fn destroy_context(&self) {}
}

fn options() -> WindowsOptions {
    WindowsOptions {
        // The thread that hangs is what this test is about.
        check_leaks: false,
        ..WindowsOptions::default()
    }
}

const LINK: ConnectionStats = ConnectionStats {
    CurrentBitRate: 10_000_000,
    LocalMaxBitRate: 20_000_000,
    RemoteMaxBitRate: 20_000_000,
};

/// How many contexts can be created at once.
fn free_slots(windows: &Windows) -> usize {
    let create = |_| windows.create_device_with(Hanging::new(false), options());
    let devices: Vec<_> = (0..8).map_while(|index| create(index).ok()).collect();
    let free = devices.len();
    for device in devices {
        device.destroy();
    }
    free
}

/// A connected sink, and Windows' end of its connection.
fn sink() -> (Sink, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let core::net::SocketAddr::V4(address) = listener.local_addr().unwrap() else {
        panic!("an IPv4 address was asked for");
    };
    let sink = ledger::spawn(move || {
        let options = SinkOptions {
            decode: None,
            rtp_port: 0,
            ..SinkOptions::default()
        };
        Sink::connect(address, options)
    });
    let (stream, _) = listener.accept().unwrap();
    (sink.join().unwrap().unwrap(), stream)
}

#[test]
fn a_worker_that_hangs_delays_neither_stop_nor_destroy_and_gives_its_slot_back_later() {
    let _alone = ledger::alone();
    let windows = Windows::load(QueryMiracastDriverInterface).unwrap();
    let all = free_slots(&windows);
    let miniport = Hanging::new(true);
    let device = windows
        .create_device_with(Arc::<Hanging>::clone(&miniport), options())
        .unwrap();

    let (sink, stream) = sink();
    device.start(stream, LINK).unwrap();
    while !miniport.inside.load(Ordering::Acquire) {
        sleep(Duration::from_millis(1));
    }

    let begin = Instant::now();
    device.stop();
    let stopped = begin.elapsed();
    assert!(stopped < DESTROY_MAX, "{stopped:?}");
    assert_eq!(free_slots(&windows), all - 1, "the slot is in quarantine");

    // The emulated kernel waits for its miniport at the end of Destroy; the driver does not.
    let device = Arc::new(device);
    let destroy = {
        let device = Arc::clone(&device);
        ledger::spawn(move || device.destroy())
    };
    let destroyed = loop {
        let timings = device.timings();
        match timings.iter().find(|timing| timing.call == Call::Destroy) {
            Some(timing) => break timing.duration,
            None => sleep(Duration::from_millis(10)),
        }
    };
    assert!(stopped + destroyed < DESTROY_MAX, "{destroyed:?}");

    // While the first still hangs the next one plays.
    let free = Hanging::new(false);
    let next = windows
        .create_device_with(Arc::<Hanging>::clone(&free), options())
        .unwrap();
    let (next_sink, stream) = self::sink();
    next.start(stream, LINK).unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !free.inside.load(Ordering::Acquire) {
        assert!(Instant::now() < deadline, "the monitor does not arrive");
        sleep(Duration::from_millis(1));
    }
    next.destroy();
    assert_eq!(next.violations(), []);
    drop(next_sink.wait().unwrap());

    assert!(*miniport.held.lock().unwrap(), "it has hung all the time");
    miniport.let_go();
    destroy.join().unwrap();
    drop(sink.stop().unwrap());
    let deadline = Instant::now() + Duration::from_secs(10);
    while free_slots(&windows) != all {
        assert!(Instant::now() < deadline, "the slot did not come back");
        sleep(Duration::from_millis(10));
    }
    // Nothing was called after Destroy (DDI-10), and nothing was reported.
    assert_eq!(device.violations(), []);
    assert_eq!(device.reports().len(), 0);
}
