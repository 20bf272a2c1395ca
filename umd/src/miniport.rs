//! Translation between the core's words and the contract with the miniport, and nothing else.

use heapless::Deque;
use miracast_core::encoder::{EncoderCapabilities, HevcCapabilities};
use miracast_core::session::{FrameRate, ModeSet, Monitor, StreamRequest};
use miracast_core::wfd::audio::AudioCapabilities;
use miracast_core::wfd::coded::Coding;
use miracast_core::wfd::modes::{self, ModeId};
use miracast_kmd_iface::codec::{self, ReplyError, Request};
use miracast_kmd_iface::escape::{
    Codec, Connector, Edid, Features, Hello, HelloReply, InputReport, ModeFailed, ModeList,
    MonitorArrive, MonitorDepart, RequestIdr, SetRate, StreamClose, StreamOpen, StreamOpened,
    StreamStart, StreamStarted, StreamStop, VersionRange,
};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus, Opcode, message};

use crate::engine::Shell;

mod audio;
mod input;

pub use input::input_report;

/// What this driver can do beyond the basic protocol.
const OURS: Features = Features::INPUT
    .union(Features::HEVC)
    .union(Features::AUDIO)
    .union(Features::WRITE_COMBINED);

/// The memory that requests are written and replies are read in. All-zero is its valid start.
#[derive(Debug)]
pub struct Buffers {
    request: [u8; MESSAGE_MAX],
    reply: [u8; MESSAGE_MAX],
}

impl Buffers {
    /// Fresh memory.
    pub const fn new() -> Self {
        Self {
            request: [0; MESSAGE_MAX],
            reply: [0; MESSAGE_MAX],
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// The driver's end of the escape channel: sequence numbers, and what both ends can do.
#[derive(Debug)]
pub struct Miniport<'m> {
    sequence: u32,
    /// What both sides can do.
    features: Features,
    /// The formats of audio that it captures; none without the feature.
    audio: AudioCapabilities,
    buffers: &'m mut Buffers,
    /// For the trace; of an owner that does not take them the oldest are forgotten.
    escaped: Deque<Escaped, 4>,
}

/// What was asked last, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped {
    /// The request.
    pub opcode: Opcode,
    /// How it ended.
    pub status: NtStatus,
}

/// An escape that did not do what it was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub status: NtStatus,
    /// The field that the miniport blames; [`Field::NONE`] if none, or if there is no answer.
    pub field: Field,
}

impl From<NtStatus> for Refused {
    fn from(status: NtStatus) -> Self {
        Self {
            status,
            field: Field::NONE,
        }
    }
}

impl<'m> Miniport<'m> {
    /// A channel on which nothing was asked yet.
    pub const fn new(buffers: &'m mut Buffers) -> Self {
        Self {
            sequence: 0,
            features: Features::empty(),
            audio: AudioCapabilities::empty(),
            buffers,
            escaped: Deque::new(),
        }
    }

    /// The oldest escape that was not taken yet. Input that was taken is not among them: it would
    /// drown the rest.
    pub fn escaped(&mut self) -> Option<Escaped> {
        self.escaped.pop_front()
    }

    fn ask<R: Request>(&mut self, shell: &mut impl Shell, ask: &R) -> Result<R::Reply, NtStatus> {
        self.exchange(shell, ask).map_err(|refused| refused.status)
    }

    fn exchange<R: Request>(
        &mut self,
        shell: &mut impl Shell,
        ask: &R,
    ) -> Result<R::Reply, Refused> {
        let outcome = self.converse(shell, ask);
        let status = match &outcome {
            Ok(_) => NtStatus::SUCCESS,
            Err(refused) => refused.status,
        };
        self.note(R::OPCODE, status);
        outcome
    }

    fn note(&mut self, opcode: Opcode, status: NtStatus) {
        if opcode == Opcode::INPUT_REPORT && status.is_success() {
            return;
        }
        if self.escaped.is_full() {
            self.escaped.pop_front();
        }
        let _ = self.escaped.push_back(Escaped { opcode, status });
    }

    fn converse<R: Request>(
        &mut self,
        shell: &mut impl Shell,
        ask: &R,
    ) -> Result<R::Reply, Refused> {
        self.sequence = self.sequence.wrapping_add(1);
        let buffers = &mut *self.buffers;
        let length = codec::encode_request(self.sequence, ask, &mut buffers.request)
            .map_err(|_| NtStatus::INVALID_BUFFER_SIZE)?;
        let request = buffers.request.get(..length).unwrap_or_default();
        let length = shell.escape(request, &mut buffers.reply)?;
        let reply = buffers.reply.get(..length).unwrap_or_default();
        codec::decode_reply::<R>(reply, self.sequence).map_err(|error| match error {
            ReplyError::Refused { status, field } => Refused { status, field },
            ReplyError::Malformed(malformed) => malformed.status().into(),
            ReplyError::Unanswered => NtStatus::NOT_IMPLEMENTED.into(),
        })
    }

    /// Opens the channel and learns what the encoder can do.
    ///
    /// # Errors
    ///
    /// The miniport refused, has no version in common, or answered nonsense.
    pub fn hello(&mut self, shell: &mut impl Shell) -> Result<EncoderCapabilities, NtStatus> {
        let hello = Hello {
            versions: VersionRange::SUPPORTED,
            features: OURS,
        };
        let reply = self.ask(shell, &hello)?;
        self.features = reply.features & OURS;
        self.audio = if self.features.contains(Features::AUDIO) {
            audio::capabilities(reply.audio)
        } else {
            AudioCapabilities::empty()
        };
        Ok(capabilities(&reply))
    }

    /// Whether the miniport takes input of the sink's user.
    pub const fn takes_input(&self) -> bool {
        self.features.contains(Features::INPUT)
    }

    /// Hands over what the sink's user did.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn input(&mut self, shell: &mut impl Shell, report: &InputReport) -> Result<(), NtStatus> {
        self.ask(shell, report).map(|_| ())
    }

    /// Reports the monitor with the modes that can be shown, best first.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn monitor_arrive(
        &mut self,
        shell: &mut impl Shell,
        monitor: &Monitor<'_>,
    ) -> Result<(), NtStatus> {
        let mut list = ModeList::new();
        for candidate in monitor.modes {
            if let Some(mode) = display_mode(candidate.mode, monitor.native) {
                list.push(mode)
                    .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
            }
        }
        let connector = monitor
            .connector
            .map_or(Connector::UNSPECIFIED, |c| Connector(c.into()));
        let edid = Edid::from_slice(monitor.edid).map_err(|_| NtStatus::INVALID_BUFFER_SIZE)?;
        let arrive = MonitorArrive {
            connector,
            edid,
            modes: list,
        };
        self.ask(shell, &arrive).map(|_| ())
    }

    /// Reports that the monitor is gone.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn monitor_depart(&mut self, shell: &mut impl Shell) -> Result<(), NtStatus> {
        self.ask(shell, &MonitorDepart {}).map(|_| ())
    }

    /// Opens an encoder stream.
    ///
    /// # Errors
    ///
    /// The miniport refused; it blames [`Field::SEQUENCE`] if Windows has set another mode since.
    pub fn stream_open(
        &mut self,
        shell: &mut impl Shell,
        request: &StreamRequest,
        bit_rate: u64,
    ) -> Result<StreamOpened, Refused> {
        let candidate = request.candidate;
        let mode = modes::mode(candidate.mode).ok_or(NtStatus::INVALID_PARAMETER)?;
        let open = StreamOpen {
            codec: codec(candidate.coded.coding()),
            profile_idc: candidate.coded.profile_idc(),
            constraint_flags: candidate.coded.constraint_flags(),
            level_idc: candidate.coded.level_idc(),
            slices: candidate.slices_max,
            width: mode.width,
            height: mode.height,
            refresh: Refresh {
                numerator: request.rate.numerator,
                denominator: request.rate.denominator,
            },
            flags: interlaced(mode.interlaced),
            bit_rate,
            // An IDR on request only: a periodic one is a visible hitch.
            gop: 0,
            mode_sequence: request.sequence,
        };
        self.exchange(shell, &open)
    }

    /// Starts the encoder; the reply has the parameter sets.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn stream_start(
        &mut self,
        shell: &mut impl Shell,
        stream: u32,
    ) -> Result<StreamStarted, NtStatus> {
        self.ask(shell, &StreamStart { stream })
    }

    /// Stops the encoder.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn stream_stop(&mut self, shell: &mut impl Shell, stream: u32) -> Result<(), NtStatus> {
        self.ask(shell, &StreamStop { stream }).map(|_| ())
    }

    /// Closes the stream. The ring must not be touched from here on.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn stream_close(&mut self, shell: &mut impl Shell, stream: u32) -> Result<(), NtStatus> {
        self.ask(shell, &StreamClose { stream }).map(|_| ())
    }

    /// Asks for an IDR picture.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn request_idr(&mut self, shell: &mut impl Shell, stream: u32) -> Result<(), NtStatus> {
        self.ask(shell, &RequestIdr { stream }).map(|_| ())
    }

    /// Changes the encoder's rate, in bit/s, and the rate of its pictures, if that is another one.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn set_rate(
        &mut self,
        shell: &mut impl Shell,
        stream: u32,
        bit_rate: u64,
        pictures: Option<FrameRate>,
    ) -> Result<(), NtStatus> {
        let refresh = pictures.map_or(Refresh::UNCHANGED, |rate| Refresh {
            numerator: rate.numerator,
            denominator: rate.denominator,
        });
        self.ask(
            shell,
            &SetRate {
                bit_rate,
                stream,
                refresh,
            },
        )
        .map(|_| ())
    }

    /// Says that a MODE_SET cannot be shown.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn mode_failed(
        &mut self,
        shell: &mut impl Shell,
        mode_sequence: u32,
        status: NtStatus,
    ) -> Result<(), NtStatus> {
        self.ask(
            shell,
            &ModeFailed {
                mode_sequence,
                status,
            },
        )
        .map(|_| ())
    }
}

fn capabilities(reply: &HelloReply) -> EncoderCapabilities {
    let encoder = &reply.encoder;
    let hevc = HevcCapabilities {
        level_bit: reply.hevc.level_bit,
        max_width: reply.hevc.max_width,
        max_height: reply.hevc.max_height,
        max_macroblocks_per_second: reply.hevc.max_macroblocks_per_second,
        max_bit_rate: reply.hevc.max_bit_rate,
    };
    EncoderCapabilities {
        profiles: encoder.profiles,
        level_bit: encoder.level_bit,
        max_width: encoder.max_width,
        max_height: encoder.max_height,
        max_macroblocks_per_second: encoder.max_macroblocks_per_second,
        max_bit_rate: encoder.max_bit_rate,
        max_slices: encoder.max_slices,
        interlaced: encoder.interlaced(),
        hevc: reply.features.contains(Features::HEVC).then_some(hevc),
    }
}

const fn codec(coding: Coding) -> Codec {
    match coding {
        Coding::H264 => Codec::H264,
        Coding::H265 => Codec::HEVC,
    }
}

const fn interlaced(interlaced: bool) -> ModeFlags {
    if interlaced {
        ModeFlags::INTERLACED
    } else {
        ModeFlags::empty()
    }
}

fn display_mode(id: ModeId, native: Option<ModeId>) -> Option<DisplayMode> {
    let mode = modes::mode(id)?;
    let is_native = if native == Some(id) {
        ModeFlags::NATIVE
    } else {
        ModeFlags::empty()
    };
    Some(DisplayMode {
        width: mode.width,
        height: mode.height,
        refresh: Refresh::from_hertz(mode.rate.into()),
        flags: interlaced(mode.interlaced).union(is_native),
    })
}

/// MODE_SET in the core's words. Size, rate and scan name the mode; the index into our list, which
/// may be that of an older list, is not needed.
pub fn mode_set(set: &message::ModeSet) -> ModeSet {
    ModeSet {
        sequence: set.sequence,
        width: set.width,
        height: set.height,
        rate: FrameRate {
            numerator: set.refresh.numerator,
            denominator: set.refresh.denominator,
        },
        interlaced: set.flags.contains(ModeFlags::INTERLACED),
    }
}
