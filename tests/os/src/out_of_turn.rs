//! Calls that keep no order: a Windows that has bugs, or one that is in a greater hurry than its
//! documentation says.
//!
//! They are made on the calling thread, whatever entry point is on the stack of another one, before a
//! session and after the end of the context. Of the rules only those are kept that memory hangs on: no
//! notice is on its way once it was declined, and the driver stays loaded as long as the device is there.

use crate::abi::{MIRACAST_DATARATE_STATS, NtStatus};
use crate::device::Device;

impl Device {
    /// What the driver gave out for the context, which means no other after Destroy.
    pub fn token(&self) -> usize {
        self.state.context().addr()
    }

    /// `HandleKernelModeMessage` now, with room for `room` bytes of a reply, contrary to DDI-40. Returns
    /// the driver's status. The context is whatever the driver gave out, also after Destroy.
    pub fn message_out_of_turn(&self, input: &[u8], room: usize) -> NtStatus {
        let (status, output, returned) = self.state.handle_kernel_mode_message(input, room);
        if returned > output.len() {
            let text =
                format!("HandleKernelModeMessage returned {returned} bytes in a buffer of {room}");
            self.state.log.violation("SAL", text);
        }
        status
    }

    /// A data-rate notice now, beside others on other threads, also within Start and Stop. False if the
    /// driver has no registration, or has had its last notice, the one without statistics (DDI-47).
    pub fn notice_out_of_turn(&self, stats: Option<MIRACAST_DATARATE_STATS>) -> bool {
        self.state.rates.notify_now(stats)
    }
}
