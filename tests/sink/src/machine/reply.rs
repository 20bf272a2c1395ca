//! Replies of the source to our requests.

use super::form;
use super::quirks::Step;
use super::rules::Rule;
use super::{End, Event, Machine, Out, Phase, nanos};
use crate::rtsp::Message;

impl Machine {
    /// Handles one reply. The start line is known to be a status line.
    pub(super) fn reply(&mut self, message: &Message) {
        let cseq = form::cseq(message, &mut self.breaches);
        let found = self.pending.iter().position(|p| Some(p.cseq) == cseq);
        let pending = found.and_then(|n| self.pending.remove(n));
        self.log_reply(pending.as_ref(), message);
        let Some(pending) = pending else {
            self.breaches
                .add(Rule::CSeq, format!("reply {cseq:?} to no request"));
            return;
        };
        // Replies come in the order of the requests.
        self.breaches
            .require(found == Some(0), Rule::Order, || format!("reply {cseq:?}"));
        if self.misbehave(pending.step) {
            return;
        }
        let status = message.status().unwrap_or_default();
        if status == 200 {
            self.accepted(pending.step, message);
        } else {
            self.breaches
                .add(Rule::Status, format!("{status} to {:?}", pending.step));
            self.refused(pending.step, status);
        }
    }

    fn accepted(&mut self, step: Step, message: &Message) {
        match step {
            Step::M2Reply => {
                form::check_public(message, &mut self.breaches);
                self.m2_reply_read = self.reads;
                if self.phase == Phase::M2Reply {
                    let deaf_for = nanos(self.settings.quirks.deaf_for);
                    self.deaf_until_ns = self.breaches.now_ns.saturating_add(deaf_for);
                    self.expect(Phase::M3, "M3");
                }
            }
            Step::M6Reply => self.set_up(message),
            Step::M7Reply => {
                let foreign = ["Public", "Transport"]
                    .iter()
                    .find(|h| message.header(h).is_some());
                self.breaches
                    .require(foreign.is_none(), Rule::PlayReply, || {
                        format!("{foreign:?}")
                    });
                let now = self.breaches.now_ns;
                self.phase = Phase::Playing;
                self.last_media_ns = now;
                // A player that is open takes what came before this reply was read, too.
                let opens_after = self.settings.quirks.player_opens_after;
                if !opens_after.is_zero() {
                    self.player_opens_ns = now.saturating_add(nanos(opens_after));
                }
                self.out.push_back(Out::Event(Event::Playing));
                self.take_up_habits();
            }
            Step::PauseReply => {
                self.phase = Phase::Paused;
                self.out.push_back(Out::Event(Event::Paused));
            }
            Step::M8Reply => self.end(End::TornDown),
            Step::StandbyReply => self.stand_by(),
            Step::SetReply
            | Step::Standby
            | Step::M1
            | Step::M3
            | Step::M4
            | Step::SetupTrigger
            | Step::PlayTrigger
            | Step::PauseTrigger
            | Step::Latency
            | Step::TeardownTrigger
            | Step::KeepAlive => {}
        }
    }

    fn set_up(&mut self, message: &Message) {
        let capabilities = &self.settings.capabilities;
        let ports = form::transport(message, capabilities, &mut self.breaches);
        let session = form::session(message, &mut self.breaches);
        let longest = self.settings.quirks.session_id_max.unwrap_or(usize::MAX);
        if session.id.len() > longest {
            return self.end(End::Quirk);
        }
        self.session = Some(session);
        self.last_keep_alive_ns = self.breaches.now_ns;
        self.phase = Phase::Ready;
        if let Some((rtp, rtcp)) = ports {
            self.out.push_back(Out::Event(Event::SetUp { rtp, rtcp }));
        }
        if !self.settings.quirks.never_play {
            self.session_request("PLAY", Step::M7Reply);
        }
    }

    /// Without these there is no session; the rest can be refused and life goes on.
    fn refused(&mut self, step: Step, status: u16) {
        match step {
            Step::M2Reply | Step::M6Reply | Step::M7Reply => self.end(End::Refused(status)),
            Step::M8Reply => self.end(End::TornDown),
            _ => {}
        }
    }
}
