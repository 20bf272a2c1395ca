//! How much the sink may buffer (`microsoft_latency_management_capability`, MS-WFDPE §2.4.1.1), and by
//! how much PTS leads PCR because of it.
//!
//! A sink that has latency modes is asked for one between its answer to M4 and the SETUP trigger, so
//! that the lead is known before the first picture. What it answers, or that it does not, ends nothing:
//! without an agreed mode the lead is [`limits::PTS_LEAD`].

use core::time::Duration;

use super::machine::Machine;
use super::ours;
use super::phase::Phase;
use crate::limits;
use crate::time::Instant;
use crate::wfd::parameters::microsoft::LatencyMode;
use crate::wfd::parameters::{Features, Trigger};

/// What the sink said to the mode that we want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Latency {
    /// It was not asked.
    Open,
    /// It has this mode now.
    Agreed(LatencyMode),
    /// It refused, or did not answer.
    Refused,
}

impl Machine {
    /// M4 is agreed: the SETUP trigger follows, after the latency mode if the sink has some.
    pub(super) fn prepare_setup(&mut self, now: Instant) {
        let has_modes = self.sink.features.contains(Features::LATENCY_MODES);
        match self.start {
            Some(start) if has_modes && self.latency == Latency::Open => {
                ours::latency(self, start.latency, now);
            }
            Some(_) | None => {
                ours::trigger(self, Trigger::Setup, now);
                self.await_request(now);
            }
        }
    }

    /// The sink has answered, or not in time.
    pub(super) fn latency_answered(&mut self, accepted: bool, now: Instant) {
        let wanted = self.start.filter(|_| accepted).map(|start| start.latency);
        self.latency = wanted.map_or(Latency::Refused, Latency::Agreed);
        // A sink whose M6 is here needs no trigger any more.
        if self.phase == Phase::AwaitingSetup {
            self.prepare_setup(now);
        }
    }

    /// By how much PTS leads PCR.
    pub(super) fn pts_lead(&self) -> Duration {
        let wanted = self.start.and_then(|start| start.pts_lead);
        wanted.unwrap_or(match self.latency {
            Latency::Agreed(LatencyMode::Low) => limits::PTS_LEAD_LOW,
            Latency::Agreed(LatencyMode::High) => limits::PTS_LEAD_HIGH,
            Latency::Agreed(LatencyMode::Normal) | Latency::Open | Latency::Refused => {
                limits::PTS_LEAD
            }
        })
    }
}
