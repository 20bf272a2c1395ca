//! One thread at a time; what several do at once is the model's.

use super::{Bell, Full, Inbox};
use core::cell::Cell;

#[derive(Default)]
struct Rings(Cell<bool>);

impl Bell for Rings {
    fn ring(&self) {
        self.0.set(true);
    }

    fn silence(&self) {
        self.0.set(false);
    }
}

fn inbox() -> Inbox<u32, Rings, 3> {
    Inbox::new(Rings::default())
}

fn rings(inbox: &Inbox<u32, Rings, 3>) -> bool {
    inbox.bell().0.get()
}

#[test]
fn what_is_left_rings_and_comes_out_in_order() {
    let inbox = inbox();
    assert!(!rings(&inbox));
    inbox.push(1).unwrap();
    inbox.push(2).unwrap();
    assert!(rings(&inbox));
    inbox.silence();
    assert_eq!(inbox.pop(), Some(1));
    assert_eq!(inbox.pop(), Some(2));
    assert_eq!(inbox.pop(), None);
    assert!(!rings(&inbox));
}

#[test]
fn only_the_latest_counts_and_it_takes_no_place() {
    let inbox = inbox();
    for item in 1..=3 {
        inbox.push(item).unwrap();
    }
    inbox.silence();
    assert_eq!(inbox.push(99), Err(Full));
    assert!(!rings(&inbox));
    inbox.put_latest(10);
    inbox.put_latest(11);
    assert!(rings(&inbox));
    for item in 1..=3 {
        assert_eq!(inbox.pop(), Some(item));
    }
    assert_eq!(inbox.pop(), Some(11));
    assert_eq!(inbox.pop(), None);
}

#[test]
fn the_wish_to_stop_rings_until_it_is_reset() {
    let inbox = inbox();
    inbox.ask_to_stop();
    assert!(inbox.stopping() && rings(&inbox));
    inbox.push(1).unwrap();
    inbox.put_latest(2);
    inbox.reset();
    assert!(!inbox.stopping() && !rings(&inbox));
    assert_eq!(inbox.pop(), None);
}
