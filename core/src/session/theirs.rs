//! The requests that the sink sends by a method of their own: M2, M6 to M9, and what it must not
//! send. What it sets by parameters is in [`super::settings`].

use core::fmt;

use super::end::Reason;
use super::io::{Alarm, Event};
use super::machine::Machine;
use super::ours::WFD_TAG;
use super::phase::{Phase, PhaseKind};
use crate::limits;
use crate::quirks::Change;
use crate::rtsp::transport::{self, Unsupported};
use crate::rtsp::{Full, Method, Request, Status, Writer};
use crate::time::Instant;
use crate::trace::{Heard, What};
use crate::wfd::parameters::{Features, Update, lines};

/// The methods that M2's answer lists: exactly these. One sink answers 400 if one is missing,
/// another one dies if there are others (interop rule 7).
const PUBLIC: &str = "SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER";

/// What a request leads to in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// M2, or a second one: the answer with our methods.
    Greet,
    /// M6: agree on ports.
    Setup,
    /// M7: media starts.
    Play,
    /// M7 after a pause.
    Resume,
    /// M9.
    Pause,
    /// M8.
    Teardown,
    /// M10 to M15: judged by its body.
    Parameters,
    /// 200 and nothing else.
    Acknowledge,
    /// The request is refused.
    Refuse(Status),
    /// The request is refused with 406 and this reason phrase (S2.1 §6.4.7, §6.4.9, §4.15).
    Because(&'static str),
}

const IN_PAUSE: &str = "in-pause-state";
pub(super) const IN_STANDBY: &str = "in-standby-mode";

/// The table of requests and phases. Wrong session ids and wrong URIs are not looked at: real sinks
/// send both, and there is only one session (interop rules 9 and 12, quirk Q2).
pub(super) const fn verdict(method: Method, phase: PhaseKind) -> Verdict {
    use PhaseKind as P;
    match method {
        Method::Options if matches!(phase, P::Standby) => Verdict::Because(IN_STANDBY),
        Method::Options => Verdict::Greet,
        Method::GetParameter | Method::SetParameter => Verdict::Parameters,
        Method::Setup => match phase {
            // A second SETUP gets the same answer again (interop rule 12).
            P::AwaitingSetup | P::AwaitingPlay | P::Playing | P::Paused => Verdict::Setup,
            P::Standby => Verdict::Because(IN_STANDBY),
            P::Idle | P::Greeting | P::Gap | P::Asking | P::AwaitingMode | P::Proposing => {
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE)
            }
            P::Closing | P::Closed => Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE),
        },
        Method::Play => match phase {
            P::AwaitingPlay => Verdict::Play,
            P::Paused | P::Standby => Verdict::Resume,
            // A second PLAY is tolerated (interop rule 12).
            P::Playing => Verdict::Acknowledge,
            P::Idle | P::Greeting | P::Gap | P::Asking | P::AwaitingMode | P::Proposing => {
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE)
            }
            P::AwaitingSetup | P::Closing | P::Closed => {
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE)
            }
        },
        Method::Pause => match phase {
            // In Paused the sink confirms the pause that we triggered, or repeats its own.
            P::Playing | P::Paused => Verdict::Pause,
            // The state Ready of S2.1 §6.4: nothing plays yet.
            P::AwaitingPlay => Verdict::Because(IN_PAUSE),
            P::Standby => Verdict::Because(IN_STANDBY),
            P::Idle | P::Greeting | P::Gap | P::Asking | P::AwaitingMode | P::Proposing => {
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE)
            }
            P::AwaitingSetup | P::Closing | P::Closed => {
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE)
            }
        },
        Method::Teardown => Verdict::Teardown,
        Method::Other => Verdict::Refuse(Status::NOT_IMPLEMENTED),
    }
}

/// Handles one request of the sink.
pub(super) fn request(machine: &mut Machine, request: &Request<'_>, now: Instant) {
    let Some(cseq) = request.headers.cseq() else {
        return machine.answer(Status::BAD_REQUEST, 0, now);
    };
    if let Some(heard) = heard(request.method) {
        machine.note(What::Heard(heard));
    }
    match verdict(request.method, machine.phase.kind()) {
        Verdict::Greet => machine.greet(cseq, now),
        Verdict::Setup => machine.setup(request, cseq, now),
        Verdict::Play => {
            machine.answer_play(cseq, now);
            machine.go(Phase::Playing);
            machine.sink_plays();
            machine.play(now);
        }
        Verdict::Resume => {
            machine.answer_play(cseq, now);
            machine.sink_plays();
        }
        Verdict::Pause => {
            machine.answer(Status::OK, cseq, now);
            machine.sink_pauses();
        }
        Verdict::Teardown => machine.teardown(request.body, cseq, now),
        Verdict::Parameters => super::settings::request(machine, request, cseq, now),
        Verdict::Acknowledge => machine.answer_play(cseq, now),
        Verdict::Refuse(status) => machine.answer(status, cseq, now),
        Verdict::Because(phrase) => machine.refuse_because(phrase, cseq, now),
    }
}

/// The port of RTP and, if there is one, that of RTCP, as the Transport header has them.
struct Ports(u16, Option<u16>);

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        match self.1 {
            Some(rtcp) => write!(f, "-{rtcp}"),
            None => Ok(()),
        }
    }
}

/// The request for the trace. What a request with parameters is, its body says.
const fn heard(method: Method) -> Option<Heard> {
    Some(match method {
        Method::Options => Heard::Options,
        Method::Setup => Heard::Setup,
        Method::Play => Heard::Play,
        Method::Pause => Heard::Pause,
        Method::Teardown => Heard::Teardown,
        Method::Other => Heard::OtherMethod,
        Method::GetParameter | Method::SetParameter => return None,
    })
}

impl Machine {
    /// The one RTSP session id of this session: decimal, at most 10 digits, not 0 (interop rule 9,
    /// quirk Q8).
    pub(super) fn session_id(&self) -> u32 {
        let seed = self.start.map_or(0, |start| start.seed);
        (seed & 0x7FFF_FFFF).max(1)
    }

    /// Queues an answer to the sink.
    fn reply(&mut self, status: Status, written: Result<usize, Full>, now: Instant) {
        self.note(What::Replied(status));
        self.queue(written, now);
    }

    /// Sends an answer without body.
    pub(super) fn answer(&mut self, status: Status, cseq: u32, now: Instant) {
        let written = Writer::response(&mut self.buffer, status, cseq).finish();
        self.reply(status, written, now);
    }

    /// Refuses with 406: the session is in a state that the phrase names.
    pub(super) fn refuse_because(&mut self, phrase: &str, cseq: u32, now: Instant) {
        let status = Status::NOT_ACCEPTABLE;
        let written = Writer::response_because(&mut self.buffer, status, phrase, cseq).finish();
        self.reply(status, written, now);
    }

    fn greet(&mut self, cseq: u32, now: Instant) {
        let written = Writer::response(&mut self.buffer, Status::OK, cseq)
            .header("Public", format_args!("{WFD_TAG}, {PUBLIC}"))
            .finish();
        self.reply(Status::OK, written, now);
        self.greeted.1 = true;
        if self.greeted.0 {
            self.greeted_fully(now);
        }
    }

    /// M1 and M2 are done: M3 follows after a gap (interop rules 2 and 3).
    pub(super) fn greeted_fully(&mut self, now: Instant) {
        if self.phase == Phase::Greeting {
            self.timers.stop(Alarm::OptionsWait);
            self.go(Phase::Gap);
            let delay = self.delay(|change| match change {
                Change::DelayBeforeM3(delay) => Some(delay),
                _ => None,
            });
            let gap = limits::GAP_BEFORE_M3.max(delay);
            self.timers.set(Alarm::Gap, now + gap);
        }
    }

    fn setup(&mut self, request: &Request<'_>, cseq: u32, now: Instant) {
        let Some(start) = self.start else { return };
        let value = request.headers.get("Transport").unwrap_or_default();
        let transport = match transport::parse(value) {
            Ok(transport) if !transport.tcp => transport,
            Ok(_) => return self.refuse_transport(Unsupported::Tcp, cseq, now),
            Err(why) => return self.refuse_transport(why, cseq, now),
        };
        self.quirks |= transport.noticed;
        // The port of SETUP wins over M3's (interop rule 12).
        let stated = self
            .sink
            .rtp_ports
            .map(|ports| ports.port0)
            .filter(|port| *port != 0);
        let rtp = transport
            .client_port
            .or(stated)
            .unwrap_or(transport::DEFAULT_CLIENT_PORT);
        let rtcp = transport.client_rtcp_port;
        if self.transport.is_some_and(|agreed| agreed != (rtp, rtcp)) {
            return self.answer(Status::METHOD_NOT_VALID_IN_THIS_STATE, cseq, now);
        }
        self.answer_setup(cseq, (rtp, rtcp), start.server_port, now);
        if self.transport.is_none() {
            self.transport = Some((rtp, rtcp));
            self.go(Phase::AwaitingPlay);
            self.emit(Event::Transport { rtp, rtcp });
            self.await_request(now);
            self.watch_silence(now);
            self.timers
                .set(Alarm::KeepAlive, now + limits::KEEP_ALIVE_INTERVAL);
        }
    }

    fn refuse_transport(&mut self, why: Unsupported, cseq: u32, now: Instant) {
        self.refused_transport = Some(why);
        self.answer(Status::UNSUPPORTED_TRANSPORT, cseq, now);
    }

    /// The sink's ports come back as it named them. Of ours there are two, for RTP and RTCP, if the
    /// sink named two (interop rule 10, S2.1 §6.2.4) or answered `microsoft_rtcp_capability:
    /// supported` (MS-WFDPE §2.8.1.1); else there is exactly one.
    fn answer_setup(&mut self, cseq: u32, client: (u16, Option<u16>), server: u16, now: Instant) {
        let session = self.session_id();
        let writer = Writer::response(&mut self.buffer, Status::OK, cseq).header(
            "Session",
            format_args!("{session};timeout={}", limits::SESSION_TIMEOUT_S),
        );
        let profile = "RTP/AVP/UDP;unicast";
        let (rtp, rtcp) = client;
        let reports = rtcp.is_some() || self.sink.features.contains(Features::RTCP);
        let theirs = Ports(rtp, rtcp);
        let ours = Ports(server, reports.then(|| server.wrapping_add(1)));
        let written = writer
            .header(
                "Transport",
                format_args!("{profile};client_port={theirs};server_port={ours}"),
            )
            .finish();
        self.reply(Status::OK, written, now);
    }

    /// M7 was answered for the first time: media begins, for some sinks after a while (quirk Q20).
    fn play(&mut self, now: Instant) {
        let delay = self.delay(|change| match change {
            Change::DelayAfterPlay(delay) => Some(delay),
            _ => None,
        });
        if delay.is_zero() {
            self.media_begins(now);
        } else {
            self.timers.set(Alarm::MediaStart, now + delay);
        }
    }

    /// The answer to M7 carries neither Public nor Transport (interop rule 8).
    fn answer_play(&mut self, cseq: u32, now: Instant) {
        let session = self.session_id();
        let written = Writer::response(&mut self.buffer, Status::OK, cseq)
            .header(
                "Session",
                format_args!("{session};timeout={}", limits::SESSION_TIMEOUT_S),
            )
            .header("Range", format_args!("npt=now-"))
            .finish();
        self.reply(Status::OK, written, now);
    }

    fn teardown(&mut self, body: &[u8], cseq: u32, now: Instant) {
        let written = Writer::response(&mut self.buffer, Status::OK, cseq)
            .header("Connection", format_args!("close"))
            .finish();
        self.reply(Status::OK, written, now);
        if let Phase::Closing(_) = self.phase {
            return self.finish();
        }
        let reason = self.reason_of(body);
        self.end(reason);
    }

    /// Why the sink ends the session, if the body of M8 says so.
    fn reason_of(&mut self, body: &[u8]) -> Reason {
        let quirks = &mut self.sink.quirks;
        let mut updates = lines(body).filter_map(|line| Update::read(&line, quirks));
        let code = updates.find_map(|update| match update {
            Ok(Update::TeardownReason(reason)) => Some(reason.code),
            Ok(_) | Err(_) => None,
        });
        code.map_or(Reason::SinkTeardown, Reason::SinkFault)
    }
}
