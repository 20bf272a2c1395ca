//! The phases of a session and the one table of changes between them.

use super::end::Reason;

/// Where a session is. The numbers M1 to M16 are those of S2.1 §6.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No socket yet.
    Idle,
    /// M1 is out. The sink's answer and its own M2 come in either order.
    Greeting,
    /// M1 and M2 are done (or M2 stayed away too long); a gap runs before M3.
    Gap,
    /// M3 is out.
    Asking,
    /// M3 is answered; Windows has not set a mode yet.
    AwaitingMode,
    /// M4 is out.
    Proposing,
    /// M4 is answered and M5 SETUP is out; the sink's M6 may even come before its answer to M5.
    AwaitingSetup,
    /// M6 is answered.
    AwaitingPlay,
    /// M7 is answered: media flows.
    Playing,
    /// M9 is answered, or the monitor is off: the session lives, no media flows.
    Paused,
    /// M12 is answered: as [`Self::Paused`], and the sink answers nothing but M5, M8 and M16
    /// (S2.1 §4.15).
    Standby,
    /// We ended the session and wait a short time for the sink's M8.
    Closing(Reason),
    /// Nothing happens any more.
    Closed,
}

/// [`Phase`] without its data: the index of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// See [`Phase::Idle`].
    Idle,
    /// See [`Phase::Greeting`].
    Greeting,
    /// See [`Phase::Gap`].
    Gap,
    /// See [`Phase::Asking`].
    Asking,
    /// See [`Phase::AwaitingMode`].
    AwaitingMode,
    /// See [`Phase::Proposing`].
    Proposing,
    /// See [`Phase::AwaitingSetup`].
    AwaitingSetup,
    /// See [`Phase::AwaitingPlay`].
    AwaitingPlay,
    /// See [`Phase::Playing`].
    Playing,
    /// See [`Phase::Paused`].
    Paused,
    /// See [`Phase::Standby`].
    Standby,
    /// See [`Phase::Closing`].
    Closing,
    /// See [`Phase::Closed`].
    Closed,
}

impl PhaseKind {
    /// Every phase, in the order of a session's life.
    pub const ALL: [Self; 13] = [
        Self::Idle,
        Self::Greeting,
        Self::Gap,
        Self::Asking,
        Self::AwaitingMode,
        Self::Proposing,
        Self::AwaitingSetup,
        Self::AwaitingPlay,
        Self::Playing,
        Self::Paused,
        Self::Standby,
        Self::Closing,
        Self::Closed,
    ];

    /// The phases that may follow, besides [`Self::Closed`], which may follow every phase.
    pub const fn successors(self) -> &'static [Self] {
        match self {
            Self::Idle => &[Self::Greeting],
            Self::Greeting => &[Self::Gap],
            Self::Gap => &[Self::Asking],
            Self::Asking => &[Self::AwaitingMode],
            Self::AwaitingMode => &[Self::Proposing],
            Self::Proposing => &[Self::AwaitingSetup],
            // Only after M6 does a session exist that a TEARDOWN can end (S2.1 §6.4). A refused SETUP
            // trigger leads back to M4 (quirk Q23).
            Self::AwaitingSetup => &[Self::AwaitingPlay, Self::Proposing],
            Self::AwaitingPlay => &[Self::Playing, Self::Closing],
            Self::Playing => &[Self::Paused, Self::Closing],
            Self::Paused => &[Self::Playing, Self::Standby, Self::Closing],
            // Out of standby the way leads through Paused: whether media flows is decided there.
            Self::Standby => &[Self::Paused, Self::Closing],
            Self::Closing | Self::Closed => &[],
        }
    }

    /// Whether `next` may follow.
    pub fn leads_to(self, next: Self) -> bool {
        (matches!(next, Self::Closed) && !matches!(self, Self::Closed))
            || self.successors().contains(&next)
    }

    /// Whether an RTSP session exists, which starts with the answer to M6 (S2.1 §6.4.6).
    pub const fn has_session(self) -> bool {
        match self {
            Self::AwaitingPlay | Self::Playing | Self::Paused | Self::Standby => true,
            Self::Idle
            | Self::Greeting
            | Self::Gap
            | Self::Asking
            | Self::AwaitingMode
            | Self::Proposing
            | Self::AwaitingSetup
            | Self::Closing
            | Self::Closed => false,
        }
    }
}

impl Phase {
    /// The phase without its data.
    pub const fn kind(self) -> PhaseKind {
        match self {
            Self::Idle => PhaseKind::Idle,
            Self::Greeting => PhaseKind::Greeting,
            Self::Gap => PhaseKind::Gap,
            Self::Asking => PhaseKind::Asking,
            Self::AwaitingMode => PhaseKind::AwaitingMode,
            Self::Proposing => PhaseKind::Proposing,
            Self::AwaitingSetup => PhaseKind::AwaitingSetup,
            Self::AwaitingPlay => PhaseKind::AwaitingPlay,
            Self::Playing => PhaseKind::Playing,
            Self::Paused => PhaseKind::Paused,
            Self::Standby => PhaseKind::Standby,
            Self::Closing(_) => PhaseKind::Closing,
            Self::Closed => PhaseKind::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PhaseKind;
    use std::string::String;

    /// The whole table as text: a change of a transition is a change of this picture.
    #[test]
    fn the_transition_matrix_is_the_reviewed_one() {
        let mut matrix = String::new();
        for from in PhaseKind::ALL {
            for to in PhaseKind::ALL {
                matrix.push(if from.leads_to(to) { 'x' } else { '.' });
            }
            matrix.push('\n');
        }
        // Columns and rows: Idle Greeting Gap Asking AwaitingMode Proposing AwaitingSetup
        // AwaitingPlay Playing Paused Standby Closing Closed.
        let reviewed = "\
.x..........x
..x.........x
...x........x
....x.......x
.....x......x
......x.....x
.....x.x....x
........x..xx
.........x.xx
........x.xxx
.........x.xx
............x
.............
";
        assert_eq!(matrix, reviewed);
    }
}
