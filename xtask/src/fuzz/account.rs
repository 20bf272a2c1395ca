//! How much of its time each target has had, by the log.

use core::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use super::Target;

/// Where the log is.
pub(super) const LOG: &str = "docs/FUZZING.md";

/// Processor time without a finding that is asked of each target, in tenths of a minute.
const WANTED: u64 = 300;

/// The time of each target since its last finding, in tenths of a minute.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Account(Vec<(String, u64)>);

/// Reads the log in a document.
///
/// # Errors
/// If the document cannot be read, or a line of the log cannot.
pub(super) fn read(document: &Path) -> anyhow::Result<Account> {
    let text = fs::read_to_string(document).with_context(|| document.display().to_string())?;
    let names = Target::all().iter().map(|target| target.name());
    Account::new(names, &text)
}

impl Account {
    fn new(names: impl Iterator<Item = String>, text: &str) -> anyhow::Result<Self> {
        let mut targets: Vec<(String, u64)> = names.map(|name| (name, 0)).collect();
        for line in text.lines().filter(|line| line.starts_with('|')) {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            let known = |target: &str| columns.contains(&target);
            let Some((target, had)) = targets.iter_mut().find(|(target, _)| known(target)) else {
                continue;
            };
            let [_, _, _, name, minutes, _, finding, _] = columns.as_slice() else {
                bail!("a line of the log has six columns: {line}");
            };
            ensure!(name == target, "the third column is the target: {line}");
            *had = match *finding {
                "none" => *had + tenths(minutes).with_context(|| line.to_owned())?,
                _ => 0,
            };
        }
        Ok(Self(targets))
    }
}

/// A number with one decimal, in tenths.
fn tenths(minutes: &str) -> Option<u64> {
    let (whole, tenth) = minutes.split_once('.')?;
    let (whole, tenth): (u64, u8) = (whole.parse().ok()?, tenth.parse().ok()?);
    (tenth < 10).then_some(whole * 10 + u64::from(tenth))
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = WANTED / 10;
        for (name, had) in &self.0 {
            let (whole, tenth) = (had / 10, had % 10);
            let done = if *had >= WANTED { "" } else { ", not enough" };
            let minutes = "CPU minutes without a finding";
            writeln!(f, "{name}: {whole}.{tenth} of {wanted} {minutes}{done}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> anyhow::Result<String> {
        let names = ["escape", "uibc"].map(str::to_owned);
        Ok(Account::new(names.into_iter(), text)?.to_string())
    }

    #[test]
    fn slices_add_up_and_a_finding_begins_anew() {
        let log = "| date | commit | target | CPU minutes | executions | finding |\n\
                   | --- | --- | --- | --- | --- | --- |\n\
                   | 2026-01-01 | a | uibc | 20.5 | 9 | none |\n\
                   | 2026-01-01 | a | escape | 29.0 | 9 | none |\n\
                   | 2026-01-01 | a | escape | 0.1 | 9 | crash-1 |\n\
                   | 2026-01-02 | b | escape | 0.7 | 9 | none |\n\
                   | 2026-01-02 | b | uibc | 9.5 | 9 | none |\n";
        let printed = account(log).unwrap();
        let lines: Vec<_> = printed.lines().collect();
        assert_eq!(
            lines,
            [
                "escape: 0.7 of 30 CPU minutes without a finding, not enough",
                "uibc: 30.0 of 30 CPU minutes without a finding",
            ]
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_no_time() {
        for line in [
            "| a | b | uibc | soon | 9 | none |",
            "| a | b | uibc | 1 | 9 | none |",
            "| a | b | uibc | 1.25 | 9 | none |",
            "| a | b | uibc | -1.0 | 9 | none |",
            "| a | b | uibc | 1.0 | none |",
            "| a | uibc | 1.0 | 9 | none | |",
            "| a | b | uibc | 1.0 | 9 | none",
        ] {
            let told = account(line).unwrap_err().to_string();
            assert!(told.contains(line), "{line}: {told}");
        }
        // Other tables of the document, and targets that are no more.
        assert!(
            account("| `uibc` | what it is fed |\n| a | b | gone | 1.0 | 9 | none |\n").is_ok()
        );
    }
}
