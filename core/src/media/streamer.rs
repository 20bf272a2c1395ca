//! [`Streamer`]: the sans-I/O machine of the media plane.

use heapless::Vec;

use super::clock::Clock;
use super::gate::{Gate, Part};
use super::nal::{self, ParameterSets};
use super::packetizer::{self, Cut, Packetizer, PesBytes};
use super::pes;
use super::psi::Tables;
use super::rtp::BatchBuilder;
use super::ts::pid;
use super::{Chunk, ChunkFlags, Counters, DropReason, Input, Output, Payload, StreamConfig};
use crate::limits;
use crate::time::Instant;

/// Most bytes that go before a chunk: PES header, delimiter, parameter sets.
const PREFIX_MAX: usize = pes::HEADER_BYTES + nal::DELIMITER_BYTES + limits::PARAMETER_SETS_MAX;

/// Packs chunks into batches of RTP datagrams.
///
/// Nothing is held back: when a chunk has been packed, all its bytes are in datagrams that were
/// handed out. The price is one packet with stuffing at the end of each chunk, 92 bytes on average,
/// and a datagram that is not full.
///
/// Each chunk ends with exactly one [`Output::ChunkDone`] (but see [`Output::ChunkDropped`]), also
/// when the stream is stopped while it is in hand.
#[derive(Debug)]
pub struct Streamer<'m> {
    phase: Phase,
    marker: bool,
    work: Work,
    /// A chunk that was in hand when the next one came.
    overrun: Option<(u64, DropReason)>,
    gate: Gate,
    clock: Clock,
    tables: Tables,
    sets: ParameterSets,
    video: Packetizer<{ packetizer::CLEAR }>,
    /// What goes before the chunk in hand.
    prefix: Vec<u8, PREFIX_MAX>,
    batch: BatchBuilder<'m>,
    counters: Counters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Stopped,
    Streaming,
    Paused,
}

/// The chunk in hand.
#[derive(Clone, Copy, Debug)]
enum Work {
    None,
    /// Not looked at yet.
    Waiting(Chunk),
    Packing(Packing),
    /// To be reported as dropped.
    Dropped {
        id: u64,
        reason: DropReason,
    },
    /// To be reported as done.
    Done,
}

#[derive(Clone, Copy, Debug)]
struct Packing {
    chunk: Chunk,
    /// Bytes of the payload, and how many of the first are in the prefix already.
    length: usize,
    skip: usize,
    cut: Cut,
}

/// An [`Output`] that borrows nothing.
#[derive(Clone, Copy, Debug)]
enum Step {
    ChunkStart { id: u64 },
    Datagrams,
    ChunkDone,
    ChunkDropped { id: u64, reason: DropReason },
    NeedIdr,
    Idle,
}

impl<'m> Streamer<'m> {
    /// A streamer without a stream, which builds datagrams in `batch`.
    pub fn new(batch: &'m mut [u8; limits::BATCH_BYTES]) -> Self {
        Self {
            phase: Phase::Stopped,
            marker: false,
            work: Work::None,
            overrun: None,
            gate: Gate::new(),
            clock: Clock::new(Instant::ZERO, limits::PTS_LEAD),
            tables: Tables::new([0; 3]),
            sets: ParameterSets::default(),
            video: Packetizer::new(pid::VIDEO),
            prefix: Vec::new(),
            batch: BatchBuilder::new(batch),
            counters: Counters::default(),
        }
    }

    /// Takes one input. Poll until idle before the next; only while datagrams wait to be sent may
    /// inputs other than [`Input::Chunk`] come between.
    pub fn handle(&mut self, input: Input<'_>, now: Instant) {
        match input {
            Input::Start(config) => self.start(config, now),
            Input::Pause => self.pause(),
            Input::Resume => self.resume(now),
            Input::Stop => self.stop(),
            Input::ParameterSets(stream) => self.learn(stream),
            Input::Chunk(chunk) => self.take(chunk, now),
            Input::ChunksLost => self.lose(now),
        }
    }

    /// The next thing to do. `payload` is that of the chunk in hand, or
    /// [`NoPayload`](super::NoPayload) if there is none.
    pub fn poll<P: Payload + ?Sized>(&mut self, payload: &P, now: Instant) -> Output<'_> {
        match self.step(payload, now) {
            Step::ChunkStart { id } => Output::ChunkStart { id },
            Step::Datagrams => Output::Datagrams(self.batch.pending()),
            Step::ChunkDone => Output::ChunkDone,
            Step::ChunkDropped { id, reason } => Output::ChunkDropped { id, reason },
            Step::NeedIdr => Output::NeedIdr,
            Step::Idle => Output::Idle {
                wake: self.tables.due(),
            },
        }
    }

    /// Says how many of the datagrams given last have left. The next poll gives the rest again.
    pub fn sent(&mut self, datagrams: usize) {
        let partial = self.batch.sent(datagrams);
        self.counters.partial_sends += u64::from(partial);
    }

    /// What was counted since the streamer was made.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}

/// Inputs.
impl Streamer<'_> {
    fn start(&mut self, config: &StreamConfig, now: Instant) {
        self.abandon(DropReason::Stopped);
        self.batch.restart(config.ssrc, config.first_sequence);
        self.phase = Phase::Streaming;
        self.marker = config.marker;
        self.gate = Gate::new();
        self.clock = Clock::new(now, config.pts_lead);
        let stated = [
            config.profile_idc,
            config.constraint_flags,
            config.level_idc,
        ];
        self.tables = Tables::new(self.sets.avc().unwrap_or(stated));
        self.tables.set_due(Some(now));
        self.video = Packetizer::new(pid::VIDEO);
    }

    fn pause(&mut self) {
        if self.phase == Phase::Streaming {
            self.phase = Phase::Paused;
            self.tables.set_due(None);
            self.gate.begin_again();
            // The chunk in hand goes out to its end: its PES length may be out already.
            if !matches!(self.work, Work::Waiting(_)) {
                self.gate.skip_rest(DropReason::Paused, &mut self.counters);
            }
        }
    }

    fn resume(&mut self, now: Instant) {
        if self.phase == Phase::Paused {
            self.phase = Phase::Streaming;
            self.tables.set_due(Some(now));
        }
    }

    fn stop(&mut self) {
        self.abandon(DropReason::Stopped);
        self.phase = Phase::Stopped;
        self.gate = Gate::new();
        self.tables.set_due(None);
        self.batch.clear();
        self.sets = ParameterSets::default();
    }

    fn learn(&mut self, stream: &[u8]) {
        if stream.is_empty() {
            self.sets = ParameterSets::default();
            return;
        }
        match ParameterSets::parse(stream) {
            Some(sets) => {
                if let Some(avc) = sets.avc() {
                    self.tables.describe(avc);
                }
                self.sets = sets;
            }
            None => self.counters.parameter_sets_refused += 1,
        }
    }

    fn take(&mut self, chunk: Chunk, now: Instant) {
        if matches!(self.work, Work::Waiting(_) | Work::Packing(_)) {
            self.abandon(DropReason::Overrun);
            self.ask_for_idr(now);
        }
        if let Work::Dropped { id, reason } = self.work {
            self.overrun = Some((id, reason));
        }
        self.work = Work::Waiting(chunk);
    }

    fn lose(&mut self, now: Instant) {
        self.abandon(DropReason::Lost);
        self.gate.skip_rest(DropReason::Lost, &mut self.counters);
        self.ask_for_idr(now);
    }

    fn ask_for_idr(&mut self, now: Instant) {
        if self.phase == Phase::Streaming {
            self.gate.lose_references(now);
        }
    }

    /// Gives up the chunk in hand. What of it is in datagrams already is sent all the same.
    fn abandon(&mut self, reason: DropReason) {
        let chunk = match self.work {
            Work::None | Work::Dropped { .. } | Work::Done => return,
            Work::Waiting(chunk) => {
                self.gate.refuse(chunk.flags, reason, &mut self.counters);
                chunk
            }
            Work::Packing(packing) => {
                let flags = packing.chunk.flags;
                self.gate.tear(flags, reason, &mut self.counters);
                packing.chunk
            }
        };
        self.work = Work::Dropped {
            id: chunk.id,
            reason,
        };
    }
}

/// Outputs.
impl Streamer<'_> {
    fn step<P: Payload + ?Sized>(&mut self, payload: &P, now: Instant) -> Step {
        if self.batch.is_pending() {
            return Step::Datagrams;
        }
        if let Some((id, reason)) = self.overrun.take() {
            return Step::ChunkDropped { id, reason };
        }
        if self.gate.take_request() {
            self.counters.idr_requests += 1;
            return Step::NeedIdr;
        }
        match self.work {
            Work::None if self.is_due(now) => {
                self.write_tables(now);
                self.batch.flush(false, &mut self.counters);
                Step::Datagrams
            }
            Work::None => Step::Idle,
            Work::Waiting(chunk) => self.begin(chunk, payload, now),
            Work::Packing(packing) => self.pack(packing, payload, now),
            Work::Dropped { id, reason } => self.report_drop(id, reason),
            Work::Done => {
                self.work = Work::None;
                Step::ChunkDone
            }
        }
    }

    fn report_drop(&mut self, id: u64, reason: DropReason) -> Step {
        self.work = Work::Done;
        Step::ChunkDropped { id, reason }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.tables.due().is_some_and(|due| due <= now)
    }

    fn write_tables(&mut self, now: Instant) {
        self.batch.stamp(self.clock.rtp(now));
        self.tables.write(&mut self.batch, &self.clock, now);
        self.counters.psi_groups += 1;
    }

    fn begin<P: Payload + ?Sized>(&mut self, chunk: Chunk, payload: &P, now: Instant) -> Step {
        let length = payload.len();
        let part = match self.admit(chunk.flags, length, now) {
            Ok(part) => part,
            Err(reason) => return self.report_drop(chunk.id, reason),
        };
        self.prefix.clear();
        let starts = part == Part::First;
        let skip = if starts {
            self.begin_unit(chunk, payload, now)
        } else {
            self.counters.es_bytes += length as u64;
            0
        };
        let cut = Cut {
            done: 0,
            starts,
            random_access: starts && chunk.flags.contains(ChunkFlags::IDR),
        };
        self.work = Work::Packing(Packing {
            chunk,
            length,
            skip,
            cut,
        });
        Step::ChunkStart { id: chunk.id }
    }

    fn admit(
        &mut self,
        flags: ChunkFlags,
        length: usize,
        now: Instant,
    ) -> Result<Part, DropReason> {
        let reason = match self.phase {
            Phase::Streaming => {
                return self.gate.admit(flags, length, now, &mut self.counters);
            }
            Phase::Stopped => DropReason::Stopped,
            Phase::Paused => DropReason::Paused,
        };
        self.gate.refuse(flags, reason, &mut self.counters);
        Err(reason)
    }

    /// Writes what goes before the first chunk of an access unit: PES header, delimiter, parameter
    /// sets. Returns how many first bytes of the payload that includes.
    fn begin_unit<P: Payload + ?Sized>(
        &mut self,
        chunk: Chunk,
        payload: &P,
        now: Instant,
    ) -> usize {
        let lacks_sets =
            chunk.flags & (ChunkFlags::IDR | ChunkFlags::HAS_PARAMETER_SETS) == ChunkFlags::IDR;
        let sets = if lacks_sets { self.sets.bytes() } else { &[] };
        self.counters.parameter_sets_inserted += u64::from(!sets.is_empty());
        self.counters.parameter_sets_missing += u64::from(lacks_sets && sets.is_empty());
        let (delimiter, skip) =
            delimiter(chunk.flags, !sets.is_empty(), payload, &mut self.counters);
        let delimiter = delimiter.as_ref().map_or(&[][..], |bytes| bytes);

        let length = delimiter.len() + sets.len() + payload.len() - skip;
        self.counters.es_bytes += length as u64;
        let pts = self.clock.pts(chunk.captured, now, &mut self.counters);
        let whole = chunk.flags.contains(ChunkFlags::FRAME_END);
        let header = pes::video_header(pts, whole.then_some(length));
        self.prefix.extend(header);
        self.prefix.extend(delimiter.iter().copied());
        self.prefix.extend(sets.iter().copied());
        skip
    }

    fn pack<P: Payload + ?Sized>(
        &mut self,
        mut packing: Packing,
        payload: &P,
        now: Instant,
    ) -> Step {
        let flags = packing.chunk.flags;
        if payload.len() != packing.length {
            let reason = DropReason::PayloadChanged;
            self.gate.tear(flags, reason, &mut self.counters);
            self.ask_for_idr(now);
            return self.report_drop(packing.chunk.id, reason);
        }
        let before_idr = packing.cut.random_access && packing.cut.done == 0;
        let wanted = before_idr && self.phase == Phase::Streaming && !self.tables.are_fresh(now);
        if wanted || self.is_due(now) {
            self.write_tables(now);
        }
        self.batch.stamp(self.clock.rtp(now));
        let bytes = PesBytes::new(&self.prefix, payload, packing.skip);
        let ended = self.video.pack(&mut self.batch, &bytes, &mut packing.cut);
        let marker = ended && self.marker && flags.contains(ChunkFlags::FRAME_END);
        self.batch.flush(marker, &mut self.counters);
        self.work = if ended {
            Work::Done
        } else {
            Work::Packing(packing)
        };
        Step::Datagrams
    }
}

/// The delimiter to write before a chunk that begins an access unit, and how many bytes of the chunk
/// it replaces. `None` if the chunk's own stays where it is: only what goes between it and the slices
/// takes it away from there.
fn delimiter<P: Payload + ?Sized>(
    flags: ChunkFlags,
    something_follows: bool,
    payload: &P,
    counters: &mut Counters,
) -> (Option<[u8; nal::DELIMITER_BYTES]>, usize) {
    let own = nal::delimiter(flags.contains(ChunkFlags::IDR));
    if !flags.contains(ChunkFlags::HAS_AUD) {
        counters.delimiters_inserted += 1;
        return (Some(own), 0);
    }
    if !something_follows {
        return (None, 0);
    }
    let mut look = [0; nal::LOOK_BYTES];
    let first = &mut look[..payload.len().min(nal::LOOK_BYTES)];
    payload.copy(0, first);
    if let Some((found, length)) = nal::leading_delimiter(first) {
        (Some(found), length)
    } else {
        counters.delimiter_flag_wrong += 1;
        counters.delimiters_inserted += 1;
        (Some(own), 0)
    }
}
