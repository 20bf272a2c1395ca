//! The Debian packages that the checks need: what is missing is installed, if we may.

use super::Check;
use super::runner::Runner;
use crate::apt::{self, INSTALL_LIMIT};
use crate::suite::cargo;

/// Every package that a check names. nasm is here for OpenH264, which without it builds its slow C
/// paths; so this check comes before the first build of it.
pub(crate) const LIST: [&str; 25] = [
    "cargo-web",
    "clang-tools-19",
    "ffmpeg",
    "g++-mingw-w64-x86-64",
    "gcc-mingw-w64-x86-64",
    "gstreamer1.0-libav",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-ugly",
    "gstreamer1.0-tools",
    "libclang-19-dev",
    "libwine-dev",
    "lld-19",
    "llvm-19",
    "nasm",
    "openssl",
    "osslsigncode",
    "python3-venv",
    "rust-web-src",
    "rustc-web",
    "tshark",
    "tstools",
    "valgrind",
    "wine64",
];

pub(crate) const CHECK: Check = Check {
    name: "packages",
    needs: &[],
    after: &[],
    run: install,
};

fn install(runner: &mut Runner) -> anyhow::Result<String> {
    let installed = apt::install(&LIST, runner)?;
    if installed.contains(&"nasm") {
        forget_openh264(runner)?;
    }
    Ok(if installed.is_empty() {
        format!("{} installed", LIST.len())
    } else {
        format!("installed {}", installed.join(" "))
    })
}

/// Removes what was built of OpenH264: its build script does not look for nasm again by itself.
fn forget_openh264(runner: &mut Runner) -> anyhow::Result<()> {
    for profile in ["dev", "release"] {
        let mut clean = cargo();
        clean.args(["clean", "--package", "openh264-sys2", "--profile", profile]);
        // Cargo may have to fetch the packages first, to know what there is.
        runner.run(&mut clean, INSTALL_LIMIT)?;
    }
    Ok(())
}
