//! The miniport's end of the ring. It distrusts the driver's word as the driver distrusts its.

use core::sync::atomic::Ordering;

use super::memory::Memory;
use super::{MapError, RingError, STAMP, SpanRange};

/// Why no room was reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReserveError {
    /// There is not as much room now; or ever, if the length exceeds the span.
    Full {
        /// Bytes that are free.
        free: u64,
    },
    /// The consumer's position cannot be.
    Ring(RingError),
}

impl core::fmt::Display for ReserveError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Full { free } => write!(f, "the ring is full: {free} bytes are free"),
            Self::Ring(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ReserveError {}

/// Writes encoded pictures and hands them over.
///
/// It does not own the mapping: dropping it touches nothing.
#[derive(Debug)]
pub struct Producer {
    memory: Memory,
    /// Our position. The shared word is only ever written from it.
    published: u64,
    /// Free bytes from `published` on when the consumer's word was last read.
    free: u64,
}

impl Producer {
    /// Makes a ring of memory: checks address and sizes, sets both positions to 0, and stamps it.
    ///
    /// # Errors
    ///
    /// [`MapError`] says what is wrong; nothing was written then.
    ///
    /// # Safety
    ///
    /// If address and sizes pass the checks, `base` is valid for reads and writes of
    /// `control_len + data_len` bytes for as long as the value lives, on every thread; the other
    /// side reaches the control words atomically, writes none of the data and reads only what is
    /// handed over; and there is no second producer.
    pub unsafe fn map(base: *mut u8, control_len: u32, data_len: u32) -> Result<Self, MapError> {
        // SAFETY: the caller's promise, passed on.
        let memory = unsafe { Memory::new(base, control_len, data_len) }?;
        // Relaxed twice: the release store of the stamp orders them.
        memory.producer().store(0, Ordering::Relaxed);
        memory.consumer().store(0, Ordering::Relaxed);
        // Release: who sees the stamp sees the positions.
        memory.stamp().store(STAMP, Ordering::Release);
        let free = memory.data_len();
        Ok(Self {
            memory,
            published: 0,
            free,
        })
    }

    /// Finds room for `length` bytes. There is one reservation at a time: the next one that is
    /// made before [`publish`](Self::publish) is for the same place.
    ///
    /// # Errors
    ///
    /// [`ReserveError::Full`] if there is no room; [`ReserveError::Ring`] if the consumer's position
    /// cannot be.
    pub fn reserve(&mut self, length: u32) -> Result<SpanRange, ReserveError> {
        // Acquire: pairs with the consumer's release store, so that its copies out of the span are
        // done before we write there.
        let consumer = self.memory.consumer().load(Ordering::Acquire);
        let held = self.published.wrapping_sub(consumer);
        let free = self.memory.data_len().checked_sub(held);
        self.free = match free {
            Some(free) if free >= self.free => free,
            _ => {
                return Err(ReserveError::Ring(RingError::Corrupt {
                    ours: self.published,
                    theirs: consumer,
                }));
            }
        };
        if u64::from(length) > self.free {
            return Err(ReserveError::Full { free: self.free });
        }
        Ok(SpanRange {
            position: self.published,
            length,
        })
    }

    /// Writes `bytes` at `offset` of the reserved `range`.
    ///
    /// # Errors
    ///
    /// [`RingError::OutOfRange`] if they do not fit; [`RingError::Stale`] or [`RingError::Beyond`]
    /// if the range is not the reservation.
    pub fn write(
        &mut self,
        range: SpanRange,
        offset: usize,
        bytes: &[u8],
    ) -> Result<(), RingError> {
        self.check(range)?;
        if !range.holds(offset, bytes.len()) {
            return Err(RingError::OutOfRange);
        }
        let position = range.position.wrapping_add(offset as u64);
        // SAFETY: the range begins at our position and is not longer than what was free: it is not
        // longer than the span, and the consumer does not read it before it is published.
        unsafe { self.memory.write(position, bytes) };
        Ok(())
    }

    /// Hands `range` over.
    ///
    /// # Errors
    ///
    /// [`RingError::Stale`] or [`RingError::Beyond`] if the range is not the reservation.
    pub fn publish(&mut self, range: SpanRange) -> Result<(), RingError> {
        self.check(range)?;
        self.published = range.end();
        self.free -= u64::from(range.length);
        // Release: the bytes are written before the consumer may read them.
        let word = self.memory.producer();
        word.store(self.published, Ordering::Release);
        Ok(())
    }

    /// Whether `range` is what may be written now.
    const fn check(&self, range: SpanRange) -> Result<(), RingError> {
        if range.position != self.published {
            return Err(RingError::Stale);
        }
        if range.length as u64 > self.free {
            return Err(RingError::Beyond);
        }
        Ok(())
    }
}
