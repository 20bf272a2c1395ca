//! Every state against every operation, the tokens, and leases against the end of a context.

use super::*;
use core::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread;
use std::vec::Vec;

type Step = fn(&Pool<1>, Ticket) -> Result<(), WrongState>;

/// A pool of one, whose slot went through its life up to `state`.
fn pool_in(state: State) -> (Pool<1>, Ticket) {
    let pool = Pool::new();
    let ticket = pool.claim().expect("free");
    let path: &[Step] = match state {
        State::Created => &[],
        State::Running => &[Pool::start],
        State::Closing => &[Pool::close],
        State::Quarantined => &[Pool::quarantine],
        State::Free => &[Pool::close, Pool::free],
    };
    for step in path {
        assert_eq!(step(&pool, ticket), Ok(()));
    }
    assert_eq!(pool.state(ticket), Some(state));
    (pool, ticket)
}

const STATES: [State; 5] = [
    State::Free,
    State::Created,
    State::Running,
    State::Closing,
    State::Quarantined,
];

/// Operation, and the state after it for each of [`STATES`]; `None` where it is refused.
const STEPS: [(&str, Step, [Option<State>; 5]); 6] = {
    use State::{Closing, Created, Free, Quarantined, Running};
    [
        (
            "start",
            Pool::start,
            [None, Some(Running), None, None, None],
        ),
        ("stop", Pool::stop, [None, None, Some(Created), None, None]),
        (
            "close",
            Pool::close,
            [None, Some(Closing), Some(Closing), None, None],
        ),
        (
            "quarantine",
            Pool::quarantine,
            [
                None,
                Some(Quarantined),
                Some(Quarantined),
                Some(Quarantined),
                None,
            ],
        ),
        (
            "restore",
            Pool::restore,
            [None, None, None, None, Some(Closing)],
        ),
        ("free", Pool::free, [None, None, None, Some(Free), None]),
    ]
};

#[test]
fn every_state_and_operation() {
    for (name, step, after) in STEPS {
        for (state, after) in STATES.into_iter().zip(after) {
            let (pool, ticket) = pool_in(state);
            let expected = after.map(|_| ()).ok_or(WrongState::State(state));
            assert_eq!(step(&pool, ticket), expected, "{name} when {state}");
            assert_eq!(
                pool.state(ticket),
                Some(after.unwrap_or(state)),
                "{name} when {state}"
            );
        }
    }
}

#[test]
fn leases_and_tickets_in_every_state() {
    for state in STATES {
        let (pool, ticket) = pool_in(state);
        let leased = pool.lease(ticket.token()).map(|lease| lease.ticket());
        let found = pool.ticket(ticket.token());
        let refused = Err(Stale::State(state));
        let open = matches!(state, State::Created | State::Running);
        assert_eq!(leased, if open { Ok(ticket) } else { refused }, "{state}");
        assert_eq!(
            found,
            if state == State::Free {
                refused
            } else {
                Ok(ticket)
            },
            "{state}"
        );
        assert_eq!(pool.leases(ticket), 0, "the lease was given back");
        assert_eq!(pool.claim().is_ok(), state == State::Free, "{state}");
    }
}

#[test]
fn an_old_ticket_does_nothing_to_the_next_context() {
    let (pool, old) = pool_in(State::Free);
    let new = pool.claim().expect("free");
    assert_eq!((old.index(), new.index()), (0, 0));
    assert_ne!(old.token(), new.token());
    for (name, step, _) in STEPS {
        assert_eq!(step(&pool, old), Err(WrongState::OtherContext), "{name}");
    }
    assert_eq!(
        pool.lease(old.token()).map(drop),
        Err(Stale::OtherGeneration)
    );
    assert_eq!(pool.ticket(old.token()), Err(Stale::OtherGeneration));
    assert_eq!((pool.state(old), pool.leases(old)), (None, 0));
    assert_eq!(pool.state(new), Some(State::Created));
}

#[test]
fn every_slot_is_claimed_once() {
    let pool = Pool::<3>::new();
    let tickets: Vec<_> = (0..3).map(|_| pool.claim().expect("free")).collect();
    assert!(tickets.iter().map(|ticket| ticket.index()).eq(0..3));
    assert_eq!(pool.claim(), Err(Full));
    assert_eq!(pool.close(tickets[1]), Ok(()));
    assert_eq!(pool.claim(), Err(Full), "closing is not free");
    assert_eq!(pool.free(tickets[1]), Ok(()));
    assert_eq!(pool.claim().map(Ticket::index), Ok(1));
}

#[test]
fn null_and_garbage_are_refused() {
    let pool = Pool::<2>::new();
    let ticket = pool.claim().expect("free");
    let foreign = Ticket::new(2, 1);
    assert_eq!(pool.lease(0).map(drop), Err(Stale::Null));
    let garbage = [
        1,
        ticket.token() & !0xFF,
        foreign.token(),
        usize::MAX,
        usize::MAX - 0xFF,
        (1 << (usize::BITS - 1)) | ticket.token(),
    ];
    for token in garbage {
        assert_eq!(
            pool.lease(token).map(drop),
            Err(Stale::NotAToken),
            "{token:#x}"
        );
        assert_eq!(pool.ticket(token), Err(Stale::NotAToken), "{token:#x}");
    }
    assert_eq!(pool.close(foreign), Err(WrongState::OtherContext));
    assert_eq!(pool.state(foreign), None);
    assert_eq!(
        pool.lease(Ticket::new(1, 1).token()).map(drop),
        Err(Stale::OtherGeneration)
    );
}

#[test]
fn a_token_is_what_the_documentation_says() {
    let ticket = Ticket::new(3, 0x0012_3456);
    assert_eq!(ticket.token(), 0x1234_5604);
    assert_eq!(Ticket::from_token(0x1234_5604), Ok(ticket));
    let last = Ticket::new(Ticket::INDEXES_MAX - 1, 7);
    assert_eq!(Ticket::from_token(last.token()), Ok(last));
}

#[test]
fn generation_zero_is_left_out_when_they_come_round() {
    let last = (1..=u32::MAX)
        .rev()
        .find(|generation| ticket::next_generation(*generation) == 1);
    let last = last.expect("they come round");
    let pool = Pool {
        slots: [AtomicU64::new(Word::new(State::Free, last - 1).bits())],
    };
    for generation in [last, 1, 2] {
        let ticket = pool.claim().expect("free");
        assert_eq!(ticket.generation(), generation);
        assert_eq!(pool.lease(ticket.token()).map(|lease| lease.index()), Ok(0));
        assert_eq!(pool.close(ticket), Ok(()));
        assert_eq!(pool.free(ticket), Ok(()));
    }
}

#[test]
fn a_slot_is_not_freed_before_its_last_lease() {
    let (pool, ticket) = pool_in(State::Running);
    let first = pool.lease(ticket.token()).expect("open");
    let second = pool.lease(ticket.token()).expect("open");
    assert_eq!(pool.leases(ticket), 2);
    assert_eq!(pool.free(ticket), Err(WrongState::State(State::Running)));
    assert_eq!(pool.close(ticket), Ok(()));
    assert_eq!(pool.free(ticket), Err(WrongState::Leased(2)));
    drop(first);
    assert_eq!(pool.quarantine(ticket), Ok(()));
    assert_eq!(pool.leases(ticket), 1, "a change of state keeps the count");
    assert_eq!(pool.restore(ticket), Ok(()));
    assert_eq!(pool.free(ticket), Err(WrongState::Leased(1)));
    drop(second);
    assert_eq!(pool.free(ticket), Ok(()));
}

#[test]
fn leases_that_cannot_be_counted_are_refused() {
    let (pool, ticket) = pool_in(State::Created);
    let full = Word::new(State::Created, ticket.generation()).bits() | u64::from(LEASES_MAX);
    pool.slots[0].store(full, Ordering::Relaxed);
    let refused = Stale::TooManyLeases { limit: LEASES_MAX };
    assert_eq!(pool.lease(ticket.token()).map(drop), Err(refused));
    assert_eq!(pool.state(ticket), Some(State::Created));
}

#[test]
fn a_static_pool_is_all_zeros() {
    let pool = Pool::<4>::new();
    assert!(
        pool.slots
            .iter()
            .all(|slot| slot.load(Ordering::Relaxed) == 0)
    );
}

/// The storage of a slot, as far as this test needs it: is it built, and how often was it used
/// when it was not?
#[derive(Default)]
struct Cell {
    built: AtomicBool,
    misused: AtomicUsize,
}

#[test]
fn no_lease_outlives_its_context() {
    const LIVES: usize = 2_000;
    let pool = Pool::<1>::new();
    let cell = Cell::default();
    let token = AtomicUsize::new(0);
    let done = AtomicBool::new(false);

    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let lease = pool.lease(token.load(Ordering::Acquire));
                    if lease.is_ok() && !cell.built.load(Ordering::Relaxed) {
                        cell.misused.fetch_add(1, Ordering::Relaxed);
                    }
                    drop(lease);
                    thread::yield_now();
                }
            });
        }
        for _ in 0..LIVES {
            let ticket = pool.claim().expect("the only owner");
            cell.built.store(true, Ordering::Relaxed);
            token.store(ticket.token(), Ordering::Release);
            assert_eq!(pool.start(ticket), Ok(()));
            thread::yield_now();
            assert_eq!(pool.stop(ticket), Ok(()));
            assert_eq!(pool.close(ticket), Ok(()));
            while pool.leases(ticket) > 0 {
                thread::yield_now();
            }
            cell.built.store(false, Ordering::Relaxed);
            assert_eq!(pool.free(ticket), Ok(()), "no lease came after `close`");
        }
        done.store(true, Ordering::Relaxed);
    });

    assert_eq!(cell.misused.load(Ordering::Relaxed), 0);
    assert_eq!(pool.slots[0].load(Ordering::Relaxed) >> 32, LIVES as u64);
}
