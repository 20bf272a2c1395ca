//! A session with picast, a Miracast sink that others wrote: what we say has to satisfy somebody
//! else's reading of the specification too.
//!
//! It comes from PyPI into a virtual environment under target/, with the versions that
//! tests/interop/picast/requirements.txt pins; tests/interop/picast/sink.py runs it.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::recording::Codec;
use super::runner::{CouldNotRun, Runner};
use super::summary::Summary;
use super::{Check, ffmpeg};
use crate::suite::{Program, free_address, project_root};

pub(crate) const CHECK: Check = Check {
    name: "picast",
    needs: &["ffmpeg", "nasm", "python3-venv"],
    after: &[],
    run,
};

const INSTALL_LIMIT: Duration = Duration::from_mins(5);
const CAST_SECONDS: &str = "5";
const LIMIT: Duration = Duration::from_mins(1);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let python = environment(runner)?;
    let cast = runner.build(Program::Cast)?;
    let out = runner.scratch()?;
    let address = free_address()?;
    let json = out.join("cast.json");
    let mut source = Command::new(cast);
    source
        .current_dir(project_root())
        .args(["--listen", &address, "--seconds", CAST_SECONDS]);
    source.arg("--json").arg(&json);
    let mut peer = Command::new(python);
    peer.arg(place().join("sink.py"))
        .args(["--connect", &address, "--timeout", "40"]);
    peer.arg("--out").arg(&out);

    let source = runner.start(&mut source, "cast")?;
    let peer = runner.start(&mut peer, "picast")?;
    let (source, peer) = (source.finish(runner, LIMIT), peer.finish(runner, LIMIT));
    let (source, peer) = (source?, peer?);
    ensure!(
        peer.status.success(),
        "picast: {} {}",
        peer.status,
        peer.stdout.trim()
    );
    ensure!(source.status.success(), "cast: {}", source.status);

    let received: Summary = peer.stdout.parse()?;
    received.want_zero(&["lost", "malformed"])?;
    let stream = out.join("stream.ts");
    ffmpeg::decode(runner, &stream)?;
    let video = ffmpeg::probe(runner, &stream, Codec::H264)?;
    let sent = Summary::read(&json)?.count("frames_sent")?;
    ensure!(
        video.frames == sent && sent > 0,
        "{} frames of {sent}",
        video.frames
    );
    Ok(format!("negotiated, played {sent} frames, torn down"))
}

fn place() -> PathBuf {
    project_root().join("tests/interop/picast")
}

/// The Python of the virtual environment, which is made anew when the pinned versions change.
fn environment(runner: &mut Runner) -> anyhow::Result<PathBuf> {
    let requirements = place().join("requirements.txt");
    let directory = project_root().join("target/picast");
    let python = directory.join("bin/python");
    let installed = directory.join("requirements.txt");
    if fs::read(&installed).ok() == Some(fs::read(&requirements)?) {
        return Ok(python);
    }
    // Debian's own interpreter: the package python3-venv serves that one.
    let mut make = Command::new("/usr/bin/python3");
    runner.run(
        make.args(["-m", "venv", "--clear"]).arg(&directory),
        INSTALL_LIMIT,
    )?;
    install(runner, &python, &requirements)?;
    // Copied last: an environment that is only half there has none.
    fs::copy(&requirements, &installed)?;
    Ok(python)
}

fn install(runner: &mut Runner, python: &Path, requirements: &Path) -> anyhow::Result<()> {
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--no-deps",
        "-r",
    ]);
    let printed = runner.finish(pip.arg(requirements), INSTALL_LIMIT)?;
    if printed.status.success() {
        return Ok(());
    }
    let last = printed.stderr.lines().last().unwrap_or_default();
    Err(CouldNotRun(format!("pip does not install picast: {last}")).into())
}
