//! Slices that the encoder finishes one after the other, each handed over by itself, and what of the
//! pictures has left by then.
//!
//! Without a gap between them this is not used: all slices of a picture are in one answer of
//! GetNextChunkData then.

use core::time::Duration;
use std::collections::VecDeque;

use miracast_kmd_iface::chunk::ChunkFlags;
use miracast_miniport::stream::Chunk;
use miracast_net::{Nanos, nanos};
use miracast_sink::stream::pid;

use crate::records;

const RTP_HEADER: usize = 12;
const TS_PACKET: usize = 188;

/// A slice at the moment at which it was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Its place in its picture, from 0.
    pub index: usize,
    /// It is of an IDR picture.
    pub idr: bool,
    /// Its bytes.
    pub bytes: u64,
    /// Bytes of all pictures, with what the driver puts before them, that had left in datagrams.
    pub left_before: u64,
}

/// The slices of the pictures of a session.
#[derive(Debug)]
pub(crate) struct Slices {
    gap: Nanos,
    /// Finished at these times, and their places in the picture.
    waiting: VecDeque<(Nanos, usize, Chunk)>,
    left: u64,
    pub(crate) handed_over: Vec<HandedOver>,
}

impl Slices {
    /// Slices that are finished `gap` apart.
    pub(crate) fn new(gap: Duration) -> Self {
        Self {
            gap: nanos(gap),
            waiting: VecDeque::new(),
            left: 0,
            handed_over: Vec::new(),
        }
    }

    /// Whether they are handed over one by one.
    pub(crate) fn are_apart(&self) -> bool {
        self.gap != 0
    }

    /// The encoder finishes these from `now` on.
    pub(crate) fn begin(&mut self, chunks: &[Chunk], now: Nanos) {
        let times = (0..).map(|index| now + index * self.gap);
        let slices = chunks.iter().enumerate();
        let waiting = times
            .zip(slices)
            .map(|(at, (index, chunk))| (at, index, *chunk));
        self.waiting.extend(waiting);
    }

    /// When the next one is finished.
    pub(crate) fn next(&self) -> Option<Nanos> {
        self.waiting.front().map(|(at, ..)| *at)
    }

    /// The one that is finished: its chunk, and the answer of `GetNextChunkData`.
    pub(crate) fn due(&mut self, now: Nanos) -> Option<(Chunk, Vec<u8>)> {
        let (_, index, chunk) = self.waiting.pop_front_if(|(at, ..)| *at <= now)?;
        self.handed_over.push(HandedOver {
            index,
            idr: chunk.record.flags.contains(ChunkFlags::IDR),
            bytes: chunk.record.length.into(),
            left_before: self.left,
        });
        Some((chunk, records::packed(&chunk)))
    }

    /// A datagram of media leaves: counts what it has of pictures.
    pub(crate) fn leaves(&mut self, datagram: &[u8]) {
        if !self.are_apart() {
            return;
        }
        let packets = datagram.get(RTP_HEADER..).unwrap_or_default();
        self.left += packets.chunks(TS_PACKET).map(picture_bytes).sum::<u64>();
    }
}

/// Bytes of a picture in a TS packet (ISO 13818-1 §2.4.3): what is behind header and adaptation field.
fn picture_bytes(packet: &[u8]) -> u64 {
    let Some((&[_, high, low, control], rest)) = packet.split_first_chunk() else {
        return 0;
    };
    if u16::from_be_bytes([high & 0x1f, low]) != pid::VIDEO {
        return 0;
    }
    let skipped = match (control & 0x20, rest.first()) {
        (0, _) | (_, None) => 0,
        (_, Some(length)) => 1 + usize::from(*length),
    };
    rest.len().saturating_sub(skipped) as u64
}
