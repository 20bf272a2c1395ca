//! Sound that is right has no fault; each rule, broken alone, gives its own.

use super::*;
use crate::stream::ts;

const LPCM_48: SoundFormat = format(Coding::Lpcm, 2, 48_000);
const LPCM_44: SoundFormat = format(Coding::Lpcm, 2, 44_100);
const AAC: SoundFormat = format(Coding::Aac, 2, 48_000);
const AC3: SoundFormat = format(Coding::Ac3, 6, 48_000);

const fn format(coding: Coding, channels: u16, sample_rate: u32) -> SoundFormat {
    SoundFormat {
        coding,
        channels,
        sample_rate,
    }
}

/// A PES of real length: nine bytes of header, the PTS, two of stuffing, and `payload`.
fn pes(id: u8, pts: u64, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16 + 10).to_be_bytes();
    let byte = |shift: u32| (pts >> shift) as u8;
    let mut pes = vec![0, 0, 1, id, length[0], length[1], 0x80, 0x80, 7];
    pes.extend([
        0x21 | byte(29) & 0x0e,
        byte(22),
        byte(14) | 1,
        byte(7),
        byte(0) << 1 | 1,
    ]);
    pes.extend([0xff, 0xff]);
    pes.extend(payload);
    pes
}

/// The private header and 480 quiet frames, those of `loud` excepted.
fn lpcm(loud: core::ops::Range<usize>) -> Vec<u8> {
    let sample = |number: usize| {
        if loud.contains(&number) {
            24_000_i16
        } else {
            100
        }
    };
    let frame = |number| [sample(number).to_be_bytes(); 2].concat();
    let mut payload = vec![0xa0, 6, 0, 0x11];
    payload.extend((0..480).flat_map(frame));
    payload
}

/// An ADTS frame of 300 bytes, from the worked example.
fn aac() -> Vec<u8> {
    let mut frame = vec![0xff, 0xf1, 0x4c, 0x80, 0x25, 0x9f, 0xfc];
    frame.resize(300, 5);
    frame
}

/// An AC-3 frame of 192 kbit/s.
fn ac3() -> Vec<u8> {
    let mut frame = vec![0x0b, 0x77, 0, 0, 0x14, 0x40];
    frame.resize(768, 5);
    frame
}

fn entry(stream_type: u8, descriptors: &[u8]) -> Entry {
    Entry {
        stream_type,
        pid: PID,
        descriptors: descriptors.to_vec(),
    }
}

/// What is said of an entry of the PMT.
fn listed(format: SoundFormat, entry: &Entry, described: bool) -> Vec<Fault> {
    let mut sound = Sound::default();
    let mut faults = Faults::default();
    sound.announce(format);
    sound.entries(core::slice::from_ref(entry), described, &mut faults);
    faults.iter().map(|(fault, _)| fault).collect()
}

#[test]
fn the_pmt_has_what_m4_announced() {
    let good: [(SoundFormat, u8, &[u8]); 7] = [
        (LPCM_48, 0x83, &[0x83, 2, 0x46, 0x2f]),
        (LPCM_44, 0x83, &[0x83, 2, 0x26, 0x2f]),
        (AAC, 0x0f, &[]),
        (AAC, 0x0f, &[0x2b, 3, 1, 2, 0]),
        (format(Coding::Aac, 8, 48_000), 0x0f, &[0x2b, 3, 1, 7, 0]),
        (AC3, 0x81, &[0x81, 3, 0x08, 0xc8, 0x0f]),
        (AC3, 0x81, &[0x81, 3, 0x08, 0x28, 0x1b]),
    ];
    for (format, kind, descriptors) in good {
        assert_eq!(listed(format, &entry(kind, descriptors), true), []);
    }
    assert_eq!(listed(LPCM_48, &entry(0x83, &[]), false), []);
    let wrong = [Fault::PmtAudio];
    let bad: [(SoundFormat, u8, &[u8]); 8] = [
        (LPCM_48, 0x83, &[]),
        (LPCM_48, 0x83, &[0x83, 2, 0x26, 0x2f]),
        (LPCM_48, 0x0f, &[]),
        (AAC, 0x0f, &[0x2b, 3, 1, 6, 0]),
        (AC3, 0x81, &[]),
        (AC3, 0x81, &[0x81, 3, 0x28, 0xc8, 0x0f]),
        (AC3, 0x81, &[0x81, 3, 0x08, 0xc8, 0x05]),
        (AC3, 0x81, &[0x81, 4, 0x08, 0xc8, 0x0f]),
    ];
    for (format, kind, descriptors) in bad {
        assert_eq!(listed(format, &entry(kind, descriptors), true), wrong);
    }
    let described = entry(0x83, &[0x83, 2, 0x46, 0x2f]);
    assert_eq!(listed(LPCM_48, &described, false), [], "the screen judges");
    let mut faults = Faults::default();
    let unannounced = core::slice::from_ref(&described);
    Sound::default().entries(unannounced, true, &mut faults);
    assert_eq!(faults.count(Fault::PmtAudio), 1);
}

/// Takes PES packets of a stream that is announced and listed, a second ahead less a tick.
fn take(format: SoundFormat, all: &[Vec<u8>]) -> (SoundReport, Vec<Fault>) {
    let sound = Sound {
        announced: Some(format),
        listed: true,
        ..Sound::default()
    };
    taken_by(sound, all)
}

fn taken_by(mut sound: Sound, all: &[Vec<u8>]) -> (SoundReport, Vec<Fault>) {
    let (mut report, mut faults) = (SoundReport::default(), Faults::default());
    for pes in all {
        for (number, payload) in pes.chunks(ts::PACKET - 4).enumerate() {
            let clock = |_| Some(900_000 - 89_999);
            let place = Place::default();
            let piece = (payload, number == 0);
            sound.payload(piece, place, clock, (&mut report, &mut faults));
        }
    }
    (report, faults.iter().map(|(fault, _)| fault).collect())
}

#[test]
fn ac3_has_the_rate_that_the_pmt_says() {
    // 192 kbit/s has the code 10; 0x20 is "at most".
    for (code, faults) in [
        (10, vec![]),
        (9, vec![Fault::PmtAudio]),
        (11, vec![Fault::PmtAudio]),
        (0x2a, vec![]),
        (0x32, vec![]),
        (0x29, vec![Fault::PmtAudio]),
    ] {
        let mut sound = Sound::default();
        sound.announce(AC3);
        let entry = entry(0x81, &[0x81, 3, 0x08, code << 2, 0x0f]);
        sound.entries(&[entry], true, &mut Faults::default());
        let (_, found) = taken_by(sound, &[pes(0xbd, 900_000, &ac3())]);
        assert_eq!(found, faults, "{code:#x}");
    }
}

#[test]
fn units_that_are_right() {
    let (report, faults) = take(
        LPCM_48,
        &[
            pes(0xbd, 900_000, &lpcm(0..0)),
            pes(0xbd, 900_900, &lpcm(0..0)),
        ],
    );
    assert_eq!(faults, [Fault::PtsEarly], "the second is a second ahead");
    assert_eq!((report.units, report.bytes, report.gaps), (2, 3840, 0));
    let (report, faults) = take(AAC, &[pes(0xc0, 900_000, &[aac(), aac()].concat())]);
    assert_eq!((report.units, faults), (1, vec![]));
    let (report, faults) = take(AC3, &[pes(0xbd, 900_000, &ac3())]);
    assert_eq!((report.units, faults), (1, vec![]));
}

#[test]
fn units_that_are_wrong() {
    let spoiled = |at: usize, value: u8| {
        let mut pes = pes(0xbd, 900_000, &lpcm(0..0));
        pes[at] = value;
        take(LPCM_48, &[pes]).1
    };
    assert_eq!(spoiled(3, 0xc0), [Fault::PesStreamId]);
    assert_eq!(spoiled(6, 0x84), [Fault::PesFlags]);
    assert_eq!(spoiled(6, 0x81), []);
    assert_eq!(spoiled(8, 5), [Fault::PesHeaderLength]);
    assert_eq!(spoiled(14, 0), [Fault::PesHeaderLength]);
    assert_eq!(spoiled(9, 0x31), [Fault::PtsForm]);
    for (at, value) in [(16, 0xa1), (17, 5), (18, 1), (19, 0x09)] {
        assert_eq!(spoiled(at, value), [Fault::AudioFrame]);
    }
    let of = |format, id, payload: &[u8]| take(format, &[pes(id, 900_000, payload)]).1;
    assert_eq!(of(LPCM_48, 0xbd, &lpcm(0..0)[..1922]), [Fault::AudioFrame]);
    let mono = [0xff, 0xf1, 0x4c, 0x40, 0x25, 0x9f, 0xfc];
    for frame in [&aac()[..299], &[mono.as_slice(), &[5; 293]].concat(), &[]] {
        assert_eq!(of(AAC, 0xc0, frame), [Fault::AudioFrame]);
    }
    assert_eq!(
        of(AAC, 0xc0, &aac().repeat(7)),
        [Fault::AudioFrame],
        "2100 bytes"
    );
    assert_eq!(of(AC3, 0xbd, &ac3()[1..]), [Fault::AudioFrame]);
    assert_eq!(
        of(AC3, 0xbd, &ac3().repeat(4)),
        [Fault::AudioFrame],
        "3072 bytes"
    );
}

#[test]
fn times_follow_each_other_or_have_gaps() {
    let at = |times: &[u64]| {
        let units: Vec<_> = times
            .iter()
            .map(|pts| pes(0xbd, *pts, &lpcm(0..0)))
            .collect();
        take(LPCM_48, &units)
    };
    let (report, faults) = at(&[890_000, 890_901, 891_800]);
    assert_eq!((report.gaps, faults), (0, vec![]), "rounded");
    let (report, faults) = at(&[890_000, 891_800]);
    assert_eq!((report.gaps, report.gap_ticks, faults), (1, 900, vec![]));
    assert_eq!(at(&[890_000, 890_890]).1, [Fault::AudioOverlap]);
    assert_eq!(at(&[890_000, 889_000]).1, [Fault::AudioOverlap]);
    assert_eq!(at(&[(900_000 - 89_999)]).1, [Fault::PtsLate]);
}

#[test]
fn a_click_is_found_where_it_begins_and_once() {
    let quiet = (0..10).map(|n| pes(0xbd, 880_000 + n * 900, &lpcm(0..0)));
    let loud = pes(0xbd, 889_000, &lpcm(48..480));
    let rest = pes(0xbd, 889_900, &lpcm(0..10));
    let all: Vec<_> = quiet.chain([loud, rest]).collect();
    let (report, faults) = take(LPCM_48, &all);
    assert_eq!(faults, []);
    let at_27mhz = 889_000 * 300 + 27_000;
    assert_eq!(report.clicks, [Click { at_27mhz }]);
}

#[test]
fn sound_comes_after_a_pmt_that_has_it() {
    let mut sound = Sound::default();
    let (mut report, mut faults) = (SoundReport::default(), Faults::default());
    sound.announce(LPCM_48);
    for _ in 0..2 {
        let piece = (&[0; 10][..], true);
        sound.payload(
            piece,
            Place::default(),
            |_| None,
            (&mut report, &mut faults),
        );
    }
    assert_eq!(faults.count(Fault::PmtMissing), 1, "said once");
}

#[test]
fn who_joins_late_may_hear_sound_before_its_pmt() {
    let mut sound = Sound::default();
    let (mut report, mut faults) = (SoundReport::default(), Faults::default());
    sound.announce(LPCM_48);
    sound.join_late();
    let piece = (&[0; 10][..], true);
    let outs = (&mut report, &mut faults);
    sound.payload(piece, Place::default(), |_| None, outs);
    assert_eq!(faults.count(Fault::PmtMissing), 0);
}

#[test]
fn m4_has_one_mode() {
    assert_eq!(SoundFormat::parse("LPCM 00000002 00"), Some(LPCM_48));
    assert_eq!(SoundFormat::parse("LPCM 00000001 00"), Some(LPCM_44));
    assert_eq!(SoundFormat::parse("AAC 00000001 00"), Some(AAC));
    assert_eq!(SoundFormat::parse("AC3 00000004 00"), Some(AC3));
    for wrong in ["LPCM 00000003 00", "AAC 00000010 00", "none", ""] {
        assert_eq!(SoundFormat::parse(wrong), None, "{wrong}");
    }
}
