//! TCP of our own: a listener, and the connections that it accepts.

use core::net::{Ipv4Addr, SocketAddrV4};

use windows_sys::Win32::Networking::WinSock as winsock;

use super::socket::{
    Owned, Winsock, address_of, call_with_address, done, forget, last_socket_error, open, receive,
    sent,
};
use crate::os::{OsError, Transfer};

/// A listener over IPv4 that never waits.
#[derive(Debug)]
pub(in crate::os) struct Listener {
    pub(super) socket: Owned,
    _winsock: Winsock,
}

impl Listener {
    /// Listens on `local`, on any free port, with room for one connection that is not accepted yet.
    pub(in crate::os) fn bind(local: Ipv4Addr) -> Result<Self, OsError> {
        const BACKLOG: i32 = 1;
        let winsock = Winsock::start()?;
        let socket = open(winsock::SOCK_STREAM, winsock::IPPROTO_TCP)?;
        call_with_address(socket.0, SocketAddrV4::new(local, 0), winsock::bind)?;
        // SAFETY: the call takes integers only.
        done(unsafe { winsock::listen(socket.0, BACKLOG) })?;
        Ok(Self {
            socket,
            _winsock: winsock,
        })
    }

    /// The port that it listens on.
    pub(in crate::os) fn port(&self) -> Result<u16, OsError> {
        address_of(self.socket.0, winsock::getsockname).map(|address| address.port())
    }

    /// Accepts the connection that waits longest. It is non-blocking, as the listener.
    pub(in crate::os) fn accept(&self) -> Result<Stream, OsError> {
        let winsock = Winsock::start()?;
        forget(self.socket.0);
        let (address, size) = (core::ptr::null_mut(), core::ptr::null_mut());
        // SAFETY: the peer's address is not asked for; the socket is ours.
        let socket = unsafe { winsock::accept(self.socket.0, address, size) };
        if socket == winsock::INVALID_SOCKET {
            return Err(last_socket_error());
        }
        Ok(Stream {
            socket: Owned(socket),
            _winsock: winsock,
        })
    }
}

/// A connection that was accepted; it never waits, and is closed on drop.
#[derive(Debug)]
pub(in crate::os) struct Stream {
    pub(super) socket: Owned,
    _winsock: Winsock,
}

impl Stream {
    /// Who connected.
    pub(in crate::os) fn peer(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.socket.0, winsock::getpeername)
    }

    /// Takes what has come, up to the length of `buffer`, which is not empty.
    pub(in crate::os) fn receive(&self, buffer: &mut [u8]) -> Transfer {
        forget(self.socket.0);
        match receive(self.socket.0, buffer) {
            Ok(0) => Transfer::Closed,
            result => sent(result),
        }
    }
}

/// Whether a connection was gone before it was accepted: the next one may be good.
pub(in crate::os) fn aborted(error: OsError) -> bool {
    matches!(error.0, winsock::WSAECONNRESET | winsock::WSAECONNABORTED)
}
