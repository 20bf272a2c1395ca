//! `cargo xtask uninstall`: takes back what `cargo xtask install` did. It has never run on Windows.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;

use crate::cert;
use crate::machine::{self, Machine, STORES};

/// Remove the package and its test certificate from this Windows machine, as administrator
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `cargo xtask package` made, if not target/package; its certificate is distrusted
    #[arg(long, value_name = "DIR")]
    package: Option<PathBuf>,
}

impl Args {
    /// Removes the package first: a driver must not outlive the trust in its signature.
    ///
    /// # Errors
    /// If this is not Windows, or Windows refuses a step.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut machine = Machine::open("uninstall")?;
        match machine.published().map_err(anyhow::Error::msg)? {
            Some(name) => {
                let printed = machine.tool(&["pnputil", "/delete-driver", &name, "/uninstall"])?;
                // 3010 is ERROR_SUCCESS_REBOOT_REQUIRED.
                let done = printed.status.success() || printed.status.code() == Some(3010);
                ensure!(
                    done,
                    "pnputil did not remove {name}: {}",
                    printed.stdout.trim()
                );
                println!("{name} is removed from the driver store");
            }
            None => println!("the driver store has no package of this driver"),
        }
        let certificate = machine::package_directory(self.package).join(cert::FILE);
        let thumbprint = machine.thumbprint(&certificate)?;
        for store in STORES {
            if machine
                .trusts(store, &thumbprint)
                .map_err(anyhow::Error::msg)?
            {
                let printed = machine.tool(&["certutil", "-delstore", store, &thumbprint])?;
                ensure!(
                    printed.status.success(),
                    "certutil did not take the certificate out of {store}; this needs an administrator"
                );
            }
            println!("the certificate is not in {store}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
