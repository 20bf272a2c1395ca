//! Ends the program when nothing goes on any more, and says in which calls which threads are.

use core::fmt::Write as _;
use core::time::Duration;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use miracast_os::inside::inside;
use miracast_os::ledger;

/// How long one piece of work may take. The emulated Windows gives an entry point up after 30 s by itself
/// and a message after 5 s; what is left is a thread that waits for ever.
const LIMIT: Duration = Duration::from_mins(3);

/// The exit code of a program that was ended so.
const HUNG: i32 = 70;

/// Watches that the work goes on, from its first piece on. Dropped, it watches no more.
#[derive(Debug)]
pub struct Watchdog {
    /// `None` while it is dropped.
    work: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Begins.
    pub fn new() -> Self {
        Self::with(LIMIT, |told| {
            eprint!("{told}");
            // The thread that hangs cannot be ended by itself.
            std::process::exit(HUNG);
        })
    }

    /// Calls `bite` with what is to be said if a piece of work takes longer than `limit`.
    fn with(limit: Duration, bite: impl FnOnce(&str) + Send + 'static) -> Self {
        let (work, begun) = channel::<String>();
        let thread = ledger::spawn(move || {
            let Ok(mut current) = begun.recv() else {
                return;
            };
            loop {
                match begun.recv_timeout(limit) {
                    Ok(next) => current = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => return bite(&hung(limit, &current)),
                }
            }
        });
        Self {
            work: Some(work),
            thread: Some(thread),
        }
    }

    /// The next piece of work has begun; `replay` is the command that does it again.
    pub fn begin(&self, replay: &str) {
        // The watching thread ends with this value only.
        let _ = self.work.as_ref().map(|work| work.send(replay.to_owned()));
    }
}

/// What is said: a line for the work, and one for each call that has not returned.
fn hung(limit: Duration, replay: &str) -> String {
    let mut told = format!("HUNG   nothing has gone on for {limit:?}; replay with: {replay}\n");
    let calls = inside();
    for call in &calls {
        // Writing into a string does not fail.
        let _ = writeln!(told, "    {call}");
    }
    if calls.is_empty() {
        told.push_str("    no thread is in the driver: it is the emulators that hang\n");
    }
    told
}

impl Default for Watchdog {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.work = None;
        // A panic on it has been printed.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For what comes at once, on a machine that is busy with something else.
    const SOON: Duration = Duration::from_secs(30);

    /// What it says of work that takes longer than `limit`, while this thread is in a call.
    fn bitten(limit: Duration) -> String {
        let (bite, bitten) = channel();
        let _entry = ledger::enter_driver("StopMiracastSession");
        let _callback = ledger::enter_emulator("MiracastIoControl");
        let watchdog = Watchdog::with(limit, move |told| {
            bite.send(told.to_owned()).expect("a test that listens");
        });
        watchdog.begin("cargo xtask stress --seeds 3..4");
        bitten.recv_timeout(SOON).expect("a bite")
    }

    #[test]
    fn work_that_hangs_is_told_with_its_command_and_with_its_calls() {
        let told = bitten(Duration::from_millis(20));
        let first =
            "HUNG   nothing has gone on for 20ms; replay with: cargo xtask stress --seeds 3..4";
        assert_eq!(told.lines().next(), Some(first));
        let line = |call: &str| told.lines().position(|line| line.contains(call));
        let (entry, callback) = (
            line(": in StopMiracastSession for "),
            line(": in MiracastIoControl for "),
        );
        assert!(entry.is_some() && entry < callback, "{told}");
    }

    #[test]
    fn work_that_ends_is_not_bitten() {
        let (bite, bitten) = channel();
        let watchdog = Watchdog::with(SOON, move |told| {
            bite.send(told.to_owned()).expect("a test that listens");
        });
        watchdog.begin("a short one");
        watchdog.begin("another");
        drop(watchdog);
        // Its thread is gone, and with it what it would have bitten with.
        assert_eq!(bitten.recv(), Err(std::sync::mpsc::RecvError));
    }
}
