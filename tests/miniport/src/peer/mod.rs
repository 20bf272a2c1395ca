//! The miniport's answer to the driver's escapes, without any I/O.
//!
//! [`Peer::io_control`] takes the bytes of a request and writes the bytes of the reply; what became
//! of it is told by [`Peer::poll_event`]. User mode is distrusted: order, sizes, stream numbers and
//! every setting are checked, and a refusal names the field.
//!
//! ```text
//!   HELLO ---> MONITOR_ARRIVE ---> (MODE_SET) ---> STREAM_OPEN ---> START <---> STOP ---> CLOSE
//!     '- first of all   '- before OPEN    '- OPEN and MODE_FAILED name its sequence number
//! ```
//!
//! Repeats are harmless: HELLO, MONITOR_*, START, STOP, and the CLOSE of the stream that was closed
//! last succeed again.
//!
//! What it is not: it sends no message and makes no picture. Its owner encodes what
//! [`Peer::set_mode`] gives and drives the [`Stream`] and the [`Sound`].

mod audio;
mod event;
mod options;
mod pictures;
mod stream_open;

use core::fmt;
use std::collections::VecDeque;
use std::sync::Arc;

use miracast_kmd_iface::codec::{self, Nothing, Request};
use miracast_kmd_iface::escape::{
    AudioClose, AudioOpen, AudioStart, AudioStop, Escape, Features, Hello, HelloReply, InputReport,
    ModeFailed, MonitorArrive, MonitorDepart, RequestIdr, SetRate, StreamAttributes, StreamClose,
    StreamOpen, StreamOpened, StreamStart, StreamStop, VersionRange,
};
use miracast_kmd_iface::message::ModeSet;
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::wire::NoRoom;
use miracast_kmd_iface::{Field, NtStatus, Opcode, Refusal};

pub use self::event::Event;
pub use self::options::{BadSound, BadSpan, Misbehaviour, Options, SoundFault};
use crate::encoder::Source;
use crate::ring::RingAddress;
use crate::script::ModeWish;
use crate::sound::Sound;
use crate::stream::Stream;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refused(NtStatus, Field);

impl Refused {
    /// Wrong order: no field is to blame.
    const STATE: Self = Self(NtStatus::INVALID_DEVICE_STATE, Field::NONE);

    const fn of(self, sequence: u32, opcode: Opcode) -> Refusal {
        Refusal {
            sequence,
            opcode,
            status: self.0,
            field: self.1,
        }
    }
}

/// The miniport's side of one Miracast context.
pub struct Peer {
    options: Options,
    source: Source,
    greeted: bool,
    /// What both sides can do.
    features: Features,
    monitor: Option<Vec<DisplayMode>>,
    /// The last MODE_SET. Its sequence number is what the driver must name.
    mode: Option<ModeSet>,
    mode_sequence: u32,
    stream: Option<Arc<Stream>>,
    /// The number of the stream that was closed last.
    closed_stream: u32,
    sound: Option<Arc<Sound>>,
    closed_sound: u32,
    /// The number of the last stream, of pictures or sound; streams are never numbered 0.
    last_stream: u32,
    events: VecDeque<Event>,
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer")
            .field("greeted", &self.greeted)
            .field("monitor", &self.monitor.is_some())
            .field("mode", &self.mode)
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl Peer {
    /// A miniport whose encoders come from `source`.
    pub fn new(options: Options, source: Source) -> Self {
        Self {
            options,
            source,
            greeted: false,
            features: Features::empty(),
            monitor: None,
            mode: None,
            mode_sequence: 0,
            stream: None,
            closed_stream: 0,
            sound: None,
            closed_sound: 0,
            last_stream: 0,
            events: VecDeque::new(),
        }
    }

    /// Answers one request: the status of the call and the bytes in `output`. A refusal is an
    /// answer; the call itself fails only if `output` has no room for one.
    pub fn io_control(&mut self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let answer = match codec::decode_request::<Escape>(input) {
            Ok((_, request)) if self.is_mute(request.opcode()) => return (NtStatus::SUCCESS, 0),
            Ok((sequence, request)) => match self.admit(request.opcode()) {
                Ok(()) => self.answer(sequence, request, output),
                Err(refused) => self.refuse(refused.of(sequence, request.opcode()), output),
            },
            Err(refusal) => self.refuse(refusal, output),
        };
        match answer {
            Ok(bytes) => (NtStatus::SUCCESS, bytes),
            Err(_) => (NtStatus::BUFFER_TOO_SMALL, 0),
        }
    }

    /// What happened since the last call. To be emptied after each [`Self::io_control`].
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The open stream.
    pub fn stream(&self) -> Option<&Arc<Stream>> {
        self.stream.as_ref()
    }

    /// The open sound.
    pub fn sound(&self) -> Option<&Arc<Sound>> {
        self.sound.as_ref()
    }

    /// Windows sets a mode: the message to send. `None` without a monitor.
    pub fn set_mode(&mut self, wish: ModeWish) -> Option<ModeSet> {
        let modes = self.monitor.as_ref()?;
        let (place, mode) = match wish {
            ModeWish::First => (Some(0), *modes.first()?),
            ModeWish::Exactly {
                width,
                height,
                hertz,
            } => {
                let refresh = Refresh::from_hertz(hertz);
                let is_it = |mode: &DisplayMode| {
                    (mode.width, mode.height) == (width, height)
                        && mode.refresh.millihertz() == refresh.millihertz()
                        && !mode.flags.contains(ModeFlags::INTERLACED)
                };
                let wished = DisplayMode {
                    width,
                    height,
                    refresh,
                    flags: ModeFlags::empty(),
                };
                let place = modes.iter().position(is_it);
                (
                    place,
                    place
                        .and_then(|place| modes.get(place))
                        .copied()
                        .unwrap_or(wished),
                )
            }
        };
        let index = place.and_then(|place| u16::try_from(place).ok());
        Some(self.next_mode(mode, index.unwrap_or(ModeSet::NOT_FROM_LIST)))
    }

    /// Windows switches the path off: the message to send.
    pub fn switch_path_off(&mut self) -> ModeSet {
        self.next_mode(DisplayMode::default(), ModeSet::NOT_FROM_LIST)
    }

    fn next_mode(&mut self, mode: DisplayMode, mode_index: u16) -> ModeSet {
        self.mode_sequence = self.mode_sequence.wrapping_add(1);
        let set = ModeSet {
            sequence: self.mode_sequence,
            width: mode.width,
            height: mode.height,
            refresh: mode.refresh,
            flags: mode.flags.difference(ModeFlags::NATIVE),
            mode_index,
            target_id: self.options.target_id,
        };
        self.mode = Some(set);
        set
    }

    /// The GPU is reset: pictures and sound stop and must be started again.
    pub fn lose_device(&mut self) {
        self.silence();
        if let Some(stream) = self.stream.clone() {
            self.stop(&stream);
        }
    }

    /// The context is destroyed (DDI-79): no picture is made after this.
    pub fn close(&mut self) {
        self.lose_device();
        self.stream = None;
        self.sound = None;
        self.monitor = None;
        self.greeted = false;
    }

    fn is_mute(&self, opcode: Opcode) -> bool {
        self.options.misbehaviour.mute.contains(&opcode)
    }

    /// Does what is asked and writes the reply. One arm per request; the rules are in the methods.
    fn answer(
        &mut self,
        sequence: u32,
        request: Escape,
        output: &mut [u8],
    ) -> Result<usize, NoRoom> {
        match request {
            Escape::Hello(hello) => {
                let result = self.hello(hello);
                self.reply::<Hello>(sequence, result, output)
            }
            Escape::MonitorArrive(arrive) => {
                let reply = self.monitor_arrive(&arrive);
                self.reply::<MonitorArrive>(sequence, Ok(reply), output)
            }
            Escape::MonitorDepart(_) => {
                let reply = self.monitor_depart();
                self.reply::<MonitorDepart>(sequence, Ok(reply), output)
            }
            Escape::StreamOpen(open) => {
                let result = self.stream_open(&open);
                self.reply::<StreamOpen>(sequence, result, output)
            }
            Escape::StreamStart(start) => {
                let result = self.stream_start(start);
                self.reply::<StreamStart>(sequence, result, output)
            }
            Escape::StreamStop(stop) => {
                let result = self.stream_stop(stop);
                self.reply::<StreamStop>(sequence, result, output)
            }
            Escape::StreamClose(close) => {
                let result = self.stream_close(close);
                self.reply::<StreamClose>(sequence, result, output)
            }
            Escape::RequestIdr(request) => {
                let result = self.request_idr(request);
                self.reply::<RequestIdr>(sequence, result, output)
            }
            Escape::SetRate(rate) => {
                let result = self.set_rate(rate);
                self.reply::<SetRate>(sequence, result, output)
            }
            Escape::ModeFailed(failed) => {
                let result = self.mode_failed(failed);
                self.reply::<ModeFailed>(sequence, result, output)
            }
            Escape::AudioOpen(open) => {
                let result = self.audio_open(&open);
                self.reply::<AudioOpen>(sequence, result, output)
            }
            Escape::AudioStart(start) => {
                let result = self.audio_start(start);
                self.reply::<AudioStart>(sequence, result, output)
            }
            Escape::AudioStop(stop) => {
                let result = self.audio_stop(stop);
                self.reply::<AudioStop>(sequence, result, output)
            }
            Escape::AudioClose(close) => {
                let result = self.audio_close(close);
                self.reply::<AudioClose>(sequence, result, output)
            }
            Escape::InputReport(report) => {
                let result = self.input_report(report);
                self.reply::<InputReport>(sequence, result, output)
            }
        }
    }

    /// What holds for every request: no deliberate refusal, and HELLO comes first.
    fn admit(&self, opcode: Opcode) -> Result<(), Refused> {
        if let Some(status) = self.options.misbehaviour.refusal(opcode) {
            return Err(Refused(status, Field::NONE));
        }
        if self.greeted || opcode == Opcode::HELLO {
            Ok(())
        } else {
            Err(Refused::STATE)
        }
    }

    fn reply<R: Request>(
        &mut self,
        sequence: u32,
        result: Result<R::Reply, Refused>,
        output: &mut [u8],
    ) -> Result<usize, NoRoom> {
        match result {
            Ok(reply) => {
                let lie = u32::from(self.options.misbehaviour.wrong_sequence);
                codec::encode_reply::<R>(sequence.wrapping_add(lie), &reply, output)
            }
            Err(refused) => self.refuse(refused.of(sequence, R::OPCODE), output),
        }
    }

    fn refuse(&mut self, refusal: Refusal, output: &mut [u8]) -> Result<usize, NoRoom> {
        self.events.push_back(Event::Refused(refusal));
        codec::encode_refusal(&refusal, output)
    }

    fn hello(&mut self, hello: Hello) -> Result<HelloReply, Refused> {
        let version = VersionRange::SUPPORTED
            .newest_common(hello.versions)
            .ok_or(Refused(NtStatus::REVISION_MISMATCH, Field::VERSION))?;
        self.greeted = true;
        self.features = self.options.features & hello.features;
        self.events.push_back(Event::Greeted);
        Ok(HelloReply {
            version,
            features: self.options.features,
            encoder: self.options.encoder,
            audio: self.options.audio,
            hevc: self.options.hevc,
        })
    }

    fn monitor_arrive(&mut self, arrive: &MonitorArrive) -> Nothing {
        let modes = arrive.modes.as_slice().to_vec();
        self.monitor = Some(modes.clone());
        self.events.push_back(Event::MonitorArrived {
            connector: arrive.connector,
            edid: arrive.edid.as_slice().to_vec(),
            modes,
        });
        Nothing::default()
    }

    fn monitor_depart(&mut self) -> Nothing {
        if self.monitor.take().is_some() {
            self.mode = None;
            self.events.push_back(Event::MonitorDeparted);
        }
        Nothing::default()
    }

    /// What the driver is told of a stream and its ring, unless it is lied to.
    fn opened(&self, stream: u32, truth: RingAddress, lie: Option<BadSpan>) -> StreamOpened {
        let ring = lie.map_or(truth, |bad| bad.distort(truth));
        StreamOpened {
            stream,
            control_len: ring.control_len,
            ring_base: ring.base,
            data_len: ring.data_len,
            attributes: if self.features.contains(Features::WRITE_COMBINED) {
                self.options.attributes
            } else {
                StreamAttributes::empty()
            },
        }
    }

    fn mode_failed(&mut self, failed: ModeFailed) -> Result<Nothing, Refused> {
        let mode = self.mode.ok_or(Refused::STATE)?;
        if failed.mode_sequence != mode.sequence {
            return Err(Refused(NtStatus::INVALID_PARAMETER, Field::SEQUENCE));
        }
        self.events.push_back(Event::ModeFailed(failed.status));
        Ok(Nothing::default())
    }

    fn input_report(&mut self, report: InputReport) -> Result<Nothing, Refused> {
        if !self.features.contains(Features::INPUT) {
            return Err(Refused::STATE);
        }
        self.events.push_back(Event::Input(Box::new(report)));
        Ok(Nothing::default())
    }
}

#[cfg(test)]
mod tests;
