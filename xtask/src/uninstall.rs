//! `cargo xtask uninstall`: takes back what `cargo xtask install` did. It has never run on Windows.

use std::process::ExitCode;

use crate::machine::{Machine, STORES};

/// Takes back every install, also of packages that were deleted since, and says each step. Packages go
/// first: a driver must not outlive the trust in its signature.
///
/// # Errors
/// If this is not Windows, or Windows refuses a step.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut machine = Machine::open("uninstall")?;
    machine.remove_packages()?;
    println!("the driver store has no package of this driver");
    for store in STORES {
        machine.distrust(store)?;
        println!("{store} has no test certificate");
    }
    Ok(ExitCode::SUCCESS)
}
