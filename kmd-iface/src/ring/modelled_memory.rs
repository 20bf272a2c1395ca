//! The ring's memory under the model checker: the same face as `memory`, and behind it words and blocks
//! that the checker watches. Which bytes go where is not modelled, that is what the tests are for; here a
//! block has one value, and a read that nothing orders behind its write fails the model.

use core::array;
use core::ptr::NonNull;

use loom::cell::UnsafeCell;
use loom::sync::atomic::AtomicU64;

use super::{MapError, PAGE, RTP_DATAGRAM, RTP_HEADER, TS_HEADER, TS_PACKET};

/// Blocks of the span, a page long in all.
const BLOCKS: usize = 4;

/// Bytes of one. Positions and lengths of a model are multiples of it.
pub(super) const BLOCK: usize = PAGE as usize / BLOCKS;

/// What both ends map.
#[derive(Debug)]
pub(super) struct Shared {
    producer: AtomicU64,
    consumer: AtomicU64,
    stamp: AtomicU64,
    blocks: [UnsafeCell<u8>; BLOCKS],
}

impl Shared {
    /// Memory in which something was before.
    pub(super) fn new() -> Self {
        Self {
            producer: AtomicU64::new(u64::MAX),
            consumer: AtomicU64::new(0),
            stamp: AtomicU64::new(0),
            blocks: array::from_fn(|_| UnsafeCell::new(0)),
        }
    }
}

/// One end's view.
#[derive(Debug)]
pub(super) struct Memory(NonNull<Shared>);

// SAFETY: what it points to may be reached by several threads; that is what the checker watches.
unsafe impl Send for Memory {}

impl Memory {
    /// # Errors
    ///
    /// As the other memory's, of which only the null pointer is left.
    ///
    /// # Safety
    ///
    /// `base` is a [`Shared`] that lives as long as the value.
    pub(super) unsafe fn new(
        base: *mut u8,
        _control_len: u32,
        _data_len: u32,
    ) -> Result<Self, MapError> {
        NonNull::new(base.cast()).map(Self).ok_or(MapError::Null)
    }

    /// Which instruction loads is not modelled.
    pub(super) fn stream(&mut self) {}

    fn shared(&self) -> &Shared {
        // SAFETY: the promise made to `new`.
        unsafe { self.0.as_ref() }
    }

    pub(super) const fn data_len(&self) -> u64 {
        PAGE as u64
    }

    pub(super) fn producer(&self) -> &AtomicU64 {
        &self.shared().producer
    }

    pub(super) fn consumer(&self) -> &AtomicU64 {
        &self.shared().consumer
    }

    pub(super) fn stamp(&self) -> &AtomicU64 {
        &self.shared().stamp
    }

    /// The blocks of `length` bytes from `position` on.
    fn blocks(&self, position: u64, length: usize) -> impl Iterator<Item = &UnsafeCell<u8>> {
        let first = (position % PAGE as u64) as usize / BLOCK;
        (first..first + length / BLOCK).map(|block| &self.shared().blocks[block % BLOCKS])
    }

    /// # Safety
    ///
    /// None: what must hold is what the checker checks.
    pub(super) unsafe fn read(&self, position: u64, out: &mut [u8]) {
        for (block, out) in self
            .blocks(position, out.len())
            .zip(out.chunks_exact_mut(BLOCK))
        {
            // SAFETY: the checker fails the model if somebody may write it now.
            let value = block.with(|value| unsafe { value.read() });
            out.fill(value);
        }
    }

    /// # Safety
    ///
    /// As [`read`](Self::read).
    pub(super) unsafe fn write(&self, position: u64, bytes: &[u8]) {
        for (block, bytes) in self
            .blocks(position, bytes.len())
            .zip(bytes.chunks_exact(BLOCK))
        {
            // SAFETY: the checker fails the model if somebody may read or write it now.
            block.with_mut(|value| unsafe { value.write(bytes[0]) });
        }
    }

    /// # Safety
    ///
    /// None: no model copies packets, whose ways into the memory are those of [`read`](Self::read).
    pub(super) unsafe fn read_packets(
        &self,
        _: u64,
        _: &mut [[u8; TS_PACKET]],
        _: impl FnMut() -> [u8; TS_HEADER],
    ) {
        unreachable!("the models copy blocks");
    }

    /// # Safety
    ///
    /// As [`read_packets`](Self::read_packets).
    pub(super) unsafe fn read_datagrams(
        &self,
        _: u64,
        _: &mut [[u8; RTP_DATAGRAM]],
        _: impl FnMut() -> [u8; RTP_HEADER],
        _: impl FnMut() -> [u8; TS_HEADER],
    ) {
        unreachable!("the models copy blocks");
    }
}
