//! When the encoder is asked for an IDR picture on behalf of the sink: because it says so (M13), and
//! because it may have missed the first one, or cannot say that it misses one.

use super::io::{Alarm, Event};
use super::machine::Machine;
use super::phase::Phase;
use crate::limits;
use crate::quirks::Quirk;
use crate::time::Instant;

/// What is known of the sink's need for IDR pictures.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdrRequests {
    /// When pictures began to flow, after PLAY or a pause.
    pictures_began: Option<Instant>,
    /// The sink asked while the last request was fresh.
    again: bool,
    /// The sink has asked before: it can, whatever it answered to M3.
    asks: bool,
}

impl IdrRequests {
    pub(super) const fn new() -> Self {
        Self {
            pictures_began: None,
            again: false,
            asks: false,
        }
    }
}

impl Machine {
    /// Passes an IDR request on, unless the last one is fresh: sinks ask in bursts, and until they
    /// see the picture (quirk Q27).
    pub(super) fn idr_requested(&mut self, now: Instant) {
        self.idr.asks = true;
        if self.timers.deadline(Alarm::IdrPause).is_some() {
            self.idr.again = true;
            self.quirks.note(Quirk::Q27);
            return;
        }
        self.timers.set(Alarm::IdrPause, now + limits::IDR_INTERVAL);
        self.emit(Event::IdrRequested);
    }

    /// The last request is not fresh any more.
    pub(super) fn idr_pause_over(&mut self, now: Instant) {
        if core::mem::take(&mut self.idr.again) {
            self.idr_requested(now);
        }
    }

    /// Pictures flow from now on: the sink may not listen yet.
    pub(super) fn pictures_begin(&mut self, now: Instant) {
        self.idr.pictures_began = Some(now);
        self.arm_idr(now);
    }

    fn arm_idr(&mut self, now: Instant) {
        let Some(began) = self.idr.pictures_began else {
            return;
        };
        let due = limits::START_IDRS.into_iter().map(|delay| began + delay);
        let start = due.into_iter().find(|due| *due > now);
        let cannot_ask = self.sink.idr_request == Some(false) && !self.idr.asks;
        let due = start.or_else(|| cannot_ask.then(|| now + limits::IDR_PERIOD));
        match due {
            Some(due) => self.timers.set(Alarm::IdrDue, due),
            None => self.timers.stop(Alarm::IdrDue),
        }
    }

    pub(super) fn idr_due(&mut self, now: Instant) {
        // After a pause pictures begin anew, and with them these alarms.
        if self.phase == Phase::Playing {
            self.emit(Event::IdrDue);
            self.arm_idr(now);
        }
    }
}
