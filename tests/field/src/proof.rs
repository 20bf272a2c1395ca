//! Whether the tests exist that a table names as the proof of its rows.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

/// A test: its file, from the project's directory, and its function.
pub type Test = (&'static str, &'static str);

/// Looks a test up.
///
/// # Errors
/// If there is no such file, or no such test in it.
pub fn exists((file, name): Test) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(file)).context(file)?;
    ensure!(has_test(&text, name), "no test {name} in {file}");
    Ok(())
}

/// Whether `text` has a test of this name that runs.
fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let head = format!("fn {name}() {{");
    let place = lines.iter().position(|line| *line == head);
    let above = place
        .and_then(|place| lines.get(..place))
        .unwrap_or_default();
    let attributes = above.iter().rev().take_while(|line| line.starts_with("#["));
    let has = |start| attributes.clone().any(|line| line.starts_with(start));
    has("#[test]") && !has("#[ignore")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_test_is_not_found() {
        let text = "/// Says.\n#[test]\nfn one() {\n}\n\nfn two() {\n}\n// fn three() {\n\
                    #[test]\n#[ignore = \"slow\"]\nfn five() {\n}\n";
        assert!(has_test(text, "one"));
        for name in ["two", "three", "on", "four", "five"] {
            assert!(!has_test(text, name), "{name}");
        }
        assert!(exists(("tests/field/src/proof.rs", "what_is_no_test_is_not_found")).is_ok());
        assert!(exists(("tests/field/src/proof.rs", "what_is_no_test")).is_err());
        assert!(exists(("tests/field/src/proofs.rs", "what_is_no_test_is_not_found")).is_err());
    }
}
