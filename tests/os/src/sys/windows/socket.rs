//! What the system knows of a connection.

use core::net::SocketAddr;
use std::io::Write;
use std::net::TcpStream;
use std::os::windows::io::{AsRawSocket, IntoRawSocket};

use windows_sys::Win32::Networking::WinSock::WSAESHUTDOWN;

/// What tells an open socket from another that got its number after it. It is our address and not
/// the peer's as well: that is gone once the peer has reset the connection.
pub(crate) type Identity = SocketAddr;

/// `None` if it is not open.
pub(crate) fn identity(stream: &TcpStream) -> Option<Identity> {
    stream.local_addr().ok()
}

/// As the driver gets it.
pub(crate) fn raw(stream: &TcpStream) -> usize {
    usize::try_from(stream.as_raw_socket()).unwrap_or(usize::MAX)
}

/// Gives up a socket that somebody else has closed.
pub(crate) fn forget(stream: TcpStream) -> usize {
    let number = raw(&stream);
    let _closed = stream.into_raw_socket();
    number
}

/// Whether our side has been shut down for sending: then nothing at all can be sent.
pub(crate) fn is_shut_down(mut stream: &TcpStream) -> bool {
    stream
        .write(&[])
        .is_err_and(|error| error.raw_os_error() == Some(WSAESHUTDOWN))
}
