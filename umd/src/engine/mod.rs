//! Everything between two waits: [`Engine::turn`].
//!
//! The engine owns the session, the streamer and the channel to the miniport, and never waits: all
//! its calls into the [`Shell`] return at once. Two loops drive it on Windows (Start's and the
//! worker's, both in `crate::context`), another one in the simulator; nothing else differs.

mod audio;
mod hearing;
mod input;
mod outbox;
mod pictures;
mod rate;
mod reports;
mod session;
mod shell;
mod sound;
mod status;
mod stream;
#[cfg(test)]
mod tests;
mod totals;
mod trace;

pub use input::InputCounters;
pub use outbox::OUTBOX_BYTES;
pub use pictures::RecordCounters;
pub use reports::ReportCounters;
pub use shell::{
    Notice, SessionInfo, SessionStatus, Shell, Signal, StartInfo, Statistic, Wait, Wake,
};
pub use sound::AudioCounters;
pub use stream::EncoderCounters;
pub use totals::Totals;

use miracast_core::encoder::EncoderCapabilities;
use miracast_core::media::{Counters, Streamer};
use miracast_core::quirks::Fired;
use miracast_core::rate::RateControl;
use miracast_core::session::{Input, Phase, Reason, Session};
use miracast_core::time::Instant;
use miracast_core::trace::Trace;
use miracast_core::{limits as core_limits, media};
use miracast_kmd_iface::NtStatus;

use crate::limits;
use crate::miniport::{self, Miniport};
use crate::os::Transfer;
use crate::settings::Settings;
use input::InputChannel;
use outbox::Outbox;
use pictures::Pictures;
use reports::Reports;
use sound::Audio;
use trace::Tracer;

/// The memory that one engine works in: all of its large buffers. All-zero is its valid start.
#[derive(Debug)]
pub struct Memory {
    rtsp: [u8; core_limits::RTSP_MESSAGE_MAX],
    outbox: [u8; OUTBOX_BYTES],
    batch: [u8; core_limits::BATCH_BYTES],
    input: [u8; core_limits::UIBC_PACKET_MAX],
    trace: Trace,
    records: pictures::Queue,
    escapes: miniport::Buffers,
}

impl Memory {
    /// Fresh memory.
    #[expect(
        clippy::large_stack_arrays,
        reason = "evaluated at compile time, for statics"
    )]
    pub const fn new() -> Self {
        Self {
            rtsp: [0; core_limits::RTSP_MESSAGE_MAX],
            outbox: [0; OUTBOX_BYTES],
            batch: [0; core_limits::BATCH_BYTES],
            input: [0; core_limits::UIBC_PACKET_MAX],
            trace: Trace::new(),
            records: pictures::Queue::new(),
            escapes: miniport::Buffers::new(),
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// One Miracast context between its waits.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts; the states are in Phase"
)]
#[derive(Debug)]
pub struct Engine<'m> {
    session: Session<'m>,
    streamer: Streamer<'m>,
    miniport: Miniport<'m>,
    outbox: Outbox<'m>,
    outbox_retry: Option<Instant>,
    pictures: Pictures<'m>,
    audio: Audio,
    input: InputChannel<'m>,
    reports: Reports,
    encoder_counters: EncoderCounters,
    tracer: Tracer<'m>,
    rate: Option<RateControl>,
    /// What Windows recommended last, in bit/s.
    recommended: u64,
    encoder: Option<EncoderCapabilities>,
    settings: Settings,
    info: Option<StartInfo>,
    started: Option<Result<SessionInfo, NtStatus>>,
    /// Start has its result and returns, or has returned: an end of the session is reported.
    returned: bool,
    /// The monitor has to be reported as soon as Start has returned (DDI-22).
    arrival_due: bool,
    /// Data-rate notices are registered.
    notices: bool,
    /// M7 was answered and no pause holds: pictures may flow.
    playing: bool,
    /// What ends the session as soon as its output is drained.
    abort: Option<Reason>,
    /// The stream that was to be opened belongs to a mode that is not wanted any more.
    stream_overtaken: bool,
    more_to_read: bool,
    /// The auxiliary sockets have more than belongs into one turn, or were not read to their end.
    more_auxiliary: bool,
    /// An encoder was started in this turn, which may have taken long: nothing is sent by a clock from before.
    clock_is_old: bool,
}

impl<'m> Engine<'m> {
    /// An engine before its first session.
    pub fn new(memory: &'m mut Memory) -> Self {
        Self {
            session: Session::new(&mut memory.rtsp),
            streamer: Streamer::new(&mut memory.batch),
            miniport: Miniport::new(&mut memory.escapes),
            outbox: Outbox::new(&mut memory.outbox),
            outbox_retry: None,
            pictures: Pictures::new(&mut memory.records),
            audio: Audio::new(),
            input: InputChannel::new(&mut memory.input),
            reports: Reports::new(),
            encoder_counters: EncoderCounters::default(),
            tracer: Tracer::new(&mut memory.trace),
            rate: None,
            recommended: 0,
            encoder: None,
            settings: Settings::default(),
            info: None,
            started: None,
            returned: false,
            arrival_due: false,
            notices: false,
            playing: false,
            abort: None,
            stream_overtaken: false,
            more_to_read: false,
            more_auxiliary: false,
            clock_is_old: false,
        }
    }

    /// Takes settings in place of the defaults, for the sessions that begin from now on.
    pub fn configure(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// The settings that it goes by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Opens the channel to the miniport. Part of CreateMiracastContext.
    ///
    /// # Errors
    ///
    /// The miniport refused, or speaks no version that we speak.
    pub fn open(&mut self, shell: &mut impl Shell) -> Result<(), NtStatus> {
        self.encoder = Some(self.miniport.hello(shell)?);
        Ok(())
    }

    /// The phase of the session.
    pub fn phase(&self) -> Phase {
        self.session.phase()
    }

    /// What the packetizer has counted since the session began.
    pub fn media_counters(&self) -> &Counters {
        self.streamer.counters()
    }

    /// The quirks that the sink has shown so far, and those that the settings assume.
    pub fn quirks(&self) -> Fired {
        self.session.quirks()
    }

    /// What was wrong with the miniport's records since the session began.
    pub fn record_counters(&self) -> RecordCounters {
        self.pictures.counters
    }

    /// What became of the miniport's audio since the session began.
    pub fn audio_counters(&self) -> AudioCounters {
        self.audio.sound.counters
    }

    /// What the miniport's encoder was asked for since the session began.
    pub fn encoder_counters(&self) -> EncoderCounters {
        self.encoder_counters
    }

    /// Does everything that there is to do now, and says what to wait for.
    pub fn turn(&mut self, wake: Wake<'_>, now: Instant, shell: &mut impl Shell) -> Wait {
        self.clock_is_old = false;
        if self.arrival_due && !matches!(wake, Wake::Stop) {
            self.report_monitor(shell);
        }
        match wake {
            Wake::Start(info) => self.start(info, now),
            Wake::Stop => return self.stop(now, shell),
            Wake::Chunks(bytes) => {
                let sound = &mut self.audio.sound;
                if !self.pictures.take(bytes, sound, now, shell) {
                    self.chunks_lost(now, shell);
                }
            }
            Wake::ChunksLost => self.chunks_lost(now, shell),
            Wake::ChunksFailed(status) => self.abort = Some(Reason::System(status.0)),
            Wake::Event(Signal::Inbox) => self.read_inbox(now, shell),
            Wake::Event(Signal::Rtsp) => self.read_rtsp(now, shell),
            Wake::Event(Signal::Auxiliary) => self.more_auxiliary = true,
            Wake::Event(Signal::Timer) | Wake::Timeout => {}
        }
        if self.more_to_read {
            self.read_rtsp(now, shell);
        }
        if self.more_auxiliary {
            self.read_auxiliary(now, shell);
        }
        self.settle(now, shell);
        self.miss_records(now, shell);
        if !self.clock_is_old {
            self.pump(limits::BATCHES_PER_TURN, now, shell);
        }
        self.report(now, shell);
        self.settle(now, shell);
        self.returned |= self.started.is_some();
        self.tell(false, now, shell);
        self.total(shell);
        Wait {
            deadline: self.deadline(now),
            ended: self.session.phase() == Phase::Closed,
            started: self.started,
        }
    }

    fn start(&mut self, info: &StartInfo, now: Instant) {
        self.session.reset();
        self.count_anew();
        self.audio.reset();
        self.tracer.reset();
        // HELLO was before the session.
        self.follow(now);
        self.streamer.handle(media::Input::Stop, now);
        self.outbox.clear();
        self.outbox_retry = None;
        self.info = Some(*info);
        self.started = None;
        self.returned = false;
        self.playing = false;
        self.abort = None;
        self.stream_overtaken = false;
        self.more_to_read = false;
        self.more_auxiliary = false;
        self.input.reset();
        self.reports = Reports::new();
        self.rate = None;
        self.recommended = info.bit_rate;
        let Some(encoder) = self.encoder else {
            self.started = Some(Err(NtStatus::INVALID_DEVICE_STATE));
            return;
        };
        let start = miracast_core::session::Start {
            input_port: info.input_port,
            local: info.local,
            server_port: info.server_port,
            bit_rate: info.bit_rate,
            encoder,
            audio: self.miniport.audio(),
            latency: self.settings.latency,
            pts_lead: self.settings.pts_lead,
            seed: (info.seed >> 32) as u32,
        };
        self.session.assume(self.settings.quirks);
        self.session.handle(Input::Start(&start), now);
    }

    /// The session ends because Windows says so: on Stop's own thread, which alone may still call
    /// the miniport (DDI-41). The sink is told in one send; nothing is waited for.
    fn stop(&mut self, now: Instant, shell: &mut impl Shell) -> Wait {
        self.arrival_due = false;
        self.session.handle(Input::Stop, now);
        self.drain_session(now, shell);
        self.end_media(now, shell);
        self.drop_notices(shell);
        shell.media_close();
        self.tell(true, now, shell);
        self.total(shell);
        Wait {
            deadline: None,
            ended: true,
            started: self.started,
        }
    }

    /// Brings session and timers to rest. Every step either ends the session or takes one timer.
    fn settle(&mut self, now: Instant, shell: &mut impl Shell) {
        for _ in 0..limits::STEPS_PER_TURN {
            self.drain_session(now, shell);
            if let Some(reason) = self.abort.take() {
                self.session.handle(Input::Abort(reason), now);
            } else if core::mem::take(&mut self.stream_overtaken) {
                self.session.handle(Input::StreamOvertaken, now);
            } else if self.session.wake().is_some_and(|wake| wake <= now) {
                self.session.handle(Input::Timeout, now);
            } else {
                break;
            }
        }
        self.flush(now, shell);
    }

    /// When there is something to do without an event.
    fn deadline(&self, now: Instant) -> Option<Instant> {
        // What the socket had no room for by then is not sent any more.
        if self.session.phase() == Phase::Closed {
            return None;
        }
        let again = self.more_to_read || self.more_auxiliary || self.clock_is_old;
        let timers = [
            again.then_some(now),
            self.session.wake(),
            self.outbox_retry,
            self.pictures.deadline(),
            self.reports.due,
            self.rate_wake(),
        ];
        timers.into_iter().flatten().min()
    }

    fn read_rtsp(&mut self, now: Instant, shell: &mut impl Shell) {
        self.more_to_read = false;
        let mut buffer = [0; limits::RTSP_READ];
        for _ in 0..limits::RTSP_READS_PER_TURN {
            if self.session.phase() == Phase::Closed {
                return;
            }
            let room = self.session.room().min(buffer.len());
            let Some(room) = buffer.get_mut(..room) else {
                return;
            };
            match shell.rtsp_receive(room) {
                Transfer::WouldBlock => return,
                Transfer::Done(length) => {
                    let bytes = room.get(..length).unwrap_or_default();
                    self.session.handle(Input::Received(bytes), now);
                }
                Transfer::Closed => self.session.handle(Input::Closed, now),
                Transfer::Failed(error) => self.session.handle(Input::Failed(error.0), now),
            }
            self.settle(now, shell);
        }
        self.more_to_read = true;
    }

    fn flush(&mut self, now: Instant, shell: &mut impl Shell) {
        let flushed = self.outbox.flush(|bytes| shell.rtsp_send(bytes));
        self.outbox_retry = None;
        match flushed {
            outbox::Flushed::Empty => {}
            outbox::Flushed::Blocked => self.outbox_retry = Some(now + limits::RTSP_RETRY),
            outbox::Flushed::Closed => self.lost_connection(Input::Closed, now, shell),
            outbox::Flushed::Failed(error) => {
                self.lost_connection(Input::Failed(error.0), now, shell);
            }
        }
    }

    fn lost_connection(&mut self, input: Input<'_>, now: Instant, shell: &mut impl Shell) {
        self.outbox.clear();
        self.session.handle(input, now);
        self.drain_session(now, shell);
    }
}
