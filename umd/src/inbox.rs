//! What other threads leave for the worker: a bounded queue behind a spin lock, and a bell.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use heapless::Deque;
use spin::Mutex;

use crate::engine::Notice;
use crate::limits;
use crate::os::{Event, OsError, RawHandle};

/// The inbox is full: the worker has not come for very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// The queue of notices, the wish to stop, and the event that tells of both.
#[derive(Debug)]
pub(crate) struct Inbox {
    notices: Mutex<Deque<Notice, { limits::INBOX_MAX }>>,
    bell: Event,
    stopping: AtomicBool,
    /// Notices that found the queue full.
    refused: AtomicU32,
}

impl Inbox {
    /// An empty inbox with an event of its own.
    pub(crate) fn new() -> Result<Self, OsError> {
        Ok(Self {
            notices: Mutex::new(Deque::new()),
            bell: Event::new()?,
            stopping: AtomicBool::new(false),
            refused: AtomicU32::new(0),
        })
    }

    /// What the worker waits for.
    pub(crate) fn bell(&self) -> RawHandle {
        self.bell.raw()
    }

    /// Leaves a notice. Nothing but the queue is touched under the lock.
    pub(crate) fn push(&self, notice: Notice) -> Result<(), Full> {
        let pushed = self.notices.lock().push_back(notice);
        if pushed.is_err() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Full);
        }
        self.bell.set();
        Ok(())
    }

    /// Silences the bell; what comes afterwards rings again. Before the first [`Self::pop`], so
    /// that nothing is left behind unheard.
    pub(crate) fn silence(&self) {
        self.bell.clear();
    }

    /// Takes the oldest notice.
    pub(crate) fn pop(&self) -> Option<Notice> {
        self.notices.lock().pop_front()
    }

    /// Asks the worker to leave.
    pub(crate) fn ask_to_stop(&self) {
        // Release: pairs with the acquire in `stopping`.
        self.stopping.store(true, Ordering::Release);
        self.bell.set();
    }

    /// Whether the worker is to leave.
    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Empties the inbox between two sessions (DDI-37: what came for the old one is dropped).
    pub(crate) fn reset(&self) {
        self.notices.lock().clear();
        self.stopping.store(false, Ordering::Release);
        self.bell.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Full, Inbox};
    use crate::engine::Notice;
    use crate::limits;
    use crate::os::wait;
    use core::time::Duration;

    fn rings(inbox: &Inbox) -> bool {
        wait(&[inbox.bell()], Some(Duration::ZERO))
            .unwrap()
            .is_some()
    }

    #[test]
    fn notices_ring_and_come_out_in_order() {
        let inbox = Inbox::new().unwrap();
        assert!(!rings(&inbox));
        inbox.push(Notice::Rate(Some(1))).unwrap();
        inbox.push(Notice::Rate(None)).unwrap();
        assert!(rings(&inbox));
        inbox.silence();
        assert_eq!(inbox.pop(), Some(Notice::Rate(Some(1))));
        assert_eq!(inbox.pop(), Some(Notice::Rate(None)));
        assert_eq!(inbox.pop(), None);
        assert!(!rings(&inbox));
    }

    #[test]
    fn a_full_inbox_refuses_and_counts() {
        let inbox = Inbox::new().unwrap();
        for rate in 0..limits::INBOX_MAX as u64 {
            inbox.push(Notice::Rate(Some(rate))).unwrap();
        }
        assert_eq!(inbox.push(Notice::Rate(None)), Err(Full));
        assert_eq!(inbox.refused.load(core::sync::atomic::Ordering::Relaxed), 1);
        assert_eq!(inbox.pop(), Some(Notice::Rate(Some(0))));
    }

    #[test]
    fn the_wish_to_stop_rings_until_it_is_reset() {
        let inbox = Inbox::new().unwrap();
        inbox.ask_to_stop();
        assert!(inbox.stopping() && rings(&inbox));
        inbox.reset();
        assert!(!inbox.stopping() && !rings(&inbox));
    }
}
