//! A session, a clock, and a sink that says what the test tells it to.

use core::net::Ipv4Addr;
use core::time::Duration;
use std::boxed::Box;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::encoder::EncoderCapabilities;
use crate::limits;
use crate::session::{Event, FrameRate, Input, ModeSet, Output, Reason, Session, Start};
use crate::time::Instant;
use crate::wfd::audio::AudioCapabilities;
use crate::wfd::parameters::microsoft::LatencyMode;

/// The answer to M3 of a common sink: 1080p60 native, everything up to it.
pub(super) const CAPABILITIES: &str = "\
wfd_video_formats: 40 00 01 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n\
wfd_display_edid: none\r\n\
wfd_connector_type: 05\r\n";

pub(super) struct Script {
    pub(super) session: Session<'static>,
    pub(super) now: Instant,
    /// RTSP that the session sent and the test has not looked at.
    pub(super) sent: Vec<String>,
    /// Events that the test has not looked at.
    pub(super) events: Vec<Event>,
}

pub(super) fn start() -> Start {
    Start {
        local: Ipv4Addr::new(192, 168, 173, 1),
        server_port: 50_000,
        input_port: None,
        bit_rate: 20_000_000,
        audio: AudioCapabilities::empty(),
        encoder: EncoderCapabilities {
            profiles: 1,
            level_bit: 4,
            max_width: 1920,
            max_height: 1080,
            max_macroblocks_per_second: 522_240,
            max_bit_rate: 40_000_000,
            max_slices: 4,
            interlaced: false,
            hevc: None,
        },
        latency: LatencyMode::Normal,
        pts_lead: None,
        seed: 0x9234_5678,
    }
}

impl Script {
    pub(super) fn new() -> Self {
        Self::with(&start())
    }

    pub(super) fn with(start: &Start) -> Self {
        let mut script = Self::idle();
        script.input(Input::Start(start));
        script
    }

    /// A session before its start.
    pub(super) fn idle() -> Self {
        let memory = Box::leak(Box::new([0; limits::RTSP_MESSAGE_MAX]));
        Self {
            session: Session::new(memory),
            now: Instant::from_ticks(1_000_000),
            sent: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The same memory, and a session before its start.
    pub(super) fn begin_again(&mut self) {
        self.session.reset();
        self.now = Instant::from_ticks(1_000_000);
        self.sent.clear();
        self.events.clear();
    }

    pub(super) fn input(&mut self, input: Input<'_>) {
        self.session.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.session.poll(self.now) {
                Output::Send(bytes) => {
                    self.sent
                        .push(core::str::from_utf8(bytes).unwrap().to_string());
                }
                Output::Event(event) => self.events.push(event),
                Output::Idle { .. } => return,
            }
        }
    }

    /// The sink says these bytes, as they are.
    pub(super) fn bytes(&mut self, bytes: &str) {
        self.input(Input::Received(bytes.as_bytes()));
    }

    /// The sink answers 200 without a body.
    pub(super) fn ok(&mut self, cseq: u32) {
        self.bytes(&format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n\r\n"));
    }

    /// The sink answers 200 with a body.
    pub(super) fn ok_with(&mut self, cseq: u32, body: &str) {
        self.bytes(&format!(
            "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Type: text/parameters\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// The sink sets these parameters.
    pub(super) fn set(&mut self, cseq: u32, body: &str) {
        self.bytes(&format!(
            "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: {cseq}\r\n\
             Content-Type: text/parameters\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// The sink asks something without a body.
    pub(super) fn ask(&mut self, line: &str, cseq: u32, headers: &str) {
        self.bytes(&format!("{line} RTSP/1.0\r\nCSeq: {cseq}\r\n{headers}\r\n"));
    }

    /// Time goes on, and every timer that is due on the way fires.
    pub(super) fn wait(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(wake) = self.session.wake().filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            self.input(Input::Timeout);
        }
        self.now = end;
    }

    /// Takes the one message that was sent.
    pub(super) fn message(&mut self) -> String {
        assert_eq!(self.sent.len(), 1, "{:#?}", self.sent);
        self.sent.remove(0)
    }

    /// Takes the events.
    pub(super) fn events(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.events)
    }

    pub(super) fn ended(&mut self) -> Option<Reason> {
        let ended = |event: &Event| match event {
            Event::Ended(reason) => Some(*reason),
            _ => None,
        };
        self.events.iter().find_map(ended)
    }

    /// M1 to the answer to M3.
    pub(super) fn negotiate(&mut self, capabilities: &str) {
        self.ok(1);
        self.ask("OPTIONS *", 1, "Require: org.wfa.wfd1.0\r\n");
        self.wait(limits::GAP_BEFORE_M3);
        self.ok_with(2, capabilities);
        self.sent.clear();
    }

    /// Windows sets a mode.
    pub(super) fn mode(&mut self, sequence: u32, width: u16, height: u16, hertz: u32) {
        let rate = FrameRate {
            numerator: hertz,
            denominator: 1,
        };
        let interlaced = false;
        let set = ModeSet {
            sequence,
            width,
            height,
            rate,
            interlaced,
        };
        self.input(Input::ModeSet(&set));
    }

    /// From M4's answer to PLAY; the next request of ours has CSeq 5 then.
    pub(super) fn establish(&mut self) {
        self.ok(3);
        self.ok(4);
        self.setup(2, "RTP/AVP/UDP;unicast;client_port=19000-19001");
        self.ask(
            "PLAY rtsp://192.168.173.1/wfd1.0/streamid=0",
            3,
            "Session: 305419896\r\n",
        );
    }

    /// A session that has proposed 1280x720p30.
    pub(super) fn proposing() -> Self {
        let mut script = Self::new();
        script.negotiate(CAPABILITIES);
        script.mode(1, 1280, 720, 30);
        script
    }

    /// The sink's SETUP with this Transport header.
    pub(super) fn setup(&mut self, cseq: u32, transport: &str) {
        let header = format!("Transport: {transport}\r\n");
        self.ask(
            "SETUP rtsp://192.168.173.1/wfd1.0/streamid=0",
            cseq,
            &header,
        );
    }

    /// A session that plays 1280x720p30.
    pub(super) fn playing() -> Self {
        let mut script = Self::proposing();
        script.establish();
        script.sent.clear();
        script.events.clear();
        script
    }
}
