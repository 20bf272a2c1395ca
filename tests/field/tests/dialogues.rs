//! Whole dialogues of six sinks that were written independently of each other, recorded, and played
//! again with the driver as the source.
//!
//! A turn of the sink is fed when the driver has said what the recorded source had said before it.
//! That source was a stand-in: what the driver says must be of the same kinds in the same order, with
//! the same Transport, and an M4 within the sink's offer; its words are its own.

use core::net::Ipv4Addr;
use core::time::Duration;

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::{Input, Reason, Start};
use miracast_field::entry::Answers;
use miracast_field::message::{Asks, Message};
use miracast_field::offer::{self, Place};
use miracast_field::recording::{self, Turn, messages};
use miracast_field::stage::{START, Source};

/// The stand-in's addresses.
const LOCAL: Ipv4Addr = Ipv4Addr::LOCALHOST;
const RECORDED_PORT: u16 = 19_002;

/// Longer than the driver waits before any message of its own, M16 included.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why the driver ends the session where the recorded source did.
const ENDED: Reason = Reason::Miniport(0xC000_0001);

/// How a turn of the sink arrives.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    AsRecorded,
    InOne,
    InTwo(usize),
    ByteByByte,
}

/// Sink and driver, and what of the recording is another in this session.
struct Replay<'m> {
    source: Source<'m>,
    /// Numbers of requests: as recorded, and the driver's.
    numbers: Vec<(String, String)>,
    /// Session ids: as recorded, and the driver's.
    session: Option<(String, String)>,
    /// What the sink answered to M3.
    answers: Answers,
    asked: Option<Asks>,
}

impl Replay<'_> {
    /// The driver must say what the recorded source said, in kind.
    fn source_turn(&mut self, turn: &Turn) {
        for recorded in messages(&turn.segments.concat()) {
            let recorded = Message::read(recorded.as_bytes()).expect("a message");
            let asks = recorded.asks().expect("a source's request");
            if asks == Some(Asks::TeardownTrigger) {
                self.source.input(Input::Abort(ENDED));
            }
            let sent = self.next_sent();
            assert_eq!(sent.asks().expect("a request"), asks, "{}", sent.start);
            match asks {
                None => self.reply(&recorded, &sent),
                Some(asks) => self.request(asks, &recorded, &sent),
            }
        }
        assert!(self.source.sent.is_empty(), "more than was recorded");
    }

    fn next_sent(&mut self) -> Message {
        let end = self.source.now() + PATIENCE;
        while self.source.sent.is_empty() && self.source.pass(end) {}
        let (_, bytes) = self.source.sent.pop_front().expect("a message in time");
        Message::read(&bytes).expect("a message")
    }

    fn request(&mut self, asks: Asks, recorded: &Message, sent: &Message) {
        let number = |message: &Message| message.cseq().expect("CSeq").to_string();
        self.numbers.push((number(recorded), number(sent)));
        self.asked = Some(asks);
        assert_eq!(sent.start, recorded.start);
        if asks == Asks::M4 {
            let place = Place {
                local: LOCAL,
                input_port: 50_002,
            };
            offer::check(&self.answers, &sent.parameters(), place)
                .unwrap_or_else(|error| panic!("{error:#}\n{}", sent.body));
        }
    }

    fn reply(&mut self, recorded: &Message, sent: &Message) {
        assert_eq!(sent.start, "RTSP/1.0 200 OK");
        assert_eq!(sent.header("CSeq"), recorded.header("CSeq"));
        let ports = |port: u16| [format!("={port}-{}", port + 1), format!("={port}")];
        let transport = recorded.header("Transport").map(|value| {
            let pairs = ports(RECORDED_PORT)
                .into_iter()
                .zip(ports(START.server_port));
            pairs.fold(value.to_owned(), |value, (old, new)| {
                value.replace(&old, &new)
            })
        });
        assert_eq!(sent.header("Transport"), transport.as_deref());
        let id = |message: &Message| message.header("Session").map(str::to_owned);
        if let (Some(old), Some(new), true) = (id(recorded), id(sent), transport.is_some()) {
            let plain = |value: &str| value.split(';').next().map(str::to_owned);
            self.session = plain(&old).zip(plain(&new));
        }
    }

    fn sink_turn(&mut self, turn: &Turn, arrival: Arrival) {
        let segments: Vec<Vec<u8>> = turn.segments.iter().map(|s| self.translate(s)).collect();
        let whole = segments.concat();
        match arrival {
            Arrival::AsRecorded => segments.iter().for_each(|segment| self.feed(segment)),
            Arrival::InOne => self.feed(&whole),
            Arrival::InTwo(at) => {
                let (first, second) = whole.split_at(at.min(whole.len()));
                self.feed(first);
                self.feed(second);
            }
            Arrival::ByteByByte => whole.chunks(1).for_each(|byte| self.feed(byte)),
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.source.input(Input::Received(bytes));
    }

    /// What the sink says in this session: the driver's numbers in replies, and its session id.
    fn translate(&mut self, segment: &[u8]) -> Vec<u8> {
        let mut translated = String::new();
        for message in messages(segment) {
            let (head, body) = message.split_once("\r\n\r\n").expect("a header");
            let is_reply = head.starts_with("RTSP/1.0");
            if is_reply && self.asked == Some(Asks::M3) {
                self.answers = Answers(parameters(body));
            }
            for line in head.split("\r\n") {
                let line = if is_reply && line.starts_with("CSeq: ") {
                    self.number(line)
                } else if let (Some((old, new)), true) =
                    (&self.session, line.starts_with("Session: "))
                {
                    line.replace(old, new)
                } else {
                    line.to_owned()
                };
                translated += &line;
                translated += "\r\n";
            }
            translated = translated + "\r\n" + body;
        }
        translated.into_bytes()
    }

    /// A reply's number. The recorded source used each once.
    fn number(&self, line: &str) -> String {
        let number = line.trim_start_matches("CSeq: ");
        let found = self.numbers.iter().find(|(old, _)| old == number);
        let (_, new) = found.expect("a reply to a request");
        format!("CSeq: {new}")
    }
}

fn parameters(body: &str) -> Vec<(String, String)> {
    let pairs = body.lines().filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Plays a dialogue. The driver's reason for the end, and the quirks that it noticed.
fn replay(turns: &[Turn], arrival: Arrival) -> (Reason, String) {
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let start = Start {
        local: LOCAL,
        ..START
    };
    let mut replay = Replay {
        source: Source::new(&mut memory, &start),
        numbers: Vec::new(),
        session: None,
        answers: Answers::default(),
        asked: None,
    };
    for turn in turns {
        if turn.from_sink {
            replay.sink_turn(turn, arrival);
        } else {
            replay.source_turn(turn);
        }
    }
    let source = &mut replay.source;
    // A sink that only closes the connection, or says nothing more.
    let end = source.now() + PATIENCE;
    while source.ended().is_none() && source.pass(end) {}
    assert!(source.sent.is_empty(), "nothing after the end");
    let reason = source.ended().expect("an end");
    (reason, source.session().quirks().to_string())
}

fn check(text: &str, quirks: &str) {
    let turns = recording::read(text);
    let as_recorded = replay(&turns, Arrival::AsRecorded);
    assert_eq!(as_recorded, (ENDED, quirks.to_owned()));
    assert_eq!(replay(&turns, Arrival::InOne), as_recorded, "merged");
    assert_eq!(
        replay(&turns, Arrival::ByteByByte),
        as_recorded,
        "byte by byte"
    );
    let lengths = turns
        .iter()
        .filter(|turn| turn.from_sink)
        .map(|turn| turn.segments.concat().len());
    for cut in 1..lengths.max().expect("turns of the sink") {
        assert_eq!(
            replay(&turns, Arrival::InTwo(cut)),
            as_recorded,
            "cut at {cut}"
        );
    }
}

/// M1's answer and M2 in one segment, SETUP before the answer to M5; M16 is answered with the
/// capabilities; nothing follows the answer to TEARDOWN.
#[test]
fn aosp() {
    check(
        include_str!("../../data/dialogues/aosp.txt"),
        "Q2, Q14, Q52",
    );
}

/// Two SETUP and two PLAY, of another session id.
#[test]
fn foxlost_quirky() {
    check(
        include_str!("../../data/dialogues/foxlost-quirky.txt"),
        "Q15, Q38, Q44",
    );
}

/// The session id comes back with its timeout; TEARDOWN is not answered.
#[test]
fn lazycast() {
    check(
        include_str!("../../data/dialogues/lazycast.txt"),
        "Q15, Q30, Q50",
    );
}

/// M2 has number 100; TEARDOWN comes with the number of PLAY and without a session id.
#[test]
fn picast() {
    check(
        include_str!("../../data/dialogues/picast.txt"),
        "Q7, Q10, Q15, Q32, Q50",
    );
}

/// The Public list is in quotes.
#[test]
fn rdk() {
    check(
        include_str!("../../data/dialogues/rdk.txt"),
        "Q10, Q13, Q15, Q32, Q39, Q50, Q52",
    );
}

/// TEARDOWN follows the trigger.
#[test]
fn wds() {
    check(
        include_str!("../../data/dialogues/wds.txt"),
        "Q10, Q15, Q50",
    );
}
