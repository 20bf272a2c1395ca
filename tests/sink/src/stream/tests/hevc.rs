//! A stream of H.265: clean if that was negotiated, and its own descriptor.

use super::check;
use super::source::{self, Script, reseal};
use crate::stream::{Codec, Fault, Rules, StreamReport};

/// general_profile_space to general_level_idc: Main, Main tier, level 3.1.
const MAIN: [u8; 12] = [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93];

/// Where the entry of the pictures begins in the PMT, and where that of the sound does.
const VIDEO: usize = 12;
const AUDIO: usize = 27;

fn idr() -> Vec<u8> {
    let sps = [
        0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 93, 0xa0,
    ];
    let nals: [&[u8]; 5] = [
        &[0x46, 1, 0x10],
        &[0x40, 1, 0x0c],
        &sps,
        &[0x44, 1, 0xc1],
        &[0x28, 1, 0xaf],
    ];
    nals.iter()
        .flat_map(|nal| [&[0, 0, 0, 1], *nal].concat())
        .collect()
}

/// The clean script with other pictures and an entry of stream type 0x24.
fn script() -> Script {
    let mut script = Script::clean();
    let mut entry = vec![0x24, 0xf0, 0x11, 0xf0, 15, 0x38, 13];
    entry.extend(MAIN);
    entry.push(0x1f);
    script.pmt.splice(VIDEO..AUDIO, entry);
    script.pmt[2] += 5;
    reseal(&mut script.pmt);
    for unit in &mut script.units {
        let p = [0, 0, 0, 1, 0x46, 1, 0x30, 0, 0, 0, 1, 0x02, 1, 0xd0, 0x55];
        let es = if unit.random_access {
            idr()
        } else {
            p.to_vec()
        };
        unit.pes = source::pes(source::pts(unit.at_ms), &es);
    }
    script
}

fn report(script: &Script, codec: Codec) -> StreamReport {
    let rules = Rules {
        codec,
        ..Rules::default()
    };
    check(&script.pack(), rules).1
}

#[test]
fn a_clean_stream_has_no_fault() {
    let report = report(&script(), Codec::H265);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!((report.access_units, report.idr_units), (15, 2));
    assert_eq!(report.profile, Some(1));
}

#[test]
fn the_stream_is_of_the_codec_that_was_negotiated() {
    for (script, codec) in [(script(), Codec::H264), (Script::clean(), Codec::H265)] {
        let faults = report(&script, codec).faults;
        assert_eq!(faults.count(Fault::PmtContent), 13, "{faults:#?}");
    }
}

#[test]
fn the_descriptor_is_there_and_says_what_the_sps_says() {
    // Another tag; 24-hour pictures; a reserved bit 0.
    for (at, value) in [(VIDEO + 5, 0x39), (VIDEO + 19, 0x3f), (VIDEO + 19, 0x1b)] {
        let mut script = script();
        script.pmt[at] = value;
        reseal(&mut script.pmt);
        let faults = report(&script, Codec::H265).faults;
        assert_eq!(faults.count(Fault::PmtDescriptor), 13, "{at}: {faults:#?}");
    }
    let mut script = script();
    script.pmt[VIDEO + 18] = 120;
    reseal(&mut script.pmt);
    let faults = report(&script, Codec::H265).faults;
    assert_eq!((faults.total(), faults.count(Fault::EsDescriptor)), (2, 2));
}
