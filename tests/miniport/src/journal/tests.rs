use super::{Journal, KEPT_MAX, NalUnit, Stamps, hash};
use crate::encoder::{Coding, Dressing, Settings, Synthetic};
use crate::stream::{Dropped, Picture, Stream};

const RING_BYTES: u32 = 1 << 20;

fn stream(dressing: Dressing) -> Stream {
    let settings = Settings {
        coding: Coding::H264,
        width: 640,
        height: 480,
        rate_numerator: 30,
        rate_denominator: 1,
        level_idc: 31,
        bit_rate: 240_000,
        slices: 2,
        gop: 0,
    };
    let encoder = Box::new(Synthetic::new(settings, 3));
    let stream = Stream::new(7, settings, encoder, dressing, RING_BYTES).expect("a ring");
    stream.start();
    stream
}

/// The types of the first picture's NAL units, and of the parameter sets apart from it.
fn kinds(dressing: Dressing) -> (Vec<u8>, Vec<u8>) {
    let picture = stream(dressing)
        .make_picture(0, 1000, &|| 1000)
        .expect("it runs");
    let mut journal = Journal::new(true);
    journal.note(&picture, Stamps::default());
    let entry = journal.entries().next().expect("an entry");
    let handed_over = entry.result.as_ref().expect("a picture");
    assert_eq!((handed_over.idr, handed_over.chunks), (true, 2));
    let kinds = |units: &[NalUnit]| -> Vec<u8> {
        let kind = |unit: &NalUnit| {
            let bytes = unit.bytes.as_deref().expect("kept");
            assert_eq!((unit.length, unit.hash), (bytes.len(), hash(bytes)));
            bytes[0] & 0x1F
        };
        units.iter().map(kind).collect()
    };
    let units = kinds(&handed_over.units);
    (units, kinds(&handed_over.parameter_sets))
}

#[test]
fn every_nal_unit_that_was_handed_over_is_noted() {
    let both = Dressing {
        delimiter: true,
        parameter_sets: true,
    };
    assert_eq!(kinds(both), (vec![9, 7, 8, 5, 5], vec![]));
    assert_eq!(kinds(Dressing::default()), (vec![5, 5], vec![7, 8]));
}

#[test]
fn an_hour_at_60_hz_is_kept_and_more_than_that_is_not() {
    let hour = 60 * 3600;
    let mut journal = Journal::default();
    let note = |journal: &mut Journal, frame| {
        let picture = Picture {
            frame,
            capture_time: 0,
            parameter_sets: Vec::new(),
            result: Err(Dropped::RingFull),
        };
        journal.note(&picture, Stamps::default());
    };
    (0..hour).for_each(|frame| note(&mut journal, frame));
    assert_eq!(journal.entries().count() as u32, hour);
    (hour..2 * hour).for_each(|frame| note(&mut journal, frame));
    assert_eq!(journal.entries().count(), KEPT_MAX);
    assert_eq!(journal.dropped(), u64::from(2 * hour));
}
