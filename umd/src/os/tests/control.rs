//! The RTSP connection, in every state in which the owner may hand it over.

use core::mem::ManuallyDrop;
use core::net::Ipv6Addr;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

use super::*;

/// A connection over loopback: the driver's end and the sink's.
fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
    let sink = TcpStream::connect(listener.local_addr().expect("its address")).expect("connected");
    (listener.accept().expect("accepted").0, sink)
}

#[cfg(unix)]
fn raw(socket: &impl std::os::fd::AsRawFd) -> RawSocket {
    usize::try_from(socket.as_raw_fd()).expect("open")
}

#[cfg(windows)]
fn raw(socket: &impl std::os::windows::io::AsRawSocket) -> RawSocket {
    usize::try_from(socket.as_raw_socket()).expect("64 bits")
}

fn adopt(stream: &TcpStream) -> Result<ControlSocket, OsError> {
    ControlSocket::adopt(raw(stream))
}

#[test]
fn the_control_socket_carries_bytes_and_knows_both_ends() {
    let (driver, mut sink) = connection();
    let socket = adopt(&driver).expect("a stream socket");
    assert_eq!(
        socket.local().map(Into::into),
        Ok(driver.local_addr().expect("bound"))
    );
    assert_eq!(
        socket.peer().map(Into::into),
        Ok(driver.peer_addr().expect("connected"))
    );

    let mut buffer = [0; 16];
    assert!(!signalled(socket.raw()));
    assert_eq!(socket.receive(&mut buffer), Transfer::WouldBlock);
    sink.write_all(b"OPTIONS").expect("sent");
    assert!(becomes_signalled(socket.raw()));
    assert_eq!(socket.receive(&mut []), Transfer::Done(0));
    assert_eq!(socket.receive(&mut buffer[..4]), Transfer::Done(4));
    // Wine's server records again what is left, and takes its time.
    assert!(becomes_signalled(socket.raw()), "three bytes are left");
    assert_eq!(socket.receive(&mut buffer[4..]), Transfer::Done(3));
    assert_eq!(&buffer[..7], b"OPTIONS");
    assert_eq!(socket.receive(&mut buffer), Transfer::WouldBlock);
    assert!(!signalled(socket.raw()));

    assert_eq!(socket.send(b"RTSP/1.0"), Transfer::Done(8));
    sink.read_exact(&mut buffer[..8]).expect("received");
    assert_eq!(&buffer[..8], b"RTSP/1.0");
}

#[test]
fn a_full_connection_would_block_though_the_socket_is_blocking() {
    let (driver, _sink) = connection();
    let socket = adopt(&driver).expect("a stream socket");
    let block = vec![0; 64 * 1024];
    let result = core::iter::repeat_with(|| socket.send(&block))
        .take(10_000)
        .find(|result| !matches!(result, Transfer::Done(_)));
    assert_eq!(result, Some(Transfer::WouldBlock));
}

#[test]
fn the_end_of_the_connection_is_closed_and_a_reset_is_an_error() {
    let (driver, sink) = connection();
    let socket = adopt(&driver).expect("a stream socket");
    drop(sink);
    assert!(becomes_signalled(socket.raw()));
    assert_eq!(socket.receive(&mut [0; 4]), Transfer::Closed);

    // A socket that is closed with unread data resets the connection.
    let (driver, sink) = connection();
    let socket = adopt(&driver).expect("a stream socket");
    assert_eq!(socket.send(b"unread"), Transfer::Done(6));
    let mut byte = [0];
    sink.peek(&mut byte).expect("arrived");
    drop(sink);
    assert!(becomes_signalled(socket.raw()));
    match socket.receive(&mut byte) {
        Transfer::Failed(error) => assert_eq!(error.status(), NtStatus::CONNECTION_RESET),
        // Wine has used the error up when it set the event.
        Transfer::Closed if cfg!(windows) => {}
        other => panic!("{other:?} for a reset"),
    }
    // And raises no signal.
    assert!(!matches!(socket.send(b"more"), Transfer::Done(_)));
}

#[test]
fn what_came_before_adoption_is_signalled() {
    let (driver, mut sink) = connection();
    sink.write_all(b"OPTIONS").expect("sent");
    driver.peek(&mut [0]).expect("arrived");
    let socket = adopt(&driver).expect("a stream socket");
    assert!(becomes_signalled(socket.raw()));
    let mut buffer = [0; 16];
    assert_eq!(socket.receive(&mut buffer), Transfer::Done(7));
    assert_eq!(socket.receive(&mut buffer), Transfer::WouldBlock);
    assert!(!signalled(socket.raw()));
}

#[test]
fn the_end_is_signalled_after_the_last_bytes_whenever_the_socket_is_adopted() {
    for late in [false, true] {
        let (driver, mut sink) = connection();
        let early = (!late).then(|| adopt(&driver).expect("a stream socket"));
        sink.write_all(b"bye").expect("sent");
        sink.shutdown(Shutdown::Write).expect("half closed");
        let mut bytes = [0; 4];
        while driver.peek(&mut bytes).is_err() {}
        let socket = early.unwrap_or_else(|| adopt(&driver).expect("a stream socket"));
        for expected in [Transfer::Done(2), Transfer::Done(1), Transfer::Closed] {
            assert!(
                becomes_signalled(socket.raw()),
                "{expected:?}, late: {late}"
            );
            assert_eq!(socket.receive(&mut bytes[..2]), expected);
        }
        // The other half is open.
        assert_eq!(socket.send(b"last"), Transfer::Done(4));
        sink.read_exact(&mut bytes).expect("received");
        assert_eq!(&bytes, b"last");
    }
}

#[test]
fn a_socket_that_somebody_watches_already_is_watched_by_the_last() {
    let (driver, mut sink) = connection();
    driver.set_nonblocking(true).expect("a mode");
    // Not dropped: that would end the watch of the last.
    let first = ManuallyDrop::new(adopt(&driver).expect("a stream socket"));
    let last = adopt(&driver).expect("a stream socket");
    sink.write_all(b"OPTIONS").expect("sent");
    assert!(becomes_signalled(last.raw()));
    assert_eq!(last.receive(&mut [0; 16]), Transfer::Done(7));
    assert!(!signalled(last.raw()));
    // Windows has one event a socket, Linux any number of waits.
    assert!(!signalled(first.raw()));
}

#[test]
fn small_messages_are_not_held_back() {
    let (driver, _sink) = connection();
    assert_eq!(driver.nodelay().ok(), Some(false));
    let _adopted = adopt(&driver).expect("a stream socket");
    assert_eq!(driver.nodelay().ok(), Some(true));
}

#[test]
fn dropping_the_control_socket_leaves_the_connection_to_its_owner() {
    let (mut driver, mut sink) = connection();
    for _ in 0..2 {
        {
            let adopted = adopt(&driver).expect("a stream socket");
            sink.write_all(b"open").expect("still open");
            assert!(becomes_signalled(adopted.raw()));
        }
        // Winsock refuses this as long as an event is selected.
        driver.set_nonblocking(false).expect("nothing is selected");
        driver.set_read_timeout(Some(SOON)).expect("a timeout");
        let mut buffer = [0; 4];
        driver.read_exact(&mut buffer).expect("what was not read");
        assert_eq!(&buffer, b"open");
        driver.write_all(b"still").expect("still open");
        sink.read_exact(&mut [0; 5]).expect("still connected");
    }
}

#[cfg(unix)]
#[test]
fn a_connection_over_a_mapped_address_is_one_over_ipv4() {
    // A machine without IPv6 has no such connections.
    let Ok(listener) = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)) else {
        return;
    };
    let port = listener.local_addr().expect("its address").port();
    let sink = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("connected");
    let (driver, _) = listener.accept().expect("accepted");
    let socket = adopt(&driver).expect("a stream socket");
    assert_eq!(
        socket.local().map(Into::into),
        Ok(sink.peer_addr().expect("connected"))
    );
    assert_eq!(
        socket.peer().map(Into::into),
        Ok(sink.local_addr().expect("bound"))
    );
}

#[test]
fn a_connection_over_ipv6_has_no_address_for_us() {
    // A machine without IPv6 has no such connections.
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return;
    };
    let _sink = TcpStream::connect(listener.local_addr().expect("its address"));
    let (driver, _) = listener.accept().expect("accepted");
    let socket = adopt(&driver).expect("a stream socket");
    for address in [socket.local(), socket.peer()] {
        let error = address.expect_err("no IPv4");
        assert_eq!(error.status(), NtStatus::NOT_SUPPORTED);
    }
}

#[test]
fn only_a_stream_socket_is_adopted() {
    let datagram = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let refused = ControlSocket::adopt(raw(&datagram)).expect_err("not a stream");
    assert_eq!(refused.status(), NtStatus::INVALID_PARAMETER);
    let refused = ControlSocket::adopt(usize::MAX).expect_err("not a socket");
    assert_eq!(refused.status(), NtStatus::INVALID_PARAMETER);
}
