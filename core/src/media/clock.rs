//! The system clock of a stream: PCR, PTS and RTP time stamps from one [`Instant`], in exact integer
//! arithmetic.
//!
//! All three are the same clock seen at 27 MHz, 90 kHz and 90 kHz. It stands at [`FIRST`] when the
//! stream starts. It does not stop in a pause; a new start is a new stream to the sink.
//!
//! What a miniport says of the time of capture cannot make it jump: a PTS is between the clock and the
//! lead, whatever the capture. Only the clock of the machine can, and what is done then is here, because
//! [`Clock::observe`] sees each `now`:
//!
//! | the machine's clock | reaction |
//! |---|---|
//! | went back | ours goes on from where it was |
//! | is [`limits::CLOCK_LEAP`] ahead while media flows | ours, too: the machine slept, or its clock was set |
//! | is ahead after a pause | nothing has happened: nobody looked meanwhile |
//!
//! After the first two nobody can say how much time has gone by. That is a discontinuity of the system
//! time base (ISO 13818-1 §2.4.3.5): the next PCR says so.

use core::time::Duration;

use super::Counters;
use crate::limits;
use crate::time::{Instant, TICKS_PER_SECOND};

/// Where the clock stands when the stream starts, in 100 ns. Not zero, so that a picture that was
/// captured up to a second before the start still has a time.
const FIRST: u64 = TICKS_PER_SECOND;

/// PCR and PTS count 90 kHz in 33 bits (ISO 13818-1 §2.4.3.5, §2.4.3.7).
const BASE_BITS: u32 = 33;

/// The base of PCR and PTS wraps here.
pub(super) const BASE_MODULUS: u64 = 1 << BASE_BITS;

/// A PCR wraps here: 27 MHz is 300 times 90 kHz.
const PCR_MODULUS: u64 = 300 * BASE_MODULUS;

/// Units of 100 ns as units of 27 MHz, rounded down, modulo the range of a PCR.
const fn at_27_mhz(ticks: u64) -> u64 {
    // 27 units in 10 ticks. The quotient is reduced first: no product overflows.
    ((ticks / 10) % PCR_MODULUS * 27 + ticks % 10 * 27 / 10) % PCR_MODULUS
}

/// Units of 100 ns as units of 90 kHz, rounded down, without wrapping: the largest is under 2^58.
const fn at_90_khz(ticks: u64) -> u64 {
    ticks / 1000 * 9 + ticks % 1000 * 9 / 1000
}

/// The six bytes of a PCR of `pcr` units of 27 MHz: 33 bits base, 6 reserved ones, 9 bits extension
/// (ISO 13818-1 §2.4.3.5).
pub(super) const fn pcr_bytes(pcr: u64) -> [u8; 6] {
    let base = (pcr / 300) % BASE_MODULUS;
    let extension = pcr % 300;
    let [_, _, bytes @ ..] = (base << 15 | 0x3F << 9 | extension).to_be_bytes();
    bytes
}

/// The PTS, in 90 kHz modulo 2^33, of a picture that is captured at `captured` and comes in time, in a
/// stream that [starts](super::Input::Start) at `start` with this lead. For messages that announce a
/// change of the pictures.
pub fn presentation_time(start: Instant, lead: Duration, captured: Instant) -> u64 {
    let clock = Clock::new(start, lead);
    clock.base(captured + clock.lead) % BASE_MODULUS
}

/// What has become of the machine's clock since it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    Steady,
    /// It went back.
    Back,
    /// It is ahead by more than media can have waited.
    Leap,
}

/// The clock of one stream, and the presentation times that it has given.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    start: Instant,
    /// When the machine's clock was seen last.
    seen: Instant,
    /// By how much it went back since the start, in 100 ns.
    back: u64,
    /// The next PCR is of another time base than the one before.
    broken: bool,
    lead: Duration,
    /// The last presentation time in 90 kHz, not wrapped.
    last_pts: Option<u64>,
}

impl Clock {
    /// A clock that starts at `now`. `lead` is the time from capture to presentation, at most
    /// [`limits::PTS_LEAD_MAX`].
    pub(super) fn new(now: Instant, lead: Duration) -> Self {
        Self {
            start: now,
            seen: now,
            back: 0,
            broken: false,
            lead: lead.min(limits::PTS_LEAD_MAX),
            last_pts: None,
        }
    }

    /// Looks at the machine's clock, and goes on if that went back.
    pub(super) fn observe(&mut self, now: Instant) -> Passage {
        let seen = core::mem::replace(&mut self.seen, now);
        if now < seen {
            self.back = self.back.saturating_add(seen.ticks() - now.ticks());
            return Passage::Back;
        }
        if now.since(seen) > limits::CLOCK_LEAP {
            return Passage::Leap;
        }
        Passage::Steady
    }

    /// The next PCR is of a new time base.
    pub(super) fn break_base(&mut self) {
        self.broken = true;
    }

    /// Whether the next PCR is the first of a new time base.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The same, and the PCR is written.
    pub(super) fn take_break(&mut self) -> bool {
        core::mem::take(&mut self.broken)
    }

    /// The clock at `at`, in 100 ns.
    fn ticks(&self, at: Instant) -> u64 {
        let shifted = at.ticks().saturating_add(FIRST).saturating_add(self.back);
        shifted.saturating_sub(self.start.ticks())
    }

    /// From the capture of sound to its presentation time.
    fn sound_lead(&self) -> Duration {
        self.lead.max(limits::AUDIO_LEAD_MIN)
    }

    fn base(&self, at: Instant) -> u64 {
        at_90_khz(self.ticks(at))
    }

    /// The PCR at `now`, in units of 27 MHz.
    pub(super) fn pcr(&self, now: Instant) -> u64 {
        at_27_mhz(self.ticks(now))
    }

    /// The RTP time stamp of a datagram built at `now`: the clock itself, not a PTS (S2.1 App. B.1).
    pub(super) fn rtp(&self, now: Instant) -> u32 {
        self.base(now) as u32
    }

    /// The PTS of a picture captured at `captured` whose first byte is built at `now`.
    ///
    /// It is the time of capture and the lead, unless that is not in the future: then it is counted
    /// from `now`, for this picture alone, so that one late picture does not delay those after it.
    /// It is always after the PTS before.
    pub(super) fn pts(&mut self, captured: Instant, now: Instant, counters: &mut Counters) -> u64 {
        counters.captured_ahead += u64::from(captured > now);
        let present = self.base(now);
        let mut pts = self.base(captured.min(now) + self.lead);
        if pts <= present {
            counters.pts_late += 1;
            pts = self.base(now + self.lead).max(present + 1);
        }
        if let Some(last) = self.last_pts
            && pts <= last
        {
            counters.pts_nudged += 1;
            pts = last + 1;
        }
        self.last_pts = Some(pts);
        pts % BASE_MODULUS
    }

    /// The time from `now` to the presentation of a picture captured at `captured`.
    pub(super) fn budget(&self, captured: Instant, now: Instant) -> Duration {
        (captured.min(now) + self.lead).since(now)
    }

    /// Whether a picture that came at `arrived` has waited here until its presentation was past. What
    /// came late, because the encoder takes longer than the lead, has not waited and is shown late.
    pub(super) fn is_late(&self, captured: Instant, arrived: Instant, now: Instant) -> bool {
        let presented = captured.min(arrived) + self.lead;
        now >= presented.max(arrived + limits::LATE_WAIT_MIN)
    }

    /// The presentation time, not wrapped, of sound captured at `captured` whose first byte is built
    /// at `now`; `last` is that of the sound before. It is the time of capture and the lead, at least
    /// [`limits::AUDIO_LEAD_MIN`].
    ///
    /// `None` if it is not in the future: no sink can play that any more, and moved to a time of its
    /// own it would be out of step with the picture and with the sound that follows.
    pub(super) fn sound(
        &self,
        last: Option<u64>,
        captured: Instant,
        now: Instant,
        counters: &mut Counters,
    ) -> Option<u64> {
        counters.captured_ahead += u64::from(captured > now);
        let time = self.silence(captured.min(now));
        let least = last.map_or(0, |last| last + 1);
        counters.pts_nudged += u64::from(time < least);
        let time = time.max(least);
        (time > self.base(now)).then_some(time)
    }

    /// The presentation time, not wrapped, of silence that begins at `began`.
    pub(super) fn silence(&self, began: Instant) -> u64 {
        self.base(began + self.sound_lead())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEAD: Duration = Duration::from_millis(80);

    fn after(ticks: u64) -> Instant {
        Instant::from_ticks(1_000_000_000 + ticks)
    }

    fn clock() -> Clock {
        Clock::new(after(0), LEAD)
    }

    #[test]
    fn a_pcr_has_six_right_bytes() {
        assert_eq!(pcr_bytes(27_000_123), [0x00, 0x00, 0xAF, 0xC8, 0x7E, 0x7B]);
        let last = PCR_MODULUS - 1;
        assert_eq!(pcr_bytes(last), [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x2B]);
    }

    #[test]
    fn the_clock_starts_at_one_second() {
        assert_eq!(clock().pcr(after(0)), 27_000_000);
        assert_eq!(clock().rtp(after(0)), 90_000);
        assert_eq!(clock().rtp(after(TICKS_PER_SECOND)), 180_000);
        assert_eq!(Clock::new(Instant::ZERO, LEAD).rtp(Instant::ZERO), 90_000);
    }

    #[test]
    fn presentation_follows_capture_by_the_lead() {
        let (mut clock, mut counters) = (clock(), Counters::default());
        // 60 Hz in 100 ns units, as a miniport rounds it; handed over 12 ms later.
        for frame in 0..600_u64 {
            let captured = frame * TICKS_PER_SECOND / 60;
            let pts = clock.pts(after(captured), after(captured + 120_000), &mut counters);
            assert_eq!(pts, 90_000 + 7_200 + captured * 9 / 1000);
        }
        assert_eq!(counters, Counters::default());
    }

    #[test]
    fn a_late_picture_is_counted_from_now_and_the_next_is_not() {
        let (mut clock, mut counters) = (clock(), Counters::default());
        let now = 2_000_000;
        let late = clock.pts(after(0), after(now), &mut counters);
        assert_eq!(late, 90_000 + 18_000 + 7_200);
        assert_eq!((counters.pts_late, counters.pts_nudged), (1, 0));
        // The next picture is on time; its own PTS lies before the late one's and is nudged.
        let next = clock.pts(after(now - 50_000), after(now), &mut counters);
        assert_eq!(next, late + 1);
        assert_eq!((counters.pts_late, counters.pts_nudged), (1, 1));
        let third = clock.pts(after(now + 200_000), after(now + 200_000), &mut counters);
        assert_eq!(third, 90_000 + 18_000 + 1_800 + 7_200);
        assert_eq!((counters.pts_late, counters.pts_nudged), (1, 1));
    }

    #[test]
    fn a_capture_in_the_future_is_now() {
        let (mut clock, mut counters) = (clock(), Counters::default());
        let pts = clock.pts(Instant::from_ticks(u64::MAX), after(0), &mut counters);
        assert_eq!(pts, 97_200);
        assert_eq!(counters.captured_ahead, 1);
    }

    #[test]
    fn without_a_lead_the_pts_is_just_ahead_of_the_clock() {
        let mut counters = Counters::default();
        let mut clock = Clock::new(after(0), Duration::ZERO);
        assert_eq!(clock.pts(after(0), after(0), &mut counters), 90_001);
    }

    #[test]
    fn a_lead_that_is_too_long_is_cut() {
        let mut counters = Counters::default();
        let mut clock = Clock::new(after(0), Duration::from_secs(5));
        assert_eq!(
            clock.pts(after(0), after(0), &mut counters),
            90_000 + 81_000
        );
    }

    #[test]
    fn sound_is_presented_by_its_capture_alone() {
        let (clock, mut counters) = (clock(), Counters::default());
        let mut at = |last, captured, now| {
            let time = clock.sound(last, after(captured), after(now), &mut counters);
            (time, counters.captured_ahead, counters.pts_nudged)
        };
        // Steps of 10 ms are steps of 900, however late each comes within the lead.
        assert_eq!(at(None, 0, 100_000), (Some(97_200), 0, 0));
        assert_eq!(at(Some(97_200), 100_000, 890_000), (Some(98_100), 0, 0));
        // 80 ms later it is past.
        assert_eq!(at(None, 0, 800_000), (None, 0, 0));
        assert_eq!(at(None, 300, 800_000), (Some(97_202), 0, 0));
        // The same capture once more, and one in the future.
        assert_eq!(at(Some(97_200), 0, 0), (Some(97_201), 0, 1));
        assert_eq!(at(None, 5_000_000, 0), (Some(97_200), 1, 1));
    }

    #[test]
    fn sound_has_time_to_be_encoded_whatever_the_lead_of_the_pictures() {
        let clock = Clock::new(after(0), Duration::from_millis(20));
        let mut counters = Counters::default();
        let at = clock.sound(None, after(0), after(500_000), &mut counters);
        assert_eq!(at, Some(90_000 + 5_400));
        assert_eq!(clock.silence(after(0)), 90_000 + 5_400);
    }

    /// A year of pictures, captured to the tick as a miniport scales its counter; around each hour some
    /// are looked at. Each PTS is the exact rational time of its picture but for what the two roundings
    /// take, which is less than two ticks: nothing adds up.
    #[test]
    fn a_year_of_pictures_does_not_drift() {
        const YEAR_S: u128 = 365 * 86_400;
        for (num, den) in [
            (24_000_u128, 1001),
            (60_000, 1001),
            (30_000, 1001),
            (24, 1),
            (60, 1),
        ] {
            let (mut clock, mut counters) = (clock(), Counters::default());
            for hour in 0..=YEAR_S / 3600 {
                let first = hour * 3600 * num / den;
                for picture in first..first + 12 {
                    let at = |per_second: u128| picture * den * per_second / num;
                    let captured = after(at(10_000_000) as u64);
                    let pts = clock.pts(captured, captured, &mut counters);
                    let given = (u128::from(pts) + (1 << 33) - 97_200) % (1 << 33);
                    let exact = at(90_000) % (1 << 33);
                    assert!(
                        (exact + (1 << 33) - given) % (1 << 33) <= 1,
                        "{num}/{den}, picture {picture}: {given} for {exact}"
                    );
                }
            }
            assert_eq!(counters, Counters::default());
        }
    }

    #[test]
    fn pts_and_pcr_wrap_at_33_bits() {
        let (mut clock, mut counters) = (clock(), Counters::default());
        // The last tick before the wrap, 95443.7 s after zero; the clock starts with one second.
        let last = BASE_MODULUS * 1000 / 9 - FIRST;
        let tenth = TICKS_PER_SECOND / 10;
        let before = clock.pts(after(last - tenth), after(last - tenth), &mut counters);
        let behind = clock.pts(after(last), after(last), &mut counters);
        assert_eq!(before, BASE_MODULUS - 1 - 9_000 + 7_200);
        assert_eq!(behind, 7_200 - 1);
        assert!(clock.pcr(after(last - 1000)) > PCR_MODULUS - 27_000);
        assert!(clock.pcr(after(last + 1000)) < 27_000);
        assert_eq!(counters, Counters::default());
    }

    proptest! {
        #[test]
        fn the_divisions_are_exact(ticks: u64) {
            let wide = u128::from(ticks);
            prop_assert_eq!(u128::from(at_27_mhz(ticks)), wide * 27 / 10 % u128::from(PCR_MODULUS));
            prop_assert_eq!(u128::from(at_90_khz(ticks)), wide * 9 / 1000);
        }

        #[test]
        fn pts_increase_and_stay_ahead_of_the_clock_by_less_than_a_second(
            pictures in prop::collection::vec((any::<u64>(), 0..400_000_u64), 1..200),
        ) {
            let (mut clock, mut counters) = (clock(), Counters::default());
            let (mut now, mut last) = (0, 0);
            for (captured, step) in pictures {
                now += step;
                let pts = clock.pts(Instant::from_ticks(captured), after(now), &mut counters);
                let pcr = clock.pcr(after(now)) / 300;
                prop_assert!(pts > last && pts > pcr && pts - pcr < 90_000);
                last = pts;
            }
        }
    }
}
