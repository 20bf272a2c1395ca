//! The ways in which a session ends.

use core::time::Duration;

use super::script::{CAPABILITIES, Script};
use crate::limits;
use crate::session::{Event, FrameRate, Input, ModeSet, Phase, Reason};

#[test]
fn the_sinks_teardown_is_answered_and_ends_the_session() {
    let mut script = Script::playing();
    script.ask("TEARDOWN x", 4, "Session: 305419896\r\n");
    assert_eq!(
        script.message(),
        "RTSP/1.0 200 OK\r\nCSeq: 4\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(script.ended(), Some(Reason::SinkTeardown));
    assert_eq!(script.session.wake(), None);
}

#[test]
fn the_sink_may_say_why_it_goes() {
    let mut script = Script::playing();
    let body = "microsoft_teardown_reason: C00D4278 no packets\r\n";
    script.bytes(&std::format!(
        "TEARDOWN x RTSP/1.0\r\nCSeq: 4\r\nContent-Type: text/parameters\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(script.message().starts_with("RTSP/1.0 200 "));
    let reason = script.ended().unwrap();
    assert_eq!(reason, Reason::SinkFault(0xC00D_4278));
    assert_eq!(
        std::format!("{reason}"),
        "the sink sent M8 TEARDOWN: C00D4278, no RTP or no keep-alive in time"
    );
}

#[test]
fn stop_tells_the_sink_in_one_message_and_waits_for_nothing() {
    let mut script = Script::playing();
    script.input(Input::Stop);
    assert!(
        script
            .message()
            .ends_with("wfd_trigger_method: TEARDOWN\r\n")
    );
    assert_eq!(script.events(), [Event::Ended(Reason::Stopped)]);
}

#[test]
fn stop_before_setup_says_nothing() {
    let mut script = Script::new();
    script.negotiate(CAPABILITIES);
    script.events.clear();
    script.input(Input::Stop);
    assert!(script.sent.is_empty());
    assert_eq!(script.events(), [Event::Ended(Reason::Stopped)]);
}

/// Sinks answer our TEARDOWN trigger in five ways (interop rule 14); all of them end the session
/// with our own reason.
#[test]
fn every_way_of_saying_goodbye_is_understood() {
    let ok = "RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n";
    let teardown = "TEARDOWN x RTSP/1.0\r\nCSeq: 3\r\n\r\n";
    let (both, only_ok) = (
        std::format!("{ok}{teardown}"),
        std::string::String::from(ok),
    );
    for (said, closes) in [(both, false), (only_ok.clone(), true), (only_ok, false)] {
        let mut script = Script::playing();
        script.input(Input::Abort(Reason::DeviceLost(1)));
        assert_eq!(
            script.session.phase(),
            Phase::Closing(Reason::DeviceLost(1))
        );
        script.bytes(&said);
        if closes {
            script.input(Input::Closed);
        } else {
            script.wait(limits::TEARDOWN_GRACE);
        }
        assert_eq!(script.ended(), Some(Reason::DeviceLost(1)), "{said}");
    }
    let mut script = Script::playing();
    script.input(Input::Abort(Reason::DeviceLost(1)));
    script.input(Input::Closed);
    assert_eq!(script.ended(), Some(Reason::DeviceLost(1)));
}

#[test]
fn the_goodbye_takes_half_a_second_at_most() {
    let mut script = Script::playing();
    script.input(Input::Abort(Reason::DeviceLost(1)));
    assert_eq!(script.events(), [Event::StopPictures]);
    script.wait(limits::TEARDOWN_GRACE.saturating_sub(Duration::from_millis(1)));
    assert_eq!(script.ended(), None);
    script.wait(Duration::from_millis(1));
    assert_eq!(script.ended(), Some(Reason::DeviceLost(1)));
}

#[test]
fn a_connection_that_goes_away_ends_the_session_at_every_step() {
    let steps: [fn(&mut Script); 5] = [
        |_| {},
        |script| script.ok(1),
        |script| script.negotiate(CAPABILITIES),
        |script| {
            script.negotiate(CAPABILITIES);
            script.mode(1, 1280, 720, 30);
        },
        |script| {
            script.negotiate(CAPABILITIES);
            script.mode(1, 1280, 720, 30);
            script.establish();
        },
    ];
    for step in steps {
        let mut script = Script::new();
        step(&mut script);
        script.input(Input::Closed);
        assert_eq!(script.ended(), Some(Reason::SinkClosed));

        let mut script = Script::new();
        step(&mut script);
        script.input(Input::Failed(104));
        assert_eq!(script.ended(), Some(Reason::ConnectionFailed(104)));
    }
}

#[test]
fn garbage_ends_the_session_with_what_is_wrong() {
    let mut script = Script::new();
    for _ in 0..=limits::RTSP_MESSAGE_MAX / 64 {
        script.bytes(&"\u{1}X".repeat(32));
    }
    assert!(
        matches!(script.ended(), Some(Reason::Unreadable(_))),
        "{:?}",
        script.events
    );
}

#[test]
fn garbage_in_a_session_that_plays_ends_it_too() {
    let mut script = Script::playing();
    script.bytes("garbage\r\n");
    script.bytes(&"\u{1}X".repeat(512));
    assert!(
        matches!(script.ended(), Some(Reason::Unreadable(_))),
        "{:?}",
        script.session.phase()
    );
    assert!(
        script
            .message()
            .ends_with("wfd_trigger_method: TEARDOWN\r\n")
    );
}

#[test]
fn a_flood_of_requests_ends_the_session() {
    let mut script = Script::playing();
    let request = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
    script.bytes(&request.repeat(limits::MESSAGES_PER_READ_MAX + 1));
    assert_eq!(script.session.phase(), Phase::Closing(Reason::Flooded));
}

#[test]
fn nothing_happens_after_the_end() {
    let mut script = Script::playing();
    script.ask("TEARDOWN x", 4, "");
    script.sent.clear();
    script.events.clear();
    script.ask("PLAY x", 5, "");
    script.mode(9, 1280, 720, 60);
    script.input(Input::MonitorPower(false));
    script.input(Input::Stop);
    script.input(Input::Abort(Reason::Silent));
    script.wait(Duration::from_hours(1));
    assert!(script.sent.is_empty() && script.events.is_empty());
}

/// A host that does not poll until the session is idle: what it would miss is not forgotten in silence.
#[test]
fn a_host_that_takes_no_events_is_told_that_some_are_lost() {
    let mut script = Script::playing();
    for sequence in 2..20 {
        let set = ModeSet {
            sequence,
            width: 1,
            height: 1,
            rate: FrameRate {
                numerator: 30,
                denominator: 1,
            },
            interlaced: false,
        };
        script.session.handle(Input::ModeSet(&set), script.now);
    }
    script.input(Input::Timeout);
    assert_eq!(script.events(), [Event::Ended(Reason::MessageLost)]);
    assert_eq!(script.session.phase(), Phase::Closed);
    assert_eq!(script.session.wake(), None);
}
