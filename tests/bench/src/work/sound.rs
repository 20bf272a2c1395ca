//! The driver's sound as the driver runs it: LPCM out of the ring, bytes turned around, into a batch.

use anyhow::{Context as _, bail, ensure};
use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{AudioChunk, AudioConfig, Input, Output, Streamer};
use miracast_core::time::Instant;
use miracast_core::wfd::audio::ChosenAudio;
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};
use miracast_umd::ring_payload::RingPayload;

use super::ours::CONFIG;
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

/// The samples in the ring.
pub(super) struct OursSound {
    ring: Ring,
    units: u64,
    turns: usize,
    batch: Box<[u8; BATCH_BYTES]>,
}

impl OursSound {
    pub(super) fn new(stream: &Stream, turns: usize) -> anyhow::Result<Self> {
        let batch = vec![0; BATCH_BYTES].into_boxed_slice();
        Ok(Self {
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
        let mut number = 0;
        for _ in 0..self.turns {
            let mut ring = self.ring.hand_over()?;
            for unit in 0..self.units {
                let now = Instant::from_ticks(number * UNIT_TICKS);
                let span = ring.span(&ChunkRecord {
                    stream: 2,
                    flags: ChunkFlags::empty(),
                    position: unit * SOUND_UNIT as u64,
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
                    match streamer.poll(&RingPayload::new(&ring, span), now) {
                        Output::Datagrams(batch) => {
                            let sent = batch.datagrams().len();
                            streamer.sent(sent);
                        }
                        Output::ChunkDone => ring.release(span)?,
                        Output::Idle { .. } => break,
                        Output::ChunkStart { .. } => {}
                        other => bail!("{other:?}"),
                    }
                }
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
