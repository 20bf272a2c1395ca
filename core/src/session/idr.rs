//! When the encoder is asked for an IDR picture on behalf of the sink: because it says so (M13), and
//! because it may have missed the first one.

use super::io::{Alarm, Event};
use super::machine::Machine;
use super::phase::Phase;
use crate::limits;
use crate::quirks::Quirk;
use crate::time::Instant;

impl Machine {
    /// Passes an IDR request on, unless the last one is fresh: sinks ask in bursts, and until they
    /// see the picture (quirk Q27).
    pub(super) fn idr_requested(&mut self, now: Instant) {
        if self.timers.deadline(Alarm::IdrPause).is_some() {
            self.idr_again = true;
            self.quirks.note(Quirk::Q27);
            return;
        }
        self.timers.set(Alarm::IdrPause, now + limits::IDR_INTERVAL);
        self.emit(Event::IdrRequested);
    }

    /// Pictures flow from now on: the sink may not listen yet.
    pub(super) fn pictures_begin(&mut self, now: Instant) {
        self.pictures_began = Some(now);
        self.arm_start_idr(now);
    }

    fn arm_start_idr(&mut self, now: Instant) {
        let Some(began) = self.pictures_began else {
            return;
        };
        let due = limits::START_IDRS.into_iter().map(|delay| began + delay);
        match due.into_iter().find(|due| *due > now) {
            Some(due) => self.timers.set(Alarm::StartIdr, due),
            None => self.timers.stop(Alarm::StartIdr),
        }
    }

    pub(super) fn start_idr(&mut self, now: Instant) {
        if self.phase == Phase::Playing {
            self.emit(Event::IdrDue);
        }
        self.arm_start_idr(now);
    }
}
