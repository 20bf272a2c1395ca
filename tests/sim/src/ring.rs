//! The driver's end of the emulated miniport's ring.

use core::ptr;

use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{Consumer, MapError};

/// Maps the ring that the miniport has opened, as the DLL does.
pub(crate) fn map(opened: &StreamOpened) -> Result<Consumer, MapError> {
    let base = ptr::with_exposed_provenance_mut(opened.ring_base as usize);
    // SAFETY: if the checks pass the memory is that of the emulator's ring, which lives until
    // STREAM_CLOSE; the engine drops this end before it sends that. There is one consumer.
    unsafe { Consumer::map(base, opened.control_len, opened.data_len) }
}
