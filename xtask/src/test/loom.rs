//! The models of what threads do to each other, in every order that the checker loom finds: the pool and
//! its leases, the handover of a context, the inbox, the ring.

use core::time::Duration;
use std::process::Command;

use anyhow::ensure;

use super::Check;
use super::runner::Runner;
use crate::suite::{cargo, project_root};

pub(crate) const CHECK: Check = Check {
    name: "loom",
    needs: &[],
    after: &[],
    run,
};

/// What has a model: the crate and how many.
const MODELS: [(&str, usize); 2] = [("miracast-core", 6), ("miracast-kmd-iface", 3)];

/// All of them take some 30 s, and their build as long.
const LIMIT: Duration = Duration::from_mins(10);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    for (package, models) in MODELS {
        let printed = runner.run(&mut command(package), LIMIT)?.stdout;
        ensure!(
            printed.contains(&format!(" ok. {models} passed; 0 failed")),
            "{package} has other than {models} models"
        );
    }
    let models: usize = MODELS.iter().map(|(_, models)| models).sum();
    Ok(format!(
        "{models} models hold in every order of their threads"
    ))
}

fn command(package: &str) -> Command {
    let mut command = cargo();
    // A build of its own: the flag changes every crate.
    command
        .env("RUSTFLAGS", "--cfg loom")
        .env("CARGO_TARGET_DIR", project_root().join("target/loom"))
        .args(["test", "--lib", "-p", package, "interleavings"]);
    command
}
