//! The streamer as a whole, seen from the far end of the wire.

mod access_units;
mod clock;
mod demuxer;
mod hevc;
mod hostile;
mod pacing;
mod sending;
mod silence;
mod sound;
mod timing;

use core::time::Duration;
use std::boxed::Box;
use std::vec;
use std::vec::Vec;

use super::{
    AudioChunk, AudioConfig, Batch, Chunk, ChunkFlags, DropReason, Input, NoPayload, Output,
    Streamer,
};
use super::{Payload, StreamConfig};
use crate::limits::{BATCH_BYTES, DATAGRAM_BYTES};
use crate::time::Instant;
use crate::wfd::audio::ChosenAudio;
use demuxer::Demuxer;

const SPS: [u8; 11] = [0, 0, 0, 1, 0x67, 0x64, 0x0C, 0x28, 0xAC, 0x2B, 0x40];
const PPS: [u8; 8] = [0, 0, 0, 1, 0x68, 0xEE, 0x3C, 0xB0];
const AUD_IDR: [u8; 6] = [0, 0, 0, 1, 9, 0x10];
const AUD_P: [u8; 6] = [0, 0, 0, 1, 9, 0x30];

const CONFIG: StreamConfig = StreamConfig {
    profile_idc: 0x42,
    constraint_flags: 0xC0,
    level_idc: 0x1F,
    marker: true,
    psi_version: 0,
    ssrc: 0x1122_3344,
    first_sequence: 0xFFF0,
    pts_lead: Duration::from_millis(80),
    pace: Duration::ZERO,
};

/// A whole picture in one chunk.
const WHOLE: ChunkFlags = ChunkFlags::FRAME_START.union(ChunkFlags::FRAME_END);

/// A whole IDR in one chunk, without delimiter and parameter sets.
const WHOLE_IDR: ChunkFlags = WHOLE.union(ChunkFlags::IDR);

/// Sound in this format, described.
const fn in_format(format: ChosenAudio) -> AudioConfig {
    AudioConfig {
        format,
        descriptors: true,
        silence: false,
    }
}

/// What the streamer said, without the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Start(u64),
    Datagrams(usize),
    Done,
    Dropped(u64, DropReason),
    NeedIdr,
}

/// Memory for a batch.
pub(super) fn memory() -> Box<[u8; BATCH_BYTES]> {
    vec![0; BATCH_BYTES]
        .try_into()
        .expect("as long as it was made")
}

fn start_time() -> Instant {
    Instant::from_ticks(987_654_321)
}

/// A slice of `length` bytes that has no start code in it.
fn slice(idr: bool, length: usize) -> Vec<u8> {
    let header = [0, 0, 0, 1, if idr { 0x65 } else { 0x41 }];
    let content = (0..length).map(|at| (at % 251) as u8 | 4);
    header.into_iter().chain(content).take(length).collect()
}

/// A streamer, its clock, and a receiver that checks everything that it sends.
struct Rig<'m> {
    streamer: Streamer<'m>,
    now: Instant,
    next_id: u64,
    receiver: Demuxer,
    datagrams: Vec<Vec<u8>>,
}

impl<'m> Rig<'m> {
    /// A streamer without a stream.
    fn idle(memory: &'m mut [u8; BATCH_BYTES]) -> Self {
        Self {
            streamer: Streamer::new(memory),
            now: start_time(),
            next_id: 100,
            receiver: Demuxer::new(&CONFIG),
            datagrams: vec![],
        }
    }

    /// A stream that has begun.
    fn new(memory: &'m mut [u8; BATCH_BYTES]) -> Self {
        let mut rig = Self::idle(memory);
        assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
        rig
    }

    /// A stream that has begun and has sent an IDR with the parameter sets.
    fn playing(memory: &'m mut [u8; BATCH_BYTES]) -> Self {
        let mut rig = Self::new(memory);
        let sets = [&SPS[..], &PPS].concat();
        assert_eq!(rig.input(Input::ParameterSets(&sets)), []);
        rig.chunk(WHOLE_IDR, &slice(true, 3000));
        rig
    }

    fn input(&mut self, input: Input<'_>) -> Vec<Said> {
        self.streamer.handle(input, self.now);
        self.drain(&NoPayload)
    }

    fn chunk(&mut self, flags: ChunkFlags, bytes: &[u8]) -> Vec<Said> {
        self.begin_chunk(flags);
        self.drain(bytes)
    }

    /// Hands a chunk in without polling.
    fn begin_chunk(&mut self, flags: ChunkFlags) {
        let chunk = Chunk {
            id: self.next_id,
            flags,
            captured: self.now - Duration::from_millis(10),
            arrived: self.now,
        };
        self.next_id += 1;
        self.streamer.handle(Input::Chunk(chunk), self.now);
    }

    /// Hands in sound that was captured 15 ms ago.
    fn sound(&mut self, bytes: &[u8]) -> Vec<Said> {
        self.begin_sound(self.now - Duration::from_millis(15));
        self.drain(bytes)
    }

    /// Hands sound in without polling.
    fn begin_sound(&mut self, captured: Instant) {
        let chunk = AudioChunk {
            id: self.next_id,
            captured,
            discontinuity: false,
        };
        self.next_id += 1;
        self.streamer.handle(Input::Audio(chunk), self.now);
    }

    /// The next thing that the streamer says; datagrams are received at once.
    fn poll<P: Payload + ?Sized>(&mut self, payload: &P) -> Option<Said> {
        let said = match self.streamer.poll(payload, self.now) {
            Output::ChunkStart { id } => Said::Start(id),
            Output::Datagrams(batch) => {
                let count = receive(&mut self.receiver, &mut self.datagrams, &batch, usize::MAX);
                self.streamer.sent(count);
                Said::Datagrams(count)
            }
            Output::ChunkDone => Said::Done,
            Output::ChunkDropped { id, reason } => Said::Dropped(id, reason),
            Output::NeedIdr => Said::NeedIdr,
            Output::Idle { .. } => return None,
        };
        Some(said)
    }

    fn drain<P: Payload + ?Sized>(&mut self, payload: &P) -> Vec<Said> {
        core::iter::from_fn(|| self.poll(payload)).collect()
    }

    fn wake(&mut self) -> Option<Instant> {
        match self.streamer.poll(&NoPayload, self.now) {
            Output::Idle { wake } => wake,
            other => panic!("not idle: {other:?}"),
        }
    }

    fn advance(&mut self, time: Duration) {
        self.now = self.now + time;
    }
}

/// Receives up to `most` datagrams of `batch`; returns how many.
fn receive(
    receiver: &mut Demuxer,
    log: &mut Vec<Vec<u8>>,
    batch: &Batch<'_>,
    most: usize,
) -> usize {
    assert_eq!(batch.segment, DATAGRAM_BYTES);
    assert!(!batch.bytes.is_empty() && batch.bytes.len() <= BATCH_BYTES);
    let taken = batch.datagrams().take(most);
    taken
        .map(|datagram| {
            receiver.datagram(datagram);
            log.push(datagram.to_vec());
        })
        .count()
}
