//! What every session of these tests begins and ends with.

use core::time::Duration;

use miracast_os::{NtStatus, Report};
use miracast_sink::live::Options;
use miracast_suite::checks;
use miracast_suite::comparison::Comparison;
use miracast_suite::mode::Mode;
use miracast_suite::playback::sink_options;
use miracast_suite::session::{Record, Session};
use miracast_suite::source::{BIT_RATE, Setup};
use miracast_suite::summary::Summary;

/// For what comes at once, on a machine that is busy with something else.
pub(crate) const SOON: Duration = Duration::from_secs(15);

/// For the last words of a sink that is gone, or does not end a session by itself.
const NO_LAST_WORDS: Duration = Duration::from_millis(50);

/// 640x480p60 at once, in whole pictures.
pub(crate) fn vga() -> Setup {
    Setup::new(Some(Mode::VGA), Duration::ZERO, 1)
}

/// The usual sink.
pub(crate) fn sink() -> Options {
    sink_options(1, 0, 1)
}

pub(crate) fn connect(setup: Setup, options: Options) -> Session {
    Session::connect(setup, options, 0).expect("a device and a connected sink")
}

/// Starts a session and waits for some pictures.
pub(crate) fn play(session: &mut Session) {
    let info = session.start(BIT_RATE).expect("a session");
    assert!(info.monitor_connected);
    assert!(session.wait_for_play(SOON), "the sink does not play");
    let before = session.source().journal().encoded();
    assert!(session.wait_for_pictures(before + 10, SOON), "no pictures");
}

/// The session was good in every respect.
pub(crate) fn assert_good(record: &Record) {
    let sent = record.source.sent();
    let comparison = Comparison::new(&sent, record.source.cut(), &record.sink.units);
    let summary = Summary::new(record, &comparison);
    let failed = checks::of_session(&summary)
        .into_iter()
        .filter(|check| !check.holds);
    let failed: Vec<String> = failed.map(|check| check.to_string()).collect();
    assert_eq!(failed, [""; 0]);
}

/// Ends a session in which somebody did wrong: the driver must have kept the contract and left
/// nothing behind, and be able to cast again.
pub(crate) fn assert_survived(session: Session) -> Record {
    let record = session.finish_within(NO_LAST_WORDS).expect("a sink");
    assert_eq!(record.faults(), [""; 0]);
    let mut next = connect(vga(), sink());
    play(&mut next);
    assert_good(&next.finish().expect("a sink"));
    record
}

/// Starts a session that cannot come to be.
pub(crate) fn refused_start(session: &Session) -> NtStatus {
    session.start(BIT_RATE).expect_err("no session")
}

/// Starts a session that the driver has to end.
pub(crate) fn ended_session(session: &Session) -> Report {
    session.start(BIT_RATE).expect("a session");
    report(session)
}

/// The driver's report that the session is over.
pub(crate) fn report(session: &Session) -> Report {
    let report = session.source().device().wait_for_report(0, SOON);
    report.expect("the end of the session")
}
