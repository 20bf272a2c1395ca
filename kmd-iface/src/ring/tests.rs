//! Tests of the ring: mapping, hostile words, a model, two threads.

mod hostile;
mod mapping;
mod model;
mod streaming;
mod threads;

use core::alloc::Layout;
use core::ptr::NonNull;
use core::sync::atomic::AtomicU64;
use std::alloc::{alloc_zeroed, dealloc, handle_alloc_error};

use super::{CONSUMER_OFFSET, Consumer, PAGE, PRODUCER_OFFSET, Producer, STAMP_OFFSET};
use crate::chunk::{ChunkFlags, ChunkRecord};

/// A page of control and a span of data, as a miniport would map them.
#[derive(Debug)]
struct Mapping {
    base: NonNull<u8>,
    data_len: u32,
}

// SAFETY: the memory is not bound to a thread; what is in it is reached by the ring's own rules.
unsafe impl Sync for Mapping {}

impl Mapping {
    fn new(data_len: u32) -> Self {
        let layout = Self::layout(data_len);
        // SAFETY: the layout has a size that is not 0.
        let base = unsafe { alloc_zeroed(layout) };
        let Some(base) = NonNull::new(base) else {
            handle_alloc_error(layout)
        };
        Self { base, data_len }
    }

    fn layout(data_len: u32) -> Layout {
        let page = PAGE as usize;
        Layout::from_size_align(page + data_len as usize, page).expect("a possible layout")
    }

    fn word(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: the offsets of the words are inside the control page.
        let word = unsafe { self.base.add(offset) }.cast::<u64>();
        // SAFETY: aligned, inside the mapping, and reached as an atomic by everybody.
        unsafe { AtomicU64::from_ptr(word.as_ptr()) }
    }

    fn producer_word(&self) -> &AtomicU64 {
        self.word(PRODUCER_OFFSET)
    }

    fn consumer_word(&self) -> &AtomicU64 {
        self.word(CONSUMER_OFFSET)
    }

    fn stamp(&self) -> &AtomicU64 {
        self.word(STAMP_OFFSET)
    }

    fn producer(&self) -> Producer {
        // SAFETY: the mapping is as long as this says and outlives every test's producer, of which
        // there is one.
        unsafe { Producer::map(self.base.as_ptr(), PAGE, self.data_len) }.expect("a good mapping")
    }

    fn consumer(&self) -> Consumer {
        // SAFETY: as above, for the consumer.
        unsafe { Consumer::map(self.base.as_ptr(), PAGE, self.data_len) }.expect("a stamped ring")
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with the same layout.
        unsafe { dealloc(self.base.as_ptr(), Self::layout(self.data_len)) };
    }
}

/// The record of a chunk at `position`.
const fn record(position: u64, length: u32) -> ChunkRecord {
    ChunkRecord {
        stream: 1,
        flags: ChunkFlags::empty(),
        position,
        length,
        capture_time: 0,
    }
}
