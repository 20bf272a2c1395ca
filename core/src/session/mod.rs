//! The control plane of one Wi-Fi Display session, from the first byte of RTSP to the last.
//!
//! A [`Session`] is driven by one rule: one [`Session::handle`], then [`Session::poll`] until it
//! says [`Output::Idle`], then the next `handle`. Both are infallible. A failure is a phase and ends
//! as [`Event::Ended`] with a [`Reason`], never as an error of a call.
//!
//! What it is not: it moves no bytes, reads no clock, and knows neither NTSTATUS nor escapes. The
//! numbers M1 to M16 are those of S2.1 (Wi-Fi Display Technical Specification 2.1) §6.4.

mod answers;
mod end;
mod idr;
mod input;
mod io;
mod ladder;
mod latency;
mod machine;
mod modes;
mod noticed;
mod ours;
mod phase;
mod settings;
mod showing;
mod sound;
#[cfg(test)]
mod tests;
mod theirs;

pub use end::{Asked, Awaited, OfferRefused, Reason};
pub use io::{Alarm, Event, FrameRate, Input, ModeSet, Output, Start, StreamRequest};
pub use ladder::Step;
pub use phase::{Phase, PhaseKind};

use crate::limits;
use crate::media::AudioConfig;
use crate::quirks::Fired;
use crate::rtsp::Parser;
use crate::time::Instant;
use crate::trace::What;
use crate::wfd::modes::ModeId;
use crate::wfd::negotiate::{Candidate, Selection};
use crate::wfd::parameters::SinkCapabilities;
use machine::Machine;

/// One Wi-Fi Display session, source side, without I/O. `'m` is the memory that the host lends for
/// the message that is being received.
#[derive(Debug)]
pub struct Session<'m> {
    parser: Parser<'m>,
    machine: Machine,
}

/// The monitor behind the sink, for the report to the miniport.
#[derive(Clone, Copy, Debug)]
pub struct Monitor<'s> {
    /// `wfd_connector_type` of the sink's answer (S2.1 §6.1.19); `None` if it was not answered.
    pub connector: Option<u8>,
    /// The monitor's EDID in blocks of 128 bytes; empty if the sink gave none that is valid.
    pub edid: &'s [u8],
    /// The modes that sink, encoder and link allow, best first.
    pub modes: &'s [Candidate],
    /// The mode that it has of itself, if that is known; see [`Selection::native`].
    pub native: Option<ModeId>,
}

impl<'m> Session<'m> {
    /// A session before its start. `memory` bounds the longest message that is accepted.
    pub fn new(memory: &'m mut [u8; limits::RTSP_MESSAGE_MAX]) -> Self {
        Self {
            parser: Parser::new(memory),
            machine: Machine::new(),
        }
    }

    /// Forgets everything: the session is as new. Only between two connections.
    pub fn reset(&mut self) {
        self.parser.reset();
        self.machine = Machine::new();
    }

    /// Bytes that the next [`Input::Received`] may carry.
    pub fn room(&self) -> usize {
        self.parser.room()
    }

    /// The phase.
    pub fn phase(&self) -> Phase {
        self.machine.phase
    }

    /// When [`Input::Timeout`] is due.
    pub fn wake(&self) -> Option<Instant> {
        self.machine.timers.next().map(|(_, deadline)| deadline)
    }

    /// The mode that the sink has agreed to last, once M4 is answered.
    pub fn agreed(&self) -> Option<&Candidate> {
        self.machine.modes.agreed()
    }

    /// The sound that the sink has agreed to last, once M4 is answered.
    pub fn audio(&self) -> Option<&AudioConfig> {
        self.machine.sound.agreed()
    }

    /// What the sink answered to M3; everything is absent before that.
    pub fn sink(&self) -> &SinkCapabilities {
        &self.machine.sink
    }

    /// The quirks that the sink has shown so far, and those that the host assumes.
    pub fn quirks(&self) -> Fired {
        self.parser.noticed() | self.machine.fired()
    }

    /// Takes it that the sink has these quirks: a setting of the user. Before [`Input::Start`].
    pub fn assume(&mut self, quirks: Fired) {
        self.machine.quirks |= quirks;
    }

    /// The outcome of the mode negotiation, once M3 is answered.
    pub fn selection(&self) -> Option<&Selection> {
        self.machine.selection.as_ref()
    }

    /// The monitor to report to the miniport, once M3 is answered and if one is connected.
    pub fn monitor(&self) -> Option<Monitor<'_>> {
        self.machine.monitor()
    }

    /// Takes one input. Call [`Self::poll`] until it is idle before the next one.
    pub fn handle(&mut self, input: Input<'_>, now: Instant) {
        if let Input::Received(bytes) = input {
            // More bytes than `room` cannot be kept: a message that fills the whole memory is too
            // long, and the parser says so in the next poll.
            let _ = self.parser.feed(bytes);
        }
        self.machine.handle(input, now);
    }

    /// The next thing to do. Infallible; after [`Output::Idle`] the session waits for an input.
    pub fn poll(&mut self, now: Instant) -> Output<'_> {
        while !self.machine.has_output() && (self.machine.settle(now) || self.step(now)) {}
        self.machine.output()
    }

    /// The next thing for the trace that the host has not taken yet. To be asked after each
    /// [`Self::poll`]: only the last few are kept. Quirks, refused offers and the end are not among
    /// them: [`Self::quirks`] and the events say those.
    pub fn noted(&mut self) -> Option<What> {
        self.machine.noted()
    }

    /// Reads one message of the sink. False if there is none.
    fn step(&mut self, now: Instant) -> bool {
        if !self.machine.listens() {
            return false;
        }
        match self.parser.poll() {
            Some(Ok(message)) => self.machine.message(&message, now),
            // Nothing can be read any more: there is no goodbye to wait for.
            Some(Err(_)) if self.machine.is_closing() => self.machine.finish(),
            Some(Err(malformed)) => self.machine.fail(Reason::Unreadable(malformed), now),
            None => return false,
        }
        true
    }
}
