//! What cannot be beaten: the bytes copied, and the bytes copied into packets whose headers are
//! nearly constant.
//!
//! The probe is no multiplexer: no tables, no clock, no timer, no stream that wraps around the end of
//! a ring. What comes out is right as far as it goes: PES, continuity and sequence numbers.

use core::hint::black_box;

use miracast_core::limits::{BATCH_BYTES, DATAGRAM_BYTES};

use super::{Made, Pace, Worker};
use crate::stream::Stream;

const RTP: usize = 12;
const PACKET: usize = 188;
const BODY: usize = 184;

/// Copies each access unit into the memory of a batch, piece by piece.
pub(super) struct Copy {
    stream: Stream,
    turns: usize,
    batch: Vec<u8>,
}

impl Copy {
    pub(super) fn new(stream: Stream, turns: usize) -> Self {
        Self {
            stream,
            turns,
            batch: vec![0; BATCH_BYTES],
        }
    }
}

impl Worker for Copy {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        for _ in 0..self.turns {
            for unit in &self.stream.units {
                let bytes = &self.stream.bytes[unit.offset..unit.offset + unit.length];
                for piece in bytes.chunks(BATCH_BYTES) {
                    self.batch[..piece.len()].copy_from_slice(piece);
                    black_box(&mut self.batch);
                }
            }
        }
        Ok(Made::default())
    }
}

/// Packs each access unit with as little as is possible.
pub(super) struct Floor {
    stream: Stream,
    turns: usize,
    batch: Vec<u8>,
}

impl Floor {
    pub(super) fn new(stream: Stream, turns: usize) -> Self {
        Self {
            stream,
            turns,
            batch: vec![0; BATCH_BYTES],
        }
    }
}

/// What changes from packet to packet.
#[derive(Default)]
struct Numbers {
    sequence: u16,
    continuity: u32,
    pts: u64,
    made: Made,
}

impl Worker for Floor {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        let mut numbers = Numbers::default();
        for _ in 0..self.turns {
            for unit in &self.stream.units {
                let bytes = &self.stream.bytes[unit.offset..unit.offset + unit.length];
                pack(bytes, &mut self.batch, &mut numbers);
                numbers.pts += 1500;
            }
        }
        Ok(numbers.made)
    }
}

/// One access unit into as many batches as it needs.
fn pack(unit: &[u8], batch: &mut [u8], numbers: &mut Numbers) {
    let (first, rest) = unit.split_at(unit.len().min(BODY - 14));
    let (whole, tail) = rest.as_chunks::<BODY>();
    let mut whole = whole.iter();
    let mut started = false;
    loop {
        let mut used = 0;
        for datagram in batch.chunks_exact_mut(DATAGRAM_BYTES) {
            let (header, packets) = datagram.split_at_mut(RTP);
            header.copy_from_slice(&rtp(numbers));
            let (packets, _) = packets.as_chunks_mut::<PACKET>();
            let mut packets = packets.iter_mut();
            if !started && let Some(packet) = packets.next() {
                start(first, packet, numbers);
                started = true;
            }
            for packet in packets {
                let Some(body) = whole.next() else {
                    end(tail, packet, numbers);
                    black_box(&batch);
                    return;
                };
                let (header, to) = packet.split_at_mut(PACKET - BODY);
                header.copy_from_slice(&ts(0x4710_1110, numbers));
                copy(body, to);
            }
            used += DATAGRAM_BYTES;
        }
        black_box(&batch[..used]);
    }
}

/// 184 bytes in pieces that no compiler makes a call of.
fn copy(from: &[u8; BODY], to: &mut [u8]) {
    to[..64].copy_from_slice(&from[..64]);
    to[64..128].copy_from_slice(&from[64..128]);
    to[128..BODY].copy_from_slice(&from[128..]);
}

/// The packet with the PES header.
fn start(first: &[u8], packet: &mut [u8; PACKET], numbers: &mut Numbers) {
    packet[..4].copy_from_slice(&ts(0x4750_1110, numbers));
    packet[4..13].copy_from_slice(&[0, 0, 1, 0xE0, 0, 0, 0x84, 0x80, 5]);
    let pts = numbers.pts;
    packet[13] = 0x21 | (pts >> 29) as u8 & 0x0E;
    packet[14..16].copy_from_slice(&((pts >> 14) as u16 | 1).to_be_bytes());
    packet[16..18].copy_from_slice(&((pts << 1) as u16 | 1).to_be_bytes());
    packet[18..18 + first.len()].copy_from_slice(first);
}

/// The last packet, with stuffing.
fn end(tail: &[u8], packet: &mut [u8; PACKET], numbers: &mut Numbers) {
    packet[..4].copy_from_slice(&ts(0x4710_1130, numbers));
    let (field, data) = packet[4..].split_at_mut(BODY - tail.len());
    data.copy_from_slice(tail);
    field.fill(0xFF);
    field[0] = field.len() as u8 - 1;
    if let Some(flags) = field.get_mut(1) {
        *flags = 0;
    }
}

fn ts(word: u32, numbers: &mut Numbers) -> [u8; 4] {
    let number = numbers.continuity;
    numbers.continuity = (number + 1) & 0x0F;
    numbers.made.packets += 1;
    (word | number).to_be_bytes()
}

fn rtp(numbers: &mut Numbers) -> [u8; RTP] {
    let sequence = numbers.sequence;
    numbers.sequence = sequence.wrapping_add(1);
    numbers.made.datagrams += 1;
    let start = 0x8021_u128 << 80 | u128::from(sequence) << 64;
    let word = start | u128::from(numbers.pts as u32) << 32 | 0x1122_3344;
    let [_, _, _, _, header @ ..] = word.to_be_bytes();
    header
}
