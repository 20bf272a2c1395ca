//! One test per rule of the parser, the bounds, and the place that it keeps.

mod properties;

use super::*;
use crate::rtsp::Status;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

const MEMORY: usize = 1024;

/// What comes out of a parser with `memory` bytes that gets `segments`: every message, then the
/// error if there is one, then the count of stray lines if there were any.
fn read<'s>(memory: usize, segments: impl IntoIterator<Item = &'s [u8]>) -> Vec<String> {
    let mut memory = std::vec![0; memory];
    let mut parser = Parser::new(&mut memory);
    let mut read = Vec::<String>::new();
    for mut segment in segments {
        while !segment.is_empty() && !read.last().is_some_and(|last| is_error(last)) {
            let room = parser.room();
            let taken = parser.feed(segment);
            assert_eq!(
                taken,
                room.min(segment.len()),
                "room() says what feed() takes"
            );
            segment = &segment[taken..];
            let before = read.len();
            drain(&mut parser, &mut read);
            assert!(
                taken > 0 || read.len() > before,
                "neither bytes nor messages moved"
            );
        }
    }
    if parser.stray_lines() > 0 {
        read.push(format!("{} stray", parser.stray_lines()));
    }
    read
}

fn is_error(text: &str) -> bool {
    text.starts_with("error")
}

/// How many messages were read, without an error.
fn count(read: &[String]) -> usize {
    assert!(!read.iter().any(|text| is_error(text)), "{read:?}");
    read.len()
}

fn drain(parser: &mut Parser<'_>, read: &mut Vec<String>) {
    while let Some(polled) = parser.poll() {
        match polled {
            Ok(message) => read.push(describe(&message)),
            Err(malformed) => {
                read.push(format!("error: {malformed:?}"));
                assert_eq!(parser.poll(), Some(Err(malformed)), "an error is final");
                assert_eq!(parser.feed(b"x"), 0, "nothing is taken after an error");
                return;
            }
        }
    }
}

fn describe(message: &Message<'_>) -> String {
    let text = |body: &[u8]| body.escape_ascii().to_string();
    match message {
        Message::Request(request) => {
            let Request {
                method_name,
                uri,
                headers,
                body,
                ..
            } = request;
            format!("{method_name} <{uri}> {headers:?} {}", text(body))
        }
        Message::Response(response) => {
            let Response {
                status,
                reason,
                headers,
                body,
            } = response;
            format!("{} <{reason}> {headers:?} {}", status.0, text(body))
        }
        Message::LateIdrRequest => "late IDR request".to_string(),
    }
}

/// [`read`], and the same again with one byte per segment and with a cut at every place.
fn read_however_cut(stream: &[u8]) -> Vec<String> {
    let whole = read(MEMORY, [stream]);
    assert_eq!(read(MEMORY, stream.chunks(1)), whole, "byte by byte");
    for cut in 0..=stream.len() {
        let (first, second) = stream.split_at(cut);
        assert_eq!(read(MEMORY, [first, second]), whole, "cut at {cut}");
    }
    whole
}

const PLAY: &str = "PLAY u RTSP/1.0\r\nCSeq: 9\r\n\r\n";
const PLAY_READ: &str = r#"PLAY <u> {"CSeq": "9"} "#;

#[test]
fn a_message_borrows_its_parts() {
    let mut memory = [0; MEMORY];
    let mut parser = Parser::new(&mut memory);
    let bytes =
        b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\na\r\nSETUP u RTSP/1.0\r\n\r\n";
    assert_eq!(parser.feed(bytes), bytes.len());
    let Some(Ok(Message::Response(response))) = parser.poll() else {
        panic!("no response");
    };
    assert_eq!((response.status, response.reason), (Status::OK, "OK"));
    assert_eq!(
        (response.headers.cseq(), response.body),
        (Some(2), &b"a\r\n"[..])
    );
    let Some(Ok(Message::Request(request))) = parser.poll() else {
        panic!("no request");
    };
    assert_eq!((request.method, request.uri), (Method::Setup, "u"));
    assert_eq!((request.headers.cseq(), request.body), (None, &b""[..]));
    assert_eq!(parser.poll(), None);
}

#[test]
fn line_end_q12_lf_and_mixed() {
    let lines = ["PLAY u RTSP/1.0", "CSeq: 9", "Content-Length: 2", "", "ab"];
    let expected = [r#"PLAY <u> {"CSeq": "9", "Content-Length": "2"} ab"#];
    for ends in 0..16_u32 {
        let end = |line: usize| if ends >> line & 1 == 0 { "\r\n" } else { "\n" };
        let stream: String = (0..4).flat_map(|line| [lines[line], end(line)]).collect();
        assert_eq!(
            read_however_cut((stream + lines[4]).as_bytes()),
            expected,
            "{ends:04b}"
        );
    }
}

#[test]
fn blank_lines_between_messages_rule_4() {
    let stream = format!("\r\n\n{PLAY}\r\n\r\n\n{PLAY}\n");
    assert_eq!(read_however_cut(stream.as_bytes()), [PLAY_READ, PLAY_READ]);
}

#[test]
fn blank_lines_take_no_room() {
    let blank = std::vec![b'\n'; 10 * MEMORY];
    assert_eq!(read(MEMORY, [&blank, PLAY.as_bytes()]), [PLAY_READ]);
}

#[test]
fn colon_q12_in_the_length_too() {
    for field in [
        "content-length:1",
        "CONTENT-LENGTH : 1",
        "Content-Length\t:\t1 ",
    ] {
        let stream = format!("PLAY u RTSP/1.0\r\n{field}\r\n\r\nx{PLAY}");
        let read = read_however_cut(stream.as_bytes());
        assert!(read[0].ends_with(" x"), "{read:?}");
        assert_eq!(read[1], PLAY_READ);
    }
}

#[test]
fn folding_and_not_text_are_passed_over() {
    let stream =
        b"PLAY u RTSP/1.0\r\nCSeq: 9\r\n Content-Length: 5\r\nbare\r\nUser-Agent: \xE9\r\n\r\n";
    assert_eq!(read_however_cut(stream), [PLAY_READ]);
}

#[test]
fn duplicates_of_the_length_must_agree() {
    let stream = |second| {
        format!("PLAY u RTSP/1.0\r\nContent-Length: 1\r\nContent-Length: {second}\r\n\r\nx{PLAY}")
    };
    assert_eq!(count(&read_however_cut(stream("01").as_bytes())), 2);
    assert_eq!(
        read_however_cut(stream("2").as_bytes()),
        ["error: BadContentLength"]
    );
}

#[test]
fn no_uri_q1() {
    let read = read_however_cut(b"SETUP  RTSP/1.0\r\nCSeq: 2\r\n\r\n");
    assert_eq!(read, [r#"SETUP <> {"CSeq": "2"} "#]);
}

#[test]
fn a_body_may_end_without_a_line_end() {
    let stream = format!("RTSP/1.0 200 OK\r\nContent-Length: 4\r\n\r\na: b{PLAY}");
    let expected = [r#"200 <OK> {"Content-Length": "4"} a: b"#, PLAY_READ];
    assert_eq!(read_however_cut(stream.as_bytes()), expected);
}

#[test]
fn the_first_line_of_a_stream_must_be_a_start_line() {
    for (stream, error) in [
        ("wfd_idr_request\r\n", "BadStartLine"),
        ("GET / HTTP/1.1\r\n", "BadStartLine"),
        ("PLAY \u{1} RTSP/1.0\r\n", "NotText"),
        ("RTSP/1.0 2OO OK\r\n", "BadStatus"),
        ("PLAY u RTSP/2.0\r\n", "UnsupportedVersion"),
    ] {
        assert_eq!(
            read_however_cut(stream.as_bytes()),
            [format!("error: {error}")]
        );
    }
}

/// The body of M13 with `declared` as its length, and a request behind it.
fn idr_request(declared: &str, body: &str) -> Vec<String> {
    let head = "SET_PARAMETER u RTSP/1.0\r\n";
    let stream = format!("{head}{declared}\r\n{body}{PLAY}");
    let read = read_however_cut(stream.as_bytes());
    let last = |text: &String| text.rsplit(' ').next().unwrap_or_default().to_string();
    assert!(
        read.iter().any(|text| text == PLAY_READ),
        "{declared:?}: {read:?}"
    );
    read.iter()
        .filter(|text| *text != PLAY_READ)
        .map(last)
        .collect()
}

#[test]
fn idr_request_q6_every_wrong_length() {
    for length in 1..40 {
        let declared = format!("Content-Length: {length}\r\n");
        let expected = match length {
            15 => r"wfd_idr_request",
            16 => r"wfd_idr_request\r",
            _ => r"wfd_idr_request\r\n",
        };
        assert_eq!(
            idr_request(&declared, "wfd_idr_request\r\n"),
            [expected],
            "{length}"
        );
        assert!(idr_request(&declared, "WFD_idr_request\n")[0].starts_with("WFD_idr_request"));
    }
}

#[test]
fn idr_request_q6_without_a_length_comes_behind_its_request() {
    let stream = |declared, line| {
        let head = "SET_PARAMETER u RTSP/1.0\r\n";
        read_however_cut(format!("{head}{declared}\r\n{line}{PLAY}").as_bytes())
    };
    for declared in ["", "Content-Length: 0\r\n"] {
        for line in ["wfd_idr_request\r\n", "wfd_idr_request \n"] {
            let read = stream(declared, line);
            assert!(read[0].ends_with("} "), "without a body: {read:?}");
            assert_eq!(read[1..], ["late IDR request", PLAY_READ, "1 stray"]);
        }
        let other = stream(declared, "wfd_idr_requests\r\n");
        assert_eq!(other[1..], [PLAY_READ, "1 stray"]);
    }
}

#[test]
fn idr_request_with_its_right_length_does_not_wait() {
    for (length, body) in [
        (17, "wfd_idr_request\r\n"),
        (15, "wfd_idr_request"),
        (0, ""),
    ] {
        let stream = format!("SET_PARAMETER u RTSP/1.0\r\nContent-Length: {length}\r\n\r\n{body}");
        assert_eq!(count(&read_however_cut(stream.as_bytes())), 1, "{length}");
    }
}

#[test]
fn idr_request_is_no_other_parameter() {
    for body in [
        "wfd_idr_request_x: 1\r\n",
        "wfd_idr",
        "wfd_idr_requests\n",
        "wfd_standby\r\n",
    ] {
        let declared = format!("Content-Length: {}\r\n", body.len());
        let expected = body.as_bytes().escape_ascii().to_string();
        let read = idr_request(&declared, body);
        assert!(
            expected.ends_with(&read[0]) && read.len() == 1,
            "{body:?}: {read:?}"
        );
    }
}

#[test]
fn idr_request_is_for_set_parameter_only() {
    let stream = "RTSP/1.0 200 OK\r\nContent-Length: 19\r\n\r\nwfd_idr_request\r\nxx";
    assert!(read_however_cut(stream.as_bytes())[0].ends_with(r"request\r\nxx"));
}

#[test]
fn idr_request_needs_room_for_the_line() {
    let stream = b"SET_PARAMETER u RTSP/1.0\r\nContent-Length: 4\r\n\r\nwfd_";
    assert_eq!(
        count(&read(stream.len(), [&stream[..]])),
        1,
        "by its length, since it cannot wait"
    );
}

#[test]
fn stray_line_q6_only_after_set_parameter_and_only_so_many() {
    let after = |start: &str, lines: usize| {
        let stream = format!("{start}\r\n\r\n{}{PLAY}", "\u{1}x\r\n".repeat(lines));
        read_however_cut(stream.as_bytes())
    };
    let set = "SET_PARAMETER u RTSP/1.0";
    let most = after(set, RTSP_STRAY_LINES_MAX);
    assert_eq!(
        most[1..],
        [
            PLAY_READ.to_string(),
            format!("{RTSP_STRAY_LINES_MAX} stray")
        ]
    );
    let more = after(set, RTSP_STRAY_LINES_MAX + 1);
    assert_eq!(more[1], "error: NotText");
    assert_eq!(after("GET_PARAMETER u RTSP/1.0", 1)[1], "error: NotText");
    assert_eq!(after("RTSP/1.0 200 OK", 1)[1], "error: NotText");
}

#[test]
fn stray_line_that_wants_to_be_a_start_line_is_an_error() {
    let stream = "SET_PARAMETER u RTSP/1.0\r\n\r\nRTSP/1.0 x\r\n";
    assert_eq!(read_however_cut(stream.as_bytes())[1], "error: BadStatus");
}

#[test]
fn lengths_are_decimal() {
    for bad in ["", "+1", "-1", "0x1", "1 2", "1,1", "\u{661}"] {
        let stream = format!("PLAY u RTSP/1.0\r\nContent-Length: {bad}\r\n\r\n");
        assert_eq!(
            read_however_cut(stream.as_bytes()),
            ["error: BadContentLength"],
            "{bad:?}"
        );
    }
}

#[test]
fn the_longest_message_fits_and_one_more_byte_does_not() {
    let message = |body: usize| {
        let mut message =
            format!("PLAY u RTSP/1.0\r\nContent-Length: {body:4}\r\n\r\n").into_bytes();
        message.resize(message.len() + body, b'x');
        message
    };
    let head = message(0).len();
    assert_eq!(count(&read_however_cut(&message(MEMORY - head))), 1);
    let too_long = [format!("error: MessageTooLong {{ limit: {MEMORY} }}")];
    assert_eq!(read_however_cut(&message(MEMORY - head + 1)), too_long);
    let huge = format!(
        "PLAY u RTSP/1.0\r\nContent-Length: {}\r\n\r\n",
        "9".repeat(99)
    );
    assert_eq!(read_however_cut(huge.as_bytes()), too_long);
}

#[test]
fn the_longest_head_fits_and_one_more_byte_does_not() {
    let head = |length: usize| {
        let empty = "PLAY u RTSP/1.0\r\nA: \r\n\r\n".len();
        format!(
            "PLAY u RTSP/1.0\r\nA: {}\r\n\r\n",
            "x".repeat(length - empty)
        )
        .into_bytes()
    };
    assert_eq!(count(&read_however_cut(&head(MEMORY))), 1);
    let too_long = [format!("error: HeaderTooLong {{ limit: {MEMORY} }}")];
    assert_eq!(read_however_cut(&head(MEMORY + 1)), too_long);
    assert_eq!(read(0, [&b"x"[..]]), ["error: HeaderTooLong { limit: 0 }"]);
}

#[test]
fn the_most_header_lines_fit_and_one_more_does_not() {
    let head = |lines: usize| format!("PLAY u RTSP/1.0\r\n{}\r\n", "a:b\r\n".repeat(lines));
    assert_eq!(
        count(&read_however_cut(head(RTSP_HEADERS_MAX).as_bytes())),
        1
    );
    let too_many = [format!(
        "error: TooManyHeaders {{ limit: {RTSP_HEADERS_MAX} }}"
    )];
    assert_eq!(
        read_however_cut(head(RTSP_HEADERS_MAX + 1).as_bytes()),
        too_many
    );
}

#[test]
fn a_slow_peer_makes_each_poll_look_at_one_byte() {
    let mut memory = [0; MEMORY];
    let mut parser = Parser::new(&mut memory);
    let head = format!("PLAY u RTSP/1.0\r\nA: {}\r\n\r\n", "x".repeat(900));
    let (last, rest) = head.as_bytes().split_last().expect("not empty");
    for byte in rest {
        assert_eq!(parser.feed(&[*byte]), 1);
        assert_eq!(parser.held().len() - parser.scanned, 1);
        assert_eq!(parser.poll(), None);
    }
    assert_eq!(parser.feed(&[*last]), 1);
    assert!(matches!(parser.poll(), Some(Ok(_))));
}

#[test]
fn a_returned_message_makes_room() {
    let mut memory = [0; PLAY.len() + 1];
    let mut parser = Parser::new(&mut memory);
    for _ in 0..10 {
        assert_eq!(parser.feed(PLAY.as_bytes()), PLAY.len());
        assert_eq!(parser.room(), 1);
        assert!(matches!(parser.poll(), Some(Ok(_))));
        assert_eq!(parser.room(), PLAY.len() + 1);
    }
}

#[test]
fn reset_forgets_everything() {
    let mut memory = [0; MEMORY];
    let mut parser = Parser::new(&mut memory);
    parser.feed(b"SET_PARAMETER u RTSP/1.0\r\n\r\nstray\r\n\0\r\n\r\nPLAY u RTSP/3.0\r\n");
    assert!(matches!(parser.poll(), Some(Ok(_))));
    assert_eq!(parser.poll(), Some(Err(Malformed::UnsupportedVersion)));
    assert_eq!((parser.stray_lines(), parser.room()), (2, 0));
    parser.reset();
    assert_eq!((parser.stray_lines(), parser.room()), (0, MEMORY));
    parser.feed(PLAY.as_bytes());
    assert!(matches!(parser.poll(), Some(Ok(_))));
}

/// The ids of the quirks of `stream`.
fn noticed(stream: &str) -> String {
    let mut memory = [0; MEMORY];
    let mut parser = Parser::new(&mut memory);
    assert_eq!(parser.feed(stream.as_bytes()), stream.len());
    while matches!(parser.poll(), Some(Ok(_))) {}
    parser.noticed().to_string()
}

#[test]
fn what_is_tolerated_is_noticed() {
    assert_eq!(noticed(PLAY), "none");
    for (stream, ids) in [
        ("SETUP  RTSP/1.0\r\nCSeq: 2\r\n\r\n", "Q1"),
        ("PLAY u RTSP/1.0\nCSeq: 2\r\n\r\n", "Q12"),
        ("PLAY u RTSP/1.0\r\nCSeq:2\r\n\r\n", "Q12"),
        ("RTSP/1.0 200 OK\r\n\\Public: a\r\n\r\n", "Q13"),
        (
            "SET_PARAMETER u RTSP/1.0\r\nContent-Length: 9\r\n\r\nwfd_idr_request\r\n",
            "Q6",
        ),
        (
            "SET_PARAMETER u RTSP/1.0\r\n\r\nwfd_idr_request\r\nPLAY u RTSP/1.0\r\n\r\n",
            "Q6",
        ),
    ] {
        assert_eq!(noticed(stream), ids, "{stream}");
    }
}

#[test]
fn a_reset_forgets_what_was_noticed() {
    let mut memory = [0; MEMORY];
    let mut parser = Parser::new(&mut memory);
    parser.feed(b"SETUP  RTSP/1.0\r\n\r\n");
    let _ = parser.poll();
    assert!(!parser.noticed().is_empty());
    parser.reset();
    assert!(parser.noticed().is_empty());
}
