//! The bound that follows the recommendations of Windows.

/// It rises by at most one part in so many per notice, that is, per second (DDI-46). Engineering value.
const RISE: u64 = 4;

/// The last recommendation, approached from below in steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recommended {
    rate: u64,
}

impl Recommended {
    pub(super) const fn new(rate: u64) -> Self {
        Self { rate }
    }

    /// The bound in bit/s.
    pub(super) const fn rate(self) -> u64 {
        self.rate
    }

    /// Takes one recommendation. The bound itself does not go below `least`, from where it would take
    /// long to come back.
    pub(super) fn follow(&mut self, recommended: u64, least: u64) {
        let most = self.rate.saturating_add(self.rate / RISE);
        self.rate = recommended.min(most).max(least);
    }
}
