//! The chunk record: what the miniport says of a piece of encoded picture, or of sound.
//!
//! It travels in `MIRACAST_CHUNK_DATA.PrivateDriverData`; its bytes are in the
//! [`ring`](crate::ring). Not here: how records follow each other in the buffer of
//! `GetNextChunkData`, which is Windows' own layout.

use crate::field::{Field, Malformed, require};
use crate::layout::{wire_flags, wire_struct};
use crate::wire::{NoRoom, Reader, Wire, Writer};

/// Bytes of a record. `DXGK_MIRACAST_CAPS.MaxChunkPrivateDriverDataSize` must be at least this.
pub const CHUNK_RECORD_SIZE: usize = ChunkRecord::SIZE;

wire_flags! {
    /// What a chunk is.
    pub struct ChunkFlags: u32 {
        /// It begins an access unit.
        const FRAME_START = 1 << 0;
        /// It ends an access unit.
        const FRAME_END = 1 << 1;
        /// It belongs to an IDR picture.
        const IDR = 1 << 2;
        /// It begins with an access unit delimiter.
        const HAS_AUD = 1 << 3;
        /// It has SPS and PPS before the first slice.
        const HAS_PARAMETER_SETS = 1 << 4;
        /// Something before it was lost: the pictures up to the next IDR refer to what never came; or
        /// there is a gap in the sound.
        const DISCONTINUITY = 1 << 5;
    }
}

wire_struct! {
    /// One piece of encoded picture: one or more whole NAL units, Annex B. Or sound, as
    /// [`AudioCodec`](crate::escape::AudioCodec) says; it has FRAME_START and FRAME_END, and
    /// DISCONTINUITY where samples were lost before it.
    ///
    /// | Offset | Field |
    /// |---|---|
    /// | 0 | stream, u32 |
    /// | 4 | flags, u32 |
    /// | 8 | position, u64 |
    /// | 16 | length, u32; 20 is reserved |
    /// | 24 | capture time, u64 |
    #[derive(Copy)]
    pub struct ChunkRecord: 32 {
        /// The stream, from STREAM_OPEN or AUDIO_OPEN.
        stream: u32 = 0,
        /// What it is.
        flags: ChunkFlags = 4,
        /// Where it begins, in the count of the ring's positions. It may wrap around the end of
        /// the span.
        position: u64 = 8,
        /// Bytes; not 0.
        length: u32 = 16,
        /// When the picture, or the first sample, was captured, in units of 100 ns of the performance
        /// counter.
        capture_time: u64 = 24,
    }
}

impl ChunkRecord {
    /// Reads and checks a record. Bytes after the 32 that this version knows are ignored.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] for fewer than 32 bytes; [`Field::FLAGS`] for an unknown flag, or an AUD or
    /// parameter sets that are not at the start of an access unit; [`Field::LENGTH`] for length 0.
    /// Where it lies is checked against the ring: [`crate::ring::Consumer::span`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let record = Self::read(&mut Reader::new(bytes))?;
        require(record.flags.is_known(), Field::FLAGS)?;
        let of_start = ChunkFlags::HAS_AUD.union(ChunkFlags::HAS_PARAMETER_SETS);
        let starts = record.flags.contains(ChunkFlags::FRAME_START);
        require(starts || !record.flags.intersects(of_start), Field::FLAGS)?;
        require(record.length != 0, Field::LENGTH)?;
        Ok(record)
    }

    /// The record's bytes.
    pub fn encode(&self) -> [u8; CHUNK_RECORD_SIZE] {
        let mut bytes = [0; CHUNK_RECORD_SIZE];
        let written: Result<(), NoRoom> = self.write(&mut Writer::new(&mut bytes));
        // The array is as long as the record: there is always room.
        debug_assert!(written.is_ok());
        bytes
    }
}
