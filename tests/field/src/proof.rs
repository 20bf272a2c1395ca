//! Whether the tests exist that a table names as the proof of its rows.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

/// A test: its file, from the project's directory, and its function.
pub type Test = (&'static str, &'static str);

/// Looks a test up.
///
/// # Errors
/// If there is no such file, or no such test in it.
pub fn exists((file, name): (&str, &str)) -> anyhow::Result<()> {
    let text = fs::read_to_string(root().join(file)).with_context(|| file.to_owned())?;
    ensure!(has_test(&text, name), "no test {name} in {file}");
    Ok(())
}

/// Looks a unit test up by its path in a crate, as the crate's test program lists it.
///
/// # Errors
/// If a module of the path is not declared or has no file, or the last one has no such test.
pub fn exists_in(package: &str, path: &str) -> anyhow::Result<()> {
    let (modules, name) = path.rsplit_once("::").context("no path")?;
    let mut folder = root().join(package).join("src");
    let mut text = fs::read_to_string(folder.join("lib.rs")).context("lib.rs")?;
    let mut indent = 0;
    for module in modules.split("::") {
        if let Some(inside) = inline(&text, indent, module) {
            (text, indent) = (inside, indent + 4);
            continue;
        }
        let declared = declares(&text, &format!("mod {module};"));
        ensure!(declared, "{path}: no module {module}");
        folder.push(module);
        text = module_text(&folder).with_context(|| folder.display().to_string())?;
        indent = 0;
    }
    let head = format!("{:indent$}fn {name}() {{", "");
    let found = text.lines().any(|line| line == head) && has_test(&text, name);
    ensure!(found, "no test {path} in {package}");
    Ok(())
}

/// Looks up the tests that the table of a `limits.rs` names in its last column, and says how many there
/// are: by their path in the package, or behind the file of another one.
///
/// # Errors
/// If a row has no test that exists.
pub fn limits(package: &str) -> anyhow::Result<usize> {
    let file = root().join(package).join("src/limits.rs");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let table = text.lines().filter_map(|line| line.strip_prefix("//! | "));
    // Behind the titles and the line under them.
    let rows: Vec<&str> = table.skip(2).collect();
    for row in &rows {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next();
        let named: Vec<&str> = cell.unwrap_or_default().split('`').collect();
        match named[..] {
            ["", path, ""] => exists_in(package, path)?,
            ["", file, ": ", name, ""] => exists((file, name))?,
            _ => anyhow::bail!("no test: {row}"),
        }
    }
    Ok(rows.len())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What is in the file of a module whose children would be in this folder.
fn module_text(folder: &Path) -> std::io::Result<String> {
    fs::read_to_string(folder.with_extension("rs"))
        .or_else(|_| fs::read_to_string(folder.join("mod.rs")))
}

/// What is in a module of `text` that has no file of its own.
fn inline(text: &str, indent: usize, module: &str) -> Option<String> {
    let head = format!("{:indent$}mod {module} {{", "");
    let foot = format!("{:indent$}}}", "");
    let mut lines = text.lines().skip_while(|line| *line != head);
    lines.next()?;
    let inside: Vec<&str> = lines.take_while(|line| *line != foot).collect();
    Some(inside.join("\n"))
}

/// Whether a line of `text` is this, whatever its visibility.
fn declares(text: &str, module: &str) -> bool {
    text.lines().any(|line| {
        let public = line.strip_suffix(module).map(str::trim);
        public.is_some_and(|before| before.is_empty() || before.starts_with("pub"))
    })
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

    #[test]
    fn a_path_leads_through_the_modules_that_are_declared() {
        let name = "what_is_no_test_is_not_found";
        let exists = |path: String| exists_in("tests/field", &path).is_ok();
        assert!(exists(format!("proof::tests::{name}")));
        for path in [
            "proof",
            "tests",
            "proof::test",
            "proof::tests::tests",
            "proofs::tests",
        ] {
            assert!(!exists(format!("{path}::{name}")), "{path}");
        }
        assert!(!exists(name.to_owned()));
        assert!(!exists("proof::tests::other".to_owned()));
    }

    #[test]
    fn a_module_is_declared_by_a_line_of_its_own() {
        let text = "pub(super) mod one;\n    mod two;\n// mod three;\nmod fourth;\n";
        for (module, declared) in [
            ("one", true),
            ("two", true),
            ("three", false),
            ("four", false),
        ] {
            assert_eq!(
                declares(text, &format!("mod {module};")),
                declared,
                "{module}"
            );
        }
    }
}
