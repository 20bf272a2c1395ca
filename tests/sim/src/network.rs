//! The network between driver and sink: RTSP both ways, and RTP and RTCP over one link.

use core::time::Duration;
use std::collections::VecDeque;

use miracast_net::{Carried, Conditions, Link, Nanos, Random, nanos};

use crate::fault::Way;
use crate::inject::Injector;
use crate::pipe::Pipe;
use crate::plan::Plan;

/// Bytes that UDP and IP put before each datagram.
const HEADERS: usize = 28;

/// Room of a link that has all that is wanted.
const ENDLESS: usize = usize::MAX / 2;

/// Which socket of the sink a datagram is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    Rtp,
    Rtcp,
}

/// All links of a session.
#[derive(Debug)]
pub(crate) struct Network {
    /// RTSP: a connection loses nothing and keeps order.
    pub(crate) to_sink: Pipe,
    pub(crate) to_driver: Pipe,
    media: Link<(Port, Vec<u8>)>,
    reports: Link<Vec<u8>>,
    changes: VecDeque<(Nanos, Conditions)>,
    /// What the weather is like without faults.
    calm: Conditions,
    /// The queue is the driver's own send buffer: a send waits for room in it.
    waits: bool,
}

impl Network {
    pub(crate) fn new(plan: &Plan, start: Nanos, seeds: &mut Random) -> Self {
        let calm = Conditions::delayed(plan.delay, plan.jitter);
        let mut connection = || Pipe::new(Link::new(calm, ENDLESS, seeds.next_word()));
        let (to_sink, to_driver) = (connection(), connection());
        let at = |after: Duration| start + nanos(after);
        Self {
            to_sink,
            to_driver,
            media: Link::new(calm, plan.queue.bytes, seeds.next_word()),
            reports: Link::new(calm, ENDLESS, seeds.next_word()),
            changes: plan
                .weather
                .iter()
                .map(|(after, conditions)| (at(*after), *conditions))
                .collect(),
            calm,
            waits: plan.queue.waits,
        }
    }

    /// When a link is due, or the weather changes.
    pub(crate) fn next(&self, now: Nanos, faults: &Injector) -> Option<Nanos> {
        let links = [
            self.to_sink.next(faults.flow(now, Way::ToSink)),
            self.to_driver.next(faults.flow(now, Way::ToDriver)),
            self.media.next(),
            self.reports.next(),
            self.changes.front().map(|(at, _)| *at),
        ];
        links.into_iter().flatten().min()
    }

    /// Lets the weather change. The way back has the same, but is wide enough for reports.
    pub(crate) fn change(&mut self, now: Nanos, faults: &mut Injector) {
        let mut changes = faults.passes(now);
        while let Some((_, conditions)) = self.changes.pop_front_if(|(at, _)| *at <= now) {
            self.calm = conditions;
            changes = true;
        }
        if changes {
            let conditions = faults.conditions(now, self.calm);
            self.media.change(now, conditions);
            let bandwidth = None;
            self.reports.change(
                now,
                Conditions {
                    bandwidth,
                    ..conditions
                },
            );
        }
    }

    /// Sends a datagram to the sink. False if it has to wait for room.
    pub(crate) fn send(&mut self, now: Nanos, port: Port, datagram: &[u8]) -> bool {
        let bytes = datagram.len() + HEADERS;
        if self.waits && self.media.room(now) < bytes {
            return false;
        }
        self.media.send(now, bytes, (port, datagram.to_vec()));
        true
    }

    /// What has arrived at the sink.
    pub(crate) fn receive(&mut self, now: Nanos) -> Option<(Port, Vec<u8>)> {
        self.media.receive(now)
    }

    /// Sends a report of the sink to the driver.
    pub(crate) fn report(&mut self, now: Nanos, report: Vec<u8>) {
        self.reports.send(now, report.len() + HEADERS, report);
    }

    /// A report that has arrived at the driver.
    pub(crate) fn receive_report(&mut self, now: Nanos) -> Option<Vec<u8>> {
        self.reports.receive(now)
    }

    /// What became of everything sent to the sink, and how long the last of it waited.
    pub(crate) fn carried(&self) -> (Carried, Nanos) {
        (self.media.carried(), self.media.queue_delay())
    }
}
