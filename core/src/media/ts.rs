//! The 188-byte transport packet: header, adaptation field, PCR packet (ISO 13818-1 §2.4.3).

use super::clock;

/// Bytes of a transport packet.
pub(super) const PACKET_BYTES: usize = 188;

/// Bytes of its header.
pub(super) const HEADER_BYTES: usize = 4;

/// Bytes behind the header: adaptation field and payload.
pub(super) const BODY_BYTES: usize = PACKET_BYTES - HEADER_BYTES;

/// The PIDs that Wi-Fi Display prescribes (S2.1 App. D.4.2).
pub(super) mod pid {
    pub(in crate::media) const PAT: u16 = 0x0000;
    pub(in crate::media) const PMT: u16 = 0x0100;
    pub(in crate::media) const PCR: u16 = 0x1000;
    pub(in crate::media) const VIDEO: u16 = 0x1011;
    /// The first of 32 that are for sound.
    pub(in crate::media) const AUDIO: u16 = 0x1100;
}

/// What is behind the header: the two bits of `adaptation_field_control`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Content {
    Payload = 0b01,
    Adaptation = 0b10,
    AdaptationAndPayload = 0b11,
}

/// The header, made as one word so that it is stored as one. `starts` is
/// `payload_unit_start_indicator`; priority, error and scrambling bits are 0 (HDCP does not use them).
pub(super) const fn header(pid: u16, starts: bool, content: Content, continuity: u8) -> [u8; 4] {
    let word = 0x47 << 24
        | (starts as u32) << 22
        | (pid as u32) << 8
        | (content as u32) << 4
        | continuity as u32;
    word.to_be_bytes()
}

/// The continuity counter of one PID: it counts packets with payload, modulo 16.
#[derive(Clone, Debug)]
pub(super) struct Continuity(u8);

impl Continuity {
    /// Before the first packet.
    pub(super) const fn new() -> Self {
        Self(0)
    }

    /// The number of the next packet with payload.
    pub(super) const fn next(&mut self) -> u8 {
        let number = self.0;
        self.0 = (number + 1) & 0x0F;
        number
    }
}

/// The headers of the packets of one PID that are nothing but payload, one after the other.
///
/// The next one is kept whole, and counting is done in it: its last byte, which has the continuity
/// counter in its lower half, is the highest of the word.
#[derive(Clone, Debug)]
pub struct PacketHeaders {
    next: u32,
}

impl PacketHeaders {
    /// One more in the continuity counter.
    const STEP: u32 = 1 << 24;

    /// What the counter carries into when it comes round: the upper bit of `adaptation_field_control`,
    /// and with that its lower bit is gone.
    const CARRY: u32 = (Content::Adaptation as u32) << 28;
    const PAYLOAD: u32 = (Content::Payload as u32) << 28;

    /// Before the first packet.
    pub(super) const fn new(pid: u16) -> Self {
        Self {
            next: u32::from_le_bytes(header(pid, false, Content::Payload, 0)),
        }
    }

    /// The header of the next packet.
    #[inline]
    pub const fn take(&mut self) -> [u8; HEADER_BYTES] {
        let header = self.next;
        self.next = header.wrapping_add(Self::STEP) & !Self::CARRY | Self::PAYLOAD;
        header.to_le_bytes()
    }

    /// The continuity counter of the next packet, if that has more than payload.
    pub(super) const fn take_number(&mut self) -> u8 {
        let [_, _, _, last] = self.take();
        last & 0x0F
    }
}

/// `discontinuity_indicator`.
const DISCONTINUITY: u8 = 0x80;

/// `random_access_indicator`.
const RANDOM_ACCESS: u8 = 0x40;

/// `PCR_flag`.
const HAS_PCR: u8 = 0x10;

/// Least bytes of an adaptation field that has flags.
pub(super) const FLAGS_FIELD_BYTES: usize = 2;

/// Fills `field` with an adaptation field of just its size: the length byte alone if that is one
/// byte, else flags and stuffing.
pub(super) fn write_adaptation(field: &mut [u8], random_access: bool) {
    let [length, rest @ ..] = field else { return };
    *length = rest.len() as u8;
    let [flags, stuffing @ ..] = rest else { return };
    *flags = if random_access { RANDOM_ACCESS } else { 0 };
    stuffing.fill(0xFF);
}

/// A packet with a PCR and nothing else. It has no payload: its continuity counter stays 0, and
/// `payload_unit_start_indicator` has nothing to say. `new_base`: the PCR does not go on from the one
/// before.
pub(super) const fn pcr_packet(pcr: u64, new_base: bool) -> [u8; PACKET_BYTES] {
    let mut packet = [0xFF; PACKET_BYTES];
    let (start, field) = packet.split_at_mut(HEADER_BYTES);
    start.copy_from_slice(&header(pid::PCR, false, Content::Adaptation, 0));
    let (flags, rest) = field.split_at_mut(FLAGS_FIELD_BYTES);
    let discontinuity = if new_base { DISCONTINUITY } else { 0 };
    flags.copy_from_slice(&[BODY_BYTES as u8 - 1, discontinuity | HAS_PCR]);
    let (time, _stuffing) = rest.split_at_mut(6);
    time.copy_from_slice(&clock::pcr_bytes(pcr));
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_four_bytes() {
        assert_eq!(
            header(pid::PAT, true, Content::Payload, 0),
            [0x47, 0x40, 0x00, 0x10]
        );
        assert_eq!(
            header(pid::VIDEO, false, Content::Payload, 15),
            [0x47, 0x10, 0x11, 0x1F]
        );
        let both = Content::AdaptationAndPayload;
        assert_eq!(header(pid::VIDEO, true, both, 3), [0x47, 0x50, 0x11, 0x33]);
    }

    #[test]
    fn continuity_counts_to_fifteen() {
        let mut counter = Continuity::new();
        for number in (0..16).chain(0..16) {
            assert_eq!(counter.next(), number);
        }
    }

    #[test]
    fn headers_of_payload_count_to_fifteen() {
        for pid in [0, pid::VIDEO, 0x1FFF] {
            let mut headers = PacketHeaders::new(pid);
            for number in (0..16).chain(0..16) {
                assert_eq!(headers.take(), header(pid, false, Content::Payload, number));
            }
            for number in (0..16).chain(0..3) {
                assert_eq!(headers.take_number(), number);
            }
            assert_eq!(headers.take(), header(pid, false, Content::Payload, 3));
        }
    }

    #[test]
    fn a_pcr_packet_is_adaptation_only() {
        let packet = pcr_packet(27_000_123, false);
        let start = [
            0x47, 0x10, 0x00, 0x20, 0xB7, 0x10, 0x00, 0x00, 0xAF, 0xC8, 0x7E, 0x7B,
        ];
        assert_eq!(packet[..12], start);
        assert!(packet[12..].iter().all(|byte| *byte == 0xFF));
        let mut first = packet;
        first[5] |= 0x80;
        assert_eq!(pcr_packet(27_000_123, true), first);
    }

    #[test]
    fn an_adaptation_field_fills_what_it_is_given() {
        let mut field = [0xAA; 5];
        write_adaptation(&mut field[..1], true);
        assert_eq!(field, [0, 0xAA, 0xAA, 0xAA, 0xAA]);
        write_adaptation(&mut field[..2], true);
        assert_eq!(field, [1, 0x40, 0xAA, 0xAA, 0xAA]);
        write_adaptation(&mut field[..4], false);
        assert_eq!(field, [3, 0, 0xFF, 0xFF, 0xAA]);
    }
}
