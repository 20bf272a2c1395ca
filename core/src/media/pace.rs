//! Pacing: the datagrams of an IDR picture leave in bursts that are spread over a while.
//!
//! Such a picture has some ten times the bytes of its neighbours. Sent at once it fills the queue of the
//! radio, where whatever else the machine sends waits behind it, and what finds no room there is lost.
//! The bursts are as long as the radio likes to send at once ([`limits::PACE_BURST`]).
//!
//! Each chunk has a plan: so many bursts at equal steps up to the end of its access unit's window. A
//! late wake-up is made up for: what was due by then leaves at once. The plan ends as soon as somebody
//! waits ([`Pacer::hurry`]). Not here: sending, and the timer.

use core::time::Duration;

use crate::limits;
use crate::time::{Instant, duration_ticks};

/// Bytes of a stream that one burst carries: seven packets of 184 in each datagram.
const BURST_BYTES: usize = limits::PACE_BURST * 7 * 184;

/// When the datagrams of the chunk in hand may leave.
#[derive(Clone, Debug)]
pub(super) struct Pacer {
    /// Over how long a paced unit is spread.
    window: Duration,
    /// When the window of the present unit ends.
    until: Instant,
    start: Instant,
    /// From the first burst of the plan to the end of the window, in 100 ns.
    span: u64,
    /// Bursts of the plan; none is a chunk that is not paced.
    bursts: u64,
    /// Bursts that were allowed.
    done: u64,
}

impl Pacer {
    /// A pacer for windows of this length; zero paces nothing.
    pub(super) const fn new(window: Duration) -> Self {
        Self {
            window,
            until: Instant::ZERO,
            start: Instant::ZERO,
            span: 0,
            bursts: 0,
            done: 0,
        }
    }

    /// An access unit begins that is presented in `budget`. It is paced if it is an IDR, and leaves the
    /// most of its budget to the radio and to the sink.
    pub(super) fn begin_unit(&mut self, idr: bool, budget: Duration, now: Instant) {
        let window = self.window.min(budget / limits::PACE_BUDGET_PART);
        self.until = if idr { now + window } else { now };
    }

    /// A chunk of `length` bytes of the present unit begins: it has what is left of the window.
    pub(super) fn begin_chunk(&mut self, length: usize, now: Instant) {
        self.start = now;
        self.span = duration_ticks(self.until.since(now));
        self.bursts = if self.span == 0 {
            0
        } else {
            length.div_ceil(BURST_BYTES) as u64
        };
        self.done = 0;
    }

    /// What is left of the chunk may leave at once.
    pub(super) fn hurry(&mut self) {
        self.bursts = 0;
    }

    /// How many datagrams may leave now; `None` before the next burst is due.
    pub(super) fn allow(&mut self, now: Instant) -> Option<usize> {
        let Some(due) = self.due() else {
            return Some(limits::BATCH_DATAGRAMS_MAX);
        };
        if now < due {
            return None;
        }
        let elapsed = duration_ticks(now.since(self.start)).min(self.span);
        let whole = (elapsed * self.bursts).checked_div(self.span);
        let reached = whole.unwrap_or(self.bursts) + 1;
        let most = (limits::BATCH_DATAGRAMS_MAX / limits::PACE_BURST) as u64;
        let allowed = reached.saturating_sub(self.done).clamp(1, most);
        self.done += allowed;
        Some(allowed as usize * limits::PACE_BURST)
    }

    /// When the next burst may leave; `None` if nothing of the plan is left.
    pub(super) fn due(&self) -> Option<Instant> {
        if self.done >= self.bursts {
            return None;
        }
        let ticks = (self.span * self.done).div_ceil(self.bursts);
        Some(Instant::from_ticks(
            self.start.ticks().saturating_add(ticks),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const MILLISECOND: Duration = Duration::from_millis(1);
    const WINDOW: Duration = Duration::from_millis(8);
    const AMPLE: Duration = Duration::from_secs(1);
    const BURST: usize = limits::PACE_BURST;

    fn start() -> Instant {
        Instant::from_ticks(5_000_000)
    }

    /// A pacer with an IDR of this many full bursts.
    fn pacer(bursts: usize) -> Pacer {
        let mut pacer = Pacer::new(WINDOW);
        pacer.begin_unit(true, AMPLE, start());
        pacer.begin_chunk(bursts * BURST_BYTES, start());
        pacer
    }

    /// Microseconds from the start at which bursts leave, with a timer that is late by `late`.
    fn leaving(mut pacer: Pacer, late: Duration) -> Vec<(u128, usize)> {
        let (mut now, mut log) = (start(), Vec::new());
        while let Some(due) = pacer.due() {
            if due > now {
                assert_eq!(pacer.allow(now), None, "before its time");
                now = due + late;
            }
            log.push((now.since(start()).as_micros(), pacer.allow(now).unwrap()));
        }
        log
    }

    #[test]
    fn bursts_leave_at_equal_steps_within_the_window() {
        let expected = [(0, BURST), (2000, BURST), (4000, BURST), (6000, BURST)];
        assert_eq!(leaving(pacer(4), Duration::ZERO), expected);
    }

    #[test]
    fn what_is_behind_the_plan_leaves_at_once() {
        let mut pacer = pacer(4);
        for _ in 0..4 {
            assert!(pacer.allow(start() + WINDOW).is_some());
        }
        assert_eq!(pacer.allow(start()), Some(limits::BATCH_DATAGRAMS_MAX));
    }

    #[test]
    fn a_late_timer_does_not_make_the_chunk_late() {
        let late = leaving(pacer(16), MILLISECOND);
        assert_eq!(
            late[..3],
            [(0, BURST), (1500, 3 * BURST), (3000, 3 * BURST)]
        );
        assert_eq!(
            late.iter().map(|(_, count)| count).sum::<usize>(),
            16 * BURST
        );
        assert!(late.last().unwrap().0 <= 8000 + 1000);
    }

    #[test]
    fn a_picture_with_little_time_left_has_a_shorter_window() {
        let mut pacer = Pacer::new(WINDOW);
        pacer.begin_unit(true, MILLISECOND * 4, start());
        pacer.begin_chunk(2 * BURST_BYTES, start());
        let expected = [(0, BURST), (500, BURST)];
        assert_eq!(leaving(pacer.clone(), Duration::ZERO), expected);
        pacer.begin_unit(true, Duration::ZERO, start());
        pacer.begin_chunk(2 * BURST_BYTES, start());
        assert_eq!(pacer.due(), None, "presented by now");
    }

    #[test]
    fn pictures_that_are_small_or_no_idr_are_not_paced() {
        let mut pacer = Pacer::new(WINDOW);
        pacer.begin_unit(false, AMPLE, start());
        pacer.begin_chunk(100 * BURST_BYTES, start());
        assert_eq!(pacer.due(), None);
        let mut off = Pacer::new(Duration::ZERO);
        off.begin_unit(true, AMPLE, start());
        off.begin_chunk(100 * BURST_BYTES, start());
        assert_eq!(off.due(), None);
        let one = leaving(self::pacer(1), Duration::ZERO);
        assert_eq!(one, [(0, BURST)]);
    }

    #[test]
    fn the_slices_of_a_unit_share_its_window() {
        let mut pacer = pacer(4);
        pacer.hurry();
        assert_eq!(pacer.due(), None);
        let second = start() + MILLISECOND * 6;
        pacer.begin_chunk(2 * BURST_BYTES, second);
        assert_eq!(pacer.allow(second), Some(BURST));
        assert_eq!(pacer.due(), Some(second + MILLISECOND));
        let third = start() + MILLISECOND * 9;
        pacer.begin_chunk(2 * BURST_BYTES, third);
        assert_eq!(pacer.due(), None, "the window is over");
    }

    #[test]
    fn the_largest_chunk_and_window_do_not_overflow() {
        let mut pacer = Pacer::new(Duration::from_secs(1));
        pacer.begin_unit(true, Duration::from_secs(10), start());
        pacer.begin_chunk(limits::CHUNK_MAX as usize, start());
        let log = leaving(pacer, Duration::ZERO);
        assert_eq!(
            log.len(),
            (limits::CHUNK_MAX as usize).div_ceil(BURST_BYTES)
        );
    }
}
