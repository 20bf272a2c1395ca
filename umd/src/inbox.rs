//! What other threads leave for the worker: a bounded queue behind a spin lock, and a bell.

use core::sync::atomic::{AtomicBool, Ordering};

use heapless::Deque;
use spin::Mutex;

use crate::engine::Notice;
use crate::limits;
use crate::os::{Event, OsError, RawHandle};

/// The inbox is full: the worker has not come for very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// What waits for the worker.
#[derive(Debug)]
struct Waiting {
    /// Messages of the miniport, in order.
    messages: Deque<Notice, { limits::INBOX_MAX }>,
    /// The latest data-rate notice. An older one says nothing any more, and must not take the
    /// place of a message.
    rate: Option<Notice>,
}

/// The queue of notices, the wish to stop, and the event that tells of both.
#[derive(Debug)]
pub(crate) struct Inbox {
    waiting: Mutex<Waiting>,
    bell: Event,
    stopping: AtomicBool,
}

impl Inbox {
    /// An empty inbox with an event of its own.
    pub(crate) fn new() -> Result<Self, OsError> {
        Ok(Self {
            waiting: Mutex::new(Waiting {
                messages: Deque::new(),
                rate: None,
            }),
            bell: Event::new()?,
            stopping: AtomicBool::new(false),
        })
    }

    /// What the worker waits for.
    pub(crate) fn bell(&self) -> RawHandle {
        self.bell.raw()
    }

    /// Leaves a message of the miniport. Nothing but the queue is touched under the lock.
    pub(crate) fn push(&self, message: Notice) -> Result<(), Full> {
        let pushed = self.waiting.lock().messages.push_back(message);
        if pushed.is_err() {
            return Err(Full);
        }
        self.bell.set();
        Ok(())
    }

    /// Leaves a data-rate notice, in place of the one before if that was not taken yet.
    pub(crate) fn set_rate(&self, recommended: Option<u64>) {
        self.waiting.lock().rate = Some(Notice::Rate(recommended));
        self.bell.set();
    }

    /// Silences the bell; what comes afterwards rings again. Before the first [`Self::pop`], so
    /// that nothing is left behind unheard.
    pub(crate) fn silence(&self) {
        self.bell.clear();
    }

    /// Takes the oldest message, or else the data-rate notice.
    pub(crate) fn pop(&self) -> Option<Notice> {
        let mut waiting = self.waiting.lock();
        waiting.messages.pop_front().or_else(|| waiting.rate.take())
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
        let mut waiting = self.waiting.lock();
        waiting.messages.clear();
        waiting.rate = None;
        drop(waiting);
        self.stopping.store(false, Ordering::Release);
        self.bell.clear();
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use miracast_kmd_iface::message::Protection;

    use super::{Full, Inbox};
    use crate::engine::Notice;
    use crate::limits;
    use crate::os::wait;

    fn rings(inbox: &Inbox) -> bool {
        wait(&[inbox.bell()], Some(Duration::ZERO))
            .unwrap()
            .is_some()
    }

    fn message(level: u32) -> Notice {
        Notice::Protection(Protection { level })
    }

    #[test]
    fn messages_ring_and_come_out_in_order() {
        let inbox = Inbox::new().unwrap();
        assert!(!rings(&inbox));
        inbox.push(message(1)).unwrap();
        inbox.push(message(2)).unwrap();
        assert!(rings(&inbox));
        inbox.silence();
        assert_eq!(inbox.pop(), Some(message(1)));
        assert_eq!(inbox.pop(), Some(message(2)));
        assert_eq!(inbox.pop(), None);
        assert!(!rings(&inbox));
    }

    #[test]
    fn only_the_latest_rate_counts_and_it_takes_no_place() {
        let inbox = Inbox::new().unwrap();
        for level in 0..limits::INBOX_MAX as u32 {
            inbox.push(message(level)).unwrap();
        }
        assert_eq!(inbox.push(message(99)), Err(Full));
        inbox.set_rate(Some(1));
        inbox.set_rate(Some(2));
        for level in 0..limits::INBOX_MAX as u32 {
            assert_eq!(inbox.pop(), Some(message(level)));
        }
        assert_eq!(inbox.pop(), Some(Notice::Rate(Some(2))));
        assert_eq!(inbox.pop(), None);
    }

    #[test]
    fn the_wish_to_stop_rings_until_it_is_reset() {
        let inbox = Inbox::new().unwrap();
        inbox.ask_to_stop();
        assert!(inbox.stopping() && rings(&inbox));
        inbox.set_rate(None);
        inbox.reset();
        assert!(!inbox.stopping() && !rings(&inbox));
        assert_eq!(inbox.pop(), None);
    }
}
