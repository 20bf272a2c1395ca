//! `cargo xtask sanitize`: tests of what has unsafe code, or feeds it, under AddressSanitizer.
//!
//! The sanitizer is unstable in rustc, and its runtime comes with rustup's stable toolchain; the compiler is
//! told to accept the flag. The standard library is not instrumented, but its allocations are the sanitizer's.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, ensure};

use crate::suite::cargo;

/// What is run: the unit tests of the crates that the DLL is made of, and the emulated Windows with the
/// drivers that are made for its tests.
const TESTS: [&[&str]; 2] = [
    &[
        "--package=miracast-core",
        "--package=miracast-kmd-iface",
        "--package=miracast-umd",
        "--no-default-features",
        "--lib",
    ],
    &["--package=miracast-os"],
];

/// Builds and runs the tests.
///
/// # Errors
/// If this is not Linux, or a test fails.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    ensure!(
        cfg!(target_os = "linux"),
        "the tests are run under the sanitizer on Linux only"
    );
    for tests in TESTS {
        let status = command(tests).status().context("cargo")?;
        let what = tests.join(" ");
        ensure!(status.success(), "cargo test {what}: {status}");
    }
    println!("AddressSanitizer finds nothing");
    Ok(ExitCode::SUCCESS)
}

fn command(tests: &[&str]) -> Command {
    let mut command = cargo();
    command.arg("test").args(tests);
    // With a target named, build scripts and macros are not instrumented.
    command.args([
        "--target",
        &format!("{}-unknown-linux-gnu", std::env::consts::ARCH),
    ]);
    command.args(["--target-dir", "target/sanitize/address"]);
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        // Tests leak on purpose what must live for the whole program.
        .env("ASAN_OPTIONS", "detect_leaks=0");
    command
}
