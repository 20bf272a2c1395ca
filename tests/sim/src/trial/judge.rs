//! Plays a trial, and says what was wrong.

use core::cell::RefCell;
use core::panic::AssertUnwindSafe;
use core::time::Duration;
use std::panic::{self, catch_unwind};

use miracast_core::session::{Phase, Reason};
use miracast_net::Nanos;
use miracast_sink::machine::{Command, Rule};
use miracast_sink::stream::Fault as StreamFault;
use miracast_umd::engine::Memory;

use super::explain::alone;
use super::{Trial, Verdict, healed};
use crate::fault::{Answer, BadRecord, Fault};
use crate::outcome::Outcome;
use crate::session::Session;
use crate::windows::Inside;

const SECOND: Nanos = 1_000_000_000;

/// Pictures of a second that are shown unchanged when a session plays: half of the mode's thirty, because
/// the rate may have been lowered.
const PLAYING: u64 = 12;

/// Units of captured sound of a second that come when a session plays with sound, of a hundred: one more late
/// than the driver still sends is none.
const SOUNDING: u64 = 80;

/// Start returns in this time, unless something was late: M1, M2 and M3 have 5 s each.
const START_MAX: Nanos = 16 * SECOND;

/// What a stream may show when it was late on the way: intervals and clocks, and no content.
const LATE: [StreamFault; 7] = [
    StreamFault::PsiInterval,
    StreamFault::PcrInterval,
    StreamFault::RtpClock,
    StreamFault::PcrClock,
    StreamFault::PtsLate,
    StreamFault::PtsEarly,
    StreamFault::AudioOverlap,
];

impl Trial {
    /// Plays it.
    pub fn run(&self) -> Verdict {
        match caught(|| self.play()) {
            Ok(verdict) => verdict,
            Err(text) => Verdict {
                wrong: vec![format!("panic: {text}")],
                trace: Vec::new(),
                totals: None,
                digest: String::new(),
            },
        }
    }

    fn play(&self) -> Verdict {
        let plan = self.plan();
        let mut memory = Box::new(Memory::new());
        let mut session = match Session::create(&plan, &mut memory) {
            Ok(session) => session,
            Err(status) => return self.not_created(Reason::Miniport(status.0)),
        };
        session.start();
        let end = session.world.now + miracast_net::nanos(plan.length);
        let stop = self.stops_at();
        let mut played = Played::new(healed(self), self.is_to_sound());
        session.run_until(end, |session| {
            !session.world.windows.violations.is_empty()
                || session.wait().ended
                || stop.is_some_and(|turn| session.turns >= turn && session.can_be_stopped())
                || played.enough(session)
        });
        let phase = session.engine().phase();
        let inside = session.world.windows.inside;
        let reason = session.engine().end();
        let stopped = stop.is_some_and(|turn| session.turns >= turn);
        let late_start = inside == Inside::Start && session.wait().started.is_none();
        session.stop();
        let mut wrong = Vec::new();
        if late_start && session.world.now > healed(self) + START_MAX {
            wrong.push("DDI-17: Start does not return".to_owned());
        }
        match reason {
            Some(reason) if !self.explains(reason) => {
                wrong.push(format!("the end is not explained: {reason}"));
            }
            None if !stopped && !played.done && self.is_to_play() => {
                wrong.push(format!("does not play again, but is {phase:?}"));
            }
            Some(_) | None => {}
        }
        let outcome = session.outcome_of_part(phase);
        let ended = reason.is_some() || matches!(phase, Phase::Closing(_));
        wrong.extend(self.breaches(&outcome, ended));
        Verdict {
            wrong,
            trace: outcome.trace,
            totals: outcome.totals,
            digest: outcome.digest.to_string(),
        }
    }

    fn not_created(&self, reason: Reason) -> Verdict {
        let wrong = (!self.explains(reason)).then(|| format!("not created: {reason}"));
        Verdict {
            wrong: wrong.into_iter().collect(),
            trace: Vec::new(),
            totals: None,
            digest: String::new(),
        }
    }

    fn is_to_play(&self) -> bool {
        !self.has(|fault| matches!(fault, Fault::Sink(name) if !alone(name).plays))
    }

    /// Whether its sound comes back: neither sink nor miniport does without.
    fn is_to_sound(&self) -> bool {
        let spoils = |fault: &Fault| {
            matches!(
                fault,
                Fault::Sink(_) | Fault::Escape(..) | Fault::Miniport(_) | Fault::SoundRecords(_)
            )
        };
        self.has_sound() && !self.has(spoils)
    }

    /// What must hold of the whole.
    fn breaches(&self, outcome: &Outcome, ended: bool) -> Vec<String> {
        let mut wrong = outcome.violations.clone();
        // The rest of a picture whose stream was closed before all of it was there does not come; without
        // a length in its PES the sink cannot know.
        let cut = outcome.media.units_torn + u64::from(self.pauses_late());
        if outcome.units_wrong > cut {
            wrong.push(format!("{} pictures came changed", outcome.units_wrong));
        }
        if outcome.units_orphaned > 0 && !self.loses_pictures() {
            let orphaned = outcome.units_orphaned;
            wrong.push(format!(
                "{orphaned} pictures came without those that they refer to"
            ));
        }
        let accounted = outcome.units_right + outcome.units_missing;
        if accounted != outcome.encoded {
            wrong.push(format!("{accounted} of {} pictures", outcome.encoded));
        }
        if outcome.audio.lost_streams == 0
            && !is_part(&outcome.stream.sound.hashes(), &outcome.captured)
        {
            wrong.push("sound came that was not captured".to_owned());
        }
        let of_network = self.of_network();
        for (fault, finding) in outcome.stream.faults.iter() {
            let torn = fault == StreamFault::PesLength && finding.count <= outcome.media.units_torn;
            if !torn && !of_network.contains(&fault) {
                wrong.push(format!("stream: {fault:?} {finding:?}"));
            }
        }
        let forgiven = self.forgiven(ended);
        for (rule, text) in &outcome.rules_broken {
            if !forgiven.contains(rule) {
                wrong.push(format!("sink: {rule:?} {text}"));
            }
        }
        wrong
    }

    /// Whether pictures are lost so that the driver cannot know.
    fn loses_pictures(&self) -> bool {
        let lost = |fault: &Fault| *fault == Fault::Records(BadRecord::Lost);
        self.has(lost)
            || self.has(Fault::loses_datagrams)
            || self.sinks().any(|name| alone(name).late)
    }

    /// What the stream may show that is not the driver's doing.
    fn of_network(&self) -> Vec<StreamFault> {
        let mut faults = Vec::new();
        if self.is_late() || self.pauses() && self.delays() > Duration::ZERO {
            faults.extend(LATE);
        }
        if self.has(Fault::loses_datagrams) {
            // The tables came first, and were lost; or what ended a picture was overtaken.
            faults.extend([StreamFault::PmtMissing, StreamFault::RtpMarker]);
        }
        for timed in &self.faults {
            match timed.fault {
                // It is played when it was captured.
                Fault::SoundRecords(BadRecord::NoTime | BadRecord::Future) => {
                    faults.push(StreamFault::AudioOverlap);
                }
                Fault::Records(BadRecord::Delimiter) => faults.push(StreamFault::EsDelimiter),
                // The marker is at the end that the record tells of.
                Fault::Records(BadRecord::NoEnd) => faults.push(StreamFault::RtpMarker),
                _ => {}
            }
        }
        if self.pauses_late() {
            faults.extend([
                StreamFault::EsFirstPicture,
                StreamFault::PesLength,
                StreamFault::PesStart,
            ]);
        }
        for name in self.sinks() {
            faults.extend(&alone(name).stream);
        }
        faults
    }

    /// Whether something makes what is sent late.
    fn is_late(&self) -> bool {
        self.has(|fault| {
            matches!(
                fault,
                Fault::Late(_)
                    | Fault::Jump(_)
                    | Fault::Escape(_, Answer::Slow(_))
                    | Fault::Outage
                    | Fault::Bandwidth(_)
                    | Fault::Overtaken(_)
                    | Fault::MediaFull
                    | Fault::MediaRoom(_)
            )
        })
    }

    /// Whether somebody may pause the stream.
    fn pauses(&self) -> bool {
        self.has(|fault| {
            matches!(
                fault,
                Fault::Message(_) | Fault::Messages | Fault::Malformed(_) | Fault::Does(_)
            )
        })
    }

    /// Whether what was sent before a pause may come after its beginning. The sink finds a pause out by its
    /// silence, and takes what comes next for the first picture after it.
    fn pauses_late(&self) -> bool {
        let late_player = self.sinks().any(|name| alone(name).late);
        self.pauses() && (late_player || self.is_late() || self.has(Fault::loses_datagrams))
    }

    /// Rules that the faults break for the driver.
    fn forgiven(&self, ended: bool) -> Vec<Rule> {
        let mut forgiven = Vec::new();
        if self.delays() > Duration::ZERO {
            forgiven.extend([Rule::Timing, Rule::Segments, Rule::Gap]);
            // Who is too late may say what the other does not expect any more.
            forgiven.extend([Rule::Order, Rule::M4]);
        }
        if ended {
            // What crosses with the other's goodbye is not expected any more.
            forgiven.extend([Rule::Status, Rule::Order, Rule::M4]);
        }
        if self.has(|fault| *fault == Fault::Does(Command::Standby)) {
            // Nearly everything is refused in standby.
            forgiven.push(Rule::Status);
        }
        for name in self.sinks() {
            forgiven.extend(&alone(name).rules);
        }
        forgiven
    }
}

/// Whether `part` is in `whole`, in order.
fn is_part(part: &[u64], whole: &[u64]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|one| rest.any(|other| other == one))
}

/// What the sink has got.
#[derive(Clone, Copy)]
struct Got {
    pictures: u64,
    /// Units of sound that the miniport has captured.
    sound: u64,
}

impl Got {
    fn now(session: &Session<'_>) -> Self {
        let sink = &session.world.sink;
        let silent = session.engine().media_counters().silent_units;
        Self {
            pictures: sink.units_right,
            sound: sink.checker.report().sound.units.saturating_sub(silent),
        }
    }
}

/// Whether the session plays again.
struct Played {
    healed: Nanos,
    /// With its sound.
    sounds: bool,
    /// When a second of pictures begins, and what the sink has by then.
    since: Option<(Nanos, Got)>,
    done: bool,
}

impl Played {
    fn new(healed: Nanos, sounds: bool) -> Self {
        Self {
            healed,
            sounds,
            since: None,
            done: false,
        }
    }

    /// Whether a second has passed in which it played.
    fn enough(&mut self, session: &Session<'_>) -> bool {
        let now = session.world.now;
        if now <= self.healed || session.engine().phase() != Phase::Playing {
            self.since = None;
            return false;
        }
        let got = Got::now(session);
        let (since, before) = *self.since.get_or_insert((now, got));
        if now < since + SECOND {
            return false;
        }
        let sounds = !self.sounds || got.sound >= before.sound + SOUNDING;
        self.done = sounds && got.pictures >= before.pictures + PLAYING;
        self.since = None;
        self.done
    }
}

thread_local! {
    /// What the panic of this thread said.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `play`; what a panic said, if it did.
fn caught<T>(play: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(play)).map_err(|_| SAID.take())
}

/// From now on a panic is a line of a verdict, and not of the screen.
pub fn keep_panics() {
    panic::set_hook(Box::new(|panic| {
        SAID.set(panic.to_string());
    }));
}
