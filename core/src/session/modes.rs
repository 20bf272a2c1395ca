//! Which mode Windows wants, which one the sink has agreed to, and which one is encoded.
//!
//! The three are brought together by [`Machine::settle_modes`], at every moment at which one of them
//! has changed: nothing else decides.

use super::end::{Asked, Reason};
use super::io::{Alarm, Event, FrameRate, ModeSet, StreamRequest};
use super::machine::Machine;
use super::ours;
use super::phase::Phase;
use crate::media;
use crate::time::Instant;
use crate::wfd::modes::mode;
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::Features;

#[derive(Clone, Copy, Debug)]
pub(super) struct Modes {
    last_sequence: Option<u32>,
    /// What Windows wants on the path.
    wanted: Option<StreamRequest>,
    /// M4 with this mode is out.
    proposed: Option<Candidate>,
    /// The sink said 200 to this mode.
    agreed: Option<Candidate>,
    /// The stream that the host was asked to open last.
    encoded: Option<StreamRequest>,
}

impl Modes {
    pub(super) const fn new() -> Self {
        Self {
            last_sequence: None,
            wanted: None,
            proposed: None,
            agreed: None,
            encoded: None,
        }
    }

    pub(super) const fn agreed(&self) -> Option<&Candidate> {
        self.agreed.as_ref()
    }

    /// The stream that was to be opened last is not there. A newer MODE_SET is on its way: it
    /// settles what is encoded.
    pub(super) fn forget_stream(&mut self) {
        self.encoded = None;
    }

    /// The monitor is gone, and its path with it: nothing is wanted before the next MODE_SET.
    pub(super) fn forget_path(&mut self) {
        self.wanted = None;
        self.encoded = None;
    }

    /// The sink refused M4: what it said, for the next offer.
    pub(super) const fn take_proposed(&mut self) -> Option<Candidate> {
        self.proposed.take()
    }

    /// The sink refused the SETUP trigger: what it had said 200 to, for the next offer.
    pub(super) const fn take_agreed(&mut self) -> Option<Candidate> {
        self.agreed.take()
    }

    /// The sink said 200 to M4.
    pub(super) fn accept(&mut self) {
        self.agreed = self.proposed.take().or(self.agreed);
    }
}

impl Machine {
    pub(super) fn mode_set(&mut self, set: &ModeSet) {
        if self.modes.last_sequence == Some(set.sequence) || self.selection.is_none() {
            return;
        }
        self.modes.last_sequence = Some(set.sequence);
        if set.width == 0 {
            self.modes.wanted = None;
            return self.stop_encoding();
        }
        let Some(candidate) = self.find(set) else {
            return self.emit(Event::ModeNotOffered {
                sequence: set.sequence,
            });
        };
        let request = StreamRequest {
            candidate,
            rate: set.rate,
            sequence: set.sequence,
        };
        self.modes.wanted = Some(request);
        self.unsettled = true;
    }

    /// The offered mode that a MODE_SET means. 59.94 Hz is the 60 Hz mode (S2.1 §5.1.5.1).
    fn find(&self, set: &ModeSet) -> Option<Candidate> {
        let rate = rounded(set.rate)?;
        let candidates = &self.selection.as_ref()?.candidates;
        let fits = |candidate: &&Candidate| {
            mode(candidate.mode).is_some_and(|mode| {
                (mode.width, mode.height, mode.interlaced)
                    == (set.width, set.height, set.interlaced)
                    && u32::from(mode.rate) == rate
            })
        };
        candidates.iter().find(fits).copied()
    }

    /// Brings what Windows wants in line with a list of modes that was cut. Returns the number of a
    /// MODE_SET that cannot be met any more.
    pub(super) fn keep_wanted(&mut self) -> Option<u32> {
        let wanted = self.modes.wanted?;
        let kept = self.selection.as_ref()?.candidate(wanted.candidate.mode);
        if let Some(&candidate) = kept {
            self.modes.wanted = Some(StreamRequest {
                candidate,
                ..wanted
            });
            None
        } else {
            self.modes.wanted = None;
            Some(wanted.sequence)
        }
    }

    /// The first of the list of modes.
    pub(super) fn best_mode(&self) -> Option<Candidate> {
        let selection = self.selection.as_ref()?;
        selection.candidates.first().copied()
    }

    /// Windows has set no mode in time. M4 has the best one then: PSI and PCR flow without pictures, and a
    /// MODE_SET that comes later is a mode change. If there is none, nothing can follow.
    pub(super) fn mode_wait_over(&mut self, now: Instant) {
        if self.phase != Phase::AwaitingMode {
            return;
        }
        match (self.best_mode(), &self.selection) {
            (Some(best), _) => self.propose(best, now),
            (None, None) => self.fail(Reason::NoVideo, now),
            (None, Some(selection)) if selection.sustains_floor => {
                self.fail(Reason::NoCommonMode, now);
            }
            (None, Some(_)) => self.fail(Reason::LinkTooSlow, now),
        }
    }

    fn propose(&mut self, candidate: Candidate, now: Instant) {
        self.timers.stop(Alarm::ModeWait);
        self.go(Phase::Proposing);
        self.repropose(candidate, now);
    }

    /// M4 before the session plays, for the first time or again.
    pub(super) fn repropose(&mut self, candidate: Candidate, now: Instant) {
        self.modes.proposed = Some(candidate);
        ours::formats(self, &candidate, now);
    }

    /// Moves what is agreed towards what is wanted, and what is encoded towards what is agreed.
    pub(super) fn settle_modes(&mut self, now: Instant) {
        let Some(wanted) = self.modes.wanted else {
            return;
        };
        let candidate = wanted.candidate;
        // While M4 is out its answer decides; it comes back here.
        let agreed = self.modes.proposed.is_none() && self.modes.agreed == Some(candidate);
        match self.phase {
            Phase::AwaitingMode => self.propose(candidate, now),
            Phase::AwaitingSetup
            | Phase::AwaitingPlay
            | Phase::Playing
            | Phase::Paused
            | Phase::Standby
                if agreed =>
            {
                self.encode(wanted);
            }
            Phase::Playing | Phase::Paused if self.changes_in_band(&candidate) => {
                self.modes.agreed = Some(candidate);
                self.encode(wanted);
            }
            // While M12 is out the sink may stand by already, and takes no M4 then.
            Phase::Playing | Phase::Paused
                if self.modes.proposed.is_none() && !self.awaits(Asked::Standby) =>
            {
                self.change_mode(candidate, now);
            }
            // The session does not play yet, or the sink stands by and takes no M4 (S2.1 §4.15): M7
            // comes back here.
            Phase::Idle
            | Phase::Greeting
            | Phase::Gap
            | Phase::Asking
            | Phase::Proposing
            | Phase::AwaitingSetup
            | Phase::AwaitingPlay
            | Phase::Playing
            | Phase::Paused
            | Phase::Standby
            | Phase::Closing(_)
            | Phase::Closed => {}
        }
    }

    /// Whether the sink follows to another mode by the parameter sets of the stream alone (MS-WFDPE
    /// §2.3.1.1). Coding and profile stay: a decoder is made for them.
    fn changes_in_band(&self, candidate: &Candidate) -> bool {
        let same_decoder = |agreed: &Candidate| agreed.coded.same_decoder(candidate.coded);
        self.modes.proposed.is_none()
            && self.sink.features.contains(Features::FORMAT_CHANGE)
            && self.modes.agreed.as_ref().is_some_and(same_decoder)
    }

    /// Asks the sink for another mode in a session that plays. The pictures of the old mode end
    /// first: what follows the answer is an IDR picture of the new one.
    fn change_mode(&mut self, candidate: Candidate, now: Instant) {
        self.stop_encoding();
        self.modes.proposed = Some(candidate);
        let started = self.media_start.unwrap_or(now);
        let pts = media::presentation_time(started, self.pts_lead(), now);
        ours::mode_change(self, &candidate, pts, now);
    }

    pub(super) fn stop_encoding(&mut self) {
        if self.modes.encoded.take().is_some() {
            self.emit(Event::StopPictures);
        }
    }

    fn encode(&mut self, request: StreamRequest) {
        let same = self.modes.encoded.is_some_and(|encoded| {
            (encoded.candidate, encoded.rate) == (request.candidate, request.rate)
        });
        if !same {
            self.modes.encoded = Some(request);
            self.emit(Event::Encode(request));
        }
    }
}

/// Pictures per second as in the mode tables: rounded, so that 59.94 is 60. `None` if it is no rate.
fn rounded(rate: FrameRate) -> Option<u32> {
    let twice = u64::from(rate.numerator).checked_mul(2)?;
    let denominator = u64::from(rate.denominator);
    let rounded = twice
        .checked_add(denominator)?
        .checked_div(denominator.checked_mul(2)?)?;
    u32::try_from(rounded).ok().filter(|rounded| *rounded != 0)
}
