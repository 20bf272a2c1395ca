//! The entry points called as Windows would not: wrong versions and sizes, null pointers, contexts
//! that are no contexts, calls out of order, one context too many.
//!
//! The emulated Windows keeps the rules itself, so these tests call the driver without it.

mod raw;

use core::net::SocketAddr;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use miracast_core::limits::CONTEXTS_MAX;
use miracast_os::abi::{
    MIRACAST_CALLBACKS, MIRACAST_DRIVER_INTERFACE, MIRACAST_DRIVER_INTERFACE_VERSION_1,
};
use miracast_os::process::Census;
use miracast_os::{NtStatus, ledger};
use miracast_sink::live::Sink;
use miracast_suite::playback::sink_options;
use raw::{CALLBACKS, Driver, query};

const VERSION: u32 = MIRACAST_DRIVER_INTERFACE_VERSION_1;
const SIZE: u32 = size_of::<MIRACAST_DRIVER_INTERFACE>() as u32;

/// A connected sink, and the socket that Windows would hand over.
fn sink() -> (Sink, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let SocketAddr::V4(address) = listener.local_addr().unwrap() else {
        panic!("not IPv4")
    };
    let sink = Sink::connect(address, sink_options(1, 0, 1)).unwrap();
    (sink, listener.accept().unwrap().0)
}

fn socket(stream: &TcpStream) -> usize {
    usize::try_from(stream.as_raw_fd()).unwrap()
}

/// A descriptor that was closed has no address any more.
fn assert_open(stream: &TcpStream) {
    assert!(stream.peer_addr().is_ok(), "the RTSP socket was closed");
}

/// What the driver has left.
fn left(census: &Census) -> Vec<String> {
    let mut left = census.leaked_threads();
    left.extend(census.leaked_handles());
    left.iter().map(ToString::to_string).collect()
}

#[test]
fn only_version_1_of_the_right_size_is_given() {
    let _alone = ledger::alone();
    for (version, size, expected) in [
        (0, SIZE, NtStatus::NOT_SUPPORTED),
        (VERSION + 1, SIZE, NtStatus::NOT_SUPPORTED),
        (u32::MAX, u32::MAX, NtStatus::NOT_SUPPORTED),
        (VERSION, 0, NtStatus::BUFFER_TOO_SMALL),
        (VERSION, SIZE - 1, NtStatus::BUFFER_TOO_SMALL),
        (VERSION, SIZE, NtStatus::SUCCESS),
        (VERSION, SIZE + 8, NtStatus::SUCCESS),
    ] {
        let (status, written) = query(version, size);
        assert_eq!(status, expected, "version {version}, {size} bytes");
        let expected = if status.is_success() {
            SIZE as usize
        } else {
            0
        };
        assert_eq!(written, expected, "version {version}, {size} bytes");
    }
    assert_eq!(raw::query_null(VERSION, SIZE), NtStatus::INVALID_PARAMETER);
}

#[test]
fn null_is_refused_everywhere() {
    let _alone = ledger::alone();
    let driver = Driver::load();
    let refused = NtStatus::INVALID_PARAMETER;
    assert_eq!(driver.create_null_callbacks(), refused);
    assert_eq!(driver.create_null_context(), refused);
    let without: [fn(&mut MIRACAST_CALLBACKS); 5] = [
        |callbacks| callbacks.ReportSessionStatus = None,
        |callbacks| callbacks.MiracastIoControl = None,
        |callbacks| callbacks.ReportStatistic = None,
        |callbacks| callbacks.GetNextChunkData = None,
        |callbacks| callbacks.RegisterForDataRateNotifications = None,
    ];
    for (place, remove) in without.into_iter().enumerate() {
        let mut callbacks = CALLBACKS;
        remove(&mut callbacks);
        assert_eq!(driver.create(&callbacks), Err(refused), "callback {place}");
    }
    let context = driver.create(&CALLBACKS).unwrap();
    let (sink, stream) = sink();
    assert_eq!(driver.start_null_stats(context, socket(&stream)), refused);
    assert_eq!(driver.start_null_info(context, socket(&stream)), refused);
    assert_open(&stream);
    assert_eq!(driver.message_null_input(context), refused);
    assert_eq!(driver.message_null_output(context), refused);
    driver.destroy(context);
    drop(stream);
    sink.wait().unwrap();
}

#[test]
fn what_is_no_context_is_not_followed() {
    let _alone = ledger::alone();
    let driver = Driver::load();
    let stale = driver.create(&CALLBACKS).unwrap();
    driver.destroy(stale);
    let live = driver.create(&CALLBACKS).unwrap();
    assert_ne!(stale, live, "a token is not given out twice");
    let (sink, stream) = sink();
    for wrong in [
        0,
        1,
        0xDEAD_BEEF,
        usize::MAX,
        stale,
        live ^ 1,
        live.wrapping_add(8),
    ] {
        let refused = NtStatus::INVALID_PARAMETER;
        assert_eq!(
            driver.start(wrong, socket(&stream)),
            Err(refused),
            "{wrong:#x}"
        );
        assert_eq!(driver.message(wrong, &[0; 16]), refused, "{wrong:#x}");
        driver.stop(wrong);
        driver.destroy(wrong);
    }
    assert_open(&stream);
    // None of that has touched the one that lives.
    driver.start(live, socket(&stream)).unwrap();
    driver.destroy(live);
    assert_open(&stream);
    drop(stream);
    sink.wait().unwrap();
}

#[test]
fn a_message_that_is_none_is_refused() {
    let _alone = ledger::alone();
    let driver = Driver::load();
    let context = driver.create(&CALLBACKS).unwrap();
    for length in [0, 1, 15, 16, 24, 64, 4096] {
        for filling in [0, 0x5A, 0xFF] {
            let status = driver.message(context, &vec![filling; length]);
            assert!(
                !status.is_success(),
                "{length} bytes of {filling:#x}: {status}"
            );
        }
    }
    driver.destroy(context);
}

#[test]
fn a_session_cannot_be_started_twice() {
    let _alone = ledger::alone();
    let census = Census::take();
    let driver = Driver::load();
    let context = driver.create(&CALLBACKS).unwrap();
    let (sink, stream) = sink();
    driver.start(context, socket(&stream)).unwrap();
    let (other_sink, other_stream) = self::sink();
    let refused = NtStatus::INVALID_DEVICE_STATE;
    assert_eq!(driver.start(context, socket(&other_stream)), Err(refused));
    assert_open(&other_stream);
    driver.stop(context);
    assert_open(&stream);
    driver.destroy(context);
    drop((stream, other_stream));
    assert!(
        sink.wait()
            .unwrap()
            .messages
            .iter()
            .any(|message| message.name == "M3")
    );
    assert_eq!(other_sink.wait().unwrap().messages, []);
    assert_eq!(left(&census), [""; 0]);
}

#[test]
fn stop_without_start_and_destroy_without_stop_are_harmless() {
    let _alone = ledger::alone();
    let census = Census::take();
    let driver = Driver::load();
    let context = driver.create(&CALLBACKS).unwrap();
    driver.stop(context);
    driver.stop(context);
    let (sink, stream) = sink();
    driver.start(context, socket(&stream)).unwrap();
    driver.destroy(context);
    assert_open(&stream);
    driver.stop(context);
    driver.destroy(context);
    drop(stream);
    sink.wait().unwrap();
    assert_eq!(left(&census), [""; 0]);
}

#[test]
fn one_context_too_many_is_refused_until_another_goes() {
    let _alone = ledger::alone();
    let census = Census::take();
    let driver = Driver::load();
    let mut contexts: Vec<usize> = Vec::new();
    contexts.extend((0..CONTEXTS_MAX).map(|_| driver.create(&CALLBACKS).unwrap()));
    let refused = NtStatus::INSUFFICIENT_RESOURCES;
    for _ in 0..3 {
        assert_eq!(driver.create(&CALLBACKS), Err(refused));
    }
    driver.destroy(contexts.remove(1));
    contexts.push(driver.create(&CALLBACKS).unwrap());
    assert_eq!(driver.create(&CALLBACKS), Err(refused));
    for context in contexts {
        driver.destroy(context);
    }
    assert_eq!(left(&census), [""; 0]);
}
