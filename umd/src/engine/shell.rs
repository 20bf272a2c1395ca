//! What the engine needs from the world: calls that return at once.

use core::net::Ipv4Addr;

use miracast_core::session::Reason;
use miracast_core::time::Instant;
use miracast_core::trace::Entry;
use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{Consumer, MapError};
use miracast_kmd_iface::{NtStatus, message};

use super::Totals;
use crate::os::Transfer;

/// Something for the operating system's log (DDI-27, DDI-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The first datagram of a chunk is about to be sent (DDI-57).
    ChunkSent {
        /// `MIRACAST_CHUNK_ID.Value`.
        id: u64,
    },
    /// A chunk will not be sent (DDI-61).
    ChunkDropped {
        /// `MIRACAST_CHUNK_ID.Value`.
        id: u64,
    },
    /// The sink asked for an IDR picture.
    IdrRequested,
    /// A monitor was reported to the miniport.
    MonitorArrived,
    /// The departure of the monitor was reported to the miniport.
    MonitorDeparted,
}

/// How a session ended, as MIRACAST_STATUS has it (DDI-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Everything that has no status of its own.
    Critical,
    /// The sink did not answer the keep-alive.
    MissingKeepAlive,
    /// The sink disconnected.
    SinkDisconnected,
    /// The link does not carry the mode.
    InsufficientBandwidth,
    /// The sink refused a change of the mode.
    SinkFailedModeChange,
}

/// A notice of another thread, out of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Windows has set a mode.
    ModeSet(message::ModeSet),
    /// The monitor was switched on or off.
    MonitorPower(message::MonitorPower),
    /// Protected content is shown, which we cannot protect.
    Protection(message::Protection),
    /// The adapter is lost.
    DeviceLost(message::DeviceLost),
    /// The rate that Windows recommends, in bit/s (DDI-46); `None` if no more notices come
    /// (DDI-47).
    Rate(Option<u64>),
}

/// The world, as the engine sees it. No call waits.
pub trait Shell {
    /// Sends RTSP bytes.
    fn rtsp_send(&mut self, bytes: &[u8]) -> Transfer;

    /// Receives RTSP bytes.
    fn rtsp_receive(&mut self, buffer: &mut [u8]) -> Transfer;

    /// Directs the media sockets to these ports of the sink.
    ///
    /// # Errors
    ///
    /// The status for the operating system's error.
    fn media_connect(
        &mut self,
        sink: Ipv4Addr,
        rtp: u16,
        rtcp: Option<u16>,
    ) -> Result<(), NtStatus>;

    /// Sends RTP datagrams of `segment` bytes, the last may be shorter. The result counts bytes of
    /// whole datagrams.
    fn media_send(&mut self, datagrams: &[u8], segment: usize) -> Transfer;

    /// Whether the deadlines of a [`Wait`] are kept to well under a millisecond.
    fn wakes_precisely(&self) -> bool;

    /// Sends one RTCP datagram to the sink.
    fn rtcp_send(&mut self, datagram: &[u8]) -> Transfer;

    /// Receives one RTCP datagram.
    fn rtcp_receive(&mut self, buffer: &mut [u8]) -> Transfer;

    /// Receives from the sink's input connection. `WouldBlock` also if there is none. `Closed` and
    /// `Failed` are the end of one: another may come.
    fn input_receive(&mut self, buffer: &mut [u8]) -> Transfer;

    /// Closes the sink's input connection, if there is one. Another may come.
    fn input_disconnect(&mut self);

    /// Closes the sockets of media and input.
    fn media_close(&mut self);

    /// Sends a request to the miniport; the result is the reply's length.
    ///
    /// # Errors
    ///
    /// The status with which the operating system or the miniport refused to take the request.
    fn escape(&mut self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus>;

    /// Maps the ring that the miniport has opened.
    ///
    /// # Errors
    ///
    /// Address or sizes are impossible.
    fn map_ring(&mut self, opened: &StreamOpened) -> Result<Consumer, MapError>;

    /// Reports the end of the session. Called once.
    fn report_status(&mut self, status: SessionStatus, cause: NtStatus);

    /// Reports a statistic.
    fn report_statistic(&mut self, statistic: Statistic);

    /// Asks for the data-rate notices, or declines them. Works only on the thread that is inside
    /// Start or Stop (DDI-44).
    fn register_rates(&mut self, on: bool) -> NtStatus;

    /// Takes the oldest notice out of the inbox.
    fn next_notice(&mut self) -> Option<Notice>;

    /// Something that happened in the session, for whoever watches; `end` with
    /// [`miracast_core::trace::What::Ended`]. Each entry once, before it is forgotten.
    fn traced(&mut self, entry: &Entry, end: Option<&Reason>);

    /// What the session came to in numbers: once, behind the last entry of the turn in which it ended.
    fn counted(&mut self, totals: &Totals);
}

/// What the engine must know at the start of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartInfo {
    /// Our address on the RTSP connection.
    pub local: Ipv4Addr,
    /// The sink's address on the RTSP connection. Media goes nowhere else.
    pub sink: Ipv4Addr,
    /// Our RTP port.
    pub server_port: u16,
    /// The port on which the sink's input is listened for, if the miniport takes any.
    pub input_port: Option<u16>,
    /// The rate that Windows recommends, in bit/s (DDI-26).
    pub bit_rate: u64,
    /// Any number, for SSRC, sequence numbers and the session id.
    pub seed: u64,
}

impl StartInfo {
    /// The SSRC of the session's RTP stream.
    pub(super) const fn ssrc(&self) -> u32 {
        self.seed as u32
    }

    /// The sequence number of its first datagram.
    pub(super) const fn first_sequence(&self) -> u16 {
        (self.seed >> 16) as u16
    }
}

/// Why the engine runs.
#[derive(Clone, Copy, Debug)]
pub enum Wake<'a> {
    /// Windows started a session.
    Start(&'a StartInfo),
    /// Windows stops the session.
    Stop,
    /// `GetNextChunkData` filled its buffer with records.
    Chunks(&'a [u8]),
    /// An event is signalled.
    Event(Signal),
    /// Nothing happened in time.
    Timeout,
    /// Windows ran out of chunk slots: outstanding chunks are lost (DDI-51).
    ChunksLost,
    /// `GetNextChunkData` failed for good, with this status.
    ChunksFailed(NtStatus),
}

/// The events that `GetNextChunkData` waits for besides chunks, in the order of their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The inbox has a notice, or the worker is to stop.
    Inbox,
    /// The RTSP socket can be read, or is closed.
    Rtsp,
    /// One of the auxiliary sockets can be read.
    Auxiliary,
    /// The timer has run out.
    Timer,
}

/// What the engine waits for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When it must run again; `None` if only for an event.
    pub deadline: Option<Instant>,
    /// The session is over: nothing matters any more but Stop.
    pub ended: bool,
    /// What StartMiracastSession returns, from the moment that is known.
    pub started: Option<Result<SessionInfo, NtStatus>>,
}

/// What StartMiracastSession found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionInfo {
    /// DDI-18.
    pub monitor_connected: bool,
    /// DDI-20.
    pub reduced: bool,
}
