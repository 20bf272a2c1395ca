//! Files of the repository that a program writes from the driver's own definitions: `cargo xtask
//! header` and `cargo xtask docs` write them, and the checks of these names compare.

use std::fs;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, bail, ensure};

use crate::suite::{self, Program, project_root};

/// A file and what writes it.
#[derive(Clone, Copy)]
pub(crate) struct Generated {
    /// The file, from the project's directory.
    pub(crate) path: &'static str,
    /// The program that prints it, and what that is told.
    pub(crate) program: Program,
    pub(crate) arguments: &'static [&'static str],
    /// The verb that runs the program.
    pub(crate) verb: &'static str,
}

impl Generated {
    /// Writes the file, or only compares.
    ///
    /// # Errors
    /// If the program cannot be built or fails, the file cannot be written, or is not up to date and
    /// that is asked.
    pub(crate) fn run(self, check: bool) -> anyhow::Result<ExitCode> {
        let program = suite::build(self.program)?;
        let printed = Command::new(&program)
            .args(self.arguments)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| program.display().to_string())?;
        ensure!(printed.status.success(), "{}", printed.status);
        let text = String::from_utf8(printed.stdout)?;
        let path = project_root().join(self.path);
        match self.difference(&fs::read_to_string(&path).unwrap_or_default(), &text) {
            None => println!("{} is up to date", self.path),
            Some(difference) if check => bail!("{difference}"),
            Some(_) => {
                fs::create_dir_all(path.parent().context("no directory")?)?;
                fs::write(&path, text).context(self.path)?;
                println!("{} is written", self.path);
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Where the file that is `written` is not the one that is `printed` now. How lines end is git's
    /// business.
    pub(crate) fn difference(self, written: &str, printed: &str) -> Option<String> {
        let (mut old, mut new) = (written.lines(), printed.lines());
        for number in 1_usize.. {
            let (old, new) = (old.next(), new.next());
            if old != new {
                let shown = |line: Option<&str>| line.unwrap_or("(the end)").trim().to_owned();
                return Some(format!(
                    "{}:{number} is stale: `{}` should be `{}`; run `cargo xtask {}`",
                    self.path,
                    shown(old),
                    shown(new),
                    self.verb
                ));
            }
            if old.is_none() {
                break;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Generated = Generated {
        path: "a.h",
        program: Program::Header,
        arguments: &[],
        verb: "header",
    };

    #[test]
    fn a_stale_file_is_found_at_its_first_wrong_line() {
        let now = "#define A 1\n#define B 2\n";
        assert_eq!(FILE.difference(now, now), None);
        assert_eq!(FILE.difference("#define A 1\r\n#define B 2\r\n", now), None);
        for (stale, line) in [
            ("#define A 1\n#define B 3\n", 2),
            ("#define A 1\n", 2),
            ("#define A 1\n#define B 2\n#define C 3\n", 3),
            ("", 1),
        ] {
            let found = FILE.difference(stale, now).expect("it is stale");
            assert!(
                found.starts_with(&format!("a.h:{line} is stale")),
                "{found}"
            );
            assert!(found.ends_with("run `cargo xtask header`"), "{found}");
        }
    }
}
