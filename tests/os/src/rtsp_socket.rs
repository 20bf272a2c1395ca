//! The RTSP socket that is lent to the driver for a session.

use std::io;
use std::net::TcpStream;
use std::os::fd::{AsRawFd, IntoRawFd};

use crate::log::Violation;
use crate::process;

/// A connected socket that nobody but this crate may close (DDI-16).
#[derive(Debug)]
pub(crate) struct RtspSocket {
    stream: TcpStream,
    /// What the descriptor refers to.
    target: Option<String>,
}

impl RtspSocket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        let target = process::target(stream.as_raw_fd());
        Self { stream, target }
    }

    pub(crate) fn raw(&self) -> usize {
        usize::try_from(self.stream.as_raw_fd()).unwrap_or(usize::MAX)
    }

    /// Closes it, unless the driver has: then the descriptor is none of ours any more.
    pub(crate) fn close(self) -> Option<Violation> {
        if process::target(self.stream.as_raw_fd()) != self.target {
            let descriptor = self.stream.into_raw_fd();
            let text = format!("the RTSP socket, descriptor {descriptor}, was closed");
            return Some(Violation::new("DDI-16", text));
        }
        match is_shut_down(&self.stream) {
            Ok(true) => Some(Violation::new("DDI-16", "the RTSP socket was shut down")),
            Ok(false) | Err(_) => None,
        }
    }
}

/// Whether our side has sent its FIN: nothing but a shutdown does that to an open descriptor.
fn is_shut_down(stream: &TcpStream) -> io::Result<bool> {
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
    if code != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(matches!(
        state,
        FIN_WAIT1 | FIN_WAIT2 | TIME_WAIT | LAST_ACK | CLOSING
    ))
}
