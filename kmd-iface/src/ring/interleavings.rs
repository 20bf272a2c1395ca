//! Both ends of the ring under the model checker. Nothing but the ring's own words orders them: the
//! record, which in life comes through the kernel, is known to the consumer from the beginning.

use std::boxed::Box;

use loom::model::Builder;
use loom::thread;

use super::memory::{BLOCK, Shared};
use super::{Consumer, MapError, PAGE, Producer, ReserveError, RingError};
use crate::chunk::{ChunkFlags, ChunkRecord};

/// Bytes of a chunk: the span holds two, and a third one has to wait.
const CHUNK: u32 = PAGE / 2;

/// How many go through.
const CHUNKS: u8 = 3;

/// Most times that a thread is stopped where it need not be: without a bound the loops that wait take
/// minutes.
const PREEMPTIONS: usize = 3;

fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS);
    builder.check(run);
}

/// The address of shared memory as an end gets it: a number, which threads may hand on.
struct Base(usize);

impl Base {
    fn new() -> Self {
        Self(Box::into_raw(Box::new(Shared::new())) as usize)
    }

    fn producer(&self) -> Producer {
        // SAFETY: `Shared` lives until `free`, which is called when both ends are gone.
        unsafe { Producer::map(self.0 as *mut u8, PAGE, PAGE) }.unwrap()
    }

    /// `None` as long as the stamp is not there.
    fn consumer(&self) -> Option<Consumer> {
        // SAFETY: as above.
        match unsafe { Consumer::map(self.0 as *mut u8, PAGE, PAGE) } {
            Ok(consumer) => Some(consumer),
            Err(MapError::Stamp(_)) => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn free(self) {
        // SAFETY: it was made so in `new`, and both ends are gone.
        drop(unsafe { Box::from_raw(self.0 as *mut Shared) });
    }
}

fn produce(mut producer: Producer) {
    for value in 1..=CHUNKS {
        let range = loop {
            match producer.reserve(CHUNK) {
                Ok(range) => break range,
                Err(ReserveError::Full { .. }) => thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        };
        producer.write(range, 0, &[value; CHUNK as usize]).unwrap();
        producer.publish(range).unwrap();
    }
}

fn consume(mut consumer: Consumer) {
    for value in 1..=CHUNKS {
        let record = ChunkRecord {
            stream: 1,
            flags: ChunkFlags::FRAME_START,
            position: u64::from(CHUNK) * u64::from(value - 1),
            length: CHUNK,
            capture_time: 0,
        };
        let range = loop {
            match consumer.span(&record) {
                Ok(range) => break range,
                Err(RingError::Beyond) => thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        };
        let mut copy = [0; CHUNK as usize];
        consumer.copy(range, 0, &mut copy).unwrap();
        assert!(copy.iter().all(|byte| *byte == value));
        consumer.release(range).unwrap();
    }
}

#[test]
fn what_is_handed_over_is_read_whole_and_written_again_only_when_it_was_released() {
    model(|| {
        const { assert!((CHUNK as usize).is_multiple_of(BLOCK)) };
        let base = Base::new();
        let producer = base.producer();
        let consumer = base.consumer().unwrap();
        let consumes = thread::spawn(move || consume(consumer));
        produce(producer);
        consumes.join().unwrap();
        base.free();
    });
}

#[test]
fn who_sees_the_stamp_sees_the_positions() {
    model(|| {
        let base = Base::new();
        let address = base.0;
        let maps = thread::spawn(move || {
            let consumer = Base(address).consumer();
            consumer.map(|consumer| consumer.held())
        });
        let mut producer = base.producer();
        let range = producer.reserve(CHUNK).unwrap();
        producer.write(range, 0, &[7; CHUNK as usize]).unwrap();
        producer.publish(range).unwrap();
        let held = maps.join().unwrap();
        assert!(held.is_none_or(|held| held == 0 || held == u64::from(CHUNK)));
        base.free();
    });
}

#[test]
fn everything_that_lies_there_can_be_given_back_while_more_comes() {
    model(|| {
        let base = Base::new();
        let producer = base.producer();
        let mut consumer = base.consumer().unwrap();
        let consumes = thread::spawn(move || {
            let mut released = 0;
            while released < u64::from(CHUNK) * u64::from(CHUNKS) {
                released += consumer.release_all().unwrap();
                thread::yield_now();
            }
        });
        produce(producer);
        consumes.join().unwrap();
        base.free();
    });
}
