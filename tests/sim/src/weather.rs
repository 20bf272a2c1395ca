//! Sessions over links that are not good, by name, and what each must be like.
//!
//! What was broken on purpose in `core::rate::congestion`, and what was noticed in the step, the backlog and
//! the outage, if nothing else is said:
//!
//! | the bound | the fault |
//! |---|---|
//! | never rises | not recovered within the bound |
//! | rises each 10 s instead of each second | recovered after 65 s, or never, not within 18 s or 38 s |
//! | rises after ten times the hold | outage: recovered after 47 s, not within 18 s |
//! | is never lowered, or by a 16th only | 8 Mbit/s 6 s after the step |
//! | is lowered four times too far | down to 0.7 Mbit/s of 3.1 |
//!
//! What these sessions do not see is a hold that is not doubled when the sign comes back: `core::rate`'s own
//! tests do.

use core::time::Duration;

use miracast_net::{Bandwidth, Conditions};

use crate::outcome::Outcome;
use crate::plan::{Plan, Queue};

/// What the link carries when it is well, in bit/s: half as much again as pictures and sound are.
const WIDE: u64 = 14_400_000;

/// What the sound takes of it: every 10 ms eleven packets, LPCM as it is by default.
const SOUND: u64 = 11 * 188 * 8 * 100;

/// A third of it, and what that has for pictures.
const THIRD: u64 = WIDE / 3;
const ROOM: u64 = THIRD - SOUND;

/// The pictures' rate when nothing is wrong.
const RATE: u64 = 8_000_000;

/// What Windows recommends: beside the pictures, two channels of 16 bit at 48 kHz.
const RECOMMENDED: u64 = RATE + 48_000 * 32;

/// As good as that: smaller steps are not worth one.
const FULL: u64 = RATE - RATE / 16;

/// When something happens to the link.
const CHANGE: Duration = Duration::from_secs(20);

/// How long a step lasts.
const STEP: Duration = Duration::from_secs(40);

/// How long an outage does.
const OUTAGE: Duration = Duration::from_millis(300);

const LENGTH: Duration = Duration::from_mins(2);

/// A session over a link that is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// So many of a hundred datagrams are lost, all the time.
    Loss(u32),
    /// The link carries a third for 40 s; what is too much is lost in a queue somewhere.
    Step,
    /// The same, and the queue is the driver's own send buffer.
    Backlog,
    /// Nothing is carried for 300 ms.
    Outage,
}

impl Weather {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("loss-1", Self::Loss(1)),
        ("loss-5", Self::Loss(5)),
        ("loss-10", Self::Loss(10)),
        ("step", Self::Step),
        ("backlog", Self::Backlog),
        ("outage", Self::Outage),
    ];

    /// The weather of this name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(one, _)| *one == name);
        found.map(|(_, weather)| *weather)
    }

    /// The session: 1280x720p30 with sound, two minutes, a sink that reports and takes skipped pictures.
    pub fn plan(self, seed: u64) -> Plan {
        let mut plan = Plan::honest(seed, LENGTH);
        plan.bit_rate = RECOMMENDED;
        plan.sink.capabilities.rtcp = true;
        let codecs = plan.sink.capabilities.video.iter_mut();
        for codec in codecs.flat_map(|video| &mut video.codecs) {
            codec.frame_rate_control = 1;
        }
        plan.queue = Queue {
            bytes: 256 * 1024,
            waits: self == Self::Backlog,
        };
        let well = Conditions {
            bandwidth: Some(bandwidth(WIDE)),
            ..Conditions::delayed(plan.delay, plan.jitter)
        };
        let (changed, after) = self.change(well);
        plan.weather = vec![
            (Duration::ZERO, well),
            (CHANGE, changed),
            (CHANGE + after, well),
        ];
        plan
    }

    /// What the link becomes, and for how long.
    fn change(self, well: Conditions) -> (Conditions, Duration) {
        match self {
            Self::Loss(percent) => {
                let loss = 10_000 * percent;
                (Conditions { loss, ..well }, LENGTH)
            }
            Self::Step | Self::Backlog => {
                let bandwidth = Some(bandwidth(THIRD));
                (Conditions { bandwidth, ..well }, STEP)
            }
            Self::Outage => {
                let outage = true;
                (Conditions { outage, ..well }, OUTAGE)
            }
        }
    }

    /// What is wrong with the session that was; empty if nothing.
    pub fn faults(self, outcome: &Outcome) -> Vec<String> {
        let mut faults = Vec::new();
        let mut expect = |holds: bool, what: String| {
            if !holds {
                faults.push(what);
            }
        };
        expect(
            outcome.reports.is_empty(),
            format!("status: {:?}", outcome.reports),
        );
        expect(
            outcome.violations.is_empty(),
            format!("{:?}", outcome.violations),
        );
        expect(
            outcome.breaches.is_empty(),
            format!("{:?}", outcome.breaches),
        );
        let wrong = outcome.units_wrong;
        expect(wrong == 0, format!("{wrong} pictures came changed"));
        let accounted = outcome.units_right + outcome.units_missing;
        expect(
            accounted == outcome.encoded && outcome.units_right > 0,
            format!(
                "{accounted} of {} pictures are accounted for",
                outcome.encoded
            ),
        );
        let before = outcome.series.rates(Duration::from_secs(5), CHANGE);
        expect(
            before == (RATE, RATE),
            format!("before the change: {before:?} bit/s"),
        );
        for (holds, what) in self.adaptation(outcome) {
            expect(holds, what);
        }
        let (recovery, most) = (self.recovery(outcome), self.recovery_max());
        expect(
            recovery.is_some_and(|recovery| recovery <= most),
            format!("recovered after {recovery:?}, not within {most:?}"),
        );
        faults
    }

    /// From when on the link is well again; with loss it never is, but needs no lower rate.
    fn end(self) -> Duration {
        CHANGE
            + match self {
                Self::Loss(_) => Duration::ZERO,
                Self::Step | Self::Backlog => STEP,
                Self::Outage => OUTAGE,
            }
    }

    /// How long after that the pictures have their rate again for good; `None`: never.
    pub fn recovery(self, outcome: &Outcome) -> Option<Duration> {
        outcome.series.lasting(FULL, self.end())
    }

    /// The most that this may take, from the constants of the rate control: a second until a report
    /// says it, the hold (4 s after one sign, 16 s after the third in a row), and the rise: from half of
    /// what the link carried at the sign, by an eighth a second and by a 32nd within an eighth of that.
    pub const fn recovery_max(self) -> Duration {
        let (hold, rise) = match self {
            Self::Loss(_) => return Duration::ZERO,
            // ln(FULL / (ROOM / 2) / (9 / 7)) / ln(9 / 8) = 11.2, and ln(9 / 7) / ln(33 / 32) = 8.2.
            Self::Step | Self::Backlog => (16, 12 + 9),
            // The same of FULL / (RATE / 2): 3.2.
            Self::Outage => (4, 4 + 9),
        };
        seconds(1 + hold + rise)
    }

    /// How the rate followed the link.
    fn adaptation(self, outcome: &Outcome) -> Vec<(bool, String)> {
        let series = &outcome.series;
        let rates = |from, to| series.rates(CHANGE + seconds(from), CHANGE + seconds(to));
        match self {
            // The radio loses what it loses at any rate.
            Self::Loss(_) => {
                let (low, _) = rates(0, 100);
                vec![(
                    low == RATE,
                    format!("lowered to {low} bit/s without a queue"),
                )]
            }
            Self::Step | Self::Backlog => {
                let (_, narrow) = rates(6, 10);
                let (low, high) = rates(10, 40);
                let cuts = series.cuts(CHANGE + seconds(10), CHANGE + STEP);
                vec![
                    (narrow <= ROOM, format!("{narrow} bit/s 6 s after the step")),
                    (low >= ROOM / 2, format!("down to {low} bit/s of {ROOM}")),
                    (
                        high + SOUND <= THIRD * 5 / 4,
                        format!("up to {high} bit/s of {ROOM}, beside the sound"),
                    ),
                    (cuts <= 4, format!("{cuts} cuts after the rate had settled")),
                ]
            }
            Self::Outage => {
                let (low, _) = rates(0, 100);
                vec![(low >= RATE / 2, format!("down to {low} bit/s"))]
            }
        }
    }
}

const fn bandwidth(rate: u64) -> Bandwidth {
    // What an aggregate of eight datagrams takes.
    Bandwidth {
        rate,
        burst: 11_000,
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
