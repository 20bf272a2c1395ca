//! The name of a context, inside the driver and in Windows's hands.

use super::State;
use core::fmt;

/// Names one context: a slot and the generation that lives in it. It stays different from the name
/// of every context before and after it in the same slot, until the generations come round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket {
    index: u8,
    generation: u32,
}

/// The low bits of a token hold the index plus 1, the bits above them the generation.
const INDEX_BITS: u32 = 8;

/// The last generation: what fits into 32 bits and, beside the index, into a token.
const GENERATION_MAX: u32 = {
    let in_token = usize::MAX >> INDEX_BITS;
    if in_token < u32::MAX as usize {
        in_token as u32
    } else {
        u32::MAX
    }
};

impl Ticket {
    /// Slots that a pool can have at most: a byte holds the index plus 1.
    pub const INDEXES_MAX: usize = (1 << INDEX_BITS) - 1;

    /// `index` is that of a slot of a pool, so less than [`Self::INDEXES_MAX`].
    pub(super) const fn new(index: usize, generation: u32) -> Self {
        Self {
            index: index as u8,
            generation,
        }
    }

    /// The slot, less than the pool's `N`.
    pub const fn index(self) -> usize {
        self.index as usize
    }

    /// The generation, never 0.
    pub const fn generation(self) -> u32 {
        self.generation
    }

    /// What Windows gets in place of a pointer: `generation << 8 | index + 1`. It is never 0, so
    /// it does not look like a null pointer, and it is not an address.
    pub const fn token(self) -> usize {
        (self.generation as usize) << INDEX_BITS | (self.index as usize + 1)
    }

    /// The ticket that has the token `token`.
    pub(super) fn from_token(token: usize) -> Result<Self, Stale> {
        if token == 0 {
            return Err(Stale::Null);
        }
        let index = (token & Self::INDEXES_MAX)
            .checked_sub(1)
            .ok_or(Stale::NotAToken)?;
        match u32::try_from(token >> INDEX_BITS) {
            Ok(generation @ 1..=GENERATION_MAX) => Ok(Self::new(index, generation)),
            _ => Err(Stale::NotAToken),
        }
    }
}

/// The generation after `generation`; 0 is left out.
pub(super) const fn next_generation(generation: u32) -> u32 {
    if generation < GENERATION_MAX {
        generation + 1
    } else {
        1
    }
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// It is 0.
    Null,
    /// No pool of this size gives out such a token.
    NotAToken,
    /// Its slot has another context now, or never had this one.
    OtherGeneration,
    /// Its context is in this state.
    State(State),
    /// Its context has as many leases as can be counted.
    TooManyLeases {
        /// Leases.
        limit: u32,
    },
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("the context is null"),
            Self::NotAToken => f.write_str("not a context of this driver"),
            Self::OtherGeneration => f.write_str("the context is gone"),
            Self::State(state) => write!(f, "the context is {state}"),
            Self::TooManyLeases { limit } => write!(f, "{limit} leases of the context are out"),
        }
    }
}

impl core::error::Error for Stale {}
