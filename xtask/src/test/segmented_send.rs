//! Sends of several datagrams in one call (`UDP_SEND_MSG_SIZE`), which Wine refuses: the tests of
//! umd::os run against a stand-in for Winsock that accepts them and fails where it is told.
//!
//! The stand-in is a DLL of our own that passes on what it does not do itself. The program is a copy
//! of the unit tests in which the name of the DLL is replaced by one of the same length.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::os_wine;
use super::runner::{Runner, TOOL_LIMIT};
use crate::suite::project_root;
use crate::wine::{self, CC, wine};

pub(crate) const CHECK: Check = Check {
    name: "segmented-send",
    needs: wine::PACKAGES,
    after: &[],
    run,
};

const WINSOCK: &[u8] = b"ws2_32.dll";
const STANDIN: &[u8] = b"ws2_3s.dll";

/// What all of the stand-in's tests begin with.
const TESTS: &str = "segmented_";
const TESTS_COUNT: u32 = 6;

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let program = os_wine::build(runner, &os_wine::DRIVER)?;
    let directory = runner.scratch()?;
    wine::prepare(&directory)?;
    build_standin(&directory, runner)?;
    let (patched, places) = with_standin(&fs::read(&program)?);
    ensure!(places > 0, "the program does not import Winsock by name");
    let copy = directory.join("tests.exe");
    fs::write(&copy, patched)?;
    let mut command = wine(&copy);
    command.args(["--ignored", "--test-threads=1", TESTS]);
    let printed = runner.run(&mut command, TOOL_LIMIT)?;
    let passed = os_wine::passed(&printed.stdout).context("no test ran")?;
    ensure!(
        passed == TESTS_COUNT,
        "{passed} tests, {TESTS_COUNT} wanted"
    );
    Ok(format!("{passed} tests against the stand-in for Winsock"))
}

fn build_standin(directory: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    let sources = project_root().join("tests/standin");
    let mut compile = Command::new(CC);
    compile.args(["-shared", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]);
    compile.arg(directory.join("ws2_3s.dll"));
    for file in ["ws2_3s.c", "ws2_3s.def"] {
        compile.arg(sources.join(file));
    }
    runner.run(compile.arg("-lws2_32"), TOOL_LIMIT)?;
    Ok(())
}

/// `program` with the stand-in's name in place of Winsock's, however it is written, and in how many
/// places.
fn with_standin(program: &[u8]) -> (Vec<u8>, usize) {
    let mut patched = program.to_vec();
    let mut places = 0;
    for at in 0..program.len().saturating_sub(WINSOCK.len()) {
        if let Some(name) = patched.get_mut(at..at + WINSOCK.len())
            && name.eq_ignore_ascii_case(WINSOCK)
        {
            name.copy_from_slice(STANDIN);
            places += 1;
        }
    }
    (patched, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_replaced_however_it_is_written() {
        let (patched, places) = with_standin(b"\0WS2_32.dll\0ws2_32.dll\0ws2_31.dll\0");
        assert_eq!(places, 2);
        assert_eq!(patched, b"\0ws2_3s.dll\0ws2_3s.dll\0ws2_31.dll\0");
    }
}
