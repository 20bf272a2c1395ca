//! Inputs to begin with: what real sinks said, and one of each message.

use miracast_field::recording;
use miracast_kmd_iface::codec::{Nothing, Request, encode_reply, encode_request};
use miracast_kmd_iface::escape::{Features, Hello, RequestIdr, StreamClose, VersionRange};
use miracast_kmd_iface::message::{DeviceLost, MonitorPower, PowerState};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus};

use crate::session::op;

/// The recorded dialogues.
const DIALOGUES: [&str; 6] = [
    include_str!("../../data/dialogues/aosp.txt"),
    include_str!("../../data/dialogues/foxlost-quirky.txt"),
    include_str!("../../data/dialogues/lazycast.txt"),
    include_str!("../../data/dialogues/picast.txt"),
    include_str!("../../data/dialogues/rdk.txt"),
    include_str!("../../data/dialogues/wds.txt"),
];

/// The sink's half of each dialogue, as the answers and requests of one that knows our numbers, and as
/// it was on the wire.
///
/// # Panics
/// If a dialogue is spoilt.
pub fn session() -> Vec<Vec<u8>> {
    let fed = DIALOGUES.iter().map(|text| list(text, feed));
    told().into_iter().chain(fed).collect()
}

/// The first half of [`session`].
///
/// # Panics
/// If a dialogue is spoilt.
pub fn told() -> Vec<Vec<u8>> {
    DIALOGUES.iter().map(|text| list(text, tell)).collect()
}

fn list(text: &str, mut say: impl FnMut(&mut Vec<u8>, &[u8])) -> Vec<u8> {
    let mut operations = Vec::new();
    for turn in recording::read(text) {
        if turn.from_sink {
            say(&mut operations, &turn.segments.concat());
        } else if recording::messages(&turn.segments.concat())
            .iter()
            .all(|message| message.starts_with("GET_PARAMETER") && message.ends_with("\r\n\r\n"))
        {
            // M16 comes by its timer.
            operations.push(op::TICK);
        } else {
            // M3 comes after a gap, M4 when Windows has set a mode.
            operations.extend([op::WAIT, 100, 0, op::MODE_SET, 0]);
        }
    }
    operations
}

/// The messages of one turn, whatever their numbers were.
fn tell(operations: &mut Vec<u8>, stream: &[u8]) {
    const METHODS: [&str; 8] = [
        "OPTIONS",
        "SETUP",
        "PLAY",
        "PAUSE",
        "TEARDOWN",
        "SET_PARAMETER",
        "GET_PARAMETER",
        "ANNOUNCE",
    ];
    for message in recording::messages(stream) {
        let (head, body) = message.split_once("\r\n\r\n").expect("a header");
        let method = head.split(' ').next().unwrap_or_default();
        if let Some(which) = METHODS.iter().position(|known| *known == method) {
            let which = u8::try_from(which).expect("eight methods");
            let length = u8::try_from(body.len()).expect("a short request");
            operations.extend([op::REQUEST, which, length]);
        } else {
            let length = u16::try_from(body.len()).expect("a message");
            operations.push(op::ANSWER);
            operations.extend(length.to_le_bytes());
        }
        operations.extend(body.as_bytes());
    }
}

/// One turn as it came.
fn feed(operations: &mut Vec<u8>, stream: &[u8]) {
    for piece in stream.chunks(255) {
        operations.push(op::FEED);
        operations.push(u8::try_from(piece.len()).expect("one chunk"));
        operations.extend(piece);
    }
}

/// Some requests, and a reply.
///
/// # Panics
/// Never: [`MESSAGE_MAX`] bytes are enough.
pub fn escape() -> Vec<Vec<u8>> {
    let hello = Hello {
        versions: VersionRange {
            oldest: 1,
            newest: 1,
        },
        features: Features::all(),
    };
    let idr = RequestIdr { stream: 1 };
    vec![
        asked(&hello),
        asked(&idr),
        asked(&StreamClose { stream: 1 }),
        asked(&DeviceLost {
            status: NtStatus(0xC000_0001),
        }),
        asked(&MonitorPower {
            state: PowerState::ON,
        }),
        answered::<RequestIdr>(&Nothing {}),
    ]
}

fn asked<R: Request>(request: &R) -> Vec<u8> {
    let mut out = vec![0; MESSAGE_MAX];
    let length = encode_request(1, request, &mut out).expect("room");
    out.truncate(length);
    out
}

fn answered<R: Request>(reply: &R::Reply) -> Vec<u8> {
    let mut out = vec![0; MESSAGE_MAX];
    let length = encode_reply::<R>(1, reply, &mut out).expect("room");
    out.truncate(length);
    out
}

/// A touch, a key and a HID report, with and without time stamp, in pieces of 3 and 200 bytes
/// (S2.1 Tables 11 to 24).
pub fn uibc() -> Vec<Vec<u8>> {
    let touch = [0, 0, 0, 13, 0, 0, 6, 1, 0, 0, 100, 0, 50];
    let stamped = [0x10, 0, 0, 15, 0x12, 0x34, 1, 0, 6, 1, 0, 0, 100, 0, 50];
    let key = [0, 0, 0, 12, 3, 0, 5, 0, 0, 0x61, 0, 0];
    let hid = [0, 1, 0, 12, 1, 0, 0, 3, 1, 2, 3, 0];
    let stream = [&touch[..], &stamped, &key, &hid].concat();
    let cut = |piece: u8| [&[piece], &stream[..]].concat();
    vec![cut(3), cut(200)]
}
