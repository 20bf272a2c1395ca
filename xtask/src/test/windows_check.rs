//! The driver type-checked for Windows, where it ships, on a machine that is not Windows.
//!
//! It is also the driver's own proof of `no_std`: only `core` is there.

use super::Check;
use super::runner::{BUILD_LIMIT, Runner};
use crate::debian_rust::{self, debian_cargo};

const TARGETS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"];

pub(crate) const CHECK: Check = Check {
    name: "windows-check",
    needs: debian_rust::PACKAGES,
    after: &[],
    run,
};

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    for target in TARGETS {
        let mut command = debian_cargo("check", target);
        command.args(["-p", "miracast-umd", "--no-default-features"]);
        command.env("RUSTFLAGS", "-D warnings");
        runner.run(&mut command, BUILD_LIMIT)?;
    }
    Ok(format!("miracast-umd for {}", TARGETS.join(" and ")))
}
