//! What the system knows of a connection.

use std::net::TcpStream;
use std::os::fd::{AsRawFd, IntoRawFd};

use super::process;

/// What tells an open socket from another that got its number after it.
pub(crate) type Identity = String;

/// `None` if it is not open.
pub(crate) fn identity(stream: &TcpStream) -> Option<Identity> {
    process::target(stream.as_raw_fd())
}

/// As the driver gets it.
pub(crate) fn raw(stream: &TcpStream) -> usize {
    usize::try_from(stream.as_raw_fd()).unwrap_or(usize::MAX)
}

/// Gives up a socket that somebody else has closed.
pub(crate) fn forget(stream: TcpStream) -> usize {
    let number = raw(&stream);
    let _closed = stream.into_raw_fd();
    number
}

/// Whether our side has sent its FIN: nothing but a shutdown does that to an open descriptor.
pub(crate) fn is_shut_down(stream: &TcpStream) -> bool {
    // States of include/net/tcp_states.h that follow a FIN of ours.
    const FIN_WAIT1: u8 = 4;
    const FIN_WAIT2: u8 = 5;
    const TIME_WAIT: u8 = 6;
    const LAST_ACK: u8 = 9;
    const CLOSING: u8 = 11;

    // The state is the first byte of struct tcp_info; the system cuts the rest off.
    let mut state = 0_u8;
    let mut size: libc::socklen_t = 1;
    let value = (&raw mut state).cast();
    let socket = stream.as_raw_fd();
    // SAFETY: `value` points to `size` bytes that the call may write.
    let code = unsafe {
        libc::getsockopt(
            socket,
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            value,
            &raw mut size,
        )
    };
    code == 0
        && matches!(
            state,
            FIN_WAIT1 | FIN_WAIT2 | TIME_WAIT | LAST_ACK | CLOSING
        )
}
