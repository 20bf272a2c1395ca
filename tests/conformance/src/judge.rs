//! What the monitor says of a stream, and what of it counts.

use anyhow::ensure;
use dvb_conformance::{ConformanceEvent, ConformanceMonitor, Priority};

use crate::capture::Datagram;

/// Bytes of a TS packet (ISO 13818-1 §2.4.3.2).
const TS_PACKET: usize = 188;

/// Listens to the monitor.
pub(crate) struct Judge {
    monitor: ConformanceMonitor,
    verdict: Verdict,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Datagrams.
    pub(crate) rtp_packets: u64,
    /// TS packets in them.
    pub(crate) ts_packets: u64,
    /// A line for each fault of the first and the second priority.
    pub(crate) faults: Vec<String>,
}

impl Judge {
    /// One that has not seen anything yet.
    pub(crate) fn new() -> Self {
        Self {
            monitor: ConformanceMonitor::new(),
            verdict: Verdict::default(),
        }
    }

    /// Shows the packets of a datagram to the monitor, all with its arrival time. A piece that is no
    /// whole packet goes to it, too: it has no rule for that, but it misses the rest.
    pub(crate) fn take(&mut self, datagram: &Datagram<'_>) {
        self.verdict.rtp_packets += 1;
        for packet in datagram.payload.chunks(TS_PACKET) {
            self.verdict.ts_packets += 1;
            let events = self.monitor.feed(packet, datagram.at);
            let faults = events.iter().filter(|event| counts(event.priority));
            self.verdict.faults.extend(faults.map(line));
        }
    }

    /// What was found.
    ///
    /// # Errors
    /// If the monitor is not synchronised in the end: it says nothing of a stream before it is.
    pub(crate) fn end(self) -> anyhow::Result<Verdict> {
        let stats = self.monitor.stats();
        ensure!(stats.in_sync, "no transport stream was recognised");
        Ok(self.verdict)
    }
}

fn counts(priority: Priority) -> bool {
    matches!(priority, Priority::First | Priority::Second)
}

fn line(event: &ConformanceEvent) -> String {
    let (indicator, detail) = (event.indicator.name(), &event.detail);
    format!("{:.6} s: {indicator}: {detail}", event.at.as_secs_f64())
}

#[cfg(test)]
mod tests;
