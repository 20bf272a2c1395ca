//! A network link in virtual time: everything that a link does to datagrams, from one seed.
//!
//! A [`Link`] is one direction. What is sent waits in a queue, is served at the link's rate, and is on
//! the air for a while; [`Conditions`] say how, and may change while things are on their way. Nothing
//! here knows what it carries, and nothing waits: the caller says what time it is.

#![forbid(unsafe_code)]

mod conditions;
mod link;
mod random;

use core::time::Duration;

pub use conditions::{Bandwidth, Conditions};
pub use link::{Carried, Link};
pub use random::Random;

/// Nanoseconds of the virtual clock.
pub type Nanos = u64;

/// A duration on the virtual clock.
pub fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
