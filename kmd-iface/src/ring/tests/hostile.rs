//! Words and records that cannot be, or that come too late or too early.

use core::sync::atomic::Ordering;

use super::super::{PAGE, RTP_DATAGRAM, ReserveError, RingError, SpanRange, TS_PACKET};
use super::{Mapping, record};

const SPAN: u64 = PAGE as u64;

#[test]
fn a_corrupt_producer_word_is_an_error_and_changes_nothing() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let range = producer.reserve(100).expect("room");
    producer.publish(range).expect("reserved");
    let first = consumer.span(&record(0, 50)).expect("handed over");
    consumer.release(first).expect("held");
    for word in [0, 49, 99, 50 + SPAN + 1, u64::MAX, 1 << 63] {
        mapping.producer_word().store(word, Ordering::Relaxed);
        let expected = RingError::Corrupt {
            ours: 50,
            theirs: word,
        };
        assert_eq!(consumer.span(&record(50, 50)), Err(expected));
        assert_eq!(consumer.release_all(), Err(expected));
        assert_eq!(consumer.held(), 50);
        assert_eq!(mapping.consumer_word().load(Ordering::Relaxed), 50);
    }
    mapping.producer_word().store(100, Ordering::Relaxed);
    assert!(consumer.span(&record(50, 50)).is_ok(), "and it goes on");
}

#[test]
fn a_corrupt_consumer_word_is_an_error_and_nothing_is_reserved() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let range = producer.reserve(100).expect("room");
    producer.publish(range).expect("reserved");
    mapping.consumer_word().store(60, Ordering::Relaxed);
    assert!(producer.reserve(PAGE - 40).is_ok());
    for word in [0, 59, 101, SPAN, u64::MAX, 1 << 63] {
        mapping.consumer_word().store(word, Ordering::Relaxed);
        let expected = RingError::Corrupt {
            ours: 100,
            theirs: word,
        };
        assert_eq!(producer.reserve(1), Err(ReserveError::Ring(expected)));
        let next = SpanRange {
            position: 100,
            length: 1,
        };
        // What was free at the last good look is still free: the word cannot take it back.
        assert_eq!(producer.write(next, 0, &[0]), Ok(()));
    }
    mapping.consumer_word().store(100, Ordering::Relaxed);
    assert!(producer.reserve(PAGE).is_ok(), "and it goes on");
}

#[test]
fn records_are_judged_by_distance() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let range = producer.reserve(1000).expect("room");
    producer.publish(range).expect("reserved");
    let first = consumer.span(&record(0, 400)).expect("handed over");
    consumer.release(first).expect("held");

    let mut span = |position, length| consumer.span(&record(position, length)).err();
    assert_eq!(span(400, 600), None);
    assert_eq!(span(999, 1), None, "beyond our position is allowed");
    assert_eq!(span(1000, 0), None);
    assert_eq!(span(399, 1), Some(RingError::Stale));
    assert_eq!(span(0, 1000), Some(RingError::Stale));
    assert_eq!(span(u64::MAX, 1), Some(RingError::Stale));
    assert_eq!(span(400, 601), Some(RingError::Beyond));
    assert_eq!(span(1001, 0), Some(RingError::Beyond));
    assert_eq!(span(400 + SPAN, 1), Some(RingError::Beyond));
    assert_eq!(span(400, u32::MAX), Some(RingError::Beyond));
    assert_eq!(span(1 << 62, 1), Some(RingError::Beyond));
}

#[test]
fn a_range_is_refused_after_its_release() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let range = producer.reserve(200).expect("room");
    producer.publish(range).expect("reserved");
    let first = consumer.span(&record(0, 100)).expect("handed over");
    let second = consumer.span(&record(100, 100)).expect("handed over");
    consumer.release(second).expect("skips the first");
    assert_eq!(mapping.consumer_word().load(Ordering::Relaxed), 200);
    assert_eq!(consumer.copy(first, 0, &mut [0; 1]), Err(RingError::Stale));
    assert_eq!(consumer.copy(second, 0, &mut [0; 1]), Err(RingError::Stale));
    assert_eq!(consumer.release(first), Err(RingError::Stale));
    assert_eq!(mapping.consumer_word().load(Ordering::Relaxed), 200);
}

#[test]
fn a_range_of_another_ring_is_refused() {
    let (one, other) = (Mapping::new(PAGE), Mapping::new(PAGE));
    let mut producer = one.producer();
    let _other_producer = other.producer();
    let mut consumer = one.consumer();
    let mut other_consumer = other.consumer();
    let range = producer.reserve(10).expect("room");
    producer.publish(range).expect("reserved");
    let range = consumer.span(&record(0, 10)).expect("handed over");
    let refused = Err(RingError::Beyond);
    assert_eq!(other_consumer.copy(range, 0, &mut [0; 1]), refused);
    assert_eq!(other_consumer.release(range), refused);
}

#[test]
fn copies_stay_inside_the_range() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let range = producer.reserve(300).expect("room");
    producer.publish(range).expect("reserved");
    let range = consumer.span(&record(0, 200)).expect("handed over");
    let mut packet = [[0xAA; TS_PACKET]];
    assert_eq!(
        consumer.copy_packets(range, 16, &mut packet, || [1, 2, 3, 4]),
        Ok(())
    );
    assert_eq!(packet[0][..5], [1, 2, 3, 4, 0]);
    let none = || unreachable!("a header of what is not copied");
    packet.fill([0xAA; TS_PACKET]);
    for offset in [17, 200, usize::MAX, usize::MAX - 183] {
        let outside = consumer.copy_packets(range, offset, &mut packet, none);
        assert_eq!(outside, Err(RingError::OutOfRange));
    }
    let mut two = [packet[0]; 2];
    let outside = consumer.copy_packets(range, 0, &mut two, none);
    assert_eq!(outside, Err(RingError::OutOfRange));
    assert_eq!(two, [[0xAA; TS_PACKET]; 2], "nothing was copied");
    let mut datagram = [[0xAA; RTP_DATAGRAM]];
    let no_start = || unreachable!("a header of what is not copied");
    let outside = consumer.copy_datagrams(range, 0, &mut datagram, no_start, none);
    assert_eq!(outside, Err(RingError::OutOfRange));
    assert_eq!(datagram, [[0xAA; RTP_DATAGRAM]], "nothing was copied");
    assert_eq!(consumer.copy(range, 200, &mut []), Ok(()));
    assert_eq!(
        consumer.copy(range, 201, &mut []),
        Err(RingError::OutOfRange)
    );
}

#[test]
fn a_producer_writes_only_what_it_reserved() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let free = SPAN;
    assert_eq!(producer.reserve(PAGE + 1), Err(ReserveError::Full { free }));
    let range = producer.reserve(100).expect("room");
    let refused = Err(RingError::OutOfRange);
    assert_eq!(producer.write(range, 1, &[0; 100]), refused);
    assert_eq!(producer.write(range, usize::MAX, &[0; 2]), refused);
    producer.publish(range).expect("reserved");
    assert_eq!(producer.write(range, 0, &[0]), Err(RingError::Stale));
    assert_eq!(producer.publish(range), Err(RingError::Stale));
    let free = SPAN - 100;
    assert_eq!(producer.reserve(PAGE), Err(ReserveError::Full { free }));
    let too_long = SpanRange {
        position: 100,
        length: PAGE,
    };
    assert_eq!(producer.publish(too_long), Err(RingError::Beyond));
}

#[test]
fn a_ring_full_of_lost_chunks_is_emptied() {
    let mapping = Mapping::new(PAGE);
    let mut producer = mapping.producer();
    let mut consumer = mapping.consumer();
    let range = producer.reserve(PAGE).expect("room");
    producer.publish(range).expect("reserved");
    assert_eq!(producer.reserve(1), Err(ReserveError::Full { free: 0 }));
    assert_eq!(consumer.release_all(), Ok(SPAN));
    assert_eq!(consumer.release_all(), Ok(0));
    assert!(producer.reserve(PAGE).is_ok());
}

#[test]
fn positions_may_pass_the_end_of_the_count() {
    let mapping = Mapping::new(PAGE);
    let _producer = mapping.producer();
    let start = u64::MAX - 99;
    mapping.producer_word().store(start, Ordering::Relaxed);
    mapping.consumer_word().store(start, Ordering::Relaxed);
    let mut consumer = mapping.consumer();
    mapping.producer_word().store(100, Ordering::Relaxed);
    let range = consumer.span(&record(start, 200)).expect("handed over");
    assert_eq!(range.end(), 100);
    assert_eq!(consumer.copy(range, 0, &mut [0; 200]), Ok(()));
    consumer.release(range).expect("held");
    assert_eq!(consumer.span(&record(start, 200)), Err(RingError::Stale));
    assert_eq!(consumer.held(), 0);
}
