//! What is known of the casting side after a session.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use miracast_miniport::encoder::Settings;
use miracast_miniport::journal::{Entry, HandedOver, Journal};
use miracast_miniport::stream::ChunkId;
use miracast_os::abi::MIRACAST_CHUNK_TYPE_FRAME_DROPPED;
use miracast_os::process::Left;
use miracast_os::{Report, Statistic, StatisticKind, Timing, Trace, Violation};

use super::{Deed, Noted};

/// Everything that Windows and the miniport wrote down.
#[derive(Clone, Debug)]
pub struct SourceRecord {
    /// The pictures.
    pub journal: Journal,
    /// What the driver made the miniport do.
    pub deeds: Vec<Noted>,
    /// What the driver reported with ReportStatistic.
    pub statistics: Vec<Statistic>,
    /// What the driver reported with ReportSessionStatus.
    pub reports: Vec<Report>,
    /// How long the entry points took.
    pub timings: Vec<Timing>,
    /// What the driver told of its sessions; `None` if it told ETW, which nobody reads here.
    pub trace: Option<Trace>,
    /// Breaches of the driver interface.
    pub violations: Vec<Violation>,
    /// The driver's DLL, if it was in one.
    pub driver: Option<PathBuf>,
    /// Memory allocations of the driver. A DLL cannot call the program's allocator, so of one they
    /// are not counted; else they are if the program's global allocator counts.
    pub driver_allocations: Option<u64>,
}

/// A picture that the driver sent.
#[derive(Clone, Copy, Debug)]
pub struct SentPicture<'a> {
    /// What the miniport wrote down of it.
    pub entry: &'a Entry,
    /// What it handed over.
    pub handed_over: &'a HandedOver,
}

impl SentPicture<'_> {
    /// Bytes of its NAL units.
    pub fn bytes(&self) -> u64 {
        let units = self.handed_over.units.iter();
        units.map(|unit| unit.length as u64).sum()
    }
}

impl SourceRecord {
    /// The pictures that the driver sent whole, in order: those of which it reported every part
    /// with CHUNK_SENT and none as dropped: CHUNK_SENT comes first and says only that the part is
    /// about to be sent (DDI-57); one that the network did not take is dropped after that.
    pub fn sent(&self) -> Vec<SentPicture<'_>> {
        let parts = parts_sent(&self.statistics);
        let pictures = self.journal.entries().filter_map(|entry| {
            let handed_over = entry.result.as_ref().ok()?;
            let sent = parts.get(&u64::from(entry.frame));
            let whole = sent == Some(&handed_over.chunks);
            whole.then_some(SentPicture { entry, handed_over })
        });
        pictures.collect()
    }

    /// The picture that was being sent when the driver was stopped: some of its parts went out.
    pub fn cut(&self) -> Option<SentPicture<'_>> {
        let parts = parts_sent(&self.statistics);
        let entry = self.journal.entries().last()?;
        let handed_over = entry.result.as_ref().ok()?;
        let sent = *parts.get(&u64::from(entry.frame))?;
        (sent < handed_over.chunks).then_some(SentPicture { entry, handed_over })
    }

    /// Pictures that the encoder handed over.
    pub fn encoded(&self) -> u64 {
        self.journal.encoded()
    }

    /// What the driver asked the encoder for at last.
    pub fn settings(&self) -> Option<Settings> {
        self.deeds.iter().rev().find_map(|noted| match noted.deed {
            Deed::StreamOpened(settings) => Some(settings),
            _ => None,
        })
    }

    /// Threads that the driver left behind (DDI-13).
    pub fn threads_leaked(&self) -> usize {
        count(&self.violations, Left::Thread)
    }

    /// Events and timers that the driver left behind (DDI-13).
    pub fn handles_leaked(&self) -> usize {
        count(&self.violations, Left::Handle)
    }
}

/// Breaches that say that something of this kind is left.
pub fn count(violations: &[Violation], left: Left) -> usize {
    let is_left = |violation: &&Violation| Left::of(violation) == Some(left);
    violations.iter().filter(is_left).count()
}

/// Parts of each frame that were sent: reported with CHUNK_SENT, and not as dropped after that.
fn parts_sent(statistics: &[Statistic]) -> HashMap<u64, usize> {
    let mut sent = HashSet::new();
    for statistic in statistics {
        match statistic.kind {
            StatisticKind::Sent(id) => {
                sent.insert(id);
            }
            StatisticKind::Stage(info) if info.chunk_type == MIRACAST_CHUNK_TYPE_FRAME_DROPPED => {
                sent.remove(&info.chunk_id);
            }
            StatisticKind::Stage(_) | StatisticKind::Event(_) => {}
        }
    }
    let mut parts = HashMap::new();
    for id in sent {
        *parts.entry(frame_of(id)).or_default() += 1;
    }
    parts
}

fn frame_of(chunk: u64) -> u64 {
    let frame_bits = ChunkId {
        frame: u64::MAX,
        part: 0,
    };
    chunk & frame_bits.value()
}

#[cfg(test)]
mod tests;
