//! The header of every message.

use crate::NtStatus;
use crate::field::{Field, Malformed, require};
use crate::layout::wire_struct;
use crate::opcode::Opcode;
use crate::wire::{Reader, Wire};

/// Most bytes of a message, header and body. A buffer of this size takes every request and its
/// reply; MONITOR_ARRIVE, the largest, has 1572.
pub const MESSAGE_MAX: usize = 2048;

/// Bytes of the header.
pub const HEADER_SIZE: usize = Header::SIZE;

/// The first four bytes of a message: "MCKI".
pub const MAGIC: u32 = u32::from_le_bytes(*b"MCKI");

/// The version that this crate writes.
pub const VERSION: u16 = 1;

wire_struct! {
    /// The first 24 bytes of every message. This layout is the same in all versions.
    ///
    /// | Offset | Field |
    /// |---|---|
    /// | 0 | magic, u32 |
    /// | 4 | version, u16 |
    /// | 6 | opcode, u16 |
    /// | 8 | size, u32 |
    /// | 12 | sequence, u32 |
    /// | 16 | status, u32 |
    pub struct Header: 24 {
        /// [`MAGIC`].
        magic: u32 = 0,
        /// The version in which the body is written.
        version: u16 = 4,
        /// What the message is. A reply has the opcode of its request.
        opcode: Opcode = 6,
        /// Bytes of the whole message, header included.
        size: u32 = 8,
        /// Chosen by the asking side; the reply has the same.
        sequence: u32 = 12,
        /// `STATUS_PENDING` in a request, the outcome in a reply. So a buffer that the other side
        /// has not touched, as can be with the one buffer of `D3DKMTEscape`, is not taken for a
        /// reply.
        status: NtStatus = 16,
    }
}

impl Header {
    /// Reads the header of a message.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] if there is no whole header; [`Field::MAGIC`] for a wrong magic number.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let header = Self::read(&mut Reader::new(bytes))?;
        require(header.magic == MAGIC, Field::MAGIC)?;
        Ok(header)
    }

    /// The body of the message `bytes`: what the header's size says, not what the buffer has.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] if the size is under 24, over [`MESSAGE_MAX`], or more than `bytes` has.
    pub(crate) fn body<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Malformed> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        require(size <= MESSAGE_MAX, Field::SIZE)?;
        let body = bytes.get(HEADER_SIZE..size);
        body.ok_or(Malformed::new(Field::SIZE))
    }
}
