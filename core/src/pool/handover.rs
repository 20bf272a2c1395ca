//! Who takes a context apart when its worker cannot be joined in time: exactly one of the two threads
//! that may find out about it.

use crate::sync::{AtomicU8, Ordering};

/// The agreement between the worker and the thread inside Stop.
///
/// It says who owns the context; what that means for the slot, [`Pool`](super::Pool) is told by
/// whoever it is.
#[derive(Debug)]
pub struct Handover(AtomicU8);

const WORKS: u8 = 0;
const LEFT: u8 = 1;
const ABANDONED: u8 = 2;

impl Handover {
    /// The worker works, or there is none.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self(AtomicU8::new(WORKS))
    }

    /// The worker works, or there is none. The words of the model checker are no constants.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self(AtomicU8::new(WORKS))
    }

    /// Before the worker starts.
    pub fn reset(&self) {
        self.0.store(WORKS, Ordering::Release);
    }

    /// The worker is about to end. True if it was abandoned, and the context is now its own.
    pub fn worker_leaves(&self) -> bool {
        // AcqRel: what either side did to the context happened before the other takes it over.
        self.0.swap(LEFT, Ordering::AcqRel) == ABANDONED
    }

    /// Stop gives up waiting. False if the worker has left meanwhile, and can be joined.
    pub fn abandon(&self) -> bool {
        self.0
            .compare_exchange(WORKS, ABANDONED, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Whether Stop has given up. The worker must not call Windows any more, and the RTSP socket is
    /// not ours any more.
    pub fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::Acquire) == ABANDONED
    }
}

impl Default for Handover {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Handover;

    #[test]
    fn whoever_comes_second_knows() {
        let worker_first = Handover::new();
        assert!(!worker_first.worker_leaves());
        assert!(!worker_first.abandon());
        assert!(!worker_first.is_abandoned());

        let stop_first = Handover::new();
        assert!(stop_first.abandon());
        assert!(stop_first.is_abandoned());
        assert!(stop_first.worker_leaves());
    }

    #[test]
    fn exactly_one_of_two_threads_gets_the_context() {
        for _ in 0..1000 {
            let handover = Handover::new();
            let (leaves, abandoned) = std::thread::scope(|scope| {
                let worker = scope.spawn(|| handover.worker_leaves());
                let stop = scope.spawn(|| handover.abandon());
                (worker.join().unwrap(), stop.join().unwrap())
            });
            assert_eq!(
                leaves, abandoned,
                "Stop abandons it, and then the worker takes it"
            );
        }
    }
}
