//! A trial from a seed: how many faults of which kinds, and when.

use core::mem::discriminant;
use core::time::Duration;

use miracast_kmd_iface::message::PowerState;
use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_miniport::peer::{BadSound, BadSpan, SoundFault};
use miracast_miniport::script::{Action, ModeWish};
use miracast_net::Random;
use miracast_sink::machine::{Command, Route};
use miracast_sink::profile::PROFILES;

use super::Trial;
use crate::fault::{Answer, Aside, BadRecord, Bug, Fault, Timed, Way};

/// What a trial is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The RTSP connection.
    Connection,
    /// The link of media, and its socket.
    Media,
    /// What the miniport answers.
    Escapes,
    /// What the miniport and Windows say of chunks.
    Chunks,
    /// Data-rate notices.
    Rates,
    /// Messages of the miniport.
    Messages,
    /// What the miniport says of sound, and what it is.
    Sound,
    /// What sinks and their users do.
    Sinks,
    /// What comes on the input connection, and to the port of reports.
    Asides,
    /// Time that jumps, and timers that are late.
    Time,
    /// Stop.
    Stop,
}

impl Kind {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 11] = [
        ("connection", Self::Connection),
        ("media", Self::Media),
        ("escapes", Self::Escapes),
        ("chunks", Self::Chunks),
        ("rates", Self::Rates),
        ("messages", Self::Messages),
        ("sound", Self::Sound),
        ("sinks", Self::Sinks),
        ("asides", Self::Asides),
        ("time", Self::Time),
        ("stop", Self::Stop),
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(one, _)| *one == name);
        found.map(|(_, kind)| *kind)
    }
}

/// Most faults of a trial.
const FAULTS_MAX: u64 = 5;

/// The set-up of an honest session is over by then, in milliseconds.
const SETUP: u64 = 300;

/// Faults begin by then, in milliseconds.
const LATEST: u64 = 2500;

/// The escapes of a driver.
const OPCODES: [Opcode; 15] = [
    Opcode::HELLO,
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

/// What a miniport, or Windows in its place, may say.
const STATUSES: [NtStatus; 14] = [
    NtStatus::UNSUCCESSFUL,
    NtStatus::NOT_IMPLEMENTED,
    NtStatus::INFO_LENGTH_MISMATCH,
    NtStatus::INVALID_PARAMETER,
    NtStatus::NO_MEMORY,
    NtStatus::ACCESS_DENIED,
    NtStatus::BUFFER_TOO_SMALL,
    NtStatus::BUFFER_OVERFLOW,
    NtStatus::REVISION_MISMATCH,
    NtStatus::DEVICE_NOT_READY,
    NtStatus::IO_TIMEOUT,
    NtStatus::NOT_SUPPORTED,
    NtStatus::DEVICE_REMOVED,
    NtStatus::PENDING,
];

const COMMANDS: [Command; 14] = [
    Command::RequestIdr,
    Command::Route(Route::Primary),
    Command::Connect(None),
    Command::Connect(Some(5)),
    Command::Standby,
    Command::Mute(true),
    Command::Mute(false),
    Command::SwitchInput(true),
    Command::SwitchInput(false),
    Command::Pause,
    Command::Play,
    Command::Play,
    Command::Teardown,
    Command::Close,
];

/// The dice of one trial.
struct Dice(Random);

impl Dice {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.0.below(of.len() as u64) as usize]
    }

    /// Milliseconds from `least` to `most`, short ones as often as long ones.
    fn millis(&mut self, least: u64, most: u64) -> Duration {
        let doublings = (most / least.max(1)).max(1).ilog2() + 1;
        let scale = 1 << self.0.below(doublings.into());
        let millis = (least * scale + self.0.below(least * scale + 1)).clamp(least, most);
        Duration::from_micros(millis * 1000 + self.0.below(1000))
    }

    /// While the session is set up as often as later.
    fn moment(&mut self) -> Duration {
        let most = if self.0.happens(500_000) {
            SETUP
        } else {
            LATEST
        };
        Duration::from_micros(self.0.below(most * 1000))
    }

    fn share(&mut self) -> u32 {
        self.one(&[1_000, 20_000, 100_000, 300_000, 1_000_000])
    }
}

impl Trial {
    /// The trial of this seed, of faults of these kinds.
    pub fn drawn(seed: u64, kinds: &[Kind]) -> Self {
        let mut dice = Dice(Random::new(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x7A1A1,
        ));
        let count = dice.0.below(FAULTS_MAX + 1);
        let mut faults: Vec<Timed> = Vec::new();
        for _ in 0..count {
            let kind = dice.one(kinds);
            let drawn = timed(kind, &mut dice);
            // There is one sink, and it is stopped once.
            let same = |other: &Timed| discriminant(&other.fault) == discriminant(&drawn.fault);
            if !(is_whole(&drawn.fault) && faults.iter().any(same)) {
                faults.push(drawn);
            }
        }
        let mut trial = Self { seed, faults };
        if !trial.has_input() {
            // There is nothing to switch.
            let switch = |fault| matches!(fault, Fault::Does(Command::SwitchInput(_)));
            trial.faults.retain(|timed| !switch(timed.fault));
        }
        trial
    }
}

/// Whether it is there all the time.
fn is_whole(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::Sink(_) | Fault::StopAtTurn(_) | Fault::Miniport(_)
    )
}

fn timed(kind: Kind, dice: &mut Dice) -> Timed {
    let fault = match kind {
        Kind::Connection => connection(dice),
        Kind::Media => media(dice),
        Kind::Escapes => Fault::Escape(dice.one(&OPCODES), answer(dice)),
        Kind::Chunks => chunks(dice),
        Kind::Rates => rate(dice),
        Kind::Messages => message(dice),
        Kind::Sound => sound(dice),
        Kind::Sinks => sink(dice),
        Kind::Asides => aside(dice),
        Kind::Time => time(dice),
        Kind::Stop => {
            // The set-up takes some thirty turns, a second of pictures and sound some 130.
            let most = dice.one(&[40, 400]);
            Fault::StopAtTurn(1 + dice.0.below(most) as u32)
        }
    };
    let whole = is_whole(&fault);
    // HELLO is asked before the session.
    let first = matches!(fault, Fault::Escape(Opcode::HELLO, _));
    let after = if whole || first {
        Duration::ZERO
    } else {
        dice.moment()
    };
    let length = if whole || fault.is_moment() {
        Duration::ZERO
    } else {
        dice.millis(1, 1000)
    };
    Timed {
        after,
        length,
        fault,
    }
}

fn connection(dice: &mut Dice) -> Fault {
    let way = dice.one(&[Way::ToSink, Way::ToDriver]);
    match dice.0.below(8) {
        0..3 => Fault::Pieces {
            way,
            bytes: dice.one(&[1, 2, 7, 50, 300]),
            every: Duration::from_micros(dice.one(&[0, 100, 1000])),
        },
        3..5 => Fault::Hold(way),
        5 => Fault::Narrow(dice.one(&[1, 10, 100])),
        6 => Fault::Full,
        _ => Fault::Reset,
    }
}

fn media(dice: &mut Dice) -> Fault {
    match dice.0.below(8) {
        0 => Fault::Loss(dice.share()),
        1 => Fault::Doubles(dice.share()),
        2 => Fault::Overtaken(dice.share()),
        3 => Fault::Outage,
        4 => Fault::Bandwidth(dice.one(&[100_000, 1_000_000, 4_000_000])),
        5 => Fault::MediaFull,
        6 => Fault::MediaRefused,
        _ => Fault::MediaRoom(dice.one(&[1, 2, 5, 20])),
    }
}

fn answer(dice: &mut Dice) -> Answer {
    let status = dice.one(&STATUSES);
    match dice.0.below(9) {
        0 | 1 => Answer::Fails(status),
        2 => Answer::Refuses(status),
        3 => Answer::DoneAndFails(status),
        4 => Answer::Nothing,
        5 => Answer::Noise,
        6 => Answer::Cut,
        7 => Answer::OtherSequence,
        _ => Answer::Slow(dice.millis(1, 800)),
    }
}

fn chunks(dice: &mut Dice) -> Fault {
    match dice.0.below(10) {
        0 | 1 => Fault::ChunksLost,
        2 => Fault::ChunksFailed(dice.one(&STATUSES)),
        _ => Fault::Records(dice.one(&BadRecord::ALL)),
    }
}

fn rate(dice: &mut Dice) -> Fault {
    let chance = dice.0.next_word();
    Fault::Rate(dice.one(&[
        None,
        Some(0),
        Some(1),
        Some(300_000),
        Some(1_500_000),
        Some(20_000_000),
        Some(u64::MAX),
        Some(chance),
    ]))
}

fn message(dice: &mut Dice) -> Fault {
    let chance = dice.0.next_word();
    let mode = |(width, height, hertz)| {
        Fault::Message(Action::SetMode(ModeWish::Exactly {
            width,
            height,
            hertz,
        }))
    };
    match dice.0.below(12) {
        0..2 => {
            let state = dice.one(&[PowerState::OFF, PowerState::OFF, PowerState::ON]);
            Fault::Message(Action::Power(state))
        }
        2 => Fault::Message(Action::Protection(dice.one(&[0, 1, 1, u32::MAX]))),
        3 => Fault::Message(Action::LoseDevice(dice.one(&STATUSES))),
        4 => Fault::Message(Action::PathOff),
        5 | 6 => mode(dice.one(&[(1280, 720, 30), (640, 480, 60), (1920, 1080, 30)])),
        7 => mode(dice.one(&[(1, 1, 24), (4096, 2304, 60), (801, 601, 59)])),
        8 => Fault::OtherMode,
        9 | 10 => Fault::Malformed(chance),
        _ => Fault::Messages,
    }
}

fn sound(dice: &mut Dice) -> Fault {
    if dice.0.happens(700_000) {
        return Fault::SoundRecords(dice.one(&BadRecord::ALL));
    }
    let bad = |dice: &mut Dice, fault| {
        let chunk = dice.0.below(200) as u32;
        Bug::Sound(BadSound { chunk, fault })
    };
    Fault::Miniport(match dice.0.below(5) {
        0 => Bug::Ring(dice.one(&BadSpan::ALL)),
        1 => Bug::SoundRing(dice.one(&BadSpan::ALL)),
        2 => Bug::NumbersAlike,
        3 => bad(dice, SoundFault::OutsideRing),
        _ => bad(dice, SoundFault::CutFrame),
    })
}

fn aside(dice: &mut Dice) -> Fault {
    let chance = dice.0.next_word();
    Fault::Aside(match dice.0.below(8) {
        0 | 1 => Aside::Connect,
        2 => Aside::Leave,
        3..6 => Aside::Input(chance),
        _ => Aside::Report(chance),
    })
}

fn sink(dice: &mut Dice) -> Fault {
    if dice.0.happens(500_000) {
        let profiles = &PROFILES;
        return Fault::Sink(profiles[dice.0.below(profiles.len() as u64) as usize].name);
    }
    Fault::Does(dice.one(&COMMANDS))
}

fn time(dice: &mut Dice) -> Fault {
    match dice.0.below(3) {
        0 => Fault::Late(dice.millis(1, 3000)),
        1 => Fault::Jump(dice.millis(1, 2000)),
        _ => Fault::Jump(dice.millis(2000, 40_000)),
    }
}
