//! The driver package as it is made on this machine: its files, its INF, its signatures, and that
//! each of the three is seen when it is wrong.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use super::Check;
use super::runner::Runner;
use crate::build::Arch;
use crate::package::{self, osslsigncode, stamp};
use crate::{cert, inf};

pub(crate) const CHECKS: [Check; 2] = [
    Check {
        name: "inf",
        needs: &[],
        after: &[],
        run: template,
    },
    Check {
        name: "package",
        needs: &[
            "cargo-web",
            "lld-19",
            "llvm-19",
            "openssl",
            "osslsigncode",
            "rust-web-src",
            "rustc-web",
        ],
        after: &["inf"],
        run: package,
    },
];

/// When the package counts as made, so that the check needs no git: 2026-11-22 12:34:56 UTC.
const TIME: u64 = 1_795_350_896;

/// Every file of a package that is made on Linux.
const FILES: [&str; 7] = [
    "arm64/miracast_umd.dll",
    "arm64/miracast_umd.inf",
    "miracast-test.cer",
    "symbols/arm64/miracast_umd.pdb",
    "symbols/x64/miracast_umd.pdb",
    "x64/miracast_umd.dll",
    "x64/miracast_umd.inf",
];

/// The template makes a faultless INF for both processors, and none of its lines can be left out
/// without a fault.
fn template(runner: &mut Runner) -> anyhow::Result<String> {
    let mut lines = 0;
    for arch in Arch::ALL {
        let processor = package::decoration(arch);
        let files = [package::DLL.to_owned()];
        let beside = inf::Package {
            processor,
            files: &files,
            catalogued: false,
        };
        let ids = [inf::PLACEHOLDER_ID.to_owned()];
        let text = stamp::fill(stamp::TEMPLATE, processor, "01/01/1970,0.0.0.0", &ids);
        if let Err(faults) = inf::check(&text, &beside) {
            for fault in &faults {
                runner.note(&fault.to_string())?;
            }
            bail!("{} faults", faults.len());
        }
        lines = every_line_counts(&text, &beside)?;
    }
    Ok(format!(
        "no fault; each of its {lines} lines but the settings is needed"
    ))
}

fn every_line_counts(text: &str, beside: &inf::Package<'_>) -> anyhow::Result<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let mut tried = 0;
    for (at, line) in lines.iter().enumerate() {
        // The settings have defaults: an INF may go without.
        if line.is_empty() || line.starts_with(';') || line.starts_with("HKR,Miracast,") {
            continue;
        }
        let mut rest = lines.clone();
        rest.remove(at);
        let passed = inf::check(&rest.join("\r\n"), beside).is_ok();
        ensure!(!passed, "no fault is seen without line {}: {line}", at + 1);
        tried += 1;
    }
    Ok(tried)
}

fn package(runner: &mut Runner) -> anyhow::Result<String> {
    let scratch = runner.scratch()?;
    let out = scratch.join("out");
    let id = r"PCI\VEN_1234&DEV_5678";
    let certificate = package::make(&out, &[id.to_owned()], TIME, runner)?;
    let files = package::files(&out)?;
    ensure!(files == FILES, "the package holds {}", files.join(" "));
    let driver_ver = format!("11/22/2026,{}.754", env!("CARGO_PKG_VERSION"));
    for arch in Arch::ALL {
        let directory = out.join(arch.name());
        let summary = package::check(&directory, arch)?;
        ensure!(
            summary.hardware_ids == [id],
            "the INF is for {:?}",
            summary.hardware_ids
        );
        ensure!(
            summary.driver_ver == driver_ver,
            "DriverVer is {}",
            summary.driver_ver
        );
        surplus_is_seen(&directory, arch)?;
    }
    let cert::Key::File { certificate, .. } = &certificate.key else {
        bail!("the key is in no file");
    };
    for arch in Arch::ALL {
        let dll = out.join(arch.name()).join(package::DLL);
        osslsigncode::verify(&dll, certificate, runner)?;
        tampering_is_seen(&dll, certificate, &scratch, runner)?;
    }
    Ok(format!(
        "{} files, 2 signatures; a changed DLL is refused",
        files.len()
    ))
}

/// A file that the INF does not name is seen.
fn surplus_is_seen(directory: &Path, arch: Arch) -> anyhow::Result<()> {
    let surplus = directory.join("surplus.dll");
    fs::write(&surplus, "")?;
    let seen = package::check(directory, arch);
    fs::remove_file(surplus)?;
    let error = seen
        .err()
        .context("a file that the INF does not name is not seen")?;
    ensure!(
        error.to_string().contains("surplus.dll is in the package"),
        "{error:#}"
    );
    Ok(())
}

/// One changed bit, no signature, and another's signature are seen.
fn tampering_is_seen(
    dll: &Path,
    certificate: &Path,
    scratch: &Path,
    runner: &mut Runner,
) -> anyhow::Result<()> {
    let mut bytes = fs::read(dll)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let changed = scratch.join("changed.dll");
    fs::write(&changed, bytes)?;
    let passed = osslsigncode::verify(&changed, certificate, runner).is_ok();
    ensure!(!passed, "a changed bit of {} is not seen", dll.display());

    let strangers = scratch.join("another");
    fs::create_dir_all(&strangers)?;
    let cert::Key::File { certificate, .. } = cert::another(&strangers, runner)?.key else {
        bail!("the key is in no file");
    };
    let passed = osslsigncode::verify(dll, &certificate, runner).is_ok();
    ensure!(!passed, "{} passes for signed by another", dll.display());
    Ok(())
}
