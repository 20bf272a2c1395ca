//! What comes beside the RTSP connection, made of chance: input of the sink's user, and reports.

use miracast_net::Random;
use miracast_sink::input::{GENERIC, HIDC, Touch, generic, hid, keys, packet, pointers};

/// Most packets that come at once: more than one turn takes.
const PACKETS_MAX: u64 = 100;

/// Words of a receiver report with one block (RFC 3550 §6.4.2), and how it begins: version 2, one block,
/// packet type 201, seven words more.
const REPORT_WORDS: usize = 8;
const REPORT: u32 = 0x81C9_0007;

/// Longest datagram of chance, in bytes.
const NOISE_MAX: u64 = 100;

/// Bytes of the input connection: packets, of which some have a few bytes of chance or end early.
pub(crate) fn input(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let packets = 1 << random.below(8);
    let mut bytes: Vec<u8> = (0..PACKETS_MAX.min(packets))
        .flat_map(|_| right(&mut random))
        .collect();
    match random.below(4) {
        0 => spoil(&mut bytes, &mut random),
        1 => bytes.truncate(random.below(bytes.len() as u64) as usize),
        _ => {}
    }
    bytes
}

fn right(random: &mut Random) -> Vec<u8> {
    let stamp = random.happens(500_000).then(|| random.next_word() as u16);
    let mut value = || random.next_word() as u16;
    let place = [(3, value(), value()), (4, value(), value())];
    let (key, amount) = (value(), value().to_be_bytes());
    let touch = [Touch::Down, Touch::Move, Touch::Up][random.below(3) as usize];
    match random.below(8) {
        0..3 => packet(GENERIC, stamp, &pointers(touch, &place[..1])),
        3 => packet(GENERIC, stamp, &pointers(touch, &place)),
        4 => packet(GENERIC, stamp, &keys(random.happens(500_000), key, 0)),
        // Scrolling, and turning.
        5 => packet(GENERIC, stamp, &generic(6, &amount)),
        6 => packet(GENERIC, stamp, &generic(8, &amount)),
        _ => packet(HIDC, stamp, &hid(1, 1, 0, &amount)),
    }
}

/// A datagram to the port of reports.
pub(crate) fn report(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut bytes: Vec<u8> = if random.happens(500_000) {
        let mut words = [0; REPORT_WORDS];
        words.fill_with(|| random.next_word() as u32);
        words[0] = REPORT;
        words.into_iter().flat_map(u32::to_be_bytes).collect()
    } else {
        let length = random.below(NOISE_MAX);
        (0..length).map(|_| random.next_word() as u8).collect()
    };
    if random.happens(300_000) {
        spoil(&mut bytes, &mut random);
    }
    bytes
}

/// Puts chance in the place of a few bytes.
fn spoil(bytes: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(3) {
        let length = bytes.len().max(1) as u64;
        if let Some(byte) = bytes.get_mut(random.below(length) as usize) {
            *byte = random.next_word() as u8;
        }
    }
}
