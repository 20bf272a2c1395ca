//! PAT and PMT as Wi-Fi Display has them (S2.1 App. D.4, ISO 13818-1 §2.4.4).
//!
//! Sections that span packets are refused: the whole PMT is some 50 bytes.

use super::Codec;
use super::audio::Entry;
use super::fault::{Fault, Faults};
use super::ts::pid;

/// The remainder of a section and its CRC is 0; so is that of nothing, hence the length checks.
fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ (u32::from(byte) << 24), |crc, _| {
            if crc & 0x8000_0000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x04c1_1db7
            }
        })
    })
}

/// Which of the two tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Table {
    Pat,
    Pmt,
}

/// What the video descriptor says of the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Described {
    /// profile_idc, constraint flags and level_idc (S2.1 T105).
    Avc([u8; 3]),
    /// The bytes from general_profile_space to general_level_idc (ISO 13818-1 §2.6.95).
    Hevc([u8; 12]),
}

impl Described {
    pub(super) fn avc(self) -> Option<[u8; 3]> {
        match self {
            Self::Avc(bytes) => Some(bytes),
            Self::Hevc(_) => None,
        }
    }

    pub(super) fn hevc(self) -> Option<[u8; 12]> {
        match self {
            Self::Avc(_) => None,
            Self::Hevc(bytes) => Some(bytes),
        }
    }

    /// profile_idc or general_profile_idc.
    pub(super) fn profile(self) -> u8 {
        match self {
            Self::Avc([profile, ..]) => profile,
            Self::Hevc([profile, ..]) => profile & 0x1f,
        }
    }
}

/// The tables so far.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pat: Option<Vec<u8>>,
    pmt: Option<Vec<u8>>,
    /// What the descriptor of the pictures says.
    pub(super) video: Option<Described>,
    /// The audio streams.
    pub(super) audio: Vec<Entry>,
    /// Whether a PMT was seen whose CRC is right.
    pub(super) known: bool,
}

impl Tables {
    /// Checks one section; `true` if its CRC is right.
    pub(super) fn section(
        &mut self,
        table: Table,
        unit_start: bool,
        payload: &[u8],
        codec: Codec,
        faults: &mut Faults,
    ) -> bool {
        let Some(section) = framed(table, unit_start, payload) else {
            let head = payload.get(..12).unwrap_or(payload);
            faults.add(Fault::PsiSection, || format!("{table:?}: {head:02x?}"));
            return false;
        };
        if crc32(section) != 0 {
            faults.add(Fault::PsiCrc, || format!("{table:?}: {section:02x?}"));
            return false;
        }
        self.version(table, section, faults);
        let body = section.get(8..section.len() - 4).unwrap_or_default();
        match table {
            Table::Pat => check_pat(section, body, faults),
            Table::Pmt => {
                self.known = true;
                (self.video, self.audio) = check_pmt(section, body, codec, faults);
            }
        }
        true
    }

    /// The version of the PMT, if that of the PAT is the same.
    pub(super) fn version_number(&self) -> Option<u8> {
        let version = |section: &Option<Vec<u8>>| section.as_deref().map(number);
        version(&self.pmt).filter(|pmt| version(&self.pat) == Some(*pmt))
    }

    /// A section that repeats must be the same; one that changed must count on by one.
    fn version(&mut self, table: Table, section: &[u8], faults: &mut Faults) {
        let place = match table {
            Table::Pat => &mut self.pat,
            Table::Pmt => &mut self.pmt,
        };
        if let Some(old) = place.as_deref() {
            let step = number(section).wrapping_sub(number(old)) & 0x1f;
            if (old == section) != (step == 0) || step > 1 {
                faults.add(Fault::PsiVersion, || {
                    format!("{table:?}: {} after {}", number(section), number(old))
                });
            }
        }
        *place = Some(section.to_vec());
    }
}

/// The `version_number` of a section.
fn number(section: &[u8]) -> u8 {
    section.get(5).map_or(0, |byte| (byte >> 1) & 0x1f)
}

/// The section in a packet's payload, if its frame is right: table_id to CRC.
fn framed(table: Table, unit_start: bool, payload: &[u8]) -> Option<&[u8]> {
    let (&pointer, rest) = payload.split_first()?;
    let &[id, high, low, ..] = rest else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([high & 0x0f, low]));
    let (section, stuffing) = rest.split_at_checked(3 + length)?;
    let want_id = match table {
        Table::Pat => 0,
        Table::Pmt => 2,
    };
    // current_next_indicator 1, reserved bits 11, one section only.
    let tail_right =
        section.len() >= 12 && section[5] & 0xc1 == 0xc1 && section[6] == 0 && section[7] == 0;
    let right = unit_start
        && pointer == 0
        && id == want_id
        && high & 0xf0 == 0xb0
        && tail_right
        && stuffing.iter().all(|&b| b == 0xff);
    right.then_some(section)
}

fn check_pat(section: &[u8], body: &[u8], faults: &mut Faults) {
    if body != [0x00, 0x01, 0xe1, 0x00] {
        faults.add(Fault::PatContent, || format!("{section:02x?}"));
    }
}

/// Checks the PMT's content and gives what its video descriptor says, and its audio.
fn check_pmt(
    section: &[u8],
    body: &[u8],
    codec: Codec,
    faults: &mut Faults,
) -> (Option<Described>, Vec<Entry>) {
    let mut audio = Vec::new();
    let mut wrong = |fault, what: &str| faults.add(fault, || format!("{what}: {section:02x?}"));
    let number = section.get(3..5);
    let Some((&[pcr_high, pcr_low, info_high, info_low], rest)) = body.split_first_chunk::<4>()
    else {
        wrong(Fault::PmtContent, "too short");
        return (None, audio);
    };
    let info = usize::from(u16::from_be_bytes([info_high & 0x0f, info_low]));
    if number != Some(&[0, 1])
        || u16::from_be_bytes([pcr_high, pcr_low]) != 0xe000 | pid::PCR
        || info_high & 0xf0 != 0xf0
    {
        wrong(Fault::PmtContent, "programme");
    }
    let Some((info, mut streams)) = rest.split_at_checked(info) else {
        wrong(Fault::PmtContent, "programme information");
        return (None, audio);
    };
    // The one descriptor that may stand here is the registration of HDCP (S2.1 D.4.3).
    if !info.is_empty() && !info.starts_with(b"\x05\x05HDCP") {
        wrong(Fault::PmtDescriptor, "programme information");
    }
    let mut video = None;
    let mut videos = 0;
    while !streams.is_empty() {
        let Some((kind, pid, descriptors, next)) = stream(streams) else {
            wrong(Fault::PmtContent, "stream loop");
            return (video, audio);
        };
        streams = next;
        match (kind, pid) {
            (0x1b | 0x24, pid::VIDEO) => {
                videos += 1;
                if kind != stream_type(codec) {
                    wrong(Fault::PmtContent, "another codec");
                }
                video = video_descriptor(kind, descriptors);
                if video.is_none() {
                    wrong(Fault::PmtDescriptor, "video");
                }
                if kind == 0x1b && !timing_descriptor(descriptors) {
                    wrong(Fault::PmtDescriptor, "AVC timing and HRD");
                }
            }
            (0x83 | 0x0f | 0x81, pid::AUDIO_FIRST..=pid::AUDIO_LAST) => audio.push(Entry {
                stream_type: kind,
                pid,
                descriptors: descriptors.to_vec(),
            }),
            _ => wrong(Fault::PmtContent, "stream"),
        }
    }
    if videos != 1 {
        wrong(Fault::PmtContent, "not one video stream");
    }
    (video, audio)
}

/// One entry of the stream loop: type, PID, descriptors, and what follows.
fn stream(bytes: &[u8]) -> Option<(u8, u16, &[u8], &[u8])> {
    let (&[kind, p0, p1, l0, l1], rest) = bytes.split_first_chunk::<5>()?;
    if p0 & 0xe0 != 0xe0 || l0 & 0xf0 != 0xf0 {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([l0 & 0x0f, l1]));
    let (descriptors, rest) = rest.split_at_checked(length)?;
    Some((kind, u16::from_be_bytes([p0 & 0x1f, p1]), descriptors, rest))
}

/// The content of the first descriptor with this tag, if the loop is well formed up to it.
fn descriptor(mut bytes: &[u8], tag: u8) -> Option<&[u8]> {
    loop {
        let (&[found, length], rest) = bytes.split_first_chunk::<2>()?;
        let (content, next) = rest.split_at_checked(usize::from(length))?;
        if found == tag {
            return Some(content);
        }
        bytes = next;
    }
}

/// ISO 13818-1 Table 2-34.
fn stream_type(codec: Codec) -> u8 {
    match codec {
        Codec::H264 => 0x1b,
        Codec::H265 => 0x24,
    }
}

/// The descriptor that pictures of this stream type must have; no still pictures, no 24-hour pictures
/// (S2.1 T105).
fn video_descriptor(stream_type: u8, descriptors: &[u8]) -> Option<Described> {
    if stream_type == 0x24 {
        // All temporal layers, reserved bits 11; sub_pic_hrd and HDR_WCG may say anything.
        let (fields, rest) = descriptor(descriptors, 0x38)?.split_first_chunk()?;
        return matches!(rest, [flags] if flags & 0xec == 0x0c).then_some(Described::Hevc(*fields));
    }
    match descriptor(descriptors, 0x28)? {
        &[profile, constraints, level, 0x3f] => Some(Described::Avc([profile, constraints, level])),
        _ => None,
    }
}

/// Tag 42, mandatory (S2.1 D.4.3): length and reserved bits agree with its flags.
fn timing_descriptor(descriptors: &[u8]) -> bool {
    let Some(content) = descriptor(descriptors, 0x2a) else {
        return false;
    };
    let timing = match content {
        [first, second, ..] if first & 1 == 1 => {
            if second & 0x80 == 0 {
                1 + 8 + 4
            } else {
                1 + 4
            }
        }
        _ => 0,
    };
    content.len() == 2 + timing
        && content.first().is_some_and(|b| b & 0x7e == 0x7e)
        && content.last().is_some_and(|b| b & 0x1f == 0x1f)
}
