//! Sessions without a mishap.

use core::net::SocketAddr;
use core::time::Duration;
use std::net::TcpListener;

use miracast_kmd_iface::escape::{Features, StreamAttributes};
use miracast_os::abi::MIRACAST_PROTOCOL_EVENT_IFRAME_RQ;
use miracast_os::{StatisticKind, ledger};
use miracast_sink::live::Sink;
use miracast_sink::machine::{Command, End, Event};
use miracast_suite::account::Account;
use miracast_suite::mode::Mode;
use miracast_suite::playback::sink_options;
use miracast_suite::session::wait_until;
use miracast_suite::source::{BIT_RATE, Deed, Setup, Source};

use crate::stage::{SOON, assert_good, connect, play, sink, vga};

#[test]
fn pictures_arrive_unchanged_in_slices_or_whole_whoever_writes_the_headers() {
    let _alone = ledger::alone();
    for slices in [1, 4] {
        for own_headers in [false, true] {
            let setup = Setup::new(Some(Mode::VGA), Duration::ZERO, slices);
            let mut session = connect(
                setup.encoder_headers(own_headers),
                sink_options(slices, 0, 1),
            );
            play(&mut session);
            let record = session.finish().unwrap();
            assert_good(&record);
            assert_eq!(record.sink.stream.slices_max, u32::from(slices));
        }
    }
}

#[test]
fn pictures_arrive_unchanged_out_of_write_combined_memory() {
    let _alone = ledger::alone();
    let mut setup = vga();
    let options = &mut setup.miniport.options;
    options.features |= Features::WRITE_COMBINED;
    options.attributes = StreamAttributes::WRITE_COMBINED;
    let mut session = connect(setup, sink());
    play(&mut session);
    assert_good(&session.finish().unwrap());
}

#[test]
fn pictures_arrive_where_windows_takes_no_timer_for_an_event() {
    let _alone = ledger::alone();
    let mut setup = vga();
    setup.windows.takes_timers = false;
    let mut session = connect(setup, sink());
    play(&mut session);
    assert_good(&session.finish().unwrap());
}

#[test]
fn the_connection_outlives_the_drivers_use_of_it() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    let record = session.finish().unwrap();
    let words = String::from_utf8_lossy(&record.last_words).into_owned();
    assert!(words.starts_with("RTSP/1.0 200 OK\r\n"), "{words}");
    assert!(words.contains("\r\n\r\nTEARDOWN "), "{words}");
    assert_good(&record);
}

#[test]
fn what_windows_recommends_reaches_the_encoder() {
    let _alone = ledger::alone();
    let mut setup = vga();
    setup.windows.notice_interval = Duration::from_millis(50);
    let mut session = connect(setup, sink());
    play(&mut session);
    // For the pictures, and for LPCM of 48 kHz.
    session.source().recommend(2_000_000 + 1_536_000);
    let has = |rate| {
        let deeds = session.source().deeds();
        deeds
            .iter()
            .any(|noted| noted.deed == Deed::RateChanged(rate))
    };
    assert!(wait_until(SOON, || has(2_000_000)));
    session.source().recommend(BIT_RATE);
    // Up in steps: a quarter more each time.
    assert!(wait_until(SOON, || has(2_500_000)));
    assert_good(&session.finish().unwrap());
}

#[test]
fn a_sink_that_names_a_port_for_them_gets_good_sender_reports() {
    let _alone = ledger::alone();
    let mut options = sink();
    options.settings.capabilities.rtcp = true;
    let mut session = connect(vga(), options);
    play(&mut session);
    // One at once, one each second after.
    let before = session.source().journal().encoded();
    assert!(session.wait_for_pictures(before + 150, SOON), "no pictures");
    let record = session.finish().unwrap();
    let reports = &record.sink.sender_reports;
    assert!(reports.received >= 2, "{reports:?}");
    assert_eq!(reports.wrong, [""; 0]);
    assert_good(&record);
}

#[test]
fn the_sinks_wish_for_an_idr_picture_is_fulfilled_and_logged() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    session.command(Command::RequestIdr);
    let idrs = || {
        let journal = session.source().journal();
        let idr = |entry: &&miracast_miniport::journal::Entry| {
            entry.result.as_ref().is_ok_and(|picture| picture.idr)
        };
        journal.entries().filter(idr).count()
    };
    assert!(wait_until(SOON, || idrs() == 2));
    let encoded = session.source().journal().encoded();
    assert!(session.wait_for_pictures(encoded + 5, SOON));
    let record = session.finish().unwrap();
    assert_good(&record);
    assert_eq!(record.sink.stream.idr_units, 2);
    let logged = StatisticKind::Event(MIRACAST_PROTOCOL_EVENT_IFRAME_RQ);
    let mut statistics = record.source.statistics.iter();
    assert!(statistics.any(|statistic| statistic.kind == logged));
}

#[test]
fn the_sinks_own_pause_stops_the_picture_and_play_begins_with_an_idr() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    play(&mut session);
    session.command(Command::Pause);
    assert!(session.wait_for_event(SOON, |event| *event == Event::Paused));
    session.command(Command::Play);
    assert!(session.wait_for_play(SOON));
    let encoded = session.source().journal().encoded();
    assert!(session.wait_for_pictures(encoded + 5, SOON));
    let record = session.finish().unwrap();
    assert_eq!(record.faults(), [""; 0]);
    assert!(
        record.sink.stream.faults.is_empty(),
        "{:?}",
        record.sink.stream.faults
    );
    assert_eq!(record.sink.breaches, []);
    assert_eq!(record.sink.stream.idr_units, 2);
}

#[test]
fn one_context_carries_one_session_after_the_other() {
    let _alone = ledger::alone();
    let source = Source::new(vga()).unwrap();
    let mut begins = Vec::new();
    for _ in 0..3 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let SocketAddr::V4(address) = listener.local_addr().unwrap() else {
            panic!("not IPv4")
        };
        let mut peer = Sink::connect(address, sink()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        source.start(stream, BIT_RATE).unwrap();
        let played = |event: Option<Event>| event == Some(Event::Playing);
        while !played(peer.next_event(SOON)) {}
        let encoded = source.journal().encoded();
        assert!(wait_until(SOON, || source.journal().encoded() >= encoded + 5));
        source.device().stop();
        let report = peer.wait().unwrap();
        assert_eq!(report.breaches, []);
        assert!(
            report.stream.faults.is_empty(),
            "{:?}",
            report.stream.faults
        );
        assert!(report.stream.access_units > 0);
        assert!(matches!(report.end, End::TornDown | End::SourceClosed));
        begins.push((report.stream.ssrc, report.stream.first_sequence));
    }
    // Random ones; of 65536 numbers two may be the same.
    let [one, two, three] = begins[..] else {
        panic!("{begins:?}")
    };
    assert!(one.0 != two.0 && two.0 != three.0, "{begins:x?}");
    assert!(one.1 != two.1 || two.1 != three.1, "{begins:x?}");
    let record = source.finish();
    assert_eq!(record.violations, []);
    assert!(record.reports.is_empty(), "{:?}", record.reports);
}

#[test]
fn the_driver_tells_what_it_did_and_why() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink());
    session.start(4_000_000).expect("a session");
    assert!(session.wait_for_play(SOON), "the sink does not play");
    // Stop refuses what the driver asks of the miniport meanwhile (DDI-41): not while the stream is opened.
    assert!(session.wait_for_pictures(5, SOON), "no pictures");
    let record = session.finish().unwrap();
    let told = record.source.trace.unwrap();
    let account = Account::new(&told);
    let phases: Vec<_> = account.phases.iter().map(|phase| &phase.what[..]).collect();
    assert_eq!(phases.first(), Some(&"Greeting"));
    assert_eq!(phases[phases.len() - 2..], ["Playing", "Closed"]);
    assert_eq!(account.end.as_deref(), Some("Windows stopped the session"));
    assert_eq!(told.totals.len(), 1);
    let count = |name| account.counts.get(name).copied().unwrap_or(0);
    assert!(count("Units") >= 5, "{:?}", account.counts);
    assert!(count("Datagrams") >= count("Units"), "{:?}", account.counts);
    assert_eq!(count("RecordsMalformed"), 0);
    let modes = |reason: Option<&str>| {
        let told = account.modes.iter();
        let told = told.filter(move |modes| modes.left_out.as_deref() == reason);
        told.flat_map(|modes| modes.modes.clone())
            .collect::<Vec<_>>()
    };
    assert!(modes(None).contains(&"640x480p60".to_owned()));
    let too_fast = modes(Some("needs more than the available bit rate"));
    assert!(
        too_fast.contains(&"1920x1080p60".to_owned()),
        "{too_fast:?}"
    );
}
