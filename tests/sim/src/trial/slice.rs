//! A range of seeds, on all cores.

use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use miracast_umd::engine::Totals;

use super::{Kind, Trial, Verdict};

/// One trial in so many is played twice: it must be the same.
const TWICE: u64 = 64;

/// A trial that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was played.
    pub trial: Trial,
    /// What was wrong.
    pub verdict: Verdict,
}

/// What became of a range of seeds.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// What failed, in the order of the seeds.
    pub failures: Vec<Failure>,
    /// In how many sessions the driver counted something, for each of [`Totals::NAMES`].
    counted: BTreeMap<&'static str, u64>,
}

impl Played {
    /// In how many sessions the driver counted this.
    pub fn counted(&self, name: &str) -> u64 {
        self.counted.get(name).copied().unwrap_or(0)
    }

    /// What the driver can count and never has: what the faults do not reach.
    pub fn never_counted(&self) -> impl Iterator<Item = &'static str> {
        Totals::NAMES
            .into_iter()
            .filter(|name| self.counted(name) == 0)
    }

    fn take(&mut self, trial: Trial, verdict: Verdict) {
        let totals = verdict.totals.iter().flat_map(Totals::iter);
        for (name, _) in totals.filter(|(_, count)| *count != 0) {
            *self.counted.entry(name).or_default() += 1;
        }
        if !verdict.wrong.is_empty() {
            self.failures.push(Failure { trial, verdict });
        }
    }
}

/// Seeds to play.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Which.
    pub seeds: Range<u64>,
    /// What may happen.
    pub kinds: Vec<Kind>,
    /// Failures after which it ends.
    pub failures_max: usize,
}

impl Slice {
    /// Plays it on so many threads.
    pub fn run(&self, threads: usize) -> Played {
        let next = AtomicU64::new(self.seeds.start);
        let played = Mutex::new(Played::default());
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= self.seeds.end {
                    return;
                }
                let (trial, verdict) = self.play(seed);
                let mut played = played.lock().unwrap_or_else(PoisonError::into_inner);
                played.take(trial, verdict);
                if played.failures.len() >= self.failures_max {
                    next.store(self.seeds.end, Ordering::Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        let mut played = played.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failures = &mut played.failures;
        failures.sort_by_key(|failure| failure.trial.seed);
        played
    }

    fn play(&self, seed: u64) -> (Trial, Verdict) {
        let trial = Trial::drawn(seed, &self.kinds);
        let mut verdict = trial.run();
        if seed.is_multiple_of(TWICE) && trial.run() != verdict {
            verdict.wrong.push("it is not the same twice".to_owned());
        }
        (trial, verdict)
    }
}
