//! Whether media flows: what Windows allows, what the sink believes, and what is done about it.
//!
//! Windows allows pictures while the monitor is on and nothing on it is protected. The sink believes
//! that it plays from its M7 to its M9. [`Machine::settle_showing`] brings the phase in line with
//! both: nothing else goes from [`Phase::Playing`] to [`Phase::Paused`] on our own account.

use super::io::{Alarm, Event};
use super::machine::Machine;
use super::ours;
use super::phase::Phase;
use crate::rtsp::Status;
use crate::time::Instant;
use crate::wfd::parameters::Trigger;

#[expect(
    clippy::struct_excessive_bools,
    reason = "five facts that change on their own; the state is the phase"
)]
#[derive(Clone, Copy, Debug)]
pub(super) struct Showing {
    /// Windows has switched the monitor off (DDI-33).
    power_off: bool,
    /// Protected content is on it, and we cannot protect.
    protected: bool,
    /// The sink has paused.
    sink_paused: bool,
    /// We asked it to: its pause is our wish, and so is its end.
    pause_triggered: bool,
    /// We asked it to play on, and it has not done so yet.
    play_triggered: bool,
}

impl Showing {
    pub(super) const fn new() -> Self {
        Self {
            power_off: false,
            protected: false,
            sink_paused: false,
            pause_triggered: false,
            play_triggered: false,
        }
    }

    const fn allowed(self) -> bool {
        !self.power_off && !self.protected
    }
}

impl Machine {
    pub(super) fn set_power(&mut self, on: bool) {
        self.showing.power_off = !on;
        self.unsettled = true;
    }

    pub(super) fn set_protection(&mut self, protected: bool) {
        self.showing.protected = protected;
        self.unsettled = true;
    }

    /// M7 was answered.
    pub(super) fn sink_plays(&mut self) {
        self.timers.stop(Alarm::Request);
        self.showing.sink_paused = false;
        self.showing.pause_triggered = false;
        self.showing.play_triggered = false;
        self.unsettled = true;
    }

    /// M9 was answered.
    pub(super) fn sink_pauses(&mut self) {
        self.showing.sink_paused = true;
        if self.phase == Phase::Playing {
            self.go(Phase::Paused);
            self.emit(Event::Pause);
        }
        self.unsettled = true;
    }

    /// The sink said 200 to our PLAY trigger: its M7 has to follow, unless it came before.
    pub(super) fn play_trigger_answered(&mut self, now: Instant) {
        if self.showing.play_triggered {
            self.await_request(now);
        }
    }

    /// The sink refused to play on. True if it plays already and that is why (406, in-play-state).
    pub(super) fn play_trigger_refused(&mut self, status: Status) -> bool {
        let plays = status == Status::NOT_ACCEPTABLE || !self.showing.sink_paused;
        if plays {
            self.sink_plays();
        }
        plays
    }

    /// Brings the phase in line with what Windows allows and the sink believes.
    pub(super) fn settle_showing(&mut self, now: Instant) {
        let showing = self.showing;
        match self.phase {
            Phase::Playing if !showing.allowed() => {
                self.go(Phase::Paused);
                self.emit(Event::Pause);
                if !showing.sink_paused && !showing.pause_triggered {
                    self.showing.pause_triggered = true;
                    ours::trigger(self, Trigger::Pause, now);
                }
            }
            // The sink never paused: it is shown pictures again, and has nothing to be told.
            Phase::Paused if showing.allowed() && !showing.sink_paused => {
                self.go(Phase::Playing);
                self.emit(Event::Resume);
                self.pictures_begin(now);
            }
            Phase::Paused
                if showing.allowed() && showing.pause_triggered && !showing.play_triggered =>
            {
                self.showing.play_triggered = true;
                ours::trigger(self, Trigger::Play, now);
            }
            _ => {}
        }
    }
}
