//! What six sinks, written independently of each other, sent during a whole session, recorded.
//!
//! The recordings are whole dialogues: a turn begins with `=== SOURCE -> SINK` or
//! `=== SINK -> SOURCE` and ends with an empty line, `--- (next TCP segment` divides it, and what is
//! behind `=== UDP` is not of the dialogue. Lines end with CRLF on the wire. Here the sink's half is
//! read by the parser alone; `tests/field` replays both.

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::rtsp::{Message, Parser, transport};

/// Every message of a sink in short: method or status, sequence number, then what matters of it.
struct Dialogue {
    recording: &'static str,
    messages: &'static [&'static str],
}

const AOSP: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/aosp.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 GET_PARAMETER SET_PARAMETER",
        "OPTIONS * #1",
        "200 OK #2 body 182",
        "200 OK #3",
        "SETUP rtsp://127.0.0.1:7236/wfd1.0/streamid=0 #2 ports Some(15550) Some(15551)",
        "200 OK #4",
        "PLAY rtsp://127.0.0.1:7236/wfd1.0/streamid=0 #3 session 1795342616",
        "200 OK #5 body 182",
        "200 OK #6 body 182",
        "200 OK #7",
    ],
};

const FOXLOST_QUIRKY: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/foxlost-quirky.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 GET_PARAMETER SET_PARAMETER",
        "OPTIONS * #1",
        "200 OK #2 body 348",
        "200 OK #3",
        "200 OK #4",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #2 ports Some(15550) Some(15551)",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #3 ports Some(15550) Some(15551)",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #4 session 1",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #5 session 1",
        "200 OK #5 body 348",
        "200 OK #6 body 348",
        "200 OK #7",
    ],
};

const LAZYCAST: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/lazycast.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 SET_PARAMETER GET_PARAMETER",
        "OPTIONS * #1",
        "200 OK #2 body 461",
        "200 OK #3",
        "200 OK #4",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #5 ports Some(1028) None",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #6 session 1795342552",
        "200 OK #5",
        "200 OK #6",
    ],
};

const PICAST: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/picast.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 SET_PARAMETER GET_PARAMETER",
        "OPTIONS * #100",
        "200 OK #2 body 228",
        "200 OK #3",
        "200 OK #4",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #101 ports Some(1028) None",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #102 session 1795342652",
        "200 OK #5",
        "200 OK #6",
        "200 OK #7",
        "TEARDOWN rtsp://localhost/wfd1.0 #102",
    ],
};

const RDK: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/rdk.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 GET_PARAMETER SET_PARAMETER",
        "OPTIONS * #2",
        "200 OK #2 body 210",
        "200 OK #3",
        "200 OK #4",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #3 ports Some(1990) None",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #4 session 1795342606",
        "200 OK #5",
        "200 OK #6",
        "200 OK #7",
    ],
};

const WDS: Dialogue = Dialogue {
    recording: include_str!("../../tests/data/dialogues/wds.txt"),
    messages: &[
        "200 OK #1 org.wfa.wfd1.0 GET_PARAMETER SET_PARAMETER",
        "OPTIONS * #2",
        "200 OK #2 body 306",
        "200 OK #3",
        "200 OK #4",
        "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 #3 ports Some(52167) None",
        "PLAY rtsp://127.0.0.1/wfd1.0/streamid=0 #4 session 1795342580",
        "200 OK #5",
        "200 OK #6",
        "200 OK #7",
        "TEARDOWN rtsp://127.0.0.1/wfd1.0/streamid=0 #5 session 1795342580",
    ],
};

/// The segments of the sink.
fn segments(dialogue: &Dialogue) -> Vec<Vec<u8>> {
    let turns = dialogue.recording.split("\n=== ");
    turns
        .filter_map(|turn| turn.strip_prefix("SINK -> SOURCE"))
        .flat_map(|turn| turn.split("--- (next TCP segment"))
        .map(|segment| {
            // The rest of the line that begins it says when it came.
            let (_, bytes) = segment.split_once('\n').expect("a line");
            bytes.replace('\n', "\r\n").into_bytes()
        })
        .collect()
}

fn read<'s>(segments: impl IntoIterator<Item = &'s [u8]>) -> Vec<String> {
    let mut memory = [0; RTSP_MESSAGE_MAX];
    let mut parser = Parser::new(&mut memory);
    let mut messages = Vec::new();
    for segment in segments {
        assert_eq!(parser.feed(segment), segment.len());
        while let Some(message) = parser.poll() {
            messages.push(describe(&message.expect("a sink that works")));
        }
    }
    assert_eq!(
        parser.room(),
        RTSP_MESSAGE_MAX,
        "every byte belongs to a message"
    );
    assert_eq!(parser.stray_lines(), 0);
    messages
}

fn describe(message: &Message<'_>) -> String {
    let (start, headers, body) = match message {
        Message::Request(request) => (
            format!("{} {}", request.method_name, request.uri),
            request.headers,
            request.body,
        ),
        Message::Response(response) => (
            format!("{} {}", response.status.0, response.reason),
            response.headers,
            response.body,
        ),
        Message::LateIdrRequest => panic!("no recorded sink has a wrong Content-Length"),
    };
    let mut words = vec![start, format!("#{}", headers.cseq().expect("CSeq"))];
    words.extend(
        headers
            .session()
            .map(|session| format!("session {session}")),
    );
    words.extend(headers.get("Transport").map(|value| {
        let wanted = transport::parse(value).expect("a transport");
        format!(
            "ports {:?} {:?}",
            wanted.client_port, wanted.client_rtcp_port
        )
    }));
    words.extend(headers.list("Public").map(String::from));
    words.extend((!body.is_empty()).then(|| format!("body {}", body.len())));
    words.join(" ")
}

fn check(dialogue: &Dialogue) {
    let segments = segments(dialogue);
    let recorded = read(segments.iter().map(Vec::as_slice));
    assert_eq!(recorded, dialogue.messages, "as recorded");
    let stream = segments.concat();
    assert_eq!(read([&stream[..]]), dialogue.messages, "in one segment");
    assert_eq!(read(stream.chunks(1)), dialogue.messages, "byte by byte");
    for cut in 0..=stream.len() {
        let (first, second) = stream.split_at(cut);
        assert_eq!(read([first, second]), dialogue.messages, "cut at {cut}");
    }
}

#[test]
fn aosp() {
    check(&AOSP);
}

#[test]
fn foxlost_quirky() {
    check(&FOXLOST_QUIRKY);
}

#[test]
fn lazycast() {
    check(&LAZYCAST);
}

#[test]
fn picast() {
    check(&PICAST);
}

#[test]
fn rdk() {
    check(&RDK);
}

#[test]
fn wds() {
    check(&WDS);
}
