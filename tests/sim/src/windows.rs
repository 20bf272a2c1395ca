//! Windows in the simulator: what the driver reported, and the rules that it must keep.

use std::collections::VecDeque;

use miracast_kmd_iface::NtStatus;
use miracast_umd::engine::{Notice, SessionStatus, Statistic};

/// Whose thread the driver is on: the rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// CreateMiracastContext.
    Create,
    /// StartMiracastSession.
    Start,
    /// The worker, between Start and Stop.
    Worker,
    /// StopMiracastSession.
    Stop,
    /// After Stop.
    Nothing,
}

#[derive(Debug)]
pub(crate) struct Windows {
    pub(crate) inside: Inside,
    pub(crate) inbox: VecDeque<Notice>,
    pub(crate) notices: bool,
    pub(crate) reports: Vec<(SessionStatus, NtStatus)>,
    pub(crate) chunks_sent: u64,
    pub(crate) chunks_dropped: u64,
    pub(crate) idr_requests: u64,
    /// Each arrival and each departure of the monitor.
    pub(crate) monitors: Vec<bool>,
    pub(crate) violations: Vec<String>,
}

impl Windows {
    pub(crate) fn new() -> Self {
        Self {
            inside: Inside::Create,
            inbox: VecDeque::new(),
            notices: false,
            reports: Vec::new(),
            chunks_sent: 0,
            chunks_dropped: 0,
            idr_requests: 0,
            monitors: Vec::new(),
            violations: Vec::new(),
        }
    }

    pub(crate) fn breach(&mut self, requirement: &str, what: &str) {
        self.violations.push(format!("{requirement}: {what}"));
    }

    /// A callback was called: it must be within the lifetime, and not after the end.
    pub(crate) fn callback(&mut self, name: &str) {
        if self.inside == Inside::Nothing {
            self.breach("DDI-10", &format!("{name} after the session"));
        }
    }

    pub(crate) fn report(&mut self, status: SessionStatus, cause: NtStatus) {
        self.callback("ReportSessionStatus");
        if !self.reports.is_empty() {
            self.breach("DDI-28", "a second report");
        }
        if self.inside != Inside::Worker {
            self.breach("DDI-28", "a report outside of a running session");
        }
        self.reports.push((status, cause));
    }

    pub(crate) fn statistic(&mut self, statistic: Statistic) {
        self.callback("ReportStatistic");
        match statistic {
            Statistic::ChunkSent { .. } => self.chunks_sent += 1,
            Statistic::ChunkDropped { .. } => self.chunks_dropped += 1,
            Statistic::IdrRequested => self.idr_requests += 1,
            Statistic::MonitorArrived => self.monitors.push(true),
            Statistic::MonitorDeparted => self.monitors.push(false),
        }
    }

    pub(crate) fn register(&mut self, on: bool) -> NtStatus {
        self.callback("RegisterForDataRateNotifications");
        if !matches!(self.inside, Inside::Start | Inside::Stop) {
            self.breach("DDI-44", "registration on another thread");
            return NtStatus::NOT_SUPPORTED;
        }
        if self.notices == on {
            self.breach("DDI-45", "registered or unregistered twice");
            return NtStatus::INVALID_PARAMETER;
        }
        self.notices = on;
        NtStatus::SUCCESS
    }
}
