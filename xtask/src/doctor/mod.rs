//! `cargo xtask doctor`: whether this Windows machine can run the test-signed driver, and whether it
//! does. [`facts`] asks the machine, [`judge`] says what each answer means and what helps.
//!
//! It has never run on Windows; under Wine it runs in a check, where most answers are missing.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use self::judge::{Finding, State};
use crate::machine::{self, Machine};

mod facts;
mod judge;

/// Say what keeps this Windows machine from running the driver, and what helps
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `cargo xtask package` made, if not target/package; its certificate is looked for
    #[arg(long, value_name = "DIR")]
    package: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Asks, judges and prints. Success is only that all is well.
    ///
    /// # Errors
    /// If this is not Windows.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut machine = Machine::open("doctor")?;
        let facts = facts::gather(&machine::package_directory(self.package), &mut machine);
        let findings = judge::judge(&facts);
        let well = findings.iter().all(Finding::is_well);
        if self.json {
            println!(
                "{:#}",
                json!({ "well": well, "findings": as_json(&findings) })
            );
        } else {
            for finding in &findings {
                println!("{}", line(finding));
            }
        }
        Ok(if well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

const fn word(state: State) -> &'static str {
    match state {
        State::Good => "ok",
        State::Note => "note",
        State::Bad => "WRONG",
        State::Unknown => "UNKNOWN",
    }
}

fn line(finding: &Finding) -> String {
    let Finding {
        name,
        state,
        seen,
        remedy,
    } = finding;
    let first = format!("{name} ... {}: {seen}", word(*state));
    if remedy.is_empty() {
        first
    } else {
        format!("{first}\n    {remedy}")
    }
}

fn as_json(findings: &[Finding]) -> Vec<serde_json::Value> {
    let object = |finding: &Finding| {
        json!({
            "name": finding.name,
            "state": word(finding.state).to_ascii_lowercase(),
            "seen": finding.seen,
            "remedy": finding.remedy,
        })
    };
    findings.iter().map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_its_remedy_another() {
        let mut finding = Finding {
            name: "secure-boot",
            state: State::Good,
            seen: "off".into(),
            remedy: String::new(),
        };
        assert_eq!(line(&finding), "secure-boot ... ok: off");
        finding.state = State::Bad;
        finding.remedy = "switch it off".into();
        assert_eq!(
            line(&finding),
            "secure-boot ... WRONG: off\n    switch it off"
        );
        assert_eq!(as_json(&[finding])[0]["state"], "wrong");
    }
}
