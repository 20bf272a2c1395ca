//! The sink's side of the RTSP dialogue, without I/O.
//!
//! Bytes, commands and the time go in; bytes to send and events come out of [`Machine::poll`],
//! which is called until it is idle. Every message of the source is checked against the rules that
//! make a source acceptable to all sinks ([`Rule`]); a breach is recorded and the dialogue goes on
//! as well as it can. The machine's own misbehaviour is [`Quirks`].

mod answer;
mod ask;
mod body;
mod exchange;
mod form;
mod habits;
mod quirks;
mod r2;
mod reply;
mod rules;
#[cfg(test)]
mod tests;
mod wire;

use core::time::Duration;
use std::collections::{BTreeSet, VecDeque};

pub use exchange::{Command, Direction, End, Event, Logged, Out, Phase, Route, Segment, Settings};
pub use quirks::{Greeting, OnKeepAlive, OnTeardown, Quirks, Refusal, Step, When};
pub use rules::{Breach, Rule};
pub use wire::Distortion;

use crate::choice::Choice;
use crate::rtsp::{self, Message, Splitter};
use body::Offer;
use form::Session;
use habits::Habits;
use rules::Breaches;

/// A request must be answered in this time (S2.1 §6.5).
const REPLY_MAX_NS: u64 = 5_000_000_000;

/// The next request must come in this time while the session is set up (S2.1 §6.5).
const NEXT_MAX_NS: u64 = 6_000_000_000;

/// What is sent before M12 is answered may come this much later than the answer.
const ON_THE_WAY_NS: u64 = 500_000_000;

/// Messages and segments that are kept in the log.
const LOG_MAX: usize = 10_000;

/// The URI of the source's own requests; sinks use it too.
const LOCAL_URI: &str = "rtsp://localhost/wfd1.0";

/// A request of ours without its reply.
#[derive(Clone, Debug)]
struct Pending {
    cseq: u32,
    step: Step,
    /// The name of the reply in the log.
    reply: String,
    deadline_ns: u64,
}

/// The sink's RTSP client.
#[derive(Debug)]
pub struct Machine {
    settings: Settings,
    phase: Phase,
    splitter: Splitter,
    out: VecDeque<Out>,
    breaches: Breaches,
    log: Vec<Logged>,
    segments: Vec<Segment>,
    /// CSeq of the source's next request.
    source_cseq: u32,
    /// CSeq of our next request.
    own_cseq: u32,
    pending: VecDeque<Pending>,
    asked: BTreeSet<String>,
    /// What the last M4 said.
    offer: Offer,
    /// The video of the last one that was accepted.
    chosen: Option<Choice>,
    silent_once_done: bool,
    /// Requests of the source that were refused.
    refused: Vec<Step>,
    /// What comes before is lost.
    deaf_until_ns: u64,
    /// Media that comes before is lost.
    player_opens_ns: u64,
    habits: Habits,
    /// What the next TEARDOWN says of its cause.
    teardown_reason: Option<&'static str>,
    /// The read in which the reply to M2 came.
    m2_reply_read: u64,
    reads: u64,
    session: Option<Session>,
    url: String,
    /// When the source's next request is due, and which.
    due: Option<(u64, &'static str)>,
    last_keep_alive_ns: u64,
    last_media_ns: u64,
    /// Since when the source has to be silent, if it has.
    silent_from_ns: u64,
}

impl Machine {
    /// A sink whose TCP connection has just come up.
    pub fn new(settings: Settings, now_ns: u64) -> Self {
        let (own_cseq, deaf_for) = (settings.quirks.first_cseq, settings.quirks.deaf_for);
        Self {
            settings,
            phase: Phase::M1,
            splitter: Splitter::default(),
            out: VecDeque::new(),
            breaches: Breaches {
                now_ns,
                list: Vec::new(),
            },
            log: Vec::new(),
            segments: Vec::new(),
            source_cseq: 1,
            own_cseq,
            pending: VecDeque::new(),
            asked: BTreeSet::new(),
            offer: Offer::default(),
            chosen: None,
            silent_once_done: false,
            refused: Vec::new(),
            deaf_until_ns: now_ns.saturating_add(nanos(deaf_for)),
            player_opens_ns: 0,
            habits: Habits::default(),
            teardown_reason: None,
            m2_reply_read: 0,
            reads: 0,
            session: None,
            url: LOCAL_URI.to_owned(),
            due: Some((now_ns.saturating_add(NEXT_MAX_NS), "M1")),
            last_keep_alive_ns: now_ns,
            last_media_ns: now_ns,
            silent_from_ns: now_ns,
        }
    }

    /// Takes what one read of the connection brought.
    pub fn handle_bytes(&mut self, bytes: &[u8], now_ns: u64) {
        self.breaches.now_ns = now_ns;
        if self.phase == Phase::Ended {
            return;
        }
        self.keep_segment(Direction::FromSource, bytes);
        if now_ns < self.deaf_until_ns {
            return;
        }
        self.reads += 1;
        self.splitter.push(bytes);
        while self.phase != Phase::Ended {
            match self.splitter.next_message() {
                Ok(Some(message)) => self.message(&message),
                Ok(None) => break,
                Err(rtsp::Unparsable(text)) => {
                    self.breaches.add(Rule::Message, text.clone());
                    self.end(End::Unparsable(text));
                }
            }
        }
        let unfinished = self.splitter.pending() > 0 && self.phase != Phase::Ended;
        if self.settings.whole_segments && unfinished {
            let text = format!("{} bytes of an unfinished message", self.splitter.pending());
            self.breaches.add(Rule::Segments, text);
        }
    }

    /// The source closed the connection.
    pub fn handle_closed(&mut self, now_ns: u64) {
        self.breaches.now_ns = now_ns;
        let end = if self.phase == Phase::TearingDown {
            End::TornDown
        } else {
            End::SourceClosed
        };
        self.end(end);
    }

    /// From when on media is not lost, the caller's nanoseconds: a player may open its port late.
    pub fn player_opens_ns(&self) -> u64 {
        self.player_opens_ns
    }

    /// The video of the last M4 that was accepted.
    pub fn chosen(&self) -> Option<&Choice> {
        self.chosen.as_ref()
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// RTP came.
    pub fn media(&mut self, now_ns: u64) {
        self.last_media_ns = self.last_media_ns.max(now_ns);
        let silent_from = self.silent_from_ns.saturating_add(ON_THE_WAY_NS);
        if self.phase == Phase::Standby && self.last_media_ns > silent_from {
            self.silent_from_ns = u64::MAX;
            self.breaches.now_ns = now_ns;
            self.breaches.add(Rule::Standby, "RTP in standby");
        }
    }

    /// Lets timers fire.
    pub fn tick(&mut self, now_ns: u64) {
        self.breaches.now_ns = now_ns;
        if self.phase == Phase::Ended {
            return;
        }
        if let Some((at, what)) = self.due
            && at <= now_ns
        {
            self.breaches
                .add(Rule::Timing, format!("{what} did not come in 6 s"));
            self.end(End::Timeout(what));
        } else if self.pending.iter().any(|p| p.deadline_ns <= now_ns) {
            self.breaches.add(Rule::Timing, "no reply in 5 s");
            self.end(End::Timeout("reply"));
        } else if self.keep_alive_limit().is_some_and(|at| at <= now_ns) {
            self.breaches
                .add(Rule::Timing, "no M16 within the session timeout");
            self.teardown_or_end(End::Timeout("M16"));
        } else if self.media_limit().is_some_and(|at| at <= now_ns) {
            self.breaches.add(Rule::Timing, "no RTP while playing");
            self.teardown_reason = self.settings.quirks.watchdog_reason;
            self.teardown_or_end(End::Timeout("RTP"));
        } else {
            self.follow_habits();
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Out {
        let out = self.out.pop_front();
        out.unwrap_or_else(|| Out::Idle { wake: self.wake() })
    }

    /// Where the dialogue is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// All breaches so far.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches.list
    }

    /// All messages so far.
    pub fn log(&self) -> &[Logged] {
        &self.log
    }

    /// All reads and sends so far.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Breaches, messages and segments, when the dialogue is over.
    pub fn into_records(self) -> (Vec<Breach>, Vec<Logged>, Vec<Segment>) {
        (self.breaches.list, self.log, self.segments)
    }

    fn wake(&self) -> Option<u64> {
        if self.phase == Phase::Ended {
            return None;
        }
        let due = self.due.map(|(at, _)| at);
        let reply = self.pending.iter().map(|p| p.deadline_ns).min();
        let limits = [due, reply, self.keep_alive_limit(), self.media_limit()];
        let limits = limits.into_iter().chain([self.habit_due()]);
        limits.flatten().min()
    }

    fn in_session(&self) -> bool {
        matches!(
            self.phase,
            Phase::Ready | Phase::Playing | Phase::Paused | Phase::Standby
        )
    }

    /// When the source has been silent for the session timeout.
    fn keep_alive_limit(&self) -> Option<u64> {
        // What is answered with TEARDOWN is not waited for.
        let wanted = self.settings.quirks.on_keep_alive != OnKeepAlive::Teardown;
        let session = self
            .session
            .as_ref()
            .filter(|_| wanted && self.in_session())?;
        let timeout = u64::from(session.timeout_s).saturating_mul(1_000_000_000);
        Some(self.last_keep_alive_ns.saturating_add(timeout))
    }

    fn media_limit(&self) -> Option<u64> {
        let watchdog = nanos(self.settings.rtp_watchdog);
        let playing = self.phase == Phase::Playing;
        playing.then(|| self.last_media_ns.saturating_add(watchdog))
    }

    fn keep_segment(&mut self, direction: Direction, bytes: &[u8]) {
        if self.segments.len() < LOG_MAX {
            let at_ns = self.breaches.now_ns;
            self.segments.push(Segment {
                direction,
                at_ns,
                bytes: bytes.to_vec(),
            });
        }
    }

    fn keep_message(&mut self, direction: Direction, name: &str, bytes: &[u8]) {
        if self.log.len() < LOG_MAX {
            let (at_ns, name) = (self.breaches.now_ns, name.to_owned());
            self.log.push(Logged {
                direction,
                at_ns,
                name,
                bytes: bytes.to_vec(),
            });
        }
    }

    /// Sends several messages as one segment, in the form that the quirks want.
    fn send(&mut self, messages: &[(&str, Vec<u8>)]) {
        let port = self.settings.capabilities.rtp_port;
        let mut segment = Vec::new();
        for (name, bytes) in messages {
            let forms = &self.settings.quirks.forms;
            let bytes = wire::distorted(name, bytes.clone(), forms, port);
            self.keep_message(Direction::ToSource, name, &bytes);
            segment.extend(bytes);
        }
        self.keep_segment(Direction::ToSource, &segment);
        self.out.push_back(Out::Send(segment));
    }

    fn end(&mut self, end: End) {
        if self.phase != Phase::Ended {
            self.phase = Phase::Ended;
            self.out.push_back(Out::Close);
            self.out.push_back(Out::Event(Event::Ended(end)));
        }
    }

    fn teardown_or_end(&mut self, end: End) {
        if self.in_session() {
            self.teardown();
        } else {
            self.end(end);
        }
    }

    /// The source's next request must come in time.
    fn expect(&mut self, phase: Phase, what: &'static str) {
        self.phase = phase;
        let limit = self.breaches.now_ns.saturating_add(NEXT_MAX_NS);
        let keeps_time = !self.settings.quirks.waits_for_ever;
        self.due = keeps_time.then_some((limit, what));
    }

    fn message(&mut self, message: &Message) {
        form::check_head(message, &mut self.breaches);
        if message.status().is_some() {
            self.reply(message);
        } else if message.request().is_some() {
            self.request(message);
        } else {
            self.breaches.add(Rule::Message, message.start.clone());
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
