//! `cargo xtask test`: everything that can be checked on this machine, by name.
//!
//! A check is a function that returns what it saw, or an error; [`runner::CouldNotRun`] as the
//! error says that the machine lacks something, not that the project is wrong.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;

use crate::apt;
use crate::runner::{self, CouldNotRun, Runner};

use crate::wine;

mod abi;
mod bench;
mod clock_jumps;
mod conformance;
mod damage;
mod demo;
mod dll;
mod docs;
pub(crate) mod ffmpeg;
mod fuzz;
mod gstreamer;
mod header;
mod lexer;
mod loom;
mod miniport_c;
mod no_std;
mod os_wine;
mod package;
mod packages;
mod picast;
mod recording;
mod rust;
mod segmented_send;
mod sim;
mod soak;
mod source_rules;
mod stress;
pub(crate) mod summary;
mod tree;
mod tshark;
mod tstools;
mod two_process;
mod unsafe_list;
mod unsafe_rules;
mod wdk_check;
mod windows_host;
mod windows_leaks;
mod without_sound;
mod xtask_wine;

/// Run all checks, or those that are named
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Count a check that could not run as failed
    #[arg(long)]
    strict: bool,
    /// Only these checks, and those that they need
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// One named check.
#[derive(Clone, Copy)]
struct Check {
    name: &'static str,
    /// The Debian packages without which it cannot run.
    needs: &'static [&'static str],
    /// The checks whose results it looks at; they run before it, also when only it is asked for.
    after: &'static [&'static str],
    run: fn(&mut Runner) -> anyhow::Result<String>,
}

/// All checks, in the order in which they run: packages first, because the others need them, and
/// the demo before those that look at its recordings.
fn checks() -> Vec<Check> {
    [
        &[packages::CHECK] as &[Check],
        &source_rules::CHECKS,
        &[unsafe_list::CHECK],
        &[unsafe_rules::CHECK],
        &rust::CHECKS,
        &no_std::CHECKS,
        &header::CHECKS,
        &[docs::CHECK],
        &miniport_c::CHECKS,
        &dll::CHECKS,
        &wdk_check::CHECKS,
        &os_wine::CHECKS,
        &abi::CHECKS,
        &[segmented_send::CHECK],
        &package::CHECKS,
        &[xtask_wine::CHECK],
        &demo::CHECKS,
        &ffmpeg::CHECKS,
        &[tshark::CHECK],
        &tstools::CHECKS,
        &[conformance::CHECK],
        &[gstreamer::CHECK],
        &[damage::CHECK],
        &[clock_jumps::CHECK],
        &[two_process::CHECK],
        &windows_host::CHECKS,
        &[windows_leaks::CHECK],
        &[picast::CHECK],
        &sim::CHECKS,
        &[fuzz::CHECK],
        &[loom::CHECK],
        &stress::CHECKS,
        &[soak::CHECK],
        &[bench::CHECK],
    ]
    .concat()
}

/// The checks that are called `names` and those that they need, each once and in their order; all
/// of them if there is no name.
///
/// # Errors
/// If a name is no check's.
fn chosen(names: &[String]) -> anyhow::Result<Vec<Check>> {
    let mut checks = checks();
    if names.is_empty() {
        return Ok(checks);
    }
    let mut wanted = BTreeSet::from([packages::CHECK.name]);
    for name in names {
        let check = checks.iter().find(|check| check.name == name);
        let check = check.with_context(|| format!("no check is called {name}"))?;
        wanted.insert(check.name);
    }
    // A check comes after those that it needs, so one walk back finds theirs too.
    for check in checks.iter().rev() {
        if wanted.contains(check.name) {
            wanted.extend(check.after);
        }
    }
    checks.retain(|check| wanted.contains(check.name));
    Ok(checks)
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Tally {
    /// Counts one result and returns the word for it.
    fn count(&mut self, result: &anyhow::Result<String>, strict: bool) -> String {
        match result {
            Ok(seen) => {
                self.passed += 1;
                format!("ok: {seen}")
            }
            Err(error) if error.is::<CouldNotRun>() => {
                *(if strict {
                    &mut self.failed
                } else {
                    &mut self.skipped
                }) += 1;
                format!("could not run: {error:#}")
            }
            Err(error) => {
                self.failed += 1;
                format!("FAILED: {error:#}")
            }
        }
    }
}

impl Args {
    /// Runs the checks and prints a line for each.
    ///
    /// # Errors
    /// If a name is no check's, or the log directory cannot be written.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut tally = Tally::default();
        for check in chosen(&self.names)? {
            run_one(check, &mut tally, self.strict)?;
        }
        wine::stop();
        println!(
            "\n{} passed, {} failed, {} skipped",
            tally.passed, tally.failed, tally.skipped
        );
        Ok(if tally.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn run_one(check: Check, tally: &mut Tally, strict: bool) -> anyhow::Result<()> {
    let mut runner = Runner::open(check.name)?;
    let start = Instant::now();
    let result = apt::present(check.needs, &mut runner).and_then(|()| (check.run)(&mut runner));
    let word = tally.count(&result, strict);
    println!(
        "{} ... {word} [{:.1} s]",
        check.name,
        start.elapsed().as_secs_f64()
    );
    if result.is_err_and(|error| !error.is::<CouldNotRun>()) {
        runner.print_tail();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_checks_are_unique_and_their_packages_known() {
        let mut names = BTreeSet::new();
        for check in checks() {
            for earlier in check.after {
                assert!(
                    names.contains(earlier),
                    "{earlier} is not before {}",
                    check.name
                );
            }
            assert!(names.insert(check.name), "{} is there twice", check.name);
            for package in check.needs {
                assert!(
                    packages::LIST.contains(package),
                    "{package} is not installed by us"
                );
            }
        }
    }

    fn names_of_chosen(names: &[&str]) -> anyhow::Result<Vec<&'static str>> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Ok(chosen(&names)?.iter().map(|check| check.name).collect())
    }

    #[test]
    fn a_chosen_check_brings_what_it_needs_once_and_in_order() {
        assert_eq!(names_of_chosen(&["fmt"]).unwrap(), ["packages", "fmt"]);
        assert_eq!(
            names_of_chosen(&["damage-is-seen", "demo"]).unwrap(),
            ["packages", "demo", "demo-aac", "damage-is-seen"]
        );
        let wanted = ["packages"].into_iter().chain(recording::NAMES);
        let wanted: Vec<_> = wanted.chain(["tshark", "gstreamer"]).collect();
        assert_eq!(names_of_chosen(&["gstreamer", "tshark"]).unwrap(), wanted);
        assert_eq!(names_of_chosen(&[]).unwrap().len(), checks().len());
        assert!(names_of_chosen(&["tsharc"]).is_err());
    }

    #[test]
    fn what_could_not_run_is_a_failure_only_if_strict() {
        let missing = anyhow::Error::from(CouldNotRun("no tool".into())).context("demo");
        let missing: anyhow::Result<String> = Err(missing);
        let mut tally = Tally::default();
        assert_eq!(tally.count(&missing, false), "could not run: demo: no tool");
        assert_eq!(
            tally,
            Tally {
                skipped: 1,
                ..Tally::default()
            }
        );
        assert_eq!(tally.count(&missing, true), "could not run: demo: no tool");
        assert_eq!(
            tally,
            Tally {
                skipped: 1,
                failed: 1,
                passed: 0
            }
        );
    }

    #[test]
    fn an_error_with_context_is_a_failure() {
        let mut tally = Tally::default();
        let result = Err(anyhow::anyhow!("3 lost").context("demo"));
        assert_eq!(tally.count(&result, false), "FAILED: demo: 3 lost");
        assert_eq!(tally.count(&Ok("fine".into()), true), "ok: fine");
        assert_eq!(
            tally,
            Tally {
                passed: 1,
                failed: 1,
                skipped: 0
            }
        );
    }
}
