use miracast_miniport::journal::{self, Entry, HandedOver, Stamps, hash};
use miracast_sink::live::{NalUnit, ReceivedUnit};
use miracast_sink::stream::Codec;

use super::{Comparison, Percentiles};
use crate::source::SentPicture;

const DELIMITER: &[u8] = &[0x09, 0x10];
const SPS: &[u8] = &[0x67, 66, 1];
const PPS: &[u8] = &[0x68, 2];
const SLICE: &[u8] = &[0x41, 1, 2, 3];
const OTHER: &[u8] = &[0x41, 1, 2, 4];

/// A picture of these NAL units, with SPS and PPS apart from it or not.
fn entry(nals: &[&[u8]], apart: &[&[u8]]) -> Entry {
    let nal = |bytes: &&[u8]| journal::NalUnit {
        length: bytes.len(),
        hash: hash(bytes),
        bytes: None,
    };
    Entry {
        frame: 7,
        capture_time: 0,
        handed_over: Stamps {
            counter: 0,
            unix_ns: 1000,
        },
        result: Ok(HandedOver {
            idr: false,
            chunks: 1,
            units: nals.iter().map(nal).collect(),
            parameter_sets: apart.iter().map(nal).collect(),
        }),
    }
}

fn unit(nals: &[&[u8]], idr: bool) -> ReceivedUnit {
    ReceivedUnit {
        pts: 0,
        idr,
        nals: nals
            .iter()
            .map(|nal| NalUnit::of(Codec::H264, nal))
            .collect(),
        last_arrival_ns: 5000,
    }
}

fn compare(entry: &Entry, units: &[ReceivedUnit]) -> Comparison {
    let handed_over = entry.result.as_ref().unwrap();
    Comparison::new(&[SentPicture { entry, handed_over }], None, units)
}

#[test]
fn what_came_as_it_was_sent_is_identical() {
    let compared = compare(
        &entry(&[SLICE, OTHER], &[]),
        &[unit(&[DELIMITER, SLICE, OTHER], false)],
    );
    assert_eq!(compared.difference, None);
    assert_eq!((compared.bytes_sent, compared.bytes_received), (8, 8));
    assert_eq!(compared.tail_ns, [4000]);
}

#[test]
fn delimiter_and_parameter_sets_are_the_encoders_or_those_that_the_miniport_gave() {
    let headed: &[&[u8]] = &[DELIMITER, SPS, PPS, SLICE];
    let own = compare(&entry(headed, &[]), &[unit(headed, false)]);
    assert_eq!(own.difference, None);
    assert_eq!((own.bytes_sent, own.bytes_received), (11, 11));
    let added = compare(&entry(&[SLICE], &[SPS, PPS]), &[unit(headed, false)]);
    assert_eq!(added.difference, None);
    assert_eq!((added.bytes_sent, added.bytes_received), (4, 4));
}

#[test]
fn of_the_picture_in_which_the_driver_was_stopped_a_part_may_come() {
    let cut = entry(&[SLICE, OTHER], &[]);
    let handed_over = cut.result.as_ref().expect("a picture");
    let cut = SentPicture {
        entry: &cut,
        handed_over,
    };
    let part = |nals: &[&[u8]]| Comparison::new(&[], Some(cut), &[unit(nals, false)]).identical();
    assert!(part(&[DELIMITER, SLICE]));
    assert!(!part(&[OTHER, SLICE, SLICE]), "no beginning of it");
    assert!(!part(&[DELIMITER]), "nothing of it");
    assert!(!Comparison::new(&[], None, &[unit(&[SLICE], false)]).identical());
    assert!(Comparison::new(&[], Some(cut), &[]).identical());
}

#[test]
fn each_difference_is_found() {
    let bare = || entry(&[SLICE], &[SPS, PPS]);
    let headed = || entry(&[DELIMITER, SPS, PPS, SLICE], &[]);
    let cases: [(Entry, &[&[u8]], &str); 10] = [
        (bare(), &[&[6, 1], SLICE], "a NAL unit of type 6 was added"),
        (bare(), &[SLICE, OTHER], "a NAL unit of type 1 was added"),
        (
            bare(),
            &[OTHER],
            "NAL unit 1 of 1 came changed or not at all",
        ),
        (
            bare(),
            &[&[0x67, 66, 2], PPS, SLICE],
            "a parameter set was added that the miniport did not give",
        ),
        (
            headed(),
            &[&[9, 0x30], SPS, PPS, SLICE],
            "NAL unit 1 of 4 came changed or not at all",
        ),
        (
            headed(),
            &[SPS, PPS, SLICE],
            "NAL unit 1 of 4 came changed or not at all",
        ),
        (
            headed(),
            &[DELIMITER, &[0x67, 66, 2], PPS, SLICE],
            "NAL unit 2 of 4 came changed or not at all",
        ),
        (
            headed(),
            &[DELIMITER, PPS, SPS, SLICE],
            "NAL unit 3 of 4 came changed or not at all",
        ),
        (
            headed(),
            &[DELIMITER, SPS, SLICE],
            "NAL unit 3 of 4 came changed or not at all",
        ),
        (
            headed(),
            &[DELIMITER, SPS, PPS, SPS, SLICE],
            "a parameter set was added that the miniport did not give",
        ),
    ];
    for (sent, came, text) in cases {
        let compared = compare(&sent, &[unit(came, false)]);
        assert_eq!(compared.difference, Some(format!("frame 7: {text}")));
    }
    let lost = compare(&bare(), &[]).difference;
    assert_eq!(lost.as_deref(), Some("1 pictures were sent, 0 came"));
    let idr = compare(&bare(), &[unit(&[SLICE], true)]).difference;
    let text = "frame 7: IDR: false was sent, true came";
    assert_eq!(idr.as_deref(), Some(text));
}

#[test]
fn what_came_changed_is_not_counted() {
    let sent = entry(&[DELIMITER, SLICE], &[]);
    let compared = compare(&sent, &[unit(&[DELIMITER, OTHER], false)]);
    assert_eq!((compared.bytes_sent, compared.bytes_received), (6, 2));
}

#[test]
fn percentiles_are_values_of_the_list() {
    let times: Vec<i64> = (1..=200).rev().map(|time| time * 1000).collect();
    let marks = Percentiles::of(&times);
    let expected = Percentiles {
        p50: 100.0,
        p99: 198.0,
        max: 200.0,
    };
    assert_eq!(marks, expected);
    assert_eq!(Percentiles::of(&[]), Percentiles::default());
    let one = Percentiles {
        p50: 5.0,
        p99: 5.0,
        max: 5.0,
    };
    assert_eq!(Percentiles::of(&[5000]), one);
}
