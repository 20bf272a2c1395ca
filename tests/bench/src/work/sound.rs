//! The driver's sound as the driver runs it: LPCM out of the ring, bytes turned around, into a batch.

use anyhow::{Context as _, bail, ensure};
use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{AudioChunk, AudioConfig, Input, Output, Streamer};
use miracast_core::time::Instant;
use miracast_core::wfd::audio::ChosenAudio;
use miracast_kmd_iface::ring::Consumer;
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};
use miracast_umd::ring_payload::RingPayload;

use super::ours::{CONFIG, take_chunk};
use super::{Made, Pace, Worker};
use crate::ring::Ring;
use crate::stream::{SOUND_UNIT, Stream};

/// 10 ms in ticks of 100 ns.
const UNIT_TICKS: u64 = 100_000;

const SOUND: AudioConfig = AudioConfig {
    format: ChosenAudio::LPCM_48,
    descriptors: true,
    silence: false,
};

/// An IDR picture: a delimiter and a slice. There is no sound before the first picture.
const PICTURE: &[u8] = &[0, 0, 0, 1, 9, 0x10, 0, 0, 0, 1, 0x65, 0x88, 0x84];

/// What the miniport would have sent of it.
const PICTURE_RECORD: ChunkRecord = ChunkRecord {
    stream: 1,
    flags: ChunkFlags::FRAME_START
        .union(ChunkFlags::FRAME_END)
        .union(ChunkFlags::IDR)
        .union(ChunkFlags::HAS_AUD)
        .union(ChunkFlags::HAS_PARAMETER_SETS),
    position: 0,
    length: PICTURE.len() as u32,
    capture_time: 0,
};

/// The samples in the ring.
pub(super) struct OursSound {
    picture: Ring,
    ring: Ring,
    units: u64,
    turns: usize,
    batch: Box<[u8; BATCH_BYTES]>,
}

impl OursSound {
    pub(super) fn new(stream: &Stream, turns: usize) -> anyhow::Result<Self> {
        let batch = vec![0; BATCH_BYTES].into_boxed_slice();
        Ok(Self {
            picture: Ring::holding(PICTURE)?,
            ring: Ring::holding(&stream.bytes)?,
            units: stream.units.len() as u64,
            turns,
            batch: batch.try_into().ok().context("the batch has its size")?,
        })
    }
}

impl Worker for OursSound {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        let mut streamer = Streamer::new(&mut self.batch);
        streamer.handle(Input::StartAudio(&SOUND), Instant::ZERO);
        streamer.handle(Input::Start(&CONFIG), Instant::ZERO);
        let mut ring = self.picture.hand_over()?;
        take_chunk(
            &mut streamer,
            &mut ring,
            &PICTURE_RECORD,
            Instant::ZERO,
            &mut |batch| Ok(batch.datagrams().len()),
        )?;
        let mut number = 0;
        for _ in 0..self.turns {
            let mut ring = self.ring.hand_over()?;
            for unit in 0..self.units {
                let now = Instant::from_ticks(number * UNIT_TICKS);
                take_unit(&mut streamer, &mut ring, unit, number, now)?;
                number += 1;
            }
        }
        let counters = streamer.counters();
        ensure!(counters.audio_units == number, "{counters:?}");
        Ok(Made {
            packets: counters.ts_packets,
            datagrams: counters.datagrams,
        })
    }
}

/// What the driver does with the unit at `place` in the ring.
fn take_unit(
    streamer: &mut Streamer<'_>,
    ring: &mut Consumer,
    place: u64,
    number: u64,
    now: Instant,
) -> anyhow::Result<()> {
    let span = ring.span(&ChunkRecord {
        stream: 2,
        flags: ChunkFlags::empty(),
        position: place * SOUND_UNIT as u64,
        length: SOUND_UNIT as u32,
        capture_time: number * UNIT_TICKS,
    })?;
    let chunk = AudioChunk {
        id: number,
        captured: now,
        discontinuity: false,
    };
    streamer.handle(Input::Audio(chunk), now);
    loop {
        match streamer.poll(&RingPayload::new(ring, span), now) {
            Output::Datagrams(batch) => {
                let sent = batch.datagrams().len();
                streamer.sent(sent);
            }
            Output::ChunkDone => ring.release(span)?,
            Output::Idle { .. } => return Ok(()),
            Output::ChunkStart { .. } => {}
            other => bail!("{other:?}"),
        }
    }
}
