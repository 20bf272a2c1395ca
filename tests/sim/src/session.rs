//! One session: the engine in its world, from one moment at which somebody is due to the next.

use core::net::Ipv4Addr;

use miracast_core::session::{Phase, Reason};
use miracast_core::time::Instant;
use miracast_kmd_iface::NtStatus;
use miracast_net::{Nanos, Random, nanos};
use miracast_umd::engine::{Engine, Memory, Signal, StartInfo, Wait, Wake};

use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::safety;
use crate::windows::Inside;
use crate::world::World;

const SECOND: Nanos = 1_000_000_000;

/// How long the sink may still talk after Stop.
const AFTERWARDS: Nanos = SECOND;

/// Steps without any time going by that are no livelock yet: after a sleep of 40 s the miniport hands over
/// 4000 units of sound at once.
const STEPS_PER_MOMENT: u32 = 10_000;

/// Where the driver listens for input.
const INPUT_PORT: u16 = 50_002;

/// Before the first turn of a session.
const NOTHING: Wait = Wait {
    deadline: None,
    ended: false,
    started: None,
};

/// The engine in its world.
#[derive(Debug)]
pub(crate) struct Session<'m> {
    engine: Engine<'m>,
    pub(crate) world: World,
    wait: Wait,
    seed: u64,
    bit_rate: u64,
    /// Turns of the engine so far.
    pub(crate) turns: u32,
}

impl<'m> Session<'m> {
    /// CreateMiracastContext.
    ///
    /// # Errors
    /// What it returns.
    pub(crate) fn create(plan: &Plan, memory: &'m mut Memory) -> Result<Self, NtStatus> {
        let mut world = World::new(plan);
        let mut engine = Engine::new(memory);
        engine.configure(plan.settings);
        engine.open(&mut world)?;
        Ok(Self {
            engine,
            world,
            wait: NOTHING,
            seed: plan.seed,
            bit_rate: plan.bit_rate,
            turns: 0,
        })
    }

    /// StartMiracastSession.
    pub(crate) fn start(&mut self) {
        self.world.windows.inside = Inside::Start;
        let info = StartInfo {
            local: Ipv4Addr::LOCALHOST,
            sink: Ipv4Addr::LOCALHOST,
            server_port: 50_000,
            input_port: self.engine.takes_input().then_some(INPUT_PORT),
            bit_rate: self.bit_rate,
            seed: Random::new(self.seed ^ u64::MAX).next_word(),
        };
        self.turn(Wake::Start(&info));
    }

    /// What StartMiracastSession has returned.
    pub(crate) fn wait(&self) -> &Wait {
        &self.wait
    }

    pub(crate) fn engine(&self) -> &Engine<'m> {
        &self.engine
    }

    /// Whether Windows may call Stop now: it calls one function at a time (DDI-38).
    pub(crate) fn can_be_stopped(&self) -> bool {
        self.world.windows.inside == Inside::Worker
    }

    /// One turn of the engine.
    pub(crate) fn turn(&mut self, wake: Wake<'_>) {
        self.turns += 1;
        let now = Instant::from_ticks(self.world.now / 100);
        safety::before(&mut self.world);
        self.wait = self.engine.turn(wake, now, &mut self.world);
        safety::after(&mut self.world, now, &self.wait);
        let started = matches!(self.wait.started, Some(Ok(_)));
        if started && self.world.windows.inside == Inside::Start {
            // Start returns, and the worker takes over.
            self.world.windows.inside = Inside::Worker;
            self.turn(Wake::Timeout);
        }
    }

    fn deadline(&self) -> Option<Nanos> {
        let late = self.world.faults.lateness(self.world.now);
        let deadline = self.wait.deadline.map(|deadline| deadline.ticks() * 100);
        deadline.map(|deadline| deadline + late)
    }

    /// Everything that is due now, in a fixed order.
    fn step(&mut self) {
        self.world.serve_sink();
        let signalled = self.world.receive_rtsp();
        let reports = self.world.receive_rtcp();
        let moments = self.world.serve_faults();
        if self.world.windows.inside == Inside::Nothing {
            return;
        }
        if signalled || moments.rtsp {
            self.turn(Wake::Event(Signal::Rtsp));
        }
        if self.world.windows.inside == Inside::Worker {
            if let Some(status) = moments.chunks_failed {
                self.turn(Wake::ChunksFailed(status));
            }
            if self.world.serve_desktop() {
                self.turn(Wake::Event(Signal::Inbox));
            }
            if self.world.serve_user() || reports || moments.auxiliary {
                self.turn(Wake::Event(Signal::Auxiliary));
            }
            self.serve_chunks();
        }
        if self
            .deadline()
            .is_some_and(|deadline| deadline <= self.world.now)
        {
            self.turn(Wake::Event(Signal::Timer));
        }
    }

    /// `GetNextChunkData`.
    fn serve_chunks(&mut self) {
        if self.world.chunks_are_lost() {
            self.turn(Wake::ChunksLost);
        }
        while let Some(calls) = self.world.capture_sound() {
            for records in calls {
                self.turn(Wake::Chunks(&records));
            }
        }
        for records in self.world.make_picture() {
            self.turn(Wake::Chunks(&records));
        }
    }

    /// Lets time go on until `end`, from one moment at which somebody is due to the next, or until
    /// `enough` after one of them.
    ///
    /// # Panics
    /// Somebody is due for ever: time does not go on.
    pub(crate) fn run_until(&mut self, end: Nanos, mut enough: impl FnMut(&mut Self) -> bool) {
        let mut at_this_moment = 0;
        let mut moment = self.world.now;
        loop {
            let next = [self.world.next(), self.deadline()];
            let next = next.into_iter().flatten().min().unwrap_or(end);
            if next >= end {
                self.world.now = end.max(self.world.now);
                return;
            }
            self.world.now = next.max(self.world.now);
            if self.world.now > moment {
                moment = self.world.now;
                at_this_moment = 0;
            }
            at_this_moment += 1;
            assert!(
                at_this_moment < STEPS_PER_MOMENT,
                "livelock at {} ns",
                self.world.now
            );
            self.step();
            if enough(self) {
                return;
            }
        }
    }

    /// Another sink connects: what is left of the session before does not count any more.
    pub(crate) fn connect(&mut self, plan: &Plan) {
        self.world.connect(plan);
        self.bit_rate = plan.bit_rate;
        self.wait = NOTHING;
    }

    /// StopMiracastSession, or a Start that fails.
    pub(crate) fn stop_at_once(&mut self) {
        self.world.windows.inside = Inside::Stop;
        self.turn(Wake::Stop);
        safety::stopped(&mut self.world);
        self.world.windows.inside = Inside::Nothing;
        self.wait.deadline = None;
    }

    /// StopMiracastSession, and what the sink still says.
    pub(crate) fn stop(&mut self) {
        self.stop_at_once();
        self.world.next_sample = None;
        // The OS's end of the socket stays open for a while: the sink hears the goodbye.
        self.run_until(self.world.now + AFTERWARDS, |_| false);
    }

    /// What it was, if it was cut in the middle: the picture that was on its way is nobody's fault.
    pub(crate) fn outcome_of_part(mut self, phase: Phase) -> Outcome {
        self.world.sink.checker.join_late();
        self.outcome(phase)
    }

    /// What it was.
    pub(crate) fn outcome(self, phase: Phase) -> Outcome {
        let engine = &self.engine;
        let totals = self.world.watch.totals.clone();
        let outcome = Outcome::new(
            phase,
            &self.wait,
            engine.media_counters(),
            engine.quirks(),
            (engine.record_counters(), engine.audio_counters()),
            (engine.input_counters(), engine.report_counters()),
            self.world,
        );
        outcome.with_trace(engine.trace(), engine.end(), totals)
    }
}

/// Simulates one session.
pub fn run(plan: &Plan) -> Outcome {
    run_and_end(plan).0
}

/// The same, and why the session ended before it was stopped, if it did.
pub(crate) fn run_and_end(plan: &Plan) -> (Outcome, Option<Reason>) {
    let mut memory = Box::new(Memory::new());
    let mut session = match Session::create(plan, &mut memory) {
        Ok(session) => session,
        Err(status) => return (Outcome::not_created(status), None),
    };
    session.start();
    let end = session.world.now.saturating_add(nanos(plan.length));
    session.run_until(end, |_| false);
    let (phase, end) = (session.engine.phase(), session.engine.end());
    session.stop();
    (session.outcome(phase), end)
}
