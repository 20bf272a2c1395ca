//! Calls of the entry points to begin with.

use miracast_kmd_iface::message::{MonitorPower, PowerState, Protection};

use super::asked;
use crate::entry::op;

const CREATE: &[u8] = &[op::CREATE, 0, 0];

/// A context without a session, one with, two and as many as there are and more; miniports that misbehave,
/// sinks that end early, messages and tokens of contexts that are gone.
///
/// # Panics
/// Never: what is said to the driver is short.
pub fn entry() -> Vec<Vec<u8>> {
    let wrong = |how| {
        let create = [op::CREATE, how, 1];
        [&create[..], &start(0, 255, b""), &stop(0), &destroy(0)].concat()
    };
    let tables = [1, 0, 48, 0, op::QUERY, 2, 0, 48, 0, op::QUERY, 1, 0, 47, 0];
    let callbacks = [0x1F, 0x1E, 0x0F, 0].map(|there| [op::CALLBACKS, there]);
    let mut lists = vec![
        [&[op::QUERY][..], &tables].concat(),
        callbacks.concat(),
        [CREATE, &on(0), &destroy(0), &on(0), &strangers(0)].concat(),
    ];
    lists.extend(sessions());
    lists.extend(several());
    lists.extend((1..8).map(wrong));
    lists
}

/// One context with a sink.
fn sessions() -> [Vec<u8>; 5] {
    let one = [CREATE, &start(0, 255, b"")].concat();
    let rates = [rate(0, 9000), rate(0, 0)].concat();
    let spoilt = [op::RTSP, 0, 3, 0, 1, 2, 3, op::CLOSE, 0];
    let protect = message(0, &asked(&Protection { level: 1 }));
    [
        [&one[..], &on(0), &rates, &stop(0), &on(0)].concat(),
        [
            &one[..],
            &protect,
            &stop(0),
            &start(0, 255, b""),
            &destroy(0),
        ]
        .concat(),
        [&one[..], &spoilt, &on(0), &stop(0)].concat(),
        [
            CREATE,
            &start(0, 0, b"RTSP"),
            &start(0, 1, b""),
            &start(0, 255, b""),
        ]
        .concat(),
        [CREATE, &start(0, 2, b"\r\n"), &destroy(0), CREATE, &on(1)].concat(),
    ]
}

/// Contexts beside one another.
fn several() -> [Vec<u8>; 2] {
    let two = [CREATE, CREATE, &start(1, 255, b"")].concat();
    let many = CREATE.repeat(5);
    let gone = [strangers(3), strangers(0xFFFF_0000)].concat();
    [
        [&two[..], &destroy(0), CREATE, &on(0), &on(2), &on(1)].concat(),
        [&many[..], &destroy(3), CREATE, &gone].concat(),
    ]
}

fn start(which: u8, answers: u8, says: &[u8]) -> Vec<u8> {
    [&[op::START, which, answers, says.len() as u8, 0], says].concat()
}

fn stop(which: u8) -> [u8; 2] {
    [op::STOP, which]
}

fn destroy(which: u8) -> [u8; 2] {
    [op::DESTROY, which]
}

fn message(which: u8, bytes: &[u8]) -> Vec<u8> {
    [&[op::MESSAGE, which, 64, bytes.len() as u8], bytes].concat()
}

fn on(which: u8) -> Vec<u8> {
    let state = PowerState::ON;
    message(which, &asked(&MonitorPower { state }))
}

fn rate(which: u8, kbit: u64) -> Vec<u8> {
    [&[op::RATE, which][..], &kbit.to_le_bytes()].concat()
}

/// All calls with one token.
fn strangers(token: u64) -> Vec<u8> {
    let stranger = |call| [&[op::STRANGER, call][..], &token.to_le_bytes()].concat();
    (0..4).flat_map(stranger).collect()
}
