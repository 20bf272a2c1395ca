//! A stream as small as the monitor accepts, and what it says when that is spoilt.

use core::time::Duration;

use super::*;

/// A PAT with the programme 1 at 0x0100.
const PAT: [u8; 16] = [
    0x00, 0xB0, 0x0D, 0x00, 0x01, 0xC1, 0x00, 0x00, 0x00, 0x01, 0xE1, 0x00, 0xE8, 0xF9, 0x5E, 0x7D,
];
/// Its PMT: PCR at 0x1000, H.264 at 0x1011, LPCM at 0x1100.
const PMT: [u8; 40] = [
    0x02, 0xB0, 0x25, 0x00, 0x01, 0xC1, 0x00, 0x00, 0xF0, 0x00, 0xF0, 0x00, 0x1B, 0xF0, 0x11, 0xF0,
    0x0A, 0x28, 0x04, 0x42, 0xC0, 0x1F, 0x3F, 0x2A, 0x02, 0x7E, 0x1F, 0x83, 0xF1, 0x00, 0xF0, 0x04,
    0x83, 0x02, 0x46, 0x2F, 0xD2, 0x50, 0x17, 0xD6,
];
/// The head of a PES packet with the PTS 90000.
const PES: [u8; 14] = [
    0x00, 0x00, 0x01, 0xE0, 0x00, 0x00, 0x84, 0x80, 0x05, 0x21, 0x00, 0x05, 0xBF, 0x21,
];

type Packets = Vec<[u8; TS_PACKET]>;

/// Between two groups of packets, in milliseconds.
const STEP: u64 = 40;
/// Groups of the stream: more than the five seconds after which a PID is missed.
const STEPS: u64 = 150;

fn packet(pid: u16, control: u8, content: &[u8]) -> [u8; TS_PACKET] {
    let mut packet = [0xFF; TS_PACKET];
    let [high, low] = pid.to_be_bytes();
    packet[..4].copy_from_slice(&[0x47, high, low, control]);
    packet[4..4 + content.len()].copy_from_slice(content);
    packet
}

fn pcr(base: u64) -> [u8; TS_PACKET] {
    let field = (base << 15 | 0x7E00).to_be_bytes();
    packet(0x1000, 0x20, &[&[183, 0x10], &field[2..]].concat())
}

/// The packets of the `step`th group: tables, PCR, a picture and sound.
fn group(step: u64) -> Packets {
    let start = 0x4000;
    let continuity = 0x10 | u8::try_from(step % 16).unwrap();
    let table = |section: &[u8]| [&[0], section].concat();
    vec![
        packet(start, continuity, &table(&PAT)),
        packet(start | 0x0100, continuity, &table(&PMT)),
        pcr(90 * STEP * step),
        packet(start | 0x1011, continuity, &PES),
        packet(start | 0x1100, continuity, &PES),
    ]
}

/// What the monitor finds in the stream whose groups went through `spoil`.
fn faults(spoil: impl Fn(u64, &mut Packets)) -> String {
    let mut judge = Judge::new();
    for step in 0..STEPS {
        let mut packets = group(step);
        spoil(step, &mut packets);
        let payload = packets.concat();
        judge.take(&Datagram {
            at: Duration::from_millis(STEP * step),
            payload: &payload,
        });
    }
    judge.end().unwrap().faults.join("\n")
}

#[test]
fn a_good_stream_has_no_fault() {
    assert_eq!(faults(|_, _| {}), "");
}

#[test]
fn faults_of_the_first_and_second_priority_are_told() {
    let at = 100;
    // The packet of the group, its byte, and which bits are turned.
    let spoils = [
        (3, 3, 0x01, "Continuity_count_error"),
        (1, 20, 0x01, "CRC_error"),
        (3, 1, 0x80, "Transport_error"),
        (4, 0, 0x47, "Sync_byte_error"),
        (2, 7, 0x01, "PCR_discontinuity_indicator_error"),
        (3, 3, 0xC0, "CAT_error"),
    ];
    for (packet, byte, bits, indicator) in spoils {
        let said = faults(|step, packets| {
            if step == at {
                packets[packet][byte] ^= bits;
            }
        });
        assert!(said.contains(indicator), "{indicator}: {said:?}");
        assert!(said.starts_with('4'), "the time: {said:?}");
    }
}

#[test]
fn what_does_not_come_in_time_is_told() {
    let missing = [
        (0, 14, "PAT_error_2"),
        (1, 14, "PMT_error_2"),
        (2, 3, "PCR_repetition_error"),
        (3, 18, "PTS_error"),
        (4, 130, "PID_error"),
    ];
    for (index, steps, indicator) in missing {
        let said = faults(|step, packets| {
            if (10..10 + steps).contains(&step) {
                packets.remove(index);
            }
        });
        assert!(said.contains(indicator), "{indicator}: {said:?}");
    }
}

#[test]
fn the_third_priority_does_not_count() {
    // A PID that no table names, for six seconds: Unreferenced_PID.
    let said = faults(|step, packets| {
        let continuity = 0x10 | u8::try_from(step % 16).unwrap();
        packets.push(packet(0x0123, continuity, &[]));
    });
    assert_eq!(said, "");
}

#[test]
fn what_is_no_stream_is_an_error() {
    assert!(Judge::new().end().is_err());
    let mut judge = Judge::new();
    judge.take(&Datagram {
        at: Duration::ZERO,
        payload: &[0; 5 * TS_PACKET],
    });
    assert!(judge.end().is_err());
}
