//! Ends the program when nothing goes on any more.

use core::time::Duration;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use miracast_os::ledger;

/// How long one piece of work may take. The emulated Windows gives an entry point up after 30 s by itself
/// and a message after 5 s; what is left is a thread that waits for ever.
const LIMIT: Duration = Duration::from_mins(3);

/// The exit code of a program that was ended so.
const HUNG: i32 = 70;

/// Watches that the work goes on. Dropped, it watches no more.
#[derive(Debug)]
pub struct Watchdog {
    /// `None` while it is dropped.
    work: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Begins.
    pub fn new() -> Self {
        let (work, begun) = channel::<String>();
        let thread = ledger::spawn(move || {
            let mut current = "nothing yet".to_owned();
            loop {
                match begun.recv_timeout(LIMIT) {
                    Ok(next) => current = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        eprintln!(
                            "HUNG   nothing has gone on for {LIMIT:?}; replay with: {current}"
                        );
                        // The thread that hangs cannot be ended by itself.
                        std::process::exit(HUNG);
                    }
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
