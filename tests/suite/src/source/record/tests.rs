use std::time::Instant;

use miracast_miniport::encoder::{Coding, Dressing, Settings, Synthetic};
use miracast_miniport::journal::{Journal, Stamps};
use miracast_miniport::stream::{ChunkId, Stream};
use miracast_os::abi::MIRACAST_CHUNK_TYPE_FRAME_DROPPED;
use miracast_os::{ChunkInfo, Statistic, StatisticKind};

use super::SourceRecord;

const SLICES: usize = 2;

/// Pictures of two parts, the frames 0, 1, ..
fn journal(pictures: u32) -> Journal {
    let settings = Settings {
        coding: Coding::H264,
        width: 640,
        height: 480,
        rate_numerator: 30,
        rate_denominator: 1,
        level_idc: 31,
        bit_rate: 240_000,
        slices: SLICES as u16,
        gop: 0,
    };
    let encoder = Box::new(Synthetic::new(settings, 3));
    let stream = Stream::new(1, settings, encoder, Dressing::default(), 1 << 20).expect("a ring");
    stream.start();
    let mut journal = Journal::default();
    for frame in 0..pictures {
        let picture = stream.make_picture(frame, 0, &|| 0).expect("it runs");
        journal.note(&picture, Stamps::default());
    }
    journal
}

fn id(frame: u32, part: usize) -> u64 {
    ChunkId::of_slice(frame, part, SLICES).value()
}

fn sent(frame: u32, part: usize) -> StatisticKind {
    StatisticKind::Sent(id(frame, part))
}

fn dropped(frame: u32, part: usize) -> StatisticKind {
    StatisticKind::Stage(ChunkInfo {
        chunk_type: MIRACAST_CHUNK_TYPE_FRAME_DROPPED,
        chunk_id: id(frame, part),
        processing_time_us: 0,
        encode_rate_kbit: 0,
    })
}

/// The frames of `pictures` that count as sent when the driver reports this.
fn frames_sent(pictures: u32, told: &[StatisticKind]) -> Vec<u32> {
    let when = Instant::now();
    let record = SourceRecord {
        journal: journal(pictures),
        trace: None,
        deeds: Vec::new(),
        statistics: told
            .iter()
            .map(|kind| Statistic { kind: *kind, when })
            .collect(),
        reports: Vec::new(),
        timings: Vec::new(),
        violations: Vec::new(),
        driver: None,
        driver_allocations: None,
    };
    let frames = record
        .sent()
        .iter()
        .map(|picture| picture.entry.frame)
        .collect();
    assert_eq!(record.encoded(), u64::from(pictures));
    frames
}

#[test]
fn a_picture_is_sent_if_every_part_is() {
    let told = [sent(0, 0), sent(0, 1), sent(1, 0), sent(2, 0), sent(2, 1)];
    assert_eq!(frames_sent(3, &told), [0, 2]);
}

#[test]
fn a_part_that_is_dropped_after_it_was_reported_as_sent_is_not_sent() {
    let told = [
        [sent(0, 0), dropped(0, 0), sent(0, 1), dropped(0, 1)],
        [sent(1, 0), sent(1, 1), sent(2, 0), sent(2, 1)],
        [sent(3, 0), sent(3, 1), dropped(3, 1), dropped(4, 0)],
    ];
    assert_eq!(frames_sent(5, &told.concat()), [1, 2]);
}

#[test]
fn nothing_is_sent_if_the_network_takes_nothing() {
    let told = (0..3).flat_map(|frame| {
        let part = move |part| [sent(frame, part), dropped(frame, part)];
        (0..SLICES).flat_map(part)
    });
    assert_eq!(frames_sent(3, &told.collect::<Vec<_>>()), [0; 0]);
}
