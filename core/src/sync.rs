//! The primitives by which threads meet. A model checker (`cfg(loom)`, `cargo xtask test loom`) puts its
//! own in their place here and nowhere else.

#[cfg(not(loom))]
pub(crate) use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU64};
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU8, AtomicU64};
#[cfg(loom)]
pub(crate) use modelled::Mutex;
#[cfg(not(loom))]
pub(crate) use spin::Mutex;

pub(crate) use core::sync::atomic::Ordering;

#[cfg(loom)]
mod modelled {
    use loom::sync::MutexGuard;
    use std::sync::PoisonError;

    /// The checker's lock with the face of the spin lock.
    #[derive(Debug)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}
