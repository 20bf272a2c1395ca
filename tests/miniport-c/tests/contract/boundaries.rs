//! Every member of every request at the values where a rule may turn, one at a time: both miniports
//! judge alike.

use miracast_kmd_iface::codec::Request;
use miracast_kmd_iface::escape::{
    AudioClose, AudioOpen, AudioStart, AudioStop, Hello, InputKind, InputReport, ModeFailed,
    MonitorArrive, MonitorDepart, RequestIdr, SetRate, StreamClose, StreamOpen, StreamStart,
    StreamStop,
};
use miracast_kmd_iface::header::{HEADER_SIZE, Header};
use miracast_kmd_iface::shape::Member;
use miracast_kmd_iface::timing::Refresh;
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus, Shape};
use miracast_miniport::script::ModeWish;
use proptest::test_runner::TestCaseError;

use crate::driver::{AUDIO_OPEN, HELLO, MODE, STREAM_OPEN, input_report, monitor_arrive};
use crate::twins::{Twins, bytes_of};

/// Numbers at which some rule turns: those of lists, flags, blocks of an EDID, levels, opcodes,
/// samples a second.
const TURNS: [u64; 25] = [
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    23,
    31,
    42,
    63,
    64,
    65,
    66,
    100,
    127,
    128,
    255,
    256,
    512,
    513,
    44_100,
    48_000,
    96_000,
    0xFFFF_FFFF,
];

/// Offset and size of every integer of a structure; of a list the count and the first three places.
fn integers(members: &[Member], start: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for member in members {
        let at = start + member.offset;
        match member.shape {
            Shape::List { item, .. } => {
                found.push((at, 4));
                let size = size_of_shape(item);
                for place in 0..3 {
                    integers_of(*item, at + 4 + place * size, &mut found);
                }
            }
            shape => integers_of(shape, at, &mut found),
        }
    }
    found
}

fn integers_of(shape: Shape, at: usize, found: &mut Vec<(usize, usize)>) {
    match shape {
        Shape::Structure(layout) => found.extend(integers(layout.members, at)),
        one => found.push((at, size_of_shape(&one))),
    }
}

fn size_of_shape(shape: &Shape) -> usize {
    match shape {
        Shape::Integer(bytes) | Shape::Signed(bytes) => *bytes,
        Shape::Named(names) => names.size,
        Shape::Structure(layout) => layout.size,
        Shape::List { .. } => unreachable!("no list is inside of a list"),
    }
}

/// Both miniports with a mode set; if `opened` with the stream that fits it, 1, and audio, 2.
fn ready(opened: bool) -> Result<Twins, TestCaseError> {
    let mut twins = Twins::new();
    twins.ask(&bytes_of(&HELLO))?;
    twins.ask(&bytes_of(&monitor_arrive()))?;
    twins.set_mode(ModeWish::First, MODE)?;
    if opened {
        twins.ask(&bytes_of(&STREAM_OPEN))?;
        twins.ask(&bytes_of(&AUDIO_OPEN))?;
    }
    Ok(twins)
}

/// Puts every turn, and the neighbours of the good value, into every integer of header and body.
fn turn<R: Request>(request: &R, members: &[Member], opened: bool) -> Result<usize, TestCaseError> {
    let good = bytes_of(request);
    let answer = ready(opened)?.ask(&good)?;
    assert_eq!(answer[16..20], [0; 4], "{:?} is good as it is", R::OPCODE);
    let mut places = integers(Header::MEMBERS, 0);
    places.extend(integers(members, HEADER_SIZE));
    let mut tried = 0;
    for (at, size) in places {
        let mut bytes = [0; 8];
        bytes[..size].copy_from_slice(&good[at..at + size]);
        let value = u64::from_le_bytes(bytes);
        let near = [
            value.wrapping_sub(1),
            value.wrapping_add(1),
            u64::MAX,
            1 << 31,
        ];
        for turned in TURNS.into_iter().chain(near) {
            let mut request_bytes = good.clone();
            request_bytes[at..at + size].copy_from_slice(&turned.to_le_bytes()[..size]);
            ready(opened)?.ask(&request_bytes)?;
            tried += 1;
        }
    }
    Ok(tried)
}

#[test]
fn every_member_of_every_request() -> Result<(), TestCaseError> {
    let set_rate = SetRate {
        bit_rate: 50_000_000,
        stream: 1,
        refresh: Refresh::from_hertz(30),
    };
    let failed = ModeFailed {
        mode_sequence: 1,
        status: NtStatus::NOT_SUPPORTED,
    };
    let mut tried = turn(&HELLO, Hello::MEMBERS, false)?;
    tried += turn(&monitor_arrive(), MonitorArrive::MEMBERS, false)?;
    tried += turn(&MonitorDepart {}, MonitorDepart::MEMBERS, false)?;
    tried += turn(&STREAM_OPEN, StreamOpen::MEMBERS, false)?;
    tried += turn(&StreamStart { stream: 1 }, StreamStart::MEMBERS, true)?;
    tried += turn(&StreamStop { stream: 1 }, StreamStop::MEMBERS, true)?;
    tried += turn(&StreamClose { stream: 1 }, StreamClose::MEMBERS, true)?;
    tried += turn(&RequestIdr { stream: 1 }, RequestIdr::MEMBERS, true)?;
    tried += turn(&set_rate, SetRate::MEMBERS, true)?;
    tried += turn(&failed, ModeFailed::MEMBERS, false)?;
    tried += turn(&AUDIO_OPEN, AudioOpen::MEMBERS, false)?;
    tried += turn(&AudioStart { stream: 2 }, AudioStart::MEMBERS, true)?;
    tried += turn(&AudioStop { stream: 2 }, AudioStop::MEMBERS, true)?;
    tried += turn(&AudioClose { stream: 2 }, AudioClose::MEMBERS, true)?;
    for kind in InputKind::ALL {
        let mut report = input_report();
        report.kind = *kind;
        tried += turn(&report, InputReport::MEMBERS, false)?;
    }
    assert!(tried > 8000, "{tried}");
    Ok(())
}

#[test]
fn every_length_of_the_longest_request_and_beyond_the_longest_message() -> Result<(), TestCaseError>
{
    let good = bytes_of(&monitor_arrive());
    for length in (0..HEADER_SIZE + 4).chain(good.len() - 4..=MESSAGE_MAX + 4) {
        let mut request = good.clone();
        request.resize(length, 0);
        let mut twins = ready(false)?;
        // The header still says the size of the whole.
        twins.ask(&request)?;
        if length >= HEADER_SIZE {
            request[8..12].copy_from_slice(&(length as u32).to_le_bytes());
            twins.ask(&request)?;
        }
    }
    Ok(())
}
