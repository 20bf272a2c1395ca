//! The driver's media plane as the driver runs it: chunk records, the ring, the streamer, its send
//! batch, and the driver's own sockets.

use core::net::Ipv4Addr;
use core::time::Duration;

use anyhow::{Context as _, bail, ensure};
use miracast_core::limits::{BATCH_BYTES, PTS_LEAD};
use miracast_core::media::{Batch, Chunk, ChunkFlags, Input, Output, StreamConfig, Streamer};
use miracast_core::time::Instant;
use miracast_kmd_iface::ring::Consumer;
use miracast_kmd_iface::{ChunkFlags as RecordFlags, ChunkRecord};
use miracast_umd::os::{MediaSockets, Transfer};
use miracast_umd::ring_payload::RingPayload;

use super::{Made, Pace, Worker};
use crate::ring::Ring;
use crate::stream::{Stream, Unit};

/// 60 pictures a second, in ticks of 100 ns.
const PICTURE_TICKS: u64 = 166_667;

/// Bytes of an RTP header, and of a PES header of video.
const RTP_HEADER: usize = 12;
const PES_HEADER: usize = 14;

pub(super) const CONFIG: StreamConfig = StreamConfig {
    profile_idc: 66,
    constraint_flags: 0x40,
    level_idc: 42,
    marker: true,
    ssrc: 0x1122_3344,
    first_sequence: 0,
    pts_lead: PTS_LEAD,
    pace: Duration::ZERO,
    psi_version: 0,
};

/// The stream in the ring, with the records that the miniport would have sent.
pub(super) struct Ours {
    ring: Ring,
    records: Vec<ChunkRecord>,
    /// Chunks of one turn through the stream come from the same record again.
    turns: usize,
    batch: Box<[u8; BATCH_BYTES]>,
    sockets: Option<MediaSockets>,
}

impl Ours {
    /// `slices`: a chunk is a slice, else a whole access unit.
    pub(super) fn new(
        stream: &Stream,
        turns: usize,
        slices: bool,
        port: u16,
    ) -> anyhow::Result<Self> {
        let sockets = if port == 0 {
            None
        } else {
            let sockets = MediaSockets::open(Ipv4Addr::LOCALHOST)?;
            sockets.connect(Ipv4Addr::LOCALHOST, port, None)?;
            Some(sockets)
        };
        let batch = vec![0; BATCH_BYTES].into_boxed_slice();
        Ok(Self {
            ring: Ring::holding(&stream.bytes)?,
            records: (0_u64..)
                .zip(&stream.units)
                .flat_map(|(number, unit)| records(number, unit, slices))
                .collect(),
            turns,
            batch: batch.try_into().ok().context("the batch has its size")?,
            sockets,
        })
    }
}

/// The records of one access unit.
fn records(number: u64, unit: &Unit, slices: bool) -> Vec<ChunkRecord> {
    let whole = [unit.length];
    let lengths = if slices { &unit.slices[..] } else { &whole };
    let mut position = unit.offset as u64;
    let mut records = Vec::new();
    for (at, length) in lengths.iter().enumerate() {
        let mut flags = RecordFlags::empty();
        if at == 0 {
            flags = RecordFlags::FRAME_START.union(RecordFlags::HAS_AUD);
        }
        if unit.idr {
            flags = flags.union(RecordFlags::IDR);
        }
        if at == 0 && unit.idr {
            flags = flags.union(RecordFlags::HAS_PARAMETER_SETS);
        }
        if at + 1 == lengths.len() {
            flags = flags.union(RecordFlags::FRAME_END);
        }
        records.push(ChunkRecord {
            stream: 1,
            flags,
            position,
            length: *length as u32,
            capture_time: number * PICTURE_TICKS,
        });
        position += *length as u64;
    }
    records
}

impl Worker for Ours {
    fn pass(&mut self, pace: &mut Pace) -> anyhow::Result<Made> {
        let mut made = Made::default();
        let mut streamer = Streamer::new(&mut self.batch);
        let sockets = self.sockets.as_ref();
        let mut send = |batch: &Batch<'_>| send(sockets, batch);
        let mut begins = Some(&CONFIG);
        let mut number = 0;
        for turn in 0..self.turns as u64 {
            let mut ring = self.ring.hand_over()?;
            let turned = turn * (self.records.len() as u64) * PICTURE_TICKS;
            for record in &self.records {
                pace.hand_over(number);
                number += 1;
                let captured = if pace.rate == 0 {
                    Instant::from_ticks(turned + record.capture_time)
                } else {
                    miracast_umd::os::now()
                };
                if let Some(config) = begins.take() {
                    streamer.handle(Input::Start(config), captured);
                }
                take_chunk(&mut streamer, &mut ring, record, captured, &mut send)?;
                pace.returned();
            }
        }
        let counters = streamer.counters();
        ensure!(counters.chunks == number, "{counters:?}");
        made.packets = counters.ts_packets;
        made.datagrams = counters.datagrams;
        Ok(made)
    }
}

/// What the driver does with a record: the chunk is packed, sent and given back.
pub(super) fn take_chunk(
    streamer: &mut Streamer<'_>,
    ring: &mut Consumer,
    record: &ChunkRecord,
    captured: Instant,
    send: &mut impl FnMut(&Batch<'_>) -> anyhow::Result<usize>,
) -> anyhow::Result<()> {
    let span = ring.span(record)?;
    let chunk = Chunk {
        id: record.position,
        flags: ChunkFlags::from_bits_truncate(record.flags.bits()),
        captured,
        arrived: captured,
    };
    streamer.handle(Input::Chunk(chunk), captured);
    loop {
        match streamer.poll(&RingPayload::new(ring, span), captured) {
            Output::Datagrams(batch) => {
                let sent = send(&batch)?;
                streamer.sent(sent);
            }
            Output::ChunkDone => ring.release(span)?,
            Output::Idle { .. } => return Ok(()),
            Output::ChunkStart { .. } => {}
            other => bail!("{other:?}"),
        }
    }
}

/// Sends a batch; how many of its datagrams are gone. Without sockets all are.
fn send(sockets: Option<&MediaSockets>, batch: &Batch<'_>) -> anyhow::Result<usize> {
    let Some(sockets) = sockets else {
        return Ok(batch.datagrams().len());
    };
    match sockets.send(batch.bytes, batch.segment) {
        Transfer::Done(bytes) => Ok(bytes.div_ceil(batch.segment)),
        // The driver would wait by its timer.
        Transfer::WouldBlock => {
            std::thread::sleep(Duration::from_micros(50));
            Ok(0)
        }
        other => bail!("{other:?}"),
    }
}

/// The most transport packets that are ever still to come of a chunk when the streamer has nothing
/// more to do: what a receiver waits for until the next picture.
///
/// # Errors
/// The stream is too long, or the streamer drops something.
pub(crate) fn most_held(stream: &Stream, slices: bool) -> anyhow::Result<usize> {
    let mut ours = Ours::new(stream, 1, slices, 0)?;
    let mut streamer = Streamer::new(&mut ours.batch);
    streamer.handle(Input::Start(&CONFIG), Instant::ZERO);
    let mut ring = ours.ring.hand_over()?;
    let (mut given, mut out, mut held) = (0, 0, 0);
    for record in &ours.records {
        given += record.length as usize;
        if record.flags.contains(RecordFlags::FRAME_START) {
            given += PES_HEADER;
        }
        let mut count = |batch: &Batch<'_>| {
            out += batch.datagrams().map(payload_bytes).sum::<usize>();
            Ok(batch.datagrams().len())
        };
        let captured = Instant::from_ticks(record.capture_time);
        take_chunk(&mut streamer, &mut ring, record, captured, &mut count)?;
        held = held.max(given.saturating_sub(out).div_ceil(184));
    }
    ensure!(given == out, "{given} bytes were given, {out} came out");
    Ok(held)
}

/// Bytes of the PES packets of video in a datagram.
fn payload_bytes(datagram: &[u8]) -> usize {
    let packets = datagram[RTP_HEADER..].chunks(188);
    let video =
        packets.filter(|packet| packet[1..3] == [0x10, 0x11] || packet[1..3] == [0x50, 0x11]);
    video
        .map(|packet| match packet[3] >> 4 {
            1 => 184,
            3 => 183 - usize::from(packet[4]),
            _ => 0,
        })
        .sum()
}
