//! What goes into the machine and what comes out of it.

use core::net::Ipv4Addr;
use core::time::Duration;

use super::quirks::Quirks;
use crate::capabilities::Capabilities;
use crate::choice::Choice;
use crate::screen::Need;
use crate::stream::{Marker, SoundFormat};

/// What the machine needs to know beforehand.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the sink can do.
    pub capabilities: Capabilities,
    /// How it misbehaves.
    pub quirks: Quirks,
    /// The source's address as the sink sees it; `None` if any will do.
    pub source: Option<Ipv4Addr>,
    /// TEARDOWN after so long without RTP while playing; two minutes on Windows (quirk Q26).
    pub rtp_watchdog: Duration,
    /// Whether each read is what the source sent in one go, so that a message in pieces
    /// ([`Rule::Segments`](super::Rule::Segments)) or two messages at once
    /// ([`Rule::Gap`](super::Rule::Gap)) are its doing. On a loaded machine a late reader finds
    /// two where there was a gap.
    pub whole_segments: bool,
}

impl Settings {
    /// Where this sink needs the RTP marker.
    pub fn marker(&self) -> Marker {
        let needed = self.quirks.needs.contains(&Need::Marker);
        if needed || self.capabilities.has_microsoft_extension() {
            Marker::EndOfUnit
        } else {
            Marker::Never
        }
    }

    /// Whether the PMT has to describe the sound.
    pub fn audio_descriptors(&self) -> bool {
        !self.quirks.needs.contains(&Need::NoAudioDescriptors)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::default(),
            quirks: Quirks::default(),
            source: None,
            rtp_watchdog: Duration::from_mins(2),
            whole_segments: true,
        }
    }
}

/// Who sent a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The source, to us.
    FromSource,
    /// We, to the source.
    ToSource,
}

/// One message of the dialogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Logged {
    /// Who sent it.
    pub direction: Direction,
    /// When, the caller's nanoseconds.
    pub at_ns: u64,
    /// What it is: `M4`, `M6 reply`, `M16`.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What one read brought or one send took, for a capture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Who sent it.
    pub direction: Direction,
    /// When, the caller's nanoseconds.
    pub at_ns: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How a dialogue ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// TEARDOWN was sent and answered, or the quirk says how else.
    TornDown,
    /// The source closed the connection.
    SourceClosed,
    /// The sink closed it because a quirk says so.
    Quirk,
    /// Something did not come in time.
    Timeout(&'static str),
    /// The source sent what is no RTSP.
    Unparsable(String),
    /// The source refused a request without which there is no session.
    Refused(u16),
    /// The caller's wish.
    Closed,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// M4 chose this video; it comes again with each M4 that has video.
    Chosen(Choice),
    /// M4 chose this sound; it comes again with each M4 that has audio.
    SoundChosen(SoundFormat),
    /// M4 named the port on which the source takes input.
    InputPort(u16),
    /// The reply to SETUP: the source's ports.
    SetUp {
        /// RTP comes from here.
        rtp: u16,
        /// RTCP goes here.
        rtcp: Option<u16>,
    },
    /// The source accepted PLAY.
    Playing,
    /// The source accepted PAUSE.
    Paused,
    /// M12 was accepted: nothing comes until PLAY.
    StandingBy,
    /// The dialogue is over.
    Ended(End),
}

/// What the caller has to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Out {
    /// Send this, as one segment.
    Send(Vec<u8>),
    /// Take note.
    Event(Event),
    /// Close the connection.
    Close,
    /// Nothing, until something comes in or this time is reached.
    Idle {
        /// The caller's nanoseconds.
        wake: Option<u64>,
    },
}

/// What the sink can be told to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// M13, ask for an IDR picture.
    RequestIdr,
    /// M10, name the sink that plays the sound.
    Route(Route),
    /// M11, the display was connected in this way (S2.1 §6.1.19), or disconnected.
    Connect(Option<u8>),
    /// M12, stand by.
    Standby,
    /// M14, the value of `wfd_uibc_capability` from now on.
    ChangeInput(&'static str),
    /// M15, switch input on or off.
    SwitchInput(bool),
    /// `microsoft_audio_mute` (MS-WFDPE §2.11): no sound from now on, or sound again.
    Mute(bool),
    /// M9.
    Pause,
    /// M7.
    Play,
    /// M8.
    Teardown,
    /// Close the connection without a word.
    Close,
}

/// Where the sound goes, if there is a second sink (S2.1 §6.1.11).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// To this sink.
    Primary,
    /// To the other one.
    Secondary,
}

/// Where the dialogue is: what of the source is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// M1.
    M1,
    /// The reply to M2.
    M2Reply,
    /// M3.
    M3,
    /// M4, or another M3.
    M4,
    /// M5 with SETUP.
    SetupTrigger,
    /// The reply to M6.
    M6Reply,
    /// The reply to M7, or PLAY was not sent.
    Ready,
    /// Media.
    Playing,
    /// Media is paused.
    Paused,
    /// M12 was answered: the source sends nothing (S2.1 §4.15).
    Standby,
    /// The reply to M8.
    TearingDown,
    /// Over.
    Ended,
}
