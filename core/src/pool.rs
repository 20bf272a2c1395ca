//! Which contexts exist: states, generations and leases of a fixed number of slots.
//!
//! This is bookkeeping only. The storage of a slot is elsewhere; who holds a [`Lease`] may look at
//! it, and who owns a [`Ticket`] may build it after [`Pool::claim`] and take it apart before
//! [`Pool::free`]. Nothing here waits, allocates or is unsafe.
//!
//! ```text
//!             claim            start
//!     Free ---------> Created -------> Running
//!      ^                 |  ^---------    |
//!      |                 |     stop       |
//!      |           close |                | close
//!      |                 v                v
//!      +------------- Closing <-----------+
//!        free            ^
//!        (no leases)     | restore
//!                    Quarantined <--- Created, Running, Closing
//!                                quarantine
//! ```
//!
//! # Who may call what
//!
//! `claim`, `start`, `stop`, `close` and `free` belong to Create, Start, Stop and Destroy, which
//! Windows calls one at a time (DDI-38). `lease` may be called on any thread at any moment: messages
//! of the miniport are delivered by several threads at once (DDI-39), and data-rate notices come on
//! threads that are not documented (DDI-49). Such a thread may come late, with the pointer of a
//! context that is being destroyed or is long gone; it is refused, and the pointer is not followed,
//! because a token is a number and not an address.
//!
//! Destroy calls `close`, from where on no lease is given, waits until [`Pool::leases`] is 0, and
//! calls `free`. If a thread of the context hangs in the kernel and cannot be joined, Destroy calls
//! `quarantine` instead and returns; from then on the slot belongs to that thread, which calls
//! `restore` and `free` if it ever returns.
//!
//! # Why it is right
//!
//! State, generation and number of leases of a slot are one atomic word, so a lease cannot slip in
//! between the last look at the leases and the change to `Free`. Giving a lease back is a release
//! and `free` is an acquire: what a lease-holder did to the storage happened before it is taken
//! apart. `free` is a release and `claim` an acquire: so did taking it apart before it is built
//! again.
//!
//! The value of [`Pool::new`] is all zeros, so that a static pool takes no room in the file.

mod handover;
mod ticket;
mod word;

pub use handover::Handover;
pub use ticket::{Stale, Ticket};
pub use word::State;

use crate::sync::{AtomicU64, Ordering};
use core::fmt;
use word::{LEASES_MAX, Word};

/// `N` slots, at most [`Ticket::INDEXES_MAX`].
#[derive(Debug)]
pub struct Pool<const N: usize> {
    slots: [AtomicU64; N],
}

/// Every slot is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// The slot is in a state in which this must not be done. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongState {
    /// The ticket is of an earlier generation, or of another pool.
    OtherContext,
    /// What state the slot is in.
    State(State),
    /// So many leases are out.
    Leased(u32),
}

/// Keeps a context from being freed. It does not give the context to one thread alone: others may
/// have leases too.
#[derive(Debug)]
#[must_use = "the context can be freed as soon as the lease is dropped"]
pub struct Lease<'p> {
    slot: &'p AtomicU64,
    ticket: Ticket,
}

impl<const N: usize> Pool<N> {
    const FITS: () = assert!(N <= Ticket::INDEXES_MAX);

    /// A pool whose slots are all free.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        let () = Self::FITS;
        Self {
            slots: [const { AtomicU64::new(0) }; N],
        }
    }

    /// A pool whose slots are all free. The words of the model checker are no constants.
    #[cfg(loom)]
    pub fn new() -> Self {
        let () = Self::FITS;
        Self {
            slots: core::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Takes a free slot: `Free` to `Created`, with a new generation.
    ///
    /// # Errors
    /// [`Full`].
    pub fn claim(&self) -> Result<Ticket, Full> {
        let claim = |(index, slot): (usize, &AtomicU64)| {
            let seen = Word::from_bits(slot.load(Ordering::Relaxed));
            if seen.state() != State::Free {
                return None;
            }
            let generation = ticket::next_generation(seen.generation());
            let created = Word::new(State::Created, generation);
            exchange(slot, seen, created).ok()?;
            Some(Ticket::new(index, generation))
        };
        self.slots.iter().enumerate().find_map(claim).ok_or(Full)
    }

    /// The ticket of a context that exists, in whatever state, from the token that Windows handed
    /// back. It is for the four functions that Windows calls one at a time; all others take a
    /// lease.
    ///
    /// # Errors
    /// [`Stale`].
    pub fn ticket(&self, token: usize) -> Result<Ticket, Stale> {
        let ticket = Ticket::from_token(token)?;
        let slot = self.slots.get(ticket.index()).ok_or(Stale::NotAToken)?;
        let seen = Word::from_bits(slot.load(Ordering::Acquire));
        if seen.generation() != ticket.generation() {
            return Err(Stale::OtherGeneration);
        }
        match seen.state() {
            State::Free => Err(Stale::State(State::Free)),
            State::Created | State::Running | State::Closing | State::Quarantined => Ok(ticket),
        }
    }

    /// A lease of the context that `token` names, if it is `Created` or `Running`.
    ///
    /// # Errors
    /// [`Stale`]: the token is null or garbage, or the context is closing, in quarantine or gone.
    pub fn lease(&self, token: usize) -> Result<Lease<'_>, Stale> {
        let ticket = Ticket::from_token(token)?;
        let slot = self.slots.get(ticket.index()).ok_or(Stale::NotAToken)?;
        let mut seen = Word::from_bits(slot.load(Ordering::Acquire));
        loop {
            if seen.generation() != ticket.generation() {
                return Err(Stale::OtherGeneration);
            }
            match seen.state() {
                State::Created | State::Running => {}
                state @ (State::Free | State::Closing | State::Quarantined) => {
                    return Err(Stale::State(state));
                }
            }
            let leased = seen
                .with_lease()
                .ok_or(Stale::TooManyLeases { limit: LEASES_MAX })?;
            match exchange(slot, seen, leased) {
                Ok(()) => return Ok(Lease { slot, ticket }),
                Err(now) => seen = now,
            }
        }
    }

    /// `Created` to `Running`.
    ///
    /// # Errors
    /// [`WrongState`].
    pub fn start(&self, ticket: Ticket) -> Result<(), WrongState> {
        self.step(ticket, &[State::Created], State::Running)
    }

    /// `Running` to `Created`.
    ///
    /// # Errors
    /// [`WrongState`].
    pub fn stop(&self, ticket: Ticket) -> Result<(), WrongState> {
        self.step(ticket, &[State::Running], State::Created)
    }

    /// `Created` or `Running` to `Closing`: no new leases from here on.
    ///
    /// # Errors
    /// [`WrongState`].
    pub fn close(&self, ticket: Ticket) -> Result<(), WrongState> {
        self.step(ticket, &[State::Created, State::Running], State::Closing)
    }

    /// `Created`, `Running` or `Closing` to `Quarantined`: a thread of the context could not be
    /// joined and may still use the storage. No new leases from here on.
    ///
    /// # Errors
    /// [`WrongState`].
    pub fn quarantine(&self, ticket: Ticket) -> Result<(), WrongState> {
        let from = [State::Created, State::Running, State::Closing];
        self.step(ticket, &from, State::Quarantined)
    }

    /// `Quarantined` to `Closing`: the thread returned after all. Only that thread may say so.
    ///
    /// # Errors
    /// [`WrongState`].
    pub fn restore(&self, ticket: Ticket) -> Result<(), WrongState> {
        self.step(ticket, &[State::Quarantined], State::Closing)
    }

    /// `Closing` to `Free`, if no lease is out.
    ///
    /// # Errors
    /// [`WrongState`]; with [`WrongState::Leased`] it is worth another try later.
    pub fn free(&self, ticket: Ticket) -> Result<(), WrongState> {
        self.change(ticket, |seen| match (seen.state(), seen.leases()) {
            (State::Closing, 0) => Ok(seen.with_state(State::Free)),
            (State::Closing, leases) => Err(WrongState::Leased(leases)),
            (state, _) => Err(WrongState::State(state)),
        })
    }

    /// How many leases of the context are out; 0 if it is gone.
    pub fn leases(&self, ticket: Ticket) -> u32 {
        self.look(ticket).map_or(0, Word::leases)
    }

    /// The state of the context; `None` if the slot has had another one since.
    pub fn state(&self, ticket: Ticket) -> Option<State> {
        self.look(ticket).map(Word::state)
    }

    fn look(&self, ticket: Ticket) -> Option<Word> {
        let slot = self.slots.get(ticket.index())?;
        let seen = Word::from_bits(slot.load(Ordering::Acquire));
        (seen.generation() == ticket.generation()).then_some(seen)
    }

    fn step(&self, ticket: Ticket, from: &[State], to: State) -> Result<(), WrongState> {
        self.change(ticket, |seen| {
            let state = seen.state();
            let allowed = from.contains(&state);
            allowed
                .then(|| seen.with_state(to))
                .ok_or(WrongState::State(state))
        })
    }

    /// Changes the word of a slot. It tries again only when another thread changed it first, which
    /// then got something done.
    fn change(
        &self,
        ticket: Ticket,
        next: impl Fn(Word) -> Result<Word, WrongState>,
    ) -> Result<(), WrongState> {
        let slot = self
            .slots
            .get(ticket.index())
            .ok_or(WrongState::OtherContext)?;
        let mut seen = Word::from_bits(slot.load(Ordering::Acquire));
        loop {
            if seen.generation() != ticket.generation() {
                return Err(WrongState::OtherContext);
            }
            match exchange(slot, seen, next(seen)?) {
                Ok(()) => return Ok(()),
                Err(now) => seen = now,
            }
        }
    }
}

impl<const N: usize> Default for Pool<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// Replaces `seen` by `next`, or says what is there now.
fn exchange(slot: &AtomicU64, seen: Word, next: Word) -> Result<(), Word> {
    slot.compare_exchange(
        seen.bits(),
        next.bits(),
        Ordering::AcqRel,
        Ordering::Acquire,
    )
    .map(drop)
    .map_err(Word::from_bits)
}

impl Lease<'_> {
    /// The context that is leased.
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// The slot of the context, less than the pool's `N`.
    pub fn index(&self) -> usize {
        self.ticket.index()
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        // The leases are the lowest bits of the word, and this one is among them.
        self.slot.fetch_sub(1, Ordering::Release);
    }
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("every context is in use")
    }
}

impl core::error::Error for Full {}

impl fmt::Display for WrongState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherContext => f.write_str("the context is gone"),
            Self::State(state) => write!(f, "the context is {state}"),
            Self::Leased(leases) => write!(f, "{leases} leases of the context are out"),
        }
    }
}

impl core::error::Error for WrongState {}

#[cfg(all(test, loom))]
mod interleavings;
#[cfg(all(test, not(loom)))]
mod tests;
