//! The desktop that sets a mode early, late, twice, or a wrong one.

use core::time::Duration;

use super::script::{CAPABILITIES, Script};
use crate::limits;
use crate::rtsp::Status;
use crate::session::{Asked, Event, Input, Phase, Reason};
use crate::wfd::modes::mode;

fn encoded(events: &[Event]) -> std::vec::Vec<(u16, u16, u8)> {
    let size = |event: &Event| match event {
        Event::Encode(request) => {
            mode(request.candidate.mode).map(|mode| (mode.width, mode.height, mode.rate))
        }
        _ => None,
    };
    events.iter().filter_map(size).collect()
}

#[test]
fn a_mode_set_at_once_is_proposed_at_once() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.mode(1, 1280, 720, 60);
    assert!(script.message().contains(": 00 00 01 10 00000040 "));
    script.establish();
    assert_eq!(encoded(&script.events()), [(1280, 720, 60)]);
}

#[test]
fn a_mode_set_after_4_s_is_proposed_then() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.wait(Duration::from_secs(4));
    assert!(script.sent.is_empty());
    script.mode(1, 1920, 1080, 30);
    assert!(script.message().contains(": 00 00 01 10 00000080 "));
}

#[test]
fn without_a_mode_the_best_one_is_proposed_after_5_s_and_nothing_is_encoded() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.wait(limits::MODE_SET_WAIT);
    assert!(
        script.message().contains(": 00 00 01 10 00000100 "),
        "the native mode, 1080p60"
    );
    script.establish();
    assert_eq!(script.session.phase(), Phase::Playing);
    let events = script.events();
    let plays = |event: &Event| matches!(event, Event::Play { marker: false, .. });
    assert!(events.iter().any(plays));
    assert!(encoded(&events).is_empty());
}

#[test]
fn a_mode_set_after_6_s_that_is_the_proposed_one_needs_no_message() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.wait(limits::MODE_SET_WAIT);
    script.establish();
    script.sent.clear();
    script.events.clear();
    script.wait(Duration::from_secs(1));
    script.mode(1, 1920, 1080, 60);
    assert!(script.sent.is_empty());
    assert_eq!(encoded(&script.events()), [(1920, 1080, 60)]);
}

#[test]
fn a_mode_set_after_30_s_is_a_mode_change() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.wait(limits::MODE_SET_WAIT);
    script.establish();
    script.sent.clear();
    script.wait(Duration::from_secs(25));
    // Two keep-alives went out meanwhile and were not answered: that alone is no failure yet.
    script.sent.clear();
    script.ok(6);
    script.mode(1, 1280, 720, 30);
    let change = script.message();
    // The clock of the media stands at 1 s when the sink plays; 25 s later, and 80 ms ahead.
    assert!(change.ends_with(
        "\r\n\r\nwfd_video_formats: 00 00 01 10 00000020 00000000 00000000 00 0000 0000 00 none none\
         \r\nwfd_av_format_change_timing: 0011E86000 0011E86000\r\n"
    ));
    assert!(encoded(&script.events()).is_empty());
    script.ok(7);
    assert_eq!(encoded(&script.events()), [(1280, 720, 30)]);
}

#[test]
fn a_mode_that_comes_while_m4_is_out_is_settled_once_the_session_plays() {
    let mut script = Script::proposing();
    script.mode(2, 1920, 1080, 30);
    assert!(script.message().contains(": 00 00 01 10 00000020 "));
    script.establish();
    let play_reply = &script.sent[script.sent.len() - 2];
    assert!(play_reply.starts_with("RTSP/1.0 200 OK\r\nCSeq: 3\r\n"));
    let change = script.sent.pop().unwrap();
    assert!(change.contains(": 00 00 01 10 00000080 ") && change.contains("_timing: "));
    assert!(encoded(&script.events()).is_empty());
    script.ok(5);
    assert_eq!(encoded(&script.events()), [(1920, 1080, 30)]);
}

#[test]
fn a_change_in_a_session_that_plays_ends_the_old_pictures_first() {
    let mut script = Script::playing();
    script.mode(2, 1920, 1080, 30);
    assert_eq!(script.events(), [Event::StopPictures]);
    script.ok(5);
    assert_eq!(encoded(&script.events()), [(1920, 1080, 30)]);
}

#[test]
fn windows_may_change_its_mind_while_a_change_is_out() {
    let mut script = Script::playing();
    script.mode(2, 1920, 1080, 30);
    script.mode(3, 1280, 720, 30);
    script.sent.clear();
    script.ok(5);
    assert!(
        script.message().contains(": 00 00 01 10 00000020 "),
        "back again"
    );
    script.ok(6);
    assert_eq!(encoded(&script.events()), [(1280, 720, 30)]);
}

#[test]
fn a_repeat_changes_nothing() {
    let mut script = Script::playing();
    script.mode(1, 1280, 720, 30);
    script.mode(2, 1280, 720, 30);
    assert!(script.sent.is_empty() && script.events.is_empty());
}

#[test]
fn a_stream_that_was_overtaken_is_asked_for_again_by_the_newer_mode_set() {
    let mut script = Script::playing();
    script.input(Input::StreamOvertaken);
    assert!(
        script.events().is_empty(),
        "the newer MODE_SET is not here yet"
    );
    script.mode(2, 1280, 720, 30);
    assert_eq!(encoded(&script.events()), [(1280, 720, 30)]);
}

#[test]
fn a_mode_that_was_not_offered_fails_and_nothing_else_changes() {
    let mut script = Script::playing();
    script.mode(2, 1234, 567, 30);
    script.mode(3, 1280, 720, 0);
    let failed = |sequence| Event::ModeNotOffered { sequence };
    assert_eq!(script.events(), [failed(2), failed(3)]);
    assert!(script.sent.is_empty());
}

#[test]
fn a_path_that_is_switched_off_stops_the_pictures_and_on_again_starts_them() {
    let mut script = Script::playing();
    script.mode(2, 0, 0, 0);
    assert_eq!(script.events(), [Event::StopPictures]);
    script.mode(3, 1280, 720, 30);
    assert_eq!(encoded(&script.events()), [(1280, 720, 30)]);
    assert!(script.sent.is_empty());
}

#[test]
fn a_sink_that_refuses_the_change_ends_the_session_with_that_reason() {
    let mut script = Script::playing();
    script.mode(2, 1920, 1080, 30);
    script.bytes("RTSP/1.0 415 Unsupported Media Type\r\nCSeq: 5\r\n\r\n");
    script.wait(limits::TEARDOWN_GRACE);
    let reason = Reason::Refused(Asked::ModeChange, Status(415));
    assert_eq!(script.ended(), Some(reason));
}

#[test]
fn a_sink_that_follows_the_stream_is_not_asked_about_a_new_mode() {
    let mut script = Script::new();
    script.negotiate(&std::format!(
        "{CAPABILITIES}microsoft_format_change_capability: supported\r\n"
    ));
    script.mode(1, 1280, 720, 30);
    script.establish();
    script.sent.clear();
    script.events.clear();
    script.mode(2, 1920, 1080, 30);
    assert!(script.sent.is_empty());
    let events = script.events();
    let [Event::Encode(request)] = events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(request.sequence, 2);
    assert_eq!(script.session.agreed(), Some(&request.candidate));
}
