//! What is simulated: everything that may vary, in one value.

use core::time::Duration;

use miracast_miniport::peer;
use miracast_miniport::script::{Action, ModeWish, Step};
use miracast_net::Conditions;
use miracast_sink::machine;
use miracast_umd::settings::Settings;

use crate::fault::Timed;
use crate::user::UserStep;

/// Where media waits for the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Bytes that it holds.
    pub bytes: usize,
    /// It is the driver's own send buffer: a send that finds no room has to wait. Else it is
    /// somewhere on the way, and what finds no room is lost.
    pub waits: bool,
}

/// One simulated session. The same plan gives the same bytes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Seeds the link's jitter, the pictures and the driver's random numbers.
    pub seed: u64,
    /// From the call of StartMiracastSession to that of StopMiracastSession.
    pub length: Duration,
    /// What Windows recommends at the start for pictures and sound, in bit/s.
    pub bit_rate: u64,
    /// Recommendations that come once a second, in bit/s; the last one stays. Empty: no notices.
    pub rates: Vec<u64>,
    /// What the desktop does after the monitor has arrived.
    pub desktop: Vec<Step>,
    /// The miniport.
    pub miniport: peer::Options,
    /// The sink.
    pub sink: machine::Settings,
    /// Least time that the network takes in each direction.
    pub delay: Duration,
    /// Most that is added to it.
    pub jitter: Duration,
    /// What the sink's user does, in order.
    pub user: Vec<UserStep>,
    /// The driver's settings.
    pub settings: Settings,
    /// What the link of media is like from when on, after [`Self::delay`] and [`Self::jitter`] alone.
    pub weather: Vec<(Duration, Conditions)>,
    /// Where media waits for the link.
    pub queue: Queue,
    /// When, after the start, the media socket has no room, and for how long.
    pub media_blocked: Vec<(Duration, Duration)>,
    /// Most datagrams that the media socket takes at once; what it does not take it has no room for.
    pub media_room: usize,
    /// What the driver's thread needs to send one datagram.
    pub media_time: Duration,
    /// There is no timer of high resolution.
    pub coarse_timer: bool,
    /// Every datagram is refused by the network: it is away, or a firewall is in between.
    pub media_refused: bool,
    /// What the sink sees first may be the middle of the stream: the beginning may be lost on the way.
    pub sink_joins_late: bool,
    /// Pictures with the same numbers: more than one where the desktop does not change.
    pub pictures_per_frame: u32,
    /// Time from one slice of a picture to the next: the encoder hands over each when it is
    /// finished. 0: all of a picture at once.
    pub slice_gap: Duration,
    /// What goes wrong.
    pub faults: Vec<Timed>,
}

impl Plan {
    /// An honest session of 1280x720p30 at 5 Mbit/s beside LPCM at 48 kHz over a short link.
    pub fn honest(seed: u64, length: Duration) -> Self {
        Self {
            seed,
            length,
            bit_rate: 5_000_000 + 1_536_000,
            rates: Vec::new(),
            desktop: vec![set_mode(Duration::ZERO, 1280, 720, 30)],
            miniport: peer::Options::default(),
            sink: machine::Settings::default(),
            delay: Duration::from_millis(1),
            jitter: Duration::from_millis(2),
            user: Vec::new(),
            settings: Settings::default(),
            weather: Vec::new(),
            queue: Queue {
                bytes: 1 << 20,
                waits: true,
            },
            media_blocked: Vec::new(),
            media_room: usize::MAX,
            media_time: Duration::ZERO,
            coarse_timer: false,
            media_refused: false,
            sink_joins_late: false,
            pictures_per_frame: 1,
            slice_gap: Duration::ZERO,
            faults: Vec::new(),
        }
    }

    /// The same with a desktop that sets this mode after `after`.
    #[must_use]
    pub fn with_mode(mut self, after: Duration, width: u16, height: u16, hertz: u32) -> Self {
        self.desktop = vec![set_mode(after, width, height, hertz)];
        self
    }
}

/// The desktop sets a mode.
pub(crate) fn set_mode(after: Duration, width: u16, height: u16, hertz: u32) -> Step {
    let wish = ModeWish::Exactly {
        width,
        height,
        hertz,
    };
    Step {
        after,
        action: Action::SetMode(wish),
    }
}
