//! What is offered to a sink that refused M4, or the SETUP trigger because of what M4 said: a bounded
//! series of smaller offers, each made once.
//!
//! Sinks refuse what they said they can do, with codes that say little (quirks Q23, Q24). If the
//! refusal names what it is about, the steps that change that come first; the last offer is what
//! every sink must decode, unless the sink offers Constrained High alone: then it is the best smaller
//! mode in that. What it is not: a MODE_SET in a session that plays is refused for good
//! (DDI-30), because the picture of the old mode is gone by then.

use super::end::{Asked, OfferRefused, Reason};
use super::io::{Alarm, Event};
use super::machine::Machine;
use super::phase::Phase;
use crate::rtsp::{Response, Status};
use crate::time::Instant;
use crate::wfd::coded::Coding;
use crate::wfd::modes::mode;
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::{names, refusals};

/// One way to make an offer smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same without input of the sink's user.
    WithoutInput,
    /// H.264 in place of H.265: the same mode, or the best one that H.264 carries.
    OtherCodec,
    /// The best mode with fewer macroblocks per second.
    SmallerMode,
    /// The same in Constrained Baseline profile.
    Baseline,
    /// The smallest mode that sink and encoder have in common, in Constrained Baseline profile.
    Least,
    /// The same with sound in another format.
    OtherAudio,
    /// The same without sound.
    WithoutAudio,
}

/// Number of steps.
const STEPS: usize = Step::WithoutAudio as usize + 1;

/// The steps in the order in which they are taken: each at most once, but for another format of
/// sound, which each time is one less.
const ORDER: &[Step] = &[
    Step::WithoutInput,
    Step::OtherCodec,
    Step::SmallerMode,
    Step::Baseline,
    Step::Least,
    Step::WithoutAudio,
];

/// The order if the refusal is about the video format.
const VIDEO_FIRST: &[Step] = &[
    Step::OtherCodec,
    Step::SmallerMode,
    Step::Baseline,
    Step::Least,
    Step::WithoutInput,
    Step::WithoutAudio,
];

/// The order if the refusal is about profile or level (S2.1 Table 96, code 457).
const PROFILE_FIRST: &[Step] = &[
    Step::OtherCodec,
    Step::Baseline,
    Step::SmallerMode,
    Step::Least,
    Step::WithoutInput,
    Step::WithoutAudio,
];

/// The order if the refusal is about sound.
const AUDIO_FIRST: &[Step] = &[
    Step::OtherAudio,
    Step::WithoutAudio,
    Step::WithoutInput,
    Step::OtherCodec,
    Step::SmallerMode,
    Step::Baseline,
    Step::Least,
];

/// The answers to M4 that mean "not this": another offer may be accepted. Any other one is about us
/// or about the session, and ends it.
const NEGOTIABLE: [Status; 8] = [
    Status::SEE_OTHER,
    Status::FORBIDDEN,
    Status::NOT_ACCEPTABLE,
    Status(415),
    Status::PARAMETER_NOT_UNDERSTOOD,
    Status::NOT_ENOUGH_BANDWIDTH,
    Status::INVALID_RANGE,
    Status::UNSUPPORTED_TRANSPORT,
];

/// The parameters of our M4.
const OFFERED: [&str; 10] = [
    names::VIDEO_FORMATS,
    names::R2_VIDEO_FORMATS,
    names::WFDX_VIDEO_FORMATS,
    names::MICROSOFT_VIDEO_FORMATS,
    names::AUDIO_CODECS,
    names::R2_AUDIO_CODECS,
    names::UIBC_CAPABILITY,
    names::UIBC_SETTING,
    names::CLIENT_RTP_PORTS,
    names::PRESENTATION_URL,
];

/// Those of them that name the video format.
const VIDEO: [&str; 4] = [
    names::VIDEO_FORMATS,
    names::R2_VIDEO_FORMATS,
    names::WFDX_VIDEO_FORMATS,
    names::MICROSOFT_VIDEO_FORMATS,
];

/// The code for profile and level (S2.1 Table 96).
const PROFILE_OR_LEVEL: u16 = 457;

/// Which steps were taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ladder {
    taken: [bool; STEPS],
}

impl Ladder {
    pub(super) const fn new() -> Self {
        Self {
            taken: [false; STEPS],
        }
    }

    /// Takes a step. False if it was taken before.
    fn take(&mut self, step: Step) -> bool {
        match self.taken.get_mut(step as usize) {
            Some(taken) => !core::mem::replace(taken, true),
            None => false,
        }
    }
}

impl Machine {
    /// The sink refused M4 before the session plays, or the SETUP trigger that followed: offers less,
    /// or ends the session.
    pub(super) fn offer_refused(&mut self, asked: Asked, response: &Response<'_>, now: Instant) {
        let refused = match self.phase {
            Phase::Proposing => self.modes.take_proposed(),
            Phase::AwaitingSetup => self.modes.take_agreed(),
            // Its M6 is here: it has thought better of it.
            _ => return,
        };
        let Some(refused) = refused else {
            return self.end(Reason::IllegalPhaseChange);
        };
        let (status, body) = (response.status, response.body);
        let refusal = OfferRefused {
            asked,
            status,
            blamed: blamed(body),
            mode: refused.mode,
            audio: self.sound.offered(),
        };
        let negotiable = NEGOTIABLE.contains(&status) && !refusal.is_about_transport();
        let order = match refusal.blamed {
            Some((name, code)) if VIDEO.contains(&name) => match code {
                PROFILE_OR_LEVEL => PROFILE_FIRST,
                _ => VIDEO_FIRST,
            },
            Some((names::AUDIO_CODECS | names::R2_AUDIO_CODECS, _)) => AUDIO_FIRST,
            Some(_) | None => ORDER,
        };
        let offered = self.modes_left();
        for step in order.iter().copied().filter(|_| negotiable) {
            if let Some(smaller) = self.smaller_offer(step, &refused) {
                self.emit(Event::OfferReduced { refusal, step });
                let cut = self.modes_left() != offered;
                let failed = self.keep_wanted();
                if cut {
                    self.emit(Event::ModesCut { failed });
                }
                if self.phase == Phase::AwaitingSetup {
                    self.withdraw();
                }
                return self.repropose(smaller, now);
            }
        }
        self.fail(Reason::OfferRefused(refusal), now);
    }

    /// Goes back to M4: what was agreed is not.
    fn withdraw(&mut self) {
        self.timers.stop(Alarm::Request);
        self.go(Phase::Proposing);
        self.stop_encoding();
        self.input_withdrawn();
    }

    fn modes_left(&self) -> usize {
        self.selection
            .as_ref()
            .map_or(0, |selection| selection.candidates.len())
    }

    /// The offer after a step, if the step was not taken yet and changes anything.
    fn smaller_offer(&mut self, step: Step, refused: &Candidate) -> Option<Candidate> {
        let same_mode = match step {
            Step::WithoutInput => self.give_up_input() && self.ladder.take(step),
            Step::OtherAudio => self.refuse_sound(refused),
            Step::WithoutAudio => self.give_up_sound() && self.ladder.take(step),
            Step::OtherCodec | Step::SmallerMode | Step::Baseline | Step::Least => {
                return self.smaller_mode(step, refused);
            }
        };
        same_mode.then_some(*refused)
    }

    /// The mode after a step, if the step was not taken yet and changes anything.
    fn smaller_mode(&mut self, step: Step, refused: &Candidate) -> Option<Candidate> {
        let rate = mode(refused.mode)?.macroblocks_per_second();
        let before = self.bounds;
        match step {
            Step::OtherCodec if refused.coded.coding() == Coding::H264 => return None,
            Step::OtherCodec => self.bounds.h264_only = true,
            Step::SmallerMode => self.bounds.below = Some(rate),
            Step::Baseline if refused.coded.is_baseline() => return None,
            Step::Baseline | Step::Least => self.bounds.baseline = true,
            Step::WithoutInput | Step::OtherAudio | Step::WithoutAudio => return None,
        }
        let chosen = self.choose_modes().is_ok();
        let found = chosen.then(|| self.best_after(step, refused)).flatten();
        if found.is_some() && self.ladder.take(step) {
            return found;
        }
        // The list is again what it was before the step.
        self.bounds = before;
        self.choose_modes().ok()?;
        None
    }

    /// The mode to offer of those that a step has left.
    fn best_after(&self, step: Step, refused: &Candidate) -> Option<Candidate> {
        let candidates = &self.selection.as_ref()?.candidates;
        let same = candidates.iter().find(|one| one.mode == refused.mode);
        let found = match step {
            Step::OtherCodec => same.or_else(|| candidates.first()),
            Step::Baseline => same,
            Step::Least => candidates
                .iter()
                .min_by_key(|candidate| candidate.bit_rate_floor),
            _ => candidates.first(),
        };
        found.copied().filter(|found| found != refused)
    }
}

/// The first parameter of ours that a 303 names, and the code.
fn blamed(body: &[u8]) -> Option<(&'static str, u16)> {
    refusals(body).find_map(|(name, code)| {
        let ours = OFFERED
            .iter()
            .find(|ours| ours.eq_ignore_ascii_case(name))?;
        Some((*ours, code.0))
    })
}

impl OfferRefused {
    /// Whether no other format helps: the sink refuses where or how it is sent.
    fn is_about_transport(&self) -> bool {
        self.blamed.is_some_and(|(name, _)| {
            [names::CLIENT_RTP_PORTS, names::PRESENTATION_URL].contains(&name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AUDIO_FIRST, ORDER, PROFILE_FIRST, VIDEO_FIRST};

    /// Whatever a refusal is about, nothing that makes an offer smaller is left out.
    #[test]
    fn every_order_has_every_step_once() {
        for order in [ORDER, VIDEO_FIRST, PROFILE_FIRST, AUDIO_FIRST] {
            for step in ORDER {
                let times = order.iter().filter(|one| *one == step).count();
                assert_eq!(times, 1, "{step:?} in {order:?}");
            }
        }
    }
}
