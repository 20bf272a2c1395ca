//! What counts as a proof that the driver keeps a requirement, and which check of `cargo xtask test`
//! runs it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use miracast_field::proof::{self, Test};

use crate::table;

/// One proof.
#[derive(Clone, Copy)]
pub(super) enum Proof {
    /// A `#[test]`. Its file says which checks run it.
    Test(Test),
    /// A check of the host in C, by its name.
    Host(&'static str),
    /// The emulated Windows notes the breach, whole sessions end without one, and this test of
    /// [`CONTRACT`] shows that it is noticed.
    Watched(&'static str),
    /// The simulator notes the breach at every step of sessions in which things go wrong, and fails
    /// for this one of [`MUTANTS`].
    Simulated(&'static str),
    /// A check of `cargo xtask test` by itself.
    Check(&'static str),
}

/// On which side of the border a proof is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The driver's sources, linked into a program of this system.
    Linux,
    /// A Windows program under Wine, or the DLL as a file.
    Windows,
}

/// A proof as the table has it.
pub(super) struct Shown {
    pub(super) place: Place,
    pub(super) check: &'static str,
    /// Nothing if the check is the proof.
    pub(super) what: String,
}

/// A check of `cargo xtask test`.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// Where it is defined.
    pub(super) file: &'static str,
    place: Place,
    /// What it runs, for a reader.
    pub(super) runs: &'static str,
}

/// Drivers that break one rule each, and what the emulated Windows notes.
const CONTRACT: &str = "tests/os/tests/driver/contract.rs";
/// Checks of the driver without which the simulator fails.
const MUTANTS: &str = "tests/sim/mutants.txt";
/// Where the emulated Windows notes breaches.
const EMULATOR: &str = "tests/os/src";
/// The host in C.
const HOST: &str = "tests/abi";

/// Whole sessions at whose end no breach is noted.
const WHOLE: Test = (
    "tests/suite/tests/sessions/playing.rs",
    "pictures_arrive_unchanged_in_slices_or_whole_whoever_writes_the_headers",
);
/// The same of the DLL.
const WHOLE_OF_DLL: &str = "demo-windows";

/// Sessions in which things go wrong.
const SEEDS: &str = "sim-seeds";

/// The tests of a folder, and who else runs them.
const UNDER_WINE: [(&str, &str); 2] = [
    ("umd/src/", "os-wine"),
    ("tests/os/tests/driver/", "contract-wine"),
];
/// What exists on Windows alone.
const NOT_ON_LINUX: &str = "umd/src/os/windows/";

#[rustfmt::skip]
pub(super) const CHECKS: [Check; 15] = [
    Check { name: "cargo-test", file: "xtask/src/test/rust.rs", place: Place::Linux,
        runs: "all tests of the workspace: the driver linked into programs of this system, between the emulated Windows, miniport and sink" },
    Check { name: SEEDS, file: "xtask/src/test/sim.rs", place: Place::Linux,
        runs: "2500 sessions of the driver's engine in virtual time, each from a seed, in which things go wrong" },
    Check { name: "loom", file: "xtask/src/test/loom.rs", place: Place::Linux,
        runs: "what threads do to each other, in every order" },
    Check { name: "os-wine", file: "xtask/src/test/os_wine.rs", place: Place::Windows,
        runs: "the driver's unit tests as a Windows program under Wine" },
    Check { name: "contract-wine", file: "xtask/src/test/os_wine.rs", place: Place::Windows,
        runs: "the drivers that break the rules, as a Windows program under Wine" },
    Check { name: "abi", file: "xtask/src/test/abi/mod.rs", place: Place::Windows,
        runs: "the x64 DLL as it ships, driven under Wine by a host in C whose types are from the documentation and not from ours; every callback checks who calls, when, and with what" },
    Check { name: "abi-probe", file: "xtask/src/test/abi/mod.rs", place: Place::Windows,
        runs: "that host with a wrong place in its types, which it must notice, one at a time" },
    Check { name: WHOLE_OF_DLL, file: "xtask/src/test/windows_host.rs", place: Place::Windows,
        runs: "the x64 DLL as it ships, under Wine, between the emulated Windows, miniport and sink; every picture is compared" },
    Check { name: "demo-windows-4-slices", file: "xtask/src/test/windows_host.rs", place: Place::Windows,
        runs: "the same with pictures in four parts" },
    Check { name: "leaks-windows", file: "xtask/src/test/windows_leaks.rs", place: Place::Windows,
        runs: "the same with programs made to leave a thread, a handle or the DLL behind, which must be noticed" },
    Check { name: "dll-exports", file: "xtask/src/test/dll/mod.rs", place: Place::Windows,
        runs: "the exports of both DLLs, x64 and arm64" },
    Check { name: "dll-imports", file: "xtask/src/test/dll/mod.rs", place: Place::Windows,
        runs: "their imports, each on a list with its reason" },
    Check { name: "dll-headers", file: "xtask/src/test/dll/mod.rs", place: Place::Windows,
        runs: "their headers: processor, entry function, hardening" },
    Check { name: "inf", file: "xtask/src/test/package.rs", place: Place::Windows,
        runs: "the INF: every line is needed, every name leads somewhere" },
    Check { name: "wdk-check", file: "xtask/src/test/wdk_check.rs", place: Place::Windows,
        runs: "the driver's types against wdk-sys and stand-ins for the kit's headers, by the compiler" },
];

impl Check {
    /// That `cargo xtask test` has it.
    ///
    /// # Errors
    /// If its file does not have its name.
    pub(super) fn exists(&self) -> anyhow::Result<()> {
        table::is_check(self.name, self.file)
    }
}

impl Proof {
    /// Where the proof of `requirement` runs, once for each check that runs it.
    ///
    /// # Errors
    /// If there is no such test, or it does not prove this.
    pub(super) fn shown(self, requirement: &str) -> anyhow::Result<Vec<Shown>> {
        match self {
            Self::Test(test) => of_test(test),
            Self::Host(name) => Ok(vec![by("abi", link(name, &host_file(name)?))?]),
            Self::Watched(test) => watched(test, requirement),
            Self::Simulated(mutant) => simulated(mutant, requirement),
            Self::Check(name) => Ok(vec![by(name, String::new())?]),
        }
    }
}

fn of_test(test @ (file, name): Test) -> anyhow::Result<Vec<Shown>> {
    proof::exists(test)?;
    let mut shown = Vec::new();
    if !file.starts_with(NOT_ON_LINUX) {
        shown.push(by("cargo-test", link(name, file))?);
    }
    for (folder, check) in UNDER_WINE {
        if file.starts_with(folder) {
            shown.push(by(check, link(name, file))?);
        }
    }
    Ok(shown)
}

fn watched(test: &'static str, requirement: &str) -> anyhow::Result<Vec<Shown>> {
    let breaking: Test = (CONTRACT, test);
    proof::exists(breaking)?;
    let number = format!("\"{requirement}\"");
    let text = read(CONTRACT)?;
    let body = body_of(&text, test).context(test)?;
    ensure!(body.contains(&number), "{test} does not break it");
    ensure!(is_noted(&number)?, "the emulated Windows does not note it");
    let noticed = format!("noticed by {}", link(test, CONTRACT));
    Ok(vec![
        by("cargo-test", format!("no breach, {noticed}"))?,
        by(WHOLE_OF_DLL, "no breach".to_owned())?,
        by("contract-wine", noticed)?,
    ])
}

/// What "no breach" means in the table.
///
/// # Errors
/// If there is no such test.
pub(super) fn no_breach() -> anyhow::Result<String> {
    proof::exists(WHOLE)?;
    Ok(format!(
        "\"No breach\": the emulated Windows looks at every call of the driver and notes by its number what breaks a\n\
         requirement; whole sessions must end with nothing noted, in the host build\n\
         {} and every other session that\n\
         tests/suite plays, of the DLL `{WHOLE_OF_DLL}`. That the breach would be noticed is proven by the test behind \"noticed\n\
         by\", with a driver that breaks this one rule. The simulator has rules of its own, and a mutant of the driver for each.\n",
        link(WHOLE.1, WHOLE.0)
    ))
}

fn simulated(mutant: &str, requirement: &str) -> anyhow::Result<Vec<Shown>> {
    let line = format!("mutant {mutant}");
    let text = read(MUTANTS)?;
    ensure!(
        text.lines().any(|found| found == line),
        "no mutant {mutant:?} for {requirement}"
    );
    let what = format!("no breach; noticed in the [mutant](../{MUTANTS}) \"{mutant}\"");
    Ok(vec![by(SEEDS, what)?])
}

/// A proof that a check runs.
fn by(name: &str, what: String) -> anyhow::Result<Shown> {
    let check = CHECKS.iter().find(|check| check.name == name);
    let check = check.with_context(|| format!("no check {name} in the table"))?;
    Ok(Shown {
        place: check.place,
        check: check.name,
        what,
    })
}

fn link(name: &str, file: &str) -> String {
    format!("[`{name}`](../{file})")
}

/// From the head of a function to the end of it, as rustfmt leaves it.
fn body_of<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    let (_, behind) = text.split_once(&format!("\nfn {function}() {{\n"))?;
    behind.split_once("\n}\n").map(|(body, _)| body)
}

/// Whether a file of the emulator names a requirement in its code.
fn is_noted(number: &str) -> anyhow::Result<bool> {
    for file in files(EMULATOR)? {
        if read(&file)?.contains(number) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The file of the host that has a check of this name.
fn host_file(name: &str) -> anyhow::Result<String> {
    let entry = format!("{{ \"{name}\", ");
    for file in files(HOST)? {
        if read(&file)?.contains(&entry) {
            return Ok(file);
        }
    }
    anyhow::bail!("the host in C has no check {name}")
}

/// The files in a folder, sorted; not those in folders of it.
fn files(folder: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).context(folder.to_owned())? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        }
    }
    found.sort();
    Ok(found)
}

fn read(file: &str) -> anyhow::Result<String> {
    fs::read_to_string(root().join(file)).with_context(|| file.to_owned())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(proof: Proof, requirement: &str) -> String {
        let shown = proof.shown(requirement).map(|_| ());
        format!("{:#}", shown.expect_err("it is no proof"))
    }

    #[test]
    fn what_is_no_proof_is_refused() {
        let file = "tests/os/tests/driver/contract.rs";
        for (proof, why) in [
            (
                Proof::Test((file, "nobody_wrote_this")),
                "no test nobody_wrote_this",
            ),
            (
                Proof::Host("query-nothing"),
                "the host in C has no check query-nothing",
            ),
            (
                Proof::Watched("nobody_wrote_this"),
                "no test nobody_wrote_this",
            ),
            (
                Proof::Watched("a_reserved_event"),
                "a_reserved_event does not break it",
            ),
            (
                Proof::Simulated("nothing is wrong"),
                "no mutant \"nothing is wrong\"",
            ),
            (Proof::Check("abi-prob"), "no check abi-prob in the table"),
        ] {
            let told = refused(proof, "DDI-33");
            assert!(told.contains(why), "{told}");
        }
        assert!(Proof::Watched("a_reserved_event").shown("DDI-32").is_ok());
    }

    #[test]
    fn a_check_that_is_gone_is_missed() {
        let check = |name| Check {
            name,
            file: "xtask/src/test/rust.rs",
            place: Place::Linux,
            runs: "",
        };
        assert!(check("fmt").exists().is_ok());
        assert!(check("fm").exists().is_err());
    }

    #[test]
    fn a_function_ends_where_its_brace_is() {
        let text = "\nfn a() {\n    1\n}\n\nfn b() {\n    \"2\"\n}\n";
        assert_eq!(body_of(text, "a"), Some("    1"));
        assert_eq!(body_of(text, "b"), Some("    \"2\""));
        assert_eq!(body_of(text, "c"), None);
    }
}
