//! What a link is like.

use core::time::Duration;

/// What a link is like. Shares are in a million. The default is a link that takes no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Least time on the air.
    pub delay: Duration,
    /// Most that is added to it. The order stays.
    pub jitter: Duration,
    /// Lost on the air, each by itself.
    pub loss: u32,
    /// Come twice.
    pub duplicates: u32,
    /// Stay on the air for [`Conditions::late_by`] more, and are overtaken meanwhile.
    pub late: u32,
    /// See [`Conditions::late`].
    pub late_by: Duration,
    /// How fast the queue is served; `None` at once.
    pub bandwidth: Option<Bandwidth>,
    /// Nothing is served: what is sent waits, as far as the queue has room.
    pub outage: bool,
}

impl Conditions {
    /// Only a delay with jitter.
    pub const fn delayed(delay: Duration, jitter: Duration) -> Self {
        Self {
            delay,
            jitter,
            loss: 0,
            duplicates: 0,
            late: 0,
            late_by: Duration::ZERO,
            bandwidth: None,
            outage: false,
        }
    }
}

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth {
    /// Bits a second that come into the bucket; not 0.
    pub rate: u64,
    /// Bytes that the bucket holds: what may leave at once after a rest.
    pub burst: u32,
}
