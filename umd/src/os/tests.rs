//! The layer's promises, over real handles and the loopback interface, on Linux and on Windows.

mod control;
mod input;

use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use std::net::UdpSocket;
use std::vec;
use std::vec::Vec;

use miracast_core::limits::{BATCH_BYTES, DATAGRAM_BYTES, WAIT_HANDLES_MAX};
use miracast_kmd_iface::NtStatus;

use super::*;
use crate::limits;

/// Long enough for anything that must happen; a test that passes never waits for it.
const SOON: Duration = Duration::from_secs(10);
const NOT: Option<Duration> = Some(Duration::ZERO);

fn signalled(handle: RawHandle) -> bool {
    wait(&[handle], NOT).expect("an open handle").is_some()
}

fn becomes_signalled(handle: RawHandle) -> bool {
    wait(&[handle], Some(SOON))
        .expect("an open handle")
        .is_some()
}

/// Media sockets that are connected to a sink's socket.
pub(super) fn media() -> (MediaSockets, UdpSocket) {
    let sockets = MediaSockets::open(Ipv4Addr::LOCALHOST).expect("a pair of ports");
    let sink = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    sink.set_read_timeout(Some(SOON)).expect("a timeout");
    let port = sink.local_addr().expect("bound").port();
    sockets
        .connect(Ipv4Addr::LOCALHOST, port, None)
        .expect("connected");
    (sockets, sink)
}

#[test]
fn an_event_is_signalled_until_it_is_cleared() {
    let event = Event::new().expect("an event");
    assert!(!signalled(event.raw()));
    event.set();
    event.set();
    assert!(signalled(event.raw()));
    assert!(signalled(event.raw()), "waiting does not take the signal");
    event.clear();
    assert!(!signalled(event.raw()), "one clear for any number of sets");
    event.clear();
    assert!(!signalled(event.raw()));
}

#[test]
fn wait_names_the_first_of_several_and_keeps_its_limit() {
    let events = [(); 3].map(|()| Event::new().expect("an event"));
    let handles = events.each_ref().map(Event::raw);
    assert_eq!(wait(&handles, NOT), Ok(None));
    events[2].set();
    assert_eq!(wait(&handles, None), Ok(Some(2)));
    events[1].set();
    assert_eq!(wait(&handles, None), Ok(Some(1)));
    let begin = now();
    assert_eq!(
        wait(&handles[..1], Some(Duration::from_millis(20))),
        Ok(None)
    );
    assert!(now().since(begin) >= Duration::from_millis(19));
}

#[test]
fn wait_refuses_too_many_handles_none_and_one_that_is_closed() {
    let event = Event::new().expect("an event");
    let many = [event.raw(); WAIT_HANDLES_MAX + 1];
    let never_open = core::ptr::without_provenance_mut(0x7fff_fff0);
    for wrong in [&many[..], &[], &[never_open]] {
        let refused = wait(wrong, NOT).expect_err("nothing to wait for");
        assert_eq!(refused.status(), NtStatus::INVALID_PARAMETER);
    }
}

#[test]
fn a_timer_falls_due_once_and_stays_due() {
    let timer = Timer::new().expect("a timer");
    assert!(!signalled(timer.raw()));
    let begin = now();
    // So long that a busy machine looks before it is over.
    let time = Duration::from_millis(300);
    timer.arm(Some(begin + time), begin);
    assert!(!signalled(timer.raw()));
    assert!(becomes_signalled(timer.raw()));
    assert!(now().since(begin) >= time);
    assert!(signalled(timer.raw()));
    timer.clear();
    assert!(!signalled(timer.raw()));
}

#[test]
fn arming_again_replaces_the_deadline_and_its_signal() {
    let timer = Timer::new().expect("a timer");
    let now = now();
    timer.arm(Some(now), now);
    assert!(
        becomes_signalled(timer.raw()),
        "a deadline that has passed signals"
    );
    timer.arm(Some(now + SOON), now);
    assert!(!signalled(timer.raw()));
    timer.arm(Some(now), now);
    assert!(becomes_signalled(timer.raw()));
    timer.arm(None, now);
    assert!(!signalled(timer.raw()));
}

#[test]
fn media_ports_are_an_even_one_and_the_next() {
    let pairs: Vec<_> = (0..20)
        .map(|_| MediaSockets::open(Ipv4Addr::LOCALHOST).expect("a pair of ports"))
        .collect();
    for pair in &pairs {
        assert_eq!(pair.rtp_port() % 2, 0);
        assert_eq!(pair.rtcp_port(), pair.rtp_port() + 1);
    }
    let foreign = MediaSockets::open(Ipv4Addr::new(203, 0, 113, 1));
    // Wine binds to any address.
    assert!(foreign.is_err() || cfg!(windows), "somebody else's address");
}

/// Sends `length` bytes in segments and returns the lengths of the datagrams that arrive; their
/// content must be in order.
pub(super) fn datagrams(sockets: &MediaSockets, sink: &UdpSocket, length: usize) -> Vec<usize> {
    let bytes: Vec<u8> = (0..length).map(|index| (index / 7) as u8).collect();
    assert_eq!(sockets.send(&bytes, DATAGRAM_BYTES), Transfer::Done(length));
    let mut buffer = [0; 2048];
    let mut lengths = Vec::new();
    let mut received = 0;
    while received < length {
        let size = sink.recv(&mut buffer).expect("a datagram");
        assert_eq!(buffer[..size], bytes[received..received + size]);
        received += size;
        lengths.push(size);
    }
    lengths
}

#[test]
fn a_batch_arrives_as_datagrams_in_order() {
    let (sockets, sink) = media();
    assert_eq!(datagrams(&sockets, &sink, 188), [188]);
    let expected = [DATAGRAM_BYTES, DATAGRAM_BYTES, 200];
    assert_eq!(
        datagrams(&sockets, &sink, 2 * DATAGRAM_BYTES + 200),
        expected
    );
    let full = datagrams(&sockets, &sink, BATCH_BYTES);
    assert_eq!(full, [DATAGRAM_BYTES; BATCH_BYTES / DATAGRAM_BYTES]);
    let more = datagrams(&sockets, &sink, BATCH_BYTES + 100);
    assert_eq!(more.len(), BATCH_BYTES / DATAGRAM_BYTES + 1);
    // Windows has it too, but Wine, where this may run, has not.
    assert!(
        sockets.sends_batches() || cfg!(windows),
        "loopback takes UDP_SEGMENT"
    );
}

/// A sink may take nothing from another port (interop rule 11).
#[test]
fn rtp_leaves_from_its_own_port() {
    let (sockets, sink) = media();
    assert_eq!(sockets.send(&[1; 188], DATAGRAM_BYTES), Transfer::Done(188));
    let (_, from) = sink.recv_from(&mut [0; 188]).expect("a datagram");
    assert_eq!(from.port(), sockets.rtp_port());
}

#[test]
fn where_batches_fail_single_datagrams_do_the_same() {
    let (sockets, sink) = media();
    sockets.give_up_batches();
    let expected = [DATAGRAM_BYTES, DATAGRAM_BYTES, 200];
    assert_eq!(
        datagrams(&sockets, &sink, 2 * DATAGRAM_BYTES + 200),
        expected
    );

    // One segment longer than a datagram may be fails either way, and settles nothing.
    let (sockets, _sink) = media();
    let huge = vec![0; 140_000];
    for segment in [65_530, 0] {
        let result = sockets.send(&huge, segment);
        assert!(matches!(result, Transfer::Failed(_)), "{result:?}");
    }
    assert!(sockets.sends_batches());
}

#[test]
fn a_sink_that_does_not_listen_yet_fails_no_send() {
    let (sockets, sink) = media();
    let port = sink.local_addr().expect("bound").port();
    drop(sink);
    let bytes = [0; 3 * DATAGRAM_BYTES];
    for _ in 0..20 {
        let sent = sockets.send(&bytes, DATAGRAM_BYTES);
        assert_eq!(sent, Transfer::Done(bytes.len()));
        let sent = sockets.send(&bytes[..188], DATAGRAM_BYTES);
        assert_eq!(sent, Transfer::Done(188));
    }
    // Under Wine there are none.
    let batches = sockets.sends_batches() || cfg!(windows);
    assert!(batches, "a refusal is not a failure of batches");
    let late = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free again");
    late.set_read_timeout(Some(SOON)).expect("a timeout");
    assert_eq!(sockets.send(b"late", DATAGRAM_BYTES), Transfer::Done(4));
    let mut buffer = [0; 8];
    assert_eq!(late.recv(&mut buffer).expect("a datagram"), 4);
}

#[test]
fn rtcp_is_heard_from_the_sink_alone() {
    let sockets = MediaSockets::open(Ipv4Addr::LOCALHOST).expect("a pair of ports");
    let sink = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let ours = (Ipv4Addr::LOCALHOST, sockets.rtcp_port());
    let port = sink.local_addr().expect("bound").port();

    stranger.send_to(b"early", ours).expect("sent");
    assert!(becomes_signalled(sockets.raw()));
    sockets
        .connect(Ipv4Addr::LOCALHOST, 9, Some(port))
        .expect("connected");
    assert!(!signalled(sockets.raw()), "what came before is dropped");

    stranger.send_to(b"late", ours).expect("sent");
    sink.send_to(b"report", ours).expect("sent");
    let mut buffer = [0; 16];
    assert!(becomes_signalled(sockets.raw()));
    assert_eq!(sockets.receive_rtcp(&mut buffer), Transfer::Done(6));
    assert_eq!(&buffer[..6], b"report");
    assert_eq!(sockets.receive_rtcp(&mut buffer), Transfer::WouldBlock);
    assert!(!signalled(sockets.raw()));
}

#[test]
fn a_thread_runs_with_its_argument_and_is_joined() {
    static SUM: AtomicUsize = AtomicUsize::new(0);
    let threads: Vec<_> = (1..=8)
        .map(|argument| {
            let add = |argument| {
                SUM.fetch_add(argument, SeqCst);
            };
            Thread::spawn(add, argument).expect("a thread")
        })
        .collect();
    for thread in threads {
        thread.join(SOON).expect("it ends at once");
    }
    assert_eq!(SUM.load(SeqCst), 36);
}

#[test]
fn a_thread_has_the_stack_that_it_is_promised() {
    /// What is left for the frames around the one that is tried.
    const SPARE: usize = 48 * 1024;
    static TOUCHED: AtomicUsize = AtomicUsize::new(0);
    #[expect(clippy::large_stack_arrays, reason = "this is what is tried")]
    fn deep(_argument: usize) {
        let block = core::hint::black_box([1_u8; limits::WORKER_STACK - SPARE]);
        let sum = block.iter().map(|byte| usize::from(*byte)).sum();
        TOUCHED.store(sum, SeqCst);
    }
    let thread = Thread::spawn(deep, 0).expect("a thread");
    thread.join(SOON).expect("it ends at once");
    assert_eq!(TOUCHED.load(SeqCst), limits::WORKER_STACK - SPARE);
}

#[test]
fn a_thread_that_runs_on_is_given_back() {
    fn until_signalled(argument: usize) {
        let handle = core::ptr::without_provenance_mut(argument);
        while wait(&[handle], Some(SOON)) == Ok(None) {}
    }
    let stop = Event::new().expect("an event");
    let thread = Thread::spawn(until_signalled, stop.raw().addr()).expect("a thread");
    let begin = now();
    let thread = thread
        .join(Duration::from_millis(20))
        .expect_err("it waits for the event");
    assert!(now().since(begin) >= Duration::from_millis(20));
    stop.set();
    thread.join(SOON).expect("it was told to stop");
}

#[test]
fn the_clock_goes_on_and_random_numbers_differ() {
    let begin = now();
    let never = Event::new().expect("an event");
    let pause = Duration::from_millis(2);
    assert_eq!(wait(&[never.raw()], Some(pause)), Ok(None));
    let spent = now().since(begin);
    assert!(spent >= pause && spent < SOON);
    assert_ne!(random(), random());
    assert_eq!(pin_module(), Ok(()));
}
