//! The primitives of the pool. A model checker puts its own in their place here and nowhere else.

pub(super) use core::sync::atomic::{AtomicU64, Ordering};
