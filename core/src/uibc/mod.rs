//! The user input back channel (UIBC, S2.1 §4.11): what the sink's user does, as packets on a TCP
//! connection that the sink makes.
//!
//! [`Framer`] cuts the byte stream into packets, [`Packet::reports`] yields the messages of one packet
//! that are valid. What it is not: it injects nothing, and whether input is wanted is the session's
//! matter (M14, M15). The sink is hostile: a length that cannot be framed ends the channel; a message
//! that contradicts itself is skipped and counted.

mod framer;
mod generic;
mod hid;
mod packet;
#[cfg(test)]
mod tests;

pub use framer::{Broken, Framer};
pub use generic::{Axis, Key, Message, Pointer, Pointers, Stroke, Touch, Unit};
pub use hid::HidMessage;
pub use packet::{Category, Packet, Report, Reports, Resolution};
