use std::string::ToString;
use std::vec;
use std::vec::Vec;

use super::*;
use crate::limits::{TRACE_ENTRIES, TRACE_OPENING};
use crate::rtsp::Status;
use crate::time::TICKS_PER_SECOND;

fn at(number: u32) -> Instant {
    Instant::from_ticks(number.into())
}

fn modes(table: Table, first: u8, bits: u32) -> Modes {
    let bits = bits.to_le_bytes();
    Modes { table, first, bits }
}

fn escape(number: u32) -> What {
    What::Escape {
        opcode: 0x20,
        status: number,
    }
}

/// The numbers of the escapes in a trace into which `count` were pushed.
fn kept(count: u32) -> (Vec<u32>, u32) {
    let mut trace = Trace::new();
    for number in 0..count {
        trace.push(at(number), escape(number));
    }
    let numbers = trace.iter().map(|entry| match entry.what {
        What::Escape { status, .. } => status,
        other => panic!("{other:?}"),
    });
    (numbers.collect(), trace.lost())
}

#[test]
fn the_first_and_the_last_entries_are_kept_in_order() {
    let (opening, entries) = (TRACE_OPENING as u32, TRACE_ENTRIES as u32);
    for count in [0, 1, opening, opening + 1, entries] {
        assert_eq!(kept(count), ((0..count).collect(), 0), "{count}");
    }
    for more in [1, 2, entries - opening, entries, 10 * entries + 3] {
        let (kept, lost) = kept(entries + more);
        let expected: Vec<_> = (0..opening).chain(opening + more..entries + more).collect();
        assert_eq!((kept, lost), (expected, more), "{more}");
    }
}

#[test]
fn a_range_has_those_of_its_numbers_that_are_there() {
    let (opening, entries) = (TRACE_OPENING as u32, TRACE_ENTRIES as u32);
    let mut trace = Trace::new();
    for number in 0..entries + 5 {
        trace.push(at(number), escape(number));
    }
    assert_eq!(trace.total(), entries + 5);
    for (numbers, expected) in [
        (3..6, vec![3, 4, 5]),
        (
            opening - 1..opening + 7,
            vec![opening - 1, opening + 5, opening + 6],
        ),
        (entries + 4..entries + 9, vec![entries + 4]),
        (opening..opening + 5, vec![]),
    ] {
        let found = trace.range(numbers.clone());
        let found: Vec<_> = found.map(|entry| entry.at).collect();
        let expected: Vec<_> = expected.into_iter().map(at).collect();
        assert_eq!(found, expected, "{numbers:?}");
    }
}

#[test]
fn dropped_chunks_in_a_row_are_one_entry() {
    let mut trace = Trace::new();
    let dropped = |chunks| What::Dropped { chunks };
    trace.push(at(1), dropped(1));
    trace.push(at(2), dropped(3));
    trace.push(at(3), What::Ended);
    trace.push(at(4), dropped(1));
    let entries: Vec<_> = trace.iter().map(|entry| (entry.at, entry.what)).collect();
    assert_eq!(
        entries,
        [
            (at(1), dropped(4)),
            (at(3), What::Ended),
            (at(4), dropped(1))
        ]
    );
    trace.clear();
    assert_eq!(trace.iter().count(), 0);
}

#[test]
fn an_entry_is_a_line() {
    let line = |what| {
        let at = Instant::from_ticks(12 * TICKS_PER_SECOND + 345_678);
        Entry { at, what }.to_string()
    };
    assert_eq!(
        line(What::Answered(Asked::Formats, Status::SEE_OTHER)),
        "12.0345 the sink answered M4 SET_PARAMETER with 303 See Other"
    );
    let reduced = What::Reduced {
        step: Step::Baseline,
        status: Status::SEE_OTHER,
        code: 457,
    };
    assert_eq!(
        line(reduced),
        "12.0345 refused with 303 See Other, code 457: next offer Baseline"
    );
    let left_out = What::LeftOut(Reason::Bandwidth, modes(Table::Cea, 0, 0b100_0001));
    assert_eq!(
        line(left_out),
        "12.0345 left out (needs more than the available bit rate): 640x480p60 1280x720p60"
    );
    assert_eq!(
        line(escape(0xC000_00BB)),
        "12.0345 escape 0x0020: 0xC00000BB"
    );
}

#[test]
fn a_selection_is_told_half_by_half_and_reason_by_reason() {
    let id = |table, index| ModeId { table, index };
    let mut selection = Selection::default();
    for (mode, reason) in [
        (id(Table::Cea, 0), Reason::Level),
        (id(Table::Cea, 7), Reason::Bandwidth),
        (id(Table::Cea, 8), Reason::Level),
        (id(Table::Cea, 33), Reason::Level),
        (id(Table::Hh, 1), Reason::Level),
    ] {
        selection.left_out.push((mode, reason)).expect("room");
    }
    let left_out = |table, first, reason, bits| What::LeftOut(reason, modes(table, first, bits));
    let told: Vec<_> = What::of_selection(&selection).collect();
    assert_eq!(
        told,
        [
            left_out(Table::Cea, 0, Reason::Level, 0x101),
            left_out(Table::Cea, 0, Reason::Bandwidth, 0x80),
            left_out(Table::Cea, 32, Reason::Level, 2),
            left_out(Table::Hh, 0, Reason::Level, 2),
        ]
    );
}
