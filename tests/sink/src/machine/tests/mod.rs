//! A good source gives no breach; each rule, broken alone, gives its own and no other.

mod breaches;
mod quirks;
mod standby;

use proptest::prelude::*;

use super::{Command, Direction, End, Event, Machine, Out, Phase, Quirks, Route, Rule, Settings};
use crate::rtsp::{Message, Splitter};

const S: u64 = 1_000_000_000;
const LOCAL: &str = "rtsp://localhost/wfd1.0";
const M3_BODY: &str = "wfd_video_formats\r\nwfd_audio_codecs\r\nwfd_client_rtp_ports\r\n\
    wfd_display_edid\r\nwfd_connector_type\r\nmicrosoft_cursor\r\n";
const M4_BODY: &str = "wfd_video_formats: \
    00 00 02 10 00000080 00000000 00000000 00 0000 0000 00 none none\r\n\
    wfd_audio_codecs: LPCM 00000002 00\r\n\
    wfd_presentation_URL: rtsp://10.0.0.1/wfd1.0/streamid=0 none\r\n\
    wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play\r\n";

type Edit<'e> = &'e dyn Fn(&str, String) -> String;

/// A source that talks by the book, except for what `edit` makes of its messages.
struct Source<'e> {
    machine: Machine,
    now: u64,
    cseq: u32,
    edit: Edit<'e>,
    /// Requests and replies of the sink that were not looked at yet.
    inbox: Vec<Message>,
    events: Vec<Event>,
    closed: bool,
}

impl<'e> Source<'e> {
    fn new(mut settings: Settings, edit: Edit<'e>) -> Self {
        settings.source = Some([10, 0, 0, 1].into());
        let machine = Machine::new(settings, S);
        Self {
            machine,
            now: S,
            cseq: 0,
            edit,
            inbox: vec![],
            events: vec![],
            closed: false,
        }
    }

    /// Reads all that the machine wants to do.
    fn drain(&mut self) {
        let mut splitter = Splitter::default();
        loop {
            match self.machine.poll() {
                Out::Send(bytes) => splitter.push(&bytes),
                Out::Event(event) => self.events.push(event),
                Out::Close => self.closed = true,
                Out::Idle { .. } => break,
            }
        }
        while let Ok(Some(message)) = splitter.next_message() {
            self.inbox.push(message);
        }
    }

    fn send(&mut self, name: &str, text: String) {
        let text = (self.edit)(name, text);
        self.machine.handle_bytes(text.as_bytes(), self.now);
        self.drain();
    }

    fn request(&mut self, name: &str, method: &str, uri: &str, rest: &str, body: &str) {
        self.cseq += 1;
        let head = format!("{method} {uri} RTSP/1.0\r\nCSeq: {}\r\n{rest}", self.cseq);
        let body = (self.edit)(&format!("{name} body"), body.to_owned());
        let text = if body.is_empty() {
            format!("{head}\r\n")
        } else {
            let length = body.len();
            format!("{head}Content-Type: text/parameters\r\nContent-Length: {length}\r\n\r\n{body}")
        };
        self.send(name, text);
    }

    /// Answers the sink's oldest request of this method, if there is one.
    fn answer(&mut self, name: &str, method: &str, headers: &str) -> bool {
        let wanted = |m: &Message| m.request().is_some_and(|(got, _)| got == method);
        let Some(n) = self.inbox.iter().position(wanted) else {
            return false;
        };
        let request = self.inbox.remove(n);
        let cseq = request.header("CSeq").unwrap();
        self.send(
            name,
            format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n{headers}\r\n"),
        );
        true
    }

    fn trigger(&mut self, method: &str) {
        let body = format!("wfd_trigger_method: {method}\r\n");
        self.request(&format!("M5 {method}"), "SET_PARAMETER", LOCAL, "", &body);
    }

    fn up_to_m4(&mut self) {
        self.request("M1", "OPTIONS", "*", "Require: org.wfa.wfd1.0\r\n", "");
        let public = "Public: org.wfa.wfd1.0, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, \
            SET_PARAMETER\r\n";
        self.answer("M2 reply", "OPTIONS", public);
        self.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
        self.request("M4", "SET_PARAMETER", LOCAL, "", M4_BODY);
    }

    fn up_to_play(&mut self) {
        self.up_to_m4();
        self.trigger("SETUP");
        let setup = "Session: 1804289383;timeout=30\r\n\
            Transport: RTP/AVP/UDP;unicast;client_port=1028;server_port=5000\r\n";
        self.answer("M6 reply", "SETUP", setup);
        self.answer("M7 reply", "PLAY", "Session: 1804289383;timeout=30\r\n");
    }

    fn keep_alive(&mut self) {
        self.now += 10 * S;
        self.machine.tick(self.now);
        self.request("M16", "GET_PARAMETER", LOCAL, "Session: 1804289383\r\n", "");
    }

    fn whole(&mut self) {
        self.up_to_play();
        self.keep_alive();
        self.trigger("PAUSE");
        self.answer("M9 reply", "PAUSE", "");
        self.trigger("PLAY");
        self.answer("M7 reply again", "PLAY", "");
        self.trigger("TEARDOWN");
        self.answer("M8 reply", "TEARDOWN", "");
    }

    fn rules(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.machine.breaches().iter().map(|b| b.rule).collect();
        rules.dedup();
        rules
    }

    fn ended(&self) -> Option<&End> {
        self.events.iter().find_map(|event| match event {
            Event::Ended(end) => Some(end),
            _ => None,
        })
    }
}

fn honest(_: &str, text: String) -> String {
    text
}

fn with(quirks: Quirks) -> Settings {
    Settings {
        quirks,
        ..Settings::default()
    }
}

#[test]
fn a_good_source_has_no_breach() {
    let mut source = Source::new(Settings::default(), &honest);
    source.whole();
    assert_eq!(source.machine.breaches(), []);
    let kinds: Vec<&Event> = source.events.iter().collect();
    let [
        Event::Chosen(codec),
        Event::SoundChosen(sound),
        Event::SetUp {
            rtp: 5000,
            rtcp: None,
        },
        Event::Playing,
        Event::Paused,
        Event::Playing,
        Event::Ended(End::TornDown),
    ] = kinds.as_slice()
    else {
        panic!("{kinds:?}");
    };
    assert_eq!((codec.cea, codec.profile, codec.slices_max()), (0x80, 2, 1));
    assert_eq!((sound.channels, sound.sample_rate), (2, 48_000));
    let names: Vec<&str> = source
        .machine
        .log()
        .iter()
        .map(|l| l.name.as_str())
        .collect();
    assert_eq!(
        names.join(" "),
        "M1 M1 reply M2 M2 reply M3 M3 reply M4 M4 reply M5 SETUP M5 reply M6 SETUP M6 reply PLAY \
         M7 reply M16 M16 reply M5 PAUSE M5 reply PAUSE M9 reply M5 PLAY M5 reply PLAY M7 reply \
         M5 TEARDOWN M5 reply TEARDOWN M8 reply"
    );
    let sent = |direction| {
        let of = source
            .machine
            .segments()
            .iter()
            .filter(move |s| s.direction == direction);
        of.map(|s| s.bytes.len()).sum::<usize>()
    };
    let logged: usize = source.machine.log().iter().map(|l| l.bytes.len()).sum();
    assert_eq!(
        sent(Direction::FromSource) + sent(Direction::ToSource),
        logged
    );
}

#[test]
fn m3_is_answered_exactly_as_asked() {
    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_m4();
    let answer = source
        .machine
        .log()
        .iter()
        .find(|l| l.name == "M3 reply")
        .unwrap();
    let text = core::str::from_utf8(&answer.bytes).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        body,
        "wfd_video_formats: 28 00 02 10 000001E3 00000000 00000000 00 0000 0000 00 none none, \
         01 10 000001E3 00000000 00000000 00 0000 0000 00 none none\r\n\
         wfd_audio_codecs: LPCM 00000002 00\r\n\
         wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play\r\n\
         wfd_display_edid: none\r\nwfd_connector_type: 05\r\n"
    );
}

#[test]
fn segments_and_gap() {
    let reply = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: org.wfa.wfd1.0, SETUP, TEARDOWN, PLAY, \
        PAUSE, GET_PARAMETER, SET_PARAMETER\r\n\r\n";
    let m3 = format!(
        "GET_PARAMETER {LOCAL} RTSP/1.0\r\nCSeq: 2\r\nContent-Type: text/parameters\r\n\
         Content-Length: {}\r\n\r\n{M3_BODY}",
        M3_BODY.len()
    );
    let both = format!("{reply}{m3}");
    for (whole_segments, rules) in [(true, &[Rule::Segments, Rule::Gap][..]), (false, &[])] {
        let settings = Settings {
            whole_segments,
            ..Settings::default()
        };
        let mut source = Source::new(settings, &honest);
        source
            .machine
            .handle_bytes(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n", S);
        source
            .machine
            .handle_bytes(b"Require: org.wfa.wfd1.0\r\n\r\n", S);
        source.machine.handle_bytes(both.as_bytes(), S);
        assert_eq!(source.rules(), rules);
    }
}

#[test]
fn what_is_no_rtsp_ends_the_dialogue() {
    let mut source = Source::new(Settings::default(), &honest);
    source.send("junk", "\r\nHELLO\r\n\r\n".to_owned());
    assert_eq!(source.rules(), [Rule::Message]);
    assert!(source.closed && matches!(source.ended(), Some(End::Unparsable(_))));
    let mut source = Source::new(Settings::default(), &honest);
    source.send("start", "OPTIONS *\r\nCSeq: 1\r\n\r\n".to_owned());
    assert_eq!(source.rules(), [Rule::Message]);
}

#[test]
fn order_is_watched() {
    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_m4();
    source.trigger("PLAY");
    assert_eq!(source.rules(), [Rule::Order]);
    let mut source = Source::new(Settings::default(), &honest);
    source.request("M4", "SET_PARAMETER", LOCAL, "", M4_BODY);
    assert_eq!(source.rules().first(), Some(&Rule::Order));
}

#[test]
fn formats_may_change_in_a_session_with_their_timing() {
    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_play();
    let video = M4_BODY.split_inclusive("\r\n").next().unwrap();
    let body = format!("{video}wfd_av_format_change_timing: 00000bb800 00000bb800\r\n");
    source.request("M4", "SET_PARAMETER", LOCAL, "", &body);
    assert_eq!(source.machine.breaches(), []);
    source.request("M4", "SET_PARAMETER", LOCAL, "", video);
    assert_eq!(source.rules(), [Rule::M4]);
}

#[test]
fn timers() {
    let mut silent = Source::new(Settings::default(), &honest);
    assert_eq!(silent.machine.poll(), Out::Idle { wake: Some(7 * S) });
    silent.machine.tick(7 * S - 1);
    assert_eq!(silent.rules(), []);
    silent.machine.tick(7 * S);
    silent.drain();
    assert_eq!(
        (silent.rules(), silent.ended()),
        (vec![Rule::Timing], Some(&End::Timeout("M1")))
    );

    let mut source = Source::new(Settings::default(), &honest);
    source.request("M1", "OPTIONS", "*", "Require: org.wfa.wfd1.0\r\n", "");
    source.machine.tick(source.now + 5 * S);
    source.drain();
    assert_eq!(source.ended(), Some(&End::Timeout("reply")));

    // No M16: the sink tears down after the session timeout of 30 s.
    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_play();
    source.machine.media(source.now);
    source.machine.tick(source.now + 30 * S);
    source.drain();
    assert_eq!(
        (source.rules(), source.machine.phase()),
        (vec![Rule::Timing], Phase::TearingDown)
    );

    // M16 less than 5 s before the timeout.
    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_play();
    source.now += 15 * S;
    source.keep_alive();
    assert_eq!(source.rules(), [Rule::Timing]);

    let watchdog = core::time::Duration::from_secs(3);
    let settings = Settings {
        rtp_watchdog: watchdog,
        ..Settings::default()
    };
    let mut source = Source::new(settings, &honest);
    source.up_to_play();
    source.machine.media(source.now + S);
    source.machine.tick(source.now + 4 * S - 1);
    assert_eq!(source.rules(), []);
    source.machine.tick(source.now + 4 * S);
    assert_eq!(source.rules(), [Rule::Timing]);
}

#[test]
fn commands() {
    let mut source = Source::new(Settings::default(), &honest);
    source.machine.command(Command::Pause, S);
    source.drain();
    assert!(source.inbox.is_empty(), "nothing to pause yet");
    source.up_to_play();
    let now = source.now;
    source.machine.command(Command::RequestIdr, now);
    source.drain();
    let text = source.inbox.last().unwrap().text().unwrap();
    assert_eq!(text, "wfd_idr_request\r\n");
    assert!(source.answer("M13 reply", "SET_PARAMETER", ""));
    for (command, name, body) in [
        (Command::Route(Route::Primary), "M10", "wfd_route: primary"),
        (
            Command::Route(Route::Secondary),
            "M10",
            "wfd_route: secondary",
        ),
        (Command::Connect(None), "M11", "wfd_connector_type: none"),
        (Command::Connect(Some(10)), "M11", "wfd_connector_type: 0A"),
        (
            Command::ChangeInput("none"),
            "M14",
            "wfd_uibc_capability: none",
        ),
        (
            Command::SwitchInput(false),
            "M15",
            "wfd_uibc_setting: disable",
        ),
    ] {
        source.machine.command(command, now);
        source.drain();
        let text = source.inbox.last().unwrap().text().unwrap();
        assert_eq!(text, format!("{body}\r\n"));
        assert!(source.answer("reply", "SET_PARAMETER", ""));
        let logged = &source.machine.log().last().unwrap().name;
        assert_eq!(*logged, format!("{name} reply"));
    }
    source.machine.command(Command::Pause, now);
    source.drain();
    assert!(source.answer("M9 reply", "PAUSE", ""));
    source.machine.command(Command::Play, now);
    source.drain();
    assert!(source.answer("M7 reply", "PLAY", ""));
    source.machine.command(Command::Teardown, now);
    source.drain();
    assert!(source.answer("M8 reply", "TEARDOWN", ""));
    assert_eq!(source.ended(), Some(&End::TornDown));
    assert_eq!(source.machine.breaches(), []);

    let mut source = Source::new(Settings::default(), &honest);
    source.up_to_m4();
    source.machine.command(Command::Teardown, S);
    source.drain();
    assert_eq!(source.ended(), Some(&End::Closed), "no session yet");
    source.machine.handle_closed(S);
    assert_eq!(source.machine.phase(), Phase::Ended);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        reads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20),
    ) {
        let mut machine = Machine::new(Settings::default(), 0);
        for (n, bytes) in reads.iter().enumerate() {
            machine.handle_bytes(bytes, n as u64);
        }
    }

    /// Right messages with some bytes changed get deeper than noise does.
    #[test]
    fn changed_messages_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0x20u8..0x7f), 1..6),
        victim in 0usize..14,
    ) {
        let count = core::cell::Cell::new(0);
        let edit = |name: &str, text: String| {
            count.set(count.get() + 1);
            if count.get() != victim || name.ends_with("body") {
                return text;
            }
            let mut bytes = text.into_bytes();
            for (place, value) in &changes {
                *place.get_mut(&mut bytes) = *value;
            }
            String::from_utf8(bytes).unwrap()
        };
        Source::new(Settings::default(), &edit).whole();
    }
}
