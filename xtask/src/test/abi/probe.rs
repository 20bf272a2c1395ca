//! Proof that the host in C can fail: its typing of the interface is spoilt, one place at a time, and
//! it is told to leak. Each time the check that stands for that place has to object, in the words
//! that fit; another objection proves nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::spoils::{SPOILS, Spoil};
use super::{compile, compiler, host, lines, place, sources, stage};
use crate::runner::{Runner, TOOL_LIMIT};

/// The file that is spoilt, and the one that says what its numbers must be.
const TYPING: &str = "netdispumdddi.h";
const ASSERTIONS: &str = "layout.c";

/// What is left behind on demand, and what the host says of it.
const LEAKS: [(&str, &str); 2] = [
    ("handle", "handles before 1000 cycles"),
    ("thread", "threads before 1000 cycles"),
];

pub(super) fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = stage(runner)?;
    for spoil in SPOILS {
        let copy = spoilt(&directory, spoil)?;
        assertion_fails(runner, &copy, spoil)?;
        check_fails(runner, &copy, &directory, spoil)?;
    }
    let program = compile(runner, &sources(&place())?, &directory)?;
    for (what, objection) in LEAKS {
        let printed = host(runner, &program, &["--leak", what, "cycles"])?;
        let seen = lines(&printed.stdout)
            .any(|line| line.starts_with("FAILED cycles: ") && line.contains(objection));
        ensure!(
            seen && !printed.status.success(),
            "a leaked {what} is not seen"
        );
    }
    Ok(format!(
        "{} wrong places and {} leaks are objected to",
        SPOILS.len(),
        LEAKS.len()
    ))
}

/// A copy of the host with one wrong place.
fn spoilt(directory: &Path, spoil: &Spoil) -> anyhow::Result<PathBuf> {
    let copy = directory.join("spoilt");
    fs::create_dir_all(&copy)?;
    for entry in fs::read_dir(place())? {
        let entry = entry?;
        fs::copy(entry.path(), copy.join(entry.file_name()))?;
    }
    let typing = copy.join(TYPING);
    let text = fs::read_to_string(&typing)?;
    ensure!(
        text.matches(spoil.right).count() == 1,
        "{TYPING} has not once {:?}",
        spoil.right
    );
    fs::write(&typing, text.replace(spoil.right, spoil.wrong))?;
    Ok(copy)
}

fn assertion_fails(runner: &mut Runner, copy: &Path, spoil: &Spoil) -> anyhow::Result<()> {
    let mut command = compiler();
    command.arg("-fsyntax-only").arg(copy.join(ASSERTIONS));
    let printed = runner.finish(&mut command, TOOL_LIMIT)?;
    let said = format!("static assertion failed: \"{}\"", spoil.asserted);
    ensure!(
        !printed.status.success() && printed.stderr.contains(&said),
        "the compiler does not say: {}",
        spoil.asserted
    );
    Ok(())
}

/// Without the assertions: it is the DLL that must contradict.
fn check_fails(
    runner: &mut Runner,
    copy: &Path,
    directory: &Path,
    spoil: &Spoil,
) -> anyhow::Result<()> {
    let mut files = sources(copy)?;
    files.retain(|path| !path.ends_with(ASSERTIONS));
    let program = compile(runner, &files, directory).context(spoil.asserted)?;
    let printed = host(runner, &program, &[spoil.check])?;
    let wanted = format!("FAILED {}: {}", spoil.check, spoil.objection);
    let last = lines(&printed.stdout).find(|line| line.starts_with("FAILED "));
    ensure!(
        !printed.status.success() && last.is_some_and(|line| line.starts_with(&wanted)),
        "{}: wanted {wanted:?}, got {last:?}",
        spoil.asserted
    );
    Ok(())
}
