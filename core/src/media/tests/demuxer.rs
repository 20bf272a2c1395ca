//! A receiver that is told nothing but SSRC and first sequence number, and that panics at the first
//! thing that a strict sink would object to. It shares no code with the packetizer.

use std::vec::Vec;

use super::super::StreamConfig;

const PSI_LIMIT_90_KHZ: u32 = 9_000;

/// An access unit as received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AccessUnit {
    pub(super) pts: u64,
    /// `PES_packet_length`.
    pub(super) length_field: u16,
    pub(super) random_access: bool,
    /// Whether the RTP marker was seen on its last datagram.
    pub(super) marked: bool,
    pub(super) bytes: Vec<u8>,
}

/// A unit of sound as received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sound {
    pub(super) pts: u64,
    pub(super) stream_id: u8,
    length_field: usize,
    pub(super) bytes: Vec<u8>,
}

/// A packet in the order of arrival, for tests of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    Pat,
    Pmt,
    Pcr,
    UnitStart,
    UnitGoesOn,
    Sound,
}

#[derive(Debug)]
pub(super) struct Demuxer {
    ssrc: u32,
    sequence: u16,
    pub(super) timestamp: Option<u32>,
    /// Next continuity counters of PAT, PMT, video and sound.
    continuity: [Option<u8>; 4],
    /// Time stamps of the datagrams with the last PAT, PMT and PCR.
    repeated: [Option<u32>; 3],
    pub(super) pmt: Vec<u8>,
    /// The last PCR in 27 MHz.
    pub(super) pcr: Option<u64>,
    /// How many began a new time base.
    pub(super) bases: usize,
    /// Whether the marker ends pictures, or begins a time base.
    marker: bool,
    pub(super) units: Vec<AccessUnit>,
    pub(super) sound: Vec<Sound>,
    pub(super) arrivals: Vec<Arrival>,
    /// Whether gaps in the repetition of PSI and PCR are in order, as after a pause.
    pub(super) gap_allowed: bool,
}

fn be<const N: usize>(bytes: &[u8]) -> u64 {
    bytes[..N]
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// CRC-32/MPEG-2, one bit of the message at a time.
fn crc(bytes: &[u8]) -> u32 {
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    bits.fold(u32::MAX, |crc, bit| {
        let out = crc >> 31 ^ u32::from(bit);
        crc << 1 ^ if out == 1 { 0x04C1_1DB7 } else { 0 }
    })
}

impl Demuxer {
    pub(super) fn new(config: &StreamConfig) -> Self {
        Self {
            ssrc: config.ssrc,
            sequence: config.first_sequence,
            timestamp: None,
            continuity: [None; 4],
            repeated: [None; 3],
            pmt: Vec::new(),
            pcr: None,
            bases: 0,
            marker: config.marker,
            units: Vec::new(),
            sound: Vec::new(),
            arrivals: Vec::new(),
            gap_allowed: false,
        }
    }

    pub(super) fn datagram(&mut self, datagram: &[u8]) {
        assert!(datagram.len() <= 1328, "longer than seven packets");
        let (header, packets) = datagram.split_at(12);
        assert_eq!(header[0], 0x80, "version, padding, extension, sources");
        assert_eq!(header[1] & 0x7F, 33, "payload type");
        assert_eq!(be::<2>(&header[2..]), u64::from(self.sequence), "sequence");
        self.sequence = self.sequence.wrapping_add(1);
        let timestamp = be::<4>(&header[4..]) as u32;
        if let Some(last) = self.timestamp {
            assert!(
                timestamp.wrapping_sub(last) < 1 << 31,
                "time stamp goes back"
            );
        }
        self.timestamp = Some(timestamp);
        assert_eq!(be::<4>(&header[8..]), u64::from(self.ssrc), "SSRC");
        assert!(
            !packets.is_empty() && packets.len().is_multiple_of(188),
            "whole packets"
        );
        let bases = self.bases;
        for packet in packets.chunks(188) {
            self.packet(packet, timestamp);
        }
        if !self.marker {
            assert_eq!(header[1] & 0x80 != 0, self.bases > bases, "marker");
        } else if header[1] & 0x80 != 0 {
            self.units.last_mut().expect("marker without a unit").marked = true;
        }
    }

    fn packet(&mut self, packet: &[u8], timestamp: u32) {
        assert_eq!(packet[0], 0x47, "sync byte");
        assert_eq!(packet[1] & 0xA0, 0, "error or priority");
        assert_eq!(packet[3] & 0xC0, 0, "scrambling");
        let starts = packet[1] & 0x40 != 0;
        let pid = be::<2>(&packet[1..]) & 0x1FFF;
        match pid {
            0x0000 => self.pat(packet, timestamp),
            0x0100 => self.pmt(packet, timestamp),
            0x1000 => self.pcr(packet, timestamp),
            0x1011 => self.video(packet, starts),
            0x1100 => self.sound(packet, starts),
            other => panic!("PID {other:#06X}"),
        }
    }

    fn count(&mut self, which: usize, packet: &[u8]) {
        let number = packet[3] & 0x0F;
        let expected = self.continuity[which].unwrap_or(0);
        assert_eq!(number, expected, "continuity of {which}");
        self.continuity[which] = Some((number + 1) % 16);
    }

    fn repeat(&mut self, which: usize, arrival: Arrival, timestamp: u32) {
        self.arrivals.push(arrival);
        if let Some(last) = self.repeated[which].replace(timestamp) {
            let gap = timestamp.wrapping_sub(last);
            assert!(
                gap <= PSI_LIMIT_90_KHZ || self.gap_allowed,
                "{arrival:?} after {gap}"
            );
        }
    }

    fn section<'p>(&mut self, which: usize, packet: &'p [u8]) -> &'p [u8] {
        self.count(which, packet);
        assert_eq!(packet[1] & 0x40, 0x40, "section without start");
        assert_eq!(packet[3] >> 4, 1, "adaptation field in a section");
        assert_eq!(packet[4], 0, "pointer_field");
        let length = usize::from(packet[7]) + 3;
        let (section, stuffing) = packet[5..].split_at(length);
        assert_eq!(section[1] & 0xFC, 0xB0);
        assert_eq!(crc(section), 0, "CRC");
        assert!(stuffing.iter().all(|byte| *byte == 0xFF), "stuffing");
        section
    }

    fn pat(&mut self, packet: &[u8], timestamp: u32) {
        let section = self.section(0, packet);
        assert_eq!(section[..3], [0x00, 0xB0, 0x0D]);
        assert_eq!(
            section[8..12],
            [0x00, 0x01, 0xE1, 0x00],
            "programme 1 at 0x0100"
        );
        self.repeat(0, Arrival::Pat, timestamp);
    }

    fn pmt(&mut self, packet: &[u8], timestamp: u32) {
        let section = self.section(1, packet);
        assert_eq!(section[0], 0x02);
        assert_eq!(section[8..12], [0xF0, 0x00, 0xF0, 0x00], "PCR on 0x1000");
        assert_eq!(section[13..16], [0xF0, 0x11, 0xF0], "pictures at 0x1011");
        match section[12] {
            0x1B => {
                assert_eq!(section[16..19], [0x0A, 0x28, 0x04], "H.264");
                assert_eq!(section[22..27], [0x3F, 0x2A, 0x02, 0x7E, 0x1F]);
            }
            0x24 => assert_eq!(section[16..19], [0x0F, 0x38, 0x0D], "H.265"),
            other => panic!("stream_type {other:#x}"),
        }
        self.pmt = section.to_vec();
        let more = self.sound_entry();
        assert!(
            more.is_empty() || more[1..3] == [0xF1, 0x00],
            "sound at 0x1100"
        );
        self.repeat(1, Arrival::Pmt, timestamp);
    }

    fn pcr(&mut self, packet: &[u8], timestamp: u32) {
        assert_eq!(packet[1..5], [0x10, 0x00, 0x20, 183], "adaptation only");
        assert_eq!(packet[5] & !0x80, 0x10, "flags");
        if packet[5] & 0x80 != 0 {
            self.bases += 1;
            self.repeated[2] = None;
        }
        assert!(packet[12..].iter().all(|byte| *byte == 0xFF), "stuffing");
        let (base, extension) = (be::<6>(&packet[6..]) >> 15, be::<2>(&packet[10..]) & 0x1FF);
        assert_eq!(packet[10] & 0x7E, 0x7E, "reserved");
        assert!(extension < 300);
        assert_eq!(base as u32, timestamp, "RTP and PCR are one clock");
        self.pcr = Some(base * 300 + extension);
        self.repeat(2, Arrival::Pcr, timestamp);
    }

    fn video(&mut self, packet: &[u8], starts: bool) {
        self.count(2, packet);
        let (random_access, payload) = match packet[3] >> 4 & 3 {
            1 => (false, &packet[4..]),
            3 => adaptation(&packet[4..]),
            other => panic!("adaptation_field_control {other} on video"),
        };
        if starts {
            self.arrivals.push(Arrival::UnitStart);
            self.begin_unit(payload, random_access);
        } else {
            assert!(!random_access, "random access inside a unit");
            self.arrivals.push(Arrival::UnitGoesOn);
            let unit = self.units.last_mut().expect("video before a unit start");
            unit.bytes.extend_from_slice(payload);
        }
    }

    /// The bytes of the PMT that describe the pictures: `stream_type`, PID, length, descriptors.
    pub(super) fn video_entry(&self) -> &[u8] {
        &self.pmt[12..17 + usize::from(self.pmt[16])]
    }

    /// Those that describe the sound.
    pub(super) fn sound_entry(&self) -> &[u8] {
        &self.pmt[12 + self.video_entry().len()..self.pmt.len() - 4]
    }

    fn sound(&mut self, packet: &[u8], starts: bool) {
        self.count(3, packet);
        assert!(
            !self.sound_entry().is_empty(),
            "sound that the PMT does not have"
        );
        self.arrivals.push(Arrival::Sound);
        let (random_access, payload) = match packet[3] >> 4 & 3 {
            1 => (false, &packet[4..]),
            3 => adaptation(&packet[4..]),
            other => panic!("adaptation_field_control {other} on sound"),
        };
        assert!(!random_access, "random access in sound");
        if !starts {
            let unit = self.sound.last_mut().expect("sound before a unit start");
            return unit.bytes.extend_from_slice(payload);
        }
        assert_eq!(payload[..3], [0, 0, 1], "PES start");
        assert_eq!(payload[6..9], [0x80, 0x80, 7], "PES flags");
        assert_eq!(payload[14..16], [0xFF, 0xFF], "stuffing");
        let last = self.sound.last().map(|unit| unit.pts);
        self.sound.push(Sound {
            pts: self.presentation(&payload[9..], last),
            stream_id: payload[3],
            length_field: be::<2>(&payload[4..]) as usize,
            bytes: payload[16..].to_vec(),
        });
    }

    /// Checks the length of each unit of sound, and takes them.
    pub(super) fn take_sound(&mut self) -> Vec<Sound> {
        for unit in &self.sound {
            assert_eq!(unit.length_field, unit.bytes.len() + 10, "PES length");
        }
        core::mem::take(&mut self.sound)
    }

    /// Reads a PTS, which is after `last` and ahead of the clock.
    fn presentation(&self, field: &[u8], last: Option<u64>) -> u64 {
        let time = be::<5>(field);
        assert_eq!(time & 0xF1_0001_0001, 0x21_0001_0001, "PTS markers");
        let pts = time >> 3 & 0x1_C000_0000 | time >> 2 & 0x3FFF_8000 | time >> 1 & 0x7FFF;
        let pcr = self.pcr.expect("PCR before the first unit") / 300;
        let ahead = pts.wrapping_sub(pcr) % (1 << 33);
        assert!(ahead > 0 && ahead < 90_000, "PTS {pts} at PCR {pcr}");
        if let Some(last) = last {
            let step = pts.wrapping_sub(last) % (1 << 33);
            assert!(step > 0 && step < 1 << 32, "PTS {pts} after {last}");
        }
        pts
    }

    fn begin_unit(&mut self, payload: &[u8], random_access: bool) {
        assert_eq!(payload[..4], [0, 0, 1, 0xE0], "PES start");
        assert_eq!(payload[6..9], [0x84, 0x80, 5], "PES flags");
        let last = self.units.last().map(|unit| unit.pts);
        let pts = self.presentation(&payload[9..], last);
        self.units.push(AccessUnit {
            pts,
            length_field: be::<2>(&payload[4..]) as u16,
            random_access,
            marked: false,
            bytes: payload[14..].to_vec(),
        });
    }

    /// Checks what can only be known at the end of a unit, and takes the units.
    pub(super) fn take_units(&mut self) -> Vec<AccessUnit> {
        let h265 = self.pmt.get(12) == Some(&0x24);
        let delimiter = if h265 { 0x46 } else { 9 };
        for unit in &self.units {
            let stated = usize::from(unit.length_field);
            assert!(stated == 0 || stated == unit.bytes.len() + 8, "PES length");
            assert_eq!(unit.bytes[..5], [0, 0, 0, 1, delimiter], "delimiter first");
        }
        core::mem::take(&mut self.units)
    }
}

fn adaptation(field: &[u8]) -> (bool, &[u8]) {
    let (content, payload) = field[1..].split_at(usize::from(field[0]));
    assert!(!payload.is_empty(), "no payload");
    let Some((flags, stuffing)) = content.split_first() else {
        return (false, payload);
    };
    assert_eq!(flags & !0x40, 0, "adaptation field flags");
    assert!(stuffing.iter().all(|byte| *byte == 0xFF), "stuffing");
    (flags & 0x40 != 0, payload)
}
