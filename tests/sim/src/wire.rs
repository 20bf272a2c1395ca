//! The streamer alone, at one end of a wire that takes no time.
//!
//! There are two clocks here, and that is the point of it: the machine's, which the streamer is told and
//! which may jump, and the time that goes by for whoever receives.

use core::fmt;
use core::time::Duration;

use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{
    Chunk, ChunkFlags, Input, NoPayload, Output, Payload, StreamConfig, Streamer,
};
use miracast_core::time::Instant;

/// From the capture of a picture to the end of its coding.
const CODING: Duration = Duration::from_millis(15);

/// What the machine's clock shows at first.
const BOOTED: Instant = Instant::from_ticks(98_765_432_109);

/// A datagram at the other end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// The time that has gone by for the receiver.
    pub at: Duration,
    /// RTP header and payload.
    pub bytes: Vec<u8>,
}

/// A streamer and what has come of it.
pub struct Wire<'m> {
    streamer: Streamer<'m>,
    now: Instant,
    passed: Duration,
    arrivals: Vec<Arrival>,
    pictures: u64,
}

impl<'m> Wire<'m> {
    /// What a streamer works in.
    pub fn memory() -> Box<[u8; BATCH_BYTES]> {
        let memory = vec![0; BATCH_BYTES].try_into();
        memory.unwrap_or_else(|_| unreachable!("as long as it was made"))
    }

    /// A wire on which a stream begins whose encoder has these parameter sets.
    pub fn new(memory: &'m mut [u8; BATCH_BYTES], config: &StreamConfig, sets: &[u8]) -> Self {
        let mut wire = Self {
            streamer: Streamer::new(memory),
            now: BOOTED,
            passed: Duration::ZERO,
            arrivals: Vec::new(),
            pictures: 0,
        };
        wire.input(Input::ParameterSets(sets));
        wire.input(Input::Start(config));
        wire
    }

    /// Hands an input to the streamer that is no chunk.
    pub fn input(&mut self, input: Input<'_>) {
        self.streamer.handle(input, self.now);
        self.drain(&NoPayload);
    }

    /// Hands a picture to the streamer, in one chunk.
    pub fn picture(&mut self, bytes: &[u8], idr: bool) {
        let whole = ChunkFlags::FRAME_START | ChunkFlags::FRAME_END;
        let chunk = Chunk {
            id: self.pictures,
            flags: if idr { whole | ChunkFlags::IDR } else { whole },
            captured: self.now - CODING,
            arrived: self.now,
        };
        self.pictures += 1;
        self.streamer.handle(Input::Chunk(chunk), self.now);
        self.drain(bytes);
    }

    /// Time goes by, for both sides.
    pub fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        self.passed += time;
    }

    /// The machine's clock leaps, and no time goes by.
    pub fn leap(&mut self, time: Duration) {
        self.now = self.now + time;
    }

    /// The machine's clock goes back.
    pub fn go_back(&mut self, time: Duration) {
        self.now = self.now - time;
    }

    /// The time that has gone by for the receiver.
    pub fn passed(&self) -> Duration {
        self.passed
    }

    /// What has arrived since this was asked last.
    pub fn take_arrivals(&mut self) -> Vec<Arrival> {
        core::mem::take(&mut self.arrivals)
    }

    fn drain<P: Payload + ?Sized>(&mut self, payload: &P) {
        loop {
            match self.streamer.poll(payload, self.now) {
                Output::Datagrams(batch) => {
                    let before = self.arrivals.len();
                    self.arrivals.extend(batch.datagrams().map(|bytes| Arrival {
                        at: self.passed,
                        bytes: bytes.to_vec(),
                    }));
                    self.streamer.sent(self.arrivals.len() - before);
                }
                Output::Idle { .. } => return,
                _ => {}
            }
        }
    }
}

impl fmt::Debug for Wire<'_> {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("now", &self.now)
            .field("passed", &self.passed)
            .field("pictures", &self.pictures)
            .finish_non_exhaustive()
    }
}
