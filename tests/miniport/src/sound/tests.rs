use miracast_kmd_iface::ring::Consumer;

use super::*;
use crate::ring::driver_end;

const LPCM: AudioOpen = AudioOpen {
    codec: AudioCodec::LPCM,
    channels: 2,
    sample_rate: 48_000,
    bit_rate: 0,
};

fn sound(settings: AudioOpen, ring_bytes: u32) -> Sound {
    Sound::new(9, settings, &CodedSound::Headers, ring_bytes).expect("a ring of that size")
}

/// What can be captured by `now`.
fn all(sound: &Sound, now: u64) -> Vec<Captured> {
    let next = || sound.capture(now).and_then(|(captured, _)| captured);
    core::iter::from_fn(next).collect()
}

fn read(consumer: &mut Consumer, record: &ChunkRecord) -> Vec<u8> {
    let range = consumer.span(record).expect("handed over");
    let mut bytes = vec![0; record.length as usize];
    consumer.copy(range, 0, &mut bytes).expect("inside");
    consumer.release(range).expect("ours");
    bytes
}

/// Samples of the left side.
fn left(bytes: &[u8]) -> Vec<i16> {
    let (frames, _) = bytes.as_chunks::<4>();
    frames
        .iter()
        .map(|f| i16::from_le_bytes([f[0], f[1]]))
        .collect()
}

#[test]
fn ten_milliseconds_are_a_chunk_and_the_click_is_at_the_second() {
    let sound = sound(LPCM, 256 * 1024);
    let mut consumer = driver_end(sound.ring()).expect("a good ring");
    assert!(sound.capture(SECOND).is_none(), "not started");
    sound.start();
    let begin = SECOND - 15_000;
    let first = sound.capture(begin).expect("it runs");
    assert!(first.0.is_none());
    assert_eq!(first.1, begin + 100_000);
    let chunks = all(&sound, begin + 250_000);
    assert_eq!(chunks.len(), 2);
    let records: Vec<_> = chunks
        .iter()
        .map(|c| c.chunk.expect("room").record)
        .collect();
    let whole = ChunkFlags::FRAME_START | ChunkFlags::FRAME_END;
    for (number, (record, captured)) in records.iter().zip(&chunks).enumerate() {
        assert_eq!(
            (record.stream, record.length, record.flags),
            (9, 1920, whole)
        );
        assert_eq!(record.capture_time, begin + number as u64 * 100_000);
        assert_eq!(read(&mut consumer, record), captured.bytes);
    }
    let loud = |sample: &i16| sample.unsigned_abs() >= CLICK_MIN;
    let click = left(&chunks[0].bytes).iter().position(loud);
    assert_eq!(click, Some(72), "1.5 ms after the first sample");
}

#[test]
fn a_full_ring_costs_sound_and_the_next_chunk_says_so() {
    let sound = sound(LPCM, 4096);
    let mut consumer = driver_end(sound.ring()).expect("a good ring");
    sound.start();
    assert!(all(&sound, 0).is_empty());
    let chunks = all(&sound, 400_000);
    let handed: Vec<_> = chunks.iter().filter_map(|c| c.chunk).collect();
    assert_eq!((chunks.len(), handed.len()), (4, 2));
    for chunk in &handed {
        read(&mut consumer, &chunk.record);
    }
    let next: Vec<_> = all(&sound, 600_000)
        .iter()
        .filter_map(|c| c.chunk)
        .collect();
    let gap = |chunk: &Chunk| chunk.record.flags.contains(ChunkFlags::DISCONTINUITY);
    assert_eq!(next.iter().map(gap).collect::<Vec<_>>(), [true, false]);
    assert_eq!(next[0].record.capture_time, 400_000);
}

#[test]
fn coded_frames_have_their_own_step() {
    for (codec, step) in [(AudioCodec::AAC, 213_333), (AudioCodec::AC3, 320_000)] {
        let sound = sound(AudioOpen { codec, ..LPCM }, 64 * 1024);
        sound.start();
        assert_eq!(sound.capture(0).expect("it runs").1, step);
        let chunks = all(&sound, step);
        assert_eq!(chunks.len(), 1);
        assert!(codec.takes(chunks[0].bytes.len()));
    }
    let wrong = CodedSound::File(vec![1; 100]);
    let aac = AudioOpen {
        codec: AudioCodec::AAC,
        ..LPCM
    };
    let opened = Sound::new(1, aac, &wrong, 4096);
    assert_eq!(opened.err(), Some(OpenError::File));
}

#[test]
fn after_a_stop_capturing_begins_anew() {
    let sound = sound(LPCM, 64 * 1024);
    sound.start();
    assert!(all(&sound, 0).is_empty());
    assert_eq!(all(&sound, 100_000).len(), 1);
    sound.stop();
    assert!(sound.capture(200_000).is_none());
    sound.start();
    assert!(all(&sound, 900_000).is_empty());
    let again = all(&sound, 1_000_000);
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].chunk.expect("room").record.capture_time, 900_000);
}
