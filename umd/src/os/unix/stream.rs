//! TCP of our own: a listener, and the connections that it accepts.

use core::net::{Ipv4Addr, SocketAddrV4};

use super::Descriptor;
use super::socket::{address_of, call_with_address, done, receive, sent};
use crate::os::{OsError, Transfer};

/// A listener over IPv4 that never waits.
#[derive(Debug)]
pub(in crate::os) struct Listener(pub(super) Descriptor);

impl Listener {
    /// Listens on `local`, on any free port, with room for one connection that is not accepted yet.
    pub(in crate::os) fn bind(local: Ipv4Addr) -> Result<Self, OsError> {
        const BACKLOG: i32 = 1;
        let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        // SAFETY: the call takes integers only.
        let socket = Descriptor::new(unsafe { libc::socket(libc::AF_INET, kind, 0) })?;
        call_with_address(socket.0, SocketAddrV4::new(local, 0), libc::bind)?;
        // SAFETY: the call takes integers only.
        done(unsafe { libc::listen(socket.0, BACKLOG) })?;
        Ok(Self(socket))
    }

    /// The port that it listens on.
    pub(in crate::os) fn port(&self) -> Result<u16, OsError> {
        address_of(self.0.0, libc::getsockname).map(|address| address.port())
    }

    /// Accepts the connection that waits longest.
    pub(in crate::os) fn accept(&self) -> Result<Stream, OsError> {
        let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        let (address, size) = (core::ptr::null_mut(), core::ptr::null_mut());
        // SAFETY: the peer's address is not asked for; the descriptor is ours.
        let descriptor = unsafe { libc::accept4(self.0.0, address, size, flags) };
        Descriptor::new(descriptor).map(Stream)
    }
}

/// A connection that was accepted; it never waits, and is closed on drop.
#[derive(Debug)]
pub(in crate::os) struct Stream(pub(super) Descriptor);

impl Stream {
    /// Who connected.
    pub(in crate::os) fn peer(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.0.0, libc::getpeername)
    }

    /// Takes what has come, up to the length of `buffer`, which is not empty.
    pub(in crate::os) fn receive(&self, buffer: &mut [u8]) -> Transfer {
        match receive(self.0.0, buffer) {
            Ok(0) => Transfer::Closed,
            result => sent(result),
        }
    }
}

/// Whether a connection was gone before it was accepted, or the network had something to say about
/// it: the next one may be good (accept(2)).
pub(in crate::os) fn aborted(error: OsError) -> bool {
    matches!(
        error.0,
        libc::ECONNABORTED
            | libc::EPROTO
            | libc::ENETDOWN
            | libc::ENETUNREACH
            | libc::EHOSTDOWN
            | libc::EHOSTUNREACH
            | libc::ENOPROTOOPT
            | libc::EOPNOTSUPP
            | libc::ENONET
    )
}
