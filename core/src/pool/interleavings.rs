//! The pool under the model checker: every order in which threads can come, and every value that weak
//! memory may show them. The cells of the slot are watched by the checker: two accesses of which one
//! writes, and which nothing orders, fail the model.

use super::{Handover, Pool, Stale, State, Ticket};
use loom::cell::UnsafeCell;
use loom::model::Builder;
use loom::sync::Arc;
use loom::thread;
use std::vec::Vec;

/// Most times that a thread is stopped where it need not be: without a bound the three threads of a model,
/// which wait for each other, take hours.
const PREEMPTIONS: usize = 3;

fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS);
    builder.check(run);
}

/// A pool of one slot, and its cells.
struct World {
    pool: Pool<1>,
    /// Who has a lease reads it.
    shared: UnsafeCell<()>,
    /// Its owner's alone.
    context: UnsafeCell<()>,
    handover: Handover,
}

impl World {
    /// With a context that was built.
    fn with_context() -> (Arc<Self>, Ticket) {
        let world = Self {
            pool: Pool::new(),
            shared: UnsafeCell::new(()),
            context: UnsafeCell::new(()),
            handover: Handover::new(),
        };
        let ticket = world.pool.claim().unwrap();
        world.build();
        (Arc::new(world), ticket)
    }

    fn build(&self) {
        self.shared.with_mut(|_| ());
        self.work();
    }

    /// What only the owner may do.
    fn work(&self) {
        self.context.with_mut(|_| ());
    }

    /// Looks at it with a lease; says whether there was one.
    fn look(&self, token: usize) -> Result<(), Stale> {
        let lease = self.pool.lease(token)?;
        self.shared.with(|_| ());
        drop(lease);
        Ok(())
    }

    /// Destroy, of a context whose worker is not there (any more).
    fn destroy(&self, ticket: Ticket) {
        self.pool.close(ticket).unwrap();
        self.take_apart(ticket);
        self.pool.free(ticket).unwrap();
    }

    fn take_apart(&self, ticket: Ticket) {
        while self.pool.leases(ticket) != 0 {
            thread::yield_now();
        }
        self.build();
    }
}

#[test]
fn a_lease_keeps_the_context_and_a_late_one_is_refused() {
    model(|| {
        let (world, ticket) = World::with_context();
        let token = ticket.token();
        let lookers: Vec<_> = (0..2)
            .map(|_| {
                let world = Arc::clone(&world);
                thread::spawn(move || world.look(token))
            })
            .collect();
        world.destroy(ticket);
        // The slot lives again, and nobody with the old token gets in.
        let next = world.pool.claim().unwrap();
        world.build();
        assert_eq!(world.look(token), Err(Stale::OtherGeneration));
        assert_eq!(world.look(next.token()), Ok(()));
        for looker in lookers {
            let _either = looker.join().unwrap();
        }
    });
}

/// Stop finds that the worker does not come: what `slot::lifecycle` of the driver does then, in its
/// order. True if the context is Stop's again.
fn stop(world: &World, ticket: Ticket) -> bool {
    if world.handover.abandon() {
        world.pool.quarantine(ticket).unwrap();
        return false;
    }
    true
}

/// The end of the worker, likewise. True if it took the context apart.
fn worker(world: &World, ticket: Ticket) -> bool {
    world.work();
    if !world.handover.worker_leaves() {
        return false;
    }
    while world.pool.state(ticket) == Some(State::Running) {
        thread::yield_now();
    }
    world.take_apart(ticket);
    world.pool.restore(ticket).unwrap();
    world.pool.free(ticket).unwrap();
    true
}

#[test]
fn a_context_is_taken_apart_once_by_stop_or_by_the_worker_that_it_gave_up() {
    model(|| {
        let (world, ticket) = World::with_context();
        world.pool.start(ticket).unwrap();
        let works = Arc::clone(&world);
        let works = thread::spawn(move || worker(&works, ticket));
        let looks = Arc::clone(&world);
        let looks = thread::spawn(move || looks.look(ticket.token()));
        let joined = stop(&world, ticket);
        if joined {
            // It has left the context, and so it is joined before anything else happens to it.
            assert!(!works.join().unwrap());
            world.work();
            world.pool.stop(ticket).unwrap();
            world.destroy(ticket);
        } else {
            // Destroy leaves it alone, whatever the worker has come to.
            assert!(world.pool.close(ticket).is_err());
            assert!(works.join().unwrap());
        }
        let _either = looks.join().unwrap();
        assert!(world.pool.claim().is_ok(), "the slot is not lost");
        world.build();
    });
}

#[test]
fn one_slot_is_claimed_once() {
    model(|| {
        let (world, first) = World::with_context();
        world.destroy(first);
        let claims: Vec<_> = (0..2)
            .map(|_| {
                let world = Arc::clone(&world);
                thread::spawn(move || world.pool.claim().map(|_| world.build()).is_ok())
            })
            .collect();
        let claims = claims.into_iter().map(|claim| claim.join().unwrap());
        assert_eq!(claims.filter(|claimed| *claimed).count(), 1);
    });
}

#[test]
fn who_claims_a_slot_finds_it_taken_apart() {
    model(|| {
        let (world, first) = World::with_context();
        let destroys = Arc::clone(&world);
        let destroys = thread::spawn(move || destroys.destroy(first));
        while world.pool.claim().is_err() {
            thread::yield_now();
        }
        world.build();
        destroys.join().unwrap();
    });
}
