//! What the process has open: threads and descriptors, as /proc tells.

use core::time::Duration;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::ledger;
use crate::log::Violation;

/// How long a thread that was joined may still be listed: the kernel wakes the one that joins
/// before it takes the thread off its list.
const EXIT_GRACE: Duration = Duration::from_secs(1);

/// A thread, told apart from a later one with the same number by the time of its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadIdentity {
    id: u32,
    /// In clock ticks since boot.
    started: u64,
}

impl ThreadIdentity {
    pub(crate) fn current() -> Option<Self> {
        // The link is "PID/task/TID".
        let link = fs::read_link("/proc/thread-self").ok()?;
        Self::of(link.file_name()?.to_str()?.parse().ok()?)
    }

    fn of(id: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/self/task/{id}/stat")).ok()?;
        // proc(5): the name is in brackets and may hold anything; field 22 is the start, and the
        // first field after the name is number 3.
        let (_, fields) = stat.rsplit_once(") ")?;
        let started = fields.split(' ').nth(22 - 3)?.parse().ok()?;
        Some(Self { id, started })
    }
}

/// The threads and descriptors of the process at one time.
#[derive(Clone, Debug)]
pub struct Census {
    threads: Vec<ThreadIdentity>,
    /// Number and target, such as `socket:[4711]`.
    descriptors: BTreeMap<u32, String>,
}

impl Census {
    /// Counts now.
    pub fn take() -> Self {
        Self {
            threads: numbers("/proc/self/task")
                .into_iter()
                .filter_map(ThreadIdentity::of)
                .collect(),
            descriptors: descriptors(),
        }
    }

    /// Breaches of DDI-13: threads that are neither of this census nor the program's own. It waits
    /// up to a second for one that is just ending.
    pub fn leaked_threads(&self) -> Vec<Violation> {
        let deadline = Instant::now() + EXIT_GRACE;
        loop {
            let leaked = self.new_threads();
            if leaked.is_empty() || Instant::now() >= deadline {
                return leaked
                    .iter()
                    .map(|id| Violation::new("DDI-13", format!("thread {id} is left")))
                    .collect();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Breaches of DDI-13: descriptors that are not of this census. Of the program's own, such as
    /// those of an emulated sink, it knows nothing: close them first.
    pub fn leaked_descriptors(&self) -> Vec<Violation> {
        self.new_descriptors(|_| true)
    }

    /// As [`Census::leaked_descriptors`], but only of the kinds that nobody but a driver has here:
    /// events, timers and their collections. Sockets may be an emulated sink's.
    pub(crate) fn leaked_events(&self) -> Vec<Violation> {
        self.new_descriptors(|target| target.starts_with("anon_inode:"))
    }

    fn new_threads(&self) -> Vec<u32> {
        numbers("/proc/self/task")
            .into_iter()
            .filter_map(ThreadIdentity::of)
            .filter(|thread| !self.threads.contains(thread))
            .filter(|thread| !ledger::is_program_thread(*thread))
            .map(|thread| thread.id)
            .collect()
    }

    fn new_descriptors(&self, counts: impl Fn(&str) -> bool) -> Vec<Violation> {
        descriptors()
            .into_iter()
            .filter(|(number, target)| self.descriptors.get(number) != Some(target))
            .filter(|(_, target)| counts(target))
            .map(|(number, target)| {
                Violation::new("DDI-13", format!("descriptor {number}, {target}, is left"))
            })
            .collect()
    }
}

/// What a descriptor refers to; `None` if it is closed.
pub(crate) fn target(descriptor: i32) -> Option<String> {
    let target = fs::read_link(format!("/proc/self/fd/{descriptor}")).ok()?;
    Some(target.to_string_lossy().into_owned())
}

fn descriptors() -> BTreeMap<u32, String> {
    numbers("/proc/self/fd")
        .into_iter()
        // The descriptor of the listing itself is closed by now and drops out here.
        .filter_map(|number| Some((number, target(number.cast_signed())?)))
        .collect()
}

fn numbers(directory: impl AsRef<Path>) -> Vec<u32> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}
