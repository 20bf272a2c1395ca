//! The word of a slot: generation, state and number of leases in 64 bits.
//!
//! ```text
//!     63        32 31   24 23       0
//!     generation   state   leases
//! ```

use core::fmt;

/// What a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody's.
    Free = 0,
    /// A context without a session.
    Created = 1,
    /// A context with a session.
    Running = 2,
    /// A context that ends: leases are given back but not given out.
    Closing = 3,
    /// A context with a thread that does not return. Its storage is not touched.
    Quarantined = 4,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Free => "free",
            Self::Created => "created",
            Self::Running => "running",
            Self::Closing => "closing",
            Self::Quarantined => "in quarantine",
        })
    }
}

const LEASE_BITS: u32 = 24;
const GENERATION_SHIFT: u32 = 32;

/// Leases of one context that can be counted.
pub(super) const LEASES_MAX: u32 = (1 << LEASE_BITS) - 1;

/// A copy of a slot's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

impl Word {
    /// A word without leases.
    pub(super) const fn new(state: State, generation: u32) -> Self {
        Self((generation as u64) << GENERATION_SHIFT | (state as u64) << LEASE_BITS)
    }

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    pub(super) const fn generation(self) -> u32 {
        (self.0 >> GENERATION_SHIFT) as u32
    }

    /// Words are made here only, so no other number than those of [`State`] is in them.
    pub(super) const fn state(self) -> State {
        match (self.0 >> LEASE_BITS) as u8 {
            0 => State::Free,
            1 => State::Created,
            2 => State::Running,
            3 => State::Closing,
            _ => State::Quarantined,
        }
    }

    pub(super) const fn leases(self) -> u32 {
        self.0 as u32 & LEASES_MAX
    }

    /// The same with another state.
    pub(super) const fn with_state(self, state: State) -> Self {
        Self(Self::new(state, self.generation()).0 | self.leases() as u64)
    }

    /// The same with one lease more; `None` if that cannot be counted.
    pub(super) const fn with_lease(self) -> Option<Self> {
        if self.leases() < LEASES_MAX {
            Some(Self(self.0 + 1))
        } else {
            None
        }
    }
}
