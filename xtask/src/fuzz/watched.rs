//! A run of the fuzzer: what it prints is shown as it comes, and what is worth a line in the log is kept.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// Clock ticks of a second in /proc: the same on every Linux (proc(5), USER_HZ).
const TICKS: u64 = 100;

/// How the files begin that took long.
const SLOW: &str = "slow-unit-";

/// Processor time of one input that is a finding, in seconds: what libFuzzer finds long by the clock on the wall.
const SLOW_SECONDS: u64 = 10;

/// What a run was.
#[derive(Debug)]
pub(super) struct Watched {
    success: bool,
    /// What it was fed, in inputs.
    executions: u64,
    /// The file that failed.
    failed: Option<String>,
    /// The files that took long by the clock on the wall.
    slow: Vec<String>,
    /// Processor time in ticks.
    pub(super) ticks: u64,
}

impl Watched {
    /// Runs the fuzzer.
    ///
    /// # Errors
    /// If it cannot be run or watched.
    pub(super) fn run(command: &mut Command) -> anyhow::Result<Self> {
        let before = ticks_of_children()?;
        command.arg("-print_final_stats=1").stderr(Stdio::piped());
        let mut child = command.spawn().context("the fuzzer")?;
        let printed = child.stderr.take().context("what the fuzzer prints")?;
        let (mut executions, mut failed, mut slow) = (0, None, Vec::new());
        for line in BufReader::new(printed).lines() {
            let line = line.context("what the fuzzer prints")?;
            eprintln!("{line}");
            executions = executed(&line).unwrap_or(executions);
            match written(&line) {
                Some(file) if file.starts_with(SLOW) => slow.push(file.to_owned()),
                file => failed = file.map(str::to_owned).or(failed),
            }
        }
        let success = child.wait().context("the fuzzer")?.success();
        Ok(Self {
            success,
            executions,
            failed,
            slow,
            ticks: ticks_of_children()? - before,
        })
    }

    /// Judges the files that took long: on a machine that has other things to do each does. `replay` feeds
    /// one again and gives the processor time, in ticks; [`SLOW_SECONDS`] are a finding. What is none is
    /// returned.
    ///
    /// # Errors
    /// That of `replay`.
    pub(super) fn judge_slow(
        &mut self,
        mut replay: impl FnMut(&str) -> anyhow::Result<u64>,
    ) -> anyhow::Result<Vec<String>> {
        let mut harmless = Vec::new();
        for file in self.slow.drain(..) {
            if replay(&file)? < SLOW_SECONDS * TICKS {
                harmless.push(file);
            } else {
                self.failed.get_or_insert(file);
            }
        }
        Ok(harmless)
    }

    /// Whether nothing was found.
    pub(super) fn is_clean(&self) -> bool {
        self.success && self.failed.is_none()
    }

    /// What the log says of it, behind date and commit.
    pub(super) fn columns(&self, target: &str) -> [String; 4] {
        let tenths = (self.ticks * 10) / (TICKS * 60);
        let finding = match (&self.failed, self.success) {
            (Some(file), _) => file.clone(),
            (None, true) => "none".to_owned(),
            (None, false) => "it ended by itself".to_owned(),
        };
        [
            target.to_owned(),
            format!("{}.{}", tenths / 10, tenths % 10),
            self.executions.to_string(),
            finding,
        ]
    }
}

/// The number of inputs, if that is what the line says.
fn executed(line: &str) -> Option<u64> {
    let number = line.strip_prefix("stat::number_of_executed_units:")?;
    number.trim().parse().ok()
}

/// The name of the file that an input was written to, if that is what the line says.
fn written(line: &str) -> Option<&str> {
    let (_, path) = line.split_once("Test unit written to ")?;
    path.rsplit('/').next()
}

/// Processor time of the processes that ended and were waited for, in ticks.
fn ticks_of_children() -> anyhow::Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat").context("/proc/self/stat")?;
    of_children(&stat).context("/proc/self/stat has no times")
}

/// Fields 16 and 17 of proc(5), counted from the name in brackets, which may have spaces itself.
fn of_children(stat: &str) -> Option<u64> {
    let (_, behind) = stat.rsplit_once(')')?;
    let mut times = behind.split_whitespace().skip(13);
    let (user, system): (u64, u64) = (times.next()?.parse().ok()?, times.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_prints_is_read() {
        assert_eq!(
            executed("stat::number_of_executed_units: 123456"),
            Some(123_456)
        );
        assert_eq!(executed("stat::average_exec_per_sec:     12"), None);
        let line = "artifact_prefix='/a/'; Test unit written to /a/crash-12ab";
        assert_eq!(written(line), Some("crash-12ab"));
        assert_eq!(written("#2  INITED cov: 5"), None);
    }

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 250 31 20 0";
        assert_eq!(of_children(stat), Some(281));
    }

    #[test]
    fn a_line_has_tenths_of_minutes_and_what_was_found() {
        let mut run = Watched {
            success: true,
            executions: 9,
            failed: None,
            slow: Vec::new(),
            ticks: 12_345,
        };
        assert_eq!(run.columns("uibc"), ["uibc", "2.0", "9", "none"]);
        (run.success, run.failed) = (false, Some("crash-1".to_owned()));
        assert_eq!(run.columns("uibc")[3], "crash-1");
        run.failed = None;
        assert_eq!(run.columns("uibc")[3], "it ended by itself");
    }

    #[test]
    fn what_took_long_is_a_finding_if_the_processor_took_it() {
        let mut run = Watched {
            success: true,
            executions: 9,
            failed: None,
            slow: vec!["slow-unit-1".to_owned(), "slow-unit-2".to_owned()],
            ticks: 0,
        };
        let ticks = |file: &str| Ok(if file == "slow-unit-1" { 999 } else { 1000 });
        assert_eq!(run.judge_slow(ticks).unwrap(), ["slow-unit-1"]);
        assert_eq!(run.columns("ddi")[3], "slow-unit-2");
        assert!(!run.is_clean());
    }
}
