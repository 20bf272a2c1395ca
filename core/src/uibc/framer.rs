//! Packets out of a byte stream.

use core::fmt;

use super::packet::{Category, Packet};
use crate::limits::UIBC_PACKET_MAX;

/// Bytes of the header without the time stamp (S2.1 Fig. 20).
const HEADER: usize = 4;
/// Bytes of the time stamp, if the T bit is set.
const TIMESTAMP: usize = 2;

/// Why the byte stream cannot be cut any further. The channel has to be closed: where the next packet
/// begins is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The version of a packet is not 0.
    Version(u8),
    /// The length of a packet is less than its header.
    TooShort(u16),
    /// A packet is longer than [`UIBC_PACKET_MAX`].
    TooLong(u16),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "UIBC packet of version {version}"),
            Self::TooShort(length) => {
                write!(f, "UIBC packet of {length} bytes: less than a header")
            }
            Self::TooLong(length) => write!(f, "UIBC packet of {length} bytes"),
        }
    }
}

impl core::error::Error for Broken {}

/// Cuts a byte stream into packets, in memory that it was lent. Feed it what was received, poll it
/// until it returns `None`, and so on.
#[derive(Debug)]
pub struct Framer<'m> {
    memory: &'m mut [u8; UIBC_PACKET_MAX],
    /// Bytes held.
    held: usize,
    /// Bytes of the packet that the last `poll` returned: they go at the next call.
    returned: usize,
    broken: Option<Broken>,
}

impl<'m> Framer<'m> {
    /// A framer at the beginning of a byte stream.
    pub const fn new(memory: &'m mut [u8; UIBC_PACKET_MAX]) -> Self {
        Self {
            memory,
            held: 0,
            returned: 0,
            broken: None,
        }
    }

    /// Forgets everything, for the next connection.
    pub fn reset(&mut self) {
        self.held = 0;
        self.returned = 0;
        self.broken = None;
    }

    /// How many bytes [`Framer::feed`] takes now; not 0 after `poll` has returned `None`.
    pub const fn room(&self) -> usize {
        UIBC_PACKET_MAX - (self.held - self.returned)
    }

    /// Takes as many of `bytes` as there is room for, and returns how many: 0 only if `bytes` is
    /// empty, if `poll` has something to return, or after [`Broken`].
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        self.drop_returned();
        if self.broken.is_some() {
            return 0;
        }
        let room = self.memory.get_mut(self.held..).unwrap_or_default();
        let taken = room.len().min(bytes.len());
        for (to, from) in room.iter_mut().zip(bytes) {
            *to = *from;
        }
        self.held += taken;
        taken
    }

    /// The next packet, `None` if it is not there yet.
    ///
    /// # Errors
    /// [`Broken`], from then on always.
    pub fn poll(&mut self) -> Option<Result<Packet<'_>, Broken>> {
        self.drop_returned();
        if self.broken.is_none() {
            self.broken = self.fault();
        }
        if let Some(broken) = self.broken {
            return Some(Err(broken));
        }
        let length = usize::from(self.length()?);
        let bytes = self.memory.get(..self.held)?.get(..length)?;
        self.returned = length;
        read(bytes).map(Ok)
    }

    /// The length of the packet that is being read, once it is known.
    fn length(&self) -> Option<u16> {
        let [_, _, high, low] = *self.memory.get(..self.held)?.first_chunk::<HEADER>()?;
        Some(u16::from_be_bytes([high, low]))
    }

    fn fault(&self) -> Option<Broken> {
        let length = self.length()?;
        let first = *self.memory.first()?;
        let header = if has_timestamp(first) {
            HEADER + TIMESTAMP
        } else {
            HEADER
        };
        match first >> 5 {
            0 if usize::from(length) < header => Some(Broken::TooShort(length)),
            0 if usize::from(length) > UIBC_PACKET_MAX => Some(Broken::TooLong(length)),
            0 => None,
            version => Some(Broken::Version(version)),
        }
    }

    fn drop_returned(&mut self) {
        let returned = core::mem::take(&mut self.returned);
        self.memory.copy_within(returned..self.held, 0);
        self.held -= returned;
    }
}

const fn has_timestamp(first: u8) -> bool {
    first & 0x10 != 0
}

/// Reads a whole packet. `None` cannot be: [`Framer::fault`] has looked at its length.
fn read(bytes: &[u8]) -> Option<Packet<'_>> {
    let ([first, second, _, _], rest) = bytes.split_first_chunk::<HEADER>()?;
    let category = Category(second & 0x0F);
    if !has_timestamp(*first) {
        return Some(Packet {
            category,
            timestamp: None,
            body: rest,
        });
    }
    let (timestamp, body) = rest.split_first_chunk::<TIMESTAMP>()?;
    Some(Packet {
        category,
        timestamp: Some(u16::from_be_bytes(*timestamp)),
        body,
    })
}
