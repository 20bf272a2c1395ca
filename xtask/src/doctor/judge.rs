//! What the facts mean for the driver, each with its remedy.

use super::facts::{Facts, Named};
use crate::machine::d3dkmt::Driver;
use crate::machine::{Reading, STORES};
use crate::package;

/// The build for which the INF is decorated.
const BUILD_MIN: u32 = 16_299;

/// How a fact is judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    Good,
    /// Neither good nor bad.
    Note,
    Bad,
    /// It could not be read.
    Unknown,
}

/// One judged fact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Finding {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) seen: String,
    /// What helps; empty if nothing has to.
    pub(super) remedy: String,
}

impl Finding {
    /// Whether it keeps nothing from working.
    pub(super) fn is_well(&self) -> bool {
        matches!(self.state, State::Good | State::Note)
    }
}

/// What is seen, and what helps, if it is bad.
type Verdict = Result<String, (String, String)>;

/// Judges every fact, in the order in which remedies help.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let [root, publisher] = &facts.trusted;
    vec![
        finding("windows-build", &facts.build, |number| build(*number)),
        finding("secure-boot", &facts.secure_boot, |is_on| {
            secure_boot(*is_on)
        }),
        test_signing(facts),
        finding("certificate-root", root, |is_in| trusted(STORES[0], *is_in)),
        finding("certificate-publisher", publisher, |is_in| {
            trusted(STORES[1], *is_in)
        }),
        finding("driver-store", &facts.published, |names| published(names)),
        finding("registry", &facts.named, |named| registry(named)),
        finding("driver-file", &facts.named, |named| file(named)),
        finding("driver-type", &facts.drivers, |drivers| {
            driver_type(drivers)
        }),
        loaded(&facts.loaded),
    ]
}

fn finding<T>(name: &'static str, fact: &Reading<T>, judge: impl Fn(&T) -> Verdict) -> Finding {
    let (state, seen, remedy) = match fact.as_ref().map(judge) {
        Ok(Ok(seen)) => (State::Good, seen, String::new()),
        Ok(Err((seen, remedy))) => (State::Bad, seen, remedy),
        Err(why) => (
            State::Unknown,
            why.clone(),
            "run as administrator; target/check/doctor.log has what was asked".into(),
        ),
    };
    Finding {
        name,
        state,
        seen,
        remedy,
    }
}

fn bad(seen: impl Into<String>, remedy: impl Into<String>) -> Verdict {
    Err((seen.into(), remedy.into()))
}

fn build(build: u32) -> Verdict {
    if build >= BUILD_MIN {
        return Ok(format!("build {build}"));
    }
    bad(
        format!("build {build}, which takes no driver that stays in the driver store"),
        format!("install Windows 10 version 1709 (build {BUILD_MIN}) or later"),
    )
}

fn secure_boot(is_on: bool) -> Verdict {
    if is_on {
        bad(
            "on, so test signing cannot be",
            "switch it off in the firmware's setup",
        )
    } else {
        Ok("off".into())
    }
}

/// The DLL alone would do with a trusted catalog; the vendor's miniport is a kernel driver, and
/// those need it as long as they are test-signed.
fn test_signing(facts: &Facts) -> Finding {
    let next = matches!(facts.test_signing_next, Ok(true));
    finding("test-signing", &facts.test_signing, |is_on| {
        match (*is_on, next) {
            (true, _) => Ok("on".into()),
            (false, true) => bad("off, on from the next start", "restart Windows"),
            (false, false) => bad(
                "off",
                "bcdedit /set testsigning on, as administrator; then restart",
            ),
        }
    })
}

fn trusted(store: &str, is_in: bool) -> Verdict {
    if is_in {
        return Ok(format!("the package's certificate is in {store}"));
    }
    bad(
        format!("the package's certificate is not in {store}"),
        "cargo xtask install",
    )
}

fn published(names: &[String]) -> Verdict {
    if names.is_empty() {
        return bad(
            format!("{} is not there", package::INF),
            "cargo xtask install",
        );
    }
    Ok(format!("{} is there as {}", package::INF, names.join(", ")))
}

/// The values that name our DLL.
fn ours(named: &[Named]) -> impl Iterator<Item = &Named> {
    let is_ours = |named: &&Named| {
        let file = named.path.rsplit('\\').next().unwrap_or_default();
        file.eq_ignore_ascii_case(package::DLL)
    };
    named.iter().filter(is_ours)
}

fn registry(named: &[Named]) -> Verdict {
    let adapters: Vec<&str> = ours(named).map(|named| named.adapter.as_str()).collect();
    if !adapters.is_empty() {
        return Ok(format!(
            "MiracastDriverName of display adapter {}",
            adapters.join(", ")
        ));
    }
    let others: Vec<&str> = named.iter().map(|named| named.path.as_str()).collect();
    let remedy = "pack with --hardware-id of this adapter and install; if the value is not there then, \
                  Windows does not take it from an extension INF: put it into the display driver's INF";
    if others.is_empty() {
        bad("no display adapter has MiracastDriverName", remedy)
    } else {
        bad(
            format!("MiracastDriverName is {}", others.join(", ")),
            remedy,
        )
    }
}

fn file(named: &[Named]) -> Verdict {
    let lost: Vec<&str> = ours(named)
        .filter(|named| !named.is_file)
        .map(|named| named.path.as_str())
        .collect();
    match ours(named).next() {
        None => bad("no display adapter names one", "see registry"),
        Some(first) if lost.is_empty() => Ok(first.path.clone()),
        Some(_) => bad(
            format!("there is no {}", lost.join(", ")),
            "cargo xtask uninstall, then cargo xtask install",
        ),
    }
}

fn driver_type(drivers: &[Driver]) -> Verdict {
    if drivers.contains(&Driver::Vendor) {
        return Ok("the vendor's".into());
    }
    let remedy = "restart the display adapter (pnputil /restart-device) or Windows; if it stays so, this \
                  build of Windows does not load a vendor's Miracast driver, or the miniport does not \
                  report GUID_DEVINTERFACE_MIRACAST_DISPLAY";
    bad(format!("no adapter uses the vendor's: {drivers:?}"), remedy)
}

/// Windows unloads the DLL after each session, so that it is not there is no fault.
fn loaded(processes: &Reading<Vec<String>>) -> Finding {
    let found = finding("loaded", processes, |processes| {
        if processes.is_empty() {
            return bad(
                "no process has the DLL",
                "it is there while Windows casts to a sink",
            );
        }
        Ok(processes.join(", "))
    });
    let state = if found.state == State::Bad {
        State::Note
    } else {
        found.state
    };
    Finding { state, ..found }
}

#[cfg(test)]
mod tests;
