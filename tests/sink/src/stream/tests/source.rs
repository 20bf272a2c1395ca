//! A Wi-Fi Display stream built by hand, byte for byte from the worked packets, in the form of a
//! script that a test can spoil.

use core::ops::Range;

/// One datagram and when it arrives.
#[derive(Clone, Debug)]
pub(crate) struct Datagram {
    pub(crate) bytes: Vec<u8>,
    pub(crate) at_ns: u64,
}

/// One picture of the script.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) at_ms: u64,
    pub(crate) pes: Vec<u8>,
    pub(crate) random_access: bool,
}

/// A stream before it is packed.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) pat: Vec<u8>,
    pub(crate) pmt: Vec<u8>,
    pub(crate) psi_every_ms: u64,
    pub(crate) pcr_every_ms: u64,
    pub(crate) end_ms: u64,
    /// Nothing is sent in this span.
    pub(crate) silent_ms: Range<u64>,
    pub(crate) markers: bool,
    pub(crate) units: Vec<Unit>,
}

pub(crate) const AUD_I: &[u8] = &[0, 0, 0, 1, 0x09, 0x10];
pub(crate) const AUD_P: &[u8] = &[0, 0, 0, 1, 0x09, 0x30];
pub(crate) const SPS: &[u8] = &[0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40];
pub(crate) const PPS: &[u8] = &[0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80];

/// PAT: tsid 1, version 0.
const PAT: &[u8] = &[
    0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00, 0x00, 0x01, 0xe1, 0x00, 0xe8, 0xf9, 0x5e, 0x7d,
];

/// PMT: H.264 CBP level 3.1 and LPCM, version 0.
const PMT: &[u8] = &[
    0x02, 0xb0, 0x25, 0x00, 0x01, 0xc1, 0x00, 0x00, 0xf0, 0x00, 0xf0, 0x00, 0x1b, 0xf0, 0x11, 0xf0,
    0x0a, 0x28, 0x04, 0x42, 0xc0, 0x1f, 0x3f, 0x2a, 0x02, 0x7e, 0x1f, 0x83, 0xf1, 0x00, 0xf0, 0x04,
    0x83, 0x02, 0x46, 0x2f, 0xd2, 0x50, 0x17, 0xd6,
];

/// An I slice of one whole picture: first_mb 0, slice_type 7.
pub(crate) fn idr_slice(bytes: usize) -> Vec<u8> {
    [&[0, 0, 0, 1, 0x65, 0x88][..], &vec![0x55; bytes]].concat()
}

/// A P slice of one whole picture: first_mb 0, slice_type 5.
pub(crate) fn p_slice(bytes: usize) -> Vec<u8> {
    [&[0, 0, 0, 1, 0x41, 0x9a][..], &vec![0xaa; bytes]].concat()
}

/// A PES of real length around `es`.
pub(crate) fn pes(pts: u64, es: &[u8]) -> Vec<u8> {
    let length = u16::try_from(es.len() + 8).unwrap_or(0).to_be_bytes();
    let byte = |shift: u32| (pts >> shift) as u8;
    let mut pes = vec![0, 0, 1, 0xe0, length[0], length[1], 0x84, 0x80, 5];
    pes.extend([
        0x21 | byte(29) & 0x0e,
        byte(22),
        byte(14) | 1,
        byte(7),
        byte(0) << 1 | 1,
    ]);
    pes.extend(es);
    pes
}

/// PTS of a picture shown at this time.
pub(crate) fn pts(at_ms: u64) -> u64 {
    at_ms * 90 + 9000 + 7200
}

impl Script {
    /// Half a second at 30 pictures a second, an IDR every tenth, nothing wrong with it.
    pub(crate) fn clean() -> Self {
        let units = (0..15u64).map(|n| {
            let at_ms = 1 + n * 100 / 3;
            let size = 700 + 311 * usize::try_from(n).unwrap();
            let idr = n % 10 == 0;
            let es = if idr {
                [AUD_I, SPS, PPS, &idr_slice(size * 4)].concat()
            } else {
                [AUD_P, &p_slice(size)].concat()
            };
            Unit {
                at_ms,
                pes: pes(pts(at_ms), &es),
                random_access: idr,
            }
        });
        Self {
            pat: PAT.to_vec(),
            pmt: PMT.to_vec(),
            psi_every_ms: 40,
            pcr_every_ms: 40,
            end_ms: 500,
            silent_ms: 0..0,
            markers: false,
            units: units.collect(),
        }
    }

    /// Replaces the elementary stream of unit `n`.
    pub(crate) fn set_es(&mut self, n: usize, es: &[u8]) {
        let unit = &mut self.units[n];
        unit.pes = pes(pts(unit.at_ms), es);
    }

    /// Packs everything, millisecond by millisecond.
    pub(crate) fn pack(&self) -> Vec<Datagram> {
        let mut packer = Packer {
            counters: [0; 0x2000],
            sequence: 0xfff0,
            out: Vec::new(),
        };
        for now in (0..self.end_ms).filter(|now| !self.silent_ms.contains(now)) {
            let mut trio = Vec::new();
            if now % self.psi_every_ms == 0 {
                trio.push(packer.section(0x0000, &self.pat));
                trio.push(packer.section(0x0100, &self.pmt));
            }
            if now % self.pcr_every_ms == 0 {
                trio.push(pcr_packet(now));
            }
            packer.datagrams(&trio, now, false);
            for unit in self.units.iter().filter(|u| u.at_ms == now) {
                let packets = packer.pes(&unit.pes, unit.random_access);
                packer.datagrams(&packets, now, self.markers);
            }
        }
        packer.out
    }
}

fn pcr_packet(now_ms: u64) -> [u8; 188] {
    let mut packet = [0xff; 188];
    packet[..6].copy_from_slice(&[0x47, 0x10, 0x00, 0x20, 0xb7, 0x10]);
    packet[6..12].copy_from_slice(&pcr(now_ms * 27_000 + 2_700_000));
    packet
}

/// The six bytes of a PCR.
pub(crate) fn pcr(value: u64) -> [u8; 6] {
    let (base, extension) = (value / 300, value % 300);
    let bits = base << 15 | 0x7e00 | extension;
    let [_, _, bytes @ ..] = bits.to_be_bytes();
    bytes
}

struct Packer {
    counters: [u8; 0x2000],
    sequence: u16,
    out: Vec<Datagram>,
}

impl Packer {
    fn counter(&mut self, pid: u16) -> u8 {
        let counter = &mut self.counters[usize::from(pid)];
        let now = *counter;
        *counter = (now + 1) & 0x0f;
        now
    }

    fn section(&mut self, pid: u16, section: &[u8]) -> [u8; 188] {
        let mut packet = [0xff; 188];
        let [high, low] = pid.to_be_bytes();
        packet[..5].copy_from_slice(&[0x47, 0x40 | high, low, 0x10 | self.counter(pid), 0]);
        packet[5..5 + section.len()].copy_from_slice(section);
        packet
    }

    fn pes(&mut self, pes: &[u8], random_access: bool) -> Vec<[u8; 188]> {
        let mut packets = Vec::new();
        let mut rest = pes;
        while !rest.is_empty() {
            let first = packets.is_empty();
            let room = if first && random_access { 182 } else { 184 };
            let (payload, after) = rest.split_at(rest.len().min(room));
            rest = after;
            let mut packet = [0xff; 188];
            let stuffing = 184 - payload.len();
            let control = if stuffing == 0 { 0x10 } else { 0x30 };
            packet[0] = 0x47;
            packet[1] = 0x10 | u8::from(first) << 6;
            packet[2] = 0x11;
            packet[3] = control | self.counter(0x1011);
            if stuffing > 0 {
                packet[4] = u8::try_from(stuffing - 1).unwrap();
            }
            if stuffing > 1 {
                packet[5] = u8::from(first && random_access) << 6;
            }
            packet[4 + stuffing..].copy_from_slice(payload);
            packets.push(packet);
        }
        packets
    }

    fn datagrams(&mut self, packets: &[[u8; 188]], now_ms: u64, mark: bool) {
        let count = packets.chunks(7).count();
        for (n, group) in packets.chunks(7).enumerate() {
            let marker = if mark && n + 1 == count { 0x80 } else { 0 };
            let mut bytes = vec![0x80, marker | 0x21];
            bytes.extend(self.sequence.to_be_bytes());
            self.sequence = self.sequence.wrapping_add(1);
            let stamp = u32::try_from(now_ms * 90).unwrap().wrapping_sub(20_000);
            bytes.extend(stamp.to_be_bytes());
            bytes.extend([0x11, 0x22, 0x33, 0x44]);
            bytes.extend(group.concat());
            self.out.push(Datagram {
                bytes,
                at_ns: now_ms * 1_000_000 + 5_000_000_000,
            });
        }
    }
}

/// Computes a section's CRC anew: bit by bit, from the definition.
pub(crate) fn reseal(section: &mut Vec<u8>) {
    section.truncate(section.len() - 4);
    let mut crc = u32::MAX;
    for bit in section
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |n| (byte >> n) & 0x01))
    {
        let carry = crc >> 31 != u32::from(bit);
        crc <<= 1;
        if carry {
            crc ^= 0x04c1_1db7;
        }
    }
    section.extend(crc.to_be_bytes());
}

/// The `n`th TS packet of this PID.
pub(crate) fn packet(datagrams: &mut [Datagram], pid: u16, n: usize) -> &mut [u8] {
    datagrams
        .iter_mut()
        .flat_map(|d| d.bytes[12..].chunks_exact_mut(188))
        .filter(|p| u16::from_be_bytes([p[1] & 0x1f, p[2]]) == pid)
        .nth(n)
        .expect("the script has such a packet")
}
