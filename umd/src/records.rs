//! The packed chunk records that `GetNextChunkData` fills into its buffer.
//!
//! A record is 28 bytes and its private data; the next one follows at once, so it may be unaligned
//! (DDI, `GetNextChunkData`). Nothing is assumed about the buffer's alignment or its contents.

use crate::ddi::abi::PRIVATE_DATA_OFFSET;

/// One record, with the fields that the driver uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawRecord<'a> {
    /// `ChunkInfo.ChunkId.Value`.
    pub chunk_id: u64,
    /// The miniport's own data.
    pub private: &'a [u8],
}

/// Where the fields of MIRACAST_CHUNK_DATA are.
mod field {
    use core::ops::Range;

    pub(super) const CHUNK_ID: Range<usize> = 8..16;
    pub(super) const PRIVATE_SIZE: Range<usize> = 24..28;
}

/// The records in `bytes`, in order. A tail that is no whole record ends the iteration: whether
/// Windows pads between records or at the end is not documented.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = RawRecord<'_>> {
    let mut rest = bytes;
    core::iter::from_fn(move || {
        let id = rest.get(field::CHUNK_ID)?.try_into().ok()?;
        let size = rest.get(field::PRIVATE_SIZE)?.try_into().ok()?;
        let size = usize::try_from(u32::from_le_bytes(size)).ok()?;
        let end = PRIVATE_DATA_OFFSET.checked_add(size)?;
        let private = rest.get(PRIVATE_DATA_OFFSET..end)?;
        rest = rest.get(end..)?;
        Some(RawRecord {
            chunk_id: u64::from_le_bytes(id),
            private,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{RawRecord, records};

    fn record(id: u64, private: &[u8]) -> Vec<u8> {
        let mut bytes = std::vec![0; 28];
        bytes[8..16].copy_from_slice(&id.to_le_bytes());
        bytes[24..28].copy_from_slice(&u32::try_from(private.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(private);
        bytes
    }

    #[test]
    fn records_follow_each_other_without_padding() {
        let mut bytes = record(7, b"abc");
        bytes.extend(record(8, b""));
        bytes.extend(record(9, b"xyzzy"));
        let found: Vec<_> = records(&bytes).map(|r| (r.chunk_id, r.private)).collect();
        assert_eq!(found, [(7, &b"abc"[..]), (8, b""), (9, b"xyzzy")]);
    }

    #[test]
    fn a_cut_record_ends_the_iteration() {
        let whole = record(7, b"abc");
        for length in 0..whole.len() {
            assert_eq!(records(&whole[..length]).count(), 0, "{length}");
        }
        let mut two = whole.clone();
        two.extend_from_slice(&whole[..30]);
        assert_eq!(
            records(&two).collect::<Vec<_>>(),
            [RawRecord {
                chunk_id: 7,
                private: b"abc"
            }]
        );
    }

    #[test]
    fn a_size_beyond_the_buffer_is_not_followed() {
        let mut bytes = record(7, b"abc");
        bytes[24..28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(records(&bytes).count(), 0);
    }
}
