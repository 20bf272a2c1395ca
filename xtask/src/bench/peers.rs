//! The programs in C: one for each library of others, and one that counts allocations.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
use crate::suite::project_root;

/// A program and the packages of pkg-config that it needs.
const PEERS: [(&str, &[&str]); 2] = [
    ("lavf", &["libavformat", "libavcodec", "libavutil"]),
    ("gst", &["gstreamer-app-1.0"]),
];

const FLAGS: [&str; 6] = [
    "-std=c11",
    "-D_GNU_SOURCE",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
];

/// Compiles all of them into `place`/peers.
///
/// # Errors
/// A library is missing, or the compiler complains.
pub(super) fn compile(place: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    for (name, packages) in PEERS {
        let mut query = Command::new("pkg-config");
        query.args(["--cflags", "--libs"]).args(packages);
        let words = runner.run(&mut query, TOOL_LIMIT)?.stdout;
        let mut command = compiler(place, name);
        command
            .arg(source(name))
            .arg(source("pass"))
            .args(words.split_whitespace());
        runner.run(&mut command, BUILD_LIMIT)?;
    }
    compile_counter(place, runner)
}

/// Compiles what counts allocations.
///
/// # Errors
/// The compiler complains.
pub(super) fn compile_counter(place: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    let mut command = compiler(place, "mallocs.so");
    command.args(["-shared", "-fPIC"]).arg(source("mallocs"));
    runner.run(&mut command, BUILD_LIMIT)?;
    Ok(())
}

fn compiler(place: &Path, output: &str) -> Command {
    let mut command = Command::new("cc");
    command
        .args(FLAGS)
        .arg("-o")
        .arg(place.join("peers").join(output));
    command
}

fn source(name: &str) -> PathBuf {
    project_root()
        .join("tests/bench/peers")
        .join(format!("{name}.c"))
}
