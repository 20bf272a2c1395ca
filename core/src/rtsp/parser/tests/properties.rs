//! Properties: no bytes make the parser panic, no cut changes what it reads, and it reads what the
//! writer writes.

use super::{MEMORY, read};
use crate::rtsp::{Message, Method, Parser, Status, Writer};
use proptest::collection::vec;
use proptest::prelude::*;
use std::string::String;
use std::vec::Vec;

/// Pieces of RTSP, so that random streams get past the start line.
const PIECES: [&str; 24] = [
    "PLAY u RTSP/1.0\r\n",
    "SETUP  RTSP/1.0\n",
    "SET_PARAMETER u RTSP/1.0\r\n",
    "RTSP/1.0 200 OK\r\n",
    "RTSP/1.0 4 x\r\n",
    "GET_PARAMETER a b RTSP/1.1\r\n",
    "CSeq: 1\r\n",
    "cseq : 4294967296\n",
    "Content-Length: 0\r\n",
    "Content-Length: 5\r\n",
    "content-length:17\n",
    "Content-Length: 20\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Content-Length: x\r\n",
    " folded\r\n",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    "wfd_idr_request\r\n",
    "wfd_idr",
    "wfd_idr_request",
    "a: b\r\n",
    "\u{0}",
];

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        16 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..8),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// `stream` in segments whose lengths are `lengths`, over and over.
fn cut<'s>(mut stream: &'s [u8], lengths: &[usize]) -> Vec<&'s [u8]> {
    let mut segments = Vec::new();
    for length in lengths.iter().cycle() {
        if stream.is_empty() {
            break;
        }
        let (segment, rest) = stream.split_at((*length).min(stream.len()));
        segments.push(segment);
        stream = rest;
    }
    segments
}

/// Text that stays one line, and is trimmed.
fn value() -> impl Strategy<Value = String> {
    "[!-~]([ -~]{0,30}[!-~])?"
}

proptest! {
    #[test]
    fn no_cut_changes_what_is_read(
        stream in stream(),
        lengths in vec(1_usize..40, 1..10),
        memory in prop_oneof![0_usize..100, Just(MEMORY)],
    ) {
        prop_assert_eq!(read(memory, cut(&stream, &lengths)), read(memory, [&stream[..]]));
    }

    #[test]
    fn no_bytes_make_it_panic(stream in vec(any::<u8>(), 0..600), memory in 0_usize..300) {
        prop_assert_eq!(read(memory, stream.chunks(1)), read(memory, [&stream[..]]));
    }

    #[test]
    fn a_written_request_is_read_back(
        uri in "[!-~]{1,40}",
        cseq in any::<u32>(),
        header in value(),
        body in vec(value(), 0..6),
    ) {
        let mut buffer = [0; MEMORY];
        let length = Writer::request(&mut buffer, Method::SetParameter, &uri, cseq)
            .header("X-Test", format_args!("{header}"))
            .finish_with_parameters(|out| body.iter().try_for_each(|line| write!(out, "{line}\r\n")))
            .expect("it fits");
        let mut memory = [0; MEMORY];
        let mut parser = Parser::new(&mut memory);
        prop_assert_eq!(parser.feed(&buffer[..length]), length);
        let Some(Ok(Message::Request(request))) = parser.poll() else {
            return Err(TestCaseError::fail("no request"));
        };
        let lines: String = body.iter().flat_map(|line| [line, "\r\n"]).collect();
        prop_assert_eq!((request.method, request.uri), (Method::SetParameter, &uri[..]));
        prop_assert_eq!(request.headers.cseq(), Some(cseq));
        prop_assert_eq!(request.headers.get("x-test"), Some(&header[..]));
        prop_assert_eq!(request.headers.get("content-type").is_some(), !body.is_empty());
        prop_assert_eq!(request.body, lines.as_bytes());
        prop_assert_eq!(parser.poll(), None);
        prop_assert_eq!(parser.room(), MEMORY);
    }

    #[test]
    fn a_written_response_is_read_back(code in 100_u16..1000, reason in value(), cseq in any::<u32>()) {
        let mut buffer = [0; MEMORY];
        let length = Writer::response_because(&mut buffer, Status(code), &reason, cseq)
            .finish()
            .expect("it fits");
        let mut memory = [0; MEMORY];
        let mut parser = Parser::new(&mut memory);
        prop_assert_eq!(parser.feed(&buffer[..length]), length);
        let Some(Ok(Message::Response(response))) = parser.poll() else {
            return Err(TestCaseError::fail("no response"));
        };
        prop_assert_eq!((response.status, response.reason), (Status(code), &reason[..]));
        prop_assert_eq!((response.headers.cseq(), response.body), (Some(cseq), &b""[..]));
    }
}
