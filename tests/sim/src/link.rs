//! The network: bytes that are on their way.

use core::time::Duration;
use std::collections::VecDeque;

use crate::random::Random;

/// Nanoseconds of the virtual clock.
pub(crate) type Nanos = u64;

/// One direction of a connection: keeps order, takes a delay with jitter.
#[derive(Debug)]
pub(crate) struct Link {
    on_the_way: VecDeque<(Nanos, Vec<u8>)>,
    delay: Nanos,
    jitter: Nanos,
    random: Random,
}

impl Link {
    pub(crate) fn new(delay: Duration, jitter: Duration, seed: u64) -> Self {
        Self {
            on_the_way: VecDeque::new(),
            delay: nanos(delay),
            jitter: nanos(jitter),
            random: Random::new(seed),
        }
    }

    /// Takes one segment or datagram. What is sent later does not arrive earlier.
    pub(crate) fn send(&mut self, now: Nanos, bytes: &[u8]) {
        let arrival = now + self.delay + self.random.below(self.jitter);
        let last = self.on_the_way.back().map_or(0, |(last, _)| *last);
        self.on_the_way
            .push_back((arrival.max(last), bytes.to_vec()));
    }

    /// When the next one arrives.
    pub(crate) fn next(&self) -> Option<Nanos> {
        self.on_the_way.front().map(|(arrival, _)| *arrival)
    }

    /// Takes what has arrived at `now`.
    pub(crate) fn receive(&mut self, now: Nanos) -> Option<Vec<u8>> {
        if self.next()? > now {
            return None;
        }
        self.on_the_way.pop_front().map(|(_, bytes)| bytes)
    }
}

pub(crate) fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_does_not_change_the_order() {
        let (delay, jitter) = (Duration::from_millis(1), Duration::from_millis(20));
        let mut link = Link::new(delay, jitter, 7);
        for number in 0..100_u8 {
            link.send(u64::from(number) * 1000, &[number]);
        }
        let mut last = 0;
        for number in 0..100_u8 {
            let arrival = link.next().unwrap();
            assert!(arrival >= last && arrival >= u64::from(number) * 1000 + 1_000_000);
            assert_eq!(link.receive(arrival), Some(vec![number]));
            last = arrival;
        }
        assert_eq!(link.next(), None);
    }

    #[test]
    fn nothing_arrives_early() {
        let mut link = Link::new(Duration::from_millis(1), Duration::ZERO, 7);
        link.send(5, b"x");
        assert_eq!(link.receive(1_000_004), None);
        assert_eq!(link.receive(1_000_005), Some(b"x".to_vec()));
    }
}
