//! The entry points as Windows has them: several contexts in one process, with the workers, sockets and
//! static cells of the driver itself.
//!
//! What the emulated Windows of `tests/os` holds a driver to is what is judged: no breach is noted, whatever
//! the bytes are ([`op`]). A token that means no context is refused, a message is taken exactly when it can
//! be read, and at the end every slot, thread and handle is there again. Workers run beside the
//! list, so that how far a session comes differs from run to run: nothing that depends on it is judged.

mod kernel;
mod sink;

use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use miracast_core::limits::CONTEXTS_MAX;
use miracast_kmd_iface::codec::decode_request;
use miracast_kmd_iface::message::Message;
use miracast_os::abi::{MIRACAST_CALLBACKS, MIRACAST_DATARATE_STATS, NtStatus};
use miracast_os::bare::{Bare, callbacks, query};
use miracast_os::process::Census;
use miracast_os::{ConnectionStats, Device, Options, Violation, Windows, ledger, strays};
use miracast_umd::ddi::QueryMiracastDriverInterface;
use miracast_umd::limits::WORKER_JOIN;

use crate::operands::Operands;
use kernel::{Honest, Kernel};
use sink::Sink;

/// The numbers of the operations. `which` is one byte: a device, counted from the first that was created, be
/// it alive or not. Numbers that have no name are [`QUERY`](op::QUERY).
pub mod op {
    /// `QueryMiracastDriverInterface`: version, size (two bytes each).
    pub const QUERY: u8 = 0;
    /// `CreateMiracastContext`: how the miniport misbehaves, with which escape (one byte each).
    pub const CREATE: u8 = 1;
    /// `DestroyMiracastContext`: which.
    pub const DESTROY: u8 = 2;
    /// `StartMiracastSession`: which, how many requests the sink answers well (one byte), what it says then
    /// before it closes: length (two bytes), bytes.
    pub const START: u8 = 3;
    /// `StopMiracastSession`: which.
    pub const STOP: u8 = 4;
    /// `HandleKernelModeMessage`: which, room for the reply (one byte), length (one byte), bytes.
    pub const MESSAGE: u8 = 5;
    /// The data-rate notification: which, kbit/s (eight bytes), 0 is NULL.
    pub const RATE: u8 = 6;
    /// The sink says something, unless it has closed: which, length (two bytes), bytes.
    pub const RTSP: u8 = 7;
    /// The sink closes: which.
    pub const CLOSE: u8 = 8;
    /// One of four calls with a token that means no context (anymore): call (one byte), token (eight bytes);
    /// a token below 256 is that of a device, if it is not alive.
    pub const STRANGER: u8 = 9;
    /// `CreateMiracastContext` without some of the callbacks: those that are there (one byte).
    pub const CALLBACKS: u8 = 10;
}

/// Most operations of one list, and most devices.
const OPERATIONS_MAX: usize = 48;
const DEVICES_MAX: usize = 16;

/// What becomes free belatedly may do so within this time: a thread that is given no processor.
const GRACE: Duration = Duration::from_secs(20);

/// Makes the calls that `bytes` are.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let _ = sessions(bytes);
}

/// Makes the calls that `bytes` are. How many sessions there were.
///
/// # Panics
/// If something does not hold.
pub fn sessions(bytes: &[u8]) -> u32 {
    let _alone = ledger::alone();
    let windows = Windows::load(QueryMiracastDriverInterface).expect("an interface");
    assert_eq!(windows.violations(), []);
    let census = Census::take();
    let mut list = List {
        rest: Operands::new(bytes),
        bare: Bare::linked(QueryMiracastDriverInterface).expect("an interface"),
        windows,
        devices: Vec::new(),
        sessions: 0,
    };
    for _ in 0..OPERATIONS_MAX {
        let Some(code) = list.rest.next() else { break };
        list.operate(code);
    }
    let sessions = list.sessions;
    list.end();
    assert_eq!(strays(), []);
    let left = [census.leaked_threads(), census.leaked_handles()].concat();
    assert_eq!(left, []);
    sessions
}

/// A device, and the sink that it is connected to.
struct Place {
    device: Device,
    sink: Option<Sink>,
    alive: bool,
    /// Start has succeeded, and Stop was not called.
    runs: bool,
    /// Stop took so long that the driver may have given the context up to its worker.
    late: bool,
}

/// What is left to do.
struct List<'a> {
    rest: Operands<'a>,
    windows: Windows,
    bare: Bare,
    devices: Vec<Place>,
    sessions: u32,
}

impl List<'_> {
    fn operate(&mut self, code: u8) {
        match code {
            op::CREATE => self.create(),
            op::DESTROY => {
                if let Some(place) = self.which() {
                    place.destroy();
                }
            }
            op::START => self.start(),
            op::STOP => {
                if let Some(place) = self.which() {
                    place.stop();
                }
            }
            op::MESSAGE => self.message(),
            op::RATE => self.rate(),
            op::RTSP => {
                let Some(which) = self.index() else { return };
                let length = usize::from(self.rest.word());
                let bytes = self.rest.bytes(length);
                if let Some(sink) = &mut self.devices[which].sink {
                    sink.say(bytes);
                }
            }
            op::CLOSE => {
                if let Some(sink) = self.which().and_then(|place| place.sink.as_mut()) {
                    sink.close();
                }
            }
            op::STRANGER => self.stranger(),
            op::CALLBACKS => self.callbacks(),
            _ => {
                let (version, size) = (self.rest.word().into(), self.rest.word().into());
                let (status, untouched) = query(QueryMiracastDriverInterface, version, size);
                let right = version == 1 && size >= self.bare.interface().Size;
                assert_eq!((status.is_success(), !untouched), (right, right));
            }
        }
    }

    fn index(&mut self) -> Option<usize> {
        usize::from(self.rest.byte()).checked_rem(self.devices.len())
    }

    fn which(&mut self) -> Option<&mut Place> {
        let index = self.index()?;
        self.devices.get_mut(index)
    }

    fn alive(&self) -> usize {
        self.devices.iter().filter(|place| place.alive).count()
    }

    fn create(&mut self) {
        let (how, escape) = (self.rest.byte(), self.rest.byte());
        if self.devices.len() == DEVICES_MAX {
            return;
        }
        let options = Options {
            // Several devices: what one has would be a leak of the other.
            check_leaks: false,
            // Nothing hangs here but for want of a processor.
            call_limit: Duration::from_mins(5),
            ..Options::default()
        };
        let miniport = Arc::new(Kernel::new(how, escape));
        match self.windows.create_device_with(miniport, options) {
            Ok(device) => {
                assert!(self.alive() < CONTEXTS_MAX, "a context that has no slot");
                self.devices.push(Place {
                    device,
                    sink: None,
                    alive: true,
                    runs: false,
                    late: false,
                });
            }
            Err(status) if self.alive() == CONTEXTS_MAX => {
                assert_eq!(status, NtStatus::INSUFFICIENT_RESOURCES);
            }
            Err(_) => {}
        }
    }

    fn start(&mut self) {
        let Some(which) = self.index() else { return };
        let answers = self.rest.byte();
        let length = usize::from(self.rest.word());
        let says = self.rest.bytes(length);
        let place = &mut self.devices[which];
        if !place.alive || place.runs {
            return;
        }
        let (sink, stream) = Sink::connect(answers, says);
        let rates = ConnectionStats {
            CurrentBitRate: 20_000_000,
            LocalMaxBitRate: 40_000_000,
            RemoteMaxBitRate: 40_000_000,
        };
        place.runs = place.device.start(stream, rates).is_ok();
        place.sink = Some(sink).filter(|_| place.runs);
        self.sessions += u32::from(place.runs);
    }

    fn message(&mut self) {
        let Some(which) = self.index() else { return };
        let (room, length) = (self.rest.byte(), self.rest.byte());
        let bytes = self.rest.bytes(length.into());
        let place = &self.devices[which];
        let status = place.device.message_out_of_turn(bytes, room.into());
        if !place.alive {
            assert_eq!(status, NtStatus::INVALID_PARAMETER, "after Destroy");
            return;
        }
        if place.late {
            return;
        }
        match decode_request::<Message>(bytes) {
            Err(refusal) => assert_eq!(status, refusal.status),
            Ok((_, Message::Protection(asked))) if asked.level != 0 => {
                let full = status == NtStatus::INSUFFICIENT_RESOURCES;
                assert!(full || status == NtStatus::NOT_SUPPORTED, "{status}");
            }
            Ok(_) => {
                let full = status == NtStatus::INSUFFICIENT_RESOURCES;
                assert!(full || status.is_success(), "{status}");
            }
        }
    }

    fn rate(&mut self) {
        let Some(which) = self.index() else { return };
        let rate = self.rest.long();
        let stats = MIRACAST_DATARATE_STATS {
            EncoderBitRate: rate,
            ..MIRACAST_DATARATE_STATS::default()
        };
        let place = &self.devices[which];
        if place.runs {
            place
                .device
                .notice_out_of_turn((rate != 0).then_some(stats));
        }
    }

    fn stranger(&mut self) {
        let (call, token) = (self.rest.byte(), self.rest.long() as usize);
        let token = match self.devices.get(token) {
            Some(place) => place.device.token(),
            None => token,
        };
        let means_one = |place: &Place| place.alive && place.device.token() == token;
        if self.devices.iter().any(means_one) {
            return;
        }
        let status = match call % 4 {
            0 => self.bare.message(token, &[0; 16], 16),
            1 => {
                let started = self
                    .bare
                    .start(token, usize::MAX, ConnectionStats::default());
                started.expect_err("a session without a context")
            }
            2 => {
                self.bare.stop(token);
                return;
            }
            _ => {
                self.bare.destroy(token);
                return;
            }
        };
        assert_eq!(status, NtStatus::INVALID_PARAMETER, "{token:#x}");
    }

    fn callbacks(&mut self) {
        let there = self.rest.byte() | 0xE0;
        let all = callbacks::<Honest>();
        let has = |bit: u8| there & 1 << bit != 0;
        let some = MIRACAST_CALLBACKS {
            ReportSessionStatus: all.ReportSessionStatus.filter(|_| has(0)),
            MiracastIoControl: all.MiracastIoControl.filter(|_| has(1)),
            ReportStatistic: all.ReportStatistic.filter(|_| has(2)),
            GetNextChunkData: all.GetNextChunkData.filter(|_| has(3)),
            RegisterForDataRateNotifications: all
                .RegisterForDataRateNotifications
                .filter(|_| has(4)),
        };
        match self.bare.create(&some) {
            Ok(context) => {
                self.bare.destroy(context);
                assert_eq!(there, 0xFF, "a callback is missing");
            }
            Err(_) if there == 0xFF => {}
            Err(status) => assert_eq!(status, NtStatus::INVALID_PARAMETER),
        }
    }

    /// Nothing is left, and all slots are free.
    fn end(mut self) {
        self.devices.iter_mut().for_each(Place::destroy);
        let deadline = Instant::now() + GRACE;
        let callbacks = callbacks::<Honest>();
        loop {
            let contexts: Vec<usize> = (0..=CONTEXTS_MAX)
                .map_while(|_| self.bare.create(&callbacks).ok())
                .collect();
            for context in &contexts {
                self.bare.destroy(*context);
            }
            if contexts.len() == CONTEXTS_MAX {
                return;
            }
            let count = contexts.len();
            assert!(Instant::now() < deadline, "{count} slots are free");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Place {
    fn stop(&mut self) {
        let begin = Instant::now();
        self.device.stop();
        self.late |= begin.elapsed() >= WORKER_JOIN;
        self.runs = false;
        self.sink = None;
    }

    fn destroy(&mut self) {
        if self.alive {
            self.stop();
            self.device.destroy();
            self.alive = false;
            let breaches = self.device.violations();
            let judged: Vec<_> = breaches
                .iter()
                .filter(|breach| !is_of_time(breach))
                .collect();
            assert!(judged.is_empty(), "{judged:#?}");
        }
    }
}

/// Destroy took too long, perhaps because there was no processor.
fn is_of_time(breach: &Violation) -> bool {
    breach.requirement == "DDI-12"
}
