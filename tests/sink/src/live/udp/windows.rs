//! Windows: one datagram a call, and our own clock when it has returned. The system has no time
//! stamps for an ordinary socket, and does not say what it dropped.

use core::net::SocketAddr;
use core::time::Duration;
use std::io::{self, ErrorKind};
use std::net::UdpSocket;

use socket2::SockRef;

use crate::capture::Received;
use crate::live::clock::Clock;

/// The largest datagram of IPv4: the system refuses to cut one short in silence.
const DATAGRAM: usize = 65_535;

/// Receive buffer that is asked for: two seconds at 30 Mbit/s.
const SOCKET_BUFFER: usize = 8 * 1024 * 1024;

/// How long a call waits for a datagram, so that its caller can stop.
const WAIT: Duration = Duration::from_millis(50);

/// A socket that is read.
#[derive(Debug)]
pub(in crate::live) struct Receiver {
    socket: UdpSocket,
    data: Vec<u8>,
}

impl Receiver {
    /// Prepares the socket.
    ///
    /// # Errors
    /// The system refuses the timeout or the buffer.
    pub(in crate::live) fn new(socket: UdpSocket) -> io::Result<Self> {
        SockRef::from(&socket).set_recv_buffer_size(SOCKET_BUFFER)?;
        socket.set_read_timeout(Some(WAIT))?;
        let data = vec![0; DATAGRAM];
        Ok(Self { socket, data })
    }

    /// Datagrams that the system dropped: it does not say.
    #[expect(clippy::unused_self, reason = "other systems count them")]
    pub(in crate::live) fn dropped(&self) -> Option<u32> {
        None
    }

    /// Waits a little for a datagram; none is no error.
    ///
    /// # Errors
    /// Those of the socket.
    pub(in crate::live) fn receive(&mut self, clock: Clock) -> io::Result<Vec<Received>> {
        let (length, from) = match self.socket.recv_from(&mut self.data) {
            Ok(received) => received,
            Err(error) if is_nothing(error.kind()) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let at_ns = clock.now_ns();
        let SocketAddr::V4(from) = from else {
            return Err(io::Error::other("not an IPv4 datagram"));
        };
        let bytes = self.data.get(..length).unwrap_or_default().to_vec();
        Ok(vec![Received { at_ns, from, bytes }])
    }
}

fn is_nothing(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => true,
        // An answer to something we sent to a closed port says nothing about receiving.
        ErrorKind::ConnectionReset => true,
        _ => false,
    }
}
