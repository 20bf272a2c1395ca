//! What the driver reports with `ReportStatistic`, and the rules for that.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::abi::{
    MIRACAST_CHUNK_ID, MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE, MIRACAST_CHUNK_TYPE_FRAME_START,
    MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART,
    MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE,
};
use crate::chunks::ChunkInfo;
use crate::log::Log;

/// A call of `ReportStatistic`.
#[derive(Clone, Copy, Debug)]
pub struct Statistic {
    /// What it told.
    pub kind: StatisticKind,
    /// When it came: by the documentation the time of the event itself (DDI-62).
    pub when: Instant,
}

/// What a statistic tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticKind {
    /// A stage of processing is complete.
    Stage(ChunkInfo),
    /// The part with this `MIRACAST_CHUNK_ID` is about to be sent.
    Sent(u64),
    /// A `MIRACAST_PROTOCOL_EVENT`.
    Event(u32),
}

/// What is known of the chunks of a session.
#[derive(Debug, Default)]
struct Known {
    /// How often a part may yet be reported as sent: as often as the miniport finished it, for a
    /// picture that did not change keeps its numbers (DDI-56).
    unsent: HashMap<u64, usize>,
    /// Stages that the miniport reported, by type and chunk.
    by_miniport: HashSet<(u32, u64)>,
}

/// The rules for statistics of one device.
#[derive(Debug, Default)]
pub(crate) struct Statistics(Mutex<Known>);

impl Statistics {
    /// A session begins.
    pub(crate) fn reset(&self) {
        *self.lock() = Known::default();
    }

    pub(crate) fn stage_by_miniport(&self, info: ChunkInfo) {
        let mut known = self.lock();
        known.by_miniport.insert((info.chunk_type, info.chunk_id));
        if info.chunk_type == MIRACAST_CHUNK_TYPE_ENCODE_COMPLETE {
            *known.unsent.entry(info.chunk_id).or_default() += 1;
        }
    }

    /// Holds a statistic of the driver against the rules.
    pub(crate) fn check(&self, kind: StatisticKind, log: &Log) {
        match kind {
            StatisticKind::Stage(info) => self.check_stage(info, log),
            StatisticKind::Sent(id) => self.check_sent(id, log),
            StatisticKind::Event(MIRACAST_PROTOCOL_EVENT_SINK_FAILED_PREFERRED_MODE_CHANGE) => {
                log.violation("DDI-32", "SINK_FAILED_PREFERRED_MODE_CHANGE is reserved");
            }
            StatisticKind::Event(event) if event > MIRACAST_PROTOCOL_EVENT_MONITOR_DEPART => {
                log.violation("SAL", format!("there is no protocol event {event}"));
            }
            StatisticKind::Event(_) => {}
        }
    }

    fn check_stage(&self, info: ChunkInfo, log: &Log) {
        let id = name(info.chunk_id);
        if info.chunk_type == MIRACAST_CHUNK_TYPE_FRAME_START {
            log.violation("DDI-60", format!("FRAME_START of {id} is the miniport's"));
        }
        let stage = (info.chunk_type, info.chunk_id);
        if self.lock().by_miniport.contains(&stage) {
            let text = format!(
                "stage {} of {id} was reported by the miniport",
                info.chunk_type
            );
            log.violation("DDI-63", text);
        }
    }

    fn check_sent(&self, id: u64, log: &Log) {
        let mut known = self.lock();
        match known.unsent.get_mut(&id) {
            Some(count) if *count > 0 => *count -= 1,
            Some(_) => log.violation("DDI-57", format!("{} was reported twice", name(id))),
            None => {
                log.violation("DDI-57", format!("{} was never finished", name(id)));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(id: u64) -> String {
    let id = MIRACAST_CHUNK_ID { Value: id };
    format!("chunk {}/{}", id.frame_number(), id.part_number())
}
