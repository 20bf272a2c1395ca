//! docs/CONFORMANCE.md: what the driver interface of Windows asks, requirement by requirement, and what
//! proves that this driver keeps it.

use core::fmt::Write as _;
use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};

use crate::table;
use procedures::PROCEDURES;
use proof::{CHECKS, Place, Proof, Shown};

mod procedures;
mod proof;
mod rows;

/// Who has to keep a requirement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    /// This driver.
    Driver,
    /// The operating system: the driver relies on it.
    Windows,
    /// The vendor's kernel driver.
    Miniport,
}

impl Party {
    const fn name(self) -> &'static str {
        match self {
            Self::Driver => "driver",
            Self::Windows => "Windows",
            Self::Miniport => "miniport",
        }
    }
}

struct Row {
    number: usize,
    asks: &'static str,
    concerns: &'static [Party],
    /// Of the driver's part alone.
    proofs: &'static [Proof],
    /// What no test here can show, and the procedure that does.
    on_windows: &'static [(&'static str, &'static str)],
}

/// The document.
///
/// # Errors
/// See [`crate::conformance`].
pub(crate) fn document() -> anyhow::Result<String> {
    let mut used = BTreeSet::new();
    let mut requirements = table::head(&[
        "requirement",
        "asks",
        "concerns",
        "proven by the host build",
        "proven by the DLL, or by a Windows program under Wine",
        "only a Windows machine shows",
    ]);
    for (number, row) in (1..).zip(&rows::ROWS) {
        let name = format!("DDI-{number}");
        ensure!(row.number == number, "{name} is DDI-{}", row.number);
        requirements += &cells(row, &name, &mut used).with_context(|| name.clone())?;
    }
    let mut unused = CHECKS.iter().filter(|check| !used.contains(check.name));
    if let Some(check) = unused.next() {
        bail!("no row needs {}", check.name);
    }
    Ok([
        OPENING,
        &proof::no_breach()?,
        CHECKS_OPENING,
        &checks()?,
        REQUIREMENTS,
        &requirements,
        PROCEDURES_OPENING,
        &procedures()?,
    ]
    .concat())
}

fn cells(row: &Row, name: &str, used: &mut BTreeSet<&'static str>) -> anyhow::Result<String> {
    let mut shown = Vec::new();
    for proof in row.proofs {
        shown.extend(proof.shown(name)?);
    }
    used.extend(shown.iter().map(|shown| shown.check));
    let linux = grouped(&shown, Place::Linux);
    let windows = grouped(&shown, Place::Windows);
    let is_drivers = row.concerns.contains(&Party::Driver);
    ensure!(
        is_drivers != windows.is_empty(),
        "the driver's part is proven on the side of Windows, and nobody else's is"
    );
    let parties: Vec<_> = row.concerns.iter().map(|party| party.name()).collect();
    let cell = |text: String, without: &str| match text {
        text if !text.is_empty() => text,
        _ if is_drivers => without.to_owned(),
        _ => "nothing that the driver could break".to_owned(),
    };
    Ok(table::row(&[
        name,
        row.asks,
        &parties.join(", "),
        &cell(linux, "a matter of the DLL alone"),
        &cell(windows, ""),
        &on_windows(row)?,
    ]))
}

/// What only a Windows machine shows, each with its procedure.
fn on_windows(row: &Row) -> anyhow::Result<String> {
    let mut texts = Vec::new();
    for (what, procedure) in row.on_windows {
        ensure!(
            PROCEDURES.iter().any(|known| known.name == *procedure),
            "there is no procedure {procedure}"
        );
        texts.push(format!(
            "{what} ([{procedure}](#{}))",
            procedure.to_lowercase()
        ));
    }
    Ok(texts.join("; "))
}

/// What is shown at one place, each check with all that it runs.
fn grouped(shown: &[Shown], place: Place) -> String {
    let here = || shown.iter().filter(|shown| shown.place == place);
    let mut checks: Vec<&str> = Vec::new();
    for shown in here() {
        if !checks.contains(&shown.check) {
            checks.push(shown.check);
        }
    }
    let group = |check: &&str| {
        let of_check = here().filter(|shown| shown.check == *check);
        let what: Vec<_> = of_check
            .map(|shown| shown.what.as_str())
            .filter(|what| !what.is_empty())
            .collect();
        if what.is_empty() {
            format!("`{check}`")
        } else {
            format!("`{check}`: {}", what.join(", "))
        }
    };
    checks.iter().map(group).collect::<Vec<_>>().join("; ")
}

fn checks() -> anyhow::Result<String> {
    let mut text = table::head(&["check", "runs"]);
    for check in &CHECKS {
        check.exists()?;
        text += &table::row(&[
            &format!("[`{}`](../{})", check.name, check.file),
            check.runs,
        ]);
    }
    Ok(text)
}

fn procedures() -> anyhow::Result<String> {
    let mut text = String::new();
    for procedure in &PROCEDURES {
        let named = |row: &&Row| {
            row.on_windows
                .iter()
                .any(|(_, name)| *name == procedure.name)
        };
        let rows: Vec<_> = rows::ROWS
            .iter()
            .filter(named)
            .map(|row| format!("DDI-{}", row.number))
            .collect();
        ensure!(
            !rows.is_empty(),
            "no row needs procedure {}",
            procedure.name
        );
        write!(
            text,
            "\n### {}\n\n{} For {}.\n\n",
            procedure.name,
            procedure.purpose,
            rows.join(", ")
        )?;
        for (number, step) in (1..).zip(procedure.steps) {
            writeln!(text, "{number}. {step}")?;
        }
    }
    Ok(text)
}

const OPENING: &str = "\
<!-- Written by `cargo xtask docs`; do not edit. -->
# Conformance to the driver interface

What the documentation of the Miracast user-mode driver interface (netdispumdddi.h) asks of a driver, of Windows and of the
display miniport, numbered DDI-1 to DDI-64 in the sources and tests of this project, and what proves that the driver keeps its part.

A row holds if the checks in it pass: `cargo xtask test NAME` runs one, `cargo xtask test --strict`, which is what CI does, all.
The check `docs` holds this file against the sources: every test in it is there and is not ignored, every check is one of
`cargo xtask test`, and no requirement that the driver has to keep is without a proof on the side of Windows.

";

const CHECKS_OPENING: &str = "
## Checks

";

const REQUIREMENTS: &str = "
## Requirements

";

const PROCEDURES_OPENING: &str = "
## On a Windows machine

None of this has been run: no Windows machine was at hand. Each procedure begins with the driver installed on a test machine as
[README.md](../README.md) has it under \"Package, and a test machine\", with a display adapter whose miniport speaks the contract of
`kmd-iface`, and with a sink in reach. `cargo xtask doctor` must have nothing WRONG but `loaded`.
";
