//! A clean stream has no fault; each rule, broken alone, gives its own fault and no other.

mod hevc;
mod jump;
pub(crate) mod source;
mod spoiled;

use proptest::prelude::*;

use super::{Checker, Coding, Fault, Marker, Rules, SoundFormat, StreamReport};
use source::{Datagram, Script};

/// What M4 announced to the sink of [`Script::clean`].
const LPCM_48: SoundFormat = SoundFormat {
    coding: Coding::Lpcm,
    channels: 2,
    sample_rate: 48_000,
};

fn check(datagrams: &[Datagram], rules: Rules) -> (Checker, StreamReport) {
    let mut checker = Checker::new(rules);
    // As the script's PMT has it.
    checker.announce(LPCM_48);
    for datagram in datagrams {
        checker.datagram(&datagram.bytes, datagram.at_ns);
    }
    let report = checker.finish().clone();
    (checker, report)
}

#[test]
fn a_clean_stream_has_no_fault() {
    let script = Script::clean();
    let (mut checker, report) = check(&script.pack(), Rules::default());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(
        (report.access_units, report.idr_units, report.slices_max),
        (15, 2, 1)
    );
    assert_eq!(report.ssrc, Some(0x1122_3344));
    assert_eq!(report.first_sequence, Some(0xfff0));
    assert_eq!((report.pat, report.pmt, report.pcr), (13, 13, 13));
    assert_eq!(
        (report.rtp_lost, report.rtp_late, report.damaged_units),
        (0, 0, 0)
    );
    assert_eq!(report.psi_interval_max.as_millis(), 40);
    assert_eq!(report.pcr_interval_max.as_millis(), 40);
    assert_eq!(report.rtp_jitter_max.as_micros(), 0);
    assert_eq!(report.pcr_jitter, [0; 12]);
    assert_eq!((report.lead.min, report.lead.max), (Some(7200), Some(7200)));
    for unit in &script.units {
        let got = checker.take_unit().expect("every unit comes out");
        assert_eq!(got.bytes, unit.pes[14..]);
        assert_eq!(got.pts, source::pts(unit.at_ms));
        assert_eq!(got.last_arrival_ns, unit.at_ms * 1_000_000 + 5_000_000_000);
        assert_eq!(got.nal_units().count(), if got.idr { 4 } else { 2 });
    }
    assert_eq!(checker.take_unit(), None);
}

/// The delay of a PCR counts from the least so far, whether it came later or sooner; the least may
/// have given way by 100 ppm, here less than 20 us in all.
#[test]
fn the_jitter_of_the_pcr_is_what_its_delay_varies() {
    // A tenth of a millisecond by which each PCR comes later than its value says.
    let late = [0, 0, 5, 0, 30, 30, 0, -4, -4, 0, 250, -4, 0];
    let jitter = [0, 5, 0, 30, 30, 0, 4, 0, 4, 254, 0, 4];
    let mut datagrams = Script::clean().pack();
    for (late, datagram) in late.iter().zip(datagrams.iter_mut().filter(|d| has_pcr(d))) {
        datagram.at_ns = datagram.at_ns.wrapping_add_signed(late * 100_000);
    }
    let (_, report) = check(&datagrams, Rules::default());
    assert_eq!(report.pcr_jitter.len(), jitter.len());
    for (measured, expected) in report.pcr_jitter.iter().zip(jitter) {
        let apart = (measured - expected * 100_000).abs();
        assert!(apart < 20_000, "{measured} ns, not {expected} / 10 ms");
    }
}

fn has_pcr(datagram: &Datagram) -> bool {
    let [high, low] = super::pid::PCR.to_be_bytes();
    let mut packets = datagram.bytes[12..].chunks(188);
    packets.any(|packet| packet[1..3] == [high, low])
}

#[test]
fn a_length_of_zero_ends_with_the_next_unit() {
    let mut script = Script::clean();
    for unit in &mut script.units {
        unit.pes[4..6].copy_from_slice(&[0, 0]);
    }
    let (_, report) = check(&script.pack(), Rules::default());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(report.access_units, 15);
    // Measured when the unit's last byte came, although its end was only known later.
    assert_eq!((report.lead.min, report.lead.max), (Some(7200), Some(7200)));
}

#[test]
fn markers_end_units_with_known_and_unknown_length() {
    let mut script = Script::clean();
    script.markers = true;
    let rules = Rules {
        marker: Marker::EndOfUnit,
        ..Rules::default()
    };
    let (_, report) = check(&script.pack(), rules.clone());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    for unit in &mut script.units {
        unit.pes[4..6].copy_from_slice(&[0, 0]);
    }
    let (_, report) = check(&script.pack(), rules);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
}

/// Loss, reordering and duplicates are the network's doing: counted, and no fault.
#[test]
fn what_a_network_does_is_no_fault() {
    let clean = Script::clean().pack();
    let big = clean
        .iter()
        .position(|d| d.bytes.len() == 12 + 7 * 188)
        .unwrap();

    let mut lossy = clean.clone();
    lossy.remove(big);
    let (_, report) = check(&lossy, Rules::default());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(
        (report.rtp_lost, report.damaged_units),
        (1, 0),
        "the unit's start was lost"
    );
    assert_eq!(report.access_units, 14);

    let mut lossy = clean.clone();
    lossy.remove(big + 1);
    let (_, report) = check(&lossy, Rules::default());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(
        (report.rtp_lost, report.damaged_units, report.access_units),
        (1, 1, 14)
    );

    let mut twice = clean.clone();
    twice.insert(big + 1, clean[big].clone());
    let (_, report) = check(&twice, Rules::default());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(
        (report.rtp_lost, report.rtp_late, report.access_units),
        (0, 1, 15)
    );
}

#[test]
fn a_pause_suspends_the_intervals_and_wants_an_idr() {
    let mut script = Script::clean();
    let mut later = script.units.clone();
    for unit in &mut later {
        unit.at_ms += 10_000;
        unit.pes = source::pes(source::pts(unit.at_ms), &unit.pes[14..]);
    }
    script.units.append(&mut later);
    script.end_ms = 10_500;
    script.silent_ms = 500..10_000;
    let resumed = |script: &Script, tell: bool| {
        let mut checker = Checker::new(Rules::default());
        checker.announce(LPCM_48);
        for datagram in script.pack() {
            if tell && datagram.at_ns == 15_000_000_000 {
                checker.pause();
            }
            checker.datagram(&datagram.bytes, datagram.at_ns);
        }
        checker.finish().clone()
    };
    let report = resumed(&script, true);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!((report.access_units, report.rtp_lost), (30, 0));

    let report = resumed(&script, false);
    assert_eq!(
        report.faults.count(Fault::PsiInterval),
        2,
        "{:#?}",
        report.faults
    );
    assert_eq!(report.faults.count(Fault::PcrInterval), 2);

    script.units.remove(15);
    let report = resumed(&script, true);
    assert_eq!(
        report.faults.count(Fault::EsFirstPicture),
        1,
        "{:#?}",
        report.faults
    );
}

proptest! {
    /// A stream may be anything.
    #[test]
    fn any_bytes_are_survived(
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1400), 0..20),
        arrival in any::<u64>(),
    ) {
        let mut checker = Checker::new(Rules::default());
        for bytes in &datagrams {
            checker.datagram(bytes, arrival);
        }
        checker.finish();
    }

    /// A good stream with some bytes changed gets deeper than noise does.
    #[test]
    fn changed_bytes_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(),
            any::<prop::sample::Index>(), any::<u8>()), 1..40),
        markers in any::<bool>(),
    ) {
        let mut script = Script::clean();
        script.markers = markers;
        let mut datagrams = script.pack();
        for (which, byte, value) in changes {
            let bytes = &mut which.get_mut(&mut datagrams).bytes;
            *byte.get_mut(bytes) = value;
        }
        let rules = Rules { marker: Marker::EndOfUnit, ..Rules::default() };
        let (mut checker, report) = check(&datagrams, rules);
        let units = core::iter::from_fn(|| checker.take_unit()).count();
        prop_assert_eq!(units as u64, report.access_units);
    }
}
