//! `cargo xtask header`: the C header of the contract, from the Rust definitions.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail, ensure};

use crate::suite::{self, Program, project_root};

/// The header, from the project's directory.
pub(crate) const PATH: &str = "kmd-iface/include/miracast_kmd.h";

/// Write the C header of the contract with the miniport from the Rust definitions
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if the header is not what the definitions say
    #[arg(long)]
    check: bool,
}

impl Args {
    /// Prints the header into its file, or compares.
    ///
    /// # Errors
    /// If the program that prints it cannot be built, the file cannot be written, or, with
    /// `--check`, is not up to date.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let program = suite::build(Program::Header)?;
        let printed = Command::new(&program).output();
        let printed = printed.with_context(|| program.display().to_string())?;
        ensure!(printed.status.success(), "{}", printed.status);
        let text = String::from_utf8(printed.stdout)?;
        let path = project_root().join(PATH);
        match difference(&fs::read_to_string(&path).unwrap_or_default(), &text) {
            None => println!("{PATH} is up to date"),
            Some(difference) if self.check => bail!("{difference}"),
            Some(_) => {
                fs::write(&path, text).context(PATH)?;
                println!("{PATH} is written");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Where the header that is `written` is not the one that is `printed` now. How lines end is git's
/// business.
pub(crate) fn difference(written: &str, printed: &str) -> Option<String> {
    let (mut old, mut new) = (written.lines(), printed.lines());
    for number in 1_usize.. {
        let (old, new) = (old.next(), new.next());
        if old != new {
            let shown = |line: Option<&str>| line.unwrap_or("(the end)").trim().to_owned();
            return Some(format!(
                "{PATH}:{number} is stale: `{}` should be `{}`; run `cargo xtask header`",
                shown(old),
                shown(new)
            ));
        }
        if old.is_none() {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_header_is_found_at_its_first_wrong_line() {
        let now = "#define A 1\n#define B 2\n";
        assert_eq!(difference(now, now), None);
        assert_eq!(difference("#define A 1\r\n#define B 2\r\n", now), None);
        for (stale, line) in [
            ("#define A 1\n#define B 3\n", 2),
            ("#define A 1\n", 2),
            ("#define A 1\n#define B 2\n#define C 3\n", 3),
            ("", 1),
        ] {
            let found = difference(stale, now).expect("it is stale");
            assert!(
                found.starts_with(&format!("{PATH}:{line} is stale")),
                "{found}"
            );
        }
    }
}
