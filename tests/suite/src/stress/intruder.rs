//! A thread that calls the driver whenever it likes: messages of the miniport, good ones and bad ones, and
//! data-rate notices.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use core::time::Duration;
use std::thread::{sleep, yield_now};

use miracast_core::limits::CONTEXTS_MAX;
use miracast_kmd_iface::codec::{Request, encode_request};
use miracast_kmd_iface::message::{DeviceLost, ModeSet, MonitorPower, PowerState, Protection};
use miracast_kmd_iface::timing::{ModeFlags, Refresh};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus};
use miracast_net::Random;
use miracast_os::abi::MIRACAST_DATARATE_STATS;
use miracast_os::{Device, ledger};

/// Modes that the desktop may want: two that sinks have, one that none has, and one that cannot be.
const MODES: [(u16, u16, u32); 4] = [
    (640, 480, 60),
    (1280, 720, 30),
    (1234, 567, 50),
    (65_535, 1, 1),
];

/// Longest message of random bytes: more than any message has, and more than the driver reads.
const NOISE_MAX: u64 = 600;

/// Most time between two calls, in microseconds: a few calls in each turn of the worker.
const PAUSE_US_MAX: u64 = 400;

/// How an intruder behaves, besides at random.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) seed: u64,
    /// DEVICE_LOST and the last notice are among what it sends: they end what a session has.
    pub(super) deadly: bool,
    /// Modes are among what it sends. The emulated miniport has not set them, and refuses a stream for
    /// one: that ends the session.
    pub(super) modes: bool,
    /// It makes no pauses.
    pub(super) greedy: bool,
}

/// Calls the driver until `over`; counts the calls.
pub(super) fn intrude(device: &Device, manner: Manner, over: &AtomicBool, calls: &AtomicU64) {
    ledger::outside();
    let mut random = Random::new(manner.seed);
    while !over.load(Relaxed) {
        intrude_once(device, manner, &mut random);
        calls.fetch_add(1, Relaxed);
        if manner.greedy {
            yield_now();
        } else {
            sleep(Duration::from_micros(random.below(PAUSE_US_MAX)));
        }
    }
}

fn intrude_once(device: &Device, manner: Manner, random: &mut Random) {
    if random.below(3) == 0 {
        let last = manner.deadly && random.below(64) == 0;
        device.notice_out_of_turn((!last).then(|| rates(random)));
        return;
    }
    let message = message(manner, random);
    let room = random.below(2 * MESSAGE_MAX as u64) as usize;
    device.message_out_of_turn(&message, room);
}

/// Rates from nothing to nonsense.
fn rates(random: &mut Random) -> MIRACAST_DATARATE_STATS {
    let rate = random.next_word() >> random.below(64);
    MIRACAST_DATARATE_STATS {
        EncoderBitRate: rate,
        CurrentMaxTxDataRate: rate.saturating_mul(2),
        ..MIRACAST_DATARATE_STATS::default()
    }
}

fn message(manner: Manner, random: &mut Random) -> Vec<u8> {
    let sequence = random.below(1 << 32) as u32;
    let mut bytes = match random.below(20) {
        0..=3 if manner.modes => encoded(sequence, &mode(random)),
        4 if manner.deadly => {
            let status = NtStatus::DEVICE_REMOVED;
            encoded(sequence, &DeviceLost { status })
        }
        5 => {
            let state = PowerState::OFF;
            encoded(sequence, &MonitorPower { state })
        }
        6 => {
            let level = random.below(2) as u32;
            encoded(sequence, &Protection { level })
        }
        7..=13 => harmless(),
        _ => {
            let length = random.below(NOISE_MAX);
            (0..length).map(|_| random.next_word() as u8).collect()
        }
    };
    if random.below(8) == 0 && !bytes.is_empty() {
        let place = random.below(bytes.len() as u64) as usize;
        bytes[place] ^= 1 << random.below(8);
    }
    bytes
}

fn mode(random: &mut Random) -> ModeSet {
    let (width, height, hertz) = MODES[random.below(MODES.len() as u64) as usize];
    ModeSet {
        sequence: random.below(100) as u32,
        // Now and then the path is off.
        width: if random.below(6) == 0 { 0 } else { width },
        height,
        refresh: Refresh {
            numerator: hertz,
            denominator: 1,
        },
        flags: ModeFlags::empty(),
        mode_index: ModeSet::NOT_FROM_LIST,
        target_id: random.below(CONTEXTS_MAX as u64) as u32,
    }
}

fn encoded<R: Request>(sequence: u32, request: &R) -> Vec<u8> {
    let mut bytes = vec![0; MESSAGE_MAX];
    // There is always room in so many bytes.
    let length = encode_request(sequence, request, &mut bytes).unwrap_or(0);
    bytes.truncate(length);
    bytes
}

/// A message that a driver takes while the context lives.
pub(super) fn harmless() -> Vec<u8> {
    encoded(
        1,
        &MonitorPower {
            state: PowerState::ON,
        },
    )
}
