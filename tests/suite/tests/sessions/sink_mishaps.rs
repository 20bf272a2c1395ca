//! Sinks that break off, talk nonsense, stay silent or want what cannot be.

use miracast_os::abi::{MIRACAST_STATUS_CRITICAL_ERROR, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST};
use miracast_os::{NtStatus, ledger};
use miracast_sink::live::Options;
use miracast_sink::machine::{Command, End, Greeting, OnTeardown, Quirks, Refusal, Step, When};
use miracast_sink::profile::Profile;

use crate::stage::{
    assert_survived, connect, ended_session, play, refused_start, report, sink, vga,
};

fn sink_with(change: impl FnOnce(&mut Quirks)) -> Options {
    let mut options = sink();
    change(&mut options.settings.quirks);
    options
}

#[test]
fn a_sink_that_closes_before_start_has_returned_makes_it_fail() {
    let _alone = ledger::alone();
    for step in [Step::M1, Step::M2Reply, Step::M3] {
        let session = connect(vga(), sink_with(|quirks| quirks.close_at = Some(step)));
        let status = refused_start(&session);
        assert_eq!(status, NtStatus::CONNECTION_DISCONNECTED, "{step:?}");
        let record = assert_survived(session);
        assert!(
            record.source.reports.is_empty(),
            "{step:?}: no session, no report"
        );
    }
}

#[test]
fn a_sink_that_closes_later_ends_the_session() {
    let _alone = ledger::alone();
    for step in [Step::M4, Step::SetupTrigger, Step::M6Reply, Step::M7Reply] {
        let session = connect(vga(), sink_with(|quirks| quirks.close_at = Some(step)));
        let report = ended_session(&session);
        assert_eq!(
            report.status, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST,
            "{step:?}"
        );
        let record = assert_survived(session);
        assert_eq!(record.source.reports.len(), 1, "{step:?}");
    }
}

#[test]
fn a_sink_that_closes_without_a_word_while_it_plays_ends_the_session() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    session.command(Command::Close);
    let report = report(&session);
    assert_eq!(report.status, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST);
    assert_survived(session);
}

#[test]
fn the_sinks_own_teardown_is_answered_and_ends_the_session() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    session.command(Command::Teardown);
    let report = report(&session);
    assert_eq!(report.status, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST);
    let record = assert_survived(session);
    assert_eq!(record.sink.end, End::TornDown);
    assert_eq!(record.sink.breaches, []);
}

#[test]
fn garbage_is_no_answer() {
    let _alone = ledger::alone();
    for step in [Step::M1, Step::M3] {
        let session = connect(vga(), sink_with(|quirks| quirks.garbage_at = Some(step)));
        let status = refused_start(&session);
        assert_eq!(status, NtStatus::INVALID_NETWORK_RESPONSE, "{step:?}");
        assert_survived(session);
    }
    for step in [Step::M4, Step::SetupTrigger] {
        let session = connect(vga(), sink_with(|quirks| quirks.garbage_at = Some(step)));
        let report = ended_session(&session);
        assert_eq!(
            report.ntstatus,
            NtStatus::INVALID_NETWORK_RESPONSE,
            "{step:?}"
        );
        assert_survived(session);
    }
}

#[test]
fn a_sink_without_a_common_mode_gets_no_session() {
    let _alone = ledger::alone();
    let mut options = sink();
    let video = options.settings.capabilities.video.as_mut();
    for codec in video.into_iter().flat_map(|video| &mut video.codecs) {
        // 1920x1080i60 only, which the encoder cannot make (S2.1 Table 34).
        codec.cea = 1 << 9;
    }
    let session = connect(vga(), options);
    assert_eq!(refused_start(&session), NtStatus::PROTOCOL_NOT_SUPPORTED);
    assert_survived(session);
}

#[test]
fn a_sink_without_video_has_no_monitor() {
    let _alone = ledger::alone();
    let mut options = sink();
    options.settings.capabilities.video = None;
    let session = connect(vga(), options);
    let info = session.start(miracast_suite::source::BIT_RATE).unwrap();
    assert!(!info.monitor_connected);
    assert_survived(session);
}

#[test]
fn a_rate_that_carries_no_mode_gets_no_session() {
    let _alone = ledger::alone();
    let session = connect(vga(), sink());
    let status = session.start(100_000).expect_err("no session");
    assert_eq!(status, NtStatus::DEVICE_INSUFFICIENT_RESOURCES);
    assert_survived(session);
}

#[test]
fn a_question_that_was_not_answered_is_asked_again() {
    let _alone = ledger::alone();
    let quirk = |quirks: &mut Quirks| quirks.silent_once_at = Some(Step::M3);
    let mut session = connect(vga(), sink_with(quirk));
    play(&mut session);
    let record = assert_survived(session);
    assert!(record.source.reports.is_empty());
}

#[test]
fn silence_ends_the_session_in_time() {
    let _alone = ledger::alone();
    let session = connect(vga(), sink_with(|quirks| quirks.silent_at = Some(Step::M1)));
    assert_eq!(refused_start(&session), NtStatus::IO_TIMEOUT);
    assert_survived(session);
    let session = connect(vga(), sink_with(|quirks| quirks.silent_at = Some(Step::M4)));
    assert_eq!(ended_session(&session).ntstatus, NtStatus::IO_TIMEOUT);
    assert_survived(session);
}

fn refuse_m4(quirks: &mut Quirks) {
    quirks.refusals.push(Refusal {
        step: Step::M4,
        status: 403,
        when: When::Always,
    });
}

#[test]
fn a_first_mode_that_the_sink_refuses_ends_the_session() {
    let _alone = ledger::alone();
    let session = connect(vga(), sink_with(refuse_m4));
    let report = ended_session(&session);
    assert_eq!(report.status, MIRACAST_STATUS_CRITICAL_ERROR);
    assert_eq!(report.ntstatus, NtStatus::REQUEST_NOT_ACCEPTED);
    assert_survived(session);
}

#[test]
fn sinks_of_the_field_play() {
    let _alone = ledger::alone();
    let quirks: [fn(&mut Quirks); 7] = [
        |quirks| quirks.setup_before_m5_reply = true,
        |quirks| quirks.greeting = Greeting::WithReply,
        |quirks| quirks.first_cseq = 0,
        |quirks| quirks.first_cseq = 100,
        |quirks| quirks.echo_timeout = true,
        |quirks| quirks.on_teardown = OnTeardown::ReplyOnly,
        |quirks| quirks.on_teardown = OnTeardown::Close,
    ];
    for (place, quirk) in quirks.into_iter().enumerate() {
        let mut session = connect(vga(), sink_with(quirk));
        play(&mut session);
        let record = assert_survived(session);
        assert!(record.source.reports.is_empty(), "quirk {place}");
        assert!(record.sink.stream.access_units > 0, "quirk {place}");
    }
}

/// What runs through every profile in virtual time is in `tests/sim`; these differ on sockets.
#[test]
fn profiles_play_on_sockets() {
    let _alone = ledger::alone();
    for name in ["Q3", "Q5", "Q12", "Q27", "Q43", "Q47", "Q72"] {
        let mut options = sink();
        let profile = Profile::find(name).expect("a profile");
        profile.apply(&mut options.settings);
        options.marker = options.settings.marker();
        let mut session = connect(vga(), options);
        play(&mut session);
        let record = assert_survived(session);
        assert!(record.source.reports.is_empty(), "{name}");
        assert!(record.sink.stream.access_units > 0, "{name}");
        assert_eq!(record.sink.breaches, [], "{name}");
        let faults = &record.sink.stream.faults;
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}
