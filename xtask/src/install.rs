//! `cargo xtask install`: trusts the test certificate of a package and installs the package in place
//! of those that were installed before. It has never run on Windows.
//!
//! What it does not: switch test signing on, which is a decision about the whole machine; `cargo
//! xtask doctor` says how it stands.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};

use crate::machine::{self, Machine, STORES, pnputil};
use crate::{cert, inf, package};

/// Install a test package on this Windows machine, as administrator
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `cargo xtask package` made, if not target/package
    #[arg(long, value_name = "DIR")]
    package: Option<PathBuf>,
}

impl Args {
    /// Installs, and says each step.
    ///
    /// # Errors
    /// If this is not Windows, the package is not whole, or Windows refuses it.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut machine = Machine::open("install")?;
        let directory = machine::package_directory(self.package);
        let arch = machine.arch()?;
        let driver = directory.join(arch.name());
        let summary = package::check(&driver, arch)?;
        ensure!(
            driver.join(package::CATALOG).is_file(),
            "{} has no catalog: pack on Windows",
            driver.display()
        );
        ensure!(
            !summary
                .hardware_ids
                .iter()
                .any(|id| id == inf::PLACEHOLDER_ID),
            "the package is for no device: pack with --hardware-id"
        );
        let certificate = directory.join(cert::FILE);
        let certificate = certificate.to_str().context("the path is not Unicode")?;
        for store in STORES {
            let printed = machine.tool(&["certutil", "-f", "-addstore", store, certificate])?;
            ensure!(
                printed.status.success(),
                "certutil did not put the certificate into {store}; this needs an administrator"
            );
            println!("the certificate is in {store}");
        }
        // What was built anew from the same commit has the same DriverVer, and Windows would keep the
        // old files for it.
        machine.remove_packages()?;
        let inf = driver.join(package::INF);
        let inf = inf.to_str().context("the path is not Unicode")?;
        let printed = machine.tool(&["pnputil", "/add-driver", inf, "/install"])?;
        let said = pnputil::added(printed.status.code())
            .map_err(|why| anyhow::anyhow!("{why}: {}", printed.stdout.trim()))?;
        println!("{said}\nnow: cargo xtask doctor");
        Ok(ExitCode::SUCCESS)
    }
}
