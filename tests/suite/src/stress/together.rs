//! As many contexts as there may be, each with a session of its own, all playing at once.

use core::time::Duration;
use std::path::Path;

use anyhow::{Context as _, ensure};
use miracast_core::limits::CONTEXTS_MAX;
use miracast_miniport::encoder::Source as Pictures;
use miracast_os::process::Census;
use miracast_os::{LoadError, NtStatus, ledger};

use super::judge;
use crate::comparison::Comparison;
use crate::mode::Mode;
use crate::playback::sink_options;
use crate::session::{Record, Session};
use crate::source::{BIT_RATE, Setup, Source};

/// For what comes at once, on a machine that is busy with something else.
const SOON: Duration = Duration::from_secs(30);

/// Pictures of each session: two seconds of 30.
const PICTURES: u64 = 60;

const MODE: Mode = Mode {
    width: 640,
    height: 480,
    hertz: 60,
};

fn setup(number: usize, driver: Option<&Path>) -> Setup {
    let seed = number as u64;
    let mut setup = Setup::new(Some(MODE), Duration::ZERO, 1)
        .pictures(Pictures::Synthetic { seed })
        .driver(driver.map(Path::to_path_buf));
    // What one has would be the leak of another: the whole process is looked at afterwards.
    setup.windows.check_leaks = false;
    setup
}

/// Plays. Returns how many pictures came.
///
/// # Errors
/// What was wrong with one of the sessions, or is left of them.
pub fn play(driver: Option<&Path>) -> anyhow::Result<usize> {
    ledger::outside();
    let census = Census::take();
    let connect = |number| {
        let mut options = sink_options(1, 0, 1);
        options.decode = None;
        Session::connect(setup(number, driver), options, 0)
    };
    let mut sessions = (0..CONTEXTS_MAX)
        .map(connect)
        .collect::<Result<Vec<_>, _>>()?;
    match Source::new(setup(CONTEXTS_MAX, driver)).map(drop) {
        Err(LoadError::Refused(NtStatus::INSUFFICIENT_RESOURCES)) => {}
        other => anyhow::bail!("one context too many: {other:?}"),
    }
    for session in &sessions {
        let started = session.start(BIT_RATE);
        started.map_err(|status| anyhow::anyhow!("StartMiracastSession: {status}"))?;
    }
    for session in &mut sessions {
        ensure!(session.wait_for_play(SOON), "a sink does not play");
    }
    for session in &sessions {
        ensure!(session.wait_for_pictures(PICTURES, SOON), "no pictures");
    }
    let mut came = 0;
    for (number, session) in sessions.into_iter().enumerate() {
        let record = session.finish().context("the sink")?;
        let others = number + 1 < CONTEXTS_MAX;
        judge(
            &format!("context {number} of {CONTEXTS_MAX}"),
            &faults(&record, others),
        )?;
        came += record.sink.units.len();
    }
    let mut left = census.leaked_threads();
    left.extend(census.leaked_handles());
    let left: Vec<String> = left.iter().map(ToString::to_string).collect();
    judge("after all of them", &left)?;
    Ok(came)
}

/// `others`: there are contexts yet, for which the DLL stays.
fn faults(record: &Record, others: bool) -> Vec<String> {
    let violations = record.source.violations.iter().map(ToString::to_string);
    let mut faults: Vec<String> = violations
        .filter(|text| !(others && text.ends_with("DLL is still loaded")))
        .collect();
    let sent = record.source.sent();
    let comparison = Comparison::new(&sent, record.source.cut(), &record.sink.units);
    faults.extend(comparison.difference);
    let (reports, breaches) = (&record.source.reports, &record.sink.breaches);
    if !reports.is_empty() || !breaches.is_empty() {
        faults.push(format!("{reports:?}, {breaches:?}"));
    }
    let allocations = record.source.driver_allocations.unwrap_or(0);
    if allocations != 0 {
        faults.push(format!("{allocations} allocations"));
    }
    faults
}
