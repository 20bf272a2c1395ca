//! Leaves out of a trial what its failure does not need.

use super::Trial;

/// The smallest trial that still fails: faults are left out one by one while it does. The result are the
/// places of those that are left.
pub fn shrunk(trial: &Trial) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..trial.faults.len()).collect();
    let fails = |kept: &[usize]| !trial.keeping(kept).run().wrong.is_empty();
    loop {
        let without = |place: usize| {
            let mut fewer = kept.clone();
            fewer.remove(place);
            fewer
        };
        let smaller = (0..kept.len()).map(without).find(|fewer| fails(fewer));
        match smaller {
            Some(fewer) => kept = fewer,
            None => return kept,
        }
    }
}

impl Trial {
    /// The same with only the faults at these places.
    #[must_use]
    pub fn keeping(&self, places: &[usize]) -> Self {
        let faults = self.faults.iter().enumerate();
        Self {
            seed: self.seed,
            faults: faults
                .filter(|(place, _)| places.contains(place))
                .map(|(_, timed)| *timed)
                .collect(),
        }
    }
}
