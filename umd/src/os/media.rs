//! The sockets beside RTSP: RTP on an even port, RTCP on the next, and the sink's input.
//!
//! What is here is the same on every system; the calls themselves are in the system's module.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use miracast_core::limits::{
    BATCH_BYTES, BATCH_DATAGRAMS_MAX, MEDIA_SEND_BUFFER, PORT_PAIR_TRIES, RTCP_STALE_MAX,
    SEND_REFUSED_RETRIES,
};

use super::input::InputSockets;
use super::sys::{DatagramSocket, Watch, refused, would_block};
use super::{OsError, RawHandle, Transfer};

/// All sockets of a session that are ours; closed on drop.
#[derive(Debug)]
pub struct MediaSockets {
    rtp: Bound,
    rtcp: Bound,
    input: Option<InputSockets>,
    /// Over the sockets that are read: whoever writes to the RTP port is not listened to.
    watch: Watch,
    /// See [`MediaSockets::sends_batches`].
    segmented: AtomicBool,
}

impl MediaSockets {
    /// Opens the sockets of RTP and RTCP on the address of the connection to the sink.
    ///
    /// # Errors
    /// No pair of ports was free in [`PORT_PAIR_TRIES`] tries, no descriptor is left, or `local`
    /// is not an address of this machine.
    pub fn open(local: Ipv4Addr) -> Result<Self, OsError> {
        let (even, mut odd) = port_pair(local)?;
        even.socket.request_send_buffer(MEDIA_SEND_BUFFER);
        let watch = Watch::new()?;
        watch.add(&mut odd.socket)?;
        Ok(Self {
            rtp: even,
            rtcp: odd,
            input: None,
            watch,
            segmented: AtomicBool::new(true),
        })
    }

    /// Our RTP port, even (RFC 3550 §11).
    pub fn rtp_port(&self) -> u16 {
        self.rtp.port
    }

    /// Our RTCP port: the one after RTP.
    pub fn rtcp_port(&self) -> u16 {
        self.rtcp.port
    }

    /// Sends RTP to port `rtp` of `peer` from now on, and listens to RTCP from its port `control`
    /// alone; from `rtp` if the sink named no other. What came from anybody before is dropped.
    ///
    /// # Errors
    /// No route leads to `peer`.
    pub fn connect(&self, peer: Ipv4Addr, rtp: u16, control: Option<u16>) -> Result<(), OsError> {
        let control = control.unwrap_or(rtp);
        self.rtp.socket.connect(SocketAddrV4::new(peer, rtp))?;
        self.rtcp.socket.connect(SocketAddrV4::new(peer, control))?;
        for _ in 0..RTCP_STALE_MAX {
            match self.receive_rtcp(&mut [0; 1]) {
                Transfer::Done(_) => {}
                _ => break,
            }
        }
        Ok(())
    }

    /// Sends `bytes` as RTP datagrams of `segment` bytes each, of which the last may be shorter.
    /// `Done` counts the bytes of whole datagrams; the rest is the caller's to keep or to drop.
    ///
    /// A sink that is not listening yet answers with ICMP port unreachable, and the system tells
    /// of it at the next send. That fails nothing here: players open their port up to a second
    /// after PLAY (interop rule 20).
    pub fn send(&self, bytes: &[u8], segment: usize) -> Transfer {
        let Some(size) = u16::try_from(segment).ok().filter(|size| *size > 0) else {
            return self.send_each(bytes, bytes.len().max(1));
        };
        let several = bytes.len() > segment;
        if several && self.sends_batches() {
            self.send_batches(bytes, size)
        } else {
            self.send_each(bytes, segment)
        }
    }

    /// Sends one RTCP packet to the sink. One that only an earlier one was refused for counts as sent:
    /// the sink may not listen yet.
    pub fn send_rtcp(&self, datagram: &[u8]) -> Transfer {
        match retry_refused(datagram.len(), || self.rtcp.socket.send(datagram)) {
            Ok(length) => Transfer::Done(length),
            Err(error) if would_block(error) => Transfer::WouldBlock,
            Err(error) => Transfer::Failed(error),
        }
    }

    /// Receives one RTCP packet; one that is longer than `buffer` is cut.
    pub fn receive_rtcp(&self, buffer: &mut [u8]) -> Transfer {
        match self.rtcp.socket.receive(buffer) {
            Ok(length) => Transfer::Done(length),
            Err(error) if would_block(error) || refused(error) => Transfer::WouldBlock,
            Err(error) => Transfer::Failed(error),
        }
    }

    /// Listens on `local` for the connection on which the sink, at this address, sends what its user
    /// does. The result is the port.
    ///
    /// # Errors
    /// No port or no descriptor is left.
    pub fn listen_for_input(&mut self, local: Ipv4Addr, sink: Ipv4Addr) -> Result<u16, OsError> {
        let (input, port) = InputSockets::open(local, sink, &self.watch)?;
        self.input = Some(input);
        Ok(port)
    }

    /// Receives from the sink's input connection, after [`Self::receive_rtcp`] was called.
    /// `WouldBlock` also if there is no connection. `Closed` and `Failed` are the end of one: another
    /// may come.
    pub fn receive_input(&mut self, buffer: &mut [u8]) -> Transfer {
        match &mut self.input {
            Some(input) => input.receive(buffer, &self.watch),
            None => Transfer::WouldBlock,
        }
    }

    /// Closes the sink's input connection, if there is one. Another may come.
    pub fn disconnect_input(&mut self) {
        if let Some(input) = &mut self.input {
            input.disconnect();
        }
    }

    /// Whether several datagrams go out in one call. It ends for good at the first call for several
    /// that fails where single ones succeed.
    pub fn sends_batches(&self) -> bool {
        self.segmented.load(Relaxed)
    }

    /// Sends one datagram a call from now on: a setting for a network adapter that gets
    /// segmentation wrong.
    pub fn give_up_batches(&self) {
        self.segmented.store(false, Relaxed);
    }

    /// One handle for everything of ours that is read: signalled while [`Self::receive_rtcp`] or
    /// [`Self::receive_input`] has something.
    pub fn raw(&self) -> RawHandle {
        self.watch.raw()
    }

    /// Sends as many segments a call as the system takes.
    fn send_batches(&self, bytes: &[u8], segment: u16) -> Transfer {
        let segment_length = usize::from(segment);
        let segments = BATCH_DATAGRAMS_MAX.min(BATCH_BYTES / segment_length).max(1);
        let mut total = 0;
        for batch in bytes.chunks(segments * segment_length) {
            match retry_refused(batch.len(), || {
                self.rtp.socket.send_segmented(batch, segment)
            }) {
                Ok(sent) => total += sent,
                Err(error) if would_block(error) => return part(total, Transfer::WouldBlock),
                Err(_) => {
                    let rest = bytes.get(total..).unwrap_or_default();
                    return self.send_without_batches(total, rest, segment_length);
                }
            }
        }
        Transfer::Done(total)
    }

    /// A batch failed: either batches are not to be had here, or nothing can be sent at all.
    /// Single datagrams tell.
    fn send_without_batches(&self, before: usize, rest: &[u8], segment: usize) -> Transfer {
        match self.send_each(rest, segment) {
            Transfer::Done(sent) => {
                self.give_up_batches();
                Transfer::Done(before + sent)
            }
            other => part(before, other),
        }
    }

    /// Sends one datagram a call.
    fn send_each(&self, bytes: &[u8], segment: usize) -> Transfer {
        let mut total = 0;
        for datagram in bytes.chunks(segment.max(1)) {
            match retry_refused(datagram.len(), || self.rtp.socket.send(datagram)) {
                Ok(_) => total += datagram.len(),
                Err(error) if would_block(error) => return part(total, Transfer::WouldBlock),
                Err(error) => return part(total, Transfer::Failed(error)),
            }
        }
        Transfer::Done(total)
    }
}

/// What was sent counts before what stopped it; the cause comes again at the next call.
fn part(sent: usize, otherwise: Transfer) -> Transfer {
    if sent > 0 {
        Transfer::Done(sent)
    } else {
        otherwise
    }
}

/// Calls `send` again when it only reports that an earlier datagram was refused. If that does not
/// end, then the `length` bytes count as sent: they would be refused like the others.
fn retry_refused(
    length: usize,
    mut send: impl FnMut() -> Result<usize, OsError>,
) -> Result<usize, OsError> {
    for _ in 0..SEND_REFUSED_RETRIES {
        match send() {
            Err(error) if refused(error) => {}
            result => return result,
        }
    }
    Ok(length)
}

/// A socket and the port that it is bound to.
#[derive(Debug)]
struct Bound {
    socket: DatagramSocket,
    port: u16,
}

impl Bound {
    fn new(local: Ipv4Addr, port: u16) -> Result<Self, OsError> {
        let socket = DatagramSocket::bind(local, port)?;
        let port = socket.port()?;
        Ok(Self { socket, port })
    }
}

/// An even port and the next. The system gives any free port; its neighbour is asked for.
fn port_pair(local: Ipv4Addr) -> Result<(Bound, Bound), OsError> {
    let mut failure = OsError(0);
    for _ in 0..PORT_PAIR_TRIES {
        let first = Bound::new(local, 0)?;
        match Bound::new(local, first.port ^ 1) {
            Ok(second) if first.port & 1 == 0 => return Ok((first, second)),
            Ok(second) => return Ok((second, first)),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}
