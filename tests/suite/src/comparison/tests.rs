use miracast_miniport::journal::{Entry, Slice, Stamps, hash};
use miracast_sink::stream::AccessUnit;

use super::{Comparison, Percentiles};
use crate::source::SentPicture;

const DELIMITER: &[u8] = &[0x09, 0x10];
const SLICE: &[u8] = &[0x41, 1, 2, 3];
const OTHER: &[u8] = &[0x41, 1, 2, 4];

fn entry(slices: &[&[u8]]) -> Entry {
    let slice = |bytes: &&[u8]| Slice {
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
        result: Ok((false, slices.iter().map(slice).collect())),
    }
}

fn unit(nals: &[&[u8]], idr: bool) -> AccessUnit {
    let mut bytes = Vec::new();
    let mut ranges = Vec::new();
    for nal in nals {
        bytes.extend_from_slice(&[0, 0, 0, 1]);
        ranges.push(bytes.len()..bytes.len() + nal.len());
        bytes.extend_from_slice(nal);
    }
    AccessUnit {
        index: 0,
        pts: 0,
        idr,
        slices: 1,
        bytes,
        nals: ranges,
        first_arrival_ns: 3000,
        last_arrival_ns: 5000,
    }
}

fn compare(entry: &Entry, units: &[AccessUnit]) -> Comparison {
    let (idr, slices) = entry.result.as_ref().unwrap();
    let sent = SentPicture {
        entry,
        idr: *idr,
        slices,
    };
    Comparison::new(&[sent], units.iter())
}

#[test]
fn what_came_as_it_was_sent_is_identical() {
    let compared = compare(
        &entry(&[SLICE, OTHER]),
        &[unit(&[DELIMITER, SLICE, OTHER], false)],
    );
    assert_eq!(compared.difference, None);
    assert_eq!((compared.bytes_sent, compared.tail_ns), (8, vec![4000]));
}

#[test]
fn each_difference_is_found() {
    let sent = entry(&[SLICE]);
    let cases = [
        (vec![], "1 pictures were sent, 0 came"),
        (
            vec![unit(&[SLICE], true)],
            "frame 7: IDR: false was sent, true came",
        ),
        (
            vec![unit(&[&[6, 1], SLICE], false)],
            "frame 7: a NAL unit of type 6 was added",
        ),
        (
            vec![unit(&[SLICE, OTHER], false)],
            "frame 7: 1 slices were sent, 2 came",
        ),
        (vec![unit(&[OTHER], false)], "frame 7: slice 0 came changed"),
    ];
    for (units, text) in cases {
        let difference = compare(&sent, &units).difference;
        assert_eq!(difference.as_deref(), Some(text));
    }
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
