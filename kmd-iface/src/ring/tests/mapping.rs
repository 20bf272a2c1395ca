//! Which memory is taken for a ring.

use core::ptr::{null_mut, without_provenance_mut};
use core::sync::atomic::Ordering;

use super::super::{CONTROL_LEN_MAX, Consumer, DATA_LEN_MAX, MapError, PAGE, Producer, STAMP};
use super::Mapping;

/// What both ends say of memory that is refused before it is touched.
fn refused(base: *mut u8, control_len: u32, data_len: u32) -> MapError {
    // SAFETY: the arguments fail a check: the contract asks nothing of the memory then.
    let consumer = unsafe { Consumer::map(base, control_len, data_len) };
    // SAFETY: as above.
    let producer = unsafe { Producer::map(base, control_len, data_len) };
    let error = consumer.expect_err("refused");
    assert_eq!(producer.expect_err("refused"), error);
    error
}

#[test]
fn an_impossible_address_is_refused() {
    assert_eq!(refused(null_mut(), PAGE, PAGE), MapError::Null);
    for address in [1, 0x1_0008, 0x1_0800] {
        let base = without_provenance_mut(address);
        assert_eq!(refused(base, PAGE, PAGE), MapError::Alignment);
    }
    let last_page = without_provenance_mut(usize::MAX - (PAGE as usize - 1));
    assert_eq!(refused(last_page, PAGE, PAGE), MapError::AddressRange);
}

#[test]
fn an_impossible_length_is_refused() {
    let base = without_provenance_mut(0x1_0000);
    for len in [0, 1, PAGE - 1, PAGE + 8, CONTROL_LEN_MAX + PAGE, u32::MAX] {
        assert_eq!(refused(base, len, PAGE), MapError::ControlLength(len));
    }
    for len in [
        0,
        64,
        PAGE / 2,
        3 * PAGE,
        DATA_LEN_MAX * 2,
        1 << 31,
        u32::MAX,
    ] {
        assert_eq!(refused(base, PAGE, len), MapError::DataLength(len));
    }
}

#[test]
fn a_consumer_wants_a_stamp() {
    let mapping = Mapping::new(PAGE);
    // SAFETY: the mapping is valid for these lengths.
    let consumer = unsafe { Consumer::map(mapping.base.as_ptr(), PAGE, PAGE) };
    assert_eq!(consumer.expect_err("no producer yet"), MapError::Stamp(0));
    let _producer = mapping.producer();
    assert_eq!(mapping.stamp().load(Ordering::Relaxed), STAMP);
    mapping.consumer();
}

#[test]
fn positions_further_apart_than_the_span_are_refused() {
    let mapping = Mapping::new(PAGE);
    let _producer = mapping.producer();
    for (producer, consumer) in [(u64::from(PAGE) + 1, 0), (0, 1), (u64::MAX, 0)] {
        mapping.producer_word().store(producer, Ordering::Relaxed);
        mapping.consumer_word().store(consumer, Ordering::Relaxed);
        // SAFETY: the mapping is valid for these lengths.
        let result = unsafe { Consumer::map(mapping.base.as_ptr(), PAGE, PAGE) };
        let expected = MapError::Positions { producer, consumer };
        assert_eq!(result.expect_err("too far apart"), expected);
    }
}

#[test]
fn a_longer_control_area_moves_the_data() {
    let mapping = Mapping::new(2 * PAGE);
    // SAFETY: a page of control more and a page of data less than the mapping has.
    let mut producer =
        unsafe { Producer::map(mapping.base.as_ptr(), 2 * PAGE, PAGE) }.expect("a good mapping");
    let range = producer.reserve(1).expect("room");
    producer.write(range, 0, &[0x5A]).expect("reserved");
    // SAFETY: the third page is inside the mapping.
    let first = unsafe { mapping.base.add(2 * PAGE as usize) };
    // SAFETY: as above; nobody writes it now.
    assert_eq!(unsafe { first.read() }, 0x5A);
}
