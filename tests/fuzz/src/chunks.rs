//! Chunk records and the ring that they tell of, through to the datagrams.
//!
//! The first byte is the size of the ring, then come operations ([`op`]) of a miniport with bugs, of the
//! socket and of the clock. Whatever they are: nothing outside of what is handed over is read, and nothing
//! but the driver's own word is written; a span is believed exactly if arithmetic without wrapping says
//! so; the work is bounded; and each access unit comes whole, or is lost and there is a reason.
//!
//! What it is not: the driver's own queue of records, which `ddi` drives.

mod ledger;
mod receiver;
#[expect(unsafe_code, reason = "the ring is memory that both ends map")]
mod region;

use core::time::Duration;
use std::collections::VecDeque;

use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{
    Chunk, ChunkFlags, Input, NoPayload, Output, Payload as _, StreamConfig, Streamer,
};
use miracast_core::time::{Instant, TICKS_PER_SECOND};
use miracast_kmd_iface::chunk::{CHUNK_RECORD_SIZE, ChunkRecord};
use miracast_kmd_iface::ring::{Consumer, MapError, PAGE, RingError, SpanRange};
use miracast_umd::records::records;
use miracast_umd::ring_payload::RingPayload;

use crate::operands::Operands;
use ledger::Ledger;
use receiver::Receiver;
use region::Region;

/// The numbers of the operations. Those that have no name are [`FRAME`](op::FRAME).
pub mod op {
    /// A chunk in form: flags (one byte), length (two bytes), how many milliseconds ago it was captured,
    /// how many of its first bytes follow (one byte each), those bytes.
    pub const FRAME: u8 = 0;
    /// A record: stream (one byte), flags (two bytes), position against that of the miniport (eight
    /// bytes), length, time of capture (eight bytes each).
    pub const RECORD: u8 = 1;
    /// What `GetNextChunkData` returns: length (two bytes), bytes.
    pub const BUFFER: u8 = 2;
    /// The miniport says that it is further, or back: by how much (eight bytes).
    pub const LIE: u8 = 3;
    /// The miniport writes to the driver's word (eight bytes).
    pub const SPOIL: u8 = 4;
    /// Records were lost.
    pub const LOST: u8 = 5;
    /// The socket takes so many datagrams (one byte; 255 is all there are).
    pub const ROOM: u8 = 6;
    /// Time passes: milliseconds (two bytes).
    pub const WAIT: u8 = 7;
    /// The stream pauses or goes on (one byte).
    pub const PAUSE: u8 = 8;
    /// The stream is stopped and begun again.
    pub const STOP: u8 = 9;
    /// The encoder closes, and opens with another ring: offset of its base (two bytes), control length,
    /// data length (four bytes each), stamp, and both positions (eight bytes each), each of them added to
    /// what is right.
    pub const MAP: u8 = 10;
    /// Parameter sets: length (one byte), bytes.
    pub const SETS: u8 = 11;
    /// A part of the chunk in hand is looked at: offset, length (two bytes each).
    pub const LOOK: u8 = 12;
}

/// Our stream's number.
pub const STREAM: u32 = 1;

/// Most operations of one list.
const OPERATIONS_MAX: usize = 512;

/// Most steps of one turn: a ring full of chunks of one byte, each of which has three.
const STEPS_MAX: usize = 4 * 16 * PAGE as usize;

const STREAM_CONFIG: StreamConfig = StreamConfig {
    profile_idc: 66,
    constraint_flags: 0xC0,
    level_idc: 31,
    marker: true,
    psi_version: 0,
    ssrc: 7,
    first_sequence: 0xFFF0,
    pts_lead: Duration::from_millis(80),
    pace: Duration::from_millis(8),
};

/// Plays the operations that `bytes` are.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let _ = arrived(bytes);
}

/// Plays the operations that `bytes` are. How many access units came.
///
/// # Panics
/// If something does not hold.
pub fn arrived(bytes: &[u8]) -> usize {
    let mut rest = Operands::new(bytes);
    let mut batch = vec![0; BATCH_BYTES];
    let batch = batch.first_chunk_mut().expect("as long as that");
    let mut driver = Driver::new(1 << (rest.byte() % 3), batch);
    for _ in 0..OPERATIONS_MAX {
        let Some(code) = rest.next() else { break };
        driver.operate(code, &mut rest);
        driver.pump();
    }
    driver.finish()
}

/// The chunk in hand.
struct InHand {
    span: SpanRange,
    bytes: Vec<u8>,
}

struct Driver<'m> {
    region: Region,
    /// The driver's end, while a stream is open, and what it must know.
    ring: Option<Consumer>,
    known: Known,
    /// Where the miniport writes next, whatever it says.
    writes: u64,
    streamer: Streamer<'m>,
    queue: VecDeque<ChunkRecord>,
    in_hand: Option<InHand>,
    receiver: Receiver,
    ledger: Ledger,
    room: Option<usize>,
    now: Instant,
    ids: u64,
}

/// What a consumer must have found out, in arithmetic without wrapping: how much is handed over from the
/// byte on that was released last.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    released: u64,
    held: u64,
}

impl<'m> Driver<'m> {
    fn new(pages: usize, batch: &'m mut [u8; BATCH_BYTES]) -> Self {
        let region = Region::new(pages);
        let data_len = region.length() as u32;
        let ring = region.map(0, PAGE, data_len).expect("what is there");
        let now = Instant::from_ticks(1000 * TICKS_PER_SECOND);
        let mut driver = Self {
            ring: Some(ring.expect("a ring")),
            region,
            known: Known::default(),
            writes: 0,
            streamer: Streamer::new(batch),
            queue: VecDeque::new(),
            in_hand: None,
            receiver: Receiver::default(),
            ledger: Ledger::default(),
            room: None,
            now,
            ids: 0,
        };
        driver.streamer.handle(Input::Start(&STREAM_CONFIG), now);
        driver
    }

    fn operate(&mut self, code: u8, rest: &mut Operands<'_>) {
        match code {
            op::RECORD => self.record(rest),
            op::BUFFER => {
                let length = usize::from(rest.word());
                self.take(rest.bytes(length));
            }
            op::LIE => self
                .region
                .say(self.region.said().wrapping_add(rest.long())),
            op::SPOIL => self.region.spoil(rest.long()),
            op::LOST => self.lose(),
            op::ROOM => {
                let room = Some(rest.byte()).filter(|room| *room != 255);
                self.room = room.map(usize::from);
            }
            op::WAIT => self.now = self.now + Duration::from_millis(rest.word().into()),
            op::PAUSE if rest.byte().is_multiple_of(2) => self.input(Input::Resume),
            op::PAUSE => self.input(Input::Pause),
            op::STOP => self.restart(),
            op::MAP => self.map(rest),
            op::SETS => {
                let length = usize::from(rest.byte());
                self.input(Input::ParameterSets(rest.bytes(length)));
            }
            op::LOOK => self.look(rest.word(), rest.word()),
            _ => self.frame(rest),
        }
    }

    /// A chunk as a good miniport makes it, if there is room.
    fn frame(&mut self, rest: &mut Operands<'_>) {
        let (flags, length) = (rest.byte(), u32::from(rest.word()).max(1));
        let (ago, given) = (rest.byte(), usize::from(rest.byte()));
        let given = rest.bytes(given);
        let used = self.writes.wrapping_sub(self.known.released);
        let position = self.writes;
        let full = u64::from(length) > self.region.length().saturating_sub(used);
        if full || self.is_in_hand(position, length) {
            return;
        }
        for offset in 0..length {
            let at = position.wrapping_add(offset.into());
            // No two places near each other have the same bytes.
            let filler = (at ^ at >> 8).wrapping_mul(151) as u8;
            let byte = given.get(offset as usize).copied().unwrap_or(filler);
            self.region.write(at, byte);
        }
        self.writes = position.wrapping_add(length.into());
        self.region.say(self.writes);
        let captured = self.now - Duration::from_millis(ago.into());
        let head = [STREAM, flags.into()];
        self.tell(head, [position, length.into(), captured.ticks()]);
    }

    /// Whether a byte of these is one of the chunk in hand: a miniport that has lied may have it given out
    /// what it is to write next.
    fn is_in_hand(&self, position: u64, length: u32) -> bool {
        self.in_hand.as_ref().is_some_and(|chunk| {
            let size = self.region.length();
            let after = chunk.span.position().wrapping_sub(position) % size;
            let before = position.wrapping_sub(chunk.span.position()) % size;
            after < length.into() || before < chunk.span.length().into()
        })
    }

    fn record(&mut self, rest: &mut Operands<'_>) {
        let head = [rest.byte().into(), rest.word().into()];
        let position = self.writes.wrapping_add(rest.long());
        self.tell(head, [position, rest.long(), rest.long()]);
    }

    /// One record as `GetNextChunkData` returns it.
    fn tell(&mut self, [stream, flags]: [u32; 2], [position, length, captured]: [u64; 3]) {
        let mut buffer = vec![0; 24];
        buffer.extend((CHUNK_RECORD_SIZE as u32).to_le_bytes());
        buffer.extend(stream.to_le_bytes());
        buffer.extend(flags.to_le_bytes());
        buffer.extend(position.to_le_bytes());
        buffer.extend(length.to_le_bytes());
        buffer.extend(captured.to_le_bytes());
        self.take(&buffer);
    }

    fn take(&mut self, buffer: &[u8]) {
        for raw in records(buffer) {
            if let Ok(record) = ChunkRecord::decode(raw.private)
                && record.stream == STREAM
            {
                self.queue.push_back(record);
            }
        }
    }

    fn lose(&mut self) {
        self.queue.clear();
        if let Some(ring) = &mut self.ring {
            let said = self.region.said();
            let looked = self.known.look(said, self.region.length());
            match (ring.release_all(), looked) {
                (Ok(released), Ok(known)) => {
                    assert_eq!(released, known.held);
                    self.known = Known {
                        released: said,
                        held: 0,
                    };
                    assert_eq!(self.region.released(), said);
                }
                (Err(error), Err(corrupt)) => assert_eq!(error, corrupt),
                (found, expected) => panic!("{found:?} and not {expected:?}"),
            }
        }
        self.input(Input::ChunksLost);
    }

    /// The encoder closes, and its ring goes away. What comes in its place may be no ring.
    fn map(&mut self, rest: &mut Operands<'_>) {
        self.close();
        let long = |rest: &mut Operands<'_>| u32::from(rest.word()) | u32::from(rest.word()) << 16;
        let offset = rest.word();
        let control_len = PAGE.wrapping_add(long(rest));
        let data_len = (self.region.length() as u32).wrapping_add(long(rest));
        self.region.restart();
        let stamp = rest.long();
        self.region
            .stamp(miracast_kmd_iface::ring::STAMP.wrapping_add(stamp));
        let [producer, consumer] = [rest.long(), rest.long()];
        self.region.say(producer);
        self.region.spoil(consumer);
        let Some(mapped) = self.region.map(offset, control_len, data_len) else {
            self.open();
            return;
        };
        let held = producer.wrapping_sub(consumer);
        let shape = offset == 0 && control_len == PAGE && data_len == self.region.length() as u32;
        let right = shape && stamp == 0 && held <= self.region.length();
        match mapped {
            Ok(ring) if right => {
                self.ring = Some(ring);
                self.known = Known {
                    released: consumer,
                    held,
                };
                self.writes = producer;
            }
            Ok(_) if shape => panic!("{stamp} {producer} {consumer} is taken for a ring"),
            // A smaller ring in the same memory.
            Ok(_) => self.open(),
            Err(MapError::Stamp(_) | MapError::Positions { .. }) if right => panic!("{mapped:?}"),
            Err(error) => {
                assert!(!right, "{error:?}");
                self.open();
            }
        }
    }

    /// The stream is closed: what waits is from a ring that goes away.
    fn close(&mut self) {
        self.queue.clear();
        self.input(Input::EncoderClosed);
        self.room = None;
        self.pump();
        self.finish_in_hand();
        self.ring = None;
    }

    /// A good ring.
    fn open(&mut self) {
        self.region.restart();
        let ring = self.region.map(0, PAGE, self.region.length() as u32);
        self.ring = Some(ring.expect("what is there").expect("a ring"));
        self.known = Known::default();
        self.writes = 0;
    }

    /// The session ends, and another begins.
    fn restart(&mut self) {
        self.close();
        self.input(Input::Stop);
        self.pump();
        self.open();
        self.receiver.restart();
        self.input(Input::Start(&STREAM_CONFIG));
    }

    fn look(&self, offset: u16, length: u16) {
        let (Some(ring), Some(InHand { span, bytes })) = (&self.ring, &self.in_hand) else {
            return;
        };
        let (offset, length) = (usize::from(offset), usize::from(length));
        let mut out = vec![0; length];
        match ring.copy(*span, offset, &mut out) {
            Ok(()) => assert_eq!(Some(&out[..]), bytes.get(offset..offset + length)),
            Err(RingError::OutOfRange) => assert!(offset + length > bytes.len()),
            Err(error) => {
                // A loss has given it back while the socket was full.
                assert_eq!(error, RingError::Stale);
                let ahead = span.position().wrapping_sub(self.known.released);
                assert!(ahead.cast_signed() < 0, "{span:?} of {:?}", self.known);
            }
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.streamer.handle(input, self.now);
    }

    /// Packs and sends until there is nothing to do, or the socket has no room.
    fn pump(&mut self) {
        for _ in 0..STEPS_MAX {
            let payload;
            let output = match (&self.ring, &self.in_hand) {
                (Some(ring), Some(chunk)) => {
                    payload = RingPayload::new(ring, chunk.span);
                    assert_eq!(payload.len(), chunk.bytes.len());
                    self.streamer.poll(&payload, self.now)
                }
                _ => self.streamer.poll(&NoPayload, self.now),
            };
            match output {
                Output::ChunkStart { .. } => self.ledger.start(),
                Output::ChunkDropped { reason, .. } => self.ledger.drop(reason),
                Output::ChunkDone => {
                    self.ledger.end();
                    self.release();
                }
                Output::NeedIdr => {}
                Output::Datagrams(batch) => {
                    let room = self.room.unwrap_or(usize::MAX);
                    let mut sent = 0;
                    for datagram in batch.datagrams().take(room) {
                        self.receiver.datagram(datagram);
                        sent += 1;
                    }
                    let all = batch.datagrams().len();
                    self.room = self.room.map(|room| room - sent);
                    self.streamer.sent(sent);
                    if sent < all {
                        return;
                    }
                }
                Output::Idle { wake } => {
                    assert!(wake.is_none_or(|wake| wake > self.now), "{wake:?}");
                    if self.in_hand.is_some() && !self.queue.is_empty() {
                        self.input(Input::Hurry);
                    } else if self.in_hand.is_some() || !self.feed() {
                        return;
                    }
                }
            }
        }
        panic!("{STEPS_MAX} steps of one turn");
    }

    /// Gives the next record to the streamer. False if there is none.
    fn feed(&mut self) -> bool {
        let (Some(ring), Some(record)) = (&mut self.ring, self.queue.pop_front()) else {
            return false;
        };
        let found = ring.span(&record);
        let expected = self.known.look(self.region.said(), self.region.length());
        let expected = expected.and_then(|known| {
            self.known = known;
            known.span(&record)
        });
        assert_eq!(
            found.map(|_| ()),
            expected,
            "{record:?} of {:?}",
            self.known
        );
        match found {
            Ok(span) => {
                let bytes = self.region.written(record.position, record.length);
                let flags = ChunkFlags::from_bits_truncate(record.flags.bits());
                self.ledger
                    .take(bytes.clone(), flags.contains(ChunkFlags::FRAME_START));
                self.in_hand = Some(InHand { span, bytes });
                self.ids += 1;
                self.input(Input::Chunk(Chunk {
                    id: self.ids,
                    flags,
                    captured: Instant::from_ticks(record.capture_time),
                    arrived: self.now,
                }));
            }
            Err(RingError::Stale) => self.input(Input::ChunksLost),
            Err(_) => {
                // The driver ends the session.
                self.close();
                self.open();
            }
        }
        true
    }

    fn release(&mut self) {
        let (Some(ring), Some(InHand { span, .. })) = (&mut self.ring, self.in_hand.take()) else {
            return;
        };
        match ring.release(span) {
            Ok(()) => {
                let ahead = span.end().wrapping_sub(self.known.released);
                self.known.held -= ahead;
                self.known.released = span.end();
                assert_eq!(self.region.released(), span.end());
            }
            // A loss has given it back.
            Err(error) => assert_eq!(error, RingError::Stale),
        }
        assert_eq!(ring.held(), self.known.held);
    }

    /// The chunk in hand has its end, whatever the socket does.
    fn finish_in_hand(&mut self) {
        while self.in_hand.is_some() {
            self.now = self.now + Duration::from_secs(1);
            self.pump();
        }
    }

    /// All that is left leaves. How many units came.
    fn finish(mut self) -> usize {
        self.close();
        self.region.check();
        self.ledger
            .settle(&self.receiver.units, self.streamer.counters());
        self.receiver.units.len()
    }
}

impl Known {
    /// Looks at the miniport's word.
    fn look(self, said: u64, length: u64) -> Result<Self, RingError> {
        let held = said.wrapping_sub(self.released);
        if (self.held..=length).contains(&held) {
            Ok(Self { held, ..self })
        } else {
            Err(RingError::Corrupt {
                ours: self.released,
                theirs: said,
            })
        }
    }

    /// Whether a record lies in what is held.
    fn span(self, record: &ChunkRecord) -> Result<(), RingError> {
        // As a distance with a sign, in a type that has room for every sum.
        let ahead = i128::from(record.position.wrapping_sub(self.released).cast_signed());
        let end = ahead + i128::from(record.length);
        if ahead < 0 {
            Err(RingError::Stale)
        } else if end > i128::from(self.held) {
            Err(RingError::Beyond)
        } else {
            Ok(())
        }
    }
}
