//! Shows that the checks of the DLL can fail: a DLL of our own that has one of each fault.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::image::Image;
use super::{export_faults, headers, imports, paths, size_fault};
use crate::build::{Arch, cross};
use crate::runner::{Runner, TOOL_LIMIT};
use crate::test::Check;

pub(super) const CHECK: Check = Check {
    name: "dll-probe",
    needs: cross::PACKAGES,
    after: &[],
    run,
};

const SOURCE: &str = include_str!("probe.s");

/// What is wrong with it, in the words of the checks.
const FAULTS: [&str; 21] = [
    "the file has",
    "exports SecondExport",
    "imports kernel32.dll HeapAlloc, which is not listed",
    "imports kernel32.dll HeapAlloc, which allocates",
    "it is for the machine 0x8664",
    "DYNAMIC_BASE is not set",
    "HIGH_ENTROPY_VA is not set",
    "NX_COMPAT is not set",
    "GUARD_CF is not set",
    "it has an entry function",
    "it has thread-local storage",
    "its version is None",
    "its PDB is None",
    "its guard flags are 0x0, for 0 functions",
    "it has a guard dispatch function",
    "its guard check function is no code",
    "its guard dispatch function is no code",
    "no call goes by its guard check function",
    ".both",
    "bytes of writable data are in the file",
    "names /built/by/somebody",
];

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = runner.scratch()?;
    let path = link(runner, &directory)?;
    let image = Image::parse(&fs::read(&path)?)?;
    let mut found = size_fault(&image);
    found.extend(export_faults(&image));
    found.extend(imports::faults(&BTreeSet::new(), &image.imports));
    found.extend(headers::faults(&image, Arch::Arm64, "0.0.0", ""));
    let places = ["/built/by/somebody", "/built/by/nobody"].map(str::to_owned);
    found.extend(paths::faults(&path, &places)?);
    for fault in &found {
        runner.note(fault)?;
    }
    let unseen: Vec<_> = FAULTS
        .iter()
        .filter(|fault| !found.iter().any(|found| found.contains(**fault)))
        .collect();
    ensure!(unseen.is_empty(), "not seen: {unseen:?}");
    ensure!(found.len() == FAULTS.len(), "more was seen than there is");
    Ok(format!("{} faults of a DLL are seen", found.len()))
}

/// Assembles and links the DLL.
fn link(runner: &mut Runner, directory: &Path) -> anyhow::Result<PathBuf> {
    fs::write(directory.join("probe.s"), SOURCE)?;
    let definition = "LIBRARY kernel32.dll\nEXPORTS\nHeapAlloc\n";
    fs::write(directory.join("kernel32.def"), definition)?;
    let steps: [(&str, &[&str]); 3] = [
        (
            "llvm-mc-19",
            &[
                "--triple=x86_64-pc-windows-msvc",
                "--filetype=obj",
                "-o",
                "probe.obj",
                "probe.s",
            ],
        ),
        (
            "llvm-dlltool-19",
            &[
                "-m",
                "i386:x86-64",
                "-d",
                "kernel32.def",
                "-l",
                "kernel32.lib",
            ],
        ),
        (
            "lld-link-19",
            &[
                "/DLL",
                "/NODEFAULTLIB",
                "/ENTRY:SecondExport",
                "/EXPORT:QueryMiracastDriverInterface",
                "/EXPORT:SecondExport",
                "/INCLUDE:_tls_used",
                "/DYNAMICBASE:NO",
                "/HIGHENTROPYVA:NO",
                "/NXCOMPAT:NO",
                "/OUT:probe.dll",
                "probe.obj",
                "kernel32.lib",
            ],
        ),
    ];
    for (program, arguments) in steps {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(directory);
        runner.run(&mut command, TOOL_LIMIT)?;
    }
    Ok(directory.join("probe.dll"))
}
