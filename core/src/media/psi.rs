//! Programme specific information: the two tables that tell a receiver what the stream is, and the
//! group PAT, PMT, PCR that is repeated (ISO 13818-1 §2.4.4, S2.1 App. D.4.2).
//!
//! Each table is one section in one packet, built when its content changes and copied from then on.

use super::audio;
use super::clock::Clock;
use super::description::{self, Description};
use super::rtp::BatchBuilder;
use super::ts::{self, Continuity, PACKET_BYTES, pid};
use crate::limits;
use crate::time::Instant;

/// Bytes of a section that fit one packet behind `pointer_field`.
const SECTION_MAX: usize = ts::BODY_BYTES - 1;

/// Ours to choose; 1 is the value most seen.
const TRANSPORT_STREAM_ID: u16 = 1;

/// `version_number` has five bits.
const VERSIONS: u8 = 32;

/// The programme in PAT and PMT.
const PROGRAM_NUMBER: u16 = 1;

/// CRC-32 of ISO 13818-1 Annex A: polynomial 04C11DB7, not reflected, not inverted. Over a section
/// with its CRC it is 0.
const fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    let mut at = 0;
    while at < bytes.len() {
        crc ^= (bytes[at] as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            let carry = if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
            crc = crc << 1 ^ carry;
            bit += 1;
        }
        at += 1;
    }
    crc
}

/// One elementary stream in the PMT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ElementaryStream<'a> {
    pub(super) stream_type: u8,
    pub(super) pid: u16,
    pub(super) descriptors: &'a [u8],
}

/// A section under construction. It is a constant function all the way: that the longest one fits is
/// proved by [`LONGEST`].
#[derive(Clone, Copy, Debug)]
struct Section {
    bytes: [u8; SECTION_MAX],
    length: usize,
}

impl Section {
    /// Begins a section: table, length to be filled in, `extension` (the stream or the programme),
    /// version with `current_next_indicator`, section 0 of 0.
    const fn new(table: u8, extension: u16, version: u8) -> Self {
        let [high, low] = extension.to_be_bytes();
        let empty = Self {
            bytes: [0xFF; SECTION_MAX],
            length: 0,
        };
        empty.with(&[table, 0xB0, 0, high, low, 0xC1 | version << 1, 0, 0])
    }

    const fn with(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.bytes[self.length + at] = bytes[at];
            at += 1;
        }
        self.length += bytes.len();
        self
    }

    /// Appends a PID behind three reserved ones.
    const fn with_pid(self, pid: u16) -> Self {
        self.with(&(0xE000 | pid).to_be_bytes())
    }

    /// Appends descriptors behind their length in 12 bits and four reserved ones.
    const fn with_descriptors(self, descriptors: &[u8]) -> Self {
        self.with(&(0xF000 | descriptors.len() as u16).to_be_bytes())
            .with(descriptors)
    }

    /// Fills in the length and appends the CRC.
    const fn finish(mut self) -> Self {
        self.bytes[2] = (self.length - 3 + 4) as u8;
        let (content, _) = self.bytes.split_at(self.length);
        self.with(&crc32(content).to_be_bytes())
    }

    /// The packet with the section; its continuity counter is 0.
    const fn packet(&self, pid: u16) -> [u8; PACKET_BYTES] {
        let mut packet = [0xFF; PACKET_BYTES];
        let [a, b, c, d] = ts::header(pid, true, ts::Content::Payload, 0);
        let start = [a, b, c, d, 0];
        let mut at = 0;
        while at < PACKET_BYTES {
            packet[at] = if at < start.len() {
                start[at]
            } else {
                self.bytes[at - start.len()]
            };
            at += 1;
        }
        packet
    }
}

/// Programme association: the one programme and where its map is.
const fn pat(transport_stream_id: u16, version: u8) -> Section {
    Section::new(0x00, transport_stream_id, version)
        .with(&PROGRAM_NUMBER.to_be_bytes())
        .with_pid(pid::PMT)
        .finish()
}

/// Programme map: the PID of the PCR, descriptors of the programme, the elementary streams.
const fn pmt(version: u8, program: &[u8], streams: &[ElementaryStream<'_>]) -> Section {
    let mut section = Section::new(0x02, PROGRAM_NUMBER, version)
        .with_pid(pid::PCR)
        .with_descriptors(program);
    let mut at = 0;
    while at < streams.len() {
        let stream = streams[at];
        section = section
            .with(&[stream.stream_type])
            .with_pid(stream.pid)
            .with_descriptors(stream.descriptors);
        at += 1;
    }
    section.finish()
}

/// A PMT with descriptors longer than any that is written. The compiler makes it: if it did not fit, that
/// would be an error of the build.
const LONGEST: Section = {
    let stream = ElementaryStream {
        stream_type: 0,
        pid: 0,
        descriptors: &[0; 20],
    };
    pmt(0, &[], &[stream; 2])
};
const _: () = {
    assert!(LONGEST.length * 3 < SECTION_MAX * 2);
    assert!(description::BYTES_MAX <= 20 && audio::DESCRIPTOR_MAX <= 20);
};

const fn pat_packet(version: u8) -> [u8; PACKET_BYTES] {
    pat(TRANSPORT_STREAM_ID, version).packet(pid::PAT)
}

fn pmt_packet(version: u8, content: &Content) -> [u8; PACKET_BYTES] {
    let (descriptors, length) = content.video.descriptors();
    let video = ElementaryStream {
        stream_type: content.video.stream_type(),
        pid: pid::VIDEO,
        descriptors: descriptors.get(..length).unwrap_or_default(),
    };
    let section = match &content.sound {
        None => pmt(version, &[], &[video]),
        Some(sound) => {
            let (descriptor, length) = &sound.descriptor;
            let sound = ElementaryStream {
                stream_type: sound.stream_type,
                pid: pid::AUDIO,
                descriptors: descriptor.get(..*length).unwrap_or_default(),
            };
            pmt(version, &[], &[video, sound])
        }
    };
    section.packet(pid::PMT)
}

/// What the PMT says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Content {
    video: Description,
    sound: Option<audio::Entry>,
}

/// The tables of one stream and when they are due.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    content: Content,
    version: u8,
    pat: [u8; PACKET_BYTES],
    pmt: [u8; PACKET_BYTES],
    pat_continuity: Continuity,
    pmt_continuity: Continuity,
    due: Option<Instant>,
    /// When the group was written last with the PMT as it is now.
    written: Option<Instant>,
}

impl Tables {
    /// The tables of a stream that states `video` and `sound`; not due. Both begin with `version`, of
    /// which five bits count.
    pub(super) fn new(version: u8, video: Description, sound: Option<audio::Entry>) -> Self {
        let version = version % VERSIONS;
        let content = Content { video, sound };
        Self {
            content,
            version,
            pat: pat_packet(version),
            pmt: pmt_packet(version, &content),
            pat_continuity: Continuity::new(),
            pmt_continuity: Continuity::new(),
            due: None,
            written: None,
        }
    }

    /// States `video` from the next PMT on.
    pub(super) fn describe(&mut self, video: Description) {
        self.state(Content {
            video,
            ..self.content
        });
    }

    /// States `sound` from the next PMT on. Whether that is a change.
    pub(super) fn describe_sound(&mut self, sound: Option<audio::Entry>) -> bool {
        self.state(Content {
            sound,
            ..self.content
        })
    }

    /// The PMT gets a new version if `content` is a change of what has been written. What nobody has
    /// seen is corrected as it is: some sinks take no other version than the one they know (quirk Q60).
    fn state(&mut self, content: Content) -> bool {
        let changed = self.content != content;
        if changed {
            self.content = content;
            if self.written.take().is_some() {
                self.version = (self.version + 1) % VERSIONS;
            }
            self.pmt = pmt_packet(self.version, &content);
        }
        changed
    }

    /// Whether the group has just been written: a second one would repeat the same PCR.
    pub(super) fn are_fresh(&self, now: Instant) -> bool {
        self.written == Some(now)
    }

    /// When the group is due next; `None` if it is not repeated.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Makes the group due at `due`, or stops it.
    pub(super) fn set_due(&mut self, due: Option<Instant>) {
        self.due = due;
    }

    /// Writes PAT, PMT and PCR into a batch that is empty, and makes the next group due.
    pub(super) fn write(&mut self, batch: &mut BatchBuilder<'_>, clock: &mut Clock, now: Instant) {
        let mut pat = self.pat;
        let mut pmt = self.pmt;
        pat[3] |= self.pat_continuity.next();
        pmt[3] |= self.pmt_continuity.next();
        for packet in [pat, pmt, ts::pcr_packet(clock.pcr(now), clock.take_break())] {
            batch.push(&packet);
        }
        self.due = Some(now + limits::PSI_INTERVAL);
        self.written = Some(now);
    }
}

#[cfg(test)]
mod tests;
