//! Tables in Markdown.

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

/// A row.
pub(crate) fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The row of titles and the line under it.
pub(crate) fn head(titles: &[&str]) -> String {
    let line = vec!["---"; titles.len()];
    row(titles) + &row(&line)
}
