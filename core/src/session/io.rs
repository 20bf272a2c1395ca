//! What goes into a session and what comes out.

use core::net::Ipv4Addr;
use core::time::Duration;

use super::end::{OfferRefused, Reason};
use super::ladder::Step;
use crate::encoder::EncoderCapabilities;
use crate::media::AudioConfig;
use crate::time::Instant;
use crate::wfd::audio::AudioCapabilities;
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::microsoft::LatencyMode;

/// What a session must know before its first message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Our address as the sink sees it: it goes into `wfd_presentation_URL`.
    pub local: Ipv4Addr,
    /// The UDP port that RTP is sent from; RTCP is received on the next one.
    pub server_port: u16,
    /// The TCP port that input of the sink's user is awaited on; `None` if the miniport takes none.
    pub input_port: Option<u16>,
    /// The bit rate that Windows suggests for audio and video together, in bit/s (DDI-26).
    pub bit_rate: u64,
    /// What the miniport's encoder can do.
    pub encoder: EncoderCapabilities,
    /// The formats of sound that the miniport has.
    pub audio: AudioCapabilities,
    /// The latency mode to ask for if the sink has some.
    pub latency: LatencyMode,
    /// By how much PTS leads PCR, whatever the latency mode. Less than 1 s
    /// ([`crate::limits::PTS_LEAD_MAX`]).
    pub pts_lead: Option<Duration>,
    /// Any number; the RTSP session id is made from it.
    pub seed: u32,
}

/// A frame rate as a fraction of pictures per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRate {
    /// Pictures.
    pub numerator: u32,
    /// Seconds; never 0.
    pub denominator: u32,
}

/// Windows set a mode on the monitor's path (the miniport's MODE_SET).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeSet {
    /// The miniport's number of the request; a repeat has the same.
    pub sequence: u32,
    /// Width in pixels; 0 if the path was switched off.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Pictures per second of the stream.
    pub rate: FrameRate,
    /// Whether the mode is interlaced.
    pub interlaced: bool,
}

/// Something happened.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The RTSP connection is there.
    Start(&'a Start),
    /// Bytes came from the sink; at most [`super::Session::room`] of them.
    Received(&'a [u8]),
    /// The sink closed the connection.
    Closed,
    /// The connection failed with a platform error number.
    Failed(i32),
    /// Windows set a mode.
    ModeSet(&'a ModeSet),
    /// The encoder stream of the last [`Event::Encode`] is not there: the MODE_SET that it answers
    /// was overtaken by a newer one.
    StreamOvertaken,
    /// The monitor was powered on or off (DDI-33).
    MonitorPower(bool),
    /// Content that must be protected is shown, or no longer. Nothing is shown meanwhile.
    Protected(bool),
    /// The host of the session cannot go on.
    Abort(Reason),
    /// Windows called StopMiracastSession.
    Stop,
    /// A deadline may have passed. Calls that come too early do nothing.
    Timeout,
}

/// What an encoder stream has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamRequest {
    /// Mode, profile, level and slice limits as agreed with the sink.
    pub candidate: Candidate,
    /// Pictures per second.
    pub rate: FrameRate,
    /// Number of the MODE_SET that asked for it.
    pub sequence: u32,
}

/// Something that the host of the session has to do or to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// M3 is answered: StartMiracastSession may return.
    Negotiated {
        /// Whether a monitor is connected to the sink (DDI-18).
        monitor: bool,
        /// Whether the mode list was cut because of the suggested bit rate (DDI-20).
        reduced: bool,
    },
    /// The sink refused M4; a smaller offer follows.
    OfferReduced {
        /// What it said.
        refusal: OfferRefused,
        /// How the next offer is smaller.
        step: Step,
    },
    /// The modes that can be had are fewer: [`super::Session::monitor`] has the new list.
    ModesCut {
        /// Number of a MODE_SET whose mode is not among them any more.
        failed: Option<u32>,
    },
    /// Open an encoder stream for this, in place of the present one.
    Encode(StreamRequest),
    /// Close the encoder stream.
    StopPictures,
    /// M4 is agreed: the stream has this sound from its start on, in place of what was agreed before,
    /// or none. The miniport's sound is wanted in this format, but for silence.
    Audio(Option<AudioConfig>),
    /// The sink wants no sound for a while (`microsoft_audio_mute`), or wants it again. The stream
    /// keeps its entry in the PMT.
    Mute(bool),
    /// A MODE_SET asks for a mode that was not offered.
    ModeNotOffered {
        /// Number of the MODE_SET.
        sequence: u32,
    },
    /// M6: RTP goes to this port of the sink, RTCP to the other one if there is one.
    Transport {
        /// RTP port of the sink.
        rtp: u16,
        /// RTCP port of the sink.
        rtcp: Option<u16>,
    },
    /// M7: media flows from now on.
    Play {
        /// Whether the RTP marker is set at the end of a picture: true if the sink implements a
        /// Microsoft extension (MS-WFDPE §2).
        marker: bool,
        /// By how much PTS leads PCR.
        pts_lead: Duration,
        /// The `version_number` of PAT and PMT (quirk Q60).
        psi_version: u8,
    },
    /// M9, or the monitor was switched off: media stops, clocks go on.
    Pause,
    /// M7 after a pause: media flows again.
    Resume,
    /// M13: the sink needs an IDR picture. At most once in [`crate::limits::IDR_INTERVAL`].
    IdrRequested,
    /// The sink may have missed the first IDR picture, or cannot ask for one: another one is due.
    IdrDue,
    /// Input of the sink's user is taken from now on, or no longer (M4, M14, M15).
    Input {
        /// Whether it is.
        open: bool,
    },
    /// M11: a monitor was attached to the sink, or detached.
    Monitor {
        /// Whether one is there now.
        connected: bool,
    },
    /// The session is over. Nothing follows.
    Ended(Reason),
}

/// What [`super::Session::poll`] wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output<'s> {
    /// One RTSP message: one send call (interop rule 1).
    Send(&'s [u8]),
    /// Something to do or to know.
    Event(Event),
    /// Nothing more until the next input, or until the deadline.
    Idle {
        /// When to call `handle` with [`Input::Timeout`], and which timer asks for it.
        wake: Option<(Alarm, Instant)>,
    },
}

/// The timers of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The pause between our answer to M2 and M3 ends.
    Gap,
    /// M2 has not come.
    OptionsWait,
    /// M3 is repeated with the mandatory names only.
    AskAgain,
    /// A request of ours is unanswered.
    Reply,
    /// Windows has not set a mode, or there is none to set.
    ModeWait,
    /// The sink has not sent M6, or M7.
    Request,
    /// A sink that has said PLAY had the time that it needs before media comes.
    MediaStart,
    /// Another IDR request of the sink may be passed on.
    IdrPause,
    /// The sink may have opened its port only now, or cannot say that it lost something.
    IdrDue,
    /// M16 is due.
    KeepAlive,
    /// Nothing was heard from the sink for the session's timeout.
    Silence,
    /// The sink had its time to answer the TEARDOWN trigger.
    TeardownGrace,
}

impl crate::time::Timer for Alarm {
    const ALL: &'static [Self] = &[
        Self::Gap,
        Self::OptionsWait,
        Self::AskAgain,
        Self::Reply,
        Self::ModeWait,
        Self::Request,
        Self::MediaStart,
        Self::IdrPause,
        Self::IdrDue,
        Self::KeepAlive,
        Self::Silence,
        Self::TeardownGrace,
    ];

    fn index(self) -> usize {
        self as usize
    }
}

/// Number of timers.
pub(super) const ALARMS: usize = 12;
