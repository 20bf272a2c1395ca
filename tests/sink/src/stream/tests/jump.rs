//! The source's clock jumps: in order if the PCR says so, a fault if not.

use super::check;
use super::source::{self, Datagram, Script};
use crate::stream::{Fault, Marker, Rules, StreamReport, pid};

/// Where the second half of the script begins, with tables and clock.
const CUT_NS: u64 = 5_240_000_000;

/// How far the source's clock jumps, 90 kHz ticks: 2 s.
const JUMP: u64 = 180_000;

/// Moves the clock of the second half, arrivals too if the source `slept`; says so if it is `flagged`,
/// by a marker if it is `marked`.
fn jumped(slept: bool, flagged: bool, marked: bool) -> Vec<Datagram> {
    let mut datagrams = Script::clean().pack();
    let mut first = true;
    for datagram in datagrams.iter_mut().filter(|d| d.at_ns >= CUT_NS) {
        if slept {
            datagram.at_ns += JUMP * 100_000 / 9;
        }
        let (header, packets) = datagram.bytes.split_at_mut(12);
        let stamp = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        header[4..8].copy_from_slice(&stamp.wrapping_add(JUMP as u32).to_be_bytes());
        header[1] |= u8::from(first && marked) << 7;
        for packet in packets.chunks_exact_mut(188) {
            later(packet, first && flagged);
        }
        first = false;
    }
    datagrams
}

/// Moves the PCR or PTS of a packet.
fn later(packet: &mut [u8], flagged: bool) {
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_u64, |word, b| word << 8 | u64::from(*b))
    };
    let pid = u16::from_be_bytes([packet[1] & 0x1f, packet[2]]);
    if pid == pid::PCR {
        packet[5] |= u8::from(flagged) << 7;
        let base = word(&packet[6..12]) >> 15;
        let extension = word(&packet[10..12]) & 0x1ff;
        let pcr = source::pcr((base + JUMP) * 300 + extension);
        packet[6..12].copy_from_slice(&pcr);
    } else if pid == pid::VIDEO && packet[1] & 0x40 != 0 {
        let skip = if packet[3] & 0x20 != 0 {
            5 + usize::from(packet[4])
        } else {
            4
        };
        let pes = &mut packet[skip..];
        let field = word(&pes[9..14]);
        let pts = (field >> 3 & 0x1_c000_0000) | (field >> 2 & 0x3fff_8000) | (field >> 1 & 0x7fff);
        let moved = source::pes(pts + JUMP, &[]);
        pes[9..14].copy_from_slice(&moved[9..14]);
    }
}

fn report(datagrams: &[Datagram], marker: Marker) -> StreamReport {
    let rules = Rules {
        marker,
        ..Rules::default()
    };
    check(datagrams, rules).1
}

#[test]
fn a_jump_that_the_pcr_says_is_no_fault() {
    for slept in [true, false] {
        for (marked, marker) in [
            (true, Marker::Never),
            (true, Marker::Any),
            (false, Marker::Any),
        ] {
            let report = report(&jumped(slept, true, marked), marker);
            assert!(report.faults.is_empty(), "{:#?}", report.faults);
            assert_eq!((report.time_bases, report.access_units), (1, 15));
        }
    }
}

#[test]
fn a_jump_that_nothing_says_is_one() {
    let expected = [
        (true, &[Fault::PsiInterval, Fault::PcrInterval][..]),
        (
            false,
            &[
                Fault::RtpClock,
                Fault::PsiInterval,
                Fault::PcrInterval,
                Fault::PcrClock,
            ],
        ),
    ];
    for (slept, expected) in expected {
        let report = report(&jumped(slept, false, false), Marker::Never);
        let found: Vec<_> = report.faults.iter().map(|(fault, _)| fault).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn the_marker_of_a_jump_is_missing_or_tells_of_none() {
    for (flagged, marked) in [(true, false), (false, true)] {
        let report = report(&jumped(true, flagged, marked), Marker::Never);
        assert_eq!(report.faults.count(Fault::RtpMarker), 1);
    }
}
