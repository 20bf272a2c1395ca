//! Two threads: what one hands over is what the other copies.

use std::sync::mpsc;
use std::thread;
use std::vec;

use super::super::{PAGE, Producer, ReserveError, SpanRange};
use super::{Mapping, record};
use crate::chunk::ChunkRecord;

const CHUNKS: u32 = 20_000;

/// The byte at `position`: no two places that a wrap could confuse are alike.
const fn byte_at(position: u64) -> u8 {
    (position.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8
}

/// Lengths from 1 byte to two pages, so that the ring is full often and wraps anywhere.
const fn length_of(chunk: u32) -> u32 {
    1 + chunk.wrapping_mul(2_654_435_761) % (2 * PAGE)
}

/// Waits for room, but not for ever: the consumer may have failed.
fn reserve(producer: &mut Producer, length: u32) -> SpanRange {
    for _ in 0..10_000_000 {
        match producer.reserve(length) {
            Ok(range) => return range,
            Err(ReserveError::Full { .. }) => thread::yield_now(),
            Err(ReserveError::Ring(error)) => panic!("{error}"),
        }
    }
    panic!("nothing is released any more");
}

fn produce(mut producer: Producer, records: &mpsc::Sender<ChunkRecord>) {
    for chunk in 0..CHUNKS {
        let length = length_of(chunk);
        let range = reserve(&mut producer, length);
        let positions = range.position()..range.end();
        let bytes: vec::Vec<u8> = positions.map(byte_at).collect();
        producer.write(range, 0, &bytes).expect("reserved");
        producer.publish(range).expect("reserved");
        records
            .send(record(range.position(), length))
            .expect("the consumer listens");
    }
}

#[test]
fn what_is_handed_over_arrives() {
    let mapping = Mapping::new(4 * PAGE);
    let producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let (sender, records) = mpsc::channel();
    let mut total = 0_u64;
    thread::scope(|scope| {
        scope.spawn(move || produce(producer, &sender));
        let mut out = vec![0; 2 * PAGE as usize];
        for record in records {
            let range = consumer.span(&record).expect("handed over");
            let out = &mut out[..range.length() as usize];
            consumer.copy(range, 0, out).expect("inside");
            let positions = range.position()..range.end();
            assert!(positions.map(byte_at).eq(out.iter().copied()));
            consumer.release(range).expect("held");
            total += u64::from(range.length());
        }
    });
    let expected: u64 = (0..CHUNKS).map(|chunk| u64::from(length_of(chunk))).sum();
    assert_eq!(total, expected);
}
