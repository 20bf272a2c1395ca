//! Counts that do not depend on what else the machine does: instructions and allocations.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use crate::contestant::Contestant;
use crate::place::{Place, Who, Work};

/// What glibc may use on this processor and not on another: without it, its copies are those that
/// every x86-64 has.
const BASELINE: &str = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM";

/// Instructions of one pass, counted by callgrind.
///
/// # Errors
/// valgrind is missing, the contestant fails, or callgrind did not see the pass.
pub(crate) fn instructions(place: &Place, who: Who, work: &Work) -> anyhow::Result<u64> {
    let out = place.directory.join("callgrind.out");
    let options = [
        "valgrind".to_owned(),
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        "--collect-atstart=no".to_owned(),
        format!("--toggle-collect={}", who.measured_function()),
        format!("--callgrind-out-file={}", out.display()),
    ];
    let options = options.map(Into::into);
    let mut command = place.command(&options, who, work)?;
    let mut contestant = Contestant::start(command.env("GLIBC_TUNABLES", BASELINE))?;
    contestant.pass()?;
    contestant.end()?;
    let text = fs::read_to_string(&out).context("callgrind wrote nothing")?;
    total(&text).with_context(|| format!("callgrind saw no pass of {}", who.name()))
}

/// The sum in a file of callgrind; `None` if nothing was counted.
fn total(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?;
    line.trim().parse().ok().filter(|total| *total > 0)
}

/// Allocations of one pass, counted by a library that is loaded before the C library.
///
/// # Errors
/// The contestant fails, or the library did not count.
pub(crate) fn allocations(place: &Place, who: Who, work: &Work) -> anyhow::Result<u64> {
    let word = place.directory.join("mallocs");
    fs::write(&word, [0; 8])?;
    let mut command = place.command(&[], who, work)?;
    command
        .env("LD_PRELOAD", place.peer("mallocs.so"))
        .env("BENCH_MALLOCS", &word);
    let mut contestant = Contestant::start(&mut command)?;
    let before = count(&word)?;
    anyhow::ensure!(before > 0, "no allocation was counted at all");
    contestant.pass()?;
    Ok(count(&word)? - before)
}

fn count(word: &Path) -> anyhow::Result<u64> {
    let mut bytes = [0; 8];
    File::open(word)?.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn a_file_of_callgrind_is_read() {
        assert_eq!(total("events: Ir\nfn=(1)\n1 2\ntotals: 1234\n"), Some(1234));
        assert_eq!(
            total("totals: 0\n"),
            None,
            "a function that was never called"
        );
        assert_eq!(total(""), None);
    }
}
