//! The log of a long run that is made in slices: a table in a document under docs/, one line a slice.
//!
//! What it is not: it knows nothing of what is run, nor how much of it is enough.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};

use crate::suite::project_root;

/// A slice, and the document that gets its line.
#[derive(Debug)]
pub(crate) struct Slice {
    document: PathBuf,
    date: String,
    commit: String,
}

impl Slice {
    /// Begins one, of the tree as it is now: it may change while the slice runs.
    ///
    /// # Errors
    /// If git cannot say which commit this is.
    pub(crate) fn begin(document: PathBuf) -> anyhow::Result<Self> {
        Ok(Self {
            document,
            date: today(),
            commit: commit(&project_root())?,
        })
    }

    /// Adds the line of this slice behind the last one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn log(&self, columns: &[&str]) -> anyhow::Result<()> {
        let Self {
            document,
            date,
            commit,
        } = self;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(document)?;
        let columns = columns.join(" | ");
        writeln!(file, "| {date} | {commit} | {columns} |")
            .with_context(|| format!("writing {}", document.display()))
    }
}

/// The commit that is checked out in `tree`, with `-dirty` behind it if the tree differs from it.
fn commit(tree: &Path) -> anyhow::Result<String> {
    let mut git = Command::new("git");
    git.current_dir(tree);
    git.args([
        "describe",
        "--always",
        "--dirty",
        "--abbrev=7",
        "--exclude=*",
    ]);
    let output = git.output().context("git")?;
    ensure!(
        output.status.success(),
        "git cannot say which commit this is: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Today's date, UTC.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    date(since.map_or(0, |since| since.as_secs() / 86_400))
}

/// The Gregorian date of a day since 1970, as ISO 8601 has it. Years begin in March here, so that the day
/// which may be missing is the last.
fn date(day: u64) -> String {
    // Days from 0000-03-01 to 1970-01-01, and of 400 years.
    const EPOCH: u64 = 719_468;
    const ERA: u64 = 146_097;
    let day = day + EPOCH;
    let (era, of_era) = (day / ERA, day % ERA);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / (ERA - 1)) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{of_month:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A repository with one file and one commit, in a directory of its own.
    fn repository(name: &str) -> PathBuf {
        let tree = project_root().join("target/tmp").join(name);
        // It is left by a run that failed.
        let _ = fs::remove_dir_all(&tree);
        fs::create_dir_all(&tree).unwrap();
        fs::write(tree.join("file"), "one").unwrap();
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let commit = [&author[..], &["commit", "--quiet", "--message=one"]].concat();
        for arguments in [&["init", "--quiet"][..], &["add", "file"], &commit] {
            let mut git = Command::new("git");
            git.current_dir(&tree).args(arguments);
            assert!(git.status().unwrap().success(), "{arguments:?}");
        }
        tree
    }

    #[test]
    fn a_tree_that_differs_from_its_commit_is_marked() {
        let tree = repository("slices-commit");
        let clean = commit(&tree).unwrap();
        assert!(
            clean.len() >= 7 && clean.bytes().all(|digit| digit.is_ascii_hexdigit()),
            "{clean}"
        );
        fs::write(tree.join("file"), "two").unwrap();
        assert_eq!(commit(&tree).unwrap(), format!("{clean}-dirty"));
        fs::remove_dir_all(tree).unwrap();
    }

    #[test]
    fn a_slice_is_a_line_behind_the_last_one() {
        let document = project_root().join("target/tmp/slices-log.md");
        fs::create_dir_all(document.parent().unwrap()).unwrap();
        fs::write(&document, "text\n").unwrap();
        let slice = Slice {
            document: document.clone(),
            date: "2026-01-01".to_owned(),
            commit: "abc1234-dirty".to_owned(),
        };
        slice.log(&["uibc", "1.0", "9", "none"]).unwrap();
        let text = fs::read_to_string(&document).unwrap();
        assert_eq!(
            text,
            "text\n| 2026-01-01 | abc1234-dirty | uibc | 1.0 | 9 | none |\n"
        );
        fs::remove_file(document).unwrap();
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let known = [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_453, "2025-12-31"),
            (20_454, "2026-01-01"),
        ];
        for (day, text) in known {
            assert_eq!(date(day), text);
        }
    }
}
