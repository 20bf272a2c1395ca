//! Why a session ended: one named cause each, so that a log line says what to look at.

use core::fmt;

use crate::rtsp::transport::Unsupported;
use crate::rtsp::{Malformed, Status};
use crate::wfd::audio::ChosenAudio;
use crate::wfd::modes::{ModeId, mode};
use crate::wfd::parameters::microsoft::teardown_meaning;
use crate::wfd::parameters::{RefusalCode, Trigger, names};

/// A request of ours, as far as failures and replies are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// M1 OPTIONS.
    Options,
    /// M3 GET_PARAMETER.
    Capabilities,
    /// M4 SET_PARAMETER with the chosen formats, before the session plays.
    Formats,
    /// M4 with the formats of a new mode, in a session that plays.
    ModeChange,
    /// M5 SET_PARAMETER wfd_trigger_method.
    Trigger(Trigger),
    /// SET_PARAMETER microsoft_latency_management_capability.
    Latency,
    /// M12 SET_PARAMETER wfd_standby.
    Standby,
    /// M16 GET_PARAMETER without a body.
    KeepAlive,
}

/// A request of the sink that has to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// M6.
    Setup,
    /// M7.
    Play,
}

/// How the sink refused M4, or the SETUP trigger because of what M4 had said (quirk Q23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferRefused {
    /// What it refused.
    pub asked: Asked,
    /// The status.
    pub status: Status,
    /// The first parameter that a 303 names, and its code (S2.1 Table 96).
    pub blamed: Option<(&'static str, u16)>,
    /// The mode that was offered.
    pub mode: ModeId,
    /// The sound that was offered.
    pub audio: Option<ChosenAudio>,
}

impl fmt::Display for OfferRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sink answered {} with {}", self.asked, self.status)?;
        if let Some((name, code)) = self.blamed {
            write!(f, ": {name} {}", RefusalCode(code))?;
        }
        match (self.blamed, self.audio, mode(self.mode)) {
            (Some((names::AUDIO_CODECS, _)), Some(audio), _) => write!(f, "; offered {audio}"),
            (_, _, Some(mode)) => write!(f, "; offered {mode}"),
            (_, _, None) => Ok(()),
        }
    }
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Windows called StopMiracastSession.
    Stopped,
    /// The sink sent M8 TEARDOWN.
    SinkTeardown,
    /// The sink sent M8 TEARDOWN and said why: the HRESULT of its `microsoft_teardown_reason`
    /// (MS-WFDPE §2.2.1.2).
    SinkFault(u32),
    /// The sink closed the RTSP connection.
    SinkClosed,
    /// The RTSP connection failed; the value is the platform's error number.
    ConnectionFailed(i32),
    /// The sink did not answer a request within 5 s (S2.1 §6.5).
    NoReply(Asked),
    /// The sink did not send a request within 6 s (S2.1 §6.5).
    NoRequest(Awaited),
    /// The sink's M6 SETUP was refused with 461 for this, and it sent no other one.
    NoTransport(Unsupported),
    /// Nothing was heard from the sink for the session's timeout, in spite of M16.
    Silent,
    /// The sink refused a request with this RTSP status.
    Refused(Asked, Status),
    /// The sink refused M4 or the SETUP trigger, and every smaller offer.
    OfferRefused(OfferRefused),
    /// The sink's bytes cannot be cut into RTSP messages.
    Unreadable(Malformed),
    /// A mandatory parameter of the M3 answer is missing or malformed.
    BadCapabilities(&'static str),
    /// The sink has no video, and so there is no M4 that could follow its answer to M3 (quirk Q54).
    NoVideo,
    /// Sink, encoder and link have no display mode in common.
    NoCommonMode,
    /// The suggested bit rate does not carry the smallest mode (DDI-19).
    LinkTooSlow,
    /// The sink sent more requests at once than are answered.
    Flooded,
    /// The sink does not read what it is sent: as much waits as the host keeps.
    Unread,
    /// A message of ours is longer than its buffer.
    MessageTooLong,
    /// A message of ours was overwritten before it was sent, or an event before the host took it: a bug
    /// of this driver.
    MessageLost,
    /// The miniport refused a request or broke the contract; the value is the NTSTATUS.
    Miniport(u32),
    /// The adapter is gone; the value is the miniport's NTSTATUS.
    DeviceLost(u32),
    /// The operating system refused a socket, an event or a callback; the value is the NTSTATUS.
    System(u32),
    /// A phase change that the table does not allow: a bug of this driver.
    IllegalPhaseChange,
}

impl Reason {
    /// Whether the sink can still be told: not if it is gone, or told us first.
    pub(super) const fn sink_wants_to_know(self) -> bool {
        match self {
            Self::SinkTeardown
            | Self::SinkFault(_)
            | Self::SinkClosed
            | Self::ConnectionFailed(_) => false,
            Self::Stopped
            | Self::NoReply(_)
            | Self::NoRequest(_)
            | Self::NoTransport(_)
            | Self::Silent
            | Self::Refused(..)
            | Self::OfferRefused(_)
            | Self::Unreadable(_)
            | Self::BadCapabilities(_)
            | Self::NoVideo
            | Self::NoCommonMode
            | Self::LinkTooSlow
            | Self::Flooded
            | Self::Unread
            | Self::MessageTooLong
            | Self::MessageLost
            | Self::Miniport(_)
            | Self::DeviceLost(_)
            | Self::System(_)
            | Self::IllegalPhaseChange => true,
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options => f.write_str("M1 OPTIONS"),
            Self::Capabilities => f.write_str("M3 GET_PARAMETER"),
            Self::Formats => f.write_str("M4 SET_PARAMETER"),
            Self::ModeChange => f.write_str("M4 SET_PARAMETER for the new mode"),
            Self::Trigger(trigger) => write!(f, "M5 {trigger}"),
            Self::Latency => f.write_str("SET_PARAMETER of the latency mode"),
            Self::Standby => f.write_str("M12 SET_PARAMETER wfd_standby"),
            Self::KeepAlive => f.write_str("M16 keep-alive"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("Windows stopped the session"),
            Self::SinkTeardown => f.write_str("the sink sent M8 TEARDOWN"),
            Self::SinkFault(code) => {
                let meaning = teardown_meaning(*code).unwrap_or("unknown code");
                write!(f, "the sink sent M8 TEARDOWN: {code:08X}, {meaning}")
            }
            Self::SinkClosed => f.write_str("the sink closed the RTSP connection"),
            Self::ConnectionFailed(error) => write!(f, "RTSP connection: error {error}"),
            Self::NoReply(asked) => write!(f, "no answer to {asked} within 5 s"),
            Self::NoRequest(Awaited::Setup) => f.write_str("no M6 SETUP within 6 s"),
            Self::NoRequest(Awaited::Play) => f.write_str("no M7 PLAY within 6 s"),
            Self::NoTransport(why) => write!(f, "the sink's M6 SETUP was refused with 461: {why}"),
            Self::Silent => f.write_str("nothing heard from the sink for the session's timeout"),
            Self::Refused(asked, status) => write!(f, "the sink answered {asked} with {status}"),
            Self::Unreadable(why) => write!(f, "unreadable RTSP from the sink: {why}"),
            Self::BadCapabilities(name) => write!(f, "M3 answer: {name} missing or malformed"),
            Self::OfferRefused(refusal) => write!(f, "{refusal}"),
            Self::NoVideo => f.write_str("M3 answer: no video, and so nothing to go on with"),
            Self::NoCommonMode => f.write_str("sink, encoder and link have no mode in common"),
            Self::LinkTooSlow => f.write_str("the suggested bit rate carries no mode of the sink"),
            Self::Flooded => f.write_str("the sink sent too many requests at once"),
            Self::Unread => f.write_str("the sink does not read what it is sent"),
            Self::MessageTooLong => f.write_str("our message does not fit its buffer"),
            Self::MessageLost => f.write_str("a message or an event was lost: a bug of the driver"),
            Self::Miniport(status) => write!(f, "miniport: NTSTATUS {status:#010X}"),
            Self::DeviceLost(status) => write!(f, "the adapter is lost: NTSTATUS {status:#010X}"),
            Self::System(status) => write!(f, "operating system: NTSTATUS {status:#010X}"),
            Self::IllegalPhaseChange => f.write_str("illegal phase change: a bug of the driver"),
        }
    }
}
