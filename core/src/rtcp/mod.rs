//! RTCP beside the RTP stream (RFC 3550 §6): what the sink reports of it, and our sender reports.
//!
//! The sink is hostile. Of a datagram nothing is believed before all of its packets are in form;
//! packets of other types and reports about other streams are skipped. What is not here: feedback
//! messages (RFC 4585) and retransmission, which Wi-Fi Display does not have.

mod reception;
mod sender;
#[cfg(test)]
mod tests;

pub use reception::{Malformed, Reception, read};
pub use sender::{SENDER_REPORT_BYTES, SenderReport};

use crate::time::{Instant, TICKS_PER_SECOND};

/// Packet types (RFC 3550 §12.1).
mod packet_type {
    pub(super) const SENDER_REPORT: u8 = 200;
    pub(super) const RECEIVER_REPORT: u8 = 201;
    pub(super) const SOURCE_DESCRIPTION: u8 = 202;
}

/// `at` in the format of NTP, 32 bits of seconds and 32 of their fraction. A sender without a wall
/// clock may count from any start (RFC 3550 §6.4.1); ours is the clock of the pictures.
const fn ntp(at: Instant) -> u64 {
    let (seconds, rest) = (at.ticks() / TICKS_PER_SECOND, at.ticks() % TICKS_PER_SECOND);
    (seconds << 32) + (rest << 32) / TICKS_PER_SECOND
}

/// The middle 32 bits of that: units of 1/65536 s.
const fn short_ntp(at: Instant) -> u32 {
    (ntp(at) >> 16) as u32
}
