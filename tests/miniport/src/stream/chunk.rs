//! What Windows is told of each piece of an encoded picture: `MIRACAST_CHUNK_INFO`.

use miracast_kmd_iface::ChunkRecord;

/// A step of processing: `MIRACAST_CHUNK_TYPE` (netdispumdddi.h), those that a miniport reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChunkType {
    /// A slice is encoded; its bytes are in the ring.
    EncodeComplete = 2,
    /// The processing of a picture begins. Reported by the miniport (DDI-60).
    FrameStart = 3,
    /// A picture that was begun will not come (DDI-61).
    FrameDropped = 4,
    /// Sound: Windows has no name for it, and leaves this value to drivers.
    DriverDefined1 = 0x8000_0000,
}

/// `MIRACAST_CHUNK_ID`: a frame of the desktop and a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkId {
    /// Counts frames of the desktop; wraps at 2^40 (DDI-64).
    pub frame: u64,
    /// Under 2^24; 0 is the last slice of the frame (DDI-55).
    pub part: u32,
}

impl ChunkId {
    const FRAME_BITS: u32 = 40;

    /// The part number of slice `index` of `count`: 1, 2, .. and 0 for the last (DDI-54, DDI-55).
    pub fn of_slice(frame: u32, index: usize, count: usize) -> Self {
        let part = if index + 1 == count { 0 } else { index + 1 };
        Self {
            frame: frame.into(),
            part: part as u32,
        }
    }

    /// The 64 bits of `MIRACAST_CHUNK_ID.Value`: the frame in 0..40, the part in 40..64.
    pub const fn value(self) -> u64 {
        let frame = self.frame & ((1 << Self::FRAME_BITS) - 1);
        frame | (self.part as u64) << Self::FRAME_BITS
    }
}

/// `MIRACAST_CHUNK_INFO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkInfo {
    /// What happened.
    pub kind: ChunkType,
    /// To which part.
    pub id: ChunkId,
    /// How long it took, in microseconds; 0 for FRAME_START (DDI-58).
    pub processing_us: u32,
    /// Rate of the encoder in kbit/s; 0 but for ENCODE_COMPLETE.
    pub rate_kbps: u32,
}

impl ChunkInfo {
    /// Bytes of the structure.
    pub const SIZE: usize = 24;

    /// Something that happens to a whole frame, at no cost.
    pub fn of_frame(kind: ChunkType, frame: u32) -> Self {
        Self {
            kind,
            id: ChunkId::of_slice(frame, 0, 1),
            processing_us: 0,
            rate_kbps: 0,
        }
    }

    /// A chunk of sound, at no cost.
    pub fn of_sound(id: ChunkId) -> Self {
        Self {
            kind: ChunkType::DriverDefined1,
            id,
            processing_us: 0,
            rate_kbps: 0,
        }
    }

    /// The structure as it lies in memory: type at 0, id at 8, time at 16, rate at 20.
    pub fn to_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..4].copy_from_slice(&(self.kind as u32).to_le_bytes());
        bytes[8..16].copy_from_slice(&self.id.value().to_le_bytes());
        bytes[16..20].copy_from_slice(&self.processing_us.to_le_bytes());
        bytes[20..].copy_from_slice(&self.rate_kbps.to_le_bytes());
        bytes
    }
}

/// A slice in the ring, as it is reported by the chunk-complete interrupt (DDI-83).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// For Windows.
    pub info: ChunkInfo,
    /// For the driver: the private data.
    pub record: ChunkRecord,
}
