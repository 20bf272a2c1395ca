//! The ring of the miniport, filled once and handed over again for each pass.

use core::cell::UnsafeCell;

use anyhow::Context as _;
use miracast_kmd_iface::ring::{Consumer, PAGE, Producer};

/// One page. Two parties reach it through pointers, hence the cell.
#[repr(C, align(4096))]
struct Page(UnsafeCell<[u8; PAGE as usize]>);

const _: () = assert!(size_of::<Page>() == PAGE as usize && align_of::<Page>() == PAGE as usize);

/// A control page and a data span that begins with what it was filled with.
pub(crate) struct Ring {
    pages: Box<[Page]>,
    filled: u32,
}

impl core::fmt::Debug for Ring {
    /// Without the bytes.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ring")
            .field("filled", &self.filled)
            .finish_non_exhaustive()
    }
}

impl Ring {
    /// A ring that holds `bytes`.
    ///
    /// # Errors
    /// There are more of them than a ring can hold.
    pub(crate) fn holding(bytes: &[u8]) -> anyhow::Result<Self> {
        let filled = u32::try_from(bytes.len()).context("too long for a ring")?;
        let span = filled.next_power_of_two().max(PAGE);
        let page = || Page(UnsafeCell::new([0; PAGE as usize]));
        let count = 1 + (span / PAGE) as usize;
        let pages = core::iter::repeat_with(page).take(count).collect();
        let mut ring = Self { pages, filled };
        let mut producer = ring.producer()?;
        let range = producer.reserve(filled)?;
        producer.write(range, 0, bytes)?;
        Ok(ring)
    }

    /// The driver's end of the ring, to which all the bytes are handed over from position 0 on.
    /// They are not written again.
    ///
    /// # Errors
    /// The ring's memory is none.
    pub(crate) fn hand_over(&mut self) -> anyhow::Result<Consumer> {
        let mut producer = self.producer()?;
        let range = producer.reserve(self.filled)?;
        producer.publish(range)?;
        let (base, span) = self.memory();
        // SAFETY: the pages are valid for both lengths and do not move with the box. The bench keeps
        // the ring for longer than the consumer, and drops one consumer before it makes the next.
        Ok(unsafe { Consumer::map(base, PAGE, span) }?)
    }

    fn producer(&mut self) -> anyhow::Result<Producer> {
        let (base, span) = self.memory();
        // SAFETY: the pages are valid for both lengths and do not move with the box. The producer
        // does not leave this type, whose functions drop it, so there is one at a time.
        Ok(unsafe { Producer::map(base, PAGE, span) }?)
    }

    fn memory(&mut self) -> (*mut u8, u32) {
        let span = (self.pages.len() as u32 - 1) * PAGE;
        (self.pages.as_mut_ptr().cast(), span)
    }
}
