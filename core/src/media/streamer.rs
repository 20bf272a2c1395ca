//! [`Streamer`]: the sans-I/O machine of the media plane.

use super::{Counters, Input, Output, Payload};
use crate::limits;
use crate::time::Instant;

/// Packs chunks into batches of RTP datagrams.
#[derive(Debug)]
pub struct Streamer<'m> {
    batch: &'m mut [u8; limits::BATCH_BYTES],
    counters: Counters,
}

impl<'m> Streamer<'m> {
    /// A streamer without a stream, which builds datagrams in `batch`.
    pub fn new(batch: &'m mut [u8; limits::BATCH_BYTES]) -> Self {
        Self {
            batch,
            counters: Counters::default(),
        }
    }

    /// Takes one input. Poll until idle before the next.
    pub fn handle(&mut self, input: Input<'_>, now: Instant) {
        let _ = (input, now, &self.batch);
    }

    /// The next thing to do. `payload` is that of the chunk in hand, or
    /// [`NoPayload`](super::NoPayload).
    pub fn poll<P: Payload + ?Sized>(&mut self, payload: &P, now: Instant) -> Output<'_> {
        let _ = (payload.len(), now);
        Output::Idle { wake: None }
    }

    /// Says how many of the datagrams given last have left. The rest comes again.
    pub fn sent(&mut self, datagrams: usize) {
        self.counters.datagrams += datagrams as u64;
    }

    /// What was counted since the streamer was made.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
