//! How a check or a verb runs programs: with a time limit, without standard input, and with
//! everything that they print kept in target/check/NAME.log.

use core::fmt;
use core::time::Duration;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use crate::suite::{self, Program, project_root};

/// For a build from nothing on a small machine: OpenH264 alone takes minutes there.
pub(crate) const BUILD_LIMIT: Duration = Duration::from_mins(30);
/// For a tool that reads some seconds of a recording.
pub(crate) const TOOL_LIMIT: Duration = Duration::from_mins(3);

const POLL: Duration = Duration::from_millis(20);
const TAIL_LINES: usize = 25;

/// The error of a check that found something missing on this machine.
#[derive(Debug)]
pub(crate) struct CouldNotRun(pub(crate) String);

impl fmt::Display for CouldNotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for CouldNotRun {}

/// What a program printed, after it ended.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The log and the scratch directory of one check or verb.
#[derive(Debug)]
pub(crate) struct Runner {
    directory: PathBuf,
    name: &'static str,
    log: File,
}

impl Runner {
    /// Begins the log of the check `name`.
    ///
    /// # Errors
    /// If target/check cannot be written.
    pub(crate) fn open(name: &'static str) -> anyhow::Result<Self> {
        let directory = project_root().join("target/check");
        fs::create_dir_all(&directory)?;
        let log = File::create(directory.join(format!("{name}.log")))?;
        Ok(Self {
            directory,
            name,
            log,
        })
    }

    /// An empty directory of this check's own.
    ///
    /// # Errors
    /// If it cannot be emptied or made.
    pub(crate) fn scratch(&self) -> anyhow::Result<PathBuf> {
        let path = self.directory.join(self.name);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => fs::create_dir_all(&path)?,
        }
        Ok(path)
    }

    /// Runs a program to its end, whatever its exit status.
    ///
    /// # Errors
    /// [`CouldNotRun`] if there is no such program; an error if it did not end within `limit`.
    pub(crate) fn finish(
        &mut self,
        command: &mut Command,
        limit: Duration,
    ) -> anyhow::Result<Printed> {
        self.start(command, "program")?.finish(self, limit)
    }

    /// Runs a program to its end and wants success.
    ///
    /// # Errors
    /// As [`Self::finish`], and if the exit status is not 0.
    pub(crate) fn run(
        &mut self,
        command: &mut Command,
        limit: Duration,
    ) -> anyhow::Result<Printed> {
        let printed = self.finish(command, limit)?;
        ensure!(
            printed.status.success(),
            "`{}`: {}",
            line(command),
            printed.status
        );
        Ok(printed)
    }

    /// Starts a program that runs beside others; `role` tells them apart in the log.
    ///
    /// # Errors
    /// [`CouldNotRun`] if there is no such program.
    pub(crate) fn start(
        &mut self,
        command: &mut Command,
        role: &str,
    ) -> anyhow::Result<Background> {
        let line = line(command);
        writeln!(self.log, "$ {line}")?;
        let path = |stream| {
            self.directory
                .join(format!("{}.{role}.{stream}", self.name))
        };
        let (stdout, stderr) = (path("stdout"), path("stderr"));
        command.stdin(Stdio::null());
        command
            .stdout(File::create(&stdout)?)
            .stderr(File::create(&stderr)?);
        match command.spawn() {
            Ok(child) => Ok(Background {
                child,
                line,
                stdout,
                stderr,
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let program = command.get_program().display();
                Err(CouldNotRun(format!("{program} is not on this machine")).into())
            }
            Err(error) => Err(error).context(line),
        }
    }

    /// Builds a program of the suite and returns its path.
    ///
    /// # Errors
    /// If the build fails.
    pub(crate) fn build(&mut self, program: Program) -> anyhow::Result<PathBuf> {
        let printed = self.run(&mut suite::build_command(program), BUILD_LIMIT)?;
        suite::executable(&printed.stdout)
    }

    /// Writes a line into the log.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub(crate) fn note(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.log, "{text}")?)
    }

    /// Prints the end of the log, for a check that failed.
    pub(crate) fn print_tail(&self) {
        let path = self.directory.join(format!("{}.log", self.name));
        let text = fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(TAIL_LINES)) {
            println!("    {line}");
        }
        println!("    (all of it: {})", path.display());
    }
}

/// A program that is running. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
    line: String,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Background {
    /// Waits for the end and moves what was printed into the log.
    ///
    /// # Errors
    /// If the program did not end within `limit`; it is killed then.
    pub(crate) fn finish(
        mut self,
        runner: &mut Runner,
        limit: Duration,
    ) -> anyhow::Result<Printed> {
        let status = wait(&mut self.child, limit)?;
        let (stdout, stderr) = (take(&self.stdout)?, take(&self.stderr)?);
        runner.log.write_all(stdout.as_bytes())?;
        runner.log.write_all(stderr.as_bytes())?;
        let Some(status) = status else {
            bail!("`{}` did not end within {} s", self.line, limit.as_secs())
        };
        runner.note(&format!("# {status}"))?;
        Ok(Printed {
            status,
            stdout,
            stderr,
        })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail only on a child that has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait(child: &mut Child, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

fn take(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path)?;
    fs::remove_file(path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let words = core::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut runner = Runner::open("runner-hang").unwrap();
        let limit = Duration::from_millis(100);
        let error = runner
            .run(Command::new("sleep").arg("60"), limit)
            .unwrap_err();
        assert!(
            error.to_string().contains("`sleep 60` did not end"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_program_is_no_failure_of_the_project() {
        let mut runner = Runner::open("runner-missing").unwrap();
        let error = runner
            .run(&mut Command::new("no-such-program"), POLL)
            .unwrap_err();
        assert!(error.is::<CouldNotRun>());
    }

    #[test]
    fn both_streams_and_the_status_are_seen() {
        let mut runner = Runner::open("runner-print").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let printed = runner.finish(&mut command, TOOL_LIMIT).unwrap();
        assert_eq!(
            (printed.stdout.as_str(), printed.stderr.as_str()),
            ("out\n", "err\n")
        );
        assert_eq!(printed.status.code(), Some(3));
        assert!(runner.run(&mut command, TOOL_LIMIT).is_err());
    }
}
