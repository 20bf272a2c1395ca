//! The audio stream of the C miniport: its life, and sound from the C producer to the Rust consumer.

use miracast_kmd_iface::escape::{
    AUDIO_AAC_BYTES_MAX, AUDIO_LPCM_BYTES, AudioClose, AudioCodec, AudioFormats, AudioOpen,
    AudioStart, AudioStop, Features, Hello, StreamClose, StreamStart,
};
use miracast_kmd_iface::ring::{Consumer, PAGE};
use miracast_kmd_iface::{ChunkFlags, ChunkRecord, Field, NtStatus, ReplyError};

use crate::driver::{AUDIO_OPEN, Driver, HELLO, STREAM_OPEN, config};

const AAC: AudioOpen = AudioOpen {
    codec: AudioCodec::AAC,
    channels: 2,
    sample_rate: 48_000,
    bit_rate: 128_000,
};

const WHOLE: ChunkFlags = ChunkFlags::FRAME_START.union(ChunkFlags::FRAME_END);

fn refused<T>(status: NtStatus, field: Field) -> Result<T, ReplyError> {
    Err(ReplyError::Refused { status, field })
}

fn unknown<T>() -> Result<T, ReplyError> {
    refused(NtStatus::INVALID_PARAMETER, Field::STREAM)
}

#[test]
fn audio_goes_through_its_life_and_every_step_may_be_repeated() {
    let mut driver = Driver::greeted();
    let opened = driver.ask(&AUDIO_OPEN).unwrap();
    let stream = opened.stream;
    assert_ne!(stream, 0);
    assert_eq!((opened.control_len, opened.data_len), (PAGE, PAGE));
    for _ in 0..2 {
        let started = driver.ask(&AudioStart { stream }).unwrap();
        assert_eq!(started.bit_rate, 0, "LPCM has none to tell");
        assert_eq!(driver.model.state().capturing, 1);
    }
    for _ in 0..2 {
        assert!(driver.ask(&AudioStop { stream }).is_ok());
        assert_eq!(driver.model.state().capturing, 0);
    }
    for _ in 0..2 {
        assert!(driver.ask(&AudioClose { stream }).is_ok());
        assert_eq!(driver.model.state().audio, 0);
    }
    assert_eq!(driver.ask(&AudioStart { stream }), unknown());
    let again = driver.ask(&AAC).unwrap();
    assert_ne!(again.stream, stream, "numbers are not used again");
    let stream = again.stream;
    let started = driver.ask(&AudioStart { stream }).unwrap();
    assert_eq!(started.bit_rate, config().audio_bit_rate);
}

#[test]
fn pictures_and_audio_live_side_by_side_and_share_the_numbers() {
    let (mut driver, pictures, _ring) = Driver::running();
    let audio = driver.ask(&AUDIO_OPEN).unwrap();
    assert_ne!(audio.stream, pictures.stream);
    assert_ne!(audio.ring_base, pictures.ring_base);
    let in_use = refused(NtStatus::RESOURCE_IN_USE, Field::NONE);
    assert_eq!(driver.ask(&AUDIO_OPEN), in_use);
    assert_eq!(driver.ask(&STREAM_OPEN), in_use);
    let [picture, sound] = [pictures.stream, audio.stream];
    assert_eq!(driver.ask(&AudioStart { stream: picture }), unknown());
    assert_eq!(driver.ask(&StreamStart { stream: sound }), unknown());
    assert!(driver.ask(&StreamClose { stream: picture }).is_ok());
    assert_eq!(driver.model.state().audio, sound);
    assert!(driver.ask(&AudioClose { stream: sound }).is_ok());
    // Each remembers its own.
    assert!(driver.ask(&StreamClose { stream: picture }).is_ok());
    assert!(driver.ask(&AudioClose { stream: sound }).is_ok());
    assert_eq!(driver.ask(&AudioClose { stream: picture }), unknown());
}

#[test]
fn audio_is_given_if_both_sides_named_it_and_as_it_was_offered() {
    let no_codec = refused(NtStatus::NOT_SUPPORTED, Field::CODEC);
    let mut driver = Driver::greeted();
    let other = AudioOpen {
        sample_rate: 44_100,
        ..AUDIO_OPEN
    };
    assert_eq!(driver.ask(&other), no_codec);
    let deaf = Hello {
        features: Features::INPUT,
        ..HELLO
    };
    let wrong_state = refused(NtStatus::INVALID_DEVICE_STATE, Field::NONE);
    assert!(driver.ask(&deaf).is_ok());
    assert_eq!(driver.ask(&AUDIO_OPEN), wrong_state);
    let mut config = config();
    config.features = Features::INPUT;
    let mut driver = Driver::new(&config);
    assert!(driver.ask(&HELLO).is_ok());
    assert_eq!(driver.ask(&AUDIO_OPEN), wrong_state);
}

fn push(driver: &mut Driver, bytes: &[u8], captured: u64) -> Result<ChunkRecord, NtStatus> {
    let record = driver.model.push_audio(bytes, captured)?;
    Ok(ChunkRecord::decode(&record).expect("a record"))
}

fn take(ring: &mut Consumer, record: &ChunkRecord) -> Vec<u8> {
    let range = ring.span(record).expect("handed over");
    let mut bytes = vec![0; record.length as usize];
    ring.copy(range, 0, &mut bytes).expect("inside");
    ring.release(range).expect("held");
    bytes
}

#[test]
fn samples_come_out_as_they_went_in_and_a_gap_is_told_once() {
    let (mut driver, opened, mut ring) = Driver::hearing(&AUDIO_OPEN);
    let chunk = |number: u8| vec![number; AUDIO_LPCM_BYTES];
    let first = push(&mut driver, &chunk(1), 77).unwrap();
    let expected = ChunkRecord {
        stream: opened.stream,
        flags: WHOLE,
        position: 0,
        length: 1920,
        capture_time: 77,
    };
    assert_eq!(first, expected);
    let second = push(&mut driver, &chunk(2), 78).unwrap();
    let full = Err(NtStatus::INSUFFICIENT_RESOURCES);
    assert_eq!(push(&mut driver, &chunk(3), 79), full);
    assert_eq!(take(&mut ring, &first), chunk(1));
    assert_eq!(take(&mut ring, &second), chunk(2));
    let fourth = push(&mut driver, &chunk(4), 80).unwrap();
    assert_eq!(fourth.flags, WHOLE | ChunkFlags::DISCONTINUITY);
    assert_eq!(take(&mut ring, &fourth), chunk(4), "around the end");
    assert_eq!(push(&mut driver, &chunk(5), 81).unwrap().flags, WHOLE);
}

#[test]
fn a_chunk_is_as_long_as_its_codec_says() {
    let bad = Err(NtStatus::INVALID_PARAMETER);
    let (mut driver, _, _ring) = Driver::hearing(&AUDIO_OPEN);
    assert_eq!(push(&mut driver, &[0; AUDIO_LPCM_BYTES - 1], 1), bad);
    let (mut driver, _, _ring) = Driver::hearing(&AAC);
    assert_eq!(push(&mut driver, &[], 1), bad);
    assert_eq!(push(&mut driver, &[0; AUDIO_AAC_BYTES_MAX + 1], 1), bad);
    assert!(push(&mut driver, &[0; AUDIO_AAC_BYTES_MAX], 1).is_ok());
}

#[test]
fn audio_ends_with_the_device_and_with_a_driver_that_writes_nonsense() {
    let idle = Err(NtStatus::INVALID_DEVICE_STATE);
    let chunk = [0; AUDIO_LPCM_BYTES];
    let (mut driver, _, _ring) = Driver::hearing(&AUDIO_OPEN);
    let lost = driver
        .model
        .device_lost(NtStatus::DEVICE_REMOVED, &mut [0; 64]);
    assert!(lost.is_ok());
    assert_eq!(push(&mut driver, &chunk, 1), idle);
    let (mut driver, _, _ring) = Driver::hearing(&AUDIO_OPEN);
    driver.model.close();
    assert_eq!(push(&mut driver, &chunk, 1), idle);
}

#[test]
fn without_formats_no_ring_for_audio_is_needed() {
    let mut config = config();
    config.audio = AudioFormats::empty();
    let mut driver = Driver::new(&config);
    assert!(driver.ask(&HELLO).is_ok());
    let no_codec = refused(NtStatus::NOT_SUPPORTED, Field::CODEC);
    assert_eq!(driver.ask(&AUDIO_OPEN), no_codec);
}
