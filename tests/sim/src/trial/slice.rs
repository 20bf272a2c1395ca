//! A range of seeds, on all cores.

use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

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
    /// Plays it on so many threads: what failed, in the order of the seeds.
    pub fn run(&self, threads: usize) -> Vec<Failure> {
        let next = AtomicU64::new(self.seeds.start);
        let failures = Mutex::new(Vec::new());
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= self.seeds.end {
                    return;
                }
                if let Some(failure) = self.play(seed) {
                    let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                    failures.push(failure);
                    if failures.len() >= self.failures_max {
                        next.store(self.seeds.end, Ordering::Relaxed);
                    }
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        let mut failures = failures
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        failures.sort_by_key(|failure| failure.trial.seed);
        failures
    }

    fn play(&self, seed: u64) -> Option<Failure> {
        let trial = Trial::drawn(seed, &self.kinds);
        let mut verdict = trial.run();
        if seed.is_multiple_of(TWICE) && trial.run() != verdict {
            verdict.wrong.push("it is not the same twice".to_owned());
        }
        let failed = !verdict.wrong.is_empty();
        failed.then_some(Failure { trial, verdict })
    }
}
