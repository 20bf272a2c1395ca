//! What the encoder hands over: a [`Chunk`], which describes, and a [`Payload`], which has the bytes.

use bitflags::bitflags;

use super::{PacketHeaders, RtpHeaders};
use crate::time::Instant;

/// The bytes of one chunk, wherever they lie. The implementation may be a ring that wraps or memory
/// that must not be read twice: it is only ever asked to copy, each byte once and in order (the
/// first bytes of an access unit may be looked at one more time).
pub trait Payload {
    /// Bytes of the chunk.
    fn len(&self) -> usize;

    /// Copies the bytes from `offset` on until `to` is full. The caller stays within
    /// [`len`](Self::len).
    fn copy(&self, offset: usize, to: &mut [u8]);

    /// As [`copy`](Self::copy), into full TS packets: the next of `headers` goes into the first 4 bytes
    /// of each, and the bytes from `offset` on one after the other into the rest. Copies whose size is
    /// known to the compiler, behind one check for all, are most of the speed of the packetizer; and a
    /// header that is written by itself, not on the way, takes the time of a cache line.
    fn copy_packets(&self, offset: usize, packets: &mut [[u8; 188]], headers: &mut PacketHeaders) {
        for (number, packet) in packets.iter_mut().enumerate() {
            let (header, body) = packet.split_at_mut(4);
            header.copy_from_slice(&headers.take());
            self.copy(offset + number * 184, body);
        }
    }

    /// As [`copy_packets`](Self::copy_packets), for all the packets of full RTP datagrams, into whose
    /// first 12 bytes the next of `starts` goes: the most of a picture is one call.
    fn copy_datagrams(
        &self,
        mut offset: usize,
        datagrams: &mut [[u8; 1328]],
        mut starts: RtpHeaders,
        headers: &mut PacketHeaders,
    ) {
        for datagram in datagrams {
            let (start, packets) = datagram.split_at_mut(12);
            start.copy_from_slice(&starts.take());
            let (packets, _none) = packets.as_chunks_mut();
            self.copy_packets(offset, packets, headers);
            offset += 7 * 184;
        }
    }

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The payload to poll with while no chunk is in hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoPayload;

impl Payload for NoPayload {
    fn len(&self) -> usize {
        0
    }

    fn copy(&self, _offset: usize, _to: &mut [u8]) {}
}

impl Payload for [u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn copy(&self, offset: usize, to: &mut [u8]) {
        to.copy_from_slice(&self[offset..offset + to.len()]);
    }
}

bitflags! {
    /// What the encoder says of a chunk.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ChunkFlags: u32 {
        /// The first chunk of an access unit.
        const FRAME_START = 1;
        /// The last chunk of an access unit.
        const FRAME_END = 2;
        /// The access unit is an instantaneous decoding refresh. Read with `FRAME_START` only.
        const IDR = 4;
        /// The chunk begins with an access unit delimiter.
        const HAS_AUD = 8;
        /// The chunk contains SPS and PPS.
        const HAS_PARAMETER_SETS = 16;
        /// Something between the chunk before and this one was lost, or the encoder has started
        /// anew: what this chunk refers to may not have been sent.
        const DISCONTINUITY = 32;
    }
}

/// A part of an access unit: all of it, or one or more of its slices. Its length is the payload's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The number under which the chunk is reported; passed through.
    pub id: u64,
    /// What the encoder says of it.
    pub flags: ChunkFlags,
    /// When the picture was captured, on the clock of `now`.
    pub captured: Instant,
    /// When the chunk came to the driver, on the same clock.
    pub arrived: Instant,
}
