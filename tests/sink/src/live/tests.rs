//! A source of a few lines on real sockets, and the sink against it.

use core::net::{SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Instant;

use super::{Breach, Command, End, Event, Options, ReceivedUnit, Sink, SinkReport};
use crate::machine::Rule;
use crate::rtsp::{Message, Splitter, write};
use crate::stream::tests::source::Script;
use crate::stream::{AccessUnit, Checker, Rules};

const LOCAL: &str = "rtsp://localhost/wfd1.0";
const LONG: Duration = Duration::from_secs(20);

/// The source's end of the connection.
struct Peer {
    stream: TcpStream,
    splitter: Splitter,
    cseq: u32,
}

impl Peer {
    fn next(&mut self) -> Option<Message> {
        let mut buffer = [0; 2048];
        loop {
            if let Some(message) = self.splitter.next_message().unwrap() {
                return Some(message);
            }
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.splitter.push(&buffer[..count]),
            }
        }
    }

    fn request(&mut self, start: &str, header: (&str, &str), body: &str) {
        self.cseq += 1;
        let cseq = self.cseq.to_string();
        let mut headers = vec![("CSeq", cseq.as_str())];
        headers.extend((!header.0.is_empty()).then_some(header));
        self.stream
            .write_all(&write(start, &headers, body))
            .unwrap();
    }

    /// Waits for a request of this method and accepts it.
    fn accept(&mut self, method: &str, headers: &[(&str, &str)]) -> Message {
        let wanted = |m: &Message| m.request().is_some_and(|(got, _)| got == method);
        let request = loop {
            let message = self.next().expect("the sink goes on");
            if wanted(&message) {
                break message;
            }
        };
        let cseq = request.header("CSeq").unwrap().to_owned();
        let all = [&[("CSeq", cseq.as_str())], headers].concat();
        self.stream
            .write_all(&write("RTSP/1.0 200 OK", &all, ""))
            .unwrap();
        // The next message of ours is a segment of its own only if the sink has read this one.
        sleep(Duration::from_millis(30));
        request
    }

    fn set(&mut self, body: &str) {
        self.request(&format!("SET_PARAMETER {LOCAL} RTSP/1.0"), ("", ""), body);
    }

    /// Everything up to M7; gives the sink's RTP port.
    fn negotiate(&mut self) -> u16 {
        self.request("OPTIONS * RTSP/1.0", ("Require", "org.wfa.wfd1.0"), "");
        let public = "org.wfa.wfd1.0, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER";
        self.accept("OPTIONS", &[("Public", public)]);
        let names = "wfd_video_formats\r\nwfd_audio_codecs\r\nwfd_client_rtp_ports\r\n";
        self.request(&format!("GET_PARAMETER {LOCAL} RTSP/1.0"), ("", ""), names);
        let answer = self.next().unwrap();
        let ports = answer.text().unwrap().lines().nth(2).unwrap().to_owned();
        let port = ports.split(' ').nth(2).unwrap().to_owned();
        self.set(&format!(
            "wfd_video_formats: 00 00 01 01 00000020 00000000 00000000 00 0000 0000 00 none none\
             \r\nwfd_audio_codecs: LPCM 00000002 00\r\nwfd_presentation_URL: rtsp://127.0.0.1/wfd1.0/streamid=0 none\r\n{ports}\r\n"
        ));
        self.set("wfd_trigger_method: SETUP\r\n");
        let transport = format!("RTP/AVP/UDP;unicast;client_port={port};server_port=5000");
        let session = ("Session", "12345;timeout=30");
        self.accept("SETUP", &[session, ("Transport", &transport)]);
        self.accept("PLAY", &[("Session", "12345")]);
        port.parse().unwrap()
    }
}

/// Starts a source that does `work` with the first sink that comes.
fn source(work: impl FnOnce(Peer) + Send + 'static) -> (SocketAddrV4, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let SocketAddr::V4(address) = listener.local_addr().unwrap() else {
        unreachable!("bound to IPv4");
    };
    let thread = spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        work(Peer {
            stream,
            splitter: Splitter::default(),
            cseq: 0,
        });
    });
    (address, thread)
}

/// Sends the script at its own pace.
fn play(script: &Script, port: u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let datagrams = script.pack();
    let first = datagrams[0].at_ns;
    let start = Instant::now();
    for datagram in datagrams {
        let due = start + Duration::from_nanos(datagram.at_ns - first);
        sleep(due.saturating_duration_since(Instant::now()));
        socket
            .send_to(&datagram.bytes, ("127.0.0.1", port))
            .unwrap();
    }
}

fn assert_clean(report: &SinkReport) {
    // How late this machine runs the test's threads is not what is tested here: it may put two
    // messages into one read, and datagrams far from their time stamps.
    let breaches = report.breaches.iter().filter(|b| b.rule != Rule::Gap);
    assert_eq!(breaches.collect::<Vec<_>>(), Vec::<&Breach>::new());
    let clocks = [
        crate::stream::Fault::RtpClock,
        crate::stream::Fault::PcrClock,
    ];
    let found: Vec<_> = report
        .stream
        .faults
        .iter()
        .filter(|(f, _)| !clocks.contains(f))
        .collect();
    assert!(found.is_empty(), "{found:?}");
    assert_eq!((report.stream.rtp_lost, report.socket_drops), (0, Some(0)));
}

#[test]
fn a_session_from_the_first_byte_to_teardown() {
    let (address, thread) = source(|mut peer| {
        let port = peer.negotiate();
        play(&Script::clean(), port);
        peer.set("wfd_trigger_method: TEARDOWN\r\n");
        peer.accept("TEARDOWN", &[]);
        assert_eq!(peer.next(), None, "the sink closes");
    });
    let options = Options {
        record_max: 1 << 30,
        units_max: 1 << 10,
        ..Options::default()
    };
    let mut sink = Sink::connect(address, options).unwrap();
    assert!(matches!(sink.next_event(LONG), Some(Event::Chosen(_))));
    let sound = sink.next_event(LONG);
    assert!(matches!(sound, Some(Event::SoundChosen(_))));
    assert_eq!(
        sink.next_event(LONG),
        Some(Event::SetUp {
            rtp: 5000,
            rtcp: None
        })
    );
    assert_eq!(sink.next_event(LONG), Some(Event::Playing));
    let report = sink.wait().unwrap();
    thread.join().unwrap();
    assert_clean(&report);
    assert_eq!(report.end, End::TornDown);
    let sent = units_of(&Script::clean());
    let nals = |unit: &ReceivedUnit| (unit.idr, unit.nals.clone());
    let came: Vec<_> = report.units.iter().map(nals).collect();
    let same = |unit: &AccessUnit| nals(&ReceivedUnit::from(unit));
    assert_eq!(came, sent.iter().map(same).collect::<Vec<_>>());
    assert_eq!(report.picture_bytes, slice_bytes(&sent));
    assert!(!report.record_truncated);
    assert_eq!(report.datagrams.len() as u64, report.stream.rtp_packets);
    let (mut pcap, mut ts) = (Vec::new(), Vec::new());
    report.write_pcap(&mut pcap).unwrap();
    report.write_ts(&mut ts).unwrap();
    assert_eq!(ts.len() as u64, report.stream.ts_packets * 188);
    assert!(pcap.len() > ts.len());
}

/// The access units of a script; that they are those which it packed is tested with the checker.
fn units_of(script: &Script) -> Vec<AccessUnit> {
    let mut checker = Checker::new(Rules::default());
    for datagram in script.pack() {
        checker.datagram(&datagram.bytes, datagram.at_ns);
    }
    checker.finish();
    core::iter::from_fn(|| checker.take_unit()).collect()
}

fn slice_bytes(units: &[AccessUnit]) -> u64 {
    let nals = units.iter().flat_map(AccessUnit::nal_units);
    let slices = nals.filter(|nal| matches!(nal[0] & 0x1F, 1 | 5));
    slices.map(|nal| nal.len() as u64).sum()
}

#[test]
fn no_more_is_kept_than_was_asked_for_but_all_is_counted() {
    let sent = units_of(&Script::clean());
    for (record_max, units_max) in [(0, 0), (4000, 3)] {
        let (address, thread) = source(|mut peer| {
            let port = peer.negotiate();
            play(&Script::clean(), port);
            peer.set("wfd_trigger_method: TEARDOWN\r\n");
            peer.accept("TEARDOWN", &[]);
        });
        let options = Options {
            record_max,
            units_max,
            ..Options::default()
        };
        let report = Sink::connect(address, options).unwrap().wait().unwrap();
        thread.join().unwrap();
        assert_eq!(report.units.len(), units_max);
        let kept = report.datagrams.iter().map(|kept| kept.bytes.len());
        assert!(kept.sum::<usize>() <= record_max);
        assert!(report.record_truncated);
        assert_eq!(report.stream.access_units, sent.len() as u64);
        assert_eq!(report.picture_bytes, slice_bytes(&sent));
    }
}

#[test]
fn commands_reach_the_source_and_stop_tears_down() {
    let (address, thread) = source(|mut peer| {
        peer.negotiate();
        let idr = peer.accept("SET_PARAMETER", &[]);
        assert_eq!(idr.text(), Some("wfd_idr_request\r\n"));
        peer.accept("PAUSE", &[]);
        peer.accept("TEARDOWN", &[]);
        assert_eq!(peer.next(), None);
    });
    let mut sink = Sink::connect(address, Options::default()).unwrap();
    while sink.next_event(LONG) != Some(Event::Playing) {}
    sink.command(Command::RequestIdr);
    sink.command(Command::Pause);
    assert_eq!(sink.next_event(LONG), Some(Event::Paused));
    let report = sink.stop().unwrap();
    thread.join().unwrap();
    assert_clean(&report);
    assert_eq!(report.end, End::TornDown);
}

#[test]
fn a_source_that_goes_away_or_never_was() {
    let (address, thread) = source(drop);
    let report = Sink::connect(address, Options::default())
        .unwrap()
        .wait()
        .unwrap();
    thread.join().unwrap();
    assert_eq!(report.end, End::SourceClosed);
    let options = Options {
        connect_timeout: Duration::ZERO,
        ..Options::default()
    };
    assert!(
        Sink::connect(address, options).is_err(),
        "nobody listens there any more"
    );
}
