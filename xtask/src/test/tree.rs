//! The project's own text files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::suite::project_root;

/// One file, by its path from the project's directory, with forward slashes.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every UTF-8 file of the project but what is built (`target`) and what git keeps (`.git`), in
/// the order of their paths.
///
/// # Errors
/// If a directory or a file cannot be read.
pub(crate) fn source_files() -> anyhow::Result<Vec<SourceFile>> {
    let root = project_root();
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if let Ok(text) = String::from_utf8(fs::read(&path)?) {
            let relative = path
                .strip_prefix(&root)?
                .to_string_lossy()
                .replace('\\', "/");
            files.push(SourceFile {
                path: relative,
                text,
            });
        }
    }
    Ok(files)
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        // A file of that name stands in a second working tree, with a path of the machine in it.
        if name == ".git" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if name != "target" {
                collect(&entry.path(), paths)?;
            }
        } else {
            paths.push(entry.path());
        }
    }
    Ok(())
}

impl SourceFile {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }

    /// Whether the file is part of a test build only: `tests.rs`, what lies in `tests/` beside
    /// the code of a package, and the models of the threads.
    pub(crate) fn is_test_module(&self) -> bool {
        let names = ["/tests.rs", "/interleavings.rs"];
        names.iter().any(|name| self.path.ends_with(name)) || self.path.contains("/tests/")
    }
}
