//! The sink's answers to our requests.

use super::end::{Asked, Reason};
use super::io::{Alarm, Event};
use super::machine::{Machine, Pending};
use super::ours;
use super::phase::Phase;
use crate::limits;
use crate::quirks::{Change, Fired};
use crate::rtsp::{Response, Status};
use crate::time::Instant;
use crate::trace::What;
use crate::wfd::negotiate;
use crate::wfd::parameters::{Trigger, names};
use crate::wfd::video_offer::VideoOffer;

impl Machine {
    pub(super) fn response(&mut self, response: &Response<'_>, now: Instant) {
        let Some(pending) = self.match_reply(response) else {
            return self.note(What::AnsweredNothing(response.status));
        };
        self.note(What::Answered(pending.asked, response.status));
        self.arm_reply_timer();
        if response.status != Status::OK {
            return self.refused(pending.asked, response, now);
        }
        match pending.asked {
            Asked::Options => self.options_answered(now),
            Asked::Capabilities => self.capabilities_answered(response.body, now),
            Asked::Formats => self.formats_answered(now),
            Asked::ModeChange => self.mode_change_answered(),
            Asked::Latency => self.latency_answered(true, now),
            Asked::Standby => self.stands_by(),
            Asked::Trigger(Trigger::Setup | Trigger::Pause) | Asked::KeepAlive => {}
            Asked::Trigger(Trigger::Play) => self.play_trigger_answered(now),
            // The sink's M8 follows; if it does not, the grace period ends the session.
            Asked::Trigger(Trigger::Teardown) => {}
        }
    }

    /// The request that a reply belongs to: by CSeq. A reply without one, or with one that we never
    /// used, belongs to the only request that is out, if there is only one; a reply to a request
    /// that is not awaited any more is passed over.
    fn match_reply(&mut self, response: &Response<'_>) -> Option<Pending> {
        let cseq = response.headers.cseq();
        let by_number = self
            .pending
            .iter()
            .position(|pending| Some(pending.cseq) == cseq);
        let is_ours = cseq.is_some_and(|cseq| (1..self.next_cseq).contains(&cseq));
        let index = match (by_number, self.pending.len()) {
            (Some(index), _) => index,
            (None, 1) if !is_ours => 0,
            (None, _) => return None,
        };
        // Always so: said again, it keeps a panic path out.
        (index < self.pending.len()).then(|| self.pending.remove(index))
    }

    fn refused(&mut self, asked: Asked, response: &Response<'_>, now: Instant) {
        let status = response.status;
        self.notice_refusal(asked, status);
        match asked {
            // Any answer to M16 is a sign of life (S2.1 §6.5).
            Asked::KeepAlive => {}
            Asked::Capabilities if !self.asked_again => self.ask_again(now),
            // The short question is out: its answer decides.
            Asked::Capabilities if self.awaits(Asked::Capabilities) => {}
            Asked::Trigger(Trigger::Play) if self.play_trigger_refused(status) => {}
            Asked::Latency => self.latency_answered(false, now),
            Asked::Standby => self.standby_refused(),
            // A sink that will not pause shows the last picture; that is no reason to end.
            Asked::Trigger(Trigger::Pause) => {}
            Asked::Trigger(Trigger::Teardown) => self.finish(),
            Asked::Formats | Asked::Trigger(Trigger::Setup) => {
                self.offer_refused(asked, response, now);
            }
            Asked::Options
            | Asked::Capabilities
            | Asked::ModeChange
            | Asked::Trigger(Trigger::Play) => {
                self.fail(Reason::Refused(asked, status), now);
            }
        }
    }

    pub(super) fn awaits(&self, asked: Asked) -> bool {
        self.pending.iter().any(|pending| pending.asked == asked)
    }

    fn options_answered(&mut self, now: Instant) {
        self.greeted.0 = true;
        if self.greeted.1 {
            self.greeted_fully(now);
        } else {
            // Some sinks never send M2 (quirk Q11): go on without it.
            self.timers
                .set(Alarm::OptionsWait, now + limits::OPTIONS_WAIT);
        }
    }

    /// M3 once more, with the mandatory names only.
    pub(super) fn ask_again(&mut self, now: Instant) {
        if self.phase != Phase::Asking || self.asked_again {
            return;
        }
        self.asked_again = true;
        self.timers.stop(Alarm::AskAgain);
        // Either question may be answered, but only the later one is waited for.
        for pending in &mut self.pending {
            pending.deadline = None;
        }
        ours::capabilities(self, now);
    }

    fn capabilities_answered(&mut self, body: &[u8], now: Instant) {
        if self.phase != Phase::Asking {
            return;
        }
        self.timers.stop(Alarm::AskAgain);
        self.pending
            .retain(|pending| pending.asked != Asked::Capabilities);
        self.arm_reply_timer();
        self.notice_names(body);
        if let Err(malformed) = self.sink.read(body) {
            return self.fail(Reason::BadCapabilities(malformed.parameter), now);
        }
        if self.sink.rtp_ports.is_none() {
            return self.fail(Reason::BadCapabilities(names::CLIENT_RTP_PORTS), now);
        }
        match self.choose_modes() {
            Ok(reduced) => {
                self.go(Phase::AwaitingMode);
                let monitor = self.sink.monitor_connected();
                self.emit(Event::Negotiated { monitor, reduced });
                let wait = match self.best_mode() {
                    Some(_) => limits::MODE_SET_WAIT,
                    None => limits::NO_MODE_WAIT,
                };
                self.timers.set(Alarm::ModeWait, now + wait);
            }
            Err(reason) => self.fail(reason, now),
        }
    }

    /// Fills the selection. `Ok` says whether the bit rate cut the list.
    pub(super) fn choose_modes(&mut self) -> Result<bool, Reason> {
        let Some(start) = self.start else {
            return Err(Reason::IllegalPhaseChange);
        };
        let quirks = self.fired();
        self.bound_modes(start.bit_rate, quirks);
        let sound = self.sound_rate();
        let Some(offer) = VideoOffer::of(&self.sink) else {
            // An audio-only sink (quirk Q54) has a session without monitor.
            let missing = Reason::BadCapabilities(names::VIDEO_FORMATS);
            return self.sink.has_no_video().then_some(false).ok_or(missing);
        };
        let mut bounds = self.bounds;
        bounds.bit_rate = bounds.bit_rate.min(start.bit_rate.saturating_sub(sound));
        let mut selection = negotiate::select(&offer, &start.encoder, &bounds);
        if !selection.sustains_floor && sound != 0 {
            // Pictures without sound are better than nothing.
            self.sound.give_up();
            selection = negotiate::select(&offer, &start.encoder, &self.bounds);
        }
        // Without a monitor there is nothing to show, and so nothing that the link must carry.
        let verdict = match (self.sink.monitor_connected(), selection.sustains_floor) {
            (false, _) => Ok(false),
            (true, false) => Err(Reason::LinkTooSlow),
            (true, true) if selection.candidates.is_empty() => Err(Reason::NoCommonMode),
            (true, true) => Ok(selection.reduced_by_bandwidth),
        };
        self.selection = Some(selection);
        verdict
    }

    /// What the link, the sink and its quirks leave of the modes.
    fn bound_modes(&mut self, suggested: u64, quirks: Fired) {
        let sink_rate = self.sink.max_bit_rate.unwrap_or(u64::MAX);
        self.bounds.bit_rate = suggested.min(sink_rate);
        self.bounds.baseline_first = quirks.changes_to(Change::BaselineFirst);
        self.bounds.maximum = quirks.changes().find_map(|change| match change {
            Change::MaximumMode(mode) => Some(mode),
            _ => None,
        });
    }

    fn formats_answered(&mut self, now: Instant) {
        if self.phase != Phase::Proposing {
            return;
        }
        self.modes.accept();
        self.input_agreed();
        self.sound_agreed();
        self.go(Phase::AwaitingSetup);
        self.prepare_setup(now);
        self.unsettled = true;
    }

    fn mode_change_answered(&mut self) {
        self.modes.accept();
        self.unsettled = true;
    }
}
