//! The control plane: a list of operations of the sink, of Windows and of the clock.
//!
//! The bytes are operations, each a number ([`op`]) and its operands; what is missing at the end reads
//! as zeros. Whatever they are: the work of one input is bounded, time that the session waits for lies
//! ahead, what it sends is well-formed, and nothing comes after the end.

use core::time::Duration;

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::{Alarm, Event, FrameRate, Input, ModeSet, Output, Phase, Session};
use miracast_core::time::{Instant, Timer as _};
use miracast_core::wfd::modes;
use miracast_field::message::Message;
use miracast_field::stage::START;

use crate::operands::Operands;

/// The numbers of the operations. Those that have no name are [`FEED`](op::FEED).
pub mod op {
    /// The sink sends: length (one byte), bytes.
    pub const FEED: u8 = 0;
    /// The same, each byte by itself.
    pub const DRIP: u8 = 1;
    /// The sink answers our last request with 200: length of the body (two bytes, little-endian), body.
    pub const ANSWER: u8 = 2;
    /// The sink answers our last request: status (two bytes), length of the body (one byte), body.
    pub const REFUSE: u8 = 3;
    /// Time passes until the next timer of the session.
    pub const TICK: u8 = 4;
    /// Time passes: milliseconds (two bytes).
    pub const WAIT: u8 = 5;
    /// Windows sets one of the modes that were offered: which (one byte).
    pub const MODE_SET: u8 = 6;
    /// Windows sets another mode: width, height (two bytes each), pictures per second (one byte).
    pub const OTHER_MODE: u8 = 7;
    /// The monitor is powered: off or on (one byte).
    pub const POWER: u8 = 8;
    /// Content is protected: no or yes (one byte).
    pub const PROTECTED: u8 = 9;
    /// The sink closes the connection.
    pub const CLOSE: u8 = 10;
    /// Windows calls StopMiracastSession.
    pub const STOP: u8 = 11;
    /// The sink sends the start line of a request, the number of our session and this many (one byte)
    /// bytes of header and body behind it.
    pub const REQUEST: u8 = 12;
}

/// Most outputs of one input: a memory full of the shortest requests, each answered and told.
const OUTPUTS_MAX: usize = RTSP_MESSAGE_MAX / 8;

/// Most operations of one list: an hour of virtual time is a few thousand.
const OPERATIONS_MAX: usize = 4096;

/// What a sink asks.
const REQUESTS: [&str; 8] = [
    "OPTIONS * RTSP/1.0\r\nRequire: org.wfa.wfd1.0\r\n",
    "SETUP rtsp://192.168.173.1/wfd1.0/streamid=0 RTSP/1.0\r\nTransport: RTP/AVP/UDP;unicast;client_port=19000\r\n",
    "PLAY rtsp://192.168.173.1/wfd1.0/streamid=0 RTSP/1.0\r\n",
    "PAUSE rtsp://192.168.173.1/wfd1.0/streamid=0 RTSP/1.0\r\n",
    "TEARDOWN rtsp://192.168.173.1/wfd1.0/streamid=0 RTSP/1.0\r\n",
    "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nContent-Type: text/parameters\r\n",
    "GET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\n",
    "ANNOUNCE rtsp://localhost/wfd1.0 RTSP/1.0\r\n",
];

/// Plays the operations that `bytes` are.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let _ = has_played(bytes);
}

/// Plays the operations that `bytes` are. Whether media flowed.
///
/// # Panics
/// If something does not hold.
pub fn has_played(bytes: &[u8]) -> bool {
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut world = World::new(&mut memory);
    world.input(Input::Start(&START));
    let mut rest = Operands::new(bytes);
    for _ in 0..OPERATIONS_MAX {
        let Some(code) = rest.next() else { break };
        world.operate(code, &mut rest);
    }
    world.played
}

struct World<'m> {
    session: Session<'m>,
    now: Instant,
    /// Number of the session's last request.
    asked: u32,
    /// The number that the sink gives its next request.
    cseq: u32,
    session_id: String,
    mode_sets: u32,
    played: bool,
    ended: bool,
}

impl<'m> World<'m> {
    fn new(memory: &'m mut [u8; RTSP_MESSAGE_MAX]) -> Self {
        Self {
            session: Session::new(memory),
            now: Instant::from_ticks(0),
            asked: 0,
            cseq: 1,
            session_id: String::from("0"),
            mode_sets: 0,
            played: false,
            ended: false,
        }
    }

    fn operate(&mut self, code: u8, rest: &mut Operands<'_>) {
        match code {
            op::DRIP => {
                let length = usize::from(rest.byte());
                for byte in rest.bytes(length) {
                    self.receive(&[*byte]);
                }
            }
            op::ANSWER => {
                let length = usize::from(rest.word());
                self.answer(200, rest.bytes(length));
            }
            op::REFUSE => {
                let (status, length) = (rest.word(), usize::from(rest.byte()));
                self.answer(status, rest.bytes(length));
            }
            op::REQUEST => {
                let (which, length) = (usize::from(rest.byte()), usize::from(rest.byte()));
                self.request(REQUESTS[which % REQUESTS.len()], rest.bytes(length));
            }
            op::TICK => self.now = self.session.wake().unwrap_or(self.now).max(self.now),
            op::WAIT => self.now = self.now + Duration::from_millis(rest.word().into()),
            op::MODE_SET => self.set_offered(rest.byte()),
            op::OTHER_MODE => {
                let (width, height, rate) = (rest.word(), rest.word(), rest.byte());
                self.set(width, height, rate.into(), false);
            }
            op::POWER => self.input(Input::MonitorPower(rest.byte() != 0)),
            op::PROTECTED => self.input(Input::Protected(rest.byte() != 0)),
            op::CLOSE => self.input(Input::Closed),
            op::STOP => self.input(Input::Stop),
            _ => {
                let length = usize::from(rest.byte());
                self.receive(rest.bytes(length));
            }
        }
        self.input(Input::Timeout);
    }

    fn answer(&mut self, status: u16, body: &[u8]) {
        let head = format!("RTSP/1.0 {status} -\r\nCSeq: {}\r\n", self.asked);
        self.say(&head, body);
    }

    fn request(&mut self, first: &str, body: &[u8]) {
        let (cseq, id) = (self.cseq, &self.session_id);
        let head = format!("{first}CSeq: {cseq}\r\nSession: {id}\r\n");
        self.cseq = self.cseq.wrapping_add(1);
        self.say(&head, body);
    }

    fn say(&mut self, head: &str, body: &[u8]) {
        let mut message = format!("{head}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        message.extend_from_slice(body);
        self.receive(&message);
    }

    /// Gives the session bytes, as many at a time as it takes.
    fn receive(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.ended {
            let room = self.session.room();
            assert!(room > 0, "a session that goes on has no room");
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.input(Input::Received(now));
            bytes = later;
        }
    }

    fn set_offered(&mut self, which: u8) {
        let offered = self.session.monitor().and_then(|monitor| {
            let place = usize::from(which) % monitor.modes.len().max(1);
            modes::mode(monitor.modes.get(place)?.mode)
        });
        if let Some(mode) = offered {
            self.set(mode.width, mode.height, mode.rate.into(), mode.interlaced);
        }
    }

    fn set(&mut self, width: u16, height: u16, rate: u32, interlaced: bool) {
        self.mode_sets += 1;
        self.input(Input::ModeSet(&ModeSet {
            sequence: self.mode_sets,
            width,
            height,
            rate: FrameRate {
                numerator: rate,
                denominator: 1,
            },
            interlaced,
        }));
    }

    /// One input and all that comes of it, timers that are due included: one call fires one of them.
    fn input(&mut self, input: Input<'_>) {
        self.drain(input);
        for _ in Alarm::ALL {
            if self.session.wake().is_none_or(|wake| wake > self.now) {
                return;
            }
            self.drain(Input::Timeout);
        }
        let wake = self.session.wake();
        let ahead = wake.is_none_or(|wake| wake > self.now);
        assert!(ahead, "waits for {wake:?} at {:?}", self.now);
    }

    fn drain(&mut self, input: Input<'_>) {
        let over = self.ended;
        self.session.handle(input, self.now);
        for _ in 0..OUTPUTS_MAX {
            match self.session.poll(self.now) {
                Output::Send(bytes) => {
                    assert!(!over, "sent after the end");
                    let message = Message::read(bytes).expect("one well-formed message");
                    self.note(&message);
                }
                Output::Event(event) => {
                    assert!(!self.ended, "{event:?} after the end");
                    self.ended = matches!(event, Event::Ended(_));
                    self.played |= matches!(event, Event::Play { .. });
                }
                Output::Idle { .. } => {
                    assert_eq!(self.ended, self.session.phase() == Phase::Closed);
                    return;
                }
            }
        }
        panic!("more than {OUTPUTS_MAX} outputs of one input");
    }

    /// Learns from a message of the session what the sink must know.
    fn note(&mut self, message: &Message) {
        if message.start.starts_with("RTSP/") {
            if let Some(id) = message.header("Session") {
                id.split(';')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut self.session_id);
            }
        } else {
            self.asked = message.cseq().expect("a number");
        }
    }
}
