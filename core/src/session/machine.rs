//! The state of a session and what changes it: inputs, timers, phase changes, the end.

use core::time::Duration;

use heapless::{Deque, Vec};

use super::end::{Asked, Awaited, Reason};
use super::idr::IdrRequests;
use super::input::InputChannel;
use super::io::{ALARMS, Alarm, Event, Input, Output, Start};
use super::ladder::Ladder;
use super::latency::Latency;
use super::modes::Modes;
use super::phase::{Phase, PhaseKind};
use super::showing::Showing;
use super::sound::Sound;
use super::{Monitor, ours, settings, theirs};
use crate::limits;
use crate::quirks::{Change, Fired, Quirk};
use crate::rtsp::Message;
use crate::rtsp::transport::Unsupported;
use crate::time::{Instant, Timers};
use crate::trace::What;
use crate::wfd::Offer;
use crate::wfd::negotiate::{Bounds, Selection};
use crate::wfd::parameters::{SinkCapabilities, Trigger};

/// A request of ours must be answered, and the sink's next request must come, within these times
/// (S2.1 §6.5).
const REPLY_WITHIN: Duration = Duration::from_secs(5);
const REQUEST_WITHIN: Duration = Duration::from_secs(6);

/// Events that wait for the host, which takes them all before the next step: one step makes six at
/// most. A SET_PARAMETER of all that a sink sets makes five, and the end one more.
const EVENTS: usize = 8;

/// Notes for the trace that wait for the host, which takes them after each output: one request makes
/// ten at most, seven settings, the answer and two phases. Of a host that takes none, and of a sink
/// that answers what was never asked, the oldest are forgotten.
const NOTED: usize = 12;

/// A request of ours whose answer is awaited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) cseq: u32,
    pub(super) asked: Asked,
    /// When the answer is overdue; `None` for M16, whose absence [`Alarm::Silence`] judges.
    pub(super) deadline: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Machine {
    pub(super) phase: Phase,
    pub(super) start: Option<Start>,
    pub(super) timers: Timers<Alarm, ALARMS>,
    pub(super) pending: Vec<Pending, 4>,
    pub(super) next_cseq: u32,
    pub(super) sink: SinkCapabilities,
    pub(super) selection: Option<Selection>,
    /// What link and refusals leave of the sink's modes.
    pub(super) bounds: Bounds,
    pub(super) ladder: Ladder,
    pub(super) input: InputChannel,
    pub(super) sound: Sound,
    pub(super) modes: Modes,
    pub(super) transport: Option<(u16, Option<u16>)>,
    /// Why the last M6 was refused.
    pub(super) refused_transport: Option<Unsupported>,
    /// M1 is answered; M2 has come.
    pub(super) greeted: (bool, bool),
    pub(super) asked_again: bool,
    /// Quirks of messages, and those that the host assumes.
    pub(super) quirks: Fired,
    pub(super) showing: Showing,
    /// Something has changed that [`Machine::settle`] must act on.
    pub(super) unsettled: bool,
    /// When media began: the origin of its clock.
    pub(super) media_start: Option<Instant>,
    pub(super) idr: IdrRequests,
    pub(super) latency: Latency,
    pub(super) buffer: [u8; limits::RTSP_OUT_MAX],
    pub(super) out: Option<usize>,
    events: Deque<Event, EVENTS>,
    /// An event found no room.
    event_lost: bool,
    /// For the trace, until the host takes it.
    noted: Deque<What, NOTED>,
    messages_left: usize,
}

impl Machine {
    pub(super) const fn new() -> Self {
        Self {
            phase: Phase::Idle,
            start: None,
            timers: Timers::new(),
            pending: Vec::new(),
            next_cseq: 1,
            sink: SinkCapabilities::new(),
            selection: None,
            bounds: Bounds::new(0),
            ladder: Ladder::new(),
            input: InputChannel::new(),
            sound: Sound::new(),
            modes: Modes::new(),
            transport: None,
            refused_transport: None,
            greeted: (false, false),
            asked_again: false,
            quirks: Fired::new(),
            showing: Showing::new(),
            unsettled: false,
            media_start: None,
            idr: IdrRequests::new(),
            latency: Latency::Open,
            buffer: [0; limits::RTSP_OUT_MAX],
            out: None,
            events: Deque::new(),
            event_lost: false,
            noted: Deque::new(),
            messages_left: limits::MESSAGES_PER_READ_MAX,
        }
    }

    pub(super) fn handle(&mut self, input: Input<'_>, now: Instant) {
        // Nothing follows the end.
        if self.phase == Phase::Closed {
            return;
        }
        match input {
            Input::Start(start) => self.begin(start, now),
            Input::Received(_) => self.messages_left = limits::MESSAGES_PER_READ_MAX,
            Input::Closed => self.disconnected(Reason::SinkClosed),
            Input::Failed(error) => self.disconnected(Reason::ConnectionFailed(error)),
            Input::ModeSet(mode) => self.mode_set(mode),
            Input::StreamOvertaken => self.modes.forget_stream(),
            Input::MonitorPower(on) => self.set_power(on),
            Input::Protected(protected) => self.set_protection(protected),
            Input::Abort(reason) => self.fail(reason, now),
            Input::Stop => self.stop(now),
            Input::Timeout => self.timeout(now),
        }
    }

    /// Whether bytes of the sink are still read.
    pub(super) fn listens(&self) -> bool {
        !matches!(self.phase, Phase::Idle | Phase::Closed)
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing(_))
    }

    /// Acts on what has changed. At most one message is written: the rest follows when that is out.
    /// False if there was nothing to do.
    pub(super) fn settle(&mut self, now: Instant) -> bool {
        if !core::mem::take(&mut self.unsettled) {
            return false;
        }
        self.settle_showing(now);
        if self.out.is_some() {
            self.unsettled = true;
        } else {
            self.settle_modes(now);
        }
        true
    }

    pub(super) fn has_output(&self) -> bool {
        self.out.is_some() || !self.events.is_empty()
    }

    pub(super) fn output(&mut self) -> Output<'_> {
        if core::mem::take(&mut self.event_lost) {
            // What was lost may be what the rest depends on: the host is told of the end alone.
            self.events.clear();
            self.close();
            let _ = self.events.push_back(Event::Ended(Reason::MessageLost));
        }
        if let Some(length) = self.out.take() {
            return Output::Send(self.buffer.get(..length).unwrap_or_default());
        }
        if let Some(event) = self.events.pop_front() {
            return Output::Event(event);
        }
        Output::Idle {
            wake: self.timers.next(),
        }
    }

    /// Keeps something for the trace.
    pub(super) fn note(&mut self, what: What) {
        if self.noted.is_full() {
            self.noted.pop_front();
        }
        let _ = self.noted.push_back(what);
    }

    pub(super) fn noted(&mut self) -> Option<What> {
        self.noted.pop_front()
    }

    /// Queues an event. If there is no room the session ends with the next output: whoever emits is not
    /// through yet, and nothing may follow the end.
    pub(super) fn emit(&mut self, event: Event) {
        self.event_lost |= self.events.push_back(event).is_err();
    }

    /// Changes the phase, if the table allows it.
    pub(super) fn go(&mut self, phase: Phase) {
        if self.phase.kind().leads_to(phase.kind()) {
            self.enter(phase);
        } else {
            self.end(Reason::IllegalPhaseChange);
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.note(What::Phase(phase.kind()));
    }

    /// The monitor to report, if the sink has one.
    pub(super) fn monitor(&self) -> Option<Monitor<'_>> {
        let selection = self.selection.as_ref()?;
        if !self.sink.monitor_connected() {
            return None;
        }
        let connector = match self.sink.connector {
            Offer::Present(connector) => Some(connector),
            Offer::Absent | Offer::None => None,
        };
        let edid = match &self.sink.edid {
            Offer::Present(edid) if edid.is_valid() => edid.bytes(),
            Offer::Present(_) | Offer::Absent | Offer::None => &[],
        };
        Some(Monitor {
            connector,
            edid,
            modes: &selection.candidates,
            native: selection.native,
        })
    }

    fn begin(&mut self, start: &Start, now: Instant) {
        if self.phase != Phase::Idle {
            return;
        }
        self.start = Some(*start);
        self.bounds = Bounds::new(start.bit_rate);
        self.go(Phase::Greeting);
        let delay = self.delay(|change| match change {
            Change::DelayBeforeM1(delay) => Some(delay),
            _ => None,
        });
        if delay.is_zero() {
            ours::options(self, now);
        } else {
            self.timers.set(Alarm::Gap, now + delay);
        }
    }

    /// (Re)starts the session timeout that M6's reply states. A sink that is sent no M16 has nothing to
    /// answer: its silence says nothing.
    pub(super) fn watch_silence(&mut self, now: Instant) {
        if self.fired().changes_to(Change::NoKeepAlive) {
            return;
        }
        let timeout = Duration::from_secs(u64::from(limits::SESSION_TIMEOUT_S));
        self.timers.set(Alarm::Silence, now + timeout);
    }

    pub(super) fn await_request(&mut self, now: Instant) {
        self.timers.set(Alarm::Request, now + REQUEST_WITHIN);
    }

    /// Registers a request of ours and (re)starts the reply timer.
    pub(super) fn expect_reply(&mut self, cseq: u32, asked: Asked, now: Instant) {
        let deadline = match asked {
            Asked::KeepAlive => None,
            Asked::Latency => Some(now + limits::LATENCY_WAIT),
            _ => Some(now + REPLY_WITHIN),
        };
        if self.pending.is_full() {
            // Only M16 can pile up: the oldest unanswered one is of no use any more.
            self.pending.remove(0);
        }
        let _ = self.pending.push(Pending {
            cseq,
            asked,
            deadline,
        });
        self.arm_reply_timer();
    }

    pub(super) fn arm_reply_timer(&mut self) {
        match self
            .pending
            .iter()
            .filter_map(|pending| pending.deadline)
            .min()
        {
            Some(deadline) => self.timers.set(Alarm::Reply, deadline),
            None => self.timers.stop(Alarm::Reply),
        }
    }

    pub(super) fn message(&mut self, message: &Message<'_>, now: Instant) {
        let Some(left) = self.messages_left.checked_sub(1) else {
            return self.fail(Reason::Flooded, now);
        };
        self.messages_left = left;
        // Any whole message is a sign of life; bytes that a sink only drips are none.
        if self.timers.deadline(Alarm::Silence).is_some() {
            self.watch_silence(now);
        }
        match message {
            Message::Request(request) => {
                self.notice_request(request);
                theirs::request(self, request, now);
            }
            Message::Response(response) => {
                self.notice_headers(&response.headers);
                self.response(response, now);
            }
            Message::LateIdrRequest => settings::late_idr_request(self, now),
        }
    }

    fn timeout(&mut self, now: Instant) {
        // One timer a call: its output has to be drained before the next one fires.
        if let Some(alarm) = self.timers.expire(now) {
            self.note(What::RanOut(alarm));
            self.alarm(alarm, now);
        }
    }

    fn alarm(&mut self, alarm: Alarm, now: Instant) {
        match alarm {
            Alarm::Gap if self.phase == Phase::Greeting => ours::options(self, now),
            Alarm::Gap => {
                self.go(Phase::Asking);
                self.timers.set(Alarm::AskAgain, now + limits::M3_RETRY);
                ours::capabilities(self, now);
            }
            Alarm::OptionsWait => {
                self.quirks.note(Quirk::Q11);
                self.greeted_fully(now);
            }
            Alarm::AskAgain => self.ask_again(now),
            Alarm::Reply => self.reply_overdue(now),
            Alarm::ModeWait => self.mode_wait_over(now),
            Alarm::Request => {
                let awaited = match self.phase.kind() {
                    PhaseKind::AwaitingSetup => Awaited::Setup,
                    _ => Awaited::Play,
                };
                self.fail(Reason::NoRequest(awaited), now);
            }
            Alarm::MediaStart => self.media_begins(now),
            Alarm::IdrDue => self.idr_due(now),
            Alarm::IdrPause => self.idr_pause_over(now),
            Alarm::KeepAlive => {
                self.timers
                    .set(Alarm::KeepAlive, now + limits::KEEP_ALIVE_INTERVAL);
                if !self.fired().changes_to(Change::NoKeepAlive) {
                    ours::keep_alive(self, now);
                }
            }
            Alarm::Silence => self.fail(Reason::Silent, now),
            Alarm::TeardownGrace => self.finish(),
        }
    }

    fn reply_overdue(&mut self, now: Instant) {
        let overdue = |pending: &&Pending| pending.deadline.is_some_and(|deadline| deadline <= now);
        let overdue = self.pending.iter().position(|pending| overdue(&pending));
        match overdue.map(|place| self.pending.remove(place).asked) {
            Some(Asked::Latency) => self.latency_answered(false, now),
            Some(asked) => self.fail(Reason::NoReply(asked), now),
            None => {}
        }
        self.arm_reply_timer();
    }

    /// Ends the session by our own decision. If an RTSP session exists the sink is told, and may
    /// take a short time to say goodbye.
    pub(super) fn fail(&mut self, reason: Reason, now: Instant) {
        if matches!(self.phase, Phase::Closing(_) | Phase::Closed) {
            return;
        }
        if !(self.phase.kind().has_session() && reason.sink_wants_to_know()) {
            return self.end(reason);
        }
        self.timers.stop_all();
        self.pending.clear();
        self.go(Phase::Closing(reason));
        self.emit(Event::StopPictures);
        self.timers
            .set(Alarm::TeardownGrace, now + limits::TEARDOWN_GRACE);
        ours::trigger(self, Trigger::Teardown, now);
    }

    /// Windows ends the session: the sink is told in one message, and nothing is waited for.
    fn stop(&mut self, now: Instant) {
        if self.phase.kind().has_session() {
            ours::trigger(self, Trigger::Teardown, now);
        }
        self.end(Reason::Stopped);
    }

    fn disconnected(&mut self, reason: Reason) {
        match self.phase {
            Phase::Closing(_) => self.finish(),
            _ => self.end(reason),
        }
    }

    /// Ends a closing session with the reason it was closed for.
    pub(super) fn finish(&mut self) {
        if let Phase::Closing(reason) = self.phase {
            self.end(reason);
        }
    }

    /// Ends the session now.
    pub(super) fn end(&mut self, reason: Reason) {
        if self.phase != Phase::Closed {
            self.close();
            self.emit(Event::Ended(self.cause(reason)));
        }
    }

    /// Nothing is done and waited for any more.
    fn close(&mut self) {
        if self.phase != Phase::Closed {
            self.enter(Phase::Closed);
        }
        self.timers.stop_all();
        self.pending.clear();
    }

    /// Why the session ends, if `reason` says no more than that the sink went, or did not go on. For
    /// one whose SETUP was refused, the refusal is why.
    fn cause(&self, reason: Reason) -> Reason {
        let vague = matches!(
            reason,
            Reason::SinkClosed | Reason::SinkTeardown | Reason::NoRequest(Awaited::Setup)
        );
        match self.refused_transport {
            Some(why) if vague && self.transport.is_none() => Reason::NoTransport(why),
            _ => reason,
        }
    }
}
