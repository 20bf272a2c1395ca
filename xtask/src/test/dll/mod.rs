//! The DLL as a file: what Windows, the debugger and a reviewer find in it.
//!
//! Nothing is run here. The first check builds, the others look at what it left.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use image::Image;

use super::Check;
use crate::build::{self, Arch, cross, version_resource};
use crate::runner::{CouldNotRun, Runner, TOOL_LIMIT};
use crate::suite::project_root;

mod guard;
mod headers;
mod image;
mod imports;
mod panics;
mod paths;
mod probe;
mod stack;

const BUILD: &str = "dll-build";

pub(super) const CHECKS: [Check; 8] = [
    Check {
        name: BUILD,
        needs: cross::PACKAGES,
        after: &[],
        run: both_build,
    },
    check("dll-exports", only_one_export),
    check("dll-imports", imports_as_listed),
    check("dll-headers", headers_are_right),
    check("dll-paths", no_path_of_this_machine),
    check("dll-stack", frames_are_bounded),
    check("dll-panics", panics_as_listed),
    probe::CHECK,
];

/// A check of what [`BUILD`] left.
const fn check(name: &'static str, run: fn(&mut Runner) -> anyhow::Result<String>) -> Check {
    Check {
        name,
        needs: cross::PACKAGES,
        after: &[BUILD],
        run,
    }
}

const EXPORT: &str = "QueryMiracastDriverInterface";

/// Bytes of the DLL: it had 238 000 when the bound was set, with sound, R2 and the trace's texts. What
/// makes it much larger is code that nobody meant to bring, such as that which formats floating point.
const SIZE_MAX: usize = 256 * 1024;

fn both_build(runner: &mut Runner) -> anyhow::Result<String> {
    let mut sizes = Vec::new();
    for arch in Arch::ALL {
        let path = build::dll(runner, arch)?;
        let image = Image::parse(&fs::read(path)?)?;
        settle(runner, arch, &size_fault(&image))?;
        sizes.push(format!("{} bytes for {}", image.size, arch.name()));
    }
    Ok(sizes.join(", "))
}

fn size_fault(image: &Image) -> Vec<String> {
    if image.size > SIZE_MAX {
        vec![format!("the file has {} bytes", image.size)]
    } else {
        Vec::new()
    }
}

fn only_one_export(runner: &mut Runner) -> anyhow::Result<String> {
    for arch in Arch::ALL {
        settle(runner, arch, &export_faults(&open(arch)?))?;
    }
    Ok(format!("{EXPORT}, and nothing else"))
}

fn export_faults(image: &Image) -> Vec<String> {
    let others = image.exports.iter().filter(|name| *name != EXPORT);
    let mut faults: Vec<_> = others.map(|name| format!("exports {name}")).collect();
    if !image.exports.contains(EXPORT) {
        faults.push(format!("does not export {EXPORT}"));
    }
    faults
}

fn imports_as_listed(runner: &mut Runner) -> anyhow::Result<String> {
    let listed = fs::read_to_string(project_root().join(imports::LIST_PATH))?;
    let listed = imports::entries(&listed).context(imports::LIST_PATH)?;
    for arch in Arch::ALL {
        let faults = imports::faults(&listed, &open(arch)?.imports);
        settle(runner, arch, &faults)?;
    }
    Ok(format!("{} functions, as listed", listed.len()))
}

fn headers_are_right(runner: &mut Runner) -> anyhow::Result<String> {
    for arch in Arch::ALL {
        let guid = pdb_guid(runner, &place(arch).with_extension("pdb"))?;
        let faults = headers::faults(&open(arch)?, arch, version_resource::VERSION, &guid);
        settle(runner, arch, &faults)?;
    }
    Ok("mitigations, version, PDB, no thread-local storage, zeroed statics".into())
}

fn no_path_of_this_machine(runner: &mut Runner) -> anyhow::Result<String> {
    // With what is in them: a short name alone may stand in the files by chance.
    let cargo = cross::cargo_home()?;
    let places = [project_root(), cargo.join("registry"), cargo.join("git")];
    let places = places.map(|place| format!("{}/", place.display()));
    for arch in Arch::ALL {
        for file in [place(arch), place(arch).with_extension("pdb")] {
            settle(runner, arch, &paths::faults(&file, &places)?)?;
        }
    }
    Ok("neither in the DLLs nor in the PDBs".into())
}

fn frames_are_bounded(runner: &mut Runner) -> anyhow::Result<String> {
    let mut seen = Vec::new();
    for arch in Arch::ALL {
        let pdb = place(arch).with_extension("pdb");
        let frames = stack::large_frames(&pdb_dump(runner, "-symbols", &pdb)?)?;
        for (size, function) in &frames {
            runner.note(&format!("{}: {size} bytes: {function}", arch.name()))?;
        }
        settle(runner, arch, &stack::faults(&frames))?;
        let largest = frames.first().map_or(0, |(size, _)| *size);
        seen.push(format!(
            "{}: {} frames over a page, the largest {largest} bytes",
            arch.name(),
            frames.len()
        ));
    }
    Ok(seen.join("; "))
}

fn panics_as_listed(runner: &mut Runner) -> anyhow::Result<String> {
    let listed = fs::read_to_string(project_root().join(panics::LIST_PATH))?;
    let listed = imports::entries(&listed).context(panics::LIST_PATH)?;
    let mut found = BTreeSet::new();
    let mut counts = Vec::new();
    for arch in Arch::ALL {
        let calls = panic_calls(runner, arch)?;
        counts.push(format!("{} calls on {}", calls.len(), arch.name()));
        let mut command = Command::new("llvm-symbolizer-19");
        command.args(["--inlining", "--pretty-print"]);
        command.arg("--obj").arg(place(arch));
        command.args(calls.iter().map(|call| format!("{call:#x}")));
        let symbolized = runner.run(&mut command, TOOL_LIMIT)?.stdout;
        found.extend(panics::places(&symbolized)?);
    }
    let faults = panics::faults(&listed, &found);
    for fault in &faults {
        runner.note(fault)?;
    }
    ensure!(faults.is_empty(), "the DLLs: {}", faults.join("; "));
    Ok(format!(
        "{} places, as listed: {}",
        listed.len(),
        counts.join(", ")
    ))
}

/// The addresses from which the DLL calls a function that panics.
fn panic_calls(runner: &mut Runner, arch: Arch) -> anyhow::Result<Vec<u64>> {
    let path = place(arch);
    let text = open(arch)?.sections.first().map(|section| section.address);
    let dump = pdb_dump(runner, "-symbols", &path.with_extension("pdb"))?;
    let functions = panics::functions(&dump, text.context("the DLL has no section")?)?;
    let mut command = Command::new("llvm-objdump-19");
    command.args(["-d", "--no-show-raw-insn"]).arg(&path);
    let disassembly = runner.run(&mut command, TOOL_LIMIT)?.stdout;
    panics::calls(&disassembly, &functions)
}

/// Fails if there are faults, and names them in the log.
fn settle(runner: &mut Runner, arch: Arch, faults: &[String]) -> anyhow::Result<()> {
    for fault in faults {
        runner.note(&format!("{}: {fault}", arch.name()))?;
    }
    ensure!(
        faults.is_empty(),
        "{}: {} faults, the first: {}",
        arch.name(),
        faults.len(),
        faults[0]
    );
    Ok(())
}

fn place(arch: Arch) -> PathBuf {
    build::directory(arch).join("miracast_umd.dll")
}

/// The DLL that [`BUILD`] left.
fn open(arch: Arch) -> anyhow::Result<Image> {
    let path = place(arch);
    let data =
        fs::read(&path).map_err(|error| CouldNotRun(format!("{}: {error}", path.display())))?;
    Image::parse(&data)
}

/// The GUID by which the debugger knows that the PDB belongs to the DLL.
fn pdb_guid(runner: &mut Runner, pdb: &Path) -> anyhow::Result<String> {
    let summary = pdb_dump(runner, "-summary", pdb)?;
    let guid = summary.lines().find_map(|line| {
        let guid = line.trim().strip_prefix("GUID: {")?;
        guid.strip_suffix('}')
    });
    Ok(guid.context("the PDB has no GUID")?.to_owned())
}

fn pdb_dump(runner: &mut Runner, what: &str, pdb: &Path) -> anyhow::Result<String> {
    let mut command = Command::new("llvm-pdbutil-19");
    command.args(["dump", what]).arg(pdb);
    Ok(runner.run(&mut command, TOOL_LIMIT)?.stdout)
}
