//! The bound that the link itself shows.
//!
//! Signs of congestion are a queue that grows (the round trip against the shortest one), loss, and
//! media that finds no room to leave. Loss with a round trip like the shortest is noise of the radio,
//! which a lower rate does not mend. After a sign the bound is 0.85 times what the link is taken to
//! carry; it stays there for a hold, and then rises by an eighth a second, slower near where the last
//! sign was. A link that shows the same again is given twice the hold, so the bound settles instead of
//! swinging.

use core::time::Duration;

use super::Backlog;
use crate::rtcp::Reception;
use crate::time::{Instant, TICKS_PER_SECOND, duration_ticks};

/// Of what the link is taken to carry, in percent: the rest drains the queue (draft-ietf-rmcat-gcc-02
/// §5.5, beta).
const REDUCTION_PERCENT: u64 = 85;

/// Loss that is a sign, in 1/256: 10 % (draft-ietf-rmcat-gcc-02 §6).
const LOSS_SIGN: u8 = 26;

/// Loss below which the rate may rise, in 1/256: 2 % (draft-ietf-rmcat-gcc-02 §6).
const LOSS_DOUBT: u8 = 5;

/// Loss that is a sign even without a queue, in 1/256: 25 %. Engineering value.
const LOSS_SIGN_WITHOUT_QUEUE: u8 = 64;

/// A queue that is a sign: pictures come later than [`PTS_LEAD`](crate::limits::PTS_LEAD) allows.
/// Engineering value.
const QUEUE_SIGN: Duration = Duration::from_millis(100);

/// A queue that is a sign at once. A shorter one has to last from one report to the next, because an
/// intra picture of several times the mean makes one and is no congestion. Engineering value.
const QUEUE_SIGN_AT_ONCE: Duration = Duration::from_millis(300);

/// A queue that makes loss a sign, and keeps the rate from rising. More than the pictures of a full link
/// make themselves, which is the time between two of them. Engineering value.
const QUEUE_DOUBT: Duration = Duration::from_millis(50);

/// Jitter that keeps the rate from rising: a quarter of the lead. Engineering value.
const JITTER_DOUBT: Duration = Duration::from_millis(20);

/// Least time between two reports that are looked at, and between two cuts. Engineering value.
const REPORT_GAP: Duration = Duration::from_millis(200);

/// The shortest round trip grows towards the present one by one part in so many per report, so that
/// another way of the same link is learned within a minute. Engineering value.
const ROUND_TRIP_CREEP: u64 = 64;

/// What left in so much time is a measure of what the link carries. Two in a row are needed: an outage
/// lies in one of them at most by its edge. Engineering value.
const WINDOW: Duration = Duration::from_millis(200);

/// How long the bound stays after a sign, at first and at most. Engineering values.
const HOLD: Duration = Duration::from_secs(4);
const HOLD_MAX: Duration = Duration::from_secs(32);

/// The bound rises so often, by one part in so many. Engineering values.
const RISE_INTERVAL: Duration = Duration::from_secs(1);
const RISE: u64 = 8;

/// The same within an eighth of where the last sign was. Engineering value.
const RISE_NEAR: u64 = 32;

/// What is sent, in bit/s.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// The encoder's rate.
    pub(super) pictures: u64,
    /// The least that it may be set to.
    pub(super) least: u64,
    /// The sound's rate, which stays whatever the link does.
    pub(super) sound: u64,
}

/// What the link has shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Congestion {
    /// The bound in bit/s, while there is one.
    rate: Option<u64>,
    /// What the link was taken to carry of the pictures at the last sign, in bit/s.
    estimate: u64,
    hold: Duration,
    /// The bound has risen since the last sign.
    rose: bool,
    rise_at: Option<Instant>,
    cut_at: Instant,
    round_trip: RoundTrip,
    highest_sequence: Option<u32>,
    reported_at: Instant,
    /// The encoder's rate at the last two reports: a report is about what was sent under those, too.
    offered: [u64; 2],
    window: Window,
}

/// The round trip, as the reports have it.
#[derive(Clone, Copy, Debug)]
struct RoundTrip {
    shortest: Option<Duration>,
    /// How much longer the last one was, and the one before.
    queue: Duration,
    before: Duration,
}

/// What left since media has found no room.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Since when there is a backlog.
    since: Instant,
    start: Instant,
    /// Bits that had left at the start, and the pictures' own among them.
    drained: u64,
    pictures: u64,
    /// What of the pictures left in the window before, in bit/s; `None` if nothing at all left.
    before: Option<u64>,
}

impl Window {
    const fn new(since: Instant) -> Self {
        Self {
            since,
            start: since,
            drained: 0,
            pictures: 0,
            before: None,
        }
    }
}

impl Congestion {
    pub(super) const fn new() -> Self {
        Self {
            rate: None,
            estimate: 0,
            hold: HOLD,
            rose: false,
            rise_at: None,
            cut_at: Instant::ZERO,
            round_trip: RoundTrip {
                shortest: None,
                queue: Duration::ZERO,
                before: Duration::ZERO,
            },
            highest_sequence: None,
            reported_at: Instant::ZERO,
            offered: [0; 2],
            window: Window::new(Instant::ZERO),
        }
    }

    /// The bound in bit/s.
    pub(super) fn rate(&self) -> u64 {
        self.rate.unwrap_or(u64::MAX)
    }

    /// When the bound may rise.
    pub(super) const fn wake(&self) -> Option<Instant> {
        self.rise_at
    }

    /// The bound is of no use any more from `other` on, which holds as well.
    pub(super) fn relax(&mut self, other: u64) {
        if self.rate.is_some_and(|rate| rate >= other) {
            self.rate = None;
            self.rise_at = None;
        }
    }

    /// Time goes by without a sign.
    pub(super) fn rise(&mut self, now: Instant) {
        if let (Some(rate), Some(at)) = (self.rate, self.rise_at)
            && at <= now
        {
            let edge = self.estimate / 8;
            let near = rate.abs_diff(self.estimate) < edge;
            let step = rate / if near { RISE_NEAR } else { RISE };
            self.rate = Some(rate.saturating_add(step.max(1)));
            self.rose = true;
            self.rise_at = Some(now + RISE_INTERVAL);
        }
    }

    /// Takes a report of the sink. Whether it is a sign; `None` if it says nothing new.
    pub(super) fn report(
        &mut self,
        reception: &Reception,
        load: Load,
        now: Instant,
    ) -> Option<bool> {
        let passed = now.since(self.reported_at);
        let newer = self.highest_sequence.is_none_or(|before| {
            reception
                .highest_sequence
                .wrapping_sub(before)
                .cast_signed()
                > 0
        });
        if !newer || passed < REPORT_GAP {
            return None;
        }
        self.highest_sequence = Some(reception.highest_sequence);
        self.reported_at = now;
        let [last, before_last] = self.offered;
        let offered = load.pictures.max(last).max(before_last);
        let offered = offered.saturating_add(load.sound);
        self.offered = [load.pictures, last];
        let trip = reception.round_trip(now);
        let growth = trip.map(|trip| self.round_trip.take(trip));
        let queue = trip.map(|_| self.round_trip.queue);
        let loss = reception.fraction_lost;
        let queued = queue.is_none_or(|queue| queue >= QUEUE_DOUBT);
        let grows = growth.is_some_and(|growth| growth.is_some());
        let sign = (queue.is_some() && self.round_trip.is_long() && grows)
            || (loss >= LOSS_SIGN && queued)
            || loss >= LOSS_SIGN_WITHOUT_QUEUE;
        if sign && now.since(self.cut_at) >= REPORT_GAP.max(trip.unwrap_or_default()) {
            let carried = carried(offered, growth.flatten(), passed);
            let carried = carried.saturating_mul(256 - lost(loss, queue)) / 256;
            self.cut(carried.saturating_sub(load.sound), load, now);
        }
        let doubt =
            queued && (loss >= LOSS_DOUBT || queue.is_some()) || reception.jitter >= JITTER_DOUBT;
        if doubt && self.rise_at.is_some_and(|at| at < now + RISE_INTERVAL) {
            self.rise_at = Some(now + RISE_INTERVAL);
        }
        Some(sign)
    }

    /// Takes what is known of media that waits for room. Whether the link carries less of the pictures
    /// than there is; `None` if it is not known yet. Sound leaves first, so all that the link lacks is
    /// missing of the pictures.
    pub(super) fn backlog(&mut self, backlog: &Backlog, load: Load, now: Instant) -> Option<bool> {
        if self.window.since != backlog.since {
            self.window = Window::new(backlog.since);
        }
        let passed = now.since(self.window.start);
        if passed < WINDOW {
            return None;
        }
        let bits = backlog.pictures.saturating_sub(self.window.pictures);
        let rate = bits.saturating_mul(TICKS_PER_SECOND) / duration_ticks(passed).max(1);
        let moved = backlog.drained > self.window.drained;
        let before = self.window.before;
        self.window = Window {
            since: backlog.since,
            start: now,
            drained: backlog.drained,
            pictures: backlog.pictures,
            before: moved.then_some(rate),
        };
        let carried = before.filter(|_| moved)?.max(rate);
        let short = carried < load.pictures;
        if short {
            self.cut(carried, load, now);
        }
        Some(short)
    }

    /// Lowers the bound to what drains the queue of a link that carries `carried` bit/s of pictures
    /// beside the sound. If the rate is lower already, it stays: the sign is an old one.
    fn cut(&mut self, carried: u64, load: Load, now: Instant) {
        let total = carried.saturating_add(load.sound);
        let bound = total.saturating_mul(REDUCTION_PERCENT) / 100;
        let bound = bound.saturating_sub(load.sound);
        if bound >= load.pictures {
            self.rise_at = self.rise_at.map(|at| at.max(now + self.hold));
            return;
        }
        let as_before = carried.abs_diff(self.estimate) <= self.estimate / 4;
        if self.rose {
            self.hold = if as_before {
                self.hold.saturating_mul(2).min(HOLD_MAX)
            } else {
                HOLD
            };
        }
        self.rose = false;
        self.estimate = carried;
        self.rate = Some(bound.max(load.least));
        self.cut_at = now;
        self.rise_at = Some(now + self.hold);
    }
}

impl RoundTrip {
    /// Whether there is a queue that is a sign.
    fn is_long(&self) -> bool {
        self.queue.min(self.before) >= QUEUE_SIGN || self.queue >= QUEUE_SIGN_AT_ONCE
    }

    /// Takes a round trip. By how much the queue has grown, unless it has shrunk by an eighth: then it
    /// drains.
    fn take(&mut self, trip: Duration) -> Option<Duration> {
        let shortest = self.shortest.map_or(trip, |shortest| {
            let longer = less(trip, shortest);
            less(trip, less(longer, part(longer, ROUND_TRIP_CREEP)))
        });
        self.shortest = Some(shortest);
        let before = self.queue;
        self.before = before;
        self.queue = less(trip, shortest);
        (self.queue >= less(before, part(before, 8))).then(|| less(self.queue, before))
    }
}

/// The difference of two round trips, or nothing. They are at most 18 hours (RFC 3550 §6.4.1): their
/// nanoseconds fit, and unlike `Duration`'s own arithmetic this has no panic path.
const fn less(from: Duration, by: Duration) -> Duration {
    Duration::from_nanos((from.as_nanos() as u64).saturating_sub(by.as_nanos() as u64))
}

/// One of `parts` of a round trip, likewise.
const fn part(whole: Duration, parts: u64) -> Duration {
    Duration::from_nanos(whole.as_nanos() as u64 / parts)
}

/// What a link carries whose queue has grown by `growth` in `passed` under `bit_rate`: the queue grows by
/// what comes beyond that. At most the half is believed at once.
fn carried(bit_rate: u64, growth: Option<Duration>, passed: Duration) -> u64 {
    let passed = duration_ticks(passed).max(1);
    let growth = duration_ticks(growth.unwrap_or_default()).min(passed);
    let share = u128::from(bit_rate) * u128::from(passed) / u128::from(passed + growth).max(1);
    u64::try_from(share).unwrap_or(bit_rate)
}

/// The part of the rate that is lost because of the rate, in 1/256: all of it where a queue has run over,
/// else half of it (draft-ietf-rmcat-gcc-02 §6).
fn lost(loss: u8, queue: Option<Duration>) -> u64 {
    let loss = u64::from(loss);
    if queue.is_some_and(|queue| queue >= QUEUE_DOUBT) {
        loss
    } else {
        loss / 2
    }
}
