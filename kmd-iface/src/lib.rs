//! The contract between the Miracast user-mode driver and the vendor's kernel display miniport.
//!
//! Both ends are here: what the driver encodes the miniport decodes, and the other way round, with
//! the same checks. What this crate is not: it knows nothing of Wi-Fi Display, of sockets or of
//! threads. It knows bytes and layouts.
//!
//! # Three channels
//!
//! | Channel | Windows call | Content |
//! |---|---|---|
//! | requests, driver to miniport | `MiracastIoControl` (or `D3DKMTEscape`) | [`escape`] |
//! | messages, miniport to driver | `HandleKernelModeMessage` | [`message`] |
//! | encoded pictures and sound | `MIRACAST_CHUNK_DATA.PrivateDriverData` | [`chunk`] records into the [`ring`] |
//!
//! Requests and messages have one [`codec`]; only the set of opcodes differs.
//!
//! The same contract as a C header is `include/miracast_kmd.h`, which `cargo xtask header` writes from
//! the tables of [`shape`].
//!
//! # Rules of the wire
//!
//! - Little-endian, fixed offsets, natural alignment: a C structure without packing has the same
//!   layout. No pointers in requests.
//! - Every message begins with a [`header`] of 24 bytes that gives its size. No message is larger
//!   than [`MESSAGE_MAX`], so that one buffer of that size holds a request and its reply:
//!   `D3DKMTEscape` has one buffer for both.
//! - Opcodes are never renumbered. An unknown one is refused with `STATUS_NOT_SUPPORTED`.
//! - A layout grows at its end only. A longer body than the reader knows is accepted and the rest
//!   ignored; a shorter one is refused, unless it is as long as an older layout: what is missing is 0.
//! - Reserved bytes are written as zero and ignored on reading. Unknown [`escape::Features`] and
//!   [`escape::AudioFormats`] are ignored; in every other set of flags an unknown bit is refused, because it may change what the
//!   rest means. A sender uses a new bit only after both sides have named the feature.
//! - A refusal says which [`Field`] is wrong, so that both sides log the same cause.

#![no_std]
#![deny(unsafe_code)]

#[cfg(any(test, loom))]
extern crate std;

mod layout;
mod open_enum;

pub mod chunk;
pub mod codec;
pub mod escape;
pub mod field;
pub mod header;
pub mod list;
pub mod message;
pub mod opcode;
#[expect(
    unsafe_code,
    reason = "the ring is memory that another program maps: its words and bytes are reached by pointer"
)]
pub mod ring;
pub mod shape;
pub mod status;
pub mod timing;
pub mod wire;

pub use chunk::{ChunkFlags, ChunkRecord};
pub use codec::{Refusal, ReplyError, Request};
pub use field::{Field, Malformed};
pub use header::MESSAGE_MAX;
pub use opcode::Opcode;
pub use shape::{Member, Shape};
pub use status::NtStatus;
