//! The ring and its memory: whole pages, as the miniport would map them into the driver's process.
//! Here they are ordinary memory of that process.

use core::cell::UnsafeCell;

use miracast_kmd_iface::ring::{MapError, PAGE, Producer};

/// Where the ring of a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingAddress {
    /// Address of the control page in this process.
    pub base: u64,
    /// Bytes from the base to the data span.
    pub control_len: u32,
    /// Bytes of the data span.
    pub data_len: u32,
}

/// One page. Two parties write to it through pointers, hence the cell.
#[repr(C, align(4096))]
struct Page(UnsafeCell<[u8; PAGE as usize]>);

// SAFETY: the bytes are reached through the ring's ends only, which order their accesses.
unsafe impl Sync for Page {}

const _: () = assert!(size_of::<Page>() == PAGE as usize && align_of::<Page>() == PAGE as usize);

/// A ring: the producer's end, and the memory that the driver is told of.
///
/// The driver maps the other end by [`Self::address`], at its own risk: STREAM_OPEN's contract says
/// how long the memory is there.
pub(crate) struct Ring {
    /// Before the memory that it points into: fields are dropped in this order.
    producer: Producer,
    /// A control page and the pages of the data span.
    pages: Box<[Page]>,
}

impl Ring {
    /// An empty ring whose data span has `data_len` bytes.
    ///
    /// # Errors
    /// The length is not a power of two, under a page, or too long for a ring.
    pub(crate) fn new(data_len: u32) -> Result<Self, MapError> {
        if !data_len.is_power_of_two() || data_len < PAGE {
            return Err(MapError::DataLength(data_len));
        }
        let count = 1 + (data_len / PAGE) as usize;
        let page = || Page(UnsafeCell::new([0; PAGE as usize]));
        let pages: Box<[Page]> = core::iter::repeat_with(page).take(count).collect();
        let base = pages.as_ptr().cast_mut().cast();
        // SAFETY: the pages are valid for both lengths, may be written through a pointer, do not
        // move with the box, and outlive the producer; there is no other one. The driver's end is
        // a consumer, or breaks the promise that it gave itself.
        let producer = unsafe { Producer::map(base, PAGE, data_len) }?;
        Ok(Self { producer, pages })
    }

    /// What the driver is told.
    pub(crate) fn address(&self) -> RingAddress {
        RingAddress {
            base: self.pages.as_ptr().expose_provenance() as u64,
            control_len: PAGE,
            data_len: (self.pages.len() as u32 - 1) * PAGE,
        }
    }

    /// The end that writes.
    pub(crate) fn producer(&mut self) -> &mut Producer {
        &mut self.producer
    }
}

/// The driver's end, for tests. The ring at `address` must be alive, or the address impossible.
#[cfg(test)]
pub(crate) fn driver_end(
    address: RingAddress,
) -> Result<miracast_kmd_iface::ring::Consumer, MapError> {
    let base = core::ptr::with_exposed_provenance_mut(address.base as usize);
    // SAFETY: if the checks pass the memory is that of a `Ring`, which every test keeps for longer
    // than this end; a test has one of them.
    unsafe { miracast_kmd_iface::ring::Consumer::map(base, address.control_len, address.data_len) }
}

/// What a driver with bugs can do to the ring at `address`, which must be alive: write its position.
#[cfg(test)]
pub(crate) fn write_driver_position(address: RingAddress, position: u64) {
    use core::sync::atomic::{AtomicU64, Ordering};
    use miracast_kmd_iface::ring::CONSUMER_OFFSET;

    let base: *mut u8 = core::ptr::with_exposed_provenance_mut(address.base as usize);
    let word = base.wrapping_add(CONSUMER_OFFSET).cast();
    // SAFETY: the word lies in the control page of a `Ring` that is alive, is aligned, and is only
    // ever reached by atomic operations.
    let word = unsafe { AtomicU64::from_ptr(word) };
    word.store(position, Ordering::Release);
}
