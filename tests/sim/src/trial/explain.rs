//! Which ends the faults of a trial explain.

use core::time::Duration;
use std::sync::OnceLock;

use miracast_core::session::{Asked, Phase, Reason};
use miracast_kmd_iface::NtStatus;
use miracast_miniport::script::Action;
use miracast_sink::machine::{Command, Rule};
use miracast_sink::profile::{PROFILES, Profile};
use miracast_sink::stream::Fault as StreamFault;

use super::{RATE, Trial};
use crate::fault::{Answer, BadRecord, Bug, Fault};
use crate::plan::Plan;
use crate::session::run_and_end;
use crate::shell::RESET;

/// Waits below this break no limit of the protocol: answers have 5 s, and the network takes its part.
const PATIENCE: Duration = Duration::from_millis(4500);

/// Rates below this do not carry the mode for long.
const LEAST_RATE: u64 = RATE;

/// How long a link may starve before that is an end.
const STARVING: Duration = Duration::from_millis(2500);

/// What becomes of a sink to which nothing happens.
#[derive(Clone, Debug)]
pub(super) struct Alone {
    /// It shows pictures.
    pub(super) plays: bool,
    /// Why the session ends, if it does.
    end: Option<Reason>,
    /// What it finds wrong: it needs what it does not get.
    pub(super) rules: Vec<Rule>,
    /// Its player is late: pictures are lost that others refer to.
    pub(super) late: bool,
    /// The same of the stream.
    pub(super) stream: Vec<StreamFault>,
}

/// What becomes of the sink of this name when it is left alone; found out once.
pub(super) fn alone(name: &str) -> &'static Alone {
    static KNOWN: [OnceLock<Alone>; PROFILES.len()] = [const { OnceLock::new() }; PROFILES.len()];
    let place = PROFILES.iter().position(|profile| profile.name == name);
    let find_out = || {
        let mut plan = Plan::honest(1, Duration::from_secs(12));
        plan.bit_rate = RATE;
        if let Some(profile) = Profile::find(name) {
            profile.apply(&mut plan.sink);
        }
        let (outcome, end) = run_and_end(&plan);
        Alone {
            plays: end.is_none() && outcome.phase == Phase::Playing && outcome.units_right > 200,
            end,
            late: outcome.units_orphaned > 0,
            stream: outcome
                .stream
                .faults
                .iter()
                .map(|(fault, _)| fault)
                .collect(),
            rules: outcome.rules_broken.iter().map(|(rule, _)| *rule).collect(),
        }
    };
    KNOWN[place.unwrap_or(0)].get_or_init(find_out)
}

/// Sinks that have no video. By themselves they leave, or are left, after some seconds: who is first is a
/// matter of who waits.
const WITHOUT_VIDEO: [&str; 2] = ["Q54-none", "Q54-waits"];

impl Trial {
    /// Whether the faults explain that a session ended for this reason.
    pub(super) fn explains(&self, reason: Reason) -> bool {
        self.explained_by_waiting(reason)
            || self.explained_by_starving(reason)
            || self.has(|fault| explains(fault, reason))
    }

    /// Somebody waited for too long.
    fn explained_by_waiting(&self, reason: Reason) -> bool {
        let waited = matches!(
            reason,
            Reason::NoReply(_)
                | Reason::NoRequest(_)
                | Reason::Silent
                | Reason::Unread
                | Reason::SinkClosed
                | Reason::SinkTeardown
        );
        let without_video = || self.sinks().any(|name| WITHOUT_VIDEO.contains(&name));
        let waited = waited || reason == Reason::NoVideo && without_video();
        waited && self.delays() >= PATIENCE
    }

    /// The link did not carry the mode for too long.
    fn explained_by_starving(&self, reason: Reason) -> bool {
        let starving = |timed: &crate::fault::Timed| match timed.fault {
            Fault::Loss(_)
            | Fault::Overtaken(_)
            | Fault::Outage
            | Fault::Bandwidth(_)
            | Fault::MediaFull
            | Fault::MediaRoom(_) => timed.length,
            _ => Duration::ZERO,
        };
        let starved: Duration = self.faults.iter().map(starving).sum();
        reason == Reason::LinkTooSlow && starved >= STARVING
    }
}

/// Whether one fault explains that a session ended for this reason.
fn explains(fault: &Fault, reason: Reason) -> bool {
    match *fault {
        Fault::Sink(name) => alone(name).end == Some(reason),
        Fault::Reset => matches!(reason, Reason::ConnectionFailed(RESET) | Reason::SinkClosed),
        Fault::Escape(_, answer) => miniport(answer, reason),
        Fault::Records(BadRecord::Beyond | BadRecord::IndexAhead | BadRecord::IndexBack) => {
            reason == Reason::Miniport(NtStatus::INVALID_PARAMETER.0)
        }
        // Chance may be a record that is in form.
        Fault::Records(BadRecord::Noise) => {
            reason == Reason::Miniport(NtStatus::INVALID_PARAMETER.0)
        }
        Fault::Miniport(Bug::Ring(_)) => reason == Reason::Miniport(NtStatus::INVALID_PARAMETER.0),
        Fault::ChunksFailed(status) => reason == Reason::System(status.0),
        Fault::Rate(rate) => {
            reason == Reason::LinkTooSlow && rate.is_some_and(|rate| rate < LEAST_RATE)
        }
        Fault::Message(Action::LoseDevice(status)) => reason == Reason::DeviceLost(status.0),
        Fault::Message(Action::SetMode(_)) | Fault::OtherMode => matches!(
            reason,
            Reason::NoReply(Asked::ModeChange) | Reason::Refused(Asked::ModeChange, _)
        ),
        Fault::Malformed(_) => matches!(reason, Reason::DeviceLost(_)),
        Fault::Does(Command::Teardown) => {
            matches!(reason, Reason::SinkTeardown | Reason::SinkClosed)
        }
        Fault::Does(Command::Close) => reason == Reason::SinkClosed,
        _ => false,
    }
}

/// Whether this answer of the miniport explains the end.
fn miniport(answer: Answer, reason: Reason) -> bool {
    let Reason::Miniport(status) = reason else {
        return false;
    };
    // What was to be stopped or closed and was not is in the way later.
    let in_the_way = [NtStatus::INVALID_DEVICE_STATE, NtStatus::RESOURCE_IN_USE];
    let known = in_the_way.iter().any(|known| known.0 == status);
    match answer {
        Answer::Fails(said) | Answer::Refuses(said) | Answer::DoneAndFails(said) => {
            // A success without a reply is nonsense, too.
            known || said.0 == status || said.is_success()
        }
        Answer::Nothing | Answer::Noise | Answer::Cut | Answer::OtherSequence => true,
        Answer::Slow(_) => false,
    }
}
