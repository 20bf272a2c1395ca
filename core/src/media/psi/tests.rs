//! The worked packets: CRCs that independent implementations and analysers agree on.

use core::time::Duration;

use super::*;
use crate::media::tests::memory;

const AVC: Description = Description::H264([0x42, 0xC0, 0x1F]);
const LPCM: ElementaryStream<'static> = ElementaryStream {
    stream_type: 0x83,
    pid: 0x1100,
    descriptors: &[0x83, 0x02, 0x46, 0x2F],
};
const LPCM_ENTRY: audio::Entry = audio::Entry {
    stream_type: 0x83,
    descriptor: ([0x83, 0x02, 0x46, 0x2F, 0], 4),
};
const AAC: ElementaryStream<'_> = ElementaryStream {
    stream_type: 0x0F,
    pid: 0x1100,
    descriptors: &[],
};
const SILENT: Content = Content {
    video: AVC,
    sound: None,
};
const HDCP: &[u8] = &[0x05, 0x05, 0x48, 0x44, 0x43, 0x50, 0x20];
const VIDEO_DESCRIPTORS: &[u8] = AVC.descriptors().0.split_at(10).0;
const VIDEO: ElementaryStream<'_> = ElementaryStream {
    stream_type: AVC.stream_type(),
    pid: pid::VIDEO,
    descriptors: VIDEO_DESCRIPTORS,
};

const AC3: ElementaryStream<'_> = ElementaryStream {
    stream_type: 0x81,
    pid: 0x1100,
    descriptors: &[0x81, 0x03, 0x08, 0xC8, 0x05],
};

/// The largest PMT that is planned for.
const LARGEST: Section = pmt(31, HDCP, &[VIDEO, AC3]);

fn bytes(section: &Section) -> &[u8] {
    &section.bytes[..section.length]
}

#[test]
fn the_pat_packet_is_the_worked_one() {
    let start = [
        0x47, 0x40, 0x00, 0x10, 0x00, 0x00, 0xB0, 0x0D, 0x00, 0x01, 0xC1, 0x00, 0x00, 0x00, 0x01,
        0xE1, 0x00, 0xE8, 0xF9, 0x5E, 0x7D,
    ];
    let packet = pat_packet(0);
    assert_eq!(packet[..21], start);
    assert!(packet[21..].iter().all(|byte| *byte == 0xFF));
}

#[test]
fn the_pat_of_another_stream_and_version_has_its_crc() {
    assert_eq!(bytes(&pat(0, 1))[12..], [0x2D, 0xF6, 0x52, 0x95]);
}

#[test]
fn a_pmt_with_lpcm_is_the_worked_packet() {
    let packet = pmt(0, &[], &[VIDEO, LPCM]).packet(pid::PMT);
    let start = [
        0x47, 0x41, 0x00, 0x10, 0x00, 0x02, 0xB0, 0x25, 0x00, 0x01, 0xC1, 0x00, 0x00, 0xF0, 0x00,
        0xF0, 0x00, 0x1B, 0xF0, 0x11, 0xF0, 0x0A, 0x28, 0x04, 0x42, 0xC0, 0x1F, 0x3F, 0x2A, 0x02,
        0x7E, 0x1F, 0x83, 0xF1, 0x00, 0xF0, 0x04, 0x83, 0x02, 0x46, 0x2F, 0xD2, 0x50, 0x17, 0xD6,
    ];
    assert_eq!(packet[..45], start);
    assert!(packet[45..].iter().all(|byte| *byte == 0xFF));
}

#[test]
fn other_pmts_have_the_worked_crcs() {
    for (section, length, crc) in [
        (pmt(0, &[], &[VIDEO, AAC]), 36, [0xE8, 0x4D, 0x10, 0xE5]),
        (pmt(0, HDCP, &[VIDEO, LPCM]), 47, [0xAD, 0x6B, 0xE5, 0x6D]),
        (pmt(1, &[], &[VIDEO, LPCM]), 40, [0x91, 0x4C, 0x0F, 0x26]),
    ] {
        assert_eq!(section.length, length);
        assert_eq!(section.bytes[length - 4..length], crc);
    }
}

#[test]
fn a_section_with_its_crc_has_crc_zero() {
    assert_eq!(crc32(bytes(&LARGEST)), 0);
    let packet = pmt_packet(7, &SILENT);
    assert_eq!(crc32(&packet[5..][..31]), 0);
}

/// Writes the group, so that what it says is known to a sink.
fn write(tables: &mut Tables) {
    let mut memory = memory();
    let mut clock = Clock::new(Instant::ZERO, Duration::ZERO);
    let mut batch = BatchBuilder::new(&mut memory);
    tables.write(&mut batch, &mut clock, Instant::ZERO);
}

#[test]
fn a_new_description_has_a_new_version_and_the_same_one_has_not() {
    let mut tables = Tables::new(0, AVC, None);
    let first = tables.pmt;
    tables.describe(AVC);
    tables.describe_sound(None);
    assert_eq!(tables.pmt, first);
    for change in 1..=40 {
        let content = Content {
            video: Description::H264([100, 0x0C, change]),
            sound: None,
        };
        write(&mut tables);
        tables.describe(content.video);
        assert_eq!(tables.pmt, pmt_packet(change % 32, &content));
    }
}

#[test]
fn sound_is_stated_and_taken_back_with_a_new_version_each() {
    let mut tables = Tables::new(0, AVC, None);
    let silent = tables.pmt;
    write(&mut tables);
    tables.describe_sound(Some(LPCM_ENTRY));
    tables.describe_sound(Some(LPCM_ENTRY));
    assert_eq!(tables.pmt[10], 0xC1 | 1 << 1);
    assert_eq!(tables.pmt[5 + 36..][..4], [0x91, 0x4C, 0x0F, 0x26]);
    write(&mut tables);
    tables.describe_sound(None);
    assert_eq!(tables.pmt[10], 0xC1 | 2 << 1);
    assert_eq!(tables.pmt[11..][..21], silent[11..][..21]);
}

#[test]
fn a_first_version_is_that_of_both_tables_and_has_five_bits() {
    let tables = Tables::new(1, AVC, Some(LPCM_ENTRY));
    assert_eq!((tables.pat[10], tables.pmt[10]), (0xC3, 0xC3));
    assert_eq!(tables.pmt[5 + 36..][..4], [0x91, 0x4C, 0x0F, 0x26]);
    let tables = Tables::new(33, AVC, None);
    assert_eq!((tables.pat[10], tables.pmt[10]), (0xC3, 0xC3));
}
