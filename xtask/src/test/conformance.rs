//! dvb-conformance, a monitor of ETSI TR 101 290 that shares no code with the other analysers or us:
//! its first and second priority on the capture, at the times at which the datagrams arrived.
//!
//! It is a library; `tests/conformance` is the program around it.

use std::process::Command;

use anyhow::{bail, ensure};

use super::Check;
use super::recording::{NAMES, Recording, each};
use super::runner::{Runner, TOOL_LIMIT};
use crate::suite::Program;

pub(crate) const CHECK: Check = Check {
    name: "dvb-conformance",
    needs: &[],
    after: &NAMES,
    run: |runner| each(runner, examine),
};

pub(crate) fn examine(runner: &mut Runner, recording: &Recording) -> anyhow::Result<String> {
    let program = runner.build(Program::Conformance)?;
    let mut command = Command::new(program);
    let printed = runner.finish(command.arg(&recording.capture), TOOL_LIMIT)?;
    ensure!(printed.stderr.is_empty(), "{}", printed.stderr.trim());
    judge(&printed.stdout, recording.summary.count("rtp_packets")?)
}

/// Reads what the program prints: faults, then the counts.
fn judge(text: &str, sent: u64) -> anyhow::Result<String> {
    let (faults, counts): (Vec<_>, Vec<_>) = text
        .lines()
        .partition(|line| !line.starts_with("RTP packets: "));
    ensure!(faults.is_empty(), "{}", faults.join("; "));
    let [counts] = counts[..] else {
        bail!("{} lines of counts", counts.len());
    };
    ensure!(
        counts.starts_with(&format!("RTP packets: {sent}, ")),
        "{counts}, of {sent}"
    );
    Ok(counts.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: &str = "RTP packets: 1202, TS packets: 7464\n";

    #[test]
    fn counts_alone_are_good() {
        assert!(judge(COUNTS, 1202).is_ok());
    }

    #[test]
    fn faults_and_other_counts_are_found() {
        let fault = "3.5 s: CRC_error: on PID 0x0100\n".to_owned() + COUNTS;
        let error = judge(&fault, 1202).unwrap_err();
        assert!(error.to_string().contains("CRC_error"), "{error}");
        assert!(judge(COUNTS, 1203).is_err());
        assert!(judge(COUNTS, 120).is_err());
        assert!(judge("", 0).is_err());
    }
}
