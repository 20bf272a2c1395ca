use std::boxed::Box;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::limits::UIBC_PACKET_MAX;

const SIZE: Resolution = Resolution {
    width: 1920,
    height: 1080,
};

fn framer() -> Framer<'static> {
    Framer::new(Box::leak(Box::new([0; UIBC_PACKET_MAX])))
}

/// A generic packet without time stamp.
fn generic(body: &[u8]) -> Vec<u8> {
    packet(0, body)
}

fn packet(category: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[0, category, length[0], length[1]], body].concat()
}

/// Everything that comes out of these bytes: reports as text, and the skipped ones.
fn read(bytes: &[u8]) -> (Vec<std::string::String>, u32) {
    let mut framer = framer();
    let (mut reports, mut skipped) = (Vec::new(), 0);
    let mut rest = bytes;
    loop {
        let taken = framer.feed(rest);
        rest = &rest[taken..];
        let mut polled = 0;
        while let Some(Ok(packet)) = framer.poll() {
            polled += 1;
            let mut list = packet.reports(SIZE);
            reports.extend(list.by_ref().map(|report| std::format!("{report:?}")));
            skipped += list.skipped();
        }
        if taken == 0 && polled == 0 {
            return (reports, skipped);
        }
    }
}

fn only(body: &[u8]) -> Option<std::string::String> {
    let (mut reports, skipped) = read(&generic(body));
    assert_eq!(reports.len() + skipped as usize, 1, "{reports:?}");
    reports.pop()
}

/// The example of S2.1: touch down at the middle of 1920x1080.
#[test]
fn a_touch_is_read() {
    let mut framer = framer();
    let bytes = [0, 0, 0, 0x0E, 0, 0, 6, 1, 0, 3, 0xC0, 2, 0x1C, 0];
    assert_eq!(framer.feed(&bytes), bytes.len());
    let packet = framer.poll().unwrap().unwrap();
    assert_eq!(
        (packet.category, packet.timestamp),
        (Category::GENERIC, None)
    );
    let mut reports = packet.reports(SIZE);
    let Some(Report::Generic(Message::Pointers { touch, pointers })) = reports.next() else {
        panic!("no touch");
    };
    assert_eq!((touch, pointers.count()), (Touch::Down, 1));
    let expected = Pointer {
        id: 0,
        x: 960,
        y: 540,
    };
    assert_eq!(pointers.iter().next(), Some(expected));
    assert!(reports.next().is_none());
    assert_eq!(reports.skipped(), 0, "one byte is padding");
    assert!(framer.poll().is_none());
}

/// A report that lazycast sends and Windows takes: time stamp, HIDC, padding.
#[test]
fn a_hid_report_with_a_time_stamp_is_read() {
    let mut framer = framer();
    let bytes = [0x10, 1, 0, 14, 0x3C, 0xE2, 1, 3, 0, 0, 3, 0x12, 0x0A, 0];
    framer.feed(&bytes);
    let packet = framer.poll().unwrap().unwrap();
    assert_eq!(packet.timestamp, Some(0x3CE2));
    let message = HidMessage {
        path: 1,
        device: 3,
        is_descriptor: false,
        value: &[0x12, 0x0A, 0],
    };
    let mut reports = packet.reports(SIZE);
    assert_eq!(reports.next(), Some(Report::Hid(message)));
    assert!(reports.next().is_none());
}

#[test]
fn every_kind_of_generic_message_is_read() {
    let cases: [(&[u8], &str); 7] = [
        (
            &[3, 0, 5, 0, 0, 0x41, 0, 0],
            "Keys { stroke: Down, first: Key(65), second: None }",
        ),
        (
            &[4, 0, 5, 0, 0, 0x41, 0, 0x42],
            "Keys { stroke: Up, first: Key(65), second: Some(Key(66)) }",
        ),
        (
            &[5, 0, 6, 0, 1, 0, 2, 1, 0x80],
            "Zoom { x: 1, y: 2, factor: 384 }",
        ),
        (
            &[6, 0, 2, 0x40, 3],
            "Scroll { axis: Vertical, unit: Unit(1), amount: -3 }",
        ),
        (
            &[7, 0, 2, 0x20, 7],
            "Scroll { axis: Horizontal, unit: Unit(0), amount: 7 }",
        ),
        (&[8, 0, 2, 0xFF, 0x80], "Rotate(-128)"),
        (
            &[6, 0, 2, 0x3F, 0xFF],
            "Scroll { axis: Vertical, unit: Unit(0), amount: 8191 }",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(only(body), Some(std::format!("Generic({expected})")));
    }
}

#[test]
fn what_contradicts_itself_or_the_picture_is_skipped() {
    let bad: [&[u8]; 10] = [
        &[0, 0, 6, 2, 0, 0, 1, 0, 1],
        &[0, 0, 1, 0],
        &[1, 0, 7, 1, 0, 0, 1, 0, 1, 9],
        // Column 1920, line 1080.
        &[2, 0, 6, 1, 0, 7, 0x80, 0, 1],
        &[2, 0, 6, 1, 0, 0, 1, 4, 0x38],
        &[3, 0, 5, 0, 0, 0, 0, 0],
        &[5, 0, 6, 0, 1, 0, 2, 0, 0],
        &[6, 0, 2, 0x80, 3],
        &[8, 0, 1, 1],
        &[9, 0, 2, 0, 0],
    ];
    for body in bad {
        assert_eq!(only(body), None, "{body:02X?}");
    }
    // The others of the same packet are not lost.
    let both = [bad[0], &[8, 0, 2, 1, 0]].concat();
    assert_eq!(
        read(&generic(&both)),
        (vec!["Generic(Rotate(256))".into()], 1)
    );
}

#[test]
fn a_message_that_is_not_whole_ends_its_packet_only() {
    let cut = generic(&[8, 0, 9, 1, 0]);
    let whole = generic(&[8, 0, 2, 1, 0]);
    let (reports, skipped) = read(&[cut, whole].concat());
    assert_eq!((reports.len(), skipped), (1, 1));
}

#[test]
fn a_reserved_category_is_skipped() {
    let bytes = [packet(2, &[1, 2, 3, 4]), generic(&[8, 0, 2, 1, 0])].concat();
    assert_eq!(read(&bytes), (vec!["Generic(Rotate(256))".into()], 1));
}

#[test]
fn what_cannot_be_framed_ends_the_channel() {
    let largest = UIBC_PACKET_MAX as u16;
    let high = (largest + 1).to_be_bytes();
    for (bytes, broken) in [
        ([0x20, 0, 0, 4], Broken::Version(1)),
        ([0, 0, 0, 3], Broken::TooShort(3)),
        ([0x10, 0, 0, 5], Broken::TooShort(5)),
        ([0, 0, high[0], high[1]], Broken::TooLong(largest + 1)),
    ] {
        let mut framer = framer();
        framer.feed(&bytes);
        for _ in 0..2 {
            assert_eq!(framer.poll(), Some(Err(broken)));
            assert_eq!(framer.feed(&[0]), 0);
        }
    }
}

proptest! {
    /// Whatever comes, however it is cut: the same reports, no panic, an end.
    #[test]
    fn the_reports_do_not_depend_on_the_segments(
        packets in proptest::collection::vec(
            (0_u8..3, proptest::collection::vec(any::<u8>(), 0..64)), 0..8),
        noise in proptest::collection::vec(any::<u8>(), 0..16),
        cut in 1_usize..9,
    ) {
        let mut bytes: Vec<u8> = packets.iter().flat_map(|(category, body)| packet(*category, body)).collect();
        bytes.extend(noise);
        let whole = read(&bytes);
        let mut framer = framer();
        let (mut reports, mut skipped) = (Vec::new(), 0);
        for segment in bytes.chunks(cut) {
            let mut rest = segment;
            loop {
                let taken = framer.feed(rest);
                rest = &rest[taken..];
                let mut progress = taken > 0;
                while let Some(Ok(packet)) = framer.poll() {
                    progress = true;
                    let mut list = packet.reports(SIZE);
                    reports.extend(list.by_ref().map(|report| std::format!("{report:?}")));
                    skipped += list.skipped();
                }
                if !progress || rest.is_empty() {
                    break;
                }
            }
        }
        prop_assert_eq!((reports, skipped), whole);
    }
}
