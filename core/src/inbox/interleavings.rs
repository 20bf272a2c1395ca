//! The inbox under the model checker: two threads leave something while the owner takes.

use super::{Bell, Inbox};
use crate::sync::Ordering;
use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use loom::thread;
use std::vec::Vec;

/// An event of the operating system. Its calls are full barriers, and so the rings are.
struct Event(AtomicBool);

impl Bell for Event {
    fn ring(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn silence(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

type Modelled = Inbox<u32, Event, 2>;

fn shared() -> Arc<Modelled> {
    Arc::new(Inbox::new(Event(AtomicBool::new(false))))
}

/// One turn of the owner: only if the bell rings, as a wait would end.
fn turn(inbox: &Modelled, taken: &mut Vec<u32>) {
    if inbox.bell().0.load(Ordering::SeqCst) {
        inbox.silence();
        while let Some(item) = inbox.pop() {
            taken.push(item);
        }
    }
}

#[test]
fn nothing_is_left_behind_unheard() {
    loom::model(|| {
        let inbox = shared();
        let messages = Arc::clone(&inbox);
        let messages = thread::spawn(move || {
            messages.push(1).unwrap();
            messages.push(2).unwrap();
        });
        let rates = Arc::clone(&inbox);
        let rates = thread::spawn(move || rates.put_latest(9));
        let mut taken = Vec::new();
        turn(&inbox, &mut taken);
        messages.join().unwrap();
        rates.join().unwrap();
        turn(&inbox, &mut taken);
        assert!(!inbox.bell().0.load(Ordering::SeqCst));
        assert_eq!(inbox.pop(), None, "left behind in silence");
        let queued: Vec<_> = taken.iter().copied().filter(|item| *item != 9).collect();
        assert_eq!(queued, [1, 2]);
        assert_eq!(taken.len(), 3);
    });
}

#[test]
fn who_hears_the_wish_to_stop_sees_what_was_done_before_it() {
    loom::model(|| {
        let inbox = shared();
        let done = Arc::new(AtomicBool::new(false));
        let (asks, before) = (Arc::clone(&inbox), Arc::clone(&done));
        let asks = thread::spawn(move || {
            before.store(true, Ordering::Relaxed);
            asks.ask_to_stop();
        });
        // The owner silences the bell before it looks: what rings for the wish must not be taken for less.
        turn(&inbox, &mut Vec::new());
        let leaves = inbox.stopping();
        if leaves {
            assert!(done.load(Ordering::Relaxed));
        }
        asks.join().unwrap();
        assert!(inbox.stopping());
        let rings = inbox.bell().0.load(Ordering::SeqCst);
        assert!(leaves || rings, "asleep for ever");
    });
}
