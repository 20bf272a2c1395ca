//! The chunks of the audio stream until the packetizer takes them.
//!
//! What it is not: it packs and sends nothing; `pictures` does, for both.

use heapless::Deque;
use miracast_core::media::{AudioChunk, AudioConfig, DropReason};
use miracast_core::time::Instant;
use miracast_kmd_iface::ring::{Consumer, RingError, SpanRange};
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};

use super::hearing::Hearing;
use crate::limits;

/// The miniport's audio stream that is open.
#[derive(Debug)]
pub(super) struct AudioStream {
    pub(super) id: u32,
    pub(super) ring: Consumer,
    pub(super) started: bool,
    pub(super) hearing: Hearing,
}

/// What became of the miniport's audio, as far as the packetizer has not counted it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AudioCounters {
    /// Chunks that were given to the packetizer.
    pub chunks: u64,
    /// Chunks that it did not send, whatever its reason.
    pub dropped: u64,
    /// Records that found the queue full.
    pub overrun: u64,
    /// Times that the ring held bytes whose record stayed away.
    pub missing: u64,
    /// Records that were thrown away because others were lost, or because the stream was closed.
    pub discarded: u64,
    /// Records of spans that were given back after a loss.
    pub stale: u64,
    /// Spans that are not in the ring.
    pub bad_span: u64,
    /// Chunks of a length that the format does not have; [`Self::dropped`] has them, too.
    pub misfit: u64,
    /// Streams with the number of the pictures' stream.
    pub same_number: u64,
    /// Rings that could not be mapped.
    pub bad_ring: u64,
    /// Times that the miniport's audio was given up, because it was refused or broke the contract.
    pub lost_streams: u64,
}

impl AudioCounters {
    /// Nothing so far.
    pub(super) const NONE: Self = Self {
        chunks: 0,
        dropped: 0,
        overrun: 0,
        missing: 0,
        discarded: 0,
        stale: 0,
        bad_span: 0,
        misfit: 0,
        same_number: 0,
        bad_ring: 0,
        lost_streams: 0,
    };
}

/// The audio stream's end of the engine.
#[derive(Debug)]
pub(super) struct Sound {
    pub(super) stream: Option<AudioStream>,
    queue: Deque<ChunkRecord, { limits::AUDIO_RECORDS_MAX }>,
    pub(super) counters: AudioCounters,
}

/// Audio, as the session wants it and as the miniport gives it.
#[derive(Debug)]
pub(super) struct Audio {
    /// What M4 agreed on.
    pub(super) agreed: Option<AudioConfig>,
    /// What it takes of the rate that Windows recommends, in bit/s, as far as that is known.
    pub(super) bit_rate: u64,
    /// The sink wants to hear nothing for a while.
    pub(super) muted: bool,
    pub(super) sound: Sound,
}

impl Audio {
    pub(super) const fn new() -> Self {
        Self {
            agreed: None,
            bit_rate: 0,
            muted: false,
            sound: Sound {
                stream: None,
                queue: Deque::new(),
                counters: AudioCounters::NONE,
            },
        }
    }

    /// Before a session.
    pub(super) fn reset(&mut self) {
        self.agreed = None;
        self.bit_rate = 0;
        self.muted = false;
        self.sound.counters = AudioCounters::NONE;
    }
}

/// What [`Sound::next`] found.
pub(super) enum Next {
    Chunk(SpanRange, AudioChunk),
    Nothing,
    BadSpan,
}

impl Sound {
    /// Takes a record if it is one of this stream.
    pub(super) fn take(&mut self, record: &ChunkRecord, now: Instant) -> bool {
        let open = self.stream.as_mut();
        let Some(stream) = open.filter(|stream| stream.id == record.stream) else {
            return false;
        };
        stream.hearing = Hearing::at(now);
        // The next record that is taken releases its span, too.
        self.counters.overrun += u64::from(self.queue.push_back(*record).is_err());
        true
    }

    /// Gives back chunks whose record has stayed away; `in_hand` if one is being packed.
    pub(super) fn miss_records(&mut self, in_hand: bool, now: Instant) {
        let Some(stream) = self.stream.as_mut().filter(|stream| stream.started) else {
            return;
        };
        if in_hand || !self.queue.is_empty() {
            stream.hearing = Hearing::at(now);
        }
        if stream.hearing.misses(&mut stream.ring, now) {
            self.counters.missing += 1;
            let _ = stream.ring.release_all();
        }
    }

    /// Throws away what waits.
    pub(super) fn discard(&mut self) {
        self.counters.discarded += self.queue.len() as u64;
        self.queue.clear();
    }

    /// The packetizer did not send a chunk.
    pub(super) fn dropped(&mut self, reason: DropReason) {
        self.counters.dropped += 1;
        let misfit = matches!(reason, DropReason::AudioLength | DropReason::Empty);
        self.counters.misfit += u64::from(misfit);
    }

    /// The next chunk and where it is.
    pub(super) fn next(&mut self) -> Next {
        while let (Some(stream), Some(record)) = (&mut self.stream, self.queue.pop_front()) {
            match stream.ring.span(&record) {
                Ok(span) => {
                    self.counters.chunks += 1;
                    let chunk = AudioChunk {
                        id: record.position,
                        captured: Instant::from_ticks(record.capture_time),
                        discontinuity: record.flags.contains(ChunkFlags::DISCONTINUITY),
                    };
                    return Next::Chunk(span, chunk);
                }
                // Its record was on the way while the ring was emptied after a loss.
                Err(RingError::Stale) => self.counters.stale += 1,
                Err(RingError::Corrupt { .. } | RingError::Beyond | RingError::OutOfRange) => {
                    self.counters.bad_span += 1;
                    return Next::BadSpan;
                }
            }
        }
        Next::Nothing
    }
}
