//! [`Streamer`]: the sans-I/O machine of the media plane.

use core::time::Duration;

use heapless::Vec;

use super::audio::Track;
use super::clock::{Clock, Passage};
use super::description::Description;
use super::gate::Gate;
use super::nal::{self, ParameterSets};
use super::pace::Pacer;
use super::packetizer::{self, Cut, Packetizer};
use super::pes;
use super::psi::Tables;
use super::rtp::BatchBuilder;
use super::ts::pid;
use super::{AudioChunk, Chunk, Counters, DropReason, Input, Output, Payload, StreamConfig};
use crate::limits;
use crate::time::Instant;
use crate::wfd::coded::Coding;

mod pictures;
mod sound;

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
    pacer: Pacer,
    tables: Tables,
    /// What the pictures are: `profile_idc`, flags and `level_idc` as they were agreed on, and the
    /// parameter sets of the encoder, which know better.
    coding: Coding,
    stated: [u8; 3],
    sets: ParameterSets,
    video: Packetizer<{ packetizer::CLEAR }>,
    sound: Track,
    /// The stream has had a packet of a picture: sound before that misleads players that take the
    /// first PES packet for the beginning of a picture (interop rule 20).
    pictures_began: bool,
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
    /// Sound that is not looked at yet.
    SoundWaiting(AudioChunk),
    SoundPacking(sound::Packing),
    /// To be reported as dropped.
    Dropped {
        id: u64,
        reason: DropReason,
    },
    /// To be reported as done when all of it has left.
    Done {
        id: u64,
    },
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
            pacer: Pacer::new(Duration::ZERO),
            coding: Coding::H264,
            stated: [0; 3],
            tables: Tables::new(0, Description::H264([0; 3]), None),
            sets: ParameterSets::default(),
            video: Packetizer::new(pid::VIDEO),
            sound: Track::new(),
            pictures_began: false,
            prefix: Vec::new(),
            batch: BatchBuilder::new(batch),
            counters: Counters::default(),
        }
    }

    /// Takes one input. Poll until idle before the next; only while datagrams wait to be sent may
    /// inputs other than [`Input::Chunk`] and [`Input::Audio`] come between.
    pub fn handle(&mut self, input: Input<'_>, now: Instant) {
        self.observe(now);
        match input {
            Input::Start(config) => self.start(config, now),
            Input::Pause => self.pause(),
            Input::Resume => self.resume(now),
            Input::Stop => self.stop(),
            Input::Coding(coding, stated) => self.change_coding(coding, stated),
            Input::ParameterSets(stream) => self.learn(stream),
            Input::Chunk(chunk) => self.take(Work::Waiting(chunk), now),
            Input::Hurry => self.pacer.hurry(),
            Input::EncoderClosed => self.close_encoder(),
            Input::ChunksLost => self.lose(now),
            Input::StartAudio(config) => self.change_sound(Some(config), now),
            Input::StopAudio => self.change_sound(None, now),
            Input::AudioRate(bit_rate) => self.rate_sound(bit_rate, now),
            Input::Audio(chunk) => self.take(Work::SoundWaiting(chunk), now),
        }
    }

    /// The next thing to do. `payload` is that of the chunk in hand, or
    /// [`NoPayload`](super::NoPayload) if there is none.
    pub fn poll<P: Payload + ?Sized>(&mut self, payload: &P, now: Instant) -> Output<'_> {
        self.observe(now);
        match self.step(payload, now) {
            Step::ChunkStart { id } => Output::ChunkStart { id },
            Step::Datagrams => Output::Datagrams(self.batch.pending()),
            Step::ChunkDone => Output::ChunkDone,
            Step::ChunkDropped { id, reason } => Output::ChunkDropped { id, reason },
            Step::NeedIdr => Output::NeedIdr,
            Step::Idle => Output::Idle { wake: self.wake() },
        }
    }

    /// Says how many of the datagrams given last have left. The next poll gives the rest again.
    pub fn sent(&mut self, datagrams: usize) {
        let partial = self.batch.sent(datagrams);
        self.counters.partial_sends += u64::from(partial);
    }

    /// The RTP time stamp of a datagram that would be built at `now`.
    pub fn rtp_time(&self, now: Instant) -> u32 {
        self.clock.rtp(now)
    }

    /// What was counted since the streamer was made, or since [`Self::count_anew`].
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Begins all counts at 0.
    pub fn count_anew(&mut self) {
        self.counters = Counters::default();
    }
}

/// Inputs.
impl Streamer<'_> {
    fn start(&mut self, config: &StreamConfig, now: Instant) {
        self.discard();
        self.batch.restart(config.ssrc, config.first_sequence);
        self.phase = Phase::Streaming;
        self.marker = config.marker;
        self.gate = Gate::new();
        self.clock = Clock::new(now, config.pts_lead);
        self.pacer = Pacer::new(config.pace);
        self.stated = [
            config.profile_idc,
            config.constraint_flags,
            config.level_idc,
        ];
        self.sound.restart();
        self.pictures_began = false;
        let video = self.description();
        self.tables = Tables::new(config.psi_version, video, self.sound.entry());
        self.tables.set_due(Some(now));
        self.video = Packetizer::new(pid::VIDEO);
    }

    fn pause(&mut self) {
        if self.phase == Phase::Streaming {
            self.phase = Phase::Paused;
            self.tables.set_due(None);
            self.end_silence();
            self.pacer.hurry();
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
            self.begin_silence(now);
        }
    }

    fn stop(&mut self) {
        self.discard();
        self.phase = Phase::Stopped;
        self.gate = Gate::new();
        self.tables.set_due(None);
        self.sets = ParameterSets::default();
        self.sound = Track::new();
    }

    fn change_coding(&mut self, coding: Coding, stated: [u8; 3]) {
        if self.coding != coding {
            self.sets = ParameterSets::default();
        }
        (self.coding, self.stated) = (coding, stated);
        self.tables.describe(self.description());
    }

    fn learn(&mut self, stream: &[u8]) {
        if stream.is_empty() {
            self.sets = ParameterSets::default();
        } else if let Some(sets) = ParameterSets::parse(self.coding, stream) {
            self.sets = sets;
        } else {
            self.counters.parameter_sets_refused += 1;
        }
        self.tables.describe(self.description());
    }

    /// What the PMT says of the pictures.
    fn description(&self) -> Description {
        let stated = Description::stated(self.coding, self.stated);
        self.sets.description().unwrap_or(stated)
    }

    fn take(&mut self, work: Work, now: Instant) {
        let picture = matches!(self.work, Work::Waiting(_) | Work::Packing(_));
        self.abandon(DropReason::Overrun);
        if picture {
            self.ask_for_idr(now);
        }
        if let Work::Dropped { id, reason } = self.work {
            self.overrun = Some((id, reason));
        }
        self.work = work;
    }

    fn lose(&mut self, now: Instant) {
        self.abandon_pictures(DropReason::Lost);
        self.ask_for_idr(now);
    }

    fn close_encoder(&mut self) {
        self.abandon_pictures(DropReason::Stopped);
        self.gate.begin_again();
    }

    /// Gives up the picture in hand, and all up to the beginning of another.
    fn abandon_pictures(&mut self, reason: DropReason) {
        if matches!(self.work, Work::Waiting(_) | Work::Packing(_)) {
            self.abandon(reason);
        }
        self.gate.skip_rest(reason, &mut self.counters);
    }

    fn ask_for_idr(&mut self, now: Instant) {
        if self.phase == Phase::Streaming {
            self.gate.lose_references(now);
        }
    }

    /// Throws away what has not left.
    fn discard(&mut self) {
        if let Work::Done { id } = self.work
            && self.batch.is_pending()
        {
            let reason = DropReason::Stopped;
            self.counters.drop_chunk(reason);
            self.work = Work::Dropped { id, reason };
        }
        self.abandon(DropReason::Stopped);
        self.batch.clear();
    }

    /// Gives up the chunk in hand. What of it is in datagrams already is sent all the same.
    fn abandon(&mut self, reason: DropReason) {
        let id = match self.work {
            Work::None | Work::Dropped { .. } | Work::Done { .. } => return,
            Work::Waiting(chunk) => {
                self.gate.refuse(chunk.flags, reason, &mut self.counters);
                chunk.id
            }
            Work::Packing(packing) => {
                let flags = packing.chunk.flags;
                self.gate.tear(flags, reason, &mut self.counters);
                packing.chunk.id
            }
            Work::SoundWaiting(AudioChunk { id, .. })
            | Work::SoundPacking(sound::Packing { id, .. }) => {
                self.counters.drop_chunk(reason);
                id
            }
        };
        self.work = Work::Dropped { id, reason };
    }
}

/// Time.
impl Streamer<'_> {
    /// Looks at the machine's clock. After a jump the sink is told at once, and what was to be done at a
    /// time of the clock as it was begins anew.
    fn observe(&mut self, now: Instant) {
        let streaming = self.phase == Phase::Streaming;
        match self.clock.observe(now) {
            Passage::Steady => return,
            Passage::Leap if !streaming => return,
            Passage::Leap => {}
            Passage::Back => self.gate.go_back(now),
        }
        self.clock.break_base();
        self.counters.clock_jumps += 1;
        if streaming {
            self.tables.set_due(Some(now));
            self.begin_silence(now);
            self.pacer.hurry();
        }
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
            Work::None => self.rest(now),
            Work::Waiting(chunk) => self.begin(chunk, payload, now),
            Work::Packing(packing) => match self.pacer.allow(now) {
                Some(datagrams) => self.pack(packing, datagrams, payload, now),
                None => self.rest(now),
            },
            Work::SoundWaiting(chunk) => self.begin_sound(chunk, payload.len(), now),
            Work::SoundPacking(sound) => self.pack_sound(sound, payload, now),
            Work::Dropped { id, reason } => self.report_drop(id, reason),
            Work::Done { .. } => {
                self.work = Work::None;
                Step::ChunkDone
            }
        }
    }

    fn report_drop(&mut self, id: u64, reason: DropReason) -> Step {
        self.work = Work::Done { id };
        Step::ChunkDropped { id, reason }
    }

    /// Nothing of a chunk is to be sent now; perhaps the timer asks for something.
    fn rest(&mut self, now: Instant) -> Step {
        if self.repeat().is_none_or(|due| due > now) {
            return Step::Idle;
        }
        self.write_due(now);
        self.batch.flush(false, &mut self.counters);
        Step::Datagrams
    }

    /// When there is something to send without an input.
    fn wake(&self) -> Option<Instant> {
        let paced = match self.work {
            Work::Packing(_) => self.pacer.due(),
            _ => None,
        };
        self.repeat().into_iter().chain(paced).min()
    }

    /// When tables or silence are due.
    fn repeat(&self) -> Option<Instant> {
        self.tables.due().into_iter().chain(self.sound.due()).min()
    }

    /// Writes what the timer asks for: the tables, then silence.
    fn write_due(&mut self, now: Instant) {
        if self.tables.due().is_some_and(|due| due <= now) {
            self.write_tables(now);
        }
        self.write_silence(now);
    }

    fn write_tables(&mut self, now: Instant) {
        self.batch.stamp(self.clock.rtp(now));
        let new_base = self.clock.is_broken();
        self.tables.write(&mut self.batch, &mut self.clock, now);
        // The marker says that the time stamp is not to be compared with the one before (RFC 2250 §2),
        // unless it ends pictures in this session.
        if new_base && !self.marker {
            self.batch.mark();
        }
        self.counters.psi_groups += 1;
    }
}
