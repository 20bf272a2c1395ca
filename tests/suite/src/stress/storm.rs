//! One context under calls from many threads, from before its first session until after its end.
//!
//! The plan is the seed's: how many threads, what they call, how far each session gets and how it ends.
//! In which order the threads come is the machine's: a seed that fails may need several goes to fail again.

use core::net::{Ipv4Addr, SocketAddr};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use core::time::Duration;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use miracast_core::limits::CONTEXTS_MAX;
use miracast_miniport::encoder::Source as Pictures;
use miracast_net::Random;
use miracast_os::process::Census;
use miracast_os::{Call, NtStatus, Timing, strays};
use miracast_sink::live::{Options, Sink};
use miracast_sink::machine::{Breach, Rule};
use miracast_umd::limits;

use super::intruder::{Manner, harmless, intrude};
use super::{free_contexts, judge};
use crate::mode::Mode;
use crate::playback::sink_options;
use crate::session::wait_until;
use crate::source::{BIT_RATE, Setup, Source};

/// How long a session is stormed that does not get to where it was to end: it may have no mode, no power, or
/// be over. Nothing is judged by it.
const STORM_MAX: Duration = Duration::from_millis(400);

/// Calls of each thread, in the mean, that must return while there is no session. Most are messages: threads
/// that wait in one do not come so far by notices alone.
const CALLS_EACH: u64 = 16;

/// For what takes milliseconds, on a machine that is busy with something else.
const SOON: Duration = Duration::from_secs(30);

/// One context.
#[derive(Clone, Debug)]
pub struct Plan {
    seed: u64,
    intruders: Vec<Manner>,
    /// Pictures after which each session ends.
    sessions: Vec<u64>,
    /// The last session ends by Destroy, without Stop.
    destroyed_in_session: bool,
    /// Time between two notices of Windows itself.
    notice_interval: Duration,
    slices: u8,
}

/// What a storm was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Storm {
    /// Calls that were made out of turn.
    pub calls: u64,
    /// Sessions that were started.
    pub sessions: u64,
    /// Those that the driver ended itself, by a report.
    pub reported: u64,
    /// Pictures that the miniport handed over.
    pub pictures: u64,
}

impl core::ops::AddAssign for Storm {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.sessions += other.sessions;
        self.reported += other.reported;
        self.pictures += other.pictures;
    }
}

impl Plan {
    /// The plan of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let (deadly, modes) = (random.below(4) == 0, random.below(3) == 0);
        let intruders = (0..2 + random.below(5)).map(|_| Manner {
            seed: random.next_word(),
            deadly,
            modes,
            greedy: random.below(4) == 0,
        });
        let intruders = intruders.collect();
        let sessions = (0..=random.below(3)).map(|_| random.below(12)).collect();
        Self {
            seed,
            intruders,
            sessions,
            destroyed_in_session: random.below(2) == 0,
            notice_interval: Duration::from_millis(1 + random.below(50)),
            slices: 1 + 3 * random.below(2) as u8,
        }
    }

    fn setup(&self, driver: Option<&Path>) -> Setup {
        let pictures = Pictures::Synthetic { seed: self.seed };
        let mut setup = Setup::new(Some(Mode::VGA), Duration::ZERO, self.slices)
            .pictures(pictures)
            .driver(driver.map(Path::to_path_buf));
        setup.windows.notice_interval = self.notice_interval;
        // On Windows a thread that sleeps has a timer: the process is looked at when the intruders are gone.
        setup.windows.check_leaks = false;
        setup
    }

    /// Plays it, against the DLL or the driver that is linked in.
    ///
    /// # Errors
    /// What the driver did wrong, or left behind, or that the emulators lack something.
    pub fn play(&self, driver: Option<&PathBuf>) -> anyhow::Result<Storm> {
        let driver = driver.map(PathBuf::as_path);
        let (census, stray) = (Census::take(), strays().len());
        let source = Source::new(self.setup(driver))?;
        let played = self.storm(&source);
        let after = source.device().message_out_of_turn(&harmless(), 64);
        let free = free_contexts(driver)?;
        let given_up = given_up(&source.device().timings());
        let mut record = source.finish();
        record.violations.extend(strays().split_off(stray));
        record.violations.extend(census.leaked_threads());
        record.violations.extend(census.leaked_handles());
        let mut faults: Vec<String> = record.violations.iter().map(ToString::to_string).collect();
        let mut expect = |holds: bool, text: String| {
            if !holds {
                faults.push(text);
            }
        };
        expect(
            after == NtStatus::INVALID_PARAMETER,
            format!("a message after Destroy: {after}"),
        );
        expect(
            free == CONTEXTS_MAX,
            format!(
                "{free} of {CONTEXTS_MAX} contexts can be created after Destroy: a slot is lost"
            ),
        );
        let allocations = record.driver_allocations.unwrap_or(0);
        expect(
            allocations == 0,
            format!("the driver allocated {allocations} times"),
        );
        let storm = played.map_err(|error| faults.push(format!("{error:#}")));
        if !faults.is_empty() {
            faults.extend(given_up);
        }
        judge(&self.to_string(), &faults)?;
        Ok(Storm {
            reported: record.reports.len() as u64,
            pictures: record.encoded(),
            ..storm.unwrap_or_default()
        })
    }

    /// The sessions, with the intruders about them, up to the end of the context.
    fn storm(&self, source: &Source) -> anyhow::Result<Storm> {
        let (over, calls) = (AtomicBool::new(false), AtomicU64::new(0));
        let sessions = std::thread::scope(|scope| {
            for manner in &self.intruders {
                scope.spawn(|| intrude(source.device(), *manner, &over, &calls));
            }
            let before = self.goes_on(&calls, "before the first session");
            let played = before.and_then(|()| self.sessions(source));
            source.device().destroy();
            let after = self.goes_on(&calls, "after Destroy");
            over.store(true, Relaxed);
            after.and(played)
        })?;
        Ok(Storm {
            calls: calls.load(Relaxed),
            sessions,
            ..Storm::default()
        })
    }

    /// That calls return also when there is no worker that could take what they bring.
    fn goes_on(&self, calls: &AtomicU64, when: &str) -> anyhow::Result<()> {
        let enough = calls.load(Relaxed) + CALLS_EACH * self.intruders.len() as u64;
        ensure!(
            wait_until(SOON, || calls.load(Relaxed) >= enough),
            "messages or data-rate notices do not return {when}"
        );
        Ok(())
    }

    /// The number of those that were started.
    fn sessions(&self, source: &Source) -> anyhow::Result<u64> {
        let mut started = 0;
        for (number, pictures) in self.sessions.iter().enumerate() {
            let (sink, stream) = connect(sink_options(self.slices, 0, 1))?;
            let known = source.device().reports().len();
            // It may refuse: a device that is lost at once has no modes.
            if source.start(stream, BIT_RATE).is_ok() {
                started += 1;
                let until = source.journal().encoded() + pictures;
                let is_over = || {
                    source.journal().encoded() >= until || source.device().reports().len() > known
                };
                // Whether it gets there does not matter.
                wait_until(STORM_MAX, is_over);
            }
            let last = number + 1 == self.sessions.len();
            if last && self.destroyed_in_session {
                source.device().destroy();
            } else {
                source.device().stop();
            }
            let received = sink.wait().context("the sink")?;
            // A request of the sink that crosses with the goodbye is refused.
            let is_fault = |breach: &&Breach| breach.rule != Rule::Status;
            let breaches: Vec<_> = received.breaches.iter().filter(is_fault).collect();
            ensure!(breaches.is_empty(), "the sink saw {breaches:?}");
            let reports = source.device().reports().len() - known;
            ensure!(reports <= 1, "{reports} reports of one session");
        }
        Ok(started)
    }
}

impl core::fmt::Display for Plan {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (seed, threads) = (self.seed, self.intruders.len());
        let manner = |is: fn(&Manner) -> bool| self.intruders.iter().filter(|one| is(one)).count();
        let (deadly, greedy) = (manner(|one| one.deadly), manner(|one| one.greedy));
        let (sessions, end) = (
            &self.sessions,
            if self.destroyed_in_session {
                "Destroy"
            } else {
                "Stop"
            },
        );
        write!(
            f,
            "seed {seed}, {threads} threads ({deadly} deadly, {greedy} without a pause), sessions that end after \
             {sessions:?} pictures, the last by {end}"
        )
    }
}

/// What explains much else that is wrong: a Stop or Destroy that took as long as one takes that gives its
/// worker up. By itself it is no fault, for the machine may have been busy.
fn given_up(timings: &[Timing]) -> Option<String> {
    let ends = |timing: &&Timing| matches!(timing.call, Call::Stop | Call::Destroy);
    let long = |timing: &&Timing| timing.duration >= limits::WORKER_JOIN;
    let Timing { call, duration } = timings.iter().filter(ends).find(long)?;
    Some(format!(
        "{call:?} took {duration:.1?}: it seems to have given its worker up, and no callback hung"
    ))
}

/// A sink, and Windows' end of its connection.
fn connect(options: Options) -> anyhow::Result<(Sink, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let SocketAddr::V4(address) = listener.local_addr()? else {
        anyhow::bail!("not an IPv4 address");
    };
    let mut options = options;
    // Nobody looks at the pictures here.
    options.decode = None;
    let sink = Sink::connect(address, options)?;
    Ok((sink, listener.accept()?.0))
}
