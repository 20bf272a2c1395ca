//! The small values that only the source writes.

use core::fmt;
use core::net::Ipv4Addr;

/// What the source asks the sink to ask for (M5; S2.1 §6.1.8). Its text is the value of
/// `wfd_trigger_method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Set the stream up.
    Setup,
    /// Play, or play on.
    Play,
    /// Pause.
    Pause,
    /// End the session.
    Teardown,
}

impl Trigger {
    /// The word on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setup => "SETUP",
            Self::Play => "PLAY",
            Self::Pause => "PAUSE",
            Self::Teardown => "TEARDOWN",
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a primary sink finds the stream (S2.1 §6.1.9). Its text is the value of
/// `wfd_presentation_URL`: the URL of stream 0, and `none` for the secondary sink's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentationUrl {
    /// The address of the source, as the sink sees it.
    pub address: Ipv4Addr,
}

impl fmt::Display for PresentationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rtsp://{}/wfd1.0/streamid=0 none", self.address)
    }
}
