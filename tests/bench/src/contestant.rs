//! A contestant's process, and what it says of a pass.

use core::str::FromStr;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// What a contestant says of a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pass {
    /// Time of the process on a processor, in nanoseconds.
    pub(crate) cpu: u64,
    /// Time on the clock, in nanoseconds.
    pub(crate) wall: u64,
    /// Transport packets and datagrams that came out; 0 if it does not know.
    pub(crate) packets: u64,
    pub(crate) datagrams: u64,
    /// When each chunk was handed over and when the call came back, in nanoseconds of the Unix
    /// clock; only if it played in real time.
    pub(crate) chunks: Vec<(u64, u64)>,
}

/// A process that makes a pass whenever it is told to. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Contestant {
    child: Child,
    /// `None` once it is told to end.
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Contestant {
    /// Starts the process and waits until it is ready.
    ///
    /// # Errors
    /// It cannot be started, or ends instead.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes
            .spawn()
            .with_context(|| command.get_program().display().to_string())?;
        let input = child.stdin.take().context("no pipe")?;
        let output = child.stdout.take().context("no pipe")?;
        let mut contestant = Self {
            child,
            input: Some(input),
            output: BufReader::new(output).lines(),
        };
        let line = contestant.line()?;
        if line != "ready" {
            bail!("{command:?} says {line:?}");
        }
        Ok(contestant)
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Has one pass made.
    ///
    /// # Errors
    /// The process ends, or says what it must not.
    pub(crate) fn pass(&mut self) -> anyhow::Result<Pass> {
        let input = self.input.as_mut().context("it was told to end")?;
        input.write_all(b"go\n")?;
        let mut chunks = Vec::new();
        loop {
            let line = self.line()?;
            match line.split_once(' ') {
                Some(("unit", numbers)) => {
                    let [handed, returned] = fields(numbers)?;
                    chunks.push((handed, returned));
                }
                Some(("done", numbers)) => {
                    let [cpu, wall, packets, datagrams] = fields(numbers)?;
                    return Ok(Pass {
                        cpu,
                        wall,
                        packets,
                        datagrams,
                        chunks,
                    });
                }
                _ => bail!("not of the protocol: {line:?}"),
            }
        }
    }

    /// Lets the process end by itself.
    ///
    /// # Errors
    /// It fails.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        // What it waits for next is the end of its input.
        drop(self.input.take());
        let status = self.child.wait()?;
        ensure!(status.success(), "{status}");
        Ok(())
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let line = self.output.next().context("the process has ended")?;
        Ok(line?)
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        // Both fail only on a process that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `N` numbers in a line.
fn fields<const N: usize>(text: &str) -> anyhow::Result<[u64; N]> {
    let numbers: Result<Vec<u64>, _> = text.split(' ').map(u64::from_str).collect();
    let numbers = numbers.with_context(|| text.to_owned())?;
    <[u64; N]>::try_from(numbers)
        .ok()
        .with_context(|| format!("not {N} numbers: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> anyhow::Result<Contestant> {
        Contestant::start(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn a_pass_is_read() {
        let mut process =
            shell("echo ready; read go; echo 'unit 1 2'; echo 'done 3 4 5 6'; read go").unwrap();
        let expected = Pass {
            cpu: 3,
            wall: 4,
            packets: 5,
            datagrams: 6,
            chunks: vec![(1, 2)],
        };
        assert_eq!(process.pass().unwrap(), expected);
    }

    #[test]
    fn what_is_not_of_the_protocol_is_refused() {
        assert!(shell("echo no").is_err());
        assert!(shell("true").is_err());
        for said in ["done 1 2 3", "done 1 2 3 x", "unit 1", "hello world"] {
            let mut process = shell(&format!("echo ready; read go; echo '{said}'")).unwrap();
            assert!(process.pass().is_err(), "{said}");
        }
    }
}
