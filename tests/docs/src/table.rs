//! Tables in Markdown.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use miracast_field::proof::{self, Test};

/// The cell that names the tests of a row.
///
/// # Errors
/// If there is none, or one does not exist.
pub(crate) fn tests(row: &str, tests: &[Test]) -> anyhow::Result<String> {
    ensure!(!tests.is_empty(), "{row} has no test");
    let cells: Vec<String> = tests
        .iter()
        .map(|test @ (file, name)| {
            proof::exists(*test).with_context(|| row.to_owned())?;
            Ok(format!("[`{name}`](../{file})"))
        })
        .collect::<anyhow::Result<_>>()?;
    Ok(cells.join(", "))
}

/// Looks up a check of `cargo xtask test` in the file that defines it.
///
/// # Errors
/// If the file does not have its name.
pub(crate) fn is_check(name: &str, file: &str) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(file)).with_context(|| file.to_owned())?;
    let quoted = format!("\"{name}\"");
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let found = text
        .lines()
        .filter(is_code)
        .any(|line| line.contains(&quoted));
    ensure!(found, "no check {name} in {file}");
    Ok(())
}

/// A row.
pub(crate) fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The row of titles and the line under it.
pub(crate) fn head(titles: &[&str]) -> String {
    let line = vec!["---"; titles.len()];
    row(titles) + &row(&line)
}
