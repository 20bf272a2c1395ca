//! The driver's end of a session from its first byte to PLAY, against an emulated sink whose messages
//! are taken down beforehand: what is measured is the driver's work alone.

use core::hint::black_box;
use core::time::Duration;

use anyhow::ensure;
use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::{Event, Input, Output, Phase, Session};
use miracast_core::time::Instant;
use miracast_core::wfd::modes::mode;
use miracast_field::message::Message;
use miracast_field::sink::Sink;
use miracast_field::stage::{START, Source, mode_set};

use super::{Made, Pace, Worker};

/// The answer to M3 of a common sink: 1080p60 native, everything up to it.
const CAPABILITIES: &str = "\
wfd_video_formats: 40 00 02 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n\
wfd_display_edid: none\r\n\
wfd_connector_type: 05\r\n";

/// Longer than the source waits for anything between two messages.
const WAIT_MAX: Duration = Duration::from_secs(10);

const TICKS_PER_MILLI: u64 = 10_000;

/// What happens to the source on its way to PLAY.
#[derive(Clone, Debug)]
enum Happens {
    Received(String),
    /// A timer, at that time.
    Timeout(Instant),
}

/// A whole handshake.
#[derive(Clone, Debug)]
pub(crate) struct Dialogue {
    happens: Vec<Happens>,
    /// Times that the wire was crossed until the source had PLAY.
    pub(crate) crossings: u64,
    /// Milliseconds that passed by the source's timers; the wire takes none.
    pub(crate) waited: u64,
}

impl Dialogue {
    /// Plays it once, both ends.
    ///
    /// # Errors
    /// There is no session, or an end says what it must not.
    pub(crate) fn record() -> anyhow::Result<Self> {
        let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
        let mut source = Source::new(&mut memory, &START);
        let mut sink = Sink::new(CAPABILITIES);
        let (begin, mut happens) = (source.now(), Vec::new());
        // The source begins.
        let (mut crossings, mut sinks_turn) = (0, false);
        while !source.is_playing() {
            let mut answers = Vec::new();
            while let Some((_, bytes)) = source.sent.pop_front() {
                crossings += u64::from(!sinks_turn);
                sinks_turn = true;
                answers.extend(sink.take(&Message::read(&bytes)?)?);
            }
            if answers.is_empty() {
                let end = source.now() + WAIT_MAX;
                ensure!(source.pass(end), "the session stands still");
                happens.push(Happens::Timeout(source.now()));
            }
            for message in answers {
                crossings += u64::from(sinks_turn);
                sinks_turn = false;
                source.input(Input::Received(message.as_bytes()));
                happens.push(Happens::Received(message));
            }
        }
        Ok(Self {
            happens,
            crossings,
            waited: (source.now().ticks() - begin.ticks()) / TICKS_PER_MILLI,
        })
    }
}

/// As many sessions in a pass as `turns`, one after the other.
pub(super) struct Handshakes {
    dialogue: Dialogue,
    memory: Box<[u8; RTSP_MESSAGE_MAX]>,
    turns: usize,
}

impl Handshakes {
    pub(super) fn new(turns: usize) -> anyhow::Result<Self> {
        Ok(Self {
            dialogue: Dialogue::record()?,
            memory: Box::new([0; RTSP_MESSAGE_MAX]),
            turns,
        })
    }
}

impl Worker for Handshakes {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        for _ in 0..self.turns {
            let mut now = Instant::ZERO;
            let mut session = Session::new(&mut self.memory);
            tell(&mut session, Input::Start(&START), now);
            for happens in &self.dialogue.happens {
                match happens {
                    Happens::Received(message) => {
                        tell(&mut session, Input::Received(message.as_bytes()), now);
                    }
                    Happens::Timeout(at) => {
                        now = *at;
                        tell(&mut session, Input::Timeout, now);
                    }
                }
            }
            ensure!(session.phase() == Phase::Playing, "{:?}", session.phase());
        }
        Ok(Made::default())
    }
}

/// One input and what comes of it. What is to be sent is only looked at; Windows sets the best mode as
/// soon as there is one.
fn tell(session: &mut Session<'_>, input: Input<'_>, now: Instant) {
    session.handle(input, now);
    loop {
        match session.poll(now) {
            Output::Send(bytes) => {
                black_box(bytes);
            }
            Output::Event(Event::Negotiated { monitor: true, .. }) => {
                let best = session.monitor().and_then(|monitor| monitor.modes.first());
                if let Some(best) = best.and_then(|best| mode(best.mode)) {
                    session.handle(Input::ModeSet(&mode_set(*best)), now);
                }
            }
            Output::Event(_) => {}
            Output::Idle { .. } => return,
        }
    }
}
