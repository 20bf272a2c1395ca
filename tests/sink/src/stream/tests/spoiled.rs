//! One broken rule at a time: every [`Fault`] is proven able to be found, alone.

use super::check;
use super::source::{
    self, AUD_I, AUD_P, Datagram, PPS, SPS, Script, idr_slice, p_slice, packet, reseal,
};
use crate::stream::{Fault, Marker, Rules, pid};

/// Spoils the script before it is packed; exactly `fault` must be found.
fn script(fault: Fault, spoil: impl FnOnce(&mut Script)) {
    let mut script = Script::clean();
    spoil(&mut script);
    expect(fault, &script.pack(), Rules::default());
}

/// Spoils the packed datagrams; exactly `fault` must be found.
fn wire(fault: Fault, spoil: impl FnOnce(&mut Vec<Datagram>)) {
    let mut datagrams = Script::clean().pack();
    spoil(&mut datagrams);
    expect(fault, &datagrams, Rules::default());
}

#[track_caller]
fn expect(fault: Fault, datagrams: &[Datagram], rules: Rules) {
    let (_, report) = check(datagrams, rules);
    let found: Vec<Fault> = report.faults.iter().map(|(fault, _)| fault).collect();
    assert_eq!(found, [fault], "{:#?}", report.faults);
    let (_, finding) = report.faults.iter().next().unwrap();
    assert!(!finding.texts.is_empty() && finding.texts.len() as u64 <= finding.count);
}

#[test]
fn rtp() {
    // Datagrams that are refused leave a hole in the sequence, which is no fault of its own.
    wire(Fault::RtpShort, |d| d[3].bytes.truncate(11));
    wire(Fault::RtpVersion, |d| d[3].bytes[0] = 0x40);
    wire(Fault::RtpHeader, |d| d[3].bytes[0] = 0x90);
    wire(Fault::RtpPayloadType, |d| d[3].bytes[1] = 96);
    wire(Fault::RtpSsrc, |d| {
        d.iter_mut().skip(5).for_each(|d| d.bytes[11] = 0x45);
    });
    wire(Fault::RtpTimestamp, |d| {
        d[5].bytes[4..8].copy_from_slice(&[0xff, 0xff, 0, 0]);
    });
    wire(Fault::RtpClock, |d| d[2].at_ns += 300_000_000);
    wire(Fault::RtpMarker, |d| d[3].bytes[1] |= 0x80);
    wire(Fault::RtpPayload, |d| d[3].bytes.push(0x47));
    wire(Fault::RtpPayload, |d| {
        let mut empty = d[d.len() - 1].clone();
        empty.bytes.truncate(12);
        empty.bytes[3] = empty.bytes[3].wrapping_add(1);
        d.push(empty);
    });
}

#[test]
fn markers_missing_and_too_many() {
    let rules = Rules {
        marker: Marker::EndOfUnit,
        ..Rules::default()
    };
    let mut script = Script::clean();
    expect(Fault::RtpMarker, &script.pack(), rules.clone());
    script.markers = true;
    let mut datagrams = script.pack();
    let tables = datagrams
        .iter()
        .position(|d| d.bytes.len() == 12 + 3 * 188)
        .unwrap();
    datagrams[tables].bytes[1] |= 0x80;
    expect(Fault::RtpMarker, &datagrams, rules);
}

#[test]
fn ts() {
    wire(Fault::TsSync, |d| packet(d, pid::PCR, 3)[0] = 0x46);
    wire(Fault::TsTransportError, |d| {
        packet(d, pid::PCR, 3)[1] |= 0x80;
    });
    wire(Fault::TsScrambling, |d| packet(d, pid::PCR, 3)[3] |= 0x40);
    wire(Fault::TsControl, |d| packet(d, pid::PCR, 3)[3] &= 0xcf);
    wire(Fault::TsContinuity, |d| packet(d, pid::PCR, 3)[3] |= 0x01);
    wire(Fault::TsContinuity, |d| packet(d, pid::VIDEO, 7)[3] ^= 0x0f);
    wire(Fault::TsAdaptation, |d| packet(d, pid::PCR, 3)[100] = 0);
    wire(Fault::TsAdaptation, |d| packet(d, pid::PCR, 3)[4] = 182);
    wire(Fault::TsAdaptation, |d| packet(d, pid::PCR, 3)[5] |= 0x02);
    wire(Fault::TsUnitStart, |d| packet(d, pid::PCR, 3)[1] |= 0x40);
    wire(Fault::TsPid, |d| {
        let null = packet(d, pid::PCR, 12);
        null.fill(0xff);
        null[..4].copy_from_slice(&[0x47, 0x1f, 0xff, 0x10]);
    });
    script(Fault::TsRandomAccess, |s| s.units[3].random_access = true);
    script(Fault::TsRandomAccess, |s| s.units[10].random_access = false);
}

#[test]
fn psi() {
    wire(Fault::PsiSection, |d| packet(d, pid::PMT, 3)[4] = 1);
    wire(Fault::PsiSection, |d| packet(d, pid::PMT, 3)[1] &= 0xbf);
    wire(Fault::PsiSection, |d| packet(d, pid::PAT, 3)[187] = 0);
    wire(Fault::PsiSection, |d| packet(d, pid::PAT, 3)[7] = 0xff);
    wire(Fault::PsiCrc, |d| packet(d, pid::PAT, 3)[9] ^= 1);
    wire(Fault::PsiVersion, |d| {
        let pat = packet(d, pid::PAT, 3);
        let mut section = pat[5..21].to_vec();
        section[4] = 9;
        reseal(&mut section);
        pat[5..21].copy_from_slice(&section);
    });
    script(Fault::PsiInterval, |s| s.psi_every_ms = 120);
    script(Fault::PsiInterval, |s| s.psi_every_ms = 1000);
    script(Fault::PatContent, |s| {
        s.pat[11] = 1;
        reseal(&mut s.pat);
    });
    // PCR_PID, the video's PID, Blu-ray's type for LPCM.
    for (at, value) in [(9, 0x01), (14, 0x12), (27, 0x80)] {
        script(Fault::PmtContent, |s| {
            s.pmt[at] = value;
            reseal(&mut s.pmt);
        });
    }
    // AVC video missing, with 24-hour pictures; timing missing, malformed; strange registration.
    for (at, value) in [(17, 0x29), (22, 0x7f), (23, 0x2b), (25, 0x7f)] {
        script(Fault::PmtDescriptor, |s| {
            s.pmt[at] = value;
            reseal(&mut s.pmt);
        });
    }
    wire(Fault::PmtMissing, |d| drop(d.remove(0)));
}

#[test]
fn the_seal_is_the_standards() {
    let clean = Script::clean();
    for section in [clean.pat, clean.pmt] {
        let mut sealed = section.clone();
        reseal(&mut sealed);
        assert_eq!(sealed, section);
    }
}

#[test]
fn pcr() {
    wire(Fault::PcrPlace, |d| {
        packet(d, pid::PCR, 3)[5..12].copy_from_slice(&[0, 255, 255, 255, 255, 255, 255]);
    });
    wire(Fault::PcrPlace, |d| {
        // The last one, so that no counter after it is wrong: one byte of payload.
        packet(d, pid::PCR, 12)[3..5].copy_from_slice(&[0x31, 182]);
    });
    wire(Fault::PcrForm, |d| packet(d, pid::PCR, 3)[10] &= 0x81);
    script(Fault::PcrInterval, |s| s.pcr_every_ms = 120);
    script(Fault::PcrInterval, |s| s.pcr_every_ms = 1000);
    wire(Fault::PcrOrder, |d| {
        let before = packet(d, pid::PCR, 4).to_vec();
        packet(d, pid::PCR, 5).copy_from_slice(&before);
    });
    // A clock at a quarter of its speed.
    wire(Fault::PcrClock, |d| {
        for n in 0..13u64 {
            let place = &mut packet(d, pid::PCR, usize::try_from(n).unwrap())[6..12];
            place.copy_from_slice(&source::pcr(2_700_000 + n * 270_000));
        }
    });
}

#[test]
fn pes() {
    script(Fault::PesStart, |s| s.units[3].pes[2] = 2);
    script(Fault::PesStreamId, |s| s.units[3].pes[3] = 0xbd);
    script(Fault::PesFlags, |s| s.units[3].pes[6] = 0x80);
    script(Fault::PesFlags, |s| s.units[3].pes[7] = 0xc0);
    script(Fault::PesHeaderLength, |s| s.units[3].pes[8] = 6);
    script(Fault::PesLength, |s| s.units[3].pes[5] ^= 0x80);
    script(Fault::PesLength, |s| s.units[3].pes[4] ^= 0x01);
    script(Fault::PtsForm, |s| s.units[3].pes[9] ^= 0x10);
    script(Fault::PtsOrder, |s| {
        let before = s.units[4].pes[9..14].to_vec();
        s.units[5].pes[9..14].copy_from_slice(&before);
    });
    script(Fault::PtsLate, |s| {
        s.units[0].pes = source::pes(9090, &s.units[0].pes[14..]);
    });
    script(Fault::PtsEarly, |s| {
        let pts = source::pts(s.units[14].at_ms) + 90_000;
        s.units[14].pes = source::pes(pts, &s.units[14].pes[14..]);
    });
}

#[test]
fn elementary_stream() {
    let p = p_slice(900);
    let i = idr_slice(900);
    script(Fault::EsStartCode, |s| {
        s.set_es(3, &[&AUD_P[1..], &p].concat());
    });
    script(Fault::EsDelimiter, |s| s.set_es(3, &p));
    script(Fault::EsDelimiter, |s| s.set_es(3, &[AUD_I, &p].concat()));
    script(Fault::EsDelimiter, |s| {
        s.set_es(3, &[&[0, 0, 0, 1, 9, 0x31][..], &p].concat());
    });
    script(Fault::EsDelimiter, |s| {
        s.set_es(10, &[SPS, AUD_I, PPS, &i].concat());
    });
    script(Fault::EsUnits, |s| s.set_es(3, &[AUD_P, &p, &p].concat()));
    script(Fault::EsUnits, |s| s.set_es(3, AUD_P));
    script(Fault::EsParameterSets, |s| {
        s.set_es(10, &[AUD_I, SPS, &i].concat());
    });
    script(Fault::EsParameterSets, |s| {
        s.set_es(10, &[AUD_I, PPS, &i].concat());
    });
    script(Fault::EsParameterSets, |s| {
        s.set_es(3, &[AUD_P, &p, PPS].concat());
    });
    script(Fault::EsFirstPicture, |s| drop(s.units.remove(0)));
    script(Fault::EsDescriptor, |s| {
        let mut sps = SPS.to_vec();
        sps[7] = 0x28;
        s.set_es(10, &[AUD_I, &sps, PPS, &i].concat());
    });
    let forbidden = [0, 0, 0, 1, 0x86, 5];
    let aggregate = [0, 0, 0, 1, 24, 5];
    for nal in [forbidden, aggregate] {
        script(Fault::EsNal, |s| s.set_es(3, &[AUD_P, &nal, &p].concat()));
    }
    // A slice of the second kind of NAL unit in an IDR picture: first_mb_in_slice 1.
    let mixed = [0, 0, 0, 1, 0x41, 0x4c, 0xd5];
    let rules = Rules {
        slices_max: 2,
        ..Rules::default()
    };
    let mut spoiled = Script::clean();
    let any = [0, 0, 0, 1, 9, 0xf0];
    spoiled.set_es(10, &[&any, SPS, PPS, &i, &mixed].concat());
    expect(Fault::EsNal, &spoiled.pack(), rules);
}

#[test]
fn slices() {
    let p = p_slice(900);
    // first_mb_in_slice 0, 4 and 8 (ue 00101, 0001001), slice_type 5.
    let second = [0, 0, 0, 1, 0x41, 0b0010_1001, 0b1011_0101];
    let third = [0, 0, 0, 1, 0x41, 0b0001_0010, 0b0110_1101];
    let skewed = [0, 0, 0, 1, 0x41, 0b0001_0000, 0b0110_1101];
    let with = |slices: &[&[u8]]| {
        let mut script = Script::clean();
        script.set_es(3, &[&[AUD_P, &p][..], slices].concat().concat());
        script.pack()
    };
    let rules = Rules {
        slices_max: 3,
        slice_macroblocks_min: 4,
        ..Rules::default()
    };
    let (_, report) = check(&with(&[&second, &third]), rules.clone());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(report.slices_max, 3);

    expect(Fault::EsSlices, &with(&[&second, &third]), Rules::default());
    expect(Fault::EsSlices, &with(&[&second, &skewed]), rules.clone());
    let larger = Rules {
        slice_macroblocks_min: 5,
        ..rules
    };
    expect(Fault::EsSlices, &with(&[&second, &third]), larger);

    // A B slice: slice_type 6.
    script(Fault::EsSlices, |s| {
        s.set_es(3, &[AUD_P, &[0, 0, 0, 1, 0x41, 0x9e, 0x55]].concat());
    });
}
