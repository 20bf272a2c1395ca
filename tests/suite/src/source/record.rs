//! What is known of the casting side after a session.

use std::collections::{HashMap, HashSet};

use miracast_miniport::encoder::Settings;
use miracast_miniport::journal::{Entry, Journal, Slice};
use miracast_miniport::stream::ChunkId;
use miracast_os::abi::MIRACAST_CHUNK_TYPE_FRAME_DROPPED;
use miracast_os::{Report, Statistic, StatisticKind, Timing, Violation};

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
    /// Breaches of the driver interface.
    pub violations: Vec<Violation>,
}

/// A picture that the driver sent.
#[derive(Clone, Copy, Debug)]
pub struct SentPicture<'a> {
    /// What the miniport wrote down of it.
    pub entry: &'a Entry,
    /// Whether it is an IDR picture.
    pub idr: bool,
    /// Its slices as the encoder made them.
    pub slices: &'a [Slice],
}

impl SourceRecord {
    /// The pictures that the driver sent whole, in order: those of which it reported every part
    /// with CHUNK_SENT and none as dropped.
    pub fn sent(&self) -> Vec<SentPicture<'_>> {
        let mut started: HashMap<u64, usize> = HashMap::new();
        let mut dropped = HashSet::new();
        for statistic in &self.statistics {
            match statistic.kind {
                StatisticKind::Sent(id) => *started.entry(frame_of(id)).or_default() += 1,
                StatisticKind::Stage(info)
                    if info.chunk_type == MIRACAST_CHUNK_TYPE_FRAME_DROPPED =>
                {
                    dropped.insert(frame_of(info.chunk_id));
                }
                StatisticKind::Stage(_) | StatisticKind::Event(_) => {}
            }
        }
        let pictures = self.journal.entries().filter_map(|entry| {
            let (idr, slices) = entry.result.as_ref().ok()?;
            let frame = u64::from(entry.frame);
            let whole = started.get(&frame) == Some(&slices.len());
            (whole && !dropped.contains(&frame)).then_some(SentPicture {
                entry,
                idr: *idr,
                slices,
            })
        });
        pictures.collect()
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
        self.leaks("thread ")
    }

    /// Events and timers that the driver left behind (DDI-13).
    pub fn descriptors_leaked(&self) -> usize {
        self.leaks("descriptor ")
    }

    fn leaks(&self, what: &str) -> usize {
        let is_leak = |found: &&Violation| found.requirement == "DDI-13";
        let leaks = self.violations.iter().filter(is_leak);
        leaks.filter(|found| found.text.starts_with(what)).count()
    }
}

fn frame_of(chunk: u64) -> u64 {
    let frame_bits = ChunkId {
        frame: u64::MAX,
        part: 0,
    };
    chunk & frame_bits.value()
}
