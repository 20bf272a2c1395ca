//! Contexts made and destroyed in great number, now and then with a session: threads, handles and memory
//! are at the end what they were after the first ones.

use core::time::Duration;
use std::path::Path;

use anyhow::{Context as _, ensure};
use miracast_miniport::encoder::Source as Pictures;
use miracast_os::bare::Bare;
use miracast_os::ledger;
use miracast_os::process::{Census, resident_bytes};

use super::{bare, create, destroy, judge};
use crate::mode::Mode;
use crate::playback::sink_options;
use crate::session::Session;
use crate::source::{BIT_RATE, Setup};

/// Cycles before the first look: the system and the emulators keep what their first use has opened.
const WARM_UP: u32 = 500;

/// Every so many cycles one has a session.
const SESSION_EVERY: u32 = 250;

/// Memory that the process may have gained, in bytes. Measured: some 30 KB in forty thousand cycles as a rule,
/// and once 640 KB, of the allocator's arenas. A leak of 105 bytes a cycle is more than this in ten
/// thousand; the driver has no allocator, so it can lose no less than a page or a thread's stack.
const GAIN_MAX: u64 = 1 << 20;

/// What the cycles came to.
#[derive(Clone, Copy, Debug)]
pub struct Cycles {
    /// Sessions among them.
    pub sessions: u32,
    /// Threads, before and after.
    pub threads: [usize; 2],
    /// Handles, before and after.
    pub handles: [usize; 2],
    /// Bytes of resident memory, before and after; `None` if the system does not tell.
    pub resident: [Option<u64>; 2],
}

/// Makes and destroys `count` contexts after the warm-up.
///
/// # Errors
/// What was refused, broken or left behind.
pub fn play(driver: Option<&Path>, count: u32) -> anyhow::Result<Cycles> {
    let mut contexts = bare(driver)?;
    let allocations = ledger::driver_allocations();
    let mut sessions = 0;
    let (mut census, mut resident) = (Census::take(), None);
    for number in 0..WARM_UP + count {
        if number == WARM_UP {
            (census, resident, sessions) = (Census::take(), resident_bytes(), 0);
        }
        if number % SESSION_EVERY == SESSION_EVERY / 2 {
            // The session's Windows wants to see the DLL go.
            unload(contexts)?;
            session(driver).with_context(|| format!("cycle {number}"))?;
            contexts = bare(driver)?;
            sessions += 1;
            continue;
        }
        let context = create(&contexts);
        let context = context
            .map_err(|status| anyhow::anyhow!("cycle {number}: CreateMiracastContext: {status}"))?;
        destroy(&contexts, context);
    }
    let mut left = census.leaked_threads();
    left.extend(census.leaked_handles());
    let mut faults: Vec<String> = left.iter().map(ToString::to_string).collect();
    let after = Census::take();
    let cycles = Cycles {
        sessions,
        threads: [census.thread_count(), after.thread_count()],
        handles: [census.handle_count(), after.handle_count()],
        resident: [resident, resident_bytes()],
    };
    if let [Some(before), Some(after)] = cycles.resident
        && after > before + GAIN_MAX
    {
        faults.push(format!("memory grew from {before} to {after} bytes"));
    }
    let allocations = ledger::driver_allocations() - allocations;
    if allocations != 0 {
        faults.push(format!("{allocations} allocations of the driver"));
    }
    judge(&format!("{cycles:?}"), &faults)?;
    unload(contexts)?;
    Ok(cycles)
}

fn unload(driver: Bare) -> anyhow::Result<()> {
    let still_there = driver.unload().map(|violation| violation.to_string());
    judge("unloaded", still_there.as_slice())
}

/// One with a worker, sockets and a sink.
fn session(driver: Option<&Path>) -> anyhow::Result<()> {
    const SOON: Duration = Duration::from_secs(30);
    let setup = Setup::new(Some(Mode::VGA), Duration::ZERO, 1)
        .pictures(Pictures::Synthetic { seed: 1 })
        .driver(driver.map(Path::to_path_buf));
    let mut options = sink_options(1, 0, 1);
    options.decode = None;
    options.record_max = 0;
    let mut session = Session::connect(setup, options, 0)?;
    let started = session.start(BIT_RATE);
    started.map_err(|status| anyhow::anyhow!("StartMiracastSession: {status}"))?;
    ensure!(session.wait_for_play(SOON), "the sink does not play");
    let record = session.finish_within(Duration::ZERO)?;
    judge("its session", &record.faults())
}
