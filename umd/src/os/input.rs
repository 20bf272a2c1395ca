//! The connection on which the sink's user is heard: we listen, the sink connects (S2.1 §4.11.2).
//!
//! One client at a time, and from the sink's address alone. Nothing is ever sent.

use core::net::Ipv4Addr;

use super::sys::{Listener, Stream, Watch, aborted, would_block};
use super::{OsError, Transfer};
use crate::limits::INPUT_ACCEPTS_PER_READ;

/// The listener and its client; closed on drop.
#[derive(Debug)]
pub(super) struct InputSockets {
    /// `None` after an accept that failed for good: as long as the connection waits, it would wake
    /// the driver for ever.
    listener: Option<Listener>,
    client: Option<Stream>,
    sink: Ipv4Addr,
}

impl InputSockets {
    /// Listens on a port that the system chooses, for a client at the address `sink`. The result has
    /// the port.
    pub(super) fn open(
        local: Ipv4Addr,
        sink: Ipv4Addr,
        watch: &Watch,
    ) -> Result<(Self, u16), OsError> {
        let listener = Listener::bind(local)?;
        watch.add_listener(&listener)?;
        let port = listener.port()?;
        let sockets = Self {
            listener: Some(listener),
            client: None,
            sink,
        };
        Ok((sockets, port))
    }

    /// Receives from the client. `WouldBlock` also if there is none. `Closed` and `Failed` are the
    /// client's end: another one may come from the next call on.
    pub(super) fn receive(&mut self, buffer: &mut [u8], watch: &Watch) -> Transfer {
        let first = self.receive_from_client(buffer);
        if first != Transfer::WouldBlock {
            return first;
        }
        let had_client = self.client.is_some();
        self.admit(watch);
        if had_client {
            first
        } else {
            self.receive_from_client(buffer)
        }
    }

    /// Closes the connection to the client, if there is one.
    pub(super) fn disconnect(&mut self) {
        self.client = None;
    }

    fn receive_from_client(&mut self, buffer: &mut [u8]) -> Transfer {
        let Some(client) = &self.client else {
            return Transfer::WouldBlock;
        };
        let received = client.receive(buffer);
        if matches!(received, Transfer::Closed | Transfer::Failed(_)) {
            self.client = None;
        }
        received
    }

    /// Accepts who waits. Whoever is not wanted is closed at once: unanswered, he would keep the sink
    /// out.
    fn admit(&mut self, watch: &Watch) {
        for _ in 0..INPUT_ACCEPTS_PER_READ {
            let Some(listener) = &self.listener else {
                return;
            };
            match listener.accept() {
                Ok(stream) => self.judge(stream, watch),
                Err(error) if would_block(error) => return,
                Err(error) if aborted(error) => {}
                Err(_) => self.listener = None,
            }
        }
    }

    fn judge(&mut self, mut stream: Stream, watch: &Watch) {
        let is_sink = stream.peer().is_ok_and(|peer| *peer.ip() == self.sink);
        if is_sink && self.client.is_none() && watch.add_stream(&mut stream).is_ok() {
            self.client = Some(stream);
        }
    }
}
