//! What must hold at every step, whatever goes wrong. A breach joins those of the driver interface.
//!
//! Some rules are kept where they can be broken: [`Windows`](crate::windows::Windows) knows in which call
//! the driver is, the sink compares the pictures. Here are those of a whole turn.

use std::sync::Arc;

use miracast_core::time::Instant;
use miracast_kmd_iface::NtStatus;
use miracast_miniport::stream::Stream;
use miracast_umd::engine::{SessionInfo, Totals, Wait};

use crate::ring::Control;
use crate::world::World;

/// Escapes of one turn at most: input has 64 of them, all others together a few.
const ESCAPES_PER_TURN: u32 = 80;

/// Escapes of StopMiracastSession: pictures and sound, each stopped and closed.
const ESCAPES_OF_STOP: u32 = 4;

/// Streams that are watched after their end.
const CLOSED_MAX: usize = 4;

/// A ring that is watched.
#[derive(Debug)]
struct Watched {
    /// Keeps the memory: a driver that still looked at it would find poison, not another's.
    stream: Arc<Stream>,
    /// The driver's position.
    consumer: u64,
}

/// What the driver did in the turn that is not over.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) escapes: u32,
    /// An encoder was started.
    pub(crate) encoder_started: bool,
}

/// What is known of the steps before.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) turn: Turn,
    started: Option<Result<SessionInfo, NtStatus>>,
    ended: bool,
    open: Option<Watched>,
    closed: Vec<Watched>,
    /// The miniport lies about its position in the ring.
    pub(crate) lied: bool,
    /// The driver has told of the session's end.
    pub(crate) told_end: bool,
    /// What it said that the session came to.
    pub(crate) totals: Option<Totals>,
}

impl Watch {
    /// Another session begins.
    pub(crate) fn forget(&mut self) {
        self.started = None;
        self.ended = false;
        self.told_end = false;
        self.totals = None;
    }

    /// STREAM_OPEN was done.
    pub(crate) fn opened(&mut self, stream: &Arc<Stream>) {
        let consumer = Control::of(stream.ring()).consumer();
        self.open = Some(Watched {
            stream: Arc::clone(stream),
            consumer,
        });
    }

    /// STREAM_CLOSE was done: the ring is unmapped, which here is poison.
    pub(crate) fn closed(&mut self) {
        let Some(mut watched) = self.open.take() else {
            return;
        };
        let control = Control::of(watched.stream.ring());
        control.poison(0, control.data_len());
        watched.consumer = control.consumer();
        self.closed.push(watched);
        if self.closed.len() > CLOSED_MAX {
            self.closed.remove(0);
        }
    }
}

/// Before a turn of the engine.
pub(crate) fn before(world: &mut World) {
    world.watch.turn = Turn::default();
}

/// After a turn of the engine that began at `now`.
pub(crate) fn after(world: &mut World, now: Instant, wait: &Wait) {
    let breaches = [
        escapes(&world.watch.turn),
        clock(&world.watch.turn, now, wait),
        result(&mut world.watch, wait),
        open_ring(&mut world.watch),
        closed_rings(&world.watch),
    ];
    for (requirement, what) in breaches.into_iter().flatten() {
        world.windows.breach(requirement, what);
    }
}

/// After the turn of StopMiracastSession.
pub(crate) fn stopped(world: &mut World) {
    if world.windows.notices {
        world
            .windows
            .breach("DDI-48", "notices still registered after Stop");
    }
    if world.media_socket.open {
        world
            .windows
            .breach("DDI-34", "a socket is open after Stop");
    }
    if world.watch.turn.escapes > ESCAPES_OF_STOP {
        world.windows.breach("DDI-35", "Stop asks too much");
    }
    if world.watch.totals.is_none() {
        world.windows.breach("trace", "a session is not counted");
    }
}

type Breach = (&'static str, &'static str);

fn escapes(turn: &Turn) -> Option<Breach> {
    (turn.escapes > ESCAPES_PER_TURN).then_some(("bound", "too many escapes in one turn"))
}

/// What an encoder that starts slowly has made meanwhile waits for a clock that is right, and for nothing else.
fn clock(turn: &Turn, now: Instant, wait: &Wait) -> Option<Breach> {
    let late = wait.deadline.is_none_or(|deadline| deadline > now);
    (turn.encoder_started && !wait.ended && late)
        .then_some(("clock", "no turn follows that in which an encoder started"))
}

/// What StartMiracastSession returns is said once, and an end is an end.
fn result(watch: &mut Watch, wait: &Wait) -> Option<Breach> {
    if watch.started.is_some() && watch.started != wait.started {
        return Some(("DDI-17", "the result of Start changed"));
    }
    watch.started = wait.started;
    if watch.ended && !wait.ended {
        return Some(("DDI-28", "a session that ended goes on"));
    }
    watch.ended = wait.ended;
    if wait.ended && wait.deadline.is_some() {
        return Some(("DDI-28", "a session that ended has a timer"));
    }
    None
}

/// The driver gives back what it was given, in order, and touches it no more.
fn open_ring(watch: &mut Watch) -> Option<Breach> {
    let watched = watch.open.as_mut()?;
    let control = Control::of(watched.stream.ring());
    let now = control.consumer();
    let before = core::mem::replace(&mut watched.consumer, now);
    if now == before {
        return None;
    }
    if now < before {
        return Some(("ring", "the driver's position went back"));
    }
    if now > control.producer() && !watch.lied {
        return Some(("ring", "the driver released what it was not given"));
    }
    control.poison(before, now);
    None
}

fn closed_rings(watch: &Watch) -> Option<Breach> {
    let touched =
        |watched: &Watched| Control::of(watched.stream.ring()).consumer() != watched.consumer;
    let any = watch.closed.iter().any(touched);
    any.then_some((
        "ring",
        "the driver wrote to a ring after its stream was closed",
    ))
}
