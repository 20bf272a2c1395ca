//! The ring's memory: the driver's end, and what only a simulation does with it.

use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering};

use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{CONSUMER_OFFSET, Consumer, MapError, PRODUCER_OFFSET};
use miracast_miniport::ring::RingAddress;

/// What released bytes become: no byte of a picture may be read after it was given back.
const POISON: u8 = 0xDB;

/// Maps the ring that the miniport has opened, as the DLL does.
pub(crate) fn map(opened: &StreamOpened) -> Result<Consumer, MapError> {
    let base = ptr::with_exposed_provenance_mut(opened.ring_base as usize);
    // SAFETY: if the checks pass the memory is that of the emulator's ring, which lives until
    // STREAM_CLOSE; the engine drops this end before it sends that. There is one consumer.
    let ring = unsafe { Consumer::map(base, opened.control_len, opened.data_len) }?;
    Ok(ring.with_attributes(opened.attributes))
}

/// The control words of a ring whose stream is held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Control(RingAddress);

impl Control {
    /// Those of the ring at `address`, which stays there for as long as the value is used.
    pub(crate) fn of(address: RingAddress) -> Self {
        Self(address)
    }

    fn word(&self, offset: usize) -> &AtomicU64 {
        let base: *mut u8 = ptr::with_exposed_provenance_mut(self.0.base as usize);
        let word = base.wrapping_add(offset).cast();
        // SAFETY: the word lies in the control page of a ring that is alive (the promise of `of`), is
        // aligned, and is only ever reached by atomic operations.
        unsafe { AtomicU64::from_ptr(word) }
    }

    /// Where the miniport says that it is.
    pub(crate) fn producer(&self) -> u64 {
        self.word(PRODUCER_OFFSET).load(Ordering::Acquire)
    }

    /// A miniport with a bug says that it is elsewhere.
    pub(crate) fn lie(&self, position: u64) {
        self.word(PRODUCER_OFFSET)
            .store(position, Ordering::Release);
    }

    /// Where the driver says that it is.
    pub(crate) fn consumer(&self) -> u64 {
        self.word(CONSUMER_OFFSET).load(Ordering::Acquire)
    }

    /// Bytes of the data span.
    pub(crate) fn data_len(&self) -> u64 {
        self.0.data_len.into()
    }

    /// Overwrites the bytes from one position to another, at most the whole span.
    pub(crate) fn poison(&self, from: u64, to: u64) {
        let length = u64::from(self.0.data_len);
        let (start, count) = (from % length, to.saturating_sub(from).min(length));
        let to_the_end = count.min(length - start);
        self.overwrite(start, to_the_end);
        self.overwrite(0, count - to_the_end);
    }

    /// Overwrites so many bytes of the data span, all of which lie in it.
    fn overwrite(&self, start: u64, count: u64) {
        let data = self.0.base + u64::from(self.0.control_len);
        let bytes: *mut u8 = ptr::with_exposed_provenance_mut((data + start) as usize);
        // SAFETY: the bytes lie in the data span of a ring that is alive (the promise of `of`). One thread
        // runs the simulation, so nobody reads or writes them meanwhile.
        unsafe { bytes.write_bytes(POISON, count as usize) };
    }
}
