//! What the process has open: threads and handles. On Linux a handle is a file descriptor.

use core::time::Duration;
use std::collections::BTreeMap;
use std::time::Instant;

use crate::ledger;
use crate::log::Violation;
use crate::sys::process as sys;

/// How long a thread that was joined may still be listed: the system wakes the one that joins
/// before it takes the thread off its list.
const EXIT_GRACE: Duration = Duration::from_secs(1);

/// No process is without threads, nor without handles: a list that could not be had must not look
/// like one without leaks.
const NO_THREADS: &str = "thread list is empty: the system did not tell";

/// A thread, told apart from a later one with the same number by the time of its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadIdentity {
    pub(crate) id: u32,
    /// In units of the system.
    pub(crate) started: u64,
}

/// Bytes of memory that the process has resident; `None` if the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    sys::resident_bytes()
}

/// What a breach of DDI-13 says of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A thread is left.
    Thread,
    /// A handle is left.
    Handle,
}

impl Left {
    /// `None` for every other breach.
    pub fn of(violation: &Violation) -> Option<Self> {
        let what = violation.text.split(' ').next();
        match what.filter(|_| violation.requirement == "DDI-13") {
            Some("thread") => Some(Self::Thread),
            Some(sys::HANDLE) => Some(Self::Handle),
            _ => None,
        }
    }
}

/// The threads and handles of the process at one time.
#[derive(Clone, Debug)]
pub struct Census {
    threads: Vec<ThreadIdentity>,
    /// Number and kind.
    handles: BTreeMap<usize, String>,
}

impl Census {
    /// Counts now.
    pub fn take() -> Self {
        sys::settle();
        Self {
            threads: sys::threads(),
            handles: sys::handles(),
        }
    }

    /// Breaches of DDI-13: threads that are neither of this census nor the program's own. It waits
    /// up to a second for one that is just ending.
    pub fn leaked_threads(&self) -> Vec<Violation> {
        let deadline = Instant::now() + EXIT_GRACE;
        loop {
            let leaked = self.new_threads();
            if leaked.is_empty() || Instant::now() >= deadline {
                return leaked;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Breaches of DDI-13: handles that are not of this census. Of the program's own, such as
    /// those of an emulated sink, it knows nothing: close them first.
    pub fn leaked_handles(&self) -> Vec<Violation> {
        self.new_handles(|_| true)
    }

    /// As [`Census::leaked_handles`], but only of the kinds that nobody but a driver has here.
    pub(crate) fn leaked_events(&self) -> Vec<Violation> {
        self.new_handles(sys::is_drivers)
    }

    /// How many threads there are.
    pub fn thread_count(&self) -> usize {
        self.threads.len()
    }

    /// How many handles there are.
    pub fn handle_count(&self) -> usize {
        self.handles.len()
    }

    fn new_threads(&self) -> Vec<Violation> {
        let threads = sys::threads();
        if threads.is_empty() {
            return vec![Violation::new("DDI-13", NO_THREADS)];
        }
        threads
            .into_iter()
            .filter(|thread| !self.threads.contains(thread))
            .filter(|thread| !ledger::is_program_thread(*thread))
            .map(|thread| Violation::new("DDI-13", format!("thread {} is left", thread.id)))
            .collect()
    }

    fn new_handles(&self, counts: impl Fn(&str) -> bool) -> Vec<Violation> {
        let handles = sys::handles();
        if handles.is_empty() {
            let text = format!("{} list is empty: the system did not tell", sys::HANDLE);
            return vec![Violation::new("DDI-13", text)];
        }
        handles
            .into_iter()
            .filter(|(number, kind)| self.handles.get(number) != Some(kind))
            .filter(|(_, kind)| counts(kind))
            .map(|(number, kind)| {
                let text = format!("{} {number}, {kind}, is left", sys::HANDLE);
                Violation::new("DDI-13", text)
            })
            .collect()
    }
}
