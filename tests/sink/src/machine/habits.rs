//! What the sink does by itself while it plays, because a quirk says so.

use core::time::Duration;

use super::quirks::{Greeting, Step};
use super::{End, LOCAL_URI, Machine, Phase, nanos};
use crate::rtsp::write;

/// The interval of the sink's own keep-alive.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);

/// When the next of each is due; `None` for what the sink does not do.
#[derive(Debug, Default)]
pub(super) struct Habits {
    keep_alive: Option<u64>,
    burst: Option<u64>,
    leaving: Option<u64>,
}

impl Machine {
    /// PLAY was accepted.
    pub(super) fn take_up_habits(&mut self) {
        let now = self.breaches.now_ns;
        let quirks = &self.settings.quirks;
        self.habits = Habits {
            keep_alive: quirks.own_keep_alive.map(|_| after(now, KEEP_ALIVE_EVERY)),
            burst: quirks.idr_bursts.map(|(_, every)| after(now, every)),
            leaving: quirks.patience.map(|patience| after(now, patience)),
        };
        if quirks.needs_audio && !self.offer.has_audio {
            self.teardown();
        } else if quirks.greeting == Greeting::Again {
            let m2 = self.options();
            self.send(&[("M2", m2)]);
        }
    }

    /// M16 came: there is no reason to leave.
    pub(super) fn kept_alive(&mut self) {
        self.habits.leaving = None;
    }

    /// When the next habit is due.
    pub(super) fn habit_due(&self) -> Option<u64> {
        let Habits {
            keep_alive,
            burst,
            leaving,
        } = self.habits;
        let due = [keep_alive, burst, leaving].into_iter().flatten().min();
        due.filter(|_| self.phase == Phase::Playing)
    }

    /// Does what is due.
    pub(super) fn follow_habits(&mut self) {
        let now = self.breaches.now_ns;
        let is_due = |at: Option<u64>| at.is_some_and(|at| at <= now);
        if self.phase != Phase::Playing {
            return;
        }
        if is_due(self.habits.leaving) {
            return self.end(End::Quirk);
        }
        if let Some(method) = self.settings.quirks.own_keep_alive
            && is_due(self.habits.keep_alive)
        {
            self.habits.keep_alive = Some(after(now, KEEP_ALIVE_EVERY));
            self.keep_source_alive(method);
        }
        if let Some((count, every)) = self.settings.quirks.idr_bursts
            && is_due(self.habits.burst)
        {
            self.habits.burst = Some(after(now, every));
            for _ in 0..count {
                self.request_idr();
            }
        }
    }

    fn keep_source_alive(&mut self, method: &'static str) {
        let number = self.number(Step::SetReply);
        let start = format!("{method} {LOCAL_URI} RTSP/1.0");
        let request = write(&start, &[("CSeq", &number)], "");
        self.send(&[("keep-alive", request)]);
    }
}

fn after(now: u64, duration: Duration) -> u64 {
    now.saturating_add(nanos(duration))
}
