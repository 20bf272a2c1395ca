//! What the engine adds to the session's own notes, and where all of it is kept.
//!
//! Everything is taken after the fact, by comparing: whoever does something need not know that it is
//! written down.

use miracast_core::quirks::Fired;
use miracast_core::session::{Event, Reason, Session};
use miracast_core::time::Instant;
use miracast_core::trace::{Entry, SoundFault, Trace, What};

use super::{AudioCounters, Engine, Shell};
use crate::miniport::Escaped;

/// The trace of the present session, or of the last one.
#[derive(Debug)]
pub(super) struct Tracer<'m> {
    trace: &'m mut Trace,
    /// How many of its entries the shell has got.
    told: u32,
    /// The quirks that are in it.
    quirks: Fired,
    /// The chunks that are in it as dropped.
    dropped: u64,
    /// What is in it of the sound.
    sound: AudioCounters,
    /// Why the session ended.
    end: Option<Reason>,
    /// That it has is told, with what it came to.
    totalled: bool,
}

impl<'m> Tracer<'m> {
    pub(super) const fn new(trace: &'m mut Trace) -> Self {
        Self {
            trace,
            told: 0,
            quirks: Fired::new(),
            dropped: 0,
            sound: AudioCounters::NONE,
            end: None,
            totalled: false,
        }
    }

    /// Before a session.
    pub(super) fn reset(&mut self) {
        self.trace.clear();
        self.told = 0;
        self.quirks = Fired::new();
        self.dropped = 0;
        self.sound = AudioCounters::NONE;
        self.end = None;
        self.totalled = false;
    }

    /// Takes what the session has noted, and the quirks that have shown since.
    fn follow(&mut self, session: &mut Session<'_>, now: Instant) {
        while let Some(what) = session.noted() {
            self.trace.push(now, what);
        }
        let quirks = session.quirks();
        if quirks != self.quirks {
            for row in quirks.iter().filter(|row| !self.quirks.has(row.quirk)) {
                self.trace.push(now, What::Quirk(row.quirk));
            }
            self.quirks = quirks;
        }
    }

    fn selection(&mut self, session: &Session<'_>, now: Instant) {
        let selection = session.selection().into_iter();
        for what in selection.flat_map(What::of_selection) {
            self.trace.push(now, what);
        }
    }

    /// Before the event is acted on.
    fn event(&mut self, event: &Event, session: &Session<'_>, now: Instant) {
        match event {
            Event::OfferReduced { refusal, step } => {
                let code = refusal.blamed.map_or(0, |(_, code)| code);
                let (step, status) = (*step, refusal.status);
                self.trace.push(now, What::Reduced { step, status, code });
            }
            Event::Negotiated { .. } | Event::ModesCut { .. } => self.selection(session, now),
            Event::Ended(reason) => {
                self.trace.push(now, What::Ended);
                self.end = Some(*reason);
            }
            _ => {}
        }
    }

    fn escaped(&mut self, escaped: Escaped, now: Instant) {
        let Escaped { opcode, status } = escaped;
        let (opcode, status) = (opcode.0, status.0);
        self.trace.push(now, What::Escape { opcode, status });
    }

    /// Gives the shell what it has not got yet. A row of dropped chunks is one entry, which grows: unless
    /// it is the `last` time, it waits for what comes after it.
    pub(super) fn tell(&mut self, last: bool, shell: &mut impl Shell) {
        let mut end = self.trace.total();
        let mut newest = self.trace.range(end.saturating_sub(1)..end);
        let grows = |entry: &Entry| matches!(entry.what, What::Dropped { .. });
        if !last && newest.next().is_some_and(grows) {
            end -= 1;
        }
        for entry in self.trace.range(self.told..end) {
            let reason = self.end.as_ref().filter(|_| entry.what == What::Ended);
            shell.traced(entry, reason);
        }
        self.told = end;
    }

    pub(super) fn dropped(&mut self, total: u64, now: Instant) {
        let chunks = total.saturating_sub(self.dropped);
        self.dropped = total;
        if chunks > 0 {
            let chunks = u32::try_from(chunks).unwrap_or(u32::MAX);
            self.trace.push(now, What::Dropped { chunks });
        }
    }

    /// Whether the session is over and nobody has asked that before.
    pub(super) fn take_end(&mut self) -> bool {
        self.end.is_some() && !core::mem::replace(&mut self.totalled, true)
    }

    fn sound(&mut self, counters: AudioCounters, now: Instant) {
        let before = core::mem::replace(&mut self.sound, counters);
        let faults = [
            (
                SoundFault::Number,
                counters.same_number > before.same_number,
            ),
            (SoundFault::Ring, counters.bad_ring > before.bad_ring),
            (SoundFault::Record, counters.bad_span > before.bad_span),
            (
                SoundFault::Length,
                before.misfit == 0 && counters.misfit > 0,
            ),
        ];
        for (fault, _) in faults.into_iter().filter(|(_, is_new)| *is_new) {
            self.trace.push(now, What::Sound(fault));
        }
    }
}

impl Engine<'_> {
    /// What happened in the present session, or in the last one.
    pub fn trace(&self) -> &Trace {
        self.tracer.trace
    }

    /// Why the session ended, if it has.
    pub fn end(&self) -> Option<Reason> {
        self.tracer.end
    }

    /// Takes what there is to write down.
    pub(super) fn follow(&mut self, now: Instant) {
        self.tracer.follow(&mut self.session, now);
        while let Some(escaped) = self.miniport.escaped() {
            self.tracer.escaped(escaped, now);
        }
        self.tracer.dropped(self.pictures.dropped, now);
        self.tracer.sound(self.audio.sound.counters, now);
    }

    /// The same, and the shell gets it; `last` at the end of the session's last turn. Often, because one
    /// turn can write down more than the trace keeps.
    pub(super) fn tell(&mut self, last: bool, now: Instant, shell: &mut impl Shell) {
        self.follow(now);
        self.tracer.tell(last, shell);
    }

    /// Writes an event down that is about to be acted on.
    pub(super) fn follow_event(&mut self, event: &Event, now: Instant) {
        self.follow(now);
        self.tracer.event(event, &self.session, now);
    }
}
