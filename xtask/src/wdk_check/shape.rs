//! A directory with the shape of the Windows Driver Kit, made of Wine's headers (Debian's
//! libwine-dev) and of the stand-ins beside this file.
//!
//! What it is not: a driver kit. Nothing that is built against it is for use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::suite::project_root;

/// The version that the directories are named after. wdk-build wants some.
pub(crate) const VERSION: &str = "10.0.26100.0";

/// Where libwine-dev puts its headers.
const WINE: &str = "/usr/include/wine/wine";

/// The stand-ins and their places under the root.
const STAND_INS: [(&str, &str); 3] = [
    (
        "Include/10.0.26100.0/um/netdispumdddi.h",
        include_str!("stand_in/netdispumdddi.h"),
    ),
    (
        "Include/10.0.26100.0/um/d3dkmthk.h",
        include_str!("stand_in/d3dkmthk.h"),
    ),
    (
        "Include/wdf/umdf/2.33/wdf.h",
        include_str!("stand_in/wdf.h"),
    ),
];

const WINDOWS_CALLS: &str = include_str!("stand_in/windows_calls.c");

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    project_root().join("target/wdk-shape")
}

/// What the kit's build scripts are linked with.
pub(crate) fn windows_calls() -> PathBuf {
    root().join("windows_calls.o")
}

/// Makes the tree, or brings it up to date. A file that is right already keeps its time, which
/// cargo goes by.
///
/// # Errors
/// If Wine's headers are not there, or a file cannot be written or compiled.
pub(crate) fn make() -> anyhow::Result<()> {
    let include = root().join("Include").join(VERSION);
    copy(&Path::new(WINE).join("msvcrt"), &include.join("km/crt"))?;
    copy(&Path::new(WINE).join("windows"), &include.join("shared"))?;
    for (path, text) in STAND_INS {
        write(&root().join(path), text.as_bytes())?;
    }
    let source = root().join("windows_calls.c");
    if write(&source, WINDOWS_CALLS.as_bytes())? || !windows_calls().exists() {
        let mut cc = Command::new("cc");
        cc.args(["-c", "-fPIC", "-o"])
            .arg(windows_calls())
            .arg(&source);
        let status = cc.status().context("cc")?;
        ensure!(status.success(), "cc {}: {status}", source.display());
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &to)?;
        } else {
            write(&to, &fs::read(path)?)?;
        }
    }
    Ok(())
}

/// Writes `bytes` unless the file holds them; says whether it did.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())?;
    Ok(true)
}
