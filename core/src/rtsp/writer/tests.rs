//! The writer, byte by byte.

use super::*;
use std::string::String;

fn text(buffer: &[u8], length: usize) -> String {
    String::from_utf8(buffer[..length].to_vec()).expect("text")
}

/// M5 of S2.1 App. E.1.
fn trigger(buffer: &mut [u8]) -> Result<usize, Full> {
    Writer::request(buffer, Method::SetParameter, "rtsp://localhost/wfd1.0", 4)
        .finish_with_parameters(|body| body.write_str("wfd_trigger_method: SETUP\r\n"))
}

const TRIGGER: &str = "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 4\r\n\
    Content-Type: text/parameters\r\nContent-Length: 27\r\n\r\nwfd_trigger_method: SETUP\r\n";

#[test]
fn a_request_with_parameters() {
    let mut buffer = [0xFF; 256];
    assert_eq!(trigger(&mut buffer), Ok(TRIGGER.len()));
    assert_eq!(text(&buffer, TRIGGER.len()), TRIGGER);
}

#[test]
fn every_buffer_that_is_too_small_is_refused() {
    let mut buffer = [0; TRIGGER.len()];
    for room in 0..TRIGGER.len() {
        assert_eq!(trigger(&mut buffer[..room]), Err(Full), "{room}");
    }
    assert_eq!(trigger(&mut buffer), Ok(TRIGGER.len()));
}

#[test]
fn the_length_of_the_body_is_exact_at_every_number_of_digits() {
    for length in [1, 9, 10, 99, 100, 999, 1000] {
        let mut buffer = [0; 2048];
        let body = "x".repeat(length);
        let written = Writer::response(&mut buffer, Status::OK, 1)
            .finish_with_parameters(|out| out.write_str(&body))
            .expect("it fits");
        let (head, written_body) = buffer[..written].split_at(written - length);
        assert_eq!(written_body, body.as_bytes());
        let end = std::format!("\r\nContent-Length: {length}\r\n\r\n");
        assert!(head.ends_with(end.as_bytes()), "{}", text(head, head.len()));
    }
}

#[test]
fn a_reply_has_the_spelling_that_sinks_compare() {
    let mut buffer = [0; 256];
    let length = Writer::response(&mut buffer, Status::OK, 3)
        .header("Session", format_args!("{};timeout={}", 1_795_342_606, 30))
        .header(
            "Transport",
            format_args!("RTP/AVP/UDP;unicast;client_port=1990;server_port=19002"),
        )
        .finish()
        .expect("it fits");
    assert_eq!(
        text(&buffer, length),
        "RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 1795342606;timeout=30\r\n\
         Transport: RTP/AVP/UDP;unicast;client_port=1990;server_port=19002\r\n\r\n"
    );
}

#[test]
fn a_reply_may_have_a_reason_of_its_own() {
    let mut buffer = [0; 256];
    let writer = Writer::response_because(&mut buffer, Status::NOT_ACCEPTABLE, "in-play-state", 5);
    let length = writer.finish().expect("it fits");
    assert_eq!(
        text(&buffer, length),
        "RTSP/1.0 406 in-play-state\r\nCSeq: 5\r\n\r\n"
    );
}

#[test]
fn a_message_without_parameters_has_no_content_headers_rule_8() {
    let mut buffer = [0; 256];
    let request = Writer::request(&mut buffer, Method::GetParameter, "u", 5);
    let length = request.finish_with_parameters(|_| Ok(())).expect("it fits");
    assert_eq!(
        text(&buffer, length),
        "GET_PARAMETER u RTSP/1.0\r\nCSeq: 5\r\n\r\n"
    );
}

#[test]
fn no_value_makes_a_line_of_its_own() {
    let mut buffer = [0; 256];
    let length = Writer::response(&mut buffer, Status::OPTION_NOT_SUPPORTED, 1)
        .header("Unsupported", format_args!("a\r\nEvil: 1\0{}", '\u{85}'))
        .finish()
        .expect("it fits");
    let expected = "RTSP/1.0 551 Option not supported\r\nCSeq: 1\r\nUnsupported: aEvil: 1\r\n\r\n";
    assert_eq!(text(&buffer, length), expected);
}

#[test]
fn a_closure_that_gives_up_is_reported() {
    let mut buffer = [0; 256];
    let request = Writer::request(&mut buffer, Method::SetParameter, "u", 1);
    assert_eq!(
        request.finish_with_parameters(|_| Err(fmt::Error)),
        Err(Full)
    );
}

#[test]
fn room_that_ran_out_is_not_forgotten() {
    let mut buffer = [0; 40];
    let writer = Writer::request(&mut buffer, Method::Play, "u", 1)
        .header("Long", format_args!("{:60}", ""))
        .header("S", format_args!("1"));
    assert_eq!(writer.finish(), Err(Full));
}
