//! The calls that have not returned yet, and the thread that each is on: what is said of a program that
//! hangs.
//!
//! What it is not: it judges nothing. A driver's worker is in `GetNextChunkData` most of the time.

use core::fmt;
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::sys::process::thread_number;

static CALLS: Mutex<Vec<Inside>> = Mutex::new(Vec::new());

/// A call of the driver, or one that it made, which has not returned.
#[derive(Clone, Copy, Debug)]
pub struct Inside {
    /// The number that the system has for the thread.
    pub thread: u32,
    /// The function.
    pub call: &'static str,
    since: Instant,
}

impl Inside {
    /// How long it has been under way.
    pub fn duration(&self) -> Duration {
        self.since.elapsed()
    }
}

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { thread, call, .. } = self;
        write!(f, "thread {thread}: in {call} for {:.1?}", self.duration())
    }
}

/// Every call that is under way. Those of one thread are in order: a callback is behind the entry
/// point that it was made in.
pub fn inside() -> Vec<Inside> {
    let mut calls = calls().clone();
    calls.sort_by_key(|inside| (inside.thread, inside.since));
    calls
}

/// A call is under way for as long as this lives.
#[derive(Debug)]
pub(crate) struct Presence {
    thread: u32,
    call: &'static str,
}

impl Presence {
    /// `call` begins on this thread.
    pub(crate) fn new(call: &'static str) -> Self {
        let (thread, since) = (thread_number(), Instant::now());
        calls().push(Inside {
            thread,
            call,
            since,
        });
        Self { thread, call }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut calls = calls();
        // The last one: a thread may be in one function twice.
        let is_this = |inside: &Inside| inside.thread == self.thread && inside.call == self.call;
        if let Some(index) = calls.iter().rposition(is_this) {
            calls.remove(index);
        }
    }
}

fn calls() -> MutexGuard<'static, Vec<Inside>> {
    CALLS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{enter_driver, enter_emulator};

    fn here() -> Vec<&'static str> {
        let own = |inside: &Inside| inside.thread == thread_number();
        let calls = inside().into_iter().filter(own);
        calls.map(|inside| inside.call).collect()
    }

    #[test]
    fn a_call_is_listed_with_its_thread_until_it_returns() {
        let entry = enter_driver("an entry point");
        let callback = enter_emulator("a callback");
        let again = enter_driver("an entry point");
        assert_eq!(here(), ["an entry point", "a callback", "an entry point"]);
        assert_eq!(std::thread::spawn(here).join().unwrap(), [""; 0]);
        drop(again);
        assert_eq!(here(), ["an entry point", "a callback"]);
        drop(callback);
        drop(entry);
        assert_eq!(here(), [""; 0]);
    }

    #[test]
    fn a_call_is_told_with_its_thread_and_its_time() {
        let _entry = enter_driver("StopMiracastSession");
        let own = |inside: &Inside| inside.thread == thread_number();
        let told = inside().into_iter().find(own).unwrap().to_string();
        let start = format!("thread {}: in StopMiracastSession for ", thread_number());
        assert!(told.starts_with(&start), "{told}");
    }
}
