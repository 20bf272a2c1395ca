//! A session of the driver's core and a sink, in virtual time.

use core::net::Ipv4Addr;
use core::time::Duration;
use std::collections::VecDeque;

use miracast_core::encoder::EncoderCapabilities;
use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::{
    Event, FrameRate, Input, ModeSet, Output, Phase, Reason, Session, Start,
};
use miracast_core::time::Instant;
use miracast_core::wfd::audio::AudioCapabilities;
use miracast_core::wfd::modes::{Mode, mode};
use miracast_core::wfd::parameters::microsoft::LatencyMode;

use crate::message::Message;
use crate::sink::Sink;

/// What the driver is told before its first message: a link of 20 Mbit/s, a miniport that takes
/// input and has sound in every format, and an encoder as graphics adapters have it, H.264 up to level 4.2, progressive only.
pub const START: Start = Start {
    local: Ipv4Addr::new(192, 168, 173, 1),
    server_port: 50_000,
    input_port: Some(50_002),
    bit_rate: 20_000_000,
    encoder: EncoderCapabilities {
        profiles: 3,
        level_bit: 4,
        max_width: 1920,
        max_height: 1200,
        max_macroblocks_per_second: 522_240,
        max_bit_rate: 40_000_000,
        max_slices: 4,
        interlaced: false,
        hevc: None,
    },
    audio: AudioCapabilities::all(),
    latency: LatencyMode::Normal,
    pts_lead: None,
    seed: 0x9234_5678,
};

/// The driver's side: a session, a clock that only the caller moves, and the operating system, which
/// sets the best mode as soon as a monitor is there.
#[derive(Debug)]
pub struct Source<'m> {
    session: Session<'m>,
    now: Instant,
    /// What it has sent and nobody has looked at, and when.
    pub sent: VecDeque<(Instant, Vec<u8>)>,
    /// What it has said to its host.
    pub events: Vec<Event>,
}

impl<'m> Source<'m> {
    /// A session that has sent M1.
    pub fn new(memory: &'m mut [u8; RTSP_MESSAGE_MAX], start: &Start) -> Self {
        let mut source = Self {
            session: Session::new(memory),
            now: Instant::from_ticks(0),
            sent: VecDeque::new(),
            events: Vec::new(),
        };
        source.input(Input::Start(start));
        source
    }

    /// The session.
    pub fn session(&self) -> &Session<'m> {
        &self.session
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Gives the session something, and takes what it does then.
    pub fn input(&mut self, input: Input<'_>) {
        self.session.handle(input, self.now);
        let mut negotiated = false;
        loop {
            match self.session.poll(self.now) {
                Output::Send(bytes) => self.sent.push_back((self.now, bytes.to_vec())),
                Output::Event(event) => {
                    negotiated |= matches!(event, Event::Negotiated { monitor: true, .. });
                    self.events.push(event);
                }
                Output::Idle { .. } => break,
            }
        }
        if negotiated {
            self.set_best_mode();
        }
    }

    /// Lets time pass until the session's next timer, at most until `end`. False at the end.
    pub fn pass(&mut self, end: Instant) -> bool {
        let Some(wake) = self.session.wake().filter(|wake| *wake <= end) else {
            self.now = end;
            return false;
        };
        self.now = self.now.max(wake);
        self.input(Input::Timeout);
        true
    }

    /// Whether media flows.
    pub fn is_playing(&self) -> bool {
        self.session.phase() == Phase::Playing
    }

    /// Why the session ended, if it has.
    pub fn ended(&self) -> Option<Reason> {
        self.events.iter().find_map(|event| match event {
            Event::Ended(reason) => Some(*reason),
            _ => None,
        })
    }

    fn set_best_mode(&mut self) {
        let monitor = self.session.monitor();
        let best = monitor.and_then(|monitor| mode(monitor.modes.first()?.mode));
        if let Some(best) = best {
            self.input(Input::ModeSet(&mode_set(*best)));
        }
    }
}

/// What the operating system says when it sets `mode`.
pub fn mode_set(mode: Mode) -> ModeSet {
    ModeSet {
        sequence: 1,
        width: mode.width,
        height: mode.height,
        rate: FrameRate {
            numerator: mode.rate.into(),
            denominator: 1,
        },
        interlaced: mode.interlaced,
    }
}

/// Source and sink, and all that the source has said.
#[derive(Debug)]
pub struct Stage<'m> {
    /// The driver.
    pub source: Source<'m>,
    /// The sink.
    pub sink: Sink,
    /// The messages of the source, and when they came.
    pub messages: Vec<(Instant, Message)>,
    /// Messages of the sink on their way.
    on_the_way: VecDeque<String>,
}

impl<'m> Stage<'m> {
    /// A session with a sink that answers M3 with `capabilities`.
    pub fn new(memory: &'m mut [u8; RTSP_MESSAGE_MAX], capabilities: &str) -> Self {
        Self {
            source: Source::new(memory, &START),
            sink: Sink::new(capabilities),
            messages: Vec::new(),
            on_the_way: VecDeque::new(),
        }
    }

    /// Plays for so long, or until the session is over or `until` holds.
    ///
    /// # Errors
    /// If the source says what a sink cannot take.
    pub fn play(&mut self, time: Duration, until: fn(&Source<'m>) -> bool) -> anyhow::Result<()> {
        let end = self.source.now() + time;
        loop {
            while let Some((at, bytes)) = self.source.sent.pop_front() {
                let message = Message::read(&bytes)?;
                self.on_the_way.extend(self.sink.take(&message)?);
                self.messages.push((at, message));
            }
            if self.source.ended().is_some() || until(&self.source) {
                return Ok(());
            }
            if let Some(message) = self.on_the_way.pop_front() {
                self.source.input(Input::Received(message.as_bytes()));
            } else if !self.source.pass(end) {
                return Ok(());
            }
        }
    }
}
