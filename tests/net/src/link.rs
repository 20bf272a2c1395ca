//! One direction of a link.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use crate::{Conditions, Nanos, Random, nanos};

const SECOND: u128 = 1_000_000_000;

/// What became of the things that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Sent into the link.
    pub sent: u64,
    /// Found the queue full.
    pub overflowed: u64,
    /// Lost on the air.
    pub lost: u64,
    /// Came twice.
    pub doubled: u64,
    /// Arrived, doubles counted twice.
    pub arrived: u64,
    /// Bytes of those that arrived.
    pub arrived_bytes: u64,
}

#[derive(Clone, Debug)]
struct Waiting<T> {
    since: Nanos,
    bytes: usize,
    item: T,
}

/// One direction of a link, for things of type `T`.
#[derive(Clone, Debug)]
pub struct Link<T> {
    conditions: Conditions,
    /// Bytes that the queue holds; what finds no room is dropped.
    room: usize,
    queue: VecDeque<Waiting<T>>,
    queued: usize,
    /// Billionths of a bit in the bucket at `filled_at`.
    tokens: u128,
    filled_at: Nanos,
    /// By arrival, then by order of leaving.
    air: BTreeMap<(Nanos, u64), (usize, T)>,
    left: u64,
    last_arrival: Nanos,
    /// How long the one that left last had waited.
    queue_delay: Nanos,
    random: Random,
    carried: Carried,
}

impl<T: Clone> Link<T> {
    /// A link under these conditions, whose queue holds `room` bytes.
    pub fn new(conditions: Conditions, room: usize, seed: u64) -> Self {
        Self {
            conditions,
            room,
            queue: VecDeque::new(),
            queued: 0,
            tokens: 0,
            filled_at: 0,
            air: BTreeMap::new(),
            left: 0,
            last_arrival: 0,
            queue_delay: 0,
            random: Random::new(seed),
            carried: Carried::default(),
        }
    }

    /// What became of everything so far.
    pub fn carried(&self) -> Carried {
        self.carried
    }

    /// How long the one that left last had waited.
    pub fn queue_delay(&self) -> Nanos {
        self.queue_delay
    }

    /// Bytes for which the queue has room.
    pub fn room(&mut self, now: Nanos) -> usize {
        self.serve(now);
        self.room.saturating_sub(self.queued)
    }

    /// Other conditions from now on, also for what waits. What is on the air stays as it is.
    pub fn change(&mut self, now: Nanos, conditions: Conditions) {
        self.serve(now);
        self.conditions = conditions;
        self.serve(now);
    }

    /// Takes something of so many bytes. False if the queue has no room for it: it is lost.
    pub fn send(&mut self, now: Nanos, bytes: usize, item: T) -> bool {
        self.serve(now);
        self.carried.sent += 1;
        if self.queued + bytes > self.room {
            self.carried.overflowed += 1;
            return false;
        }
        self.queued += bytes;
        self.queue.push_back(Waiting {
            since: now,
            bytes,
            item,
        });
        self.serve(now);
        true
    }

    /// When the link has something to do: to serve, or to deliver.
    pub fn next(&self) -> Option<Nanos> {
        let arrival = self.air.keys().next().map(|(at, _)| *at);
        [self.next_service(), arrival].into_iter().flatten().min()
    }

    /// Takes what has arrived at `now`.
    pub fn receive(&mut self, now: Nanos) -> Option<T> {
        self.serve(now);
        let first = self
            .air
            .first_entry()
            .filter(|entry| entry.key().0 <= now)?;
        let (bytes, item) = first.remove();
        self.carried.arrived += 1;
        self.carried.arrived_bytes += bytes as u64;
        Some(item)
    }

    /// When the head of the queue leaves.
    fn next_service(&self) -> Option<Nanos> {
        let head = self.queue.front()?;
        if self.conditions.outage {
            return None;
        }
        let Some(bandwidth) = self.conditions.bandwidth else {
            return Some(head.since.max(self.filled_at));
        };
        let missing = (8 * SECOND * head.bytes as u128).saturating_sub(self.tokens);
        let wait = missing.div_ceil(u128::from(bandwidth.rate.max(1)));
        Some(self.filled_at.max(head.since) + u64::try_from(wait).unwrap_or(u64::MAX / 2))
    }

    /// Lets leave what has left by `now`.
    fn serve(&mut self, now: Nanos) {
        while let Some(at) = self.next_service().filter(|at| *at <= now) {
            self.fill(at);
            let Some(head) = self.queue.pop_front() else {
                break;
            };
            self.tokens = self.tokens.saturating_sub(8 * SECOND * head.bytes as u128);
            self.queued -= head.bytes;
            self.queue_delay = at - head.since;
            self.leave(at, &head);
        }
        self.fill(now);
    }

    /// The bucket at `now`. It holds a burst, and in any case what the head of the queue needs.
    fn fill(&mut self, now: Nanos) {
        let passed = now.saturating_sub(self.filled_at);
        self.filled_at = self.filled_at.max(now);
        let Some(bandwidth) = self.conditions.bandwidth else {
            self.tokens = 0;
            return;
        };
        if self.conditions.outage {
            return;
        }
        let head = self.queue.front().map_or(0, |head| head.bytes);
        let most = 8 * SECOND * head.max(bandwidth.burst as usize) as u128;
        let more = u128::from(bandwidth.rate) * u128::from(passed);
        self.tokens = (self.tokens + more).min(most);
    }

    fn leave(&mut self, at: Nanos, head: &Waiting<T>) {
        let Conditions {
            delay,
            jitter,
            loss,
            duplicates,
            late,
            late_by,
            ..
        } = self.conditions;
        let in_order = at + nanos(delay) + self.random.below(nanos(jitter));
        let in_order = in_order.max(self.last_arrival);
        if self.random.happens(loss) {
            self.carried.lost += 1;
            return;
        }
        let copies = if self.random.happens(duplicates) {
            2
        } else {
            1
        };
        self.carried.doubled += copies - 1;
        let arrival = if self.random.happens(late) {
            in_order + nanos(late_by)
        } else {
            self.last_arrival = in_order;
            in_order
        };
        for _ in 0..copies {
            self.left += 1;
            let item = (head.bytes, head.item.clone());
            self.air.insert((arrival, self.left), item);
        }
    }
}
