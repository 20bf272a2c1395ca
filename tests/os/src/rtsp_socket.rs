//! The RTSP socket that is lent to the driver for a session.

use std::net::TcpStream;

use crate::log::Violation;
use crate::sys::socket;

/// A connected socket that nobody but this crate may close (DDI-16).
#[derive(Debug)]
pub(crate) struct RtspSocket {
    stream: TcpStream,
    identity: Option<socket::Identity>,
}

impl RtspSocket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        let identity = socket::identity(&stream);
        Self { stream, identity }
    }

    pub(crate) fn raw(&self) -> usize {
        socket::raw(&self.stream)
    }

    /// Closes it, unless the driver has: then the number is none of ours any more.
    pub(crate) fn close(self) -> Option<Violation> {
        if socket::identity(&self.stream) != self.identity {
            let number = socket::forget(self.stream);
            let text = format!("the RTSP socket, number {number}, was closed");
            return Some(Violation::new("DDI-16", text));
        }
        socket::is_shut_down(&self.stream)
            .then(|| Violation::new("DDI-16", "the RTSP socket was shut down"))
    }
}
