//! A session to which things happen: drawn from a seed, judged by what must hold whatever happens.
//!
//! [`Trial::drawn`] makes a list of timed faults, [`Trial::run`] plays it and says what was wrong. Safety
//! is watched at every step. Then the faults are over, what they left behind is set right, and the
//! session must play again, or have ended for a reason that the faults explain.

mod draw;
mod explain;
mod judge;
mod shrink;
mod slice;

use core::fmt;
use core::time::Duration;

use miracast_kmd_iface::message::PowerState;
use miracast_miniport::script::{Action, ModeWish};
use miracast_net::nanos;
use miracast_sink::machine::Command;
use miracast_sink::profile::Profile;
use miracast_umd::engine::Totals;

pub use draw::Kind;
pub use judge::keep_panics;
pub use shrink::shrunk;
pub use slice::{Failure, Played, Slice};

use crate::fault::{Bug, Fault, Timed};
use crate::plan::Plan;

/// What Windows recommends for pictures, in bit/s: enough for the mode, and little to simulate.
const RATE: u64 = 2_000_000;

/// What it recommends more for sound, in bit/s: LPCM of two channels of 16 bits at 48 kHz.
const SOUND: u64 = 1_536_000;

/// One trial in so many has too little for sound.
const SILENT: u64 = 4;

/// What the encoder makes at most, in bit/s, and a ring for two of its largest pictures.
const RATE_MAX: u64 = 6_000_000;
const RING: u32 = 1 << 20;

/// One trial in so many has a sink without input.
const WITHOUT_INPUT: u64 = 5;

/// What the others say of it.
const INPUT: &str = "input_category_list=GENERIC, HIDC;generic_cap_list=Keyboard, MultiTouch;\
                     hidc_cap_list=Mouse/USB;port=none";

/// From one data-rate notice to the next (DDI-46).
const NOTICES: Duration = Duration::from_secs(1);

/// From the end of the last fault to what sets right what it left behind.
const HEALING: Duration = Duration::from_millis(50);

/// How long the session has then to play again: the longest waits of the control plane one after another.
const RECOVERY: Duration = Duration::from_secs(15);

/// A session and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Seeds the link, the pictures, and the driver's random numbers.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Vec<Timed>,
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, timed) in self.faults.iter().enumerate() {
            writeln!(f, "  {place}: {timed}")?;
        }
        Ok(())
    }
}

/// What became of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was wrong; empty if nothing.
    pub wrong: Vec<String>,
    /// The driver's own account.
    pub trace: Vec<String>,
    /// What the session came to, if it was begun and is over.
    pub totals: Option<Totals>,
    /// A fingerprint of everything that crossed the network.
    pub digest: String,
}

impl Trial {
    fn has(&self, wanted: impl Fn(&Fault) -> bool) -> bool {
        self.faults.iter().any(|timed| wanted(&timed.fault))
    }

    /// When the last fault is over.
    fn over(&self) -> Duration {
        let ends = self.faults.iter().map(Timed::end);
        // Whoever sleeps has the rest of it afterwards.
        let slept = self.faults.iter().map(|timed| match timed.fault {
            Fault::Jump(time) => time,
            _ => Duration::ZERO,
        });
        ends.max().unwrap_or_default() + slept.sum::<Duration>()
    }

    /// Whether there is sound, if sink and miniport have it.
    fn has_sound(&self) -> bool {
        !self.seed.is_multiple_of(SILENT)
    }

    /// Whether the sink offers input.
    fn has_input(&self) -> bool {
        let honest = self.sinks().next().is_none();
        honest && !self.seed.is_multiple_of(WITHOUT_INPUT)
    }

    /// What Windows recommends, in bit/s.
    fn rate(&self) -> u64 {
        if self.has_sound() { RATE + SOUND } else { RATE }
    }

    /// What sets right what the faults leave behind: Windows and the sink's user want to see a picture and
    /// to hear its sound.
    fn remedies(&self) -> Vec<Timed> {
        let messages = self.has(|fault| matches!(fault, Fault::Message(_) | Fault::Malformed(_)));
        let mut faults = Vec::new();
        if self.has(|fault| matches!(fault, Fault::Rate(_))) {
            // One a second (DDI-46): the first may be too early for the stream.
            faults.extend([Fault::Rate(Some(self.rate())); 3]);
        }
        if self.has(|fault| matches!(fault, Fault::Does(Command::Connect(None)))) {
            faults.push(Fault::Does(Command::Connect(Some(5))));
        }
        if self.has(|fault| matches!(fault, Fault::Does(Command::Mute(true)))) {
            faults.push(Fault::Does(Command::Mute(false)));
        }
        if messages || self.has(|fault| matches!(fault, Fault::Messages | Fault::OtherMode)) {
            faults.push(Fault::Message(Action::Power(PowerState::ON)));
            faults.push(Fault::Message(Action::Protection(0)));
            faults.push(Fault::Message(Action::SetMode(MODE)));
        }
        if self.has(|fault| matches!(fault, Fault::Does(Command::Pause | Command::Standby))) {
            faults.push(Fault::Does(Command::Play));
        }
        let mut after = self.over() + HEALING;
        let timed = |fault| {
            if matches!(fault, Fault::Rate(_)) {
                after += NOTICES;
            }
            Timed {
                after,
                length: Duration::ZERO,
                fault,
            }
        };
        let mut remedies: Vec<Timed> = faults.into_iter().rev().map(timed).collect();
        remedies.sort_by_key(|timed| timed.after);
        remedies
    }

    /// The session that is simulated.
    fn plan(&self) -> Plan {
        let length = self.over() + HEALING + RECOVERY;
        let mut plan = Plan::honest(self.seed, length);
        plan.bit_rate = self.rate();
        plan.miniport.encoder.max_bit_rate = RATE_MAX;
        plan.miniport.ring_bytes = RING;
        let honest = !self.has(|fault| matches!(fault, Fault::Sink(_)));
        plan.sink.capabilities.rtcp = honest && self.seed.is_multiple_of(2);
        if self.has_input() {
            let says = ("wfd_uibc_capability".to_owned(), INPUT.to_owned());
            plan.sink.capabilities.extra.push(says);
        }
        let bugs = &mut plan.miniport.misbehaviour;
        for timed in &self.faults {
            match timed.fault {
                Fault::Miniport(Bug::Ring(span)) => bugs.span = Some(span),
                Fault::Miniport(Bug::SoundRing(span)) => bugs.sound_span = Some(span),
                Fault::Miniport(Bug::NumbersAlike) => bugs.numbers_alike = true,
                Fault::Miniport(Bug::Sound(bad)) => bugs.sound = Some(bad),
                _ => {}
            }
        }
        for profile in self.sinks().filter_map(Profile::find) {
            profile.apply(&mut plan.sink);
        }
        for timed in &self.faults {
            // What the connection does to segments is not the driver's doing.
            if matches!(
                timed.fault,
                Fault::Pieces { .. } | Fault::Hold(_) | Fault::Narrow(_) | Fault::Full
            ) {
                plan.sink.whole_segments = false;
            }
        }
        plan.sink_joins_late = self.has(Fault::loses_datagrams);
        plan.faults = [self.faults.clone(), self.remedies()].concat();
        plan
    }

    /// Time for which somebody may have waited longer than the protocol allows.
    fn delays(&self) -> Duration {
        let delay = |timed: &Timed| match timed.fault {
            Fault::Pieces { .. } | Fault::Hold(_) | Fault::Full | Fault::Narrow(_) => timed.length,
            Fault::Jump(time) => time,
            Fault::Late(late) => late * 2,
            Fault::Escape(_, crate::fault::Answer::Slow(time)) => time * 4,
            _ => Duration::ZERO,
        };
        self.faults.iter().map(delay).sum()
    }

    /// The sink's profile, if it has one.
    fn sinks(&self) -> impl Iterator<Item = &'static str> {
        self.faults.iter().filter_map(|timed| match timed.fault {
            Fault::Sink(name) => Some(name),
            _ => None,
        })
    }

    fn stops_at(&self) -> Option<u32> {
        self.faults.iter().find_map(|timed| match timed.fault {
            Fault::StopAtTurn(turn) => Some(turn),
            _ => None,
        })
    }
}

/// The mode that Windows wants to see in the end.
const MODE: ModeWish = ModeWish::Exactly {
    width: 1280,
    height: 720,
    hertz: 30,
};

/// When the faults are over, on the virtual clock.
fn healed(trial: &Trial) -> u64 {
    crate::world::START + nanos(trial.over() + HEALING)
}
