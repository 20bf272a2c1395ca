//! The driver's media socket: what it takes, and when.

use core::ops::Range;

use miracast_net::{Nanos, nanos};

use crate::plan::Plan;

/// The state of the socket, and what left through it.
#[derive(Debug)]
pub(crate) struct MediaSocket {
    pub(crate) open: bool,
    /// Every datagram is refused.
    pub(crate) refused: bool,
    /// When it has no room.
    full: Vec<Range<Nanos>>,
    /// Most datagrams that it takes at once.
    pub(crate) room: usize,
    /// What the driver's thread needs for one.
    pub(crate) time: Nanos,
    /// When datagrams left last, and how many at that moment.
    moment: (Nanos, usize),
    /// Most datagrams that left at one moment.
    pub(crate) most: usize,
}

impl MediaSocket {
    /// The closed socket of a plan that starts at `start`.
    pub(crate) fn new(plan: &Plan, start: Nanos) -> Self {
        let full = plan.media_blocked.iter().map(|(after, length)| {
            let from = start + nanos(*after);
            from..from + nanos(*length)
        });
        Self {
            open: false,
            refused: plan.media_refused,
            full: full.collect(),
            room: plan.media_room,
            time: nanos(plan.media_time),
            moment: (start, 0),
            most: 0,
        }
    }

    /// Whether nothing is taken at `now`.
    pub(crate) fn is_full(&self, now: Nanos) -> bool {
        self.full.iter().any(|full| full.contains(&now))
    }

    /// So many datagrams left at `now`.
    pub(crate) fn left(&mut self, now: Nanos, datagrams: usize) {
        let (moment, before) = self.moment;
        let count = datagrams + if moment == now { before } else { 0 };
        self.moment = (now, count);
        self.most = self.most.max(count);
    }
}
