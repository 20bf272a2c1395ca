//! What other threads leave for the one that owns a session: a bounded queue behind a spin lock, and a
//! bell.
//!
//! The bell is the event that the owner waits for; how it rings is the host's matter. It is rung after
//! something was left and silenced before anything is taken: nothing stays behind unheard, and a ring
//! without anything behind it does no harm.

use crate::sync::{AtomicBool, Mutex, Ordering};
use heapless::Deque;

/// What wakes the owner.
pub trait Bell {
    /// From here on a wait for the bell ends at once.
    fn ring(&self);

    /// From here on a wait for the bell lasts until it rings again.
    fn silence(&self);
}

/// The inbox is full: its owner has not come for very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl core::fmt::Display for Full {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the inbox is full")
    }
}

impl core::error::Error for Full {}

/// What waits for the owner.
#[derive(Debug)]
struct Waiting<T, const N: usize> {
    /// In order.
    queue: Deque<T, N>,
    /// Has a place of its own, so that it never takes one in the queue.
    latest: Option<T>,
}

/// A queue of `N`, the wish to stop, and the bell that tells of both.
#[derive(Debug)]
pub struct Inbox<T, B, const N: usize> {
    waiting: Mutex<Waiting<T, N>>,
    bell: B,
    stopping: AtomicBool,
}

impl<T, B: Bell, const N: usize> Inbox<T, B, N> {
    /// An empty inbox.
    pub fn new(bell: B) -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                queue: Deque::new(),
                latest: None,
            }),
            bell,
            stopping: AtomicBool::new(false),
        }
    }

    /// What the owner waits for.
    pub const fn bell(&self) -> &B {
        &self.bell
    }

    /// Leaves something in the queue. Nothing but the queue is touched under the lock.
    ///
    /// # Errors
    /// [`Full`]; nothing was left, and the bell did not ring.
    pub fn push(&self, item: T) -> Result<(), Full> {
        let pushed = self.waiting.lock().queue.push_back(item);
        if pushed.is_err() {
            return Err(Full);
        }
        self.bell.ring();
        Ok(())
    }

    /// Leaves what makes the one before meaningless: it takes its place if that was not taken yet.
    pub fn put_latest(&self, item: T) {
        self.waiting.lock().latest = Some(item);
        self.bell.ring();
    }

    /// Silences the bell; what comes afterwards rings again. Before the first [`Self::pop`], so
    /// that nothing is left behind unheard.
    pub fn silence(&self) {
        self.bell.silence();
    }

    /// Takes the oldest of the queue, or else the latest of what replaces itself.
    pub fn pop(&self) -> Option<T> {
        let mut waiting = self.waiting.lock();
        waiting.queue.pop_front().or_else(|| waiting.latest.take())
    }

    /// Asks the owner to leave.
    pub fn ask_to_stop(&self) {
        // Release: pairs with the acquire in `stopping`.
        self.stopping.store(true, Ordering::Release);
        self.bell.ring();
    }

    /// Whether the owner is to leave.
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Empties the inbox between two sessions.
    pub fn reset(&self) {
        let mut waiting = self.waiting.lock();
        waiting.queue.clear();
        waiting.latest = None;
        drop(waiting);
        self.stopping.store(false, Ordering::Release);
        self.bell.silence();
    }
}

#[cfg(all(test, loom))]
mod interleavings;
#[cfg(all(test, not(loom)))]
mod tests;
