//! Writing: a sender report, and the name of the source that each compound packet must bring (RFC
//! 3550 §6.1, §6.4.1, §6.5.1).

use super::{ntp, packet_type};
use crate::time::Instant;

/// Digits of our canonical name: the SSRC in hexadecimal. It is the only source of the session, so
/// its name is unique if its number is.
const NAME_BYTES: usize = 8;

/// Bytes of the report itself: header, SSRC, sender information, no report blocks.
const REPORT_BYTES: usize = 28;

/// Bytes of what we send each time: the report, then the description of one source: header, SSRC,
/// the item CNAME, and two zeros that end the list at a word.
pub const SENDER_REPORT_BYTES: usize = REPORT_BYTES + 4 + 4 + 2 + NAME_BYTES + 2;

/// The item CNAME (RFC 3550 §6.5.1).
const CNAME: u8 = 1;

/// What a sender report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    /// The stream.
    pub ssrc: u32,
    /// When it is written.
    pub now: Instant,
    /// The RTP time stamp that a packet of that moment would have.
    pub timestamp: u32,
    /// RTP packets sent since the stream began, modulo 2^32.
    pub packets: u32,
    /// Bytes of payload in them, modulo 2^32.
    pub octets: u32,
}

impl SenderReport {
    /// The compound packet.
    pub fn to_bytes(self) -> [u8; SENDER_REPORT_BYTES] {
        let ntp = ntp(self.now);
        let words = [
            header(0, packet_type::SENDER_REPORT, REPORT_BYTES),
            self.ssrc,
            (ntp >> 32) as u32,
            ntp as u32,
            self.timestamp,
            self.packets,
            self.octets,
            header(
                1,
                packet_type::SOURCE_DESCRIPTION,
                SENDER_REPORT_BYTES - REPORT_BYTES,
            ),
            self.ssrc,
        ];
        let mut packet = [0; SENDER_REPORT_BYTES];
        let (head, name) = packet.split_at_mut(4 * words.len());
        let (places, _none) = head.as_chunks_mut();
        for (to, word) in places.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        if let [item, length, digits @ ..] = name {
            (*item, *length) = (CNAME, NAME_BYTES as u8);
            for (to, place) in digits.iter_mut().zip(0..NAME_BYTES as u32) {
                let digit = self.ssrc >> (28 - 4 * place) & 0xF;
                *to = b"0123456789abcdef"[digit as usize];
            }
        }
        packet
    }
}

/// Version 2, no padding, `count` reports or sources; the type; the length in words less one.
const fn header(count: u32, kind: u8, bytes: usize) -> u32 {
    2 << 30 | count << 24 | (kind as u32) << 16 | (bytes / 4 - 1) as u32
}

const _: () = assert!(
    SENDER_REPORT_BYTES.is_multiple_of(4) && REPORT_BYTES.is_multiple_of(4),
    "packets are whole words"
);
