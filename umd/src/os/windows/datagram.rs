//! Datagram sockets of our own.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use windows_sys::Win32::Networking::WinSock as winsock;
use windows_sys::Win32::Networking::WinSock::SOCKET;

use super::Event;
use super::socket::{
    Owned, Winsock, address_of, call_with_address, open, receive, reset, select, send, set_option,
};
use super::stream::{Listener, Stream};
use crate::os::{OsError, RawHandle};

/// A UDP socket over IPv4 that never waits.
#[derive(Debug)]
pub(in crate::os) struct DatagramSocket {
    socket: Owned,
    /// The size that a send is cut into (`UDP_SEND_MSG_SIZE`); 0 is not at all. Windows keeps it
    /// per socket, and a send that is not longer is not touched by it.
    segment: AtomicU32,
    /// The event of the [`Watch`] as an address, or 0. It is reset before each receive.
    event: usize,
    _winsock: Winsock,
}

impl DatagramSocket {
    /// A socket on `local`, port `port`, or any free port if that is 0.
    pub(in crate::os) fn bind(local: Ipv4Addr, port: u16) -> Result<Self, OsError> {
        let winsock = Winsock::start()?;
        let socket = open(winsock::SOCK_DGRAM, winsock::IPPROTO_UDP)?;
        ignore_refusals(socket.0);
        call_with_address(socket.0, SocketAddrV4::new(local, port), winsock::bind)?;
        Ok(Self {
            socket,
            segment: AtomicU32::new(0),
            event: 0,
            _winsock: winsock,
        })
    }

    /// The port that the socket is bound to.
    pub(in crate::os) fn port(&self) -> Result<u16, OsError> {
        address_of(self.socket.0, winsock::getsockname).map(|address| address.port())
    }

    /// Asks for room for `bytes` of unsent data. The system may give less, or nothing.
    pub(in crate::os) fn request_send_buffer(&self, bytes: u32) {
        // Without it the system's own size stands.
        let _ = set_option(
            self.socket.0,
            winsock::SOL_SOCKET,
            winsock::SO_SNDBUF,
            bytes,
        );
    }

    /// Sends to, and receives from, `peer` only.
    pub(in crate::os) fn connect(&self, peer: SocketAddrV4) -> Result<(), OsError> {
        call_with_address(self.socket.0, peer, winsock::connect)
    }

    /// Sends one datagram.
    pub(in crate::os) fn send(&self, datagram: &[u8]) -> Result<usize, OsError> {
        let segment = self.segment.load(Relaxed);
        if segment != 0 && datagram.len() > segment as usize {
            self.cut_at(0)?;
        }
        send(self.socket.0, datagram)
    }

    /// Sends `bytes` as datagrams of `segment` bytes, the last may be shorter, in one call
    /// (`UDP_SEND_MSG_SIZE`). All or none are sent.
    pub(in crate::os) fn send_segmented(
        &self,
        bytes: &[u8],
        segment: u16,
    ) -> Result<usize, OsError> {
        let segment = u32::from(segment);
        if self.segment.load(Relaxed) != segment {
            self.cut_at(segment)?;
        }
        send(self.socket.0, bytes)
    }

    fn cut_at(&self, segment: u32) -> Result<(), OsError> {
        let option = winsock::UDP_SEND_MSG_SIZE;
        set_option(self.socket.0, winsock::IPPROTO_UDP, option, segment)?;
        self.segment.store(segment, Relaxed);
        Ok(())
    }

    /// Receives one datagram; what does not fit is cut.
    pub(in crate::os) fn receive(&self, buffer: &mut [u8]) -> Result<usize, OsError> {
        if self.event != 0 {
            reset(self.socket.0, core::ptr::without_provenance_mut(self.event));
        }
        match receive(self.socket.0, buffer) {
            Err(OsError(winsock::WSAEMSGSIZE)) => Ok(buffer.len()),
            result => result,
        }
    }
}

/// One handle for several sockets, signalled while one of them has something to read. All of them
/// must be read after a wake, datagrams first: a receive of those resets the event for all. That of a
/// connection does not, so that it hides no datagram that has come meanwhile.
#[derive(Debug)]
pub(in crate::os) struct Watch(Event);

impl Watch {
    /// A watch over no socket.
    pub(in crate::os) fn new() -> Result<Self, OsError> {
        Event::new().map(Self)
    }

    /// Adds a socket. It leaves the watch when it is closed.
    pub(in crate::os) fn add(&self, socket: &mut DatagramSocket) -> Result<(), OsError> {
        select(socket.socket.0, self.0.raw())?;
        socket.event = self.0.raw().addr();
        Ok(())
    }

    /// Adds a listener, for connections to accept. It leaves the watch when it is closed.
    pub(in crate::os) fn add_listener(&self, listener: &Listener) -> Result<(), OsError> {
        select(listener.socket.0, self.0.raw())
    }

    /// Adds a connection. It leaves the watch when it is closed.
    pub(in crate::os) fn add_stream(&self, stream: &mut Stream) -> Result<(), OsError> {
        select(stream.socket.0, self.0.raw())
    }

    /// The handle to wait for.
    pub(in crate::os) fn raw(&self) -> RawHandle {
        self.0.raw()
    }
}

/// Whether the call failed only because it would have had to wait.
pub(in crate::os) fn would_block(error: OsError) -> bool {
    matches!(error.0, winsock::WSAEWOULDBLOCK | winsock::WSAENOBUFS)
}

/// Whether the error is the answer to an earlier datagram: port unreachable, or time to live expired,
/// which is `WSAENETRESET`.
pub(in crate::os) fn refused(error: OsError) -> bool {
    matches!(
        error.0,
        winsock::WSAECONNRESET | winsock::WSAECONNREFUSED | winsock::WSAENETRESET
    )
}

/// Asks that ICMP port unreachable is not reported by receives. Where that is not to be had, they
/// report it as an error that is known here ([`refused`]).
fn ignore_refusals(socket: SOCKET) {
    let no = 0_u32;
    let mut returned = 0_u32;
    let (no, size) = ((&raw const no).cast(), size_of::<u32>() as u32);
    let output = core::ptr::null_mut();
    let code = winsock::SIO_UDP_CONNRESET;
    let overlapped = core::ptr::null_mut();
    // SAFETY: the input is a local of `size` bytes; there is no output but the count.
    unsafe {
        winsock::WSAIoctl(
            socket,
            code,
            no,
            size,
            output,
            0,
            &raw mut returned,
            overlapped,
            None,
        )
    };
}

#[cfg(test)]
mod tests;
