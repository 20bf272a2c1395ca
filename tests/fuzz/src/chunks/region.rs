//! The ring's memory, between two pages that nobody may touch, and what the miniport does to it.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU64, Ordering};

use miracast_kmd_iface::ring::{
    CONSUMER_OFFSET, Consumer, DATA_LEN_MAX, MapError, PAGE, PRODUCER_OFFSET, STAMP, STAMP_OFFSET,
};

/// Bytes of a page.
const PAGE_BYTES: usize = PAGE as usize;

/// Where the ring begins: behind the page before it.
const BASE: usize = PAGE_BYTES;

/// What is in the pages around.
const AROUND: u8 = 0xC5;

/// One page. Both ends write to it through pointers, hence the cell.
#[repr(C, align(4096))]
struct Page(UnsafeCell<[u8; PAGE_BYTES]>);

/// A ring and its surroundings, and what must be in it.
pub(super) struct Region {
    pages: Box<[Page]>,
    /// The data span as the miniport has written it.
    data: Vec<u8>,
}

impl Region {
    /// A ring of this many pages of data, a power of two.
    pub(super) fn new(pages: usize) -> Self {
        let around = || Page(UnsafeCell::new([AROUND; PAGE_BYTES]));
        let region = Self {
            pages: core::iter::repeat_with(around).take(pages + 3).collect(),
            data: vec![AROUND; pages * PAGE_BYTES],
        };
        region.restart();
        region
    }

    /// The miniport makes it a ring again: both positions begin at 0.
    pub(super) fn restart(&self) {
        self.word(STAMP_OFFSET).store(STAMP, Ordering::Release);
        self.say(0);
        self.word(CONSUMER_OFFSET).store(0, Ordering::Release);
    }

    /// Bytes of the data span.
    pub(super) fn length(&self) -> u64 {
        self.data.len() as u64
    }

    /// The miniport's word.
    pub(super) fn said(&self) -> u64 {
        self.word(PRODUCER_OFFSET).load(Ordering::Acquire)
    }

    /// The miniport says that it is there.
    pub(super) fn say(&self, position: u64) {
        self.word(PRODUCER_OFFSET)
            .store(position, Ordering::Release);
    }

    /// The driver's word.
    pub(super) fn released(&self) -> u64 {
        self.word(CONSUMER_OFFSET).load(Ordering::Acquire)
    }

    /// The miniport spoils the word that is only the driver's.
    pub(super) fn spoil(&self, released: u64) {
        self.word(CONSUMER_OFFSET)
            .store(released, Ordering::Release);
    }

    /// The stamp.
    pub(super) fn stamp(&self, stamp: u64) {
        self.word(STAMP_OFFSET).store(stamp, Ordering::Release);
    }

    /// The miniport writes one byte.
    pub(super) fn write(&mut self, position: u64, byte: u8) {
        let place = (position % self.length()) as usize;
        self.data[place] = byte;
        let data = self.base().wrapping_add(PAGE_BYTES + place);
        // SAFETY: the place is in the data span, and one thread runs the target: nobody reads or
        // writes it meanwhile, and no reference to it exists.
        unsafe { data.write(byte) };
    }

    /// The bytes from a position on, as the miniport has written them.
    pub(super) fn written(&self, position: u64, length: u32) -> Vec<u8> {
        let places = (0..u64::from(length)).map(|offset| position.wrapping_add(offset));
        places
            .map(|position| self.data[(position % self.length()) as usize])
            .collect()
    }

    /// The driver's end; `None` if that would break the promise of [`Consumer::map`], because what is
    /// said passes its checks and is not there.
    pub(super) fn map(
        &self,
        offset: u16,
        control_len: u32,
        data_len: u32,
    ) -> Option<Result<Consumer, MapError>> {
        let aligned = u32::from(offset).is_multiple_of(PAGE);
        let control = control_len != 0 && control_len.is_multiple_of(PAGE);
        let data = data_len.is_power_of_two() && (PAGE..=DATA_LEN_MAX).contains(&data_len);
        let there = offset == 0 && control_len == PAGE && u64::from(data_len) <= self.length();
        if aligned && control && control_len <= 16 * PAGE && data && !there {
            return None;
        }
        let base = self.base().wrapping_add(offset.into());
        // SAFETY: what passes the checks is there, and lives as long as `self`, which the target keeps
        // for longer than the end; the target reaches the words atomically, writes no byte that is held,
        // and has one end at a time.
        Some(unsafe { Consumer::map(base, control_len, data_len) })
    }

    /// Holds the memory against what must be in it: the driver writes to its word alone.
    pub(super) fn check(&self) {
        let byte = |place: usize| {
            let byte = self.base().wrapping_add(place);
            // SAFETY: the places below are within the pages, and nobody writes them meanwhile.
            unsafe { byte.read() }
        };
        let end = PAGE_BYTES + self.data.len();
        let data = (PAGE_BYTES..end).map(byte);
        assert!(
            data.eq(self.data.iter().copied()),
            "the span was written to"
        );
        let behind = (end..end + PAGE_BYTES).map(byte);
        assert!(behind.into_iter().all(|byte| byte == AROUND));
        let words = STAMP_OFFSET + size_of::<u64>();
        assert!((words..PAGE_BYTES).map(byte).all(|byte| byte == AROUND));
    }

    fn base(&self) -> *mut u8 {
        self.pages
            .as_ptr()
            .cast_mut()
            .cast::<u8>()
            .wrapping_add(BASE)
    }

    fn word(&self, offset: usize) -> &AtomicU64 {
        let word = self.base().wrapping_add(offset).cast();
        // SAFETY: the word lies in the control page, is aligned, lives as long as `self`, and both ends
        // reach it by atomic operations only.
        unsafe { AtomicU64::from_ptr(word) }
    }
}
