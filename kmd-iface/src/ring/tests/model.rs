//! The ring against a queue of bytes that does the same.

use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

use proptest::collection;
use proptest::prelude::*;

use super::super::{
    Consumer, PAGE, Producer, RTP_BODIES, RTP_DATAGRAM, RTP_HEADER, ReserveError, RingError,
    TS_BODY, TS_PACKET,
};
use super::{Mapping, record};
use crate::escape::StreamAttributes;

#[derive(Clone, Debug)]
enum Step {
    /// The miniport hands over a chunk of so many bytes, if there is room.
    Produce(u32),
    /// The driver looks at the record that is so many chunks ahead, in so many pieces, and releases
    /// it and what is before.
    Consume { skip: usize, pieces: usize },
    /// The driver is shown a record of long ago.
    Replay,
    /// The driver is shown a record of a chunk that is not written yet.
    Early(u32),
    /// All records are lost.
    Reset,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..=PAGE + 8).prop_map(Step::Produce),
        6 => (1..200_u32).prop_map(Step::Produce),
        8 => (0..3_usize, 1..5_usize).prop_map(|(skip, pieces)| Step::Consume { skip, pieces }),
        1 => Just(Step::Replay),
        1 => (1..PAGE).prop_map(Step::Early),
        1 => Just(Step::Reset),
    ]
}

/// What the ring should be: chunks that are handed over, and how far it has come.
#[derive(Debug, Default)]
struct Model {
    chunks: VecDeque<(u64, Vec<u8>)>,
    produced: u64,
    released: u64,
    seed: u8,
}

impl Model {
    fn free(&self) -> u64 {
        u64::from(PAGE) - (self.produced - self.released)
    }

    fn produce(&mut self, producer: &mut Producer, length: u32) {
        let range = match producer.reserve(length) {
            Ok(range) => range,
            Err(error) => {
                assert!(u64::from(length) > self.free());
                assert_eq!(error, ReserveError::Full { free: self.free() });
                return;
            }
        };
        assert_eq!(range.position(), self.produced);
        self.seed = self.seed.wrapping_add(7);
        let next = |byte: &mut u8| {
            *byte = byte.wrapping_mul(5).wrapping_add(3);
            *byte
        };
        let bytes: Vec<u8> = core::iter::repeat_with(|| next(&mut self.seed))
            .take(length as usize)
            .collect();
        let (front, back) = bytes.split_at(bytes.len() / 3);
        producer.write(range, front.len(), back).expect("reserved");
        producer.write(range, 0, front).expect("reserved");
        producer.publish(range).expect("reserved");
        self.chunks.push_back((self.produced, bytes));
        self.produced += u64::from(length);
    }

    fn consume(&mut self, consumer: &mut Consumer, skip: usize, pieces: usize) {
        if skip >= self.chunks.len() {
            return;
        }
        self.chunks.drain(..skip);
        let (position, bytes) = self.chunks.pop_front().expect("more than `skip`");
        let range = consumer
            .span(&record(position, bytes.len() as u32))
            .expect("handed over");
        let mut copied = vec![0; bytes.len()];
        for (index, piece) in copied.chunks_mut(bytes.len().div_ceil(pieces)).enumerate() {
            let offset = index * bytes.len().div_ceil(pieces);
            consumer.copy(range, offset, piece).expect("inside");
        }
        assert_eq!(copied, bytes);
        let mut packets = vec![[0xAA; TS_PACKET]; bytes.len() / TS_BODY];
        let mut numbers = 0..;
        let header = || u32::to_be_bytes(numbers.next().expect("endless"));
        consumer
            .copy_packets(range, 0, &mut packets, header)
            .expect("inside");
        for ((packet, body), number) in packets.iter().zip(bytes.chunks(TS_BODY)).zip(0_u32..) {
            assert_eq!(packet.split_at(4), (&number.to_be_bytes()[..], body));
        }
        let mut datagrams = vec![[0xAA; RTP_DATAGRAM]; bytes.len() / RTP_BODIES];
        let mut numbers = 0..;
        let header = || u32::to_be_bytes(numbers.next().expect("endless"));
        let mut starts = 0..;
        let start = || [starts.next().expect("endless"); RTP_HEADER];
        let copied = consumer.copy_datagrams(range, 0, &mut datagrams, start, header);
        copied.expect("inside");
        let mut numbers = 0_u32..;
        for (at, (datagram, bodies)) in datagrams.iter().zip(bytes.chunks(RTP_BODIES)).enumerate() {
            assert_eq!(datagram[..RTP_HEADER], [at as u8; RTP_HEADER]);
            let (packets, _none) = datagram[RTP_HEADER..].as_chunks::<TS_PACKET>();
            for (packet, body) in packets.iter().zip(bodies.chunks(TS_BODY)) {
                let number = numbers.next().expect("endless");
                assert_eq!(packet.split_at(4), (&number.to_be_bytes()[..], body));
            }
        }
        consumer.release(range).expect("held");
        self.released = position + bytes.len() as u64;
    }

    fn step(&mut self, step: &Step, producer: &mut Producer, consumer: &mut Consumer) {
        match *step {
            Step::Produce(length) => self.produce(producer, length),
            Step::Consume { skip, pieces } => self.consume(consumer, skip, pieces),
            Step::Replay if self.released > 0 => {
                let stale = consumer.span(&record(self.released - 1, 1));
                assert_eq!(stale, Err(RingError::Stale));
            }
            Step::Replay => {}
            Step::Early(length) => {
                let early = consumer.span(&record(self.produced, length));
                assert_eq!(early, Err(RingError::Beyond));
            }
            Step::Reset => {
                let held = self.produced - self.released;
                assert_eq!(consumer.release_all(), Ok(held));
                self.chunks.clear();
                self.released = self.produced;
            }
        }
    }
}

proptest! {
    #[test]
    fn the_ring_does_what_a_queue_does(
        steps in collection::vec(step(), 1..200),
        attributes in prop_oneof![
            Just(StreamAttributes::empty()),
            Just(StreamAttributes::WRITE_COMBINED),
        ],
    ) {
        let mapping = Mapping::new(PAGE);
        let mut producer = mapping.producer();
        let mut consumer = mapping.consumer().with_attributes(attributes);
        let mut model = Model::default();
        for step in &steps {
            model.step(step, &mut producer, &mut consumer);
        }
    }

    #[test]
    fn no_word_and_no_record_is_too_strange(
        words in collection::vec(any::<[u64; 2]>(), 1..20),
        near in collection::vec((0..3 * u64::from(PAGE), any::<u32>()), 1..20),
    ) {
        use core::sync::atomic::Ordering;

        let mapping = Mapping::new(PAGE);
        let mut producer = mapping.producer();
        let mut consumer = mapping.consumer();
        let mut out = vec![0; PAGE as usize];
        let near = near.iter().map(|(word, length)| (*word, *word / 2, *length));
        let far = words.iter().map(|[word, position]| (*word, *position, *word as u32));
        for (word, position, length) in far.chain(near) {
            mapping.producer_word().store(word, Ordering::Relaxed);
            if let Ok(range) = consumer.span(&record(position, length)) {
                prop_assert!(range.length() <= PAGE);
                let out = &mut out[..range.length() as usize];
                prop_assert_eq!(consumer.copy(range, 0, out), Ok(()));
                prop_assert_eq!(consumer.release(range), Ok(()));
            }
            mapping.consumer_word().store(word, Ordering::Relaxed);
            if let Ok(range) = producer.reserve(length % (2 * PAGE)) {
                let bytes = vec![1; range.length() as usize];
                prop_assert_eq!(producer.write(range, 0, &bytes), Ok(()));
                prop_assert_eq!(producer.publish(range), Ok(()));
            }
        }
    }
}
