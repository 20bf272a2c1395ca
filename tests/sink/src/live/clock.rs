//! The real-time clock as the kernel's time stamps have it, but one that never goes back.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Real time at the start, and the monotonic clock from there on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
    epoch_ns: u64,
}

impl Clock {
    pub(super) fn new() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let epoch_ns = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
        Self {
            start: Instant::now(),
            epoch_ns,
        }
    }

    /// Nanoseconds since 1970.
    pub(super) fn now_ns(self) -> u64 {
        let passed = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.epoch_ns.saturating_add(passed)
    }
}
