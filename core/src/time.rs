//! Time as a value: [`Instant`] and the table of timers.
//!
//! Nothing in this crate asks what time it is. Every entry point takes `now`; deadlines come out
//! as data.

use core::ops::{Add, Sub};
use core::time::Duration;

/// Ticks of [`Instant`] in one second: 100 ns units, as `QueryPerformanceCounter` is scaled by the
/// driver and as the miniport stamps `capture_time`.
pub const TICKS_PER_SECOND: u64 = 10_000_000;

/// A point of a monotonic clock, in 100 ns units since an unspecified start.
///
/// The driver's `os::now` reads `QueryPerformanceCounter` on Windows, `CLOCK_MONOTONIC` on Linux. By
/// contract of both neither goes back, also when the time of day is set: the timers of a session rely on
/// it, and one that is due at a time of before a step back would wait for that time to come again. The
/// media plane does not, because it hands time on to the sink: its clock (`media::clock`) takes a step
/// back for a new time base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The start of the clock.
    pub const ZERO: Self = Self(0);

    /// The instant that is `ticks` units of 100 ns after the start of the clock.
    pub const fn from_ticks(ticks: u64) -> Self {
        Self(ticks)
    }

    /// Units of 100 ns since the start of the clock.
    pub const fn ticks(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to `self`; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        let ticks = self.0.saturating_sub(earlier.0);
        Duration::new(
            ticks / TICKS_PER_SECOND,
            (ticks % TICKS_PER_SECOND) as u32 * 100,
        )
    }
}

/// `duration` in units of 100 ns, rounded down; it stops at the largest value instead of wrapping.
pub const fn duration_ticks(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(TICKS_PER_SECOND)
        .saturating_add(duration.subsec_nanos() as u64 / 100)
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration_ticks(duration)))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration_ticks(duration)))
    }
}

/// A closed set of timers: an enum whose variants index a [`Timers`] table.
pub trait Timer: Copy + Eq + 'static {
    /// Every variant, in the order in which timers that are due together fire.
    const ALL: &'static [Self];

    /// The place of this timer in [`Self::ALL`].
    fn index(self) -> usize;
}

/// One optional deadline per timer of `T`. `N` is the number of timers.
#[derive(Clone, Debug)]
pub struct Timers<T, const N: usize> {
    deadlines: [Option<Instant>; N],
    kind: core::marker::PhantomData<T>,
}

impl<T: Timer, const N: usize> Timers<T, N> {
    const FITS: () = assert!(T::ALL.len() == N);

    /// A table in which no timer runs.
    pub const fn new() -> Self {
        let () = Self::FITS;
        Self {
            deadlines: [None; N],
            kind: core::marker::PhantomData,
        }
    }

    /// Starts `timer`, or moves its deadline.
    pub fn set(&mut self, timer: T, deadline: Instant) {
        self.deadlines[timer.index()] = Some(deadline);
    }

    /// Stops `timer`; a timer that does not run stays stopped.
    pub fn stop(&mut self, timer: T) {
        self.deadlines[timer.index()] = None;
    }

    /// Stops every timer.
    pub fn stop_all(&mut self) {
        self.deadlines = [None; N];
    }

    /// The deadline of `timer`, if it runs.
    pub fn deadline(&self, timer: T) -> Option<Instant> {
        self.deadlines[timer.index()]
    }

    /// The earliest deadline and whose it is. The name is what makes a wake-up explainable.
    pub fn next(&self) -> Option<(T, Instant)> {
        let running = |timer: &T| self.deadlines[timer.index()].map(|deadline| (*timer, deadline));
        T::ALL
            .iter()
            .filter_map(running)
            .min_by_key(|(_, deadline)| *deadline)
    }

    /// Takes one timer that is due at `now`, the earliest first, and stops it.
    pub fn expire(&mut self, now: Instant) -> Option<T> {
        let (timer, deadline) = self.next()?;
        if deadline > now {
            return None;
        }
        self.stop(timer);
        Some(timer)
    }
}

impl<T: Timer, const N: usize> Default for Timers<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Bell {
        Morning,
        Noon,
    }

    impl Timer for Bell {
        const ALL: &'static [Self] = &[Self::Morning, Self::Noon];

        fn index(self) -> usize {
            self as usize
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn instants_do_not_wrap() {
        assert_eq!(
            Instant::from_ticks(u64::MAX) + SECOND,
            Instant::from_ticks(u64::MAX)
        );
        assert_eq!(Instant::ZERO - SECOND, Instant::ZERO);
        assert_eq!(Instant::ZERO.since(Instant::from_ticks(5)), Duration::ZERO);
        assert_eq!(
            Instant::from_ticks(15).since(Instant::from_ticks(5)),
            Duration::from_micros(1)
        );
    }

    #[test]
    fn due_timers_fire_once_and_in_order_of_their_deadlines() {
        let mut timers = Timers::<Bell, 2>::new();
        timers.set(Bell::Morning, Instant::ZERO + SECOND * 2);
        timers.set(Bell::Noon, Instant::ZERO + SECOND);
        assert_eq!(timers.next(), Some((Bell::Noon, Instant::ZERO + SECOND)));
        assert_eq!(timers.expire(Instant::ZERO), None);
        let late = Instant::ZERO + SECOND * 3;
        assert_eq!(timers.expire(late), Some(Bell::Noon));
        assert_eq!(timers.expire(late), Some(Bell::Morning));
        assert_eq!(timers.expire(late), None);
    }

    #[test]
    fn a_stopped_timer_does_not_fire() {
        let mut timers = Timers::<Bell, 2>::new();
        timers.set(Bell::Noon, Instant::ZERO);
        timers.stop(Bell::Noon);
        assert_eq!(timers.deadline(Bell::Noon), None);
        assert_eq!(timers.expire(Instant::ZERO + SECOND), None);
    }
}
