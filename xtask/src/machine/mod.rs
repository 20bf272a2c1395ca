//! The Windows machine that we run on, as its own tools tell of it: reg, bcdedit, certutil, pnputil,
//! tasklist, whoami.
//!
//! Each tool has a module that reads what the tool prints; nothing but [`Machine`] runs one. What is
//! read is what Windows does not translate: values, not their captions. The printed texts of the
//! tests are typed from documentation, not recorded.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::build::Arch;
use crate::cert;
use crate::package;
use crate::runner::{Printed, Runner, TOOL_LIMIT};
use crate::suite::project_root;

pub(crate) mod bcdedit;
pub(crate) mod certutil;
pub(crate) mod d3dkmt;
pub(crate) mod pnputil;
pub(crate) mod reg;
pub(crate) mod tasklist;
pub(crate) mod whoami;

/// What was read, or why it could not be.
pub(crate) type Reading<T> = Result<T, String>;

/// The stores of the machine that a test certificate must be in: the one makes its signatures valid,
/// the other lets a driver with it install without a question.
pub(crate) const STORES: [&str; 2] = ["Root", "TrustedPublisher"];

/// Runs the tools.
#[derive(Debug)]
pub(crate) struct Machine {
    runner: Runner,
}

impl Machine {
    /// Begins the log of the verb.
    ///
    /// # Errors
    /// If this is not Windows.
    pub(crate) fn open(verb: &'static str) -> anyhow::Result<Self> {
        ensure!(
            cfg!(windows),
            "cargo xtask {verb} is for the Windows machine that the driver is installed on; this is not Windows"
        );
        Ok(Self {
            runner: Runner::open(verb)?,
        })
    }

    /// Runs a tool to its end, whatever its exit code.
    ///
    /// # Errors
    /// If it cannot be started, or hangs.
    pub(crate) fn tool(&mut self, words: &[&str]) -> anyhow::Result<Printed> {
        let (program, arguments) = words.split_first().context("no program")?;
        self.runner
            .finish(Command::new(program).args(arguments), TOOL_LIMIT)
    }

    /// What a tool prints.
    pub(crate) fn printed(&mut self, words: &[&str]) -> Reading<Printed> {
        self.tool(words).map_err(|error| format!("{error:#}"))
    }

    /// The data of a registry value; nothing if there is none.
    pub(crate) fn value(&mut self, key: &str, name: &str) -> Reading<Option<String>> {
        // Exit code 1 is that of a value that is not there.
        let printed = self.printed(&["reg", "query", key, "/v", name])?;
        let mut found = reg::values(&printed.stdout);
        Ok(found.pop().map(|value| value.data))
    }

    /// The processor that Windows runs on. The environment tells a translated process another one.
    ///
    /// # Errors
    /// If the registry names none that we build for.
    pub(crate) fn arch(&mut self) -> anyhow::Result<Arch> {
        let key = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment";
        let name = self
            .value(key, "PROCESSOR_ARCHITECTURE")
            .map_err(anyhow::Error::msg)?;
        match name.as_deref() {
            Some("AMD64") => Ok(Arch::X64),
            Some("ARM64") => Ok(Arch::Arm64),
            other => anyhow::bail!("the driver is not built for the processor {other:?}"),
        }
    }

    /// The SHA-1 of the certificate in the file.
    ///
    /// # Errors
    /// If it is no certificate.
    pub(crate) fn thumbprint(&mut self, cer: &Path) -> anyhow::Result<String> {
        cert::thumbprint(cer, &mut self.runner)
    }

    /// Whether the certificate is in a store of the machine.
    pub(crate) fn trusts(&mut self, store: &str, thumbprint: &str) -> Reading<bool> {
        let printed = self.printed(&["certutil", "-store", store, thumbprint])?;
        Ok(certutil::holds(&printed.stdout, thumbprint))
    }

    /// The names that Windows gave to the INFs of our packages (`oem7.inf`), as many as there are.
    pub(crate) fn published(&mut self) -> Reading<Vec<String>> {
        let printed = self.printed(&["pnputil", "/enum-drivers"])?;
        if printed.status.success() {
            Ok(pnputil::published(&printed.stdout, package::INF))
        } else {
            Err("pnputil does not list the driver store".into())
        }
    }

    /// Removes every package of ours from the driver store and says which.
    ///
    /// # Errors
    /// If Windows refuses, or still has one afterwards.
    pub(crate) fn remove_packages(&mut self) -> anyhow::Result<()> {
        for name in self.published().map_err(anyhow::Error::msg)? {
            let printed = self.tool(&["pnputil", "/delete-driver", &name, "/uninstall"])?;
            ensure!(
                pnputil::removed(printed.status.code()),
                "pnputil did not remove {name}, which needs an administrator: {}",
                printed.stdout.trim()
            );
            println!("{name} is removed from the driver store");
        }
        let left = self.published().map_err(anyhow::Error::msg)?;
        ensure!(
            left.is_empty(),
            "the driver store still has {}",
            left.join(", ")
        );
        Ok(())
    }

    /// Takes every certificate with the name of ours out of a store of the machine: also those whose
    /// file is gone.
    ///
    /// # Errors
    /// If Windows refuses, or still has one afterwards.
    pub(crate) fn distrust(&mut self, store: &str) -> anyhow::Result<()> {
        for thumbprint in self.certificates(store)? {
            let printed = self.tool(&["certutil", "-delstore", store, &thumbprint])?;
            ensure!(
                printed.status.success(),
                "certutil did not take {thumbprint} out of {store}; this needs an administrator"
            );
            println!("the certificate {thumbprint} is taken out of {store}");
        }
        let left = self.certificates(store)?;
        ensure!(left.is_empty(), "{store} still has {}", left.join(", "));
        Ok(())
    }

    fn certificates(&mut self, store: &str) -> anyhow::Result<Vec<String>> {
        let printed = self.tool(&["certutil", "-store", store])?;
        ensure!(
            printed.status.success(),
            "certutil does not list the certificates of {store}"
        );
        let subject = format!("CN={}", cert::NAME);
        Ok(certutil::of_subject(&printed.stdout, &subject))
    }
}

/// The directory that `cargo xtask package` made.
pub(crate) fn package_directory(named: Option<PathBuf>) -> PathBuf {
    named.unwrap_or_else(|| project_root().join("target/package"))
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn reg_is_asked_and_read() {
        let mut machine = Machine::open("machine-reg").unwrap();
        let windows = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
        let build = machine.value(windows, "CurrentBuildNumber").unwrap();
        assert!(build.unwrap().parse::<u32>().is_ok());
        assert_eq!(machine.value(windows, "NoSuchValue"), Ok(None));
        assert!(machine.arch().is_ok());
    }
}
