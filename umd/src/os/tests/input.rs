//! The connection of the sink's input: who is let in, and when the driver wakes for it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use super::*;

const SINK: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Media sockets that listen for a sink at this address, and the port.
fn listening(sink: Ipv4Addr) -> (MediaSockets, u16) {
    let mut sockets = MediaSockets::open(Ipv4Addr::LOCALHOST).expect("a pair of ports");
    let port = sockets.listen_for_input(Ipv4Addr::LOCALHOST, sink);
    (sockets, port.expect("a port"))
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("connected");
    stream.set_read_timeout(Some(SOON)).expect("a timeout");
    stream
}

/// A client that the driver has accepted.
fn accepted(sockets: &mut MediaSockets, port: u16) -> TcpStream {
    let client = connect(port);
    assert!(becomes_signalled(sockets.raw()), "a connection waits");
    assert_eq!(read(sockets, &mut [0; 8]), Transfer::WouldBlock);
    client
}

/// One read as the engine reads: datagrams first.
fn read(sockets: &mut MediaSockets, buffer: &mut [u8]) -> Transfer {
    assert_eq!(sockets.receive_rtcp(&mut [0; 1]), Transfer::WouldBlock);
    sockets.receive_input(buffer)
}

/// Reads until `expected` comes.
fn read_until(sockets: &mut MediaSockets, expected: Transfer) {
    while read(sockets, &mut [0; 8]) != expected {
        assert!(becomes_signalled(sockets.raw()), "{expected:?} never came");
    }
}

/// Whether the other side has closed the connection: in order, or with a reset because something was
/// not read.
fn is_closed(client: &mut TcpStream) -> bool {
    match client.read(&mut [0; 1]) {
        Ok(0) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
        Ok(_) => false,
    }
}

#[test]
fn what_the_sink_sends_arrives_and_wakes() {
    let (mut sockets, port) = listening(SINK);
    assert_eq!(read(&mut sockets, &mut [0; 8]), Transfer::WouldBlock);
    assert!(!signalled(sockets.raw()));
    let mut client = accepted(&mut sockets, port);
    assert!(!signalled(sockets.raw()), "it is accepted");

    client.write_all(b"12345").expect("sent");
    assert!(becomes_signalled(sockets.raw()));
    let mut buffer = [0; 8];
    assert_eq!(read(&mut sockets, &mut buffer[..2]), Transfer::Done(2));
    assert!(becomes_signalled(sockets.raw()), "three bytes are left");
    assert_eq!(read(&mut sockets, &mut buffer[2..]), Transfer::Done(3));
    assert_eq!(&buffer[..5], b"12345");
    assert_eq!(read(&mut sockets, &mut buffer), Transfer::WouldBlock);
    assert!(!signalled(sockets.raw()));
}

#[test]
fn what_came_with_the_connection_is_read_at_once() {
    let (mut sockets, port) = listening(SINK);
    let mut client = connect(port);
    client.write_all(b"early").expect("sent");
    client.shutdown(Shutdown::Write).expect("half closed");
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 2];
        match read(&mut sockets, &mut buffer) {
            Transfer::Done(length) => bytes.extend_from_slice(&buffer[..length]),
            Transfer::WouldBlock => assert!(becomes_signalled(sockets.raw())),
            other => break assert_eq!(other, Transfer::Closed),
        }
    }
    assert_eq!(bytes, b"early");
}

#[test]
fn a_client_that_leaves_makes_room_for_another() {
    let (mut sockets, port) = listening(SINK);
    for _ in 0..3 {
        let mut client = accepted(&mut sockets, port);
        client.write_all(b"x").expect("sent");
        read_until(&mut sockets, Transfer::Done(1));
        drop(client);
        read_until(&mut sockets, Transfer::Closed);
    }
    let mut client = accepted(&mut sockets, port);
    sockets.disconnect_input();
    assert!(is_closed(&mut client));
    let mut client = accepted(&mut sockets, port);
    client.write_all(b"y").expect("sent");
    read_until(&mut sockets, Transfer::Done(1));
    drop(sockets);
    assert!(is_closed(&mut client), "with the session");
}

#[test]
fn a_second_client_is_closed_and_the_first_stays() {
    let (mut sockets, port) = listening(SINK);
    let mut first = accepted(&mut sockets, port);
    for _ in 0..3 {
        let mut second = connect(port);
        assert!(becomes_signalled(sockets.raw()));
        assert_eq!(read(&mut sockets, &mut [0; 8]), Transfer::WouldBlock);
        assert!(is_closed(&mut second));
    }
    first.write_all(b"still here").expect("sent");
    read_until(&mut sockets, Transfer::Done(8));
}

#[test]
fn who_is_not_the_sink_is_closed() {
    let (mut sockets, port) = listening(Ipv4Addr::new(127, 0, 0, 2));
    for _ in 0..3 {
        let mut stranger = connect(port);
        let _ = stranger.write_all(b"let me in");
        assert!(becomes_signalled(sockets.raw()));
        assert_eq!(read(&mut sockets, &mut [0; 8]), Transfer::WouldBlock);
        assert!(is_closed(&mut stranger));
    }
}

#[test]
fn datagrams_and_input_wake_through_one_handle() {
    let (mut sockets, port) = listening(SINK);
    let mut client = accepted(&mut sockets, port);
    let sink = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let address = sink.local_addr().expect("bound").port();
    sockets.connect(SINK, address, None).expect("a route");
    client.write_all(b"in").expect("sent");
    sink.send_to(b"rr", (Ipv4Addr::LOCALHOST, sockets.rtcp_port()))
        .expect("sent");
    let (mut report, mut input) = (false, false);
    while !(report && input) {
        assert!(becomes_signalled(sockets.raw()));
        report |= sockets.receive_rtcp(&mut [0; 8]) == Transfer::Done(2);
        assert_eq!(sockets.receive_rtcp(&mut [0; 8]), Transfer::WouldBlock);
        input |= sockets.receive_input(&mut [0; 8]) == Transfer::Done(2);
        assert_eq!(sockets.receive_input(&mut [0; 8]), Transfer::WouldBlock);
    }
}

#[test]
fn without_a_listener_there_is_no_input() {
    let (mut sockets, _sink) = media();
    assert_eq!(sockets.receive_input(&mut [0; 8]), Transfer::WouldBlock);
    sockets.disconnect_input();
}
