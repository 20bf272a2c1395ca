//! Proof that the shipped crates neither link `std` nor can allocate: they are built where `core`
//! is the only crate of the standard library that exists.

use std::fs;
use std::path::Path;

use anyhow::ensure;

use super::Check;
use super::runner::{BUILD_LIMIT, Runner};
use crate::debian_rust::{self, debian_cargo};

/// A target without an operating system, so that nothing can come from there either.
const BARE_METAL: &str = "x86_64-unknown-none";

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "no-std",
        needs: debian_rust::PACKAGES,
        after: &[],
        run: shipped_crates,
    },
    Check {
        name: "no-std-probe",
        needs: debian_rust::PACKAGES,
        after: &[],
        run: probe,
    },
];

fn shipped_crates(runner: &mut Runner) -> anyhow::Result<String> {
    let mut command = debian_cargo("build", BARE_METAL);
    command.args(["-p", "miracast-core", "-p", "miracast-kmd-iface"]);
    runner.run(&mut command, BUILD_LIMIT)?;
    Ok(format!(
        "core and kmd-iface build for {BARE_METAL} from core alone"
    ))
}

/// Shows that the check above can fail: the same build of a crate that wants `alloc`.
fn probe(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = runner.scratch()?;
    write_probe(&directory)?;
    let mut command = debian_cargo("build", BARE_METAL);
    let printed = runner.finish(command.current_dir(&directory), BUILD_LIMIT)?;
    ensure!(
        !printed.status.success(),
        "a crate that uses alloc was built"
    );
    ensure!(
        printed.stderr.contains("can't find crate for `alloc`"),
        "the probe failed for another reason"
    );
    Ok("a crate that uses alloc is refused".into())
}

fn write_probe(directory: &Path) -> anyhow::Result<()> {
    // The workspace's own profile: the core that was built for it is then used again.
    let manifest = "[workspace]\n[package]\nname = \"probe\"\nedition = \"2024\"\n\
                    [lib]\npath = \"lib.rs\"\n\
                    [profile.dev]\nopt-level = 1\n\
                    [profile.dev.package.\"*\"]\nopt-level = 3\n";
    fs::write(directory.join("Cargo.toml"), manifest)?;
    let library = "#![no_std]\nextern crate alloc;\n\
                   pub fn allocate() -> alloc::boxed::Box<u8> { alloc::boxed::Box::new(0) }\n";
    fs::write(directory.join("lib.rs"), library)?;
    Ok(())
}
