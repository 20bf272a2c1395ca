//! Whether media flows: what Windows allows, what the sink believes, and what is done about it.
//!
//! Windows allows pictures while the monitor is on and nothing on it is protected. The sink believes
//! that it plays from its M7 to its M9 or to M12. [`Machine::settle_showing`] brings the phase in
//! line with both: nothing else goes from [`Phase::Playing`] to [`Phase::Paused`] on our own account.
//!
//! A monitor that is off puts a sink that can do it into standby (M12, S2.1 §4.15), any other one
//! into a pause. Protected content is over sooner: it only pauses.

use super::end::Asked;
use super::io::{Alarm, Event};
use super::machine::Machine;
use super::ours;
use super::phase::Phase;
use crate::quirks::Change;
use crate::rtsp::Status;
use crate::time::Instant;
use crate::wfd::parameters::{Features, Trigger};

/// What the sink was told to do because Windows allows no pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Nothing: it may play.
    Nothing,
    /// M5 PAUSE is out or answered: the pause is our wish, and so is its end.
    Pause,
    /// M12 is out or answered.
    Standby,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that change on their own; the state is the phase"
)]
#[derive(Clone, Copy, Debug)]
pub(super) struct Showing {
    /// Windows has switched the monitor off (DDI-33).
    power_off: bool,
    /// Protected content is on it, and we cannot protect.
    protected: bool,
    /// The sink has paused, or is in standby.
    sink_paused: bool,
    told: Told,
    /// The sink said no to M12: it is paused instead.
    no_standby: bool,
    /// We asked it to play on, and it has not done so yet.
    play_triggered: bool,
}

impl Showing {
    pub(super) const fn new() -> Self {
        Self {
            power_off: false,
            protected: false,
            sink_paused: false,
            told: Told::Nothing,
            no_standby: false,
            play_triggered: false,
        }
    }

    const fn allowed(self) -> bool {
        !self.power_off && !self.protected
    }
}

impl Machine {
    pub(super) fn set_power(&mut self, on: bool) {
        let showing = &mut self.showing;
        // A desktop that lights up is shown, also by a sink that went into standby by itself.
        if on && showing.power_off && self.phase == Phase::Standby {
            showing.told = Told::Standby;
        }
        showing.power_off = !on;
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
        self.showing.told = Told::Nothing;
        self.showing.play_triggered = false;
        if self.phase == Phase::Standby {
            self.go(Phase::Paused);
        }
        self.unsettled = true;
    }

    /// Media begins. Whoever has paused meanwhile is told of that too: the clocks run from here on.
    pub(super) fn media_begins(&mut self, now: Instant) {
        self.media_start = Some(now);
        let marker = self.sink.microsoft_extension || self.fired().changes_to(Change::RtpMarker);
        let psi_version = self.fired().changes().find_map(|change| match change {
            Change::PsiVersion(version) => Some(version),
            _ => None,
        });
        self.emit(Event::Play {
            marker,
            pts_lead: self.pts_lead(),
            psi_version: psi_version.unwrap_or(0),
        });
        if self.phase == Phase::Playing {
            self.pictures_begin(now);
        } else {
            self.emit(Event::Pause);
        }
    }

    /// M9 was answered.
    pub(super) fn sink_pauses(&mut self) {
        self.showing.sink_paused = true;
        self.stop_showing();
        self.unsettled = true;
    }

    /// M12 was answered, by us or by the sink. A request of ours that crossed it meets a sink that
    /// answers it with 406 or not at all (S2.1 §4.15), which says nothing of what was asked: the
    /// answer is not awaited any more, and a mode is proposed again after M7.
    pub(super) fn stands_by(&mut self) {
        self.sink_pauses();
        if self.phase == Phase::Paused {
            self.go(Phase::Standby);
        }
        if self.awaits(Asked::ModeChange) {
            self.modes.take_proposed();
        }
        let crossed = [
            Asked::ModeChange,
            Asked::Standby,
            Asked::Trigger(Trigger::Pause),
        ];
        self.pending
            .retain(|pending| !crossed.contains(&pending.asked));
        self.arm_reply_timer();
    }

    /// The sink cannot stand by after all; it is paused instead.
    pub(super) fn standby_refused(&mut self) {
        self.showing.no_standby = true;
        self.showing.told = Told::Nothing;
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
                self.stop_showing();
                self.tell_to_stop(now);
            }
            // It has played on, by itself, while Windows allows no pictures.
            Phase::Paused if !showing.allowed() && !showing.sink_paused => self.tell_to_stop(now),
            // Its answer to M12 decides what it has to be told next.
            Phase::Paused if self.awaits(Asked::Standby) => {}
            // The sink never paused: it is shown pictures again, and has nothing to be told.
            Phase::Paused if showing.allowed() && !showing.sink_paused => {
                self.go(Phase::Playing);
                if self.media_start.is_some() {
                    self.emit(Event::Resume);
                    self.pictures_begin(now);
                }
            }
            Phase::Paused | Phase::Standby
                if showing.allowed()
                    && showing.told != Told::Nothing
                    && !showing.play_triggered =>
            {
                self.showing.play_triggered = true;
                ours::trigger(self, Trigger::Play, now);
            }
            _ => {}
        }
    }

    fn stop_showing(&mut self) {
        if self.phase == Phase::Playing {
            self.go(Phase::Paused);
            if self.media_start.is_some() {
                self.emit(Event::Pause);
            }
        }
    }

    /// Tells a sink that plays that nothing comes for a while.
    fn tell_to_stop(&mut self, now: Instant) {
        let showing = self.showing;
        if showing.sink_paused || showing.told != Told::Nothing {
            return;
        }
        let standby = showing.power_off
            && self.sink.features.contains(Features::STANDBY_RESUME)
            && !showing.no_standby;
        if standby {
            self.showing.told = Told::Standby;
            ours::standby(self, now);
        } else {
            self.showing.told = Told::Pause;
            ours::trigger(self, Trigger::Pause, now);
        }
    }
}
