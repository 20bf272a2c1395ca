//! Miniports that refuse, do not answer, or answer nonsense.

use miracast_kmd_iface::Opcode;
use miracast_miniport::peer::{BadSpan, Misbehaviour};
use miracast_os::abi::MIRACAST_STATUS_CRITICAL_ERROR;
use miracast_os::{LoadError, NtStatus, ledger};
use miracast_sink::machine::Command;
use miracast_suite::session::{Failure, Session};
use miracast_suite::source::Setup;

use crate::stage::{assert_survived, connect, ended_session, play, report, sink, vga};

/// How a miniport of these tests refuses.
const REFUSAL: NtStatus = NtStatus::DEVICE_NOT_READY;

/// What the driver makes of a call that succeeds and returns no bytes.
const NO_ANSWER: NtStatus = NtStatus::INFO_LENGTH_MISMATCH;

fn vga_with(misbehaviour: Misbehaviour) -> Setup {
    let mut setup = vga();
    setup.miniport.options.misbehaviour = misbehaviour;
    setup
}

fn refusing(opcode: Opcode) -> Setup {
    vga_with(Misbehaviour {
        refuse: vec![(opcode, REFUSAL)],
        ..Misbehaviour::default()
    })
}

fn silent(opcode: Opcode) -> Setup {
    vga_with(Misbehaviour {
        mute: vec![opcode],
        ..Misbehaviour::default()
    })
}

/// The driver creates no context.
fn fails_to_create(setup: Setup) -> NtStatus {
    match Session::connect(setup, sink(), 0) {
        Err(Failure::Driver(LoadError::Refused(status))) => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_hello_there_is_no_context() {
    let _alone = ledger::alone();
    assert_eq!(fails_to_create(refusing(Opcode::HELLO)), REFUSAL);
    assert_eq!(fails_to_create(silent(Opcode::HELLO)), NO_ANSWER);
    let wrong_sequence = Misbehaviour {
        wrong_sequence: true,
        ..Misbehaviour::default()
    };
    assert!(!fails_to_create(vga_with(wrong_sequence)).is_success());
    let mut session = connect(vga(), sink());
    play(&mut session);
    assert_survived(session);
}

#[test]
fn what_a_session_needs_ends_it_when_it_is_refused_or_not_answered() {
    let _alone = ledger::alone();
    for opcode in [
        Opcode::MONITOR_ARRIVE,
        Opcode::STREAM_OPEN,
        Opcode::STREAM_START,
    ] {
        for (setup, cause) in [(refusing(opcode), REFUSAL), (silent(opcode), NO_ANSWER)] {
            let session = connect(setup, sink());
            let report = ended_session(&session);
            assert_eq!(report.status, MIRACAST_STATUS_CRITICAL_ERROR, "{opcode:?}");
            assert_eq!(report.ntstatus, cause, "{opcode:?}");
            let record = assert_survived(session);
            assert_eq!(record.source.reports.len(), 1, "{opcode:?}");
        }
    }
}

#[test]
fn an_end_that_is_refused_is_an_end() {
    let _alone = ledger::alone();
    for opcode in [
        Opcode::STREAM_STOP,
        Opcode::STREAM_CLOSE,
        Opcode::MONITOR_DEPART,
    ] {
        for setup in [refusing(opcode), silent(opcode)] {
            let mut session = connect(setup, sink());
            play(&mut session);
            let record = assert_survived(session);
            assert!(record.source.reports.is_empty(), "{opcode:?}");
        }
    }
}

#[test]
fn an_idr_picture_that_is_refused_ends_the_session() {
    let _alone = ledger::alone();
    for (setup, cause) in [
        (refusing(Opcode::REQUEST_IDR), REFUSAL),
        (silent(Opcode::REQUEST_IDR), NO_ANSWER),
    ] {
        let mut session = connect(setup, sink());
        play(&mut session);
        session.command(Command::RequestIdr);
        assert_eq!(report(&session).ntstatus, cause);
        assert_survived(session);
    }
}

#[test]
fn a_rate_that_is_refused_ends_the_session() {
    let _alone = ledger::alone();
    for (mut setup, cause) in [
        (refusing(Opcode::SET_RATE), REFUSAL),
        (silent(Opcode::SET_RATE), NO_ANSWER),
    ] {
        setup.windows.notice_interval = core::time::Duration::from_millis(50);
        let mut session = connect(setup, sink());
        play(&mut session);
        session.source().recommend(3_000_000);
        assert_eq!(report(&session).ntstatus, cause);
        assert_survived(session);
    }
}

#[test]
fn a_failure_that_nobody_wants_to_hear_of_changes_nothing() {
    let _alone = ledger::alone();
    let opcodes = [Opcode::STREAM_OPEN, Opcode::MODE_FAILED];
    let session = connect(
        vga_with(Misbehaviour {
            refuse: opcodes.map(|opcode| (opcode, REFUSAL)).to_vec(),
            ..Misbehaviour::default()
        }),
        sink(),
    );
    assert_eq!(ended_session(&session).ntstatus, REFUSAL);
    assert_survived(session);
}

#[test]
fn a_ring_that_cannot_be_one_is_not_touched() {
    let _alone = ledger::alone();
    for span in BadSpan::ALL {
        let setup = vga_with(Misbehaviour {
            span: Some(span),
            ..Misbehaviour::default()
        });
        let session = connect(setup, sink());
        let report = ended_session(&session);
        assert_eq!(report.status, MIRACAST_STATUS_CRITICAL_ERROR, "{span:?}");
        assert_eq!(report.ntstatus, NtStatus::INVALID_PARAMETER, "{span:?}");
        assert_survived(session);
    }
}
