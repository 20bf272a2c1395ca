//! One Miracast context: its engine, its handles, and the two loops that wait.
//!
//! These are the only two places of the driver that wait while a session lives: [`Context::start`]
//! on the thread of StartMiracastSession, and [`Context::work`] on the worker. Everything between
//! two waits is [`Engine::turn`].

use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

use miracast_core::pool::Handover;
use miracast_core::session::Reason;
use miracast_core::time::Instant;
use miracast_core::trace::Entry;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{Consumer, MapError};

use crate::ddi::abi::PFN_DATARATE_NOTIFICATION;
use crate::ddi::callbacks::{self, Callbacks, ChunkBuffer, Woken};
use crate::engine::{
    self, Engine, Notice, SessionInfo, SessionStatus, Shell, Signal, StartInfo, Statistic, Totals,
    Wake,
};
use crate::inbox::Inbox;
use crate::limits;
use crate::os::{self, ControlSocket, MediaSockets, OsError, RawSocket, Timer, Transfer};
use crate::settings::Settings;
use crate::trace_sink::Channel;

/// The memory of one context. All-zero is its valid start, so that a static takes no room in the
/// file.
#[derive(Debug)]
pub(crate) struct Memory {
    engine: engine::Memory,
    chunks: ChunkBuffer,
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self {
            engine: engine::Memory::new(),
            chunks: ChunkBuffer([0; limits::CHUNK_BUFFER]),
        }
    }
}

/// What other threads may look at while the context lives.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) inbox: Inbox,
    pub(crate) handover: Handover,
    pub(crate) callbacks: Callbacks,
    /// The token that Windows has for this context.
    pub(crate) token: usize,
    /// The function that takes data-rate notices.
    pub(crate) on_rates: PFN_DATARATE_NOTIFICATION,
    /// Whether it is registered.
    pub(crate) registered: AtomicBool,
}

impl Shared {
    /// Asks for the data-rate notices or declines them. Only on the thread that is inside Start or
    /// Stop (DDI-44).
    pub(crate) fn register_rates(&self, on: bool) -> NtStatus {
        let context = core::ptr::without_provenance_mut(self.token);
        let function = if on { self.on_rates } else { None };
        let status = self.callbacks.register_rates(context, function);
        if status.is_success() {
            self.registered.store(on, Ordering::Release);
        }
        status
    }

    /// Whether data-rate notices are registered.
    pub(crate) fn notices_registered(&self) -> bool {
        self.registered.load(Ordering::Acquire)
    }
}

/// What belongs to whoever drives the context: the thread of the DDI call, or the worker.
#[derive(Debug)]
pub(crate) struct Context {
    engine: Engine<'static>,
    chunks: &'static mut ChunkBuffer,
    timer: Timer,
    /// Windows does not take the timer for one of the events of `GetNextChunkData`.
    timer_refused: bool,
    sockets: Sockets,
    trace: Channel,
}

#[derive(Debug, Default)]
struct Sockets {
    control: Option<ControlSocket>,
    media: Option<MediaSockets>,
}

impl Context {
    /// A context that is not open yet. What can fail is left to others, so that the context goes
    /// straight into its place: within a `Result` it would be moved once more, at the cost of its size
    /// in stack.
    pub(crate) fn new(memory: &'static mut Memory, timer: Timer, token: usize) -> Self {
        Self {
            engine: Engine::new(&mut memory.engine),
            chunks: &mut memory.chunks,
            timer,
            timer_refused: false,
            sockets: Sockets::default(),
            trace: Channel::open(token),
        }
    }

    /// Reads the settings and opens the channel to the miniport.
    pub(crate) fn open(&mut self, shared: &Shared) -> Result<(), NtStatus> {
        self.engine.configure(Settings::read(os::setting));
        let mut shell = DriverShell {
            shared,
            precise: self.timer.is_precise(),
            sockets: &mut self.sockets,
            trace: &self.trace,
        };
        self.engine.open(&mut shell)
    }

    /// StartMiracastSession: negotiates on the calling thread until it is known whether a monitor
    /// is there.
    pub(crate) fn start(
        &mut self,
        shared: &Shared,
        socket: RawSocket,
        bit_rate: u64,
    ) -> Result<SessionInfo, NtStatus> {
        let info = self
            .sockets
            .open(socket, bit_rate, self.engine.takes_input())
            .map_err(OsError::status)?;
        let mut wake = Wake::Start(&info);
        loop {
            let mut shell = DriverShell {
                shared,
                precise: self.timer.is_precise() && !self.timer_refused,
                sockets: &mut self.sockets,
                trace: &self.trace,
            };
            let wait = self.engine.turn(wake, os::now(), &mut shell);
            if let Some(outcome) = wait.started {
                return outcome;
            }
            let limit = self.arm(wait.deadline);
            let handles = [self.sockets.rtsp_handle()?, self.timer.raw()];
            let woken = os::wait(&handles, Some(limit)).map_err(OsError::status)?;
            wake = match woken {
                Some(0) => Wake::Event(Signal::Rtsp),
                Some(_) => Wake::Event(Signal::Timer),
                None => Wake::Timeout,
            };
        }
    }

    /// The worker: runs until it is asked to stop, or the session is gone.
    pub(crate) fn work(&mut self, shared: &Shared) {
        let Ok(events) = self.events(shared) else {
            return;
        };
        let mut chunks_come = true;
        let mut woken = Woken::Timeout;
        while !shared.inbox.stopping() && woken != Woken::Gone {
            let mut shell = DriverShell {
                shared,
                precise: self.timer.is_precise() && !self.timer_refused,
                sockets: &mut self.sockets,
                trace: &self.trace,
            };
            let wake = wake(woken, &self.chunks.0);
            let wait = self.engine.turn(wake, os::now(), &mut shell);
            if shared.inbox.stopping() {
                // Perhaps for long: a callback in this turn may have hung, and the context may be
                // destroyed.
                return;
            }
            let limit = self.arm(wait.deadline);
            chunks_come &= !matches!(woken, Woken::Failed(_));
            // After the end only Stop matters: the RTSP socket of a sink that is gone would wake
            // the worker for ever.
            let events = if wait.ended {
                &events[..1]
            } else {
                &events[..]
            };
            woken = if chunks_come {
                self.next_chunks(shared, limit, wait.deadline, events)
            } else {
                // Windows gives no chunks any more: the session still says goodbye.
                wait_without_chunks(limit, events)
            };
            if woken == Woken::Event(Signal::Inbox) {
                // Before the loop looks for the wish to stop: what comes from here on rings again.
                shared.inbox.silence();
            }
        }
    }

    /// Waits for chunks, or for one of `events` for at most `limit`, with the timer set to `deadline`.
    ///
    /// The documentation calls the additional handles events, and the last is a timer. Should Windows
    /// refuse it, its place is taken by the timeout, which is coarser: late pictures are better than
    /// none.
    fn next_chunks(
        &mut self,
        shared: &Shared,
        limit: Duration,
        deadline: Option<Instant>,
        events: &[os::RawHandle],
    ) -> Woken {
        let timer = self.timer.raw();
        let split = events.split_last().filter(|(last, _)| **last == timer);
        let Some((_, others)) = split else {
            return shared.callbacks.next_chunks(limit, events, self.chunks);
        };
        if !self.timer_refused {
            let woken = shared.callbacks.next_chunks(limit, events, self.chunks);
            // A buffer that is too small has nothing to do with the handles. And within Stop nothing
            // is tried again: the context may be destroyed by now.
            let about_handles =
                matches!(woken, Woken::Failed(status) if status != NtStatus::BUFFER_TOO_SMALL);
            if !about_handles || shared.inbox.stopping() {
                return woken;
            }
        }
        let limit = deadline.map_or(limit, |deadline| deadline.since(os::now()).min(limit));
        let woken = shared.callbacks.next_chunks(limit, others, self.chunks);
        self.timer_refused = !matches!(woken, Woken::Failed(_));
        woken
    }

    /// Sets the timer to `deadline`. The result is how long to wait at most: not at all if the deadline
    /// has passed, because a timer falls due at the system's next tick, not at once.
    fn arm(&self, deadline: Option<Instant>) -> Duration {
        let now = os::now();
        self.timer.arm(deadline, now);
        if deadline.is_some_and(|deadline| deadline <= now) {
            Duration::ZERO
        } else {
            limits::SAFETY_NET
        }
    }

    /// StopMiracastSession, or the end of a Start that failed: on the calling thread, after the
    /// worker has gone.
    pub(crate) fn stop(&mut self, shared: &Shared) {
        let mut shell = DriverShell {
            shared,
            precise: self.timer.is_precise() && !self.timer_refused,
            sockets: &mut self.sockets,
            trace: &self.trace,
        };
        self.engine.turn(Wake::Stop, os::now(), &mut shell);
        self.sockets = Sockets::default();
        self.timer.clear();
    }

    /// Windows has closed the RTSP socket, and its number may mean another one by now: it must not
    /// even be let go of. On Windows this loses one event handle.
    pub(crate) fn disown_rtsp_socket(&mut self) {
        let _ = core::mem::ManuallyDrop::new(self.sockets.control.take());
    }

    /// The handles that the worker waits for, in the order of [`callbacks::SIGNALS`].
    fn events(&self, shared: &Shared) -> Result<[os::RawHandle; 4], NtStatus> {
        let media = self
            .sockets
            .media
            .as_ref()
            .ok_or(NtStatus::INVALID_DEVICE_STATE)?;
        Ok([
            shared.inbox.bell().raw(),
            self.sockets.rtsp_handle()?,
            media.raw(),
            self.timer.raw(),
        ])
    }
}

impl Sockets {
    /// Takes the RTSP socket over and opens the media sockets, and a port for input.
    fn open(
        &mut self,
        socket: RawSocket,
        bit_rate: u64,
        takes_input: bool,
    ) -> Result<StartInfo, OsError> {
        let control = ControlSocket::adopt(socket)?;
        let (local, sink) = (*control.local()?.ip(), *control.peer()?.ip());
        let mut media = MediaSockets::open(local)?;
        let server_port = media.rtp_port();
        // Without a port there is no input; that is no reason to fail.
        let input_port = takes_input
            .then(|| media.listen_for_input(local, sink).ok())
            .flatten();
        *self = Self {
            control: Some(control),
            media: Some(media),
        };
        Ok(StartInfo {
            local,
            sink,
            server_port,
            input_port,
            bit_rate,
            seed: os::random(),
        })
    }

    fn rtsp_handle(&self) -> Result<os::RawHandle, NtStatus> {
        self.control
            .as_ref()
            .map(ControlSocket::raw)
            .ok_or(NtStatus::INVALID_DEVICE_STATE)
    }
}

fn wake(woken: Woken, buffer: &[u8]) -> Wake<'_> {
    match woken {
        Woken::Chunks(size) => Wake::Chunks(buffer.get(..size).unwrap_or_default()),
        Woken::Event(signal) => Wake::Event(signal),
        Woken::Timeout | Woken::Gone => Wake::Timeout,
        Woken::Lost => Wake::ChunksLost,
        Woken::Failed(status) => Wake::ChunksFailed(status),
    }
}

fn wait_without_chunks(limit: Duration, events: &[os::RawHandle]) -> Woken {
    match os::wait(events, Some(limit)) {
        Ok(Some(index)) => callbacks::SIGNALS
            .get(index)
            .copied()
            .map_or(Woken::Timeout, Woken::Event),
        Ok(None) => Woken::Timeout,
        // Nothing can be waited for: Stop will come.
        Err(_) => Woken::Gone,
    }
}

/// The world of the engine: Windows' callbacks and our sockets. Once Stop has given the worker up
/// there is no world any more: every call fails at once.
struct DriverShell<'c> {
    shared: &'c Shared,
    /// Deadlines come through a timer of high resolution.
    precise: bool,
    sockets: &'c mut Sockets,
    trace: &'c Channel,
}

impl DriverShell<'_> {
    fn abandoned(&self) -> bool {
        self.shared.handover.is_abandoned()
    }

    fn control(&self) -> Option<&ControlSocket> {
        self.sockets.control.as_ref().filter(|_| !self.abandoned())
    }

    fn media(&self) -> Option<&MediaSockets> {
        self.sockets.media.as_ref().filter(|_| !self.abandoned())
    }

    fn media_mut(&mut self) -> Option<&mut MediaSockets> {
        let abandoned = self.abandoned();
        self.sockets.media.as_mut().filter(|_| !abandoned)
    }
}

impl Shell for DriverShell<'_> {
    fn rtsp_send(&mut self, bytes: &[u8]) -> Transfer {
        self.control()
            .map_or(Transfer::Closed, |socket| socket.send(bytes))
    }

    fn rtsp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.control()
            .map_or(Transfer::Closed, |socket| socket.receive(buffer))
    }

    fn media_connect(
        &mut self,
        sink: Ipv4Addr,
        rtp: u16,
        rtcp: Option<u16>,
    ) -> Result<(), NtStatus> {
        let media = self.media().ok_or(NtStatus::INVALID_DEVICE_STATE)?;
        media.connect(sink, rtp, rtcp).map_err(OsError::status)
    }

    fn media_send(&mut self, datagrams: &[u8], segment: usize) -> Transfer {
        self.media()
            .map_or(Transfer::Closed, |media| media.send(datagrams, segment))
    }

    fn wakes_precisely(&self) -> bool {
        self.precise
    }

    fn rtcp_send(&mut self, datagram: &[u8]) -> Transfer {
        self.media()
            .map_or(Transfer::Closed, |media| media.send_rtcp(datagram))
    }

    fn rtcp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.media()
            .map_or(Transfer::Closed, |media| media.receive_rtcp(buffer))
    }

    fn input_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.media_mut()
            .map_or(Transfer::WouldBlock, |media| media.receive_input(buffer))
    }

    fn input_disconnect(&mut self) {
        if let Some(media) = self.media_mut() {
            media.disconnect_input();
        }
    }

    fn media_close(&mut self) {
        self.sockets.media = None;
    }

    fn escape(&mut self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus> {
        if self.abandoned() {
            return Err(NtStatus::CANCELLED);
        }
        self.shared.callbacks.io_control(request, reply)
    }

    fn map_ring(&mut self, opened: &StreamOpened) -> Result<Consumer, MapError> {
        callbacks::map_ring(opened)
    }

    fn report_status(&mut self, status: SessionStatus, cause: NtStatus) {
        // Within Stop the miniport refuses every other thread (DDI-41): what fails for that reason is
        // no end to report.
        if !self.abandoned() && !self.shared.inbox.stopping() {
            self.shared.callbacks.report_status(status, cause);
        }
    }

    fn report_statistic(&mut self, statistic: Statistic) {
        if !self.abandoned() {
            self.shared.callbacks.report_statistic(statistic);
        }
    }

    fn register_rates(&mut self, on: bool) -> NtStatus {
        self.shared.register_rates(on)
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.shared.inbox.pop()
    }

    fn traced(&mut self, entry: &Entry, end: Option<&Reason>) {
        self.trace.write(entry, end);
    }

    fn counted(&mut self, totals: &Totals) {
        self.trace.write_totals(totals);
    }
}
