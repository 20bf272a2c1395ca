use core::cell::Cell;

use miracast_kmd_iface::ring::Consumer;
use miracast_kmd_iface::timing::Refresh;
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};

use super::{Chunk, ChunkId, ChunkInfo, ChunkType, Dropped, Picture, Stream};
use crate::encoder::{Coding, Dressing, Encoder, Settings, Synthetic};
use crate::ring::{driver_end, write_driver_position};

const PAGE: u32 = 4096;

fn settings(slices: u16) -> Settings {
    Settings {
        coding: Coding::H264,
        width: 640,
        height: 480,
        rate_numerator: 30,
        rate_denominator: 1,
        level_idc: 31,
        bit_rate: 240_000,
        slices,
        gop: 0,
    }
}

fn stream(slices: u16, dressing: Dressing, ring_bytes: u32) -> Stream {
    let encoder = Box::new(Synthetic::new(settings(slices), 3));
    let stream = Stream::new(7, settings(slices), encoder, dressing, ring_bytes);
    stream.expect("a ring of that size")
}

/// The driver's end of the stream's ring.
fn consumer(stream: &Stream) -> Consumer {
    driver_end(stream.ring()).expect("a good ring")
}

fn picture(stream: &Stream, frame: u32) -> Picture {
    stream
        .make_picture(frame, 1000, &|| 1000)
        .expect("the stream runs")
}

fn chunks(picture: Picture) -> Vec<Chunk> {
    picture.result.expect("a picture").0
}

fn read(consumer: &mut Consumer, record: &ChunkRecord) -> Vec<u8> {
    let range = consumer.span(record).expect("handed over");
    let mut bytes = vec![0; record.length as usize];
    consumer.copy(range, 0, &mut bytes).expect("inside");
    consumer.release(range).expect("ours");
    bytes
}

#[test]
fn chunk_ids_have_the_bits_of_the_header() {
    let first = ChunkId::of_slice(101, 0, 2);
    assert_eq!(first.value().to_le_bytes(), [0x65, 0, 0, 0, 0, 1, 0, 0]);
    let parts = |count| -> Vec<_> {
        (0..count)
            .map(|index| ChunkId::of_slice(1, index, count).part)
            .collect()
    };
    assert_eq!(parts(1), [0]);
    assert_eq!(parts(2), [1, 0]);
    assert_eq!(parts(4), [1, 2, 3, 0]);
    let wrapped = ChunkId {
        frame: 1 << 40 | 5,
        part: 0,
    };
    assert_eq!(wrapped.value(), 5);
}

#[test]
fn chunk_info_lies_in_memory_as_windows_has_it() {
    let info = ChunkInfo {
        kind: ChunkType::EncodeComplete,
        id: ChunkId::of_slice(101, 0, 2),
        processing_us: 1042,
        rate_kbps: 15_000,
    };
    let mut expected = [0; 24];
    expected[0] = 2;
    expected[8] = 0x65;
    expected[13] = 1;
    expected[16..18].copy_from_slice(&1042_u16.to_le_bytes());
    expected[20..22].copy_from_slice(&15_000_u16.to_le_bytes());
    assert_eq!(info.to_bytes(), expected);
}

#[test]
fn what_the_encoder_made_comes_out_of_the_ring_also_around_its_end() {
    let dressing = Dressing {
        delimiter: true,
        parameter_sets: true,
    };
    let stream = stream(3, dressing, 4 * PAGE);
    let sets = stream.parameter_sets();
    let mut consumer = consumer(&stream);
    stream.start();
    for frame in 0..40 {
        let picture = picture(&stream, frame);
        let (chunks, encoded) = picture.result.expect("a picture");
        let headed = [[0, 0, 0, 1, 9, if encoded.idr { 0x10 } else { 0x30 }]].concat();
        assert!(encoded.slices[0].starts_with(&headed), "frame {frame}");
        assert_eq!(
            encoded.slices[0][headed.len()..].starts_with(&sets),
            encoded.idr
        );
        let records: Vec<_> = chunks.iter().map(|chunk| chunk.record).collect();
        assert_eq!(records.len(), 3);
        for (record, slice) in records.iter().zip(&encoded.slices) {
            assert_eq!((record.stream, record.capture_time), (7, 1000));
            assert_eq!(ChunkRecord::decode(&record.encode()), Ok(*record));
            assert_eq!(&read(&mut consumer, record), slice, "frame {frame}");
        }
    }
    assert!(consumer.held() == 0);
}

#[test]
fn flags_say_what_a_chunk_is_and_has() {
    let all = Dressing {
        delimiter: true,
        parameter_sets: true,
    };
    let flags = |dressing| -> Vec<_> {
        let stream = stream(2, dressing, 16 * PAGE);
        stream.start();
        let both = (0..2).flat_map(|frame| chunks(picture(&stream, frame)));
        both.map(|chunk| chunk.record.flags).collect()
    };
    let (start, end) = (ChunkFlags::FRAME_START, ChunkFlags::FRAME_END);
    let (idr, aud) = (ChunkFlags::IDR, ChunkFlags::HAS_AUD);
    let sets = ChunkFlags::HAS_PARAMETER_SETS;
    assert_eq!(
        flags(Dressing::default()),
        [start | idr, end | idr, start, end]
    );
    let dressed = [start | idr | aud | sets, end | idr, start | aud, end];
    assert_eq!(flags(all), dressed);
}

#[test]
fn a_full_ring_costs_pictures_and_then_an_idr_that_says_so() {
    let stream = stream(1, Dressing::default(), 4 * PAGE);
    let mut consumer = consumer(&stream);
    stream.start();
    let mut held = Vec::new();
    let mut frame = 0;
    let dropped = loop {
        assert!(frame < 100, "16 KiB are never full");
        frame += 1;
        match picture(&stream, frame).result {
            Ok((mut chunks, _)) => held.append(&mut chunks),
            Err(dropped) => break dropped,
        }
    };
    assert_eq!(dropped, Dropped::RingFull);
    assert_eq!(
        picture(&stream, frame).result.err(),
        Some(Dropped::RingFull),
        "still full"
    );
    for chunk in held {
        read(&mut consumer, &chunk.record);
    }
    let next = chunks(picture(&stream, frame));
    assert!(
        next[0]
            .record
            .flags
            .contains(ChunkFlags::IDR | ChunkFlags::DISCONTINUITY)
    );
    read(&mut consumer, &next[0].record);
    let after = chunks(picture(&stream, frame));
    assert!(
        !after[0]
            .record
            .flags
            .intersects(ChunkFlags::IDR | ChunkFlags::DISCONTINUITY)
    );
}

#[test]
fn a_picture_that_is_larger_than_the_ring_is_dropped_whole() {
    let large = Settings {
        bit_rate: 8_000_000,
        ..settings(2)
    };
    let encoder = Box::new(Synthetic::new(large, 1));
    let stream = Stream::new(1, large, encoder, Dressing::default(), PAGE).expect("a page");
    let consumer = consumer(&stream);
    stream.start();
    assert_eq!(picture(&stream, 0).result.err(), Some(Dropped::RingFull));
    assert_eq!(consumer.held(), 0, "not even its first slice is there");
}

#[test]
fn an_impossible_position_of_the_driver_is_not_followed() {
    let stream = stream(1, Dressing::default(), 4 * PAGE);
    stream.start();
    chunks(picture(&stream, 0));
    write_driver_position(stream.ring(), u64::MAX / 2);
    assert_eq!(picture(&stream, 1).result.err(), Some(Dropped::RingCorrupt));
}

#[test]
fn a_stream_runs_between_start_and_stop_and_starts_with_an_idr() {
    let stream = stream(1, Dressing::default(), 64 * PAGE);
    assert!(stream.make_picture(0, 0, &|| 0).is_none());
    for _ in 0..2 {
        stream.start();
        let idr = |frame| picture(&stream, frame).result.expect("a picture").1.idr;
        assert!(idr(0));
        assert!(!idr(1));
        stream.request_idr();
        assert!(idr(2));
        assert!(!idr(3));
        stream.stop();
        assert!(!stream.is_running());
        assert!(stream.make_picture(4, 0, &|| 0).is_none());
    }
}

#[test]
fn a_new_rate_reaches_the_encoder_and_the_period() {
    let stream = stream(1, Dressing::default(), 64 * PAGE);
    stream.start();
    assert_eq!(stream.period(), 333_333);
    assert_eq!(chunks(picture(&stream, 0))[0].info.rate_kbps, 240);
    stream.set_rate(120_000, Refresh::UNCHANGED);
    assert_eq!(stream.period(), 333_333);
    assert_eq!(chunks(picture(&stream, 1))[0].info.rate_kbps, 120);
    stream.set_rate(120_000, Refresh::from_hertz(60));
    assert_eq!(stream.period(), 166_666);
}

#[test]
fn times_are_those_of_the_clock() {
    let stream = stream(2, Dressing::default(), 64 * PAGE);
    stream.start();
    let now = Cell::new(5_000);
    let clock = || now.replace(now.get() + 40_000);
    let picture = stream
        .make_picture(0, clock(), &clock)
        .expect("the stream runs");
    assert_eq!(picture.capture_time, 5_000);
    // 4 ms for the picture, half of it for each of two slices.
    assert_eq!(chunks(picture)[0].info.processing_us, 2_000);
}

#[test]
fn a_ring_must_be_a_power_of_two() {
    let encoder = || -> Box<dyn Encoder> { Box::new(Synthetic::new(settings(1), 1)) };
    for bytes in [0, 3 * PAGE, u32::MAX / 8] {
        let made = Stream::new(1, settings(1), encoder(), Dressing::default(), bytes);
        assert!(made.is_err(), "{bytes}");
    }
}
