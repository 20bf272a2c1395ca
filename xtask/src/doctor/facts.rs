//! What there is to know of the machine, each fact by one question to one of its tools.

use std::path::Path;

use crate::cert;
use crate::machine::d3dkmt::{self, Driver};
use crate::machine::{Machine, Reading, STORES, bcdedit, reg, tasklist, whoami};
use crate::package;

/// The class of display adapters, whose keys hold MiracastDriverName.
const DISPLAY_CLASS: &str =
    r"HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}";
const WINDOWS: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const CONTROL: &str = r"HKLM\SYSTEM\CurrentControlSet\Control";

/// The answers of the machine.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The build of Windows.
    pub(super) build: Reading<u32>,
    pub(super) secure_boot: Reading<bool>,
    /// Whether this start of Windows takes test signatures.
    pub(super) test_signing: Reading<bool>,
    /// Whether the next start will.
    pub(super) test_signing_next: Reading<bool>,
    /// Whether the package's certificate is in each of the stores.
    pub(super) trusted: [Reading<bool>; STORES.len()],
    /// The names of our packages in the driver store.
    pub(super) published: Reading<Vec<String>>,
    /// What display adapters name as their Miracast driver.
    pub(super) named: Reading<Vec<Named>>,
    /// Whose driver Windows uses.
    pub(super) drivers: Reading<Vec<Driver>>,
    /// Whether this process has the rights of an administrator.
    pub(super) elevated: Reading<bool>,
    /// The processes that have the DLL, of those that this one may look into.
    pub(super) loaded: Reading<Vec<String>>,
}

/// One value MiracastDriverName.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Named {
    /// The adapter's number below the class.
    pub(super) adapter: String,
    pub(super) path: String,
    /// Whether there is such a file.
    pub(super) is_file: bool,
}

/// Asks everything. What cannot be asked is an answer too.
pub(super) fn gather(package: &Path, machine: &mut Machine) -> Facts {
    let thumbprint = machine
        .thumbprint(&package.join(cert::FILE))
        .map_err(|error| format!("{error:#}"));
    Facts {
        build: build(machine),
        secure_boot: secure_boot(machine),
        test_signing: test_signing(machine),
        test_signing_next: test_signing_next(machine),
        trusted: STORES.map(|store| machine.trusts(store, thumbprint.as_ref()?)),
        published: machine.published(),
        named: named(machine),
        drivers: d3dkmt::drivers(),
        elevated: elevated(machine),
        loaded: loaded(machine),
    }
}

fn build(machine: &mut Machine) -> Reading<u32> {
    let build = machine.value(WINDOWS, "CurrentBuildNumber")?;
    let build = build.ok_or("the registry has no CurrentBuildNumber")?;
    build
        .parse()
        .map_err(|_| format!("CurrentBuildNumber is {build:?}"))
}

fn secure_boot(machine: &mut Machine) -> Reading<bool> {
    let key = format!(r"{CONTROL}\SecureBoot\State");
    // A machine without UEFI has no such value, and no Secure Boot.
    let enabled = machine.value(&key, "UEFISecureBootEnabled")?;
    Ok(enabled
        .as_deref()
        .and_then(reg::number)
        .is_some_and(|number| number != 0))
}

fn test_signing(machine: &mut Machine) -> Reading<bool> {
    let options = machine.value(CONTROL, "SystemStartOptions")?;
    let options = options.ok_or("the registry has no SystemStartOptions")?;
    Ok(bcdedit::started_with_test_signing(&options))
}

fn test_signing_next(machine: &mut Machine) -> Reading<bool> {
    let printed = machine.printed(&["bcdedit", "/enum", "{current}"])?;
    if printed.status.success() {
        Ok(bcdedit::test_signing(&printed.stdout))
    } else {
        Err("bcdedit wants an administrator".into())
    }
}

fn named(machine: &mut Machine) -> Reading<Vec<Named>> {
    let query = [
        "reg",
        "query",
        DISPLAY_CLASS,
        "/s",
        "/v",
        "MiracastDriverName",
    ];
    let printed = machine.printed(&query)?;
    let values = reg::values(&printed.stdout).into_iter();
    Ok(values.map(|value| placed(&value)).collect())
}

/// Looks for the file of a value. A bare name is one of System32.
fn placed(value: &reg::Value) -> Named {
    let system = std::env::var_os("SystemRoot").unwrap_or_default();
    let system = Path::new(&system).join("System32");
    Named {
        adapter: value.key.rsplit('\\').next().unwrap_or_default().to_owned(),
        path: value.data.clone(),
        is_file: system.join(&value.data).is_file(),
    }
}

fn elevated(machine: &mut Machine) -> Reading<bool> {
    let printed = machine.printed(&["whoami", "/groups", "/fo", "csv", "/nh"])?;
    let elevated = whoami::is_elevated(&printed.stdout);
    elevated.ok_or_else(|| "whoami names no mandatory label".into())
}

fn loaded(machine: &mut Machine) -> Reading<Vec<String>> {
    let query = ["tasklist", "/m", package::DLL, "/fo", "csv", "/nh"];
    let printed = machine.printed(&query)?;
    if printed.status.success() {
        Ok(tasklist::processes(&printed.stdout))
    } else {
        Err("tasklist failed".into())
    }
}
