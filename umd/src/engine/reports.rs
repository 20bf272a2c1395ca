//! RTCP: our sender reports by timer, the sink's reports of what came.
//!
//! The sink is hostile: what is not in form is counted and dropped, and never ends a session.

use miracast_core::limits::SENDER_REPORT_INTERVAL;
use miracast_core::rate::Signal;
use miracast_core::rtcp::{self, Reception, SenderReport};
use miracast_core::time::Instant;

use super::{Engine, Shell};
use crate::limits;
use crate::os::Transfer;

/// What went over RTCP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportCounters {
    /// Sender reports that left.
    pub sent: u64,
    /// Reports of the sink about our stream.
    pub received: u64,
    /// Datagrams without one.
    pub other: u64,
    /// Datagrams that are not RTCP.
    pub malformed: u64,
    /// The last report about our stream.
    pub last: Option<Reception>,
}

/// The engine's end of RTCP.
#[derive(Debug)]
pub(super) struct Reports {
    /// The sink named a port for ours (M6).
    pub(super) wanted: bool,
    /// When the next one of ours is due.
    pub(super) due: Option<Instant>,
    /// Packets that the last one told of: without new ones there is nothing to report.
    told: u32,
    counters: ReportCounters,
}

impl Reports {
    pub(super) const fn new() -> Self {
        Self {
            wanted: false,
            due: None,
            told: 0,
            counters: ReportCounters {
                sent: 0,
                received: 0,
                other: 0,
                malformed: 0,
                last: None,
            },
        }
    }
}

impl Engine<'_> {
    /// What went over RTCP since the session began.
    pub fn report_counters(&self) -> ReportCounters {
        self.reports.counters
    }

    /// The stream begins: so do our reports, if the sink wants them.
    pub(super) fn begin_reports(&mut self, now: Instant) {
        self.pictures.sent = super::pictures::Sent::default();
        self.reports.told = 0;
        self.reports.due = self.reports.wanted.then_some(now);
    }

    /// Sends the report that is due. One that finds no room is lost, as it may be on the way.
    pub(super) fn report(&mut self, now: Instant, shell: &mut impl Shell) {
        let (Some(info), Some(due)) = (self.info, self.reports.due) else {
            return;
        };
        if due > now {
            return;
        }
        self.reports.due = Some(now + SENDER_REPORT_INTERVAL);
        let sent = self.pictures.sent;
        if sent.packets == self.reports.told {
            return;
        }
        let report = SenderReport {
            ssrc: info.ssrc(),
            now,
            timestamp: self.streamer.rtp_time(now),
            packets: sent.packets,
            octets: sent.octets,
        };
        if matches!(shell.rtcp_send(&report.to_bytes()), Transfer::Done(_)) {
            self.reports.told = sent.packets;
            self.reports.counters.sent += 1;
        }
    }

    /// Reads what the sink reports. True if there is more than belongs into one turn.
    pub(super) fn read_reports(&mut self, now: Instant, shell: &mut impl Shell) -> bool {
        let Some(info) = self.info else { return false };
        let mut buffer = [0; limits::RTCP_READ];
        for _ in 0..limits::RTCP_READS_PER_TURN {
            let Transfer::Done(length) = shell.rtcp_receive(&mut buffer) else {
                return false;
            };
            let datagram = buffer.get(..length).unwrap_or_default();
            let counters = &mut self.reports.counters;
            match rtcp::read(datagram, info.ssrc()) {
                Ok(Some(reception)) => {
                    counters.received += 1;
                    counters.last = Some(reception);
                    self.adapt(Signal::Reception(&reception), now, shell);
                }
                Ok(None) => counters.other += 1,
                Err(_) => counters.malformed += 1,
            }
        }
        true
    }
}
