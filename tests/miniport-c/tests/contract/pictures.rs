//! Encoded pictures from the C producer to the Rust consumer.

use std::collections::VecDeque;

use miracast_kmd_iface::ring::{Consumer, PAGE};
use miracast_kmd_iface::{ChunkFlags, ChunkRecord, NtStatus};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::driver::Driver;

const WHOLE: ChunkFlags = ChunkFlags::FRAME_START.union(ChunkFlags::FRAME_END);

/// Hands `bytes` over and reads the record as the driver does.
fn push(driver: &mut Driver, bytes: &[u8], flags: ChunkFlags) -> Result<ChunkRecord, NtStatus> {
    let record = driver.model.push_chunk(bytes, flags, 77)?;
    Ok(ChunkRecord::decode(&record).expect("a record"))
}

/// The bytes of a chunk, which is given back.
fn take(ring: &mut Consumer, record: &ChunkRecord) -> Vec<u8> {
    let range = ring.span(record).expect("handed over");
    let mut bytes = vec![0; record.length as usize];
    ring.copy(range, 0, &mut bytes).expect("inside");
    ring.release(range).expect("held");
    bytes
}

#[test]
fn a_record_says_what_was_handed_over() {
    let (mut driver, opened, mut ring) = Driver::running();
    let flags = WHOLE | ChunkFlags::IDR | ChunkFlags::HAS_PARAMETER_SETS;
    let record = push(&mut driver, b"picture", flags).unwrap();
    let expected = ChunkRecord {
        stream: opened.stream,
        flags,
        position: 0,
        length: 7,
        capture_time: 77,
    };
    assert_eq!(record, expected);
    assert_eq!(take(&mut ring, &record), b"picture");
}

#[test]
fn chunks_wrap_around_the_end_of_the_span() {
    let (mut driver, _, mut ring) = Driver::running();
    let mut position = 0;
    for turn in 0..40_u8 {
        let bytes: Vec<u8> = (0..1500_u32).map(|i| i as u8 ^ turn).collect();
        let record = push(&mut driver, &bytes, WHOLE).unwrap();
        assert_eq!(record.position, position);
        assert_eq!(take(&mut ring, &record), bytes);
        position += 1500;
    }
    assert!(position > 14 * u64::from(PAGE));
}

#[test]
fn a_full_ring_drops_the_picture_and_says_so_in_the_next_record() {
    let (mut driver, _, mut ring) = Driver::running();
    let all = vec![1; PAGE as usize];
    let first = push(&mut driver, &all, WHOLE).unwrap();
    driver.model.idr_made();
    let full = Err(NtStatus::INSUFFICIENT_RESOURCES);
    assert_eq!(push(&mut driver, b"x", WHOLE), full);
    assert_eq!(driver.model.state().idr_wanted, 1);
    assert_eq!(take(&mut ring, &first), all);
    let next = push(&mut driver, b"y", WHOLE).unwrap();
    assert_eq!(next.flags, WHOLE | ChunkFlags::DISCONTINUITY);
    assert_eq!(
        next.position,
        u64::from(PAGE),
        "the dropped one took no room"
    );
    let after = push(&mut driver, b"z", WHOLE).unwrap();
    assert_eq!(after.flags, WHOLE);
    let too_long = vec![0; PAGE as usize + 1];
    assert_eq!(push(&mut driver, &too_long, WHOLE), full, "it never fits");
}

#[test]
fn a_driver_that_writes_nonsense_ends_the_stream() {
    for nonsense in [1001, u64::MAX, u64::from(PAGE) + 1001, 499] {
        let (mut driver, _, mut ring) = Driver::running();
        let record = push(&mut driver, &[0; 500], WHOLE).unwrap();
        take(&mut ring, &record);
        push(&mut driver, &[0; 500], WHOLE).expect("room");
        driver.model.write_consumer_position(nonsense);
        let refused = push(&mut driver, &[0; 500], WHOLE);
        assert_eq!(refused, Err(NtStatus::UNSUCCESSFUL), "{nonsense}");
        assert_eq!(driver.model.state().running, 0);
    }
}

#[test]
fn what_the_driver_would_refuse_is_not_handed_over() {
    let (mut driver, _, mut ring) = Driver::running();
    let bad = Err(NtStatus::INVALID_PARAMETER);
    assert_eq!(push(&mut driver, b"", WHOLE), bad);
    for flags in [ChunkFlags::HAS_AUD, ChunkFlags::from_bits_retain(1 << 6)] {
        assert_eq!(push(&mut driver, b"x", flags), bad);
    }
    let record = push(&mut driver, b"x", WHOLE).unwrap();
    assert_eq!(
        (record.position, take(&mut ring, &record)),
        (0, b"x".to_vec())
    );
    let mut idle = Driver::with_mode();
    let refused = push(&mut idle, b"x", WHOLE);
    assert_eq!(refused, Err(NtStatus::INVALID_DEVICE_STATE));
}

proptest! {
    /// A queue of chunks does the same; lost records are given back with those behind them.
    #[test]
    fn the_ring_does_what_a_queue_does(
        steps in vec((1..2000_usize, 0..3_usize, 0..3_usize), 1..200),
    ) {
        let (mut driver, _, mut ring) = Driver::running();
        let mut queue = VecDeque::new();
        let mut held = 0;
        for (number, (length, takes, lost)) in steps.into_iter().enumerate() {
            let bytes = vec![number as u8; length];
            match push(&mut driver, &bytes, WHOLE) {
                Ok(record) => {
                    held += length;
                    queue.push_back((record, bytes));
                }
                Err(status) => {
                    prop_assert_eq!(status, NtStatus::INSUFFICIENT_RESOURCES);
                    prop_assert!(held + length > PAGE as usize);
                }
            }
            for _ in 0..takes {
                let skipped = lost.min(queue.len().saturating_sub(1));
                held -= queue.drain(..skipped).map(|(_, bytes)| bytes.len()).sum::<usize>();
                if let Some((record, bytes)) = queue.pop_front() {
                    held -= bytes.len();
                    prop_assert_eq!(take(&mut ring, &record), bytes);
                }
            }
            prop_assert!(held <= PAGE as usize);
        }
    }
}
