use super::Reporter;

const SSRC: [u8; 4] = [1, 2, 3, 4];
const SECOND: u64 = 1_000_000_000;

fn rtp(sequence: u16, timestamp: u32) -> Vec<u8> {
    let mut datagram = vec![0x80, 33];
    datagram.extend(sequence.to_be_bytes());
    datagram.extend(timestamp.to_be_bytes());
    datagram.extend(SSRC);
    datagram
}

/// A sender report as RFC 3550 §6.4.1 draws it, written `seconds` after the start.
fn sender_report(seconds: u32, packets: u32) -> Vec<u8> {
    let words = [
        0x80C8_0006,
        0x0102_0304,
        seconds,
        0,
        90_000_u32.wrapping_mul(seconds),
        packets,
        packets * 1316,
        0x81CA_0003,
        0x0102_0304,
        0x0102_6162,
        0,
    ];
    words.into_iter().flat_map(u32::to_be_bytes).collect()
}

fn words(report: &[u8]) -> Vec<u32> {
    let (words, _) = report.as_chunks();
    words.iter().map(|word| u32::from_be_bytes(*word)).collect()
}

fn findings(datagrams: &[Vec<u8>]) -> Vec<String> {
    let mut reporter = Reporter::default();
    reporter.rtp(&rtp(1, 0), 0);
    for (at, datagram) in (1..).zip(datagrams) {
        reporter.rtcp(datagram, at * SECOND);
    }
    reporter.sender_reports().wrong.clone()
}

#[test]
fn a_report_counts_what_came_and_what_did_not() {
    let mut reporter = Reporter::default();
    reporter.begin(0);
    for sequence in [65_534, 65_535, 1, 2, 4, 3] {
        reporter.rtp(&rtp(sequence, 0), 0);
    }
    assert_eq!(reporter.poll(SECOND - 1), None);
    let report = words(&reporter.poll(SECOND).unwrap());
    // Seven expected, one lost: 36 of 256.
    assert_eq!(report[2..6], [0x0102_0304, 36 << 24 | 1, 0x1_0004, 0]);
    for sequence in 5..=8 {
        reporter.rtp(&rtp(sequence, 0), 0);
    }
    let report = words(&reporter.poll(2 * SECOND).unwrap());
    assert_eq!(report[3..5], [1, 0x1_0008], "nothing more is lost");
    assert_eq!(report[6..8], [0, 0], "no sender report came");
}

#[test]
fn jitter_is_the_mean_difference_of_transit_times() {
    let mut reporter = Reporter::default();
    reporter.begin(0);
    // Every packet is 10 ms later or earlier than the one before: it comes near 900 ticks.
    for packet in 0..200_u16 {
        let late = u64::from(packet % 2) * 10_000_000;
        reporter.rtp(&rtp(packet, 0), late);
    }
    let jitter = words(&reporter.poll(SECOND).unwrap())[5];
    assert!((850..=900).contains(&jitter), "{jitter}");
}

#[test]
fn the_delay_since_the_last_sender_report_is_told() {
    let mut reporter = Reporter::default();
    reporter.begin(0);
    reporter.rtp(&rtp(1, 0), 0);
    reporter.rtcp(&sender_report(0x0001_0002, 1), SECOND / 2);
    let report = words(&reporter.poll(SECOND).unwrap());
    assert_eq!(report[6..8], [0x0002_0000, 0x8000]);
    assert_eq!(reporter.sender_reports().received, 1);
}

#[test]
fn good_sender_reports_are_found_good_and_bad_ones_bad() {
    let good = [sender_report(1, 5), sender_report(2, 6)];
    assert_eq!(findings(&good), [""; 0]);
    let spoiled = |at: usize, by: u8| {
        let mut report = sender_report(2, 6);
        report[at] ^= by;
        findings(&[sender_report(1, 5), report]).len()
    };
    let places = [
        (0, "version"),
        (1, "type"),
        (7, "SSRC"),
        (11, "NTP"),
        (17, "RTP time"),
        (27, "octets"),
        (28, "description"),
        (35, "described SSRC"),
        (36, "CNAME"),
        (43, "end of the list"),
    ];
    for (at, what) in places {
        assert_eq!(spoiled(at, 4), 1, "{what}");
    }
    assert_eq!(
        findings(&[sender_report(1, 5), sender_report(2, 5)]).len(),
        1
    );
    assert_eq!(findings(&[sender_report(1, 5)[..28].to_vec()]).len(), 1);
}
