//! Windows in the simulator: what the driver reported, and the rules that it must keep.

use std::collections::{HashMap, VecDeque};

use miracast_kmd_iface::NtStatus;
use miracast_umd::engine::{Notice, SessionStatus, Statistic};
use miracast_umd::limits::INBOX_MAX;

/// Bytes of RTP's header (RFC 3550 §5.1) and of a transport packet, and the video's PID (S2.1 App. B).
const RTP_HEADER: usize = 12;
const TS_PACKET: usize = 188;
const VIDEO_PID: u16 = 0x1011;

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
    /// Messages that wait for the worker: as many as the driver's inbox holds.
    messages: VecDeque<Notice>,
    /// The last data-rate notice, if it was not taken yet.
    rate: Option<Notice>,
    pub(crate) notices: bool,
    pub(crate) reports: Vec<(SessionStatus, NtStatus)>,
    pub(crate) chunks_sent: u64,
    pub(crate) chunks_dropped: u64,
    pub(crate) idr_requests: u64,
    /// Each arrival and each departure of the monitor.
    pub(crate) monitors: Vec<bool>,
    pub(crate) violations: Vec<String>,
    /// Chunks that the driver was told of and has not announced, by how often that was: a picture that did
    /// not change keeps its numbers (DDI-56).
    handed_over: HashMap<u64, u32>,
    /// Pictures of which the first byte has left.
    pub(crate) pictures_begun: u64,
}

impl Windows {
    pub(crate) fn new() -> Self {
        Self {
            inside: Inside::Create,
            messages: VecDeque::new(),
            rate: None,
            notices: false,
            reports: Vec::new(),
            chunks_sent: 0,
            chunks_dropped: 0,
            idr_requests: 0,
            monitors: Vec::new(),
            violations: Vec::new(),
            handed_over: HashMap::new(),
            pictures_begun: 0,
        }
    }

    pub(crate) fn breach(&mut self, requirement: &str, what: &str) {
        self.violations.push(format!("{requirement}: {what}"));
    }

    /// Leaves a notice for the worker, as the driver's inbox does; false if it has no room.
    pub(crate) fn post(&mut self, notice: Notice) -> bool {
        if matches!(notice, Notice::Rate(_)) {
            self.rate = Some(notice);
            return true;
        }
        let room = self.messages.len() < INBOX_MAX;
        if room {
            self.messages.push_back(notice);
        }
        room
    }

    pub(crate) fn take_notice(&mut self) -> Option<Notice> {
        self.messages.pop_front().or_else(|| self.rate.take())
    }

    pub(crate) fn has_notices(&self) -> bool {
        !self.messages.is_empty() || self.rate.is_some()
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
            Statistic::ChunkSent { id } => {
                self.chunks_sent += 1;
                match self.handed_over.get_mut(&id) {
                    Some(times) if *times > 0 => *times -= 1,
                    _ => self.breach(
                        "DDI-57",
                        "a chunk is announced that was not handed over, or again",
                    ),
                }
            }
            Statistic::ChunkDropped { .. } => self.chunks_dropped += 1,
            Statistic::IdrRequested => self.idr_requests += 1,
            Statistic::MonitorArrived => self.monitors.push(true),
            Statistic::MonitorDeparted => self.monitors.push(false),
        }
    }

    /// The driver will find the record of a chunk.
    pub(crate) fn hand_over(&mut self, id: u64) {
        *self.handed_over.entry(id).or_default() += 1;
    }

    /// A datagram of media leaves. What is announced comes before it.
    pub(crate) fn media_leaves(&mut self, datagram: &[u8]) {
        let begun = pictures_begun(datagram);
        self.pictures_begun += begun;
        if begun > 0 && self.pictures_begun > self.chunks_sent {
            self.breach("DDI-57", "a picture leaves before it is announced");
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

/// Pictures whose first packet is in a datagram of RTP (ISO 13818-1 §2.4.3.2: payload_unit_start).
fn pictures_begun(datagram: &[u8]) -> u64 {
    let packets = datagram.get(RTP_HEADER..).unwrap_or_default();
    let begins = |packet: &&[u8]| {
        let [_, high, low, ..] = **packet else {
            return false;
        };
        let pid = u16::from_be_bytes([high & 0x1F, low]);
        high & 0x40 != 0 && pid == VIDEO_PID
    };
    packets.chunks(TS_PACKET).filter(begins).count() as u64
}
