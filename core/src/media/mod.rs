//! The media plane: chunks of an H.264 stream and of sound in, batches of RTP datagrams out.
//!
//! ```text
//! chunk -> access unit = one PES packet -> 188-byte TS packets -> RTP datagrams of 7 -> one batch
//! chunk of sound       = one PES packet -> the same
//! ```
//!
//! [`Streamer`] is the whole of it for a caller: [`Streamer::handle`] takes one [`Input`], then
//! [`Streamer::poll`] is called until it says [`Output::Idle`]. What is multiplexed, and how, is
//! fixed by the Wi-Fi Display specification v2.1 ("S2.1", appendices B and D) on top of ISO
//! 13818-1; each module cites what it implements.
//!
//! What this module is not: it does not encode and does not send; it says when to send. It never looks
//! into the memory of the encoder either: it asks a [`Payload`] to copy a range, once, to the place
//! in the batch from which it is sent.

mod audio;
mod chunk;
mod clock;
mod counters;
mod description;
mod gate;
mod nal;
mod pace;
mod packetizer;
mod pes;
mod psi;
mod rtp;
mod seam;
mod streamer;
mod ts;

#[cfg(test)]
mod tests;

pub use audio::{AudioChunk, AudioConfig};
pub use chunk::{Chunk, ChunkFlags, NoPayload, Payload};
pub use clock::presentation_time;
pub use counters::{Counters, DropReason};
pub use rtp::{RTP_HEADER_BYTES, RtpHeaders};
pub use seam::{Batch, Input, Output, StreamConfig};
pub use streamer::Streamer;
pub use ts::PacketHeaders;
