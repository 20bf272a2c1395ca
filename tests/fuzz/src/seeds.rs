//! Inputs to begin with: what real sinks said, and one of each message.

mod calls;

pub use calls::entry;

use miracast_core::time::Instant;
use miracast_field::{entry, recording};
use miracast_kmd_iface::codec::{Nothing, Request, encode_reply, encode_request};
use miracast_kmd_iface::escape::{Features, Hello, RequestIdr, StreamClose, VersionRange};
use miracast_kmd_iface::message::{DeviceLost, ModeSet, MonitorPower, PowerState, Protection};
use miracast_kmd_iface::timing::{ModeFlags, Refresh};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus};

use crate::session::op;
use crate::{chunks, ddi, edid, rtcp};

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
        asked(&Protection { level: 1 }),
        asked(&ModeSet {
            sequence: 3,
            width: 1280,
            height: 720,
            refresh: Refresh::from_hertz(30),
            flags: ModeFlags::empty(),
            mode_index: 0,
            target_id: 1,
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

/// What the sinks of the field say of their displays, as text and as blocks, to each of the offers.
///
/// # Panics
/// If the file of the sinks is spoilt.
pub fn edid() -> Vec<Vec<u8>> {
    let sinks = entry::read(include_str!("../../data/sink-caps.jsonl")).expect("sinks");
    let values = sinks
        .iter()
        .filter_map(|sink| sink.answers.value("wfd_display_edid"));
    let mut seeds = Vec::new();
    for (value, offer) in values.zip((0..4).cycle()) {
        seeds.push([&[offer], value.as_bytes()].concat());
        let (_, digits) = value.split_once(' ').unwrap_or_default();
        let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
        let blocks: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(byte).collect();
        if let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) {
            assert_eq!(edid::text(&blocks).to_lowercase(), value.to_lowercase());
            let kinds = [edid::BLOCKS, edid::BLOCKS | edid::RIGHT];
            let first = |offer| kinds.map(|kind| [&[kind | offer], &blocks[..]].concat());
            seeds.extend((0..4).flat_map(first));
        }
    }
    seeds
}

/// A link that is well, one that becomes narrow, one whose socket is full, one without reports, and
/// datagrams as sinks send them: with a description of the sender, padded, of another stream.
pub fn rtcp() -> Vec<Vec<u8>> {
    use rtcp::op;
    // A floor of 2 Mbit/s and a ceiling of 20, pictures may be halved; 10 Mbit/s, no sound.
    let bounds = [19, 199, 0, 1, 0xE8, 3, 0, 0];
    let second = [op::WAIT, 0xE8, 3];
    let report = |loss, trip: u8| {
        [
            &second[..],
            &[op::REPORT, loss, 244, 1, 0, 1, trip, trip / 128],
        ]
        .concat()
    };
    let well = report(0, 5).repeat(10);
    let narrow = [report(0, 5), report(0, 130), report(128, 255), well.clone()].concat();
    let waits = |kbit: u8| [op::WAIT, 200, 0, op::BACKLOG, 200, 0, kbit, 0, 255];
    let full = [waits(200), waits(100), waits(90), waits(90)].concat();
    let silent = [&[op::RECOMMEND, 100, 0][..], &second].concat().repeat(5);
    let block = rtcp::report(26, 500, 3, Some(5), Instant::from_ticks(10_000_000_000));
    let description = [
        0x81, 202, 0, 3, 0, 0, 0, 1, 1, 4, b's', b'i', b'n', b'k', 0, 0,
    ];
    let padded = [0xA0, 203, 0, 1, 0, 0, 0, 4];
    let mut other = block.clone();
    other[11] = 8;
    let spoilt = [&padded[..], &block].concat();
    let datagram = |bytes: &[u8]| [&[op::DATAGRAM, bytes.len() as u8, 0], bytes].concat();
    let compound = [&block[..], &description, &padded].concat();
    let wire = [
        &datagram(&compound)[..],
        &second,
        &datagram(&other),
        &datagram(&spoilt),
    ]
    .concat();
    let lists = [well, narrow, full, silent, wire];
    lists.map(|list| [&bounds[..], &list].concat()).to_vec()
}

/// Pictures in one chunk and in slices, with and without delimiter and parameter sets; a ring that runs
/// full, a socket that does, a pause, a loss, another ring.
pub fn chunks() -> Vec<Vec<u8>> {
    use chunks::op;
    const IDR: &[u8] = &[0, 0, 0, 1, 0x65, 0x88];
    const P: &[u8] = &[0, 0, 0, 1, 0x41, 0x9A];
    const DELIMITER: &[u8] = &[0, 0, 0, 1, 9, 0x10];
    const SETS: &[u8] = &[
        0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0xD9, 0, 0, 0, 1, 0x68, 0xCB, 0x83,
    ];
    let chunk = |flags: u8, length: u16, first: &[&[u8]]| {
        let (first, [low, high]) = (first.concat(), length.to_le_bytes());
        let head = [op::FRAME, flags, low, high, 5, first.len() as u8];
        [&head[..], &first].concat()
    };
    let sets = [&[op::SETS, SETS.len() as u8], SETS].concat();
    let frame = [op::WAIT, 33, 0];
    let bare = [
        &sets[..],
        &chunk(7, 900, &[IDR]),
        &frame,
        &chunk(3, 300, &[P]),
    ]
    .concat();
    let own = chunk(0x1F, 1500, &[DELIMITER, SETS, IDR]);
    let slices = [
        chunk(5, 700, &[IDR]),
        chunk(0, 700, &[IDR]),
        chunk(2, 100, &[IDR]),
    ]
    .concat();
    let pictures = [&chunk(3, 1200, &[P])[..], &frame].concat().repeat(12);
    let full = [
        &[op::ROOM, 2][..],
        &own,
        &pictures,
        &[op::ROOM, 255],
        &frame,
        &own,
    ]
    .concat();
    let paused = [&own[..], &[op::PAUSE, 1], &pictures, &[op::PAUSE, 0], &own].concat();
    let lost = [&own[..], &[op::LOST], &pictures, &own, &[op::STOP], &own].concat();
    // Positions near the end of what 64 bits count.
    let mut map = vec![op::MAP];
    map.extend([0; 18]);
    map.extend([0x9C, 255, 255, 255, 255, 255, 255, 255].repeat(2));
    let mapped = [&own[..], &map, &own, &pictures].concat();
    let mut stale = vec![op::RECORD, 1, 3, 0];
    stale.extend((-2000_i64).to_le_bytes());
    stale.extend([100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let hostile = [
        &own[..],
        &stale,
        &[op::LIE, 255, 255, 0, 0, 0, 0, 0, 0],
        &own,
        &own,
    ]
    .concat();
    let lists = [bare, own, slices, full, paused, lost, mapped, hostile];
    let sized = lists.iter().zip((0..3).cycle());
    sized
        .map(|(list, size)| [&[size], &list[..]].concat())
        .collect()
}

/// A session that plays and is stopped, one whose context is destroyed while it plays, two in one context,
/// and one of each kind of thing that goes wrong, with messages and notices.
///
/// # Panics
/// Never: [`MESSAGE_MAX`] bytes are enough.
pub fn ddi() -> Vec<Vec<u8>> {
    use ddi::op;
    let start = |profile| [op::START, profile, 30];
    // Some pictures.
    let pass = [op::PASS, 120, 0];
    let plays = |profile| [&start(profile)[..], &pass].concat();
    let good = plays(0);
    let message = |bytes: Vec<u8>| [&[op::MESSAGE, bytes.len() as u8][..], &bytes].concat();
    let off = message(asked(&MonitorPower {
        state: PowerState::OFF,
    }));
    let on = message(asked(&MonitorPower {
        state: PowerState::ON,
    }));
    let lost = message(asked(&DeviceLost {
        status: NtStatus(0xC000_0001),
    }));
    let stop = [op::STOP];
    let mut lists = vec![
        [&good[..], &stop].concat(),
        [&good[..], &[op::DESTROY], &good, &stop].concat(),
        [&good[..], &stop, &good, &stop].concat(),
        [&good[..], &off, &pass, &on, &pass, &stop].concat(),
        [&good[..], &lost, &pass, &stop].concat(),
        [
            &good[..],
            &[op::RATE, 0xE8, 3, 0, 0],
            &pass,
            &[op::RATE, 0, 0, 0, 0],
        ]
        .concat(),
        [&good[..], &[op::CHUNKS_LOST], &pass, &stop].concat(),
        [&good[..], &[op::USER, 0, op::USER, 4, 0, 0, 0, 4], &pass].concat(),
    ];
    lists.extend((1..20).map(|profile| [&plays(profile)[..], &stop].concat()));
    lists.extend((0..10).map(|what| [&good[..], &[op::SINK, what], &pass].concat()));
    lists.extend((0..22).map(|what| [&good[..], &[op::RECORDS, what, 100, 0], &pass].concat()));
    lists.extend((0..12).map(|what| [&[op::NETWORK, what, 200, 0][..], &good, &stop].concat()));
    for which in 0..14 {
        let fault = [op::ESCAPE, which, which % 8, 0xE8, 3, 1, 0, 0, 0xC0];
        lists.push([&fault[..], &good, &pass, &stop].concat());
    }
    let wire: Vec<Vec<u8>> = DIALOGUES
        .iter()
        .flat_map(|text| recording::read(text))
        .filter(|turn| turn.from_sink)
        .map(|turn| turn.segments.concat())
        .collect();
    for said in wire.iter().rev().take(DIALOGUES.len()) {
        let [low, high] = (said.len() as u16).to_le_bytes();
        lists.push([&good[..], &[op::RTSP, low, high], said, &pass, &stop].concat());
    }
    lists
}
