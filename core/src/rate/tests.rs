use std::vec::Vec;

use super::*;
use crate::rtcp;
use crate::time::TICKS_PER_SECOND;

const MEGA: u64 = 1_000_000;
const SSRC: u32 = 7;

fn bounds(floor: u64, ceiling: u64, divider_max: u32) -> Bounds {
    Bounds {
        floor,
        ceiling,
        divider_max,
    }
}

/// A rate control in virtual time, and the numbers of its reports.
struct Link {
    control: RateControl,
    now: Instant,
    sequence: u32,
}

impl Link {
    fn new(rate: u64, bounds: Bounds) -> Self {
        Self {
            control: RateControl::new(rate, 0, bounds),
            now: Instant::from_ticks(1000 * TICKS_PER_SECOND),
            sequence: 0,
        }
    }

    /// 10 Mbit/s of a mode that needs 2, half of it at half the picture rate.
    fn usual() -> Self {
        Self::new(10 * MEGA, bounds(2 * MEGA, 20 * MEGA, 2))
    }

    fn rate(&self) -> u64 {
        self.control.current().bit_rate
    }

    fn recommend(&mut self, rate: u64) -> Decision {
        self.control.handle(Signal::Recommended(rate), self.now)
    }

    /// Lets the time go on.
    fn wait(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(wake) = self.control.wake().filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            self.control.handle(Signal::Time, self.now);
        }
        self.now = end;
    }

    /// A report, with loss in 1/256, after a second. The round trip is given in milliseconds.
    fn report(&mut self, loss: u8, round_trip: Option<u64>) -> Decision {
        self.wait(Duration::from_secs(1));
        self.sequence += 500;
        let reception = reception(self.sequence, loss, round_trip, self.now);
        self.control.handle(Signal::Reception(&reception), self.now)
    }
}

fn reception(sequence: u32, loss: u8, round_trip: Option<u64>, now: Instant) -> Reception {
    // The sink held no sender report: the time since then is the round trip.
    let sent = round_trip.map_or(0, |trip| {
        let at = now - Duration::from_millis(trip);
        ((u128::from(at.ticks()) << 16) / u128::from(TICKS_PER_SECOND)) as u32
    });
    let words = [
        0x81C9_0007,
        1,
        SSRC,
        u32::from(loss) << 24,
        sequence,
        0,
        sent,
        0,
    ];
    let packet: Vec<u8> = words.into_iter().flat_map(u32::to_be_bytes).collect();
    rtcp::read(&packet, SSRC).unwrap().unwrap()
}

fn backlog(since: Instant, drained: u64, pictures: u64) -> Signal<'static> {
    Signal::Backlog(Backlog {
        since,
        drained,
        pictures,
    })
}

fn set(bit_rate: u64, divider: u32) -> Decision {
    Decision::Set(Rate { bit_rate, divider })
}

#[test]
fn a_lower_recommendation_is_followed_at_once() {
    let mut link = Link::new(8 * MEGA, bounds(MEGA, 20 * MEGA, 1));
    assert_eq!(link.recommend(3 * MEGA), set(3 * MEGA, 1));
    assert_eq!(link.rate(), 3 * MEGA);
}

#[test]
fn a_higher_recommendation_is_approached_in_steps_up_to_the_ceiling() {
    let mut link = Link::new(8 * MEGA, bounds(MEGA, 11 * MEGA, 1));
    assert_eq!(link.recommend(40 * MEGA), set(10 * MEGA, 1));
    assert_eq!(link.recommend(40 * MEGA), set(11 * MEGA, 1));
    assert_eq!(link.recommend(40 * MEGA), Decision::Keep);
}

#[test]
fn small_changes_and_empty_notices_are_ignored() {
    let mut link = Link::new(8 * MEGA, bounds(MEGA, 20 * MEGA, 1));
    assert_eq!(link.recommend(8 * MEGA + 400_000), Decision::Keep);
    assert_eq!(link.recommend(0), Decision::Keep);
    assert_eq!(link.rate(), 8 * MEGA);
}

#[test]
fn the_least_holds_for_three_seconds_and_a_recovery_forgets_them() {
    let mut link = Link::usual();
    assert_eq!(link.recommend(MEGA / 2), set(MEGA, 2));
    for _ in 0..2 {
        for _ in 0..3 {
            link.wait(Duration::from_secs(1));
            assert_eq!(link.recommend(MEGA / 2), Decision::Keep);
        }
        assert_eq!(link.recommend(MEGA), Decision::Keep);
    }
    for _ in 0..3 {
        assert_eq!(link.recommend(MEGA / 2), Decision::Keep);
        link.wait(Duration::from_secs(1));
    }
    assert_eq!(link.recommend(MEGA / 2), Decision::GiveUp);
}

#[test]
fn above_the_least_nothing_is_given_up() {
    let mut link = Link::usual();
    for _ in 0..100 {
        link.recommend(MEGA);
        assert_ne!(link.report(0, Some(5)), Decision::GiveUp);
    }
    assert_eq!(
        link.control.current(),
        Rate {
            bit_rate: MEGA,
            divider: 2
        }
    );
}

#[test]
fn pictures_become_fewer_below_the_floor_and_come_back_above_it() {
    let mut link = Link::usual();
    assert_eq!(link.recommend(2 * MEGA), set(2 * MEGA, 1));
    assert_eq!(link.recommend(MEGA * 3 / 2), set(MEGA * 3 / 2, 2));
    // A quarter more than what all pictures need.
    assert_eq!(link.recommend(3 * MEGA), set(1_875_000, 2));
    assert_eq!(link.recommend(3 * MEGA), set(2_343_750, 2));
    assert_eq!(link.recommend(3 * MEGA), set(2_929_687, 1));
    // A sink that takes no gaps gets none.
    let mut link = Link::new(10 * MEGA, bounds(2 * MEGA, 20 * MEGA, 1));
    assert_eq!(link.recommend(MEGA), set(2 * MEGA, 1));
}

#[test]
fn pictures_come_back_even_if_the_ceiling_is_near_the_floor() {
    let mut link = Link::new(2 * MEGA, bounds(2 * MEGA, 2 * MEGA, 2));
    assert_eq!(link.recommend(MEGA), set(MEGA, 2));
    link.recommend(2 * MEGA);
    link.recommend(2 * MEGA);
    link.recommend(2 * MEGA);
    assert_eq!(link.recommend(2 * MEGA), set(2 * MEGA, 1));
}

#[test]
fn the_picture_rate_is_divided_as_far_as_the_sink_takes_it() {
    let max = |rate, control| picture_divider_max(rate, control);
    assert_eq!([max(60, 0), max(60, 0x10)], [1, 1], "no skipping");
    assert_eq!(
        [max(60, 1), max(50, 1), max(30, 3), max(24, 1)],
        [4, 2, 2, 1]
    );
}

#[test]
fn a_queue_that_grows_lowers_the_rate_to_what_the_link_carries() {
    let mut link = Link::usual();
    for _ in 0..3 {
        assert_eq!(link.report(0, Some(5)), Decision::Keep);
    }
    // In a second it grew by half a second: two thirds are carried, and 85 % of that drains it.
    link.report(0, Some(505));
    let carried = link.rate();
    assert!((5_600_000..5_750_000).contains(&carried), "{carried}");
    // It drains: nothing more is to be done.
    assert_eq!(link.report(0, Some(300)), Decision::Keep);
    assert_eq!(link.report(0, Some(120)), Decision::Keep);
}

#[test]
fn loss_without_a_queue_is_noise_up_to_a_quarter() {
    let mut link = Link::usual();
    for _ in 0..60 {
        assert_eq!(link.report(30, Some(5)), Decision::Keep, "12 %");
    }
    assert!(matches!(link.report(64, Some(5)), Decision::Set(_)), "25 %");
    // Nobody says whether there is a queue: it is taken for one, from 10 % on.
    let mut link = Link::usual();
    assert_eq!(link.report(25, None), Decision::Keep);
    assert_eq!(
        link.report(26, None),
        set(10 * MEGA * 243 / 256 * 85 / 100, 1)
    );
}

#[test]
fn the_rate_comes_back_after_a_hold_and_not_at_once() {
    let mut link = Link::usual();
    link.report(0, Some(5));
    link.report(128, Some(60));
    let cut = link.rate();
    assert!((4 * MEGA..5 * MEGA).contains(&cut), "{cut}");
    for second in 1..40 {
        link.report(0, Some(5));
        assert!(second >= 4 || link.rate() == cut, "after {second} s");
    }
    // A sixteenth is not worth a step.
    assert!(link.rate() >= 10 * MEGA * 15 / 16, "{}", link.rate());
    assert_eq!(link.control.wake(), None, "nothing is left to be done");
}

/// A link of 6 Mbit/s whose queue grows by what comes beyond that.
#[test]
fn a_link_that_stays_narrow_is_tried_ever_more_rarely() {
    let mut link = Link::usual();
    let (mut queue, mut cuts) = (0_i64, Vec::new());
    for second in 0..300_u32 {
        let excess = i64::try_from(link.rate()).unwrap() - 6_000_000;
        queue = (queue + excess * 1000 / 6_000_000).clamp(0, 2000);
        let before = link.rate();
        link.report(0, Some(5 + queue.unsigned_abs()));
        if link.rate() < before {
            cuts.push(second);
        }
    }
    let late = cuts.iter().filter(|second| **second >= 100).count();
    assert!((1..=7).contains(&late), "{cuts:?}");
    assert!(
        link.rate() > 4 * MEGA && link.rate() < 8 * MEGA,
        "{}",
        link.rate()
    );
}

#[test]
fn a_link_that_does_not_carry_the_least_is_given_up_after_three_seconds() {
    let mut link = Link::usual();
    link.report(0, Some(5));
    let mut decisions = Vec::new();
    for _ in 0..20 {
        decisions.push(link.report(200, Some(300)));
        if decisions.last() == Some(&Decision::GiveUp) {
            break;
        }
    }
    assert_eq!(decisions.pop(), Some(Decision::GiveUp));
    let at_least = decisions
        .iter()
        .rev()
        .take_while(|one| **one == Decision::Keep);
    assert_eq!(at_least.count(), 3, "{decisions:?}");
}

#[test]
fn repeated_old_and_hurried_reports_say_nothing() {
    let mut link = Link::usual();
    link.report(0, Some(5));
    let bad = reception(link.sequence, 255, Some(400), link.now);
    link.wait(Duration::from_secs(1));
    let decision = link.control.handle(Signal::Reception(&bad), link.now);
    assert_eq!(decision, Decision::Keep, "no newer packet came");
    assert!(matches!(link.report(255, Some(400)), Decision::Set(_)));
    let before = link.rate();
    for sequence in 1..100 {
        let bad = reception(link.sequence + sequence, 255, Some(400), link.now);
        link.control.handle(Signal::Reception(&bad), link.now);
    }
    assert_eq!(link.rate(), before);
}

#[test]
fn media_that_waits_tells_what_the_link_carries_and_an_outage_does_not() {
    let mut link = Link::usual();
    let since = link.now;
    let mut after = |milliseconds: u64, drained: u64| {
        let now = since + Duration::from_millis(milliseconds);
        link.control.handle(backlog(since, drained, drained), now)
    };
    // Nothing leaves for 300 ms, then all at 12 Mbit/s.
    assert_eq!(after(200, 0), Decision::Keep);
    assert_eq!(after(400, 1_200_000), Decision::Keep);
    assert_eq!(after(600, 3_600_000), Decision::Keep);
    // 4 Mbit/s: two windows of it are enough.
    assert_eq!(after(800, 4_400_000), Decision::Keep);
    assert_eq!(after(1000, 5_200_000), set(3_400_000, 1));
    assert_eq!(
        after(1100, 5_600_000),
        Decision::Keep,
        "before the window ends"
    );
    assert_eq!(after(1200, 6_000_000), Decision::Keep, "it drains");
}

#[test]
fn a_recommendation_is_for_sound_and_pictures_together() {
    let sound = 1_536_000;
    let mut link = Link::usual();
    link.control = RateControl::new(10 * MEGA, sound, bounds(2 * MEGA, 20 * MEGA, 2));
    assert_eq!(link.rate(), 8_464_000);
    assert_eq!(link.recommend(5 * MEGA), set(3_464_000, 1));
    let without = link.control.handle(Signal::Sound(0), link.now);
    assert_eq!(without, set(3_464_000 * 5 / 4, 1), "in steps");
    let with = link.control.handle(Signal::Sound(sound), link.now);
    assert_eq!(with, set(3_464_000, 1), "at once");
    // The least of the pictures is 1 Mbit/s, and no link has less than the sound.
    assert_eq!(link.recommend(2_500_000), set(MEGA, 2));
    for _ in 0..3 {
        link.wait(Duration::from_secs(1));
        assert_eq!(link.recommend(sound + MEGA), Decision::Keep);
        assert_eq!(link.recommend(MEGA), Decision::Keep);
    }
    link.wait(Duration::from_secs(3));
    assert_eq!(link.recommend(sound + MEGA - 1), Decision::GiveUp);
}

#[test]
fn a_cut_is_of_the_pictures_alone_and_drains_by_all_of_them() {
    let mut link = Link::usual();
    link.control = RateControl::new(12 * MEGA, 2 * MEGA, bounds(2 * MEGA, 20 * MEGA, 2));
    for _ in 0..3 {
        assert_eq!(link.report(0, Some(5)), Decision::Keep);
    }
    // Of 12 Mbit/s two thirds are carried; 85 % of that are 6.8, and 2 of those are sound.
    link.report(0, Some(505));
    let pictures = link.rate();
    assert!((4_750_000..4_900_000).contains(&pictures), "{pictures}");
}

/// Of 4 Mbit/s of pictures, and 1.7 of sound and packets, the link carries 5.
#[test]
fn what_is_sent_beside_the_pictures_is_no_room_for_them() {
    let mut link = Link::new(4 * MEGA, bounds(MEGA, 20 * MEGA, 1));
    let since = link.now;
    let mut after = |milliseconds: u64, total: u64, beside: u64| {
        let now = since + Duration::from_millis(milliseconds);
        let (drained, beside) = (total * milliseconds, beside * milliseconds);
        let signal = backlog(since, drained, drained - beside);
        link.control.handle(signal, now)
    };
    assert_eq!(after(200, 5000, 1700), Decision::Keep);
    assert_eq!(after(400, 5000, 1700), set(3_300_000 * 85 / 100, 1));
    // Nothing is left for pictures at all. That is no outage: the sound leaves.
    let mut link = Link::new(4 * MEGA, bounds(MEGA, 20 * MEGA, 1));
    let mut after = |milliseconds: u64| {
        let now = since + Duration::from_millis(milliseconds);
        let signal = backlog(since, 1600 * milliseconds, 0);
        link.control.handle(signal, now)
    };
    assert_eq!([after(200), after(400)], [Decision::Keep, set(MEGA, 1)]);
}

/// Media waits for so many milliseconds, of which little leaves: what the last turn leads to.
fn dip(link: &mut Link, milliseconds: u64) -> Decision {
    let since = link.now;
    let mut decision = Decision::Keep;
    for passed in (0..=milliseconds).step_by(100) {
        link.now = since + Duration::from_millis(passed);
        let drained = passed * 300;
        decision = link
            .control
            .handle(backlog(since, drained, drained), link.now);
    }
    decision
}

#[test]
fn dips_with_a_link_that_is_well_between_them_do_not_add_up() {
    let mut link = Link::usual();
    dip(&mut link, 1000);
    assert_eq!(link.rate(), MEGA, "the least");
    link.control.handle(Signal::Drained, link.now);
    // Within the hold, so that the encoder has the least still.
    link.wait(Duration::from_millis(3500));
    assert_eq!(link.rate(), MEGA);
    assert_eq!(dip(&mut link, 1000), Decision::Keep, "the second");
    assert_eq!(dip(&mut link, 3400), Decision::GiveUp, "and one that stays");
}

#[test]
fn what_was_before_a_pause_does_not_count_after_it() {
    let bad = |link: &mut Link| {
        let recommended = link.recommend(MEGA / 2);
        let reported = link.report(200, Some(300));
        [recommended, reported, dip(link, 600)]
    };
    let mut link = Link::usual();
    bad(&mut link);
    assert_eq!(link.rate(), MEGA, "the least");
    bad(&mut link);
    link.control.stop();
    link.wait(Duration::from_secs(3));
    let after = bad(&mut link);
    assert!(!after.contains(&Decision::GiveUp), "{after:?}");
    bad(&mut link);
    let after = bad(&mut link);
    assert!(after.contains(&Decision::GiveUp), "{after:?}");
}

#[test]
fn nonsense_does_not_overflow() {
    let mut link = Link::new(u64::MAX, bounds(0, u64::MAX, 4));
    assert_eq!(link.recommend(u64::MAX), Decision::Keep);
    link.report(255, Some(15_000));
    link.control
        .handle(backlog(Instant::ZERO, u64::MAX, u64::MAX), link.now);
    link.wait(Duration::from_secs(1));
    link.control
        .handle(backlog(Instant::ZERO, 0, u64::MAX), link.now);
    link.wait(Duration::from_hours(1));
    assert_eq!(Link::new(5, bounds(10, 3, 0)).rate(), 3);
}
