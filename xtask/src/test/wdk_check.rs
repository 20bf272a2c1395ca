//! The build through the Windows Driver Kit, type-checked without it, and proof that the check sees
//! what it is for.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::Check;
use crate::runner::{BUILD_LIMIT, Runner};
use crate::suite::project_root;
use crate::wdk_check::{self, TARGETS, shape};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "wdk-check",
        needs: wdk_check::PACKAGES,
        after: &[],
        run: check,
    },
    Check {
        name: "wdk-check-probe",
        needs: wdk_check::PACKAGES,
        after: &["wdk-check"],
        run: probe,
    },
];

fn check(runner: &mut Runner) -> anyhow::Result<String> {
    shape::make()?;
    for target in TARGETS {
        let mut command = wdk_check::command(&project_root(), target)?;
        runner.run(&mut command, BUILD_LIMIT)?;
    }
    Ok(format!(
        "our use of wdk-sys and wdk-build, and our types against stand-ins of the kit's headers, for {}",
        TARGETS.join(" and ")
    ))
}

/// The packages of the copy into which faults are put.
const MEMBERS: [&str; 3] = ["core", "kmd-iface", "umd"];

/// A fault put into a copy of the driver.
struct Fault {
    file: &'static str,
    /// What is replaced, each pair in the whole file.
    changes: &'static [(&'static str, &'static str)],
    /// What the compiler must say.
    error: &'static str,
    /// Where it must say it.
    place: &'static str,
}

const ABI: &str = "umd/src/ddi/abi.rs";

const FAULTS: [Fault; 5] = [
    Fault {
        file: ABI,
        changes: &[(
            "PROTOCOL_EVENT_IFRAME_RQ: MIRACAST_PROTOCOL_EVENT = 0",
            "PROTOCOL_EVENT_IFRAME_RQ: MIRACAST_PROTOCOL_EVENT = 3",
        )],
        error: "error[E0080]",
        place: "umd/src/ddi/wdk/values.rs",
    },
    // Two fields change places. Our own assertions on offsets agree: only the kit does not.
    Fault {
        file: ABI,
        changes: &[
            ("LocalMaxBitRate", "Third"),
            ("RemoteMaxBitRate", "LocalMaxBitRate"),
            ("Third", "RemoteMaxBitRate"),
        ],
        error: "error[E0080]",
        place: "umd/src/ddi/wdk/layout.rs",
    },
    Fault {
        file: ABI,
        changes: &[("pub type BOOL = i32;", "pub type BOOL = u8;")],
        error: "the kit's header has `i32` where the driver has `u8`",
        place: "umd/src/ddi/wdk/layout.rs",
    },
    Fault {
        file: "kmd-iface/src/status.rs",
        changes: &[("0xC000_0468", "0xC000_0469")],
        error: "error[E0080]",
        place: "umd/src/ddi/wdk/values.rs",
    },
    Fault {
        file: "umd/build.rs",
        changes: &[("netdispumdddi.h>", "netdispumdddi2.h>")],
        error: "'netdispumdddi2.h' file not found",
        place: "kit.h",
    },
];

/// Shows that the check above can fail, and that it reads the headers.
fn probe(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = runner.scratch()?;
    for fault in &FAULTS {
        copy_workspace(&directory)?;
        fault.put_into(&directory)?;
        let mut command = wdk_check::command(&directory, TARGETS[0])?;
        let printed = runner.finish(&mut command, BUILD_LIMIT)?;
        let (file, error) = (fault.file, fault.error);
        ensure!(!printed.status.success(), "a fault in {file} was not seen");
        ensure!(
            printed.stderr.contains(error) && printed.stderr.contains(fault.place),
            "a fault in {file} was seen as something else than `{error}` in {}",
            fault.place
        );
    }
    Ok(format!(
        "{} faults, each refused for its own reason",
        FAULTS.len()
    ))
}

impl Fault {
    fn put_into(&self, directory: &Path) -> anyhow::Result<()> {
        let path = directory.join(self.file);
        let mut text = fs::read_to_string(&path)?;
        for (from, to) in self.changes {
            ensure!(text.contains(from), "{}: no `{from}`", self.file);
            text = text.replace(from, to);
        }
        fs::write(path, text).context(self.file)
    }
}

/// Copies the driver and what it depends on, as a workspace of its own.
fn copy_workspace(to: &Path) -> anyhow::Result<()> {
    let root = project_root();
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    fs::create_dir_all(to)?;
    fs::write(to.join("Cargo.toml"), with_members(&manifest, &MEMBERS)?)?;
    fs::copy(root.join("Cargo.lock"), to.join("Cargo.lock"))?;
    for member in MEMBERS {
        copy(&root.join(member), &to.join(member))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(path, to)?;
        }
    }
    Ok(())
}

fn with_members(manifest: &str, members: &[&str]) -> anyhow::Result<String> {
    let (before, rest) = manifest.split_once("members = [").context("no members")?;
    let (_, after) = rest.split_once(']').context("no end of the members")?;
    Ok(format!("{before}members = {members:?}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_replaced_and_nothing_else() {
        let manifest = "[workspace]\nmembers = [\n    \"a\",\n]\n[package]\n";
        assert_eq!(
            with_members(manifest, &["b", "c"]).unwrap(),
            "[workspace]\nmembers = [\"b\", \"c\"]\n[package]\n"
        );
    }
}
