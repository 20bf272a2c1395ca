use std::string::{String, ToString as _};
use std::vec::Vec;

use miracast_core::rtsp::Status;
use miracast_core::session::{Asked, PhaseKind, Step};

use super::*;
use crate::trace_sink::events::{KEYWORD, LEVEL, PROVIDER_ID};

const TOKEN: usize = 0x1234_5678;

fn encoded(what: What, end: Option<&Reason>) -> Encoded {
    let mut event = Encoded::new(TOKEN);
    event.entry(what, end);
    event
}

/// Reads up to the NUL.
fn text(bytes: &mut &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap();
    let text = String::from_utf8(bytes[..end].to_vec()).unwrap();
    *bytes = &bytes[end + 1..];
    text
}

/// Reads so many bytes as a number.
fn number(bytes: &mut &[u8], size: usize) -> u64 {
    let (number, rest) = bytes.split_at(size);
    *bytes = rest;
    number
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Reads an event as a program does that knows TraceLogging only: its name, and its fields in words.
fn read(event: &Encoded) -> (String, Vec<(String, String)>) {
    let (mut description, mut values) = (event.description(), event.values());
    assert_eq!(
        number(&mut description, 2),
        event.description().len() as u64
    );
    assert_eq!(number(&mut description, 1), 0, "no tags");
    let name = text(&mut description);
    let mut fields = Vec::new();
    while !description.is_empty() {
        let field = text(&mut description);
        let value = match number(&mut description, 1) {
            2 => text(&mut values),
            6 => std::format!("{}", number(&mut values, 2)),
            8 => std::format!("{}", number(&mut values, 4)),
            10 => std::format!("{}", number(&mut values, 8)),
            20 => std::format!("{:#x}", number(&mut values, 4)),
            21 => std::format!("{:#x}", number(&mut values, 8)),
            other => panic!("type {other}"),
        };
        fields.push((field, value));
    }
    assert_eq!(values, [0; 0], "more values than fields");
    (name, fields)
}

fn check(event: &Encoded, name: &str, fields: &[(&str, &str)]) {
    let context = [("Context", "0x12345678")];
    let expected = context.iter().chain(fields);
    let expected = expected.map(|(name, value)| ((*name).into(), (*value).into()));
    assert_eq!(read(event), (name.into(), expected.collect()));
}

#[test]
fn each_event_can_be_read_by_its_description() {
    let ok = Status::OK;
    let answered = What::Answered(Asked::Options, ok);
    let fields = [("Request", "M1 OPTIONS"), ("RtspStatus", "200")];
    check(&encoded(answered, None), "Answered", &fields);
    let phase = What::Phase(PhaseKind::Playing);
    check(&encoded(phase, None), "Phase", &[("Phase", "Playing")]);
    let reduced = What::Reduced {
        step: Step::Baseline,
        status: Status::SEE_OTHER,
        code: 457,
    };
    let fields = [("RtspStatus", "303"), ("Code", "457"), ("Step", "Baseline")];
    check(&encoded(reduced, None), "Reduced", &fields);
    let escape = What::Escape {
        opcode: 0x20,
        status: 0xC000_00BB,
    };
    let fields = [("Opcode", "32"), ("NtStatus", "0xc00000bb")];
    check(&encoded(escape, None), "Escape", &fields);
    let dropped = What::Dropped { chunks: 70_000 };
    check(&encoded(dropped, None), "Dropped", &[("Chunks", "70000")]);
    check(
        &encoded(What::Replied(ok), None),
        "Replied",
        &[("RtspStatus", "200")],
    );
    let fields = [("Reason", "Windows stopped the session")];
    check(
        &encoded(What::Ended, Some(&Reason::Stopped)),
        "Ended",
        &fields,
    );
    check(&encoded(What::Ended, None), "Ended", &[("Reason", "")]);
}

#[test]
fn text_that_is_too_long_leaves_room_for_its_end_and_for_what_follows() {
    let mut event = encoded(What::Ended, None);
    event.values.clear();
    event.text(&format_args!("{:1000}", ""));
    event.number(&[7, 7]);
    assert_eq!(event.values().len(), PAYLOAD_MAX);
    assert!(event.values().ends_with(&[b' ', 0, 7, 7]));
}

#[test]
fn the_provider_has_its_name_and_a_guid_of_that() {
    assert_eq!(PROVIDER_ID >> 76 & 0xF, 5, "a GUID that is made of a name");
    assert!(
        KEYWORD != 0 && (1..=5).contains(&LEVEL),
        "the events can be chosen"
    );
    let mut description = &PROVIDER_DESCRIPTION[..];
    assert_eq!(
        number(&mut description, 2),
        PROVIDER_DESCRIPTION.len() as u64
    );
    assert_eq!(text(&mut description), PROVIDER);
    assert_eq!(description, [0; 0]);
}

#[test]
fn what_a_session_came_to_can_be_read_by_its_description() {
    let mut counts = [0; Totals::NAMES.len()];
    for (count, number) in counts.iter_mut().zip(1..) {
        *count = number << 40;
    }
    let mut event = Encoded::new(TOKEN);
    event.totals(&Totals::of(&counts));
    let numbers: Vec<_> = (1_u64..)
        .map(|number| (number << 40).to_string())
        .take(counts.len())
        .collect();
    let numbers = numbers.iter().map(String::as_str);
    let fields: Vec<_> = Totals::NAMES.into_iter().zip(numbers).collect();
    check(&event, "Totals", &fields);
}
