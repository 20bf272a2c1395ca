//! Whole sequences of calls of the driver interface, each with what the world does between two calls.
//!
//! The driver's engine is the real one, in the simulator's world: Windows, miniport, network and sink are
//! values, so the same bytes give the same calls. Whatever they are ([`op`]): the judges of the simulator
//! find nothing, Start returns, and after Destroy nothing is open. One memory serves all contexts, one
//! after another, as a slot of the driver does.

use core::time::Duration;

use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_sim::{Answer, BadRecord, Calls, Fault, Plan, UserDeed, Way};
use miracast_sink::machine::Command;
use miracast_sink::profile::PROFILES;
use miracast_umd::engine::Memory;

use crate::operands::Operands;

/// The numbers of the operations. Those that have no name are [`PASS`](op::PASS).
pub mod op {
    /// Time passes: milliseconds (two bytes).
    pub const PASS: u8 = 0;
    /// StartMiracastSession: the sink's profile (one byte; 0 is a sink without faults), the rate that
    /// Windows recommends in units of 100 kbit/s (one byte).
    pub const START: u8 = 1;
    /// StopMiracastSession.
    pub const STOP: u8 = 2;
    /// DestroyMiracastContext and CreateMiracastContext.
    pub const DESTROY: u8 = 3;
    /// HandleKernelModeMessage: length (one byte), bytes.
    pub const MESSAGE: u8 = 4;
    /// The data-rate notification: kbit/s (four bytes), 0 is NULL.
    pub const RATE: u8 = 5;
    /// GetNextChunkData returns: length (two bytes), bytes.
    pub const CHUNKS: u8 = 6;
    /// GetNextChunkData says that chunks were lost.
    pub const CHUNKS_LOST: u8 = 7;
    /// Bytes come on the RTSP connection: length (two bytes), bytes.
    pub const RTSP: u8 = 8;
    /// A datagram comes to the port of reports: length (one byte), bytes.
    pub const RTCP: u8 = 9;
    /// The sink's user: connects, leaves or sends (one byte: 0, 1, or the length), bytes.
    pub const USER: u8 = 10;
    /// The sink does something: which (one byte).
    pub const SINK: u8 = 11;
    /// The miniport answers an escape wrongly: which, how (one byte each), for how many milliseconds (two
    /// bytes), status (four bytes).
    pub const ESCAPE: u8 = 12;
    /// The miniport's records are wrong: how (one byte), for how many milliseconds (two bytes).
    pub const RECORDS: u8 = 13;
    /// The network does something: what (one byte), for how many milliseconds (two bytes).
    pub const NETWORK: u8 = 14;
}

/// Most operations of one list, and most time that its PASS take together: what the pictures of that time
/// take is what the target takes.
const OPERATIONS_MAX: usize = 64;
const PASSING_MAX: Duration = Duration::from_millis(500);

/// Bytes of the ring: an IDR picture at the rates of the seeds has room, four have not. Each stream has a new
/// one, which is filled when it is made and again when it is closed.
const RING_BYTES: u32 = 256 * 1024;

/// What the sink does.
const COMMANDS: [Command; 10] = [
    Command::RequestIdr,
    Command::Connect(None),
    Command::Connect(Some(5)),
    Command::Standby,
    Command::SwitchInput(true),
    Command::Mute(true),
    Command::Pause,
    Command::Play,
    Command::Teardown,
    Command::Close,
];

/// The escapes that may be answered wrongly.
const ESCAPES: [Opcode; 14] = [
    Opcode::MONITOR_ARRIVE,
    Opcode::MONITOR_DEPART,
    Opcode::STREAM_OPEN,
    Opcode::STREAM_START,
    Opcode::STREAM_STOP,
    Opcode::STREAM_CLOSE,
    Opcode::REQUEST_IDR,
    Opcode::SET_RATE,
    Opcode::MODE_FAILED,
    Opcode::AUDIO_OPEN,
    Opcode::AUDIO_START,
    Opcode::AUDIO_STOP,
    Opcode::AUDIO_CLOSE,
    Opcode::INPUT_REPORT,
];

/// What the network does.
const NETWORK: [Fault; 12] = [
    Fault::Reset,
    Fault::Hold(Way::ToSink),
    Fault::Hold(Way::ToDriver),
    Fault::Pieces {
        way: Way::ToDriver,
        bytes: 3,
        every: Duration::from_millis(1),
    },
    Fault::Narrow(5),
    Fault::Full,
    Fault::MediaFull,
    Fault::MediaRefused,
    Fault::MediaRoom(3),
    Fault::Bandwidth(500_000),
    Fault::Late(Duration::from_millis(40)),
    Fault::Jump(Duration::from_secs(2)),
];

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
    let mut list = List {
        rest: Operands::new(bytes),
        operations: 0,
        passed: Duration::ZERO,
        sessions: 0,
    };
    let mut memory = Box::new(Memory::new());
    while list.live(&mut memory) {}
    list.sessions
}

/// What is left to do.
struct List<'a> {
    rest: Operands<'a>,
    operations: usize,
    passed: Duration,
    sessions: u32,
}

impl List<'_> {
    /// The life of one context. Whether another follows.
    fn live(&mut self, memory: &mut Memory) -> bool {
        let mut plan = Plan::honest(1, Duration::ZERO);
        plan.miniport.ring_bytes = RING_BYTES;
        let mut calls = Calls::create(&plan, memory).expect("a miniport that agrees");
        let again = loop {
            self.operations += 1;
            let next = self
                .rest
                .next()
                .filter(|_| self.operations <= OPERATIONS_MAX);
            match next {
                None => break false,
                Some(op::DESTROY) => break true,
                Some(code) => self.operate(code, &mut calls),
            }
        };
        let breaches = calls.destroy();
        assert!(breaches.is_empty(), "{breaches:#?}");
        again
    }

    fn operate(&mut self, code: u8, calls: &mut Calls<'_>) {
        let rest = &mut self.rest;
        match code {
            op::START => {
                let (profile, rate) = (usize::from(rest.byte()), rest.byte());
                let mut sink = miracast_sink::machine::Settings::default();
                if let Some(profile) = PROFILES.get(profile.wrapping_sub(1)) {
                    profile.apply(&mut sink);
                }
                let ran = calls.runs();
                let runs = calls.start(&sink, u64::from(rate) * 100_000);
                self.sessions += u32::from(runs && !ran);
            }
            op::STOP => calls.stop(),
            op::MESSAGE => {
                let length = usize::from(rest.byte());
                calls.message(rest.bytes(length));
            }
            op::RATE => {
                let rate = u64::from(rest.word()) | u64::from(rest.word()) << 16;
                calls.rate((rate != 0).then_some(rate * 1000));
            }
            op::CHUNKS => {
                let length = usize::from(rest.word());
                calls.chunks(rest.bytes(length));
            }
            op::CHUNKS_LOST => calls.chunks_lost(),
            op::RTSP => {
                let length = usize::from(rest.word());
                calls.rtsp(rest.bytes(length));
            }
            op::RTCP => {
                let length = usize::from(rest.byte());
                calls.rtcp(rest.bytes(length));
            }
            op::USER => {
                let deed = match rest.byte() {
                    0 => UserDeed::Connect,
                    1 => UserDeed::Leave,
                    length => UserDeed::Send(rest.bytes(length.into()).to_vec()),
                };
                calls.user(&deed);
            }
            op::SINK | op::ESCAPE | op::RECORDS | op::NETWORK => {
                let (fault, length) = fault(code, rest);
                calls.fault(fault, length);
            }
            _ => self.pass(calls),
        }
    }

    fn pass(&mut self, calls: &mut Calls<'_>) {
        let time = Duration::from_millis(self.rest.word().into());
        let time = time.min(PASSING_MAX.saturating_sub(self.passed));
        self.passed += time;
        calls.pass(time);
    }
}

/// What goes wrong, and for how long.
fn fault(code: u8, rest: &mut Operands<'_>) -> (Fault, Duration) {
    let what = usize::from(rest.byte());
    if code == op::SINK {
        return (Fault::Does(COMMANDS[what % COMMANDS.len()]), Duration::ZERO);
    }
    let how = if code == op::ESCAPE { rest.byte() } else { 0 };
    let length = Duration::from_millis(rest.word().into());
    let fault = match code {
        op::ESCAPE => {
            let status = u32::from(rest.word()) | u32::from(rest.word()) << 16;
            Fault::Escape(ESCAPES[what % ESCAPES.len()], answer(how, NtStatus(status)))
        }
        op::RECORDS => Fault::Records(BadRecord::ALL[what % BadRecord::ALL.len()]),
        _ => NETWORK[what % NETWORK.len()],
    };
    (fault, length)
}

fn answer(how: u8, status: NtStatus) -> Answer {
    match how % 8 {
        0 => Answer::Fails(status),
        1 => Answer::Refuses(status),
        2 => Answer::DoneAndFails(status),
        3 => Answer::Nothing,
        4 => Answer::Noise,
        5 => Answer::Cut,
        6 => Answer::OtherSequence,
        _ => Answer::Slow(Duration::from_millis(200)),
    }
}
