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
        driver_type(facts),
        loaded(facts),
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

/// Whether the value names our DLL.
fn is_ours(named: &Named) -> bool {
    let file = named.path.rsplit('\\').next().unwrap_or_default();
    file.eq_ignore_ascii_case(package::DLL)
}

fn ours(named: &[Named]) -> impl Iterator<Item = &Named> {
    named.iter().filter(|named| is_ours(named))
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

/// Windows says that it uses a vendor's driver, not which. It is ours if no adapter names another.
fn driver_type(facts: &Facts) -> Finding {
    let vendors = finding("driver-type", &facts.drivers, |drivers| used(drivers));
    if vendors.state != State::Good {
        return vendors;
    }
    let found = finding(vendors.name, &facts.named, |named| whose(named));
    as_note(found)
}

fn used(drivers: &[Driver]) -> Verdict {
    if drivers.contains(&Driver::Vendor) {
        return Ok("a vendor's".into());
    }
    let remedy = "restart the display adapter (pnputil /restart-device) or Windows; if it stays so, this \
                  build of Windows does not load a vendor's Miracast driver, or the miniport does not \
                  report GUID_DEVINTERFACE_MIRACAST_DISPLAY";
    bad(format!("no adapter uses a vendor's: {drivers:?}"), remedy)
}

/// Whose the vendor's driver is that Windows uses.
fn whose(named: &[Named]) -> Verdict {
    let others = named.iter().filter(|named| !is_ours(named));
    let others: Vec<&str> = others.map(|named| named.path.as_str()).collect();
    if !others.is_empty() {
        return bad(
            format!("a vendor's, which may be {}", others.join(", ")),
            "see loaded, while Windows casts with the adapter of this driver",
        );
    }
    if named.is_empty() {
        return bad("a vendor's, which no display adapter names", "see registry");
    }
    Ok("this driver".into())
}

/// Windows unloads the DLL after each session, so that it is not there is no fault. Who is no
/// administrator does not see the processes of services, in which it runs.
fn loaded(facts: &Facts) -> Finding {
    let seen = match (&facts.loaded, &facts.elevated) {
        (Ok(processes), elevated) if processes.is_empty() => match elevated {
            Ok(true) => Ok(processes.clone()),
            Ok(false) => Err("the processes of services are hidden from this user".into()),
            Err(why) => Err(why.clone()),
        },
        (seen, _) => seen.clone(),
    };
    let found = finding("loaded", &seen, |processes| {
        if processes.is_empty() {
            return bad(
                "no process has the DLL",
                "it is there while Windows casts to a sink",
            );
        }
        Ok(processes.join(", "))
    });
    as_note(found)
}

/// What is not as it could be, and still no fault.
fn as_note(found: Finding) -> Finding {
    let state = if found.state == State::Bad {
        State::Note
    } else {
        found.state
    };
    Finding { state, ..found }
}

#[cfg(test)]
mod tests;
