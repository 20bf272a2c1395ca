//! Reading: the sink's report about our stream out of a compound packet (RFC 3550 §6.4).

use core::fmt;
use core::time::Duration;

use super::{packet_type, short_ntp};
use crate::time::Instant;

/// Bytes before the contents of a packet: version, padding and count, type, length.
const HEADER_BYTES: usize = 4;

/// Bytes of the SSRC of whoever sends a report.
const REPORTER_BYTES: usize = 4;

/// Bytes of sender information in a sender report (RFC 3550 §6.4.1).
const SENDER_BYTES: usize = 20;

/// Bytes of one report block.
const BLOCK_BYTES: usize = 24;

/// Units of 1/65536 s by which the parts of a round trip may be off together, each being cut to its
/// unit: what is that little below zero is zero.
const ROUNDING: i32 = 64;

/// The longest round trip that is believed, in 1/65536 s: 16 s. A buffer of
/// [`MEDIA_SEND_BUFFER`](crate::limits::MEDIA_SEND_BUFFER) drains within 9 s at 1 Mbit/s.
const ROUND_TRIP_MAX: i32 = 16 << 16;

/// What the sink says of our stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reception {
    /// Packets lost since the report before, in 1/256 of those expected.
    pub fraction_lost: u8,
    /// Packets lost since the stream began; duplicates count against it, so it may be negative.
    pub lost: i32,
    /// The highest sequence number that came, with its wraps in the upper half.
    pub highest_sequence: u32,
    /// How much the time between packets varies, as RFC 3550 App. A.8 smooths it.
    pub jitter: Duration,
    /// When the last sender report was written that came there, in 1/65536 s; 0 if none did.
    last_sender_report: u32,
    /// How long that was ago, in 1/65536 s.
    delay: u32,
}

impl Reception {
    /// The time to the sink and back, for a report that arrives at `now`. `None` if no sender report
    /// of ours came there, or if the numbers of the sink cannot be.
    pub fn round_trip(&self, now: Instant) -> Option<Duration> {
        if self.last_sender_report == 0 {
            return None;
        }
        let units = short_ntp(now)
            .wrapping_sub(self.last_sender_report)
            .wrapping_sub(self.delay)
            .cast_signed();
        let units = (-ROUNDING..=ROUND_TRIP_MAX)
            .contains(&units)
            .then_some(units.max(0))?;
        Some(Duration::from_nanos(
            (u64::from(units.unsigned_abs()) * 1_000_000_000) >> 16,
        ))
    }

    fn parse(block: &[u8; BLOCK_BYTES]) -> Self {
        let word = |index: usize| {
            let bytes = block.get(4 * index..).and_then(<[u8]>::first_chunk);
            bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
        };
        let losses = word(1);
        Self {
            fraction_lost: (losses >> 24) as u8,
            // 24 bits with a sign: brought to the top, and back with it.
            lost: (losses << 8).cast_signed() >> 8,
            highest_sequence: word(2),
            // In ticks of 90 kHz.
            jitter: Duration::from_nanos(u64::from(word(3)) * 100_000 / 9),
            last_sender_report: word(4),
            delay: word(5),
        }
    }
}

/// Why a datagram is no RTCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A packet is not of version 2.
    Version,
    /// A packet is longer than what is left of the datagram.
    Length,
    /// The padding is longer than its packet, or in a packet that is not the last.
    Padding,
    /// A report has room for fewer blocks than it counts.
    Blocks,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "not version 2",
            Self::Length => "a packet is longer than the datagram",
            Self::Padding => "padding that cannot be",
            Self::Blocks => "fewer report blocks than counted",
        })
    }
}

impl core::error::Error for Malformed {}

/// Reads one datagram: the last report in it about the stream `ssrc`, if there is one.
///
/// # Errors
/// What is wrong with the first packet that is not in form; then nothing of the datagram counts.
pub fn read(datagram: &[u8], ssrc: u32) -> Result<Option<Reception>, Malformed> {
    let mut found = None;
    let mut rest = datagram;
    // Each turn takes four bytes at least, so a datagram is walked once.
    while !rest.is_empty() {
        let (packet, behind) = Packet::split(rest)?;
        rest = behind;
        for block in packet.blocks()? {
            let (about, _) = block.split_first_chunk().unwrap_or((&[0; 4], &[]));
            if u32::from_be_bytes(*about) == ssrc {
                found = Some(Reception::parse(block));
            }
        }
    }
    Ok(found)
}

/// One packet of a compound packet.
struct Packet<'a> {
    /// How many report blocks it has, if it is a report.
    count: u8,
    kind: u8,
    contents: &'a [u8],
}

impl<'a> Packet<'a> {
    /// The first packet of `bytes`, and what comes after it.
    fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Malformed> {
        let (&[first, kind, high, low], _) = bytes
            .split_first_chunk::<HEADER_BYTES>()
            .ok_or(Malformed::Length)?;
        if first >> 6 != 2 {
            return Err(Malformed::Version);
        }
        // In words of 32 bits, less one.
        let length = 4 * (usize::from(u16::from_be_bytes([high, low])) + 1);
        let (packet, behind) = bytes.split_at_checked(length).ok_or(Malformed::Length)?;
        let contents = packet.get(HEADER_BYTES..).unwrap_or_default();
        let contents = if first & 0x20 == 0 {
            contents
        } else {
            unpadded(contents, behind)?
        };
        let packet = Self {
            count: first & 0x1F,
            kind,
            contents,
        };
        Ok((packet, behind))
    }

    /// The report blocks; none if the packet is no report. What a profile adds behind them is not
    /// looked at.
    fn blocks(&self) -> Result<&'a [[u8; BLOCK_BYTES]], Malformed> {
        let before = match self.kind {
            packet_type::SENDER_REPORT => REPORTER_BYTES + SENDER_BYTES,
            packet_type::RECEIVER_REPORT => REPORTER_BYTES,
            _ => return Ok(&[]),
        };
        let (blocks, _) = self
            .contents
            .get(before..)
            .ok_or(Malformed::Blocks)?
            .as_chunks();
        blocks.get(..self.count.into()).ok_or(Malformed::Blocks)
    }
}

/// The contents without their padding, whose last byte says how long it is (RFC 3550 §6.4.1).
fn unpadded<'a>(contents: &'a [u8], behind: &[u8]) -> Result<&'a [u8], Malformed> {
    let padding = contents.last().map_or(0, |last| usize::from(*last));
    let left = contents.len().checked_sub(padding);
    match left.and_then(|left| contents.get(..left)) {
        Some(left) if padding > 0 && behind.is_empty() => Ok(left),
        _ => Err(Malformed::Padding),
    }
}
