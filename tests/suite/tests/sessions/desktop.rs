//! What Windows and its user do: modes that come late or cannot be, power, protection, loss.

use core::time::Duration;

use miracast_kmd_iface::Opcode;
use miracast_kmd_iface::message::PowerState;
use miracast_miniport::script::{Action, ModeWish, Script, Step};
use miracast_os::abi::MIRACAST_STATUS_CRITICAL_ERROR;
use miracast_os::{NtStatus, ledger};
use miracast_sink::machine::Event;
use miracast_sink::stream::Fault;
use miracast_suite::mode::Mode;
use miracast_suite::session::{Session, wait_until};
use miracast_suite::source::{BIT_RATE, Deed, Setup, SlowEscape};

use crate::stage::{SOON, assert_good, assert_survived, connect, ended_session, play, sink, vga};

/// VGA at once, and `steps` at their milliseconds.
fn script(steps: &[(u64, Action)]) -> Setup {
    let mut setup = vga();
    let first = [(0, Action::SetMode(Mode::VGA.wish()))];
    let step = |(after, action): &(u64, Action)| Step {
        after: Duration::from_millis(*after),
        action: *action,
    };
    setup.miniport.script = Script::new(first.iter().chain(steps).map(step).collect());
    setup
}

fn did(session: &Session, deed: &Deed) -> usize {
    let deeds = session.source().deeds();
    deeds.iter().filter(|noted| noted.deed == *deed).count()
}

#[test]
fn a_desktop_that_takes_six_seconds_gets_its_mode() {
    let _alone = ledger::alone();
    let setup = Setup::new(Some(Mode::VGA), Duration::from_secs(6), 1);
    let mut session = connect(setup, sink());
    session.start(BIT_RATE).unwrap();
    // The driver has gone on with the best mode, without a picture.
    assert!(session.wait_for_play(SOON));
    assert!(
        session.wait_for_pictures(10, SOON),
        "no pictures after the mode was set"
    );
    let record = session.finish().unwrap();
    assert_good(&record);
    let size = record.sink.decode.as_ref().and_then(|decode| decode.size);
    assert_eq!(size, Some((640, 480)));
}

#[test]
fn a_mode_change_goes_through_m4_and_begins_with_an_idr() {
    let _alone = ledger::alone();
    let other = Mode {
        width: 1280,
        height: 720,
        hertz: 30,
    };
    let setup = script(&[(600, Action::SetMode(other.wish()))]);
    let mut session = connect(setup, sink());
    play(&mut session);
    let is_other = |event: &Event| matches!(event, Event::Chosen(codec) if codec.cea == 1 << 5);
    assert!(session.wait_for_event(SOON, is_other));
    let encoded = session.source().journal().encoded();
    assert!(session.wait_for_pictures(encoded + 10, SOON));
    let record = session.finish().unwrap();
    assert_eq!(record.faults(), [""; 0]);
    assert_eq!(record.sink.breaches, []);
    assert!(
        record.sink.stream.faults.is_empty(),
        "{:?}",
        record.sink.stream.faults
    );
    let size = record.sink.decode.as_ref().and_then(|decode| decode.size);
    assert_eq!(size, Some((1280, 720)));
}

#[test]
fn a_mode_that_the_sink_does_not_have_is_refused_and_the_session_lives() {
    let _alone = ledger::alone();
    let wish = ModeWish::Exactly {
        width: 800,
        height: 600,
        hertz: 60,
    };
    let setup = script(&[(300, Action::SetMode(wish))]);
    let mut session = connect(setup, sink());
    play(&mut session);
    let failed = Deed::ModeFailed(NtStatus::NOT_SUPPORTED);
    assert!(wait_until(SOON, || did(&session, &failed) == 1));
    assert!(session.source().device().reports().is_empty());
    assert_survived(session);
}

/// The picture stops at 500 ms and comes back at 1000 ms.
fn stops_and_comes_back(off: Action, on: Action) {
    let mut session = connect(script(&[(500, off), (1000, on)]), sink());
    play(&mut session);
    assert!(session.wait_for_event(SOON, |event| *event == Event::Paused));
    assert!(session.wait_for_play(SOON));
    assert_eq!(did(&session, &Deed::StreamStopped), 1);
    let encoded = session.source().journal().encoded();
    assert!(session.wait_for_pictures(encoded + 5, SOON));
    let record = assert_survived(session);
    assert_eq!(record.sink.breaches, []);
    assert!(
        record.sink.stream.faults.is_empty(),
        "{:?}",
        record.sink.stream.faults
    );
    assert!(record.source.reports.is_empty());
}

#[test]
fn a_monitor_that_is_switched_off_pauses_the_sink() {
    let _alone = ledger::alone();
    stops_and_comes_back(
        Action::Power(PowerState::OFF),
        Action::Power(PowerState::ON),
    );
}

#[test]
fn a_wish_for_protection_stops_the_picture_until_it_is_taken_back() {
    let _alone = ledger::alone();
    stops_and_comes_back(Action::Protection(1), Action::Protection(0));
}

/// A block of 128 bytes that is an EDID by its header and its checksum.
fn edid() -> Vec<u8> {
    let mut block = vec![0; 128];
    block[1..7].fill(0xFF);
    let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    block[127] = sum.wrapping_neg();
    block
}

#[test]
fn the_monitor_is_reported_with_its_edid() {
    let _alone = ledger::alone();
    for edid in [None, Some(edid())] {
        let wanted = edid.as_ref().map_or(0, Vec::len);
        let mut options = sink();
        options.settings.capabilities.edid = edid;
        let mut session = connect(vga(), options);
        play(&mut session);
        let record = assert_survived(session);
        let bytes = record
            .source
            .deeds
            .iter()
            .filter_map(|noted| match &noted.deed {
                Deed::MonitorArrived { edid_bytes, .. } => Some(*edid_bytes),
                _ => None,
            });
        assert_eq!(bytes.collect::<Vec<_>>(), [wanted]);
    }
}

/// Stop does not know that the monitor is gone (DDI-36), and of Destroy the miniport hears by itself
/// (DDI-14).
#[test]
fn the_end_leaves_the_monitor_to_the_miniport() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    let record = assert_survived(session);
    let mut deeds = record.source.deeds.iter().map(|noted| &noted.deed);
    assert!(deeds.any(|deed| matches!(deed, Deed::MonitorArrived { .. })));
    assert!(!deeds.any(|deed| *deed == Deed::MonitorDeparted));
}

#[test]
fn a_lost_adapter_ends_the_session() {
    let _alone = ledger::alone();
    let lose = Action::LoseDevice(NtStatus::DEVICE_REMOVED);
    let session = connect(script(&[(300, lose)]), sink());
    let report = ended_session(&session);
    assert_eq!(report.status, MIRACAST_STATUS_CRITICAL_ERROR);
    assert_eq!(report.ntstatus, NtStatus::DEVICE_REMOVED);
    assert_survived(session);
}

/// The worker hangs in an escape while more chunks are finished than Windows keeps, and then
/// `GetNextChunkData` ends with `STATUS_CONNECTION_RESET`.
#[test]
fn lost_chunks_cost_pictures_and_an_idr_but_not_the_session() {
    let _alone = ledger::alone();
    let mut setup = vga();
    setup.windows.chunk_slots = 4;
    setup.windows.notice_interval = Duration::from_millis(50);
    setup.slow_escape = Some(SlowEscape {
        opcode: Opcode::SET_RATE,
        time: Duration::from_millis(300),
    });
    let mut session = connect(setup, sink());
    play(&mut session);
    session.source().recommend(3_000_000);
    let refused = || session.source().journal().chunks_refused();
    assert!(wait_until(SOON, || refused() > 0), "no chunk was lost");
    assert!(wait_until(SOON, || did(&session, &Deed::IdrRequested) > 0));
    let encoded = session.source().journal().encoded();
    assert!(session.wait_for_pictures(encoded + 20, SOON));
    let record = assert_survived(session);
    // A worker that hangs sends no tables and no clock. That is all the harm.
    let others = record.sink.stream.faults.iter();
    let others =
        others.filter(|(fault, _)| !matches!(fault, Fault::PsiInterval | Fault::PcrInterval));
    assert_eq!(others.collect::<Vec<_>>(), []);
    assert!(record.sink.stream.idr_units >= 2);
    let decoded = record.sink.decode.as_ref().unwrap();
    assert_eq!(decoded.errors, 0, "{:?}", decoded.error_texts);
    let after = decoded.frames.iter().filter(|frame| {
        let counter = frame.counter.map(u64::from);
        counter.is_some_and(|counter| counter >= encoded)
    });
    assert!(after.count() > 5, "the picture came back");
}
