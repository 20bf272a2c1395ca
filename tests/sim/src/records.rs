//! What `GetNextChunkData` fills into its buffer, as it should be and otherwise.

use miracast_kmd_iface::ChunkRecord;
use miracast_kmd_iface::chunk::ChunkFlags;
use miracast_miniport::ring::RingAddress;
use miracast_miniport::stream::Chunk;
use miracast_net::Random;

use crate::fault::BadRecord;
use crate::ring::Control;

/// Bytes of a record's private data.
const PRIVATE: usize = miracast_kmd_iface::chunk::CHUNK_RECORD_SIZE;

/// Records of a flood, and of one call: about as many as fit the driver's buffer.
const FLOOD: usize = 600;
const FLOOD_PART: usize = 200;

/// An hour in units of 100 ns.
const HOUR: u64 = 36_000_000_000;

/// A chunk as `GetNextChunkData` returns it: MIRACAST_CHUNK_DATA with our record as private data.
pub(crate) fn packed(chunk: &Chunk) -> Vec<u8> {
    raw(chunk, &chunk.record.encode())
}

/// The same with other private data.
fn raw(chunk: &Chunk, private: &[u8]) -> Vec<u8> {
    let mut bytes = chunk.info.to_bytes().to_vec();
    bytes.extend((private.len() as u32).to_le_bytes());
    bytes.extend(private);
    bytes
}

/// The records of a picture with something wrong: one buffer for each call.
pub(crate) fn spoiled(
    bad: BadRecord,
    chunks: &[Chunk],
    ring: RingAddress,
    random: &mut Random,
) -> Vec<Vec<u8>> {
    let mut bytes: Vec<u8> = chunks
        .iter()
        .map(|chunk| changed(bad, *chunk))
        .flat_map(|chunk| packed(&chunk))
        .collect();
    let Some(last) = chunks.last() else {
        return vec![bytes];
    };
    let one_more = |change: &dyn Fn(&mut ChunkRecord)| {
        let mut chunk = *last;
        change(&mut chunk.record);
        packed(&chunk)
    };
    let span = i64::from(last.record.length);
    let moved =
        |by: i64| one_more(&|record| record.position = record.position.wrapping_add_signed(by));
    match bad {
        BadRecord::Lost => return Vec::new(),
        BadRecord::NoTime
        | BadRecord::Future
        | BadRecord::NoStart
        | BadRecord::NoEnd
        | BadRecord::Gap
        | BadRecord::Delimiter => {}
        BadRecord::Beyond => bytes.extend(moved(span + random.below(1 << 20).cast_signed())),
        BadRecord::Stale => bytes.extend(moved(-span * 4)),
        BadRecord::Overlap => bytes.extend(one_more(&|record| {
            let half = record.length / 2;
            record.position += u64::from(half);
            record.length -= half;
        })),
        BadRecord::Twice => bytes.extend(bytes.clone()),
        BadRecord::Empty => bytes.extend(one_more(&|record| record.length = 0)),
        BadRecord::OtherStream => {
            let other = random.next_word() as u32 | 0x8000_0000;
            bytes.extend(one_more(&|record| record.stream = other));
        }
        BadRecord::UnknownFlags => bytes.extend(one_more(&|record| {
            record.flags = ChunkFlags::from_bits_retain(1 << 20);
        })),
        BadRecord::Short => bytes.extend(raw(last, &last.record.encode()[..PRIVATE - 1])),
        BadRecord::Noise => {
            let noise: Vec<u8> = (0..PRIVATE).map(|_| random.next_word() as u8).collect();
            bytes.extend(raw(last, &noise));
        }
        BadRecord::TooLong => {
            let mut record = packed(last);
            record[24..28].copy_from_slice(&u32::MAX.to_le_bytes());
            bytes.extend(record);
        }
        BadRecord::Tail => bytes.extend(&packed(last)[..20]),
        BadRecord::NoData => bytes.extend(raw(last, &[])),
        BadRecord::Flood => {
            let part = moved(-span * 4).repeat(FLOOD_PART);
            let mut calls = vec![bytes];
            calls.extend(vec![part; FLOOD / FLOOD_PART]);
            return calls;
        }
        BadRecord::IndexAhead => {
            let control = Control::of(ring);
            control.lie(control.producer() + control.data_len() + 1 + random.below(1 << 40));
        }
        BadRecord::IndexBack => {
            let control = Control::of(ring);
            control.lie(control.consumer().wrapping_sub(1 + random.below(1 << 40)));
        }
    }
    vec![bytes]
}

fn changed(bad: BadRecord, mut chunk: Chunk) -> Chunk {
    let ChunkRecord {
        capture_time,
        flags,
        ..
    } = &mut chunk.record;
    match bad {
        BadRecord::NoTime => *capture_time = 0,
        BadRecord::Future => *capture_time += HOUR,
        BadRecord::NoStart => flags.remove(ChunkFlags::FRAME_START),
        BadRecord::NoEnd => flags.remove(ChunkFlags::FRAME_END),
        BadRecord::Gap => flags.insert(ChunkFlags::DISCONTINUITY),
        BadRecord::Delimiter => flags.toggle(ChunkFlags::HAS_AUD),
        _ => {}
    }
    chunk
}
