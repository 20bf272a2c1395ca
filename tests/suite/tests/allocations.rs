//! The driver allocates no memory, in a whole session with everything that can happen in a good
//! one. In a program of its own: every allocation of the process is looked at.

use core::time::Duration;

use miracast_os::ledger::{self, DriverCounting};
use miracast_sink::machine::Command;
use miracast_suite::mode::Mode;
use miracast_suite::playback::sink_options;
use miracast_suite::session::{Session, wait_until};
use miracast_suite::source::{BIT_RATE, Deed, Setup};

#[global_allocator]
static ALLOCATOR: DriverCounting = DriverCounting;

const SOON: Duration = Duration::from_secs(15);

#[test]
fn a_session_allocates_nothing() {
    let _alone = ledger::alone();
    let mut setup = Setup::new(Some(Mode::VGA), Duration::ZERO, 4);
    setup.windows.notice_interval = Duration::from_millis(50);
    let mut session = Session::connect(setup, sink_options(4, 0, 1), 0).unwrap();
    session.start(BIT_RATE).unwrap();
    assert!(session.wait_for_play(SOON));
    session.source().recommend(3_000_000 + 1_536_000);
    session.command(Command::RequestIdr);
    let did = |wanted: &Deed| {
        let deeds = session.source().deeds();
        deeds.iter().any(|noted| noted.deed == *wanted)
    };
    assert!(wait_until(SOON, || did(&Deed::IdrRequested)));
    assert!(wait_until(SOON, || did(&Deed::RateChanged(3_000_000))));
    assert!(session.wait_for_pictures(30, SOON));
    let record = session.finish().unwrap();
    assert_eq!(record.faults(), [""; 0]);
    assert!(record.sink.stream.access_units > 0);
    assert_eq!(record.source.driver_allocations, Some(0));
    // That the ledger can see one: this counts as the driver's only on a thread that it never met.
    let before = ledger::driver_allocations();
    std::thread::spawn(|| drop(vec![1_u8; 100])).join().unwrap();
    assert!(ledger::driver_allocations() > before);
}
