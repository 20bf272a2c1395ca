//! Chunks of pictures: what is sent of them, and what goes before them.

use super::{Packing, Phase, Step, Streamer, Work};
use crate::media::gate::Part;
use crate::media::nal::Delimiter;
use crate::media::packetizer::{Cut, PesBytes};
use crate::media::{Chunk, ChunkFlags, Counters, DropReason, Payload, nal, pes};
use crate::time::Instant;
use crate::wfd::coded::Coding;

impl Streamer<'_> {
    pub(super) fn begin<P: Payload + ?Sized>(
        &mut self,
        chunk: Chunk,
        payload: &P,
        now: Instant,
    ) -> Step {
        let length = payload.len();
        let part = match self.admit(chunk, length, now) {
            Ok(part) => part,
            Err(reason) => return self.report_drop(chunk.id, reason),
        };
        self.prefix.clear();
        let starts = part == Part::First;
        let skip = if starts {
            self.begin_unit(chunk, payload, now)
        } else {
            0
        };
        let cut = Cut {
            done: 0,
            starts,
            random_access: starts && chunk.flags.contains(ChunkFlags::IDR),
        };
        self.pacer.begin_chunk(length, now);
        self.work = Work::Packing(Packing {
            chunk,
            length,
            skip,
            cut,
        });
        Step::ChunkStart { id: chunk.id }
    }

    fn admit(&mut self, chunk: Chunk, length: usize, now: Instant) -> Result<Part, DropReason> {
        let reason = match self.phase {
            Phase::Streaming => {
                let late = self.clock.is_late(chunk.captured, chunk.arrived, now);
                return self
                    .gate
                    .admit(chunk.flags, late, length, now, &mut self.counters);
            }
            Phase::Stopped => DropReason::Stopped,
            Phase::Paused => DropReason::Paused,
        };
        self.gate.refuse(chunk.flags, reason, &mut self.counters);
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
        let (delimiter, skip) = delimiter(
            self.coding,
            chunk.flags,
            !sets.is_empty(),
            payload,
            &mut self.counters,
        );
        let delimiter = delimiter.as_ref().map_or(&[][..], Delimiter::bytes);

        let length = delimiter.len() + sets.len() + payload.len() - skip;
        let pts = self.clock.pts(chunk.captured, now, &mut self.counters);
        let budget = self.clock.budget(chunk.captured, now);
        let idr = chunk.flags.contains(ChunkFlags::IDR);
        self.pacer.begin_unit(idr, budget, now);
        let whole = chunk.flags.contains(ChunkFlags::FRAME_END);
        let header = pes::video_header(pts, whole.then_some(length));
        for part in [&header, delimiter, sets] {
            // There is room for the longest of each.
            let written = self.prefix.extend_from_slice(part);
            debug_assert!(written.is_ok());
        }
        skip
    }

    pub(super) fn pack<P: Payload + ?Sized>(
        &mut self,
        mut packing: Packing,
        datagrams: usize,
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
        if wanted {
            self.write_tables(now);
        }
        self.write_due(now);
        self.batch.stamp(self.clock.rtp(now));
        self.batch.limit(datagrams);
        let bytes = PesBytes::new(&self.prefix, payload, packing.skip);
        let before = own_bytes(&packing.cut);
        let ended = self.video.pack(&mut self.batch, &bytes, &mut packing.cut);
        self.counters.es_bytes += (own_bytes(&packing.cut) - before) as u64;
        let marker = ended && self.marker && flags.contains(ChunkFlags::FRAME_END);
        self.batch.flush(marker, &mut self.counters);
        self.admit_sound_from_here(now);
        self.work = if ended {
            Work::Done {
                id: packing.chunk.id,
            }
        } else {
            Work::Packing(packing)
        };
        Step::Datagrams
    }
}

/// Bytes in packets that are the pictures' own, and not the PES header.
const fn own_bytes(cut: &Cut) -> usize {
    let header = if cut.starts { pes::HEADER_BYTES } else { 0 };
    cut.done.saturating_sub(header)
}

/// The delimiter to write before a chunk that begins an access unit, and how many bytes of the chunk
/// it replaces. `None` if the chunk's own stays where it is: only what goes between it and the slices
/// takes it away from there.
fn delimiter<P: Payload + ?Sized>(
    coding: Coding,
    flags: ChunkFlags,
    something_follows: bool,
    payload: &P,
    counters: &mut Counters,
) -> (Option<Delimiter>, usize) {
    let own = Delimiter::new(coding, flags.contains(ChunkFlags::IDR));
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
    if let Some((found, length)) = Delimiter::leading(coding, first) {
        (Some(found), length)
    } else {
        counters.delimiter_flag_wrong += 1;
        counters.delimiters_inserted += 1;
        (Some(own), 0)
    }
}
