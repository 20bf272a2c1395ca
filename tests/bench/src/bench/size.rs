//! How large the program files are that a session needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use super::Setup;
use crate::contestant::Contestant;
use crate::outcome::{Outcome, Row, Target};
use crate::place::{ONE_SLICE, Who, Work};
use crate::rounds::to_f64;

/// What the DLL may have at most: `cargo xtask test dll-build` fails above it.
const DLL_MAX: f64 = 256.0;

/// Files that are in every process: the C library, the mathematics, the loader.
const OF_THE_SYSTEM: [&str; 3] = ["libc.so", "libm.so", "ld-linux"];

/// The DLL beside the files that the peers have mapped after a pass.
pub(super) fn size(setup: &Setup) -> anyhow::Result<Outcome> {
    let mut rows = Vec::new();
    let mut targets = Vec::new();
    if let Some(dll) = &setup.dll {
        let kib = to_f64(fs::metadata(dll)?.len()) / 1024.0;
        rows.push(Row::exact("this driver: the DLL for x64", kib, "KiB"));
        targets.push(Target::at_most("KiB of the DLL", kib, DLL_MAX));
    }
    for who in [Who::LavfRtp, Who::GStreamer] {
        let work = Work::memory(ONE_SLICE, 1, 1);
        let mut contestant = Contestant::start(&mut setup.place.command(&[], who, &work)?)?;
        contestant.pass()?;
        let (mut bytes, mut files) = (0, 0_u64);
        for file in mapped(contestant.id())? {
            bytes += fs::metadata(&file)?.len();
            files += 1;
        }
        let who = format!("{}: {files} program files", who.name());
        rows.push(Row::exact(who, to_f64(bytes) / 1024.0, "KiB"));
    }
    Ok(Outcome {
        name: "size",
        about:
            "Files with machine code that take part: the driver with its whole control plane, and \
                the program and libraries that each peer has mapped when it has made datagrams, \
                without the C library."
                .to_owned(),
        unit: "KiB",
        rows,
        targets,
        series: Vec::new(),
    })
}

/// The files of which a process has mapped code.
fn mapped(process: u32) -> anyhow::Result<BTreeSet<PathBuf>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).context("no such process")?;
    let files = maps.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let executable = words.nth(1)?.contains('x');
        let path = words
            .nth(3)
            .filter(|path| executable && path.starts_with('/'))?;
        let system = OF_THE_SYSTEM.iter().any(|name| path.contains(name));
        (!system).then(|| PathBuf::from(path))
    });
    Ok(files.collect())
}
