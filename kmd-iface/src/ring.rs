//! The ring: memory that the miniport maps into the driver's process, through which encoded
//! pictures come.
//!
//! ```text
//! base                          base + control_len                            + data_len
//!  | control                     | data span, a power of two                   |
//!  |    0  producer position     |                                             |
//!  |   64  consumer position     |   free   |#### handed over ####|    free    |
//!  |  128  stamp                 |          ^                     ^            |
//!  |                             |          consumer              producer     |
//! ```
//!
//! Both positions count bytes since the ring was made and are never reset or masked: the byte of
//! position `p` is at `p mod data_len` of the span. Each has a cache line of its own and one
//! writer. What lies between consumer and producer belongs to the [`Consumer`] (the driver), the
//! rest to the [`Producer`] (the miniport); a position only advances, is handed over by a release
//! store and taken by an acquire load.
//!
//! The miniport sends the record of what it hands over at once. Bytes of which none has come for a second
//! are given back as if it were lost: pictures then go on with the next IDR picture.
//!
//! Each side keeps its own position to itself and only writes the shared word; the other's word is
//! read once and judged by distance before it is used. A [`SpanRange`] is proof of that judgement.
//! Not here: which chunk a span belongs to, and how the memory is mapped and unmapped.
//!
//! Under the model checker (`cfg(loom)`) the memory is another: words and blocks that the checker watches.
//! Everything else is the same.
//!
//! No reference into the ring is ever made to its data: bytes are copied through pointers. The
//! control words are atomics.

mod consumer;
#[cfg(all(test, loom))]
mod interleavings;
#[cfg_attr(loom, path = "ring/modelled_memory.rs")]
mod memory;
mod producer;
#[cfg(not(loom))]
mod streaming;
#[cfg(all(test, not(loom)))]
mod tests;

pub use consumer::Consumer;
pub use producer::{Producer, ReserveError};

/// The page: base and control length are multiples of it, the data span is at least one.
pub const PAGE: u32 = 4096;

/// Most bytes of control before the data span. One page is used; more is room to grow.
pub const CONTROL_LEN_MAX: u32 = 16 * PAGE;

/// Most bytes of the data span: 256 MiB is more than 30 s at the 60 Mbit/s of level 4.2. A larger
/// value is a mistake, not a ring.
pub const DATA_LEN_MAX: u32 = 256 * 1024 * 1024;

/// Offset of the producer's position in the control page.
pub const PRODUCER_OFFSET: usize = 0;

/// Offset of the consumer's position in the control page.
pub const CONSUMER_OFFSET: usize = 64;

/// Offset of the stamp in the control page.
pub const STAMP_OFFSET: usize = 128;

/// Bytes of an MPEG-2 transport packet, for which the driver copies out of the ring.
pub const TS_PACKET: usize = 188;

/// Bytes of its header.
pub const TS_HEADER: usize = 4;

/// Bytes behind its header.
pub const TS_BODY: usize = TS_PACKET - TS_HEADER;

/// Bytes of an RTP header without extensions.
pub const RTP_HEADER: usize = 12;

/// Bytes of a full RTP datagram: its header and seven transport packets.
pub const RTP_DATAGRAM: usize = RTP_HEADER + 7 * TS_PACKET;

/// Bytes of the bodies in one.
const RTP_BODIES: usize = 7 * TS_BODY;

/// What the producer writes at [`STAMP_OFFSET`]: "MCRING" and the version of the ring's layout.
pub const STAMP: u64 = u64::from_le_bytes(*b"MCRING\x01\x00");

/// A part of the ring that has been checked: a position and a length. It says nothing of memory
/// and can be kept; a range that was released meanwhile is refused as stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanRange {
    position: u64,
    length: u32,
}

impl SpanRange {
    /// Position of the first byte.
    pub const fn position(self) -> u64 {
        self.position
    }

    /// Bytes.
    pub const fn length(self) -> u32 {
        self.length
    }

    /// Position after the last byte.
    pub const fn end(self) -> u64 {
        self.position.wrapping_add(self.length as u64)
    }

    /// Whether `length` bytes from `offset` on are inside.
    const fn holds(self, offset: usize, length: usize) -> bool {
        match offset.checked_add(length) {
            Some(end) => end as u64 <= self.length as u64,
            None => false,
        }
    }
}

/// Why memory is not taken for a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapError {
    /// The base is null.
    Null,
    /// The base is not at the start of a page.
    Alignment,
    /// The control length is 0, not whole pages, or over [`CONTROL_LEN_MAX`].
    ControlLength(u32),
    /// The data length is not a power of two, under a page, or over [`DATA_LEN_MAX`].
    DataLength(u32),
    /// The ring would reach beyond the end of the address space.
    AddressRange,
    /// The stamp is not [`STAMP`].
    Stamp(u64),
    /// The two positions are further apart than the span is long.
    Positions {
        /// The producer's word.
        producer: u64,
        /// The consumer's word.
        consumer: u64,
    },
}

impl core::fmt::Display for MapError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Null => f.write_str("the ring's base is null"),
            Self::Alignment => f.write_str("the ring's base is not at a page"),
            Self::ControlLength(len) => write!(f, "control length {len} is not allowed"),
            Self::DataLength(len) => write!(f, "data length {len} is not allowed"),
            Self::AddressRange => f.write_str("the ring exceeds the address space"),
            Self::Stamp(stamp) => write!(f, "the ring has the stamp {stamp:#018x}"),
            Self::Positions { producer, consumer } => {
                write!(f, "producer at {producer}, consumer at {consumer}")
            }
        }
    }
}

impl core::error::Error for MapError {}

/// Why a position or a range is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingError {
    /// The other side's position cannot be: it went back, or the two are more than a span apart.
    Corrupt {
        /// Our position.
        ours: u64,
        /// The other side's word.
        theirs: u64,
    },
    /// It lies, at least in part, before what was released.
    Stale,
    /// It lies, at least in part, behind what was handed over.
    Beyond,
    /// The bytes asked for are not inside the range.
    OutOfRange,
}

impl core::fmt::Display for RingError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Corrupt { ours, theirs } => {
                write!(
                    f,
                    "corrupt position {theirs} of the other side, ours is {ours}"
                )
            }
            Self::Stale => f.write_str("the range is released already"),
            Self::Beyond => f.write_str("the range is not handed over"),
            Self::OutOfRange => f.write_str("the bytes are not inside the range"),
        }
    }
}

impl core::error::Error for RingError {}
