use core::time::Duration;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::time::{Instant, TICKS_PER_SECOND};

const OURS: u32 = 0x1122_3344;

/// A block about `ssrc`: a quarter lost, 3 in all, sequence number 1:0x0002, jitter 10 ms.
fn block(ssrc: u32, last_sender_report: u32, delay: u32) -> Vec<u8> {
    let losses = 64 << 24 | 3;
    [ssrc, losses, 0x0001_0002, 900, last_sender_report, delay]
        .into_iter()
        .flat_map(u32::to_be_bytes)
        .collect()
}

/// A packet of this type whose first byte is `first`.
fn packet(first: u8, kind: u8, contents: &[u8]) -> Vec<u8> {
    let words = u16::try_from(contents.len() / 4).unwrap().to_be_bytes();
    [&[first, kind, words[0], words[1]], contents].concat()
}

/// A receiver report of the sink 0xAABBCCDD with these blocks.
fn receiver_report(blocks: &[Vec<u8>]) -> Vec<u8> {
    let contents = [&[0xAA, 0xBB, 0xCC, 0xDD], &blocks.concat()[..]].concat();
    packet(0x80 | u8::try_from(blocks.len()).unwrap(), 201, &contents)
}

fn found(datagram: &[u8]) -> Reception {
    read(datagram, OURS).expect("in form").expect("about us")
}

#[test]
fn a_receiver_report_says_what_came() {
    let report = found(&receiver_report(&[block(OURS, 0, 0)]));
    assert_eq!((report.fraction_lost, report.lost), (64, 3));
    assert_eq!(report.highest_sequence, 0x0001_0002);
    assert_eq!(report.jitter, Duration::from_millis(10));
    assert_eq!(report.round_trip(Instant::from_ticks(5)), None);
}

#[test]
fn more_came_than_was_sent_where_packets_are_doubled() {
    let mut bytes = block(OURS, 0, 0);
    bytes[5..8].fill(0xFF);
    assert_eq!(found(&receiver_report(&[bytes])).lost, -1);
}

#[test]
fn only_reports_about_our_stream_count() {
    let other = block(OURS + 1, 0, 0);
    assert_eq!(
        read(&receiver_report(core::slice::from_ref(&other)), OURS),
        Ok(None)
    );
    assert_eq!(read(&receiver_report(&[]), OURS), Ok(None));
    found(&receiver_report(&[other.clone(), block(OURS, 0, 0), other]));
}

#[test]
fn reports_are_found_in_a_compound_packet_and_in_a_sender_report() {
    let description = packet(0x81, 202, &[1, 2, 3, 4, 1, 2, b's', b'k', 0, 0, 0, 0]);
    let lost_packets = packet(0x81, 205, &[0; 12]);
    let ours = receiver_report(&[block(OURS, 0, 0)]);
    found(&[&ours[..], &description, &lost_packets].concat());
    found(&[&lost_packets[..], &ours].concat());
    let sender = [&[0; 24][..], &block(OURS, 0, 0)].concat();
    found(&packet(0x81, 200, &sender));
    assert_eq!(read(&[], OURS), Ok(None));
}

#[test]
fn what_a_profile_adds_and_padding_are_passed_over() {
    let contents = [&[0; 4][..], &block(OURS, 0, 0), &[7; 8]].concat();
    found(&packet(0x81, 201, &contents));
    let padded = [&contents[..], &[0, 0, 0, 4]].concat();
    found(&packet(0xA1, 201, &padded));
}

#[test]
fn a_datagram_that_is_not_in_form_is_not_believed() {
    let good = receiver_report(&[block(OURS, 0, 0)]);
    let after_good = |more: &[u8]| read(&[&good[..], more].concat(), OURS);
    let short = packet(0x81, 201, &[0; 24]);
    assert_eq!(after_good(&[0x40, 201, 0, 0]), Err(Malformed::Version));
    assert_eq!(after_good(&[0x80, 201, 0]), Err(Malformed::Length));
    assert_eq!(after_good(&[0x80, 204, 0, 1]), Err(Malformed::Length));
    assert_eq!(after_good(&short), Err(Malformed::Blocks));
    assert_eq!(
        after_good(&packet(0x80, 200, &[0; 20])),
        Err(Malformed::Blocks)
    );
    for padding in [0, 5] {
        let padded = packet(0xA0, 204, &[0, 0, 0, padding]);
        assert_eq!(after_good(&padded), Err(Malformed::Padding));
    }
    let padded = packet(0xA0, 204, &[0, 0, 0, 4]);
    assert_eq!(after_good(&padded).map(|found| found.is_some()), Ok(true));
    assert_eq!(
        read(&[&padded[..], &good].concat(), OURS),
        Err(Malformed::Padding)
    );
    // Padding that eats a block.
    let mut eaten = receiver_report(&[block(OURS, 0, 4)]);
    eaten[0] |= 0x20;
    assert_eq!(read(&eaten, OURS), Err(Malformed::Blocks));
}

#[test]
fn the_round_trip_is_what_the_sink_did_not_hold() {
    let second = |tenths| Instant::from_ticks(tenths * TICKS_PER_SECOND / 10);
    let sent = short_ntp(second(1_000));
    let report = found(&receiver_report(&[block(OURS, sent, 0x1_8000)]));
    // Half a second of two: the sink held the report for one and a half.
    let round_trip = report.round_trip(second(1_020));
    assert_eq!(round_trip, Some(Duration::from_millis(500)));
    // Cut to its unit, a short one may be below zero; it is no round trip of eighteen hours.
    assert_eq!(report.round_trip(second(1_015)), Some(Duration::ZERO));
    assert_eq!(report.round_trip(second(1_010)), None, "before it was sent");
    assert_eq!(report.round_trip(second(1_200)), None, "too long to be");
}

#[test]
fn the_middle_of_the_clock_wraps_within_a_round_trip() {
    let wrap = 65_536 * TICKS_PER_SECOND;
    let before = Instant::from_ticks(wrap - TICKS_PER_SECOND);
    let after = Instant::from_ticks(wrap + TICKS_PER_SECOND);
    let report = found(&receiver_report(&[block(
        OURS,
        short_ntp(before),
        0x1_0000,
    )]));
    assert_eq!(report.round_trip(after), Some(Duration::from_secs(1)));
}

/// The worked form of RFC 3550 §6.4.1 and §6.5.1.
#[test]
fn a_sender_report_is_the_worked_one() {
    let report = SenderReport {
        ssrc: OURS,
        // 258.5 s.
        now: Instant::from_ticks(2_585_000_000),
        timestamp: 0x0102_0304,
        packets: 5,
        octets: 0x1_0000,
    };
    let expected = [
        0x80, 200, 0, 6, 0x11, 0x22, 0x33, 0x44, 0, 0, 1, 2, 0x80, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 5,
        0, 1, 0, 0, 0x81, 202, 0, 4, 0x11, 0x22, 0x33, 0x44, 1, 8, b'1', b'1', b'2', b'2', b'3',
        b'3', b'4', b'4', 0, 0,
    ];
    assert_eq!(report.to_bytes(), expected);
    assert_eq!(read(&report.to_bytes(), OURS), Ok(None));
}

proptest! {
    #[test]
    fn no_bytes_do_harm(datagram: Vec<u8>, now: u64) {
        if let Ok(Some(report)) = read(&datagram, 0) {
            let round_trip = report.round_trip(Instant::from_ticks(now));
            prop_assert!(round_trip.is_none_or(|time| time <= Duration::from_secs(16)));
        }
    }

    #[test]
    fn a_report_with_any_numbers_is_read(numbers: [u32; 5], now: u64) {
        let contents: Vec<u8> = [0, OURS].into_iter().chain(numbers).flat_map(u32::to_be_bytes).collect();
        let report = found(&packet(0x81, 201, &contents));
        prop_assert_eq!(u32::from(report.fraction_lost), numbers[0] >> 24);
        let _ = report.round_trip(Instant::from_ticks(now));
    }
}
