//! The encoder stream and its chunks, from the record that Windows hands over to the send call. The
//! chunks of sound go the same way from where the packetizer takes them: one is in hand at a time.

use heapless::Deque;
use miracast_core::media::{
    Batch, Chunk, ChunkFlags, Counters, Input, NoPayload, Output, RTP_HEADER_BYTES, Streamer,
};
use miracast_core::rate::{Backlog, Rate};
use miracast_core::session::StreamRequest;
use miracast_core::time::Instant;
use miracast_kmd_iface::ChunkRecord;
use miracast_kmd_iface::ring::{Consumer, RingError, SpanRange};

use super::hearing::Hearing;
use super::shell::{Shell, Statistic};
use super::sound::{Next, Sound};
use crate::limits;
use crate::os::Transfer;
use crate::records::records;
use crate::ring_payload::RingPayload;

#[cfg(test)]
mod tests;

/// An encoder stream that is open.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) id: u32,
    pub(super) ring: Consumer,
    pub(super) request: StreamRequest,
    /// The rate that it was opened with.
    pub(super) opened_with: Rate,
    pub(super) started: bool,
    pub(super) hearing: Hearing,
}

/// A record that waits for the packetizer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queued {
    id: u64,
    record: ChunkRecord,
    arrived: Instant,
}

/// The memory of the records that wait.
pub(super) type Queue = Deque<Queued, { limits::RECORDS_MAX }>;

/// What the miniport did wrong with its records, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordCounters {
    /// Private data that is no chunk record, or breaks its rules.
    pub malformed: u64,
    /// Records of a stream that is not open: legal while an old stream ends.
    pub other_stream: u64,
    /// Spans that are not in the ring.
    pub bad_span: u64,
    /// Records of spans that were given back after a loss.
    pub stale: u64,
    /// Records that found the queue full.
    pub overrun: u64,
    /// Times that the ring held bytes whose record stayed away.
    pub missing: u64,
    /// Datagrams that the network refused: it is away, or a firewall is in between.
    pub unsendable: u64,
}

/// What has left of the RTP stream, as sender reports count it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// Datagrams, modulo 2^32.
    pub(super) packets: u32,
    /// Bytes of payload in them, modulo 2^32.
    pub(super) octets: u32,
}

impl Sent {
    fn add(&mut self, datagrams: usize, bytes: usize) {
        let payload = bytes.saturating_sub(datagrams * RTP_HEADER_BYTES);
        self.packets = self.packets.wrapping_add(datagrams as u32);
        self.octets = self.octets.wrapping_add(payload as u32);
    }
}

/// When media began to wait for room, and what there was by then.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    since: Instant,
    sent: Sent,
    /// Bytes that were packed, but are not the pictures' own.
    beside: u64,
}

/// The chunks of the open stream on their way.
#[derive(Debug)]
pub(super) struct Pictures<'m> {
    pub(super) stream: Option<Stream>,
    queue: &'m mut Queue,
    current: Option<SpanRange>,
    /// The chunk that was given to the packetizer last is one of sound. Its number is none of Windows',
    /// so nothing is reported of it.
    is_sound: bool,
    /// The chunk that was announced as sent and is not packed to its end.
    announced: Option<u64>,
    /// A send found no room, or there were enough of them; nothing is built before this time.
    blocked_until: Option<Instant>,
    wake: Option<Instant>,
    pub(super) sent: Sent,
    /// Not all of it can leave.
    waiting: Option<Waiting>,
    pub(super) counters: RecordCounters,
    /// Chunks that were reported as not sent.
    pub(super) dropped: u64,
}

/// What the owner has to do after [`Pictures::pump`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pumped {
    /// The encoder must be asked for an IDR picture.
    pub(super) need_idr: bool,
    /// The miniport broke the contract of the ring.
    pub(super) bad_span: bool,
    /// The same, of the ring of the audio.
    pub(super) bad_sound: bool,
}

impl<'m> Pictures<'m> {
    pub(super) fn new(queue: &'m mut Queue) -> Self {
        // An earlier context may have left something in it.
        queue.clear();
        Self {
            stream: None,
            queue,
            current: None,
            is_sound: false,
            announced: None,
            blocked_until: None,
            wake: None,
            sent: Sent {
                packets: 0,
                octets: 0,
            },
            waiting: None,
            counters: RecordCounters {
                malformed: 0,
                other_stream: 0,
                bad_span: 0,
                stale: 0,
                overrun: 0,
                missing: 0,
                unsendable: 0,
            },
            dropped: 0,
        }
    }

    /// When [`Self::pump`] must run again.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match (self.blocked_until, self.wake) {
            (Some(blocked), _) => Some(blocked),
            (None, wake) => wake,
        }
    }

    /// Forgets everything that came from the present stream, whose ring goes away, and reports what
    /// waited. The streamer tells of the chunk in hand.
    pub(super) fn forget(&mut self, shell: &mut impl Shell) {
        self.drop_queue(shell);
        if !self.is_sound {
            self.current = None;
        }
        self.blocked_until = None;
        self.waiting = None;
    }

    /// The stream stops: what leaves from now on is no measure of the link.
    pub(super) fn interrupt(&mut self) {
        self.waiting = None;
    }

    /// Media that waits for room, if any does, and what could leave since. `counters` are the
    /// streamer's. What it has packed and could not send yet is one batch at most, and little of that
    /// is not the pictures' own: all that is not is taken as sent.
    pub(super) fn backlog(&self, counters: &Counters) -> Option<Backlog> {
        let waiting = self.waiting?;
        let octets = self.sent.octets.wrapping_sub(waiting.sent.octets);
        let drained = 8 * u64::from(octets);
        let beside = 8 * counters.bytes_beside().saturating_sub(waiting.beside);
        Some(Backlog {
            since: waiting.since,
            drained,
            pictures: drained.saturating_sub(beside),
        })
    }

    /// Forgets what came from the audio stream; its ring goes away.
    pub(super) fn forget_sound(&mut self, sound: &mut Sound) {
        sound.discard();
        if self.is_sound {
            self.current = None;
        }
    }

    /// Takes the records of one `GetNextChunkData`. False if records were lost for want of room.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        sound: &mut Sound,
        now: Instant,
        shell: &mut impl Shell,
    ) -> bool {
        let mut complete = true;
        for raw in records(bytes) {
            // A record without private data only tells of a stage of processing.
            if raw.private.is_empty() {
                continue;
            }
            match ChunkRecord::decode(raw.private) {
                Ok(record) if sound.take(&record, now) => {}
                Ok(record) => {
                    let queued = Queued {
                        id: raw.chunk_id,
                        record,
                        arrived: now,
                    };
                    complete &= self.enqueue(queued, shell);
                }
                Err(_) => self.counters.malformed += 1,
            }
        }
        complete
    }

    fn enqueue(&mut self, queued: Queued, shell: &mut impl Shell) -> bool {
        let open = self.stream.as_mut();
        let Some(stream) = open.filter(|stream| stream.id == queued.record.stream) else {
            self.counters.other_stream += 1;
            return true;
        };
        stream.hearing = Hearing::at(queued.arrived);
        let taken = self.queue.push_back(queued).is_ok();
        if !taken {
            self.counters.overrun += 1;
            drop_chunk(&mut self.dropped, queued.id, shell);
        }
        taken
    }

    /// Records were lost: what waits here is from before the loss and would only be dropped. The
    /// ring is emptied, because one that is full of chunks without records stays full for ever.
    pub(super) fn lost(&mut self, sound: &mut Sound, shell: &mut impl Shell) {
        self.drop_queue(shell);
        if let Some(stream) = &mut self.stream {
            // A position that cannot be is found again, and acted on, with the next record.
            let _ = stream.ring.release_all();
        }
        self.forget_sound(sound);
        if let Some(stream) = &mut sound.stream {
            // The same.
            let _ = stream.ring.release_all();
        }
    }

    /// Whether the record of a picture has stayed away.
    pub(super) fn miss_records(&mut self, now: Instant) -> bool {
        let Some(stream) = self.stream.as_mut().filter(|stream| stream.started) else {
            return false;
        };
        if self.current.is_some() && !self.is_sound || !self.queue.is_empty() {
            stream.hearing = Hearing::at(now);
        }
        let missing = stream.hearing.misses(&mut stream.ring, now);
        self.counters.missing += u64::from(missing);
        missing
    }

    /// Gives back chunks of sound whose record has stayed away.
    pub(super) fn miss_sound(&self, sound: &mut Sound, now: Instant) {
        sound.miss_records(self.current.is_some() && self.is_sound, now);
    }

    fn drop_queue(&mut self, shell: &mut impl Shell) {
        while let Some(Queued { id, .. }) = self.queue.pop_front() {
            drop_chunk(&mut self.dropped, id, shell);
        }
    }

    /// Packs and sends until there is nothing to do, the socket has no room, or `batches` are sent.
    pub(super) fn pump(
        &mut self,
        streamer: &mut Streamer<'_>,
        sound: &mut Sound,
        batches: usize,
        now: Instant,
        shell: &mut impl Shell,
    ) -> Pumped {
        let mut pumped = Pumped::default();
        let mut left = batches;
        if self.blocked_until.is_some_and(|until| until > now) {
            return pumped;
        }
        self.blocked_until = None;
        loop {
            match self.poll(streamer, sound, now) {
                Output::ChunkStart { .. } if self.is_sound => {}
                Output::ChunkStart { id } => {
                    self.announced = Some(id);
                    shell.report_statistic(Statistic::ChunkSent { id });
                }
                Output::Datagrams(batch) => {
                    let (all, sent) = (batch.datagrams().len(), self.send(&batch, shell));
                    streamer.sent(sent);
                    left = left.saturating_sub(1);
                    if sent < all {
                        self.wait(streamer.counters(), now + limits::MEDIA_RETRY, now);
                        return pumped;
                    }
                    if left == 0 {
                        self.wait(streamer.counters(), now, now);
                        return pumped;
                    }
                }
                Output::ChunkDone => {
                    self.announced = None;
                    self.release(sound);
                }
                Output::ChunkDropped { reason, .. } if self.is_sound => sound.dropped(reason),
                Output::ChunkDropped { id, .. } => {
                    drop_chunk(&mut self.dropped, id, shell);
                }
                Output::NeedIdr => pumped.need_idr = true,
                Output::Idle { wake } => {
                    self.wake = wake;
                    match self.feed(streamer, sound, now, shell) {
                        Fed::Chunk => {}
                        Fed::BadSound => {
                            pumped.bad_sound = true;
                            return pumped;
                        }
                        Fed::Nothing => {
                            self.waiting = None;
                            return pumped;
                        }
                        Fed::BadSpan => {
                            pumped.bad_span = true;
                            return pumped;
                        }
                    }
                }
            }
        }
    }

    /// Leaves the rest for later. What has waited since before is a measure of what can leave.
    fn wait(&mut self, counters: &Counters, until: Instant, now: Instant) {
        self.blocked_until = Some(until);
        self.waiting.get_or_insert(Waiting {
            since: now,
            sent: self.sent,
            beside: counters.bytes_beside(),
        });
    }

    /// Sends a batch; how many of its datagrams are done with.
    fn send(&mut self, batch: &Batch<'_>, shell: &mut impl Shell) -> usize {
        let datagrams = batch.datagrams().len();
        match shell.media_send(batch.bytes, batch.segment) {
            Transfer::Done(bytes) => {
                let sent = bytes.div_ceil(batch.segment).min(datagrams);
                self.sent.add(sent, bytes);
                sent
            }
            Transfer::WouldBlock => 0,
            // None of them will ever leave. Media goes on; if the network is away for good, RTSP
            // finds out. What was announced as sent is taken back (DDI-61).
            Transfer::Closed | Transfer::Failed(_) => {
                self.counters.unsendable += datagrams as u64;
                if let Some(id) = self.announced.take() {
                    drop_chunk(&mut self.dropped, id, shell);
                }
                datagrams
            }
        }
    }

    fn poll<'s>(&self, streamer: &'s mut Streamer<'_>, sound: &Sound, now: Instant) -> Output<'s> {
        let ring = if self.is_sound {
            sound.stream.as_ref().map(|stream| &stream.ring)
        } else {
            self.stream.as_ref().map(|stream| &stream.ring)
        };
        match (ring, self.current) {
            (Some(ring), Some(span)) => streamer.poll(&RingPayload::new(ring, span), now),
            _ => streamer.poll(&NoPayload, now),
        }
    }

    /// Gives the next record to the streamer: sound first, which is small and comes seldom.
    fn feed(
        &mut self,
        streamer: &mut Streamer<'_>,
        sound: &mut Sound,
        now: Instant,
        shell: &mut impl Shell,
    ) -> Fed {
        if self.current.is_some() {
            if self.queue.is_empty() {
                return Fed::Nothing;
            }
            // Pacing never delays a picture past the next one.
            streamer.handle(Input::Hurry, now);
            return Fed::Chunk;
        }
        match sound.next() {
            Next::Chunk(span, chunk) => {
                (self.current, self.is_sound) = (Some(span), true);
                streamer.handle(Input::Audio(chunk), now);
                return Fed::Chunk;
            }
            Next::BadSpan => return Fed::BadSound,
            Next::Nothing => {}
        }
        let (Some(stream), Some(queued)) = (&mut self.stream, self.queue.pop_front()) else {
            return Fed::Nothing;
        };
        match stream.ring.span(&queued.record) {
            Ok(span) => (self.current, self.is_sound) = (Some(span), false),
            // Its record was on the way while the ring was emptied after a loss.
            Err(RingError::Stale) => {
                self.counters.stale += 1;
                drop_chunk(&mut self.dropped, queued.id, shell);
                streamer.handle(Input::ChunksLost, now);
                return Fed::Chunk;
            }
            Err(RingError::Corrupt { .. } | RingError::Beyond | RingError::OutOfRange) => {
                self.counters.bad_span += 1;
                return Fed::BadSpan;
            }
        }
        let chunk = Chunk {
            id: queued.id,
            flags: flags(queued.record.flags),
            captured: Instant::from_ticks(queued.record.capture_time),
            arrived: queued.arrived,
        };
        streamer.handle(Input::Chunk(chunk), now);
        Fed::Chunk
    }

    fn release(&mut self, sound: &mut Sound) {
        let ring = if self.is_sound {
            sound.stream.as_mut().map(|stream| &mut stream.ring)
        } else {
            self.stream.as_mut().map(|stream| &mut stream.ring)
        };
        if let (Some(ring), Some(span)) = (ring, self.current.take()) {
            // It fails only if a loss has given the span back already.
            let _ = ring.release(span);
        }
    }
}

/// Reports a chunk that is not sent, and counts it.
fn drop_chunk(dropped: &mut u64, id: u64, shell: &mut impl Shell) {
    *dropped += 1;
    shell.report_statistic(Statistic::ChunkDropped { id });
}

/// What [`Pictures::feed`] found.
enum Fed {
    Chunk,
    Nothing,
    BadSpan,
    BadSound,
}

/// The record's flags in core's words: the same bits today, and translated one by one so that a
/// change of either side does not slip through.
fn flags(flags: miracast_kmd_iface::ChunkFlags) -> ChunkFlags {
    use miracast_kmd_iface::ChunkFlags as Record;
    [
        (Record::FRAME_START, ChunkFlags::FRAME_START),
        (Record::FRAME_END, ChunkFlags::FRAME_END),
        (Record::IDR, ChunkFlags::IDR),
        (Record::HAS_AUD, ChunkFlags::HAS_AUD),
        (Record::HAS_PARAMETER_SETS, ChunkFlags::HAS_PARAMETER_SETS),
        (Record::DISCONTINUITY, ChunkFlags::DISCONTINUITY),
    ]
    .into_iter()
    .filter(|(record, _)| flags.contains(*record))
    .map(|(_, chunk)| chunk)
    .collect()
}
