//! `cargo xtask sim --mutants`: takes checks of the driver away, one at a time, and sees whether the
//! simulator notices. A simulator that passes whatever the driver does proves nothing.
//!
//! The tree is copied into `target/mutants` and changed there. Each mutant is an optimised build, so this
//! is no check of `cargo xtask test`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, ensure};

use crate::suite::{cargo, executable, project_root};

/// The list, in the project.
const LIST: &str = "tests/sim/mutants.txt";

/// One check, and where it is.
#[derive(Debug, PartialEq, Eq)]
struct Mutant {
    name: String,
    file: PathBuf,
    seeds: String,
    /// What the seeds are made of; nothing for everything.
    plan: Option<String>,
    /// Lines that go, and lines in their place.
    old: String,
    new: String,
}

/// Reads the list.
///
/// # Errors
/// A line is none of those that the list explains.
fn read(list: &str) -> anyhow::Result<Vec<Mutant>> {
    let mut mutants: Vec<Mutant> = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("mutant ") {
            mutants.push(Mutant {
                name: name.to_owned(),
                file: PathBuf::new(),
                seeds: String::new(),
                plan: None,
                old: String::new(),
                new: String::new(),
            });
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let mutant = mutants.last_mut().context("a line before any mutant")?;
        if let Some(file) = line.strip_prefix("file ") {
            mutant.file = PathBuf::from(file);
        } else if let Some((seeds, plan)) = line
            .strip_prefix("seeds ")
            .and_then(|words| words.split_once(' '))
        {
            seeds.clone_into(&mut mutant.seeds);
            mutant.plan = (plan != "all").then(|| plan.to_owned());
        } else if let Some(old) = line.strip_prefix('-') {
            mutant.old.push_str(old);
            mutant.old.push('\n');
        } else if let Some(new) = line.strip_prefix('+') {
            mutant.new.push_str(new);
            mutant.new.push('\n');
        } else {
            anyhow::bail!("{LIST}: {line:?}");
        }
    }
    Ok(mutants)
}

impl Mutant {
    /// The text of its file without the check.
    ///
    /// # Errors
    /// The lines are not there, or more than once: the list is out of date.
    fn apply(&self, text: &str) -> anyhow::Result<String> {
        let count = text.matches(&self.old).count();
        ensure!(
            count == 1 && !self.old.is_empty(),
            "{}: its lines are {count} times in {}",
            self.name,
            self.file.display()
        );
        Ok(text.replace(&self.old, &self.new))
    }

    /// Whether a seed fails without the check: the line that says which.
    fn play(&self, tree: &Path) -> anyhow::Result<Option<String>> {
        let path = tree.join(&self.file);
        let whole = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        fs::write(&path, self.apply(&whole)?)?;
        let program = build(tree);
        // Before anything else can go wrong.
        fs::write(&path, whole)?;
        let mut command = Command::new(program?);
        command.args(["--failures", "1", "--seeds", &self.seeds]);
        if let Some(plan) = &self.plan {
            command.args(["--plan", plan]);
        }
        let output = command.output().context("the simulator")?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let line = |start| printed.lines().find(|line| line.starts_with(start));
        let what = line("FAILED").zip(line("WRONG"));
        Ok(what.map(|(seed, wrong)| format!("{seed}: {wrong}")))
    }
}

/// Copies what the project has into `tree`, in place of what is there. The build of what others wrote stays.
fn copy(tree: &Path) -> anyhow::Result<()> {
    let root = project_root();
    fs::create_dir_all(tree)?;
    for entry in fs::read_dir(tree)? {
        let entry = entry?;
        if entry.file_name() == "target" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    let list = Command::new("git")
        .current_dir(&root)
        .args(["ls-files", "-z"])
        .output()
        .context("git")?;
    let list = String::from_utf8(list.stdout)?;
    for name in list.split_terminator('\0') {
        let Ok(bytes) = fs::read(root.join(name)) else {
            // It is deleted and not committed.
            continue;
        };
        let to = tree.join(name);
        if let Some(directory) = to.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(to, bytes)?;
    }
    Ok(())
}

/// Builds the simulator of the tree, by itself: cargo takes packages at the same place of two workspaces for
/// the same, and a mutant must not get into the project's own builds.
fn build(tree: &Path) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.current_dir(tree);
    command.args(["build", "--release", "--package", "miracast-sim"]);
    command.args(["--bin", "miracast-sim"]);
    command.arg("--message-format=json-render-diagnostics");
    command.arg("--target-dir").arg(tree.join("target"));
    let built = command.stderr(Stdio::inherit()).output().context("cargo")?;
    ensure!(built.status.success(), "a mutant was not built");
    executable(&String::from_utf8_lossy(&built.stdout))
}

/// Plays all mutants.
///
/// # Errors
/// The list is out of date, or a mutant cannot be built or played.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let tree = project_root().join("target/mutants");
    copy(&tree)?;
    let mut unseen = 0;
    for mutant in read(&fs::read_to_string(project_root().join(LIST))?)? {
        let seen = mutant.play(&tree)?;
        unseen += u32::from(seen.is_none());
        let seen = seen.unwrap_or_else(|| "NOT SEEN".to_owned());
        println!("{}\n    {seen}", mutant.name);
    }
    Ok(if unseen == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutant_of_the_list_applies_to_the_code_that_is_there() {
        let root = project_root();
        let list = fs::read_to_string(root.join(LIST)).unwrap();
        let mutants = read(&list).unwrap();
        assert!(mutants.len() >= 10);
        for mutant in mutants {
            let text = fs::read_to_string(root.join(&mutant.file)).unwrap();
            let changed = mutant.apply(&text).unwrap();
            assert_ne!(changed, text, "{}", mutant.name);
            assert!(mutant.seeds.contains(".."), "{}", mutant.name);
        }
    }

    #[test]
    fn lines_that_are_not_there_once_are_refused() {
        let list = "mutant a\nfile b\nseeds 0..1 media\n- x\n+ y\n";
        let mutants = read(list).unwrap();
        let [mutant] = mutants.as_slice() else {
            panic!("{mutants:?}")
        };
        assert_eq!(mutant.plan.as_deref(), Some("media"));
        assert_eq!(mutant.apply(" w\n x\n").unwrap(), " w\n y\n");
        assert!(mutant.apply(" w\n").is_err());
        assert!(mutant.apply(" x\n x\n").is_err());
        assert!(read("file b\n").is_err());
    }
}
