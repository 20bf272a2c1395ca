//! What is written down about a driver.

use core::time::Duration;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::abi::{MIRACAST_STATUS, NtStatus};
use crate::life::Call;
use crate::statistics::Statistic;
use crate::trace::Trace;

/// Entries of one kind but statistics that are kept: more are a driver gone wild, and the first ones
/// tell why.
const ENTRIES_MAX: usize = 100_000;

/// Statistics that are kept. A session of one hour at 60 Hz has 216 000 pictures; each has up to 4
/// slices, and of each the driver tells that it is sent and, if that failed, that it is dropped:
/// 1 728 000. The rest is for its protocol events, which are few.
const STATISTICS_MAX: usize = 2_000_000;

/// A breach of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The requirement: DDI-n, or `SAL` for an annotation of the header that has no number.
    pub requirement: &'static str,
    /// What happened.
    pub text: String,
}

impl Violation {
    pub(crate) fn new(requirement: &'static str, text: impl Into<String>) -> Self {
        Self {
            requirement,
            text: text.into(),
        }
    }
}

impl core::fmt::Display for Violation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.requirement, self.text)
    }
}

/// A call of `ReportSessionStatus`.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// Why the session ended.
    pub status: MIRACAST_STATUS,
    /// What the driver wants logged.
    pub ntstatus: NtStatus,
    /// When it came.
    pub when: Instant,
}

/// How long an entry point took.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Which one.
    pub call: Call,
    /// From the call to the return.
    pub duration: Duration,
}

/// Everything that is known of one device.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    reported: Condvar,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    pub(crate) violations: Vec<Violation>,
    pub(crate) reports: Vec<Report>,
    pub(crate) statistics: Vec<Statistic>,
    pub(crate) timings: Vec<Timing>,
    pub(crate) trace: Trace,
}

impl Log {
    pub(crate) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn violation(&self, requirement: &'static str, text: impl Into<String>) {
        let violation = Violation::new(requirement, text);
        push(&mut self.entries().violations, violation, ENTRIES_MAX);
    }

    pub(crate) fn report(&self, report: Report) {
        push(&mut self.entries().reports, report, ENTRIES_MAX);
        self.reported.notify_all();
    }

    pub(crate) fn statistic(&self, statistic: Statistic) {
        push(&mut self.entries().statistics, statistic, STATISTICS_MAX);
    }

    pub(crate) fn timing(&self, timing: Timing) {
        push(&mut self.entries().timings, timing, ENTRIES_MAX);
    }

    #[cfg(unix)]
    pub(crate) fn told(&self, told: crate::trace::Told) {
        push(&mut self.entries().trace.entries, told, ENTRIES_MAX);
    }

    #[cfg(unix)]
    pub(crate) fn counted(&self, totals: miracast_umd::engine::Totals) {
        push(&mut self.entries().trace.totals, totals, ENTRIES_MAX);
    }

    /// Waits until there are more reports than `known`.
    pub(crate) fn wait_for_report(&self, known: usize, limit: Duration) -> Option<Report> {
        let (entries, _) = self
            .reported
            .wait_timeout_while(self.entries(), limit, |entries| {
                entries.reports.len() <= known
            })
            .unwrap_or_else(PoisonError::into_inner);
        entries.reports.get(known).copied()
    }
}

fn push<T>(entries: &mut Vec<T>, entry: T, most: usize) {
    if entries.len() < most {
        entries.push(entry);
    }
}

static STRAYS: Mutex<Vec<Violation>> = Mutex::new(Vec::new());

/// Breaches that belong to no device: calls with a handle that was never given out, or whose
/// device is forgotten.
pub fn strays() -> Vec<Violation> {
    STRAYS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

pub(crate) fn stray(function: &str, handle: usize) {
    let text = format!("{function} with the handle {handle:#x}, which is no device");
    let mut strays = STRAYS.lock().unwrap_or_else(PoisonError::into_inner);
    push(&mut strays, Violation::new("DDI-10", text), ENTRIES_MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::StatisticKind;

    #[test]
    fn what_a_driver_reports_in_an_hour_is_kept_but_no_flood() {
        let log = Log::default();
        let when = Instant::now();
        let hour = 3600 * 60 * 4 * 2;
        let report = |id| {
            let kind = StatisticKind::Sent(id);
            log.statistic(Statistic { kind, when });
        };
        (0..hour).for_each(report);
        assert_eq!(log.entries().statistics.len() as u64, hour);
        (0..hour).for_each(report);
        assert_eq!(log.entries().statistics.len(), STATISTICS_MAX);
    }
}
