//! The counters of threads and handles can fail: one of each, left by nobody but the test.

use std::sync::mpsc::channel;

use miracast_os::ledger;
use miracast_os::process::{Census, Left};
use miracast_umd::os::{Event, Timer};

#[test]
fn one_thread_that_nobody_vouches_for_is_seen() {
    let _alone = ledger::alone();
    let census = Census::take();
    let (end, ended) = channel::<()>();
    let thread = std::thread::spawn(move || ended.recv().is_err());
    let leaks = census.leaked_threads();
    assert_eq!(
        leaks.iter().map(Left::of).collect::<Vec<_>>(),
        [Some(Left::Thread)]
    );
    drop(end);
    assert!(thread.join().expect("no panic"));
    assert_eq!(census.leaked_threads(), []);
}

#[test]
fn one_event_and_one_timer_are_seen() {
    let _alone = ledger::alone();
    let census = Census::take();
    let (event, timer) = (
        Event::new().expect("an event"),
        Timer::new().expect("a timer"),
    );
    let leaks = census.leaked_handles();
    assert_eq!(
        leaks.iter().map(Left::of).collect::<Vec<_>>(),
        [Some(Left::Handle); 2]
    );
    drop(event);
    assert_eq!(census.leaked_handles().len(), 1);
    drop(timer);
    assert_eq!(census.leaked_handles(), []);
}
