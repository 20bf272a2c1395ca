//! The driver's end of the ring.

use core::sync::atomic::Ordering;

use super::memory::Memory;
use super::{
    MapError, RTP_BODIES, RTP_DATAGRAM, RTP_HEADER, RingError, STAMP, SpanRange, TS_BODY,
    TS_HEADER, TS_PACKET,
};
use crate::chunk::ChunkRecord;
use crate::escape::StreamAttributes;

/// Reads what the miniport hands over, and gives it back.
///
/// It does not own the mapping: dropping it touches nothing.
#[derive(Debug)]
pub struct Consumer {
    memory: Memory,
    /// Our position. The shared word is only ever written from it.
    released: u64,
    /// The producer's position when it was last read and found possible. Nothing behind it is
    /// copied: it may be under the producer's pen.
    published: u64,
}

impl Consumer {
    /// Takes memory for a ring, after checking that it can be one.
    ///
    /// `base`, `control_len` and `data_len` are those of
    /// [`StreamOpened`](crate::escape::StreamOpened), lengths in bytes.
    ///
    /// # Errors
    ///
    /// [`MapError`] says what is wrong. Memory is read only if address and sizes are possible.
    ///
    /// # Safety
    ///
    /// If address and sizes pass the checks, `base` is valid for reads and writes of
    /// `control_len + data_len` bytes for as long as the value lives, on every thread; the other
    /// side reaches the control words atomically and does not write what it has handed over until
    /// it is released; and there is no second consumer.
    pub unsafe fn map(base: *mut u8, control_len: u32, data_len: u32) -> Result<Self, MapError> {
        // SAFETY: the caller's promise, passed on.
        let memory = unsafe { Memory::new(base, control_len, data_len) }?;
        // Acquire: pairs with the producer's release store of the stamp, so that its first
        // positions are seen with it.
        let stamp = memory.stamp().load(Ordering::Acquire);
        if stamp != STAMP {
            return Err(MapError::Stamp(stamp));
        }
        // Relaxed: nobody but us writes the consumer's word from now on.
        let consumer = memory.consumer().load(Ordering::Relaxed);
        // Acquire: as in `span`.
        let producer = memory.producer().load(Ordering::Acquire);
        if producer.wrapping_sub(consumer) > memory.data_len() {
            return Err(MapError::Positions { producer, consumer });
        }
        Ok(Self {
            memory,
            released: consumer,
            published: producer,
        })
    }

    /// Reads the data span in the way that is right for memory with these properties.
    #[must_use]
    pub fn with_attributes(mut self, attributes: StreamAttributes) -> Self {
        if attributes.contains(StreamAttributes::WRITE_COMBINED) {
            self.memory.stream();
        }
        self
    }

    /// Checks where the chunk of `record` lies: it must be handed over and not released yet.
    ///
    /// A chunk beyond the first byte that is held is allowed: to release it releases also what lies
    /// between, which is what is left of chunks whose records were lost.
    ///
    /// # Errors
    ///
    /// [`RingError::Corrupt`] if the producer's position cannot be, [`RingError::Stale`] for a
    /// chunk before ours, [`RingError::Beyond`] for one that is not handed over.
    pub fn span(&mut self, record: &ChunkRecord) -> Result<SpanRange, RingError> {
        self.refresh()?;
        let range = SpanRange {
            position: record.position,
            length: record.length,
        };
        self.check(range)?;
        Ok(range)
    }

    /// Copies `out.len()` bytes from `offset` of `range` on.
    ///
    /// # Errors
    ///
    /// [`RingError::OutOfRange`] if the bytes are not inside; [`RingError::Stale`] if the range was
    /// released, [`RingError::Beyond`] if it is of another ring.
    #[inline]
    pub fn copy(&self, range: SpanRange, offset: usize, out: &mut [u8]) -> Result<(), RingError> {
        self.check(range)?;
        if !range.holds(offset, out.len()) {
            return Err(RingError::OutOfRange);
        }
        let position = range.position.wrapping_add(offset as u64);
        // SAFETY: the range lies between `released` and `published`, which are at most a span
        // apart: it is not longer than the span, and the producer leaves it alone until released.
        unsafe { self.memory.read(position, out) };
        Ok(())
    }

    /// [`copy`](Self::copy) into TS packets: to each its header, which `header` makes, and the next
    /// bytes as its body. A packet is written whole, because a header by itself would cost the time of
    /// a cache line.
    ///
    /// # Errors
    ///
    /// As [`copy`](Self::copy); nothing is copied then, and no header is made.
    pub fn copy_packets(
        &self,
        range: SpanRange,
        offset: usize,
        packets: &mut [[u8; TS_PACKET]],
        header: impl FnMut() -> [u8; TS_HEADER],
    ) -> Result<(), RingError> {
        self.check(range)?;
        // The product is less than the packets have bytes, and so does not overflow.
        if !range.holds(offset, packets.len() * TS_BODY) {
            return Err(RingError::OutOfRange);
        }
        let position = range.position.wrapping_add(offset as u64);
        // SAFETY: as in `copy`; the bodies together are not longer than the range.
        unsafe { self.memory.read_packets(position, packets, header) };
        Ok(())
    }

    /// [`copy_packets`](Self::copy_packets) for all the packets of full RTP datagrams, each behind the
    /// header that `start` makes: one check for as many bytes as there are.
    ///
    /// # Errors
    ///
    /// As [`copy_packets`](Self::copy_packets).
    pub fn copy_datagrams(
        &self,
        range: SpanRange,
        offset: usize,
        datagrams: &mut [[u8; RTP_DATAGRAM]],
        start: impl FnMut() -> [u8; RTP_HEADER],
        header: impl FnMut() -> [u8; TS_HEADER],
    ) -> Result<(), RingError> {
        self.check(range)?;
        // The product is less than the datagrams have bytes, and so does not overflow.
        if !range.holds(offset, datagrams.len() * RTP_BODIES) {
            return Err(RingError::OutOfRange);
        }
        let position = range.position.wrapping_add(offset as u64);
        // SAFETY: as in `copy`; the bodies together are not longer than the range.
        unsafe {
            self.memory
                .read_datagrams(position, datagrams, start, header);
        };
        Ok(())
    }

    /// Gives back everything up to the end of `range`.
    ///
    /// # Errors
    ///
    /// [`RingError::Stale`] if it was released before, [`RingError::Beyond`] if it is of another
    /// ring. Nothing is released then.
    pub fn release(&mut self, range: SpanRange) -> Result<(), RingError> {
        self.check(range)?;
        self.release_to(range.end());
        Ok(())
    }

    /// Gives back everything that is handed over and returns how many bytes that were.
    ///
    /// After STATUS_CONNECTION_RESET (DDI-51) the records of what is in the ring are lost. A ring
    /// that is full of such chunks would never see another record, so it is emptied.
    ///
    /// # Errors
    ///
    /// [`RingError::Corrupt`] if the producer's position cannot be.
    pub fn release_all(&mut self) -> Result<u64, RingError> {
        self.refresh()?;
        let held = self.held();
        self.release_to(self.published);
        Ok(held)
    }

    /// Looks at the producer: bytes handed over and not released.
    ///
    /// # Errors
    ///
    /// [`RingError::Corrupt`] if the producer's position cannot be.
    pub fn look(&mut self) -> Result<u64, RingError> {
        self.refresh()?;
        Ok(self.held())
    }

    /// Bytes handed over and not released, as of the last look at the producer.
    pub const fn held(&self) -> u64 {
        self.published.wrapping_sub(self.released)
    }

    /// Reads the producer's word once and takes it over if it is possible.
    fn refresh(&mut self) -> Result<(), RingError> {
        // Acquire: pairs with the producer's release store, so that the bytes before the position
        // are seen with it.
        let producer = self.memory.producer().load(Ordering::Acquire);
        let held = producer.wrapping_sub(self.released);
        if held < self.held() || held > self.memory.data_len() {
            return Err(RingError::Corrupt {
                ours: self.released,
                theirs: producer,
            });
        }
        self.published = producer;
        Ok(())
    }

    /// Whether `range` lies between the two positions.
    #[inline]
    fn check(&self, range: SpanRange) -> Result<(), RingError> {
        let held = self.held();
        let ahead = range.position.wrapping_sub(self.released);
        if ahead > u64::MAX / 2 {
            // More than half the circle ahead is behind.
            return Err(RingError::Stale);
        }
        if ahead > held || u64::from(range.length) > held - ahead {
            return Err(RingError::Beyond);
        }
        Ok(())
    }

    fn release_to(&mut self, position: u64) {
        self.released = position;
        // Release: our copies out of the span are done before the producer may write it again.
        self.memory.consumer().store(position, Ordering::Release);
    }
}
