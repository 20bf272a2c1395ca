//! Whole pages for the ring. Here miniport and driver are one process: one address for both.

use core::cell::UnsafeCell;

use miracast_kmd_iface::ring::PAGE;

/// One page. Two parties write to it through pointers, hence the cell.
#[repr(C, align(4096))]
struct Page(UnsafeCell<[u8; PAGE as usize]>);

const _: () = assert!(size_of::<Page>() == PAGE as usize && align_of::<Page>() == PAGE as usize);

/// A control page and the pages of the data span.
pub(crate) struct RingMemory(Box<[Page]>);

impl RingMemory {
    /// Zeroed memory for a ring with `data_len` bytes of data, rounded up to whole pages.
    pub(crate) fn new(data_len: u32) -> Self {
        let count = 1 + data_len.div_ceil(PAGE) as usize;
        let page = || Page(UnsafeCell::new([0; PAGE as usize]));
        Self(core::iter::repeat_with(page).take(count).collect())
    }

    /// The control page.
    pub(crate) fn base(&self) -> *mut u8 {
        self.0.as_ptr().cast_mut().cast()
    }
}
