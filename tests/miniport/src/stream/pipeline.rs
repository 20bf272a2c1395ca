//! The encoder and the ring in one hand: a picture goes in, chunks come out.

use miracast_kmd_iface::ring::{MapError, ReserveError, SpanRange};
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};

use super::chunk::{Chunk, ChunkId, ChunkInfo, ChunkType};
use crate::encoder::{Dressing, EncodeError, EncodedFrame, Encoder};
use crate::ring::{Ring, RingAddress};

/// Why a picture did not come. The next one is an IDR and says DISCONTINUITY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The ring has no room: the driver does not release, or the picture is larger than the ring.
    RingFull,
    /// The driver's position in the ring cannot be.
    RingCorrupt,
    /// The encoder failed.
    Encoder(EncodeError),
}

/// What one picture took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// When it was captured, in units of 100 ns.
    pub(super) capture_time: u64,
    /// How long it was encoded, in microseconds.
    pub(super) processing_us: u32,
}

/// An encoder that writes into a ring.
pub(super) struct Pipeline {
    stream: u32,
    encoder: Box<dyn Encoder>,
    parameter_sets: Vec<u8>,
    dressing: Dressing,
    ring: Ring,
    /// Bytes of the largest picture so far: what must be free before another is begun.
    largest: u32,
    /// Pictures were dropped since the last one that came.
    broken: bool,
    rate_kbps: u32,
}

impl Pipeline {
    /// Makes the ring and takes the encoder.
    pub(super) fn new(
        stream: u32,
        mut encoder: Box<dyn Encoder>,
        dressing: Dressing,
        ring_bytes: u32,
    ) -> Result<Self, MapError> {
        Ok(Self {
            stream,
            parameter_sets: encoder.parameter_sets(),
            encoder,
            dressing,
            ring: Ring::new(ring_bytes)?,
            largest: 0,
            broken: false,
            rate_kbps: 0,
        })
    }

    /// Where the ring is.
    pub(super) fn ring(&self) -> RingAddress {
        self.ring.address()
    }

    /// SPS and PPS as a byte stream.
    pub(super) fn parameter_sets(&self) -> &[u8] {
        &self.parameter_sets
    }

    /// The same, if they do not come in the chunks.
    pub(super) fn parameter_sets_apart(&self) -> &[u8] {
        if self.dressing.parameter_sets {
            &[]
        } else {
            &self.parameter_sets
        }
    }

    /// The next picture is an IDR.
    pub(super) fn request_idr(&mut self) {
        self.encoder.request_idr();
    }

    /// Another target, in bit/s.
    /// Sets the rate for pictures that come so many times as seldom as the encoder was made for, which
    /// counts in pictures: they share what there is.
    pub(super) fn set_bit_rate(&mut self, bits_per_second: u64, seldom: (u64, u64)) {
        let (times, of) = seldom;
        self.encoder
            .set_bit_rate(bits_per_second.saturating_mul(times) / of.max(1));
        self.rate_kbps = u32::try_from(bits_per_second / 1000).unwrap_or(u32::MAX);
    }

    /// Encodes `frame` if the ring has room for a picture as large as the largest so far. A full
    /// ring must cost a picture, not the encoder's time and its reference.
    pub(super) fn encode(&mut self, frame: u32) -> Result<EncodedFrame, Dropped> {
        let room = self.largest.min(self.ring.address().data_len / 2);
        let encoded = match self.ring.producer().reserve(room) {
            Ok(_) => self.encoder.encode(frame).map_err(Dropped::Encoder),
            Err(error) => Err(error.into()),
        };
        encoded.inspect_err(|_| self.lose())
    }

    /// Dresses the slices, writes them into the ring and hands them over.
    pub(super) fn hand_over(
        &mut self,
        encoded: &mut EncodedFrame,
        frame: u32,
        timing: Timing,
    ) -> Result<Vec<Chunk>, Dropped> {
        let coding = self.encoder.coding();
        self.dressing.apply(coding, encoded, &self.parameter_sets);
        let bytes = u32::try_from(encoded.len()).unwrap_or(u32::MAX);
        self.largest = self.largest.max(bytes);
        // All or nothing: a picture without its last slice would be worse than none.
        let room = self.ring.producer().reserve(bytes);
        room.map_err(Dropped::from).inspect_err(|_| self.lose())?;
        let count = encoded.slices.len();
        let mut chunks = Vec::with_capacity(count);
        for (index, slice) in encoded.slices.iter().enumerate() {
            let range = self.publish(slice).inspect_err(|_| self.lose())?;
            chunks.push(Chunk {
                info: ChunkInfo {
                    kind: ChunkType::EncodeComplete,
                    id: ChunkId::of_slice(frame, index, count),
                    processing_us: timing.processing_us / count as u32,
                    rate_kbps: self.rate_kbps,
                },
                record: ChunkRecord {
                    stream: self.stream,
                    flags: self.flags(encoded.idr, index, count),
                    position: range.position(),
                    length: range.length(),
                    capture_time: timing.capture_time,
                },
            });
        }
        self.broken = false;
        Ok(chunks)
    }

    fn publish(&mut self, slice: &[u8]) -> Result<SpanRange, Dropped> {
        let producer = self.ring.producer();
        let range = producer.reserve(slice.len() as u32)?;
        let written = producer.write(range, 0, slice);
        let published = written.and_then(|()| producer.publish(range));
        published.map(|()| range).map_err(|_| Dropped::RingCorrupt)
    }

    fn flags(&self, idr: bool, index: usize, count: usize) -> ChunkFlags {
        let first = index == 0;
        let mut flags = ChunkFlags::empty();
        flags.set(ChunkFlags::FRAME_START, first);
        flags.set(ChunkFlags::FRAME_END, index + 1 == count);
        flags.set(ChunkFlags::IDR, idr);
        flags.set(ChunkFlags::HAS_AUD, first && self.dressing.delimiter);
        let sets = first && idr && self.dressing.parameter_sets;
        flags.set(ChunkFlags::HAS_PARAMETER_SETS, sets);
        flags.set(ChunkFlags::DISCONTINUITY, first && self.broken);
        flags
    }

    /// A picture is lost: the next one must not refer to it.
    fn lose(&mut self) {
        self.broken = true;
        self.encoder.request_idr();
    }
}

impl From<ReserveError> for Dropped {
    fn from(error: ReserveError) -> Self {
        match error {
            ReserveError::Full { .. } => Self::RingFull,
            ReserveError::Ring(_) => Self::RingCorrupt,
        }
    }
}
