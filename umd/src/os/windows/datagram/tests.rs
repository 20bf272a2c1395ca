//! Sends in segments against tests/standin/ws2_3s.c, which takes the place of Winsock: Wine's own
//! refuses the option. `cargo xtask test segmented-send` runs these tests, one after the other,
//! because the stand-in is told by options that concern the whole process.

use core::net::Ipv4Addr;

use miracast_core::limits::{
    BATCH_BYTES, BATCH_DATAGRAMS_MAX, DATAGRAM_BYTES, SEND_REFUSED_RETRIES,
};

use super::*;
use crate::os::Transfer;
use crate::os::tests::{datagrams, media};

/// The level of the stand-in's own options.
const STANDIN: i32 = 0x5354;

/// Bytes that need two calls; two full batches are more than the sink's socket holds.
const TWO_BATCHES: usize = BATCH_BYTES + 4 * DATAGRAM_BYTES;

/// Tells the stand-in something.
struct Standin(DatagramSocket);

impl Standin {
    fn new() -> Self {
        let socket = DatagramSocket::bind(Ipv4Addr::LOCALHOST, 0).expect("a socket");
        let standin = Self(socket);
        standin.fail(0, 0, 0, false);
        // What earlier tests have sent is forgotten.
        let _ = standin.calls_are(0);
        standin
    }

    /// After `after` sends of several datagrams, the next `times` fail with `error`; those of one
    /// datagram too if `single`.
    fn fail(&self, error: i32, after: u32, times: u32, single: bool) {
        let values = [error.cast_unsigned(), after, times, u32::from(single)];
        for (option, value) in (1..).zip(values) {
            let told = set_option(self.0.socket.0, STANDIN, option, value);
            assert_eq!(told, Ok(()), "this is not the stand-in");
        }
    }

    /// Whether so many calls have sent several datagrams since the last time.
    fn calls_are(&self, count: u32) -> bool {
        set_option(self.0.socket.0, STANDIN, 5, count).is_ok()
    }
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_a_batch_is_one_call() {
    let standin = Standin::new();
    let (sockets, sink) = media();
    let full = datagrams(&sockets, &sink, BATCH_BYTES);
    assert_eq!(full, [DATAGRAM_BYTES; BATCH_DATAGRAMS_MAX]);
    assert!(standin.calls_are(1));
    let short = datagrams(&sockets, &sink, 2 * DATAGRAM_BYTES + 200);
    assert_eq!(short, [DATAGRAM_BYTES, DATAGRAM_BYTES, 200]);
    assert_eq!(datagrams(&sockets, &sink, 188), [188]);
    assert!(standin.calls_are(1));
    let more = datagrams(&sockets, &sink, TWO_BATCHES + 100);
    assert_eq!(more.len(), TWO_BATCHES / DATAGRAM_BYTES + 1);
    assert!(standin.calls_are(2));
    assert!(sockets.sends_batches());
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_no_room_stops_at_a_whole_batch() {
    let standin = Standin::new();
    let (sockets, sink) = media();
    let bytes = std::vec![7; 3 * BATCH_BYTES];
    standin.fail(winsock::WSAEWOULDBLOCK, 1, 2, false);
    let first = sockets.send(&bytes, DATAGRAM_BYTES);
    assert_eq!(first, Transfer::Done(BATCH_BYTES));
    let none = sockets.send(&bytes, DATAGRAM_BYTES);
    assert_eq!(none, Transfer::WouldBlock);
    let mut buffer = [0; 2048];
    for _ in 0..BATCH_DATAGRAMS_MAX {
        assert_eq!(sink.recv(&mut buffer).ok(), Some(DATAGRAM_BYTES));
    }
    assert_eq!(
        datagrams(&sockets, &sink, BATCH_BYTES).len(),
        BATCH_DATAGRAMS_MAX
    );
    assert!(sockets.sends_batches() && standin.calls_are(2));
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_what_fails_goes_out_singly_from_then_on() {
    for (error, after) in [
        (winsock::WSAEINVAL, 0),
        (winsock::WSAEMSGSIZE, 0),
        (winsock::WSAEOPNOTSUPP, 1),
    ] {
        let standin = Standin::new();
        let (sockets, sink) = media();
        standin.fail(error, after, 1, false);
        let all = datagrams(&sockets, &sink, TWO_BATCHES);
        assert_eq!(all, [DATAGRAM_BYTES; TWO_BATCHES / DATAGRAM_BYTES]);
        assert!(!sockets.sends_batches());
        assert!(standin.calls_are(after));
        assert_eq!(
            datagrams(&sockets, &sink, BATCH_BYTES).len(),
            BATCH_DATAGRAMS_MAX
        );
        assert!(standin.calls_are(0), "batches were tried again");
    }
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_a_refused_datagram_ends_no_batches() {
    let standin = Standin::new();
    let (sockets, sink) = media();
    for error in [winsock::WSAECONNRESET, winsock::WSAENETRESET] {
        standin.fail(error, 0, 1, false);
        let full = datagrams(&sockets, &sink, BATCH_BYTES);
        assert_eq!(full.len(), BATCH_DATAGRAMS_MAX);
        assert!(standin.calls_are(1));
    }
    // Nobody listens at all: the batch counts as sent.
    standin.fail(
        winsock::WSAECONNRESET,
        0,
        SEND_REFUSED_RETRIES as u32,
        false,
    );
    let sent = sockets.send(&[7; 2 * DATAGRAM_BYTES], DATAGRAM_BYTES);
    assert_eq!(sent, Transfer::Done(2 * DATAGRAM_BYTES));
    assert!(sockets.sends_batches() && standin.calls_are(0));
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_a_dead_network_is_no_failure_of_batches() {
    let standin = Standin::new();
    let (sockets, sink) = media();
    standin.fail(winsock::WSAENETDOWN, 0, 2, true);
    let failed = sockets.send(&[7; 2 * DATAGRAM_BYTES], DATAGRAM_BYTES);
    assert_eq!(failed, Transfer::Failed(OsError(winsock::WSAENETDOWN)));
    assert!(sockets.sends_batches());
    assert_eq!(
        datagrams(&sockets, &sink, BATCH_BYTES).len(),
        BATCH_DATAGRAMS_MAX
    );
    assert!(standin.calls_are(1));
}

#[test]
#[ignore = "needs the stand-in for Winsock"]
fn segmented_a_longer_single_datagram_is_not_cut() {
    let standin = Standin::new();
    let (sockets, sink) = media();
    let mut buffer = [0; 2048];
    assert_eq!(sockets.send(&[7; 300], 200), Transfer::Done(300));
    assert_eq!(sink.recv(&mut buffer).ok(), Some(200));
    assert_eq!(sink.recv(&mut buffer).ok(), Some(100));
    assert!(standin.calls_are(1));
    assert_eq!(sockets.send(&[7; 300], 300), Transfer::Done(300));
    assert_eq!(sink.recv(&mut buffer).ok(), Some(300));
    assert!(standin.calls_are(0));
}
