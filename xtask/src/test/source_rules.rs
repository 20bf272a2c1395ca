//! Rules for source files that no compiler checks.

use anyhow::ensure;

use super::Check;
use super::lexer::{Token, tokens, without_tests};
use super::runner::Runner;
use super::tree::{SourceFile, source_files};

pub(crate) const CHECKS: [Check; 4] = [
    Check {
        name: "file-size",
        needs: &[],
        after: &[],
        run: |runner| each(runner, too_long),
    },
    Check {
        name: "file-names",
        needs: &[],
        after: &[],
        run: |runner| each(runner, empty_name),
    },
    Check {
        name: "no-std-paths",
        needs: &[],
        after: &[],
        run: |runner| each(runner, standard_library),
    },
    Check {
        name: "machine-paths",
        needs: &[],
        after: &[],
        run: |runner| each(runner, machine_path),
    },
];

/// A file has one idea; longer than this it has two.
const LINES_MAX: usize = 600;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = [
    "common", "helper", "helpers", "manager", "managers", "util", "utils",
];

/// The packages that must be clean of `std` and `alloc`.
const NO_STD: [&str; 3] = ["core/", "kmd-iface/", "umd/"];

/// How the directories begin that exist only on somebody's machine, cut in two so that this file
/// passes its own check.
const MACHINE_PATHS: [(&str, &str); 5] = [
    ("/ho", "me/"),
    ("/ro", "ot/"),
    ("/wo", "rk/"),
    ("/Us", "ers/"),
    (":\\Us", "ers\\"),
];

fn each(runner: &mut Runner, rule: fn(&SourceFile) -> Option<String>) -> anyhow::Result<String> {
    let files = source_files()?;
    let mut broken = 0_u32;
    for file in &files {
        if let Some(why) = rule(file) {
            runner.note(&format!("{}: {why}", file.path))?;
            broken += 1;
        }
    }
    ensure!(broken == 0, "{broken} of {} files", files.len());
    Ok(format!("{} files", files.len()))
}

fn too_long(file: &SourceFile) -> Option<String> {
    let lines = file.text.lines().count();
    (file.is_rust() && lines > LINES_MAX).then(|| format!("{lines} lines, at most {LINES_MAX}"))
}

fn empty_name(file: &SourceFile) -> Option<String> {
    let parts = file.path.split(['/', '.', '_', '-']);
    let mut empty = parts.filter(|part| EMPTY_NAMES.contains(part));
    empty.next().map(|part| format!("is called {part}"))
}

fn standard_library(file: &SourceFile) -> Option<String> {
    let shipped = NO_STD.iter().any(|package| file.path.starts_with(package));
    // A build script runs where the driver is built.
    let build_script = file.path.ends_with("/build.rs");
    if !shipped || build_script || !file.is_rust() || file.is_test_module() {
        return None;
    }
    let tokens = without_tests(&tokens(&file.text));
    let name = (0..tokens.len()).find_map(|at| names_library(&tokens, at))?;
    Some(format!("uses {name} outside of its tests"))
}

/// Whether the word at `at` is `std` or `alloc` as the start of a path or in `extern crate`.
fn names_library<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    let Token::Word(name @ ("std" | "alloc")) = *tokens.get(at)? else {
        return None;
    };
    let before = |distance| at.checked_sub(distance).and_then(|index| tokens.get(index));
    let path = tokens.get(at + 1..at + 3) == Some(&[Token::Mark(':'); 2]);
    // `core::alloc::Layout` is a path through core; only a `::` of its own starts one at the root.
    let inside = before(1) == Some(&Token::Mark(':')) && matches!(before(3), Some(Token::Word(_)));
    let external = before(1) == Some(&Token::Word("crate"));
    (external || path && !inside).then_some(name)
}

fn machine_path(file: &SourceFile) -> Option<String> {
    MACHINE_PATHS
        .iter()
        .map(|(start, end)| format!("{start}{end}"))
        .find_map(|path| {
            let found = file.text.match_indices(&path).any(|(at, _)| {
                // A longer path that merely contains the words, or a URL, starts before them.
                let before = file
                    .text
                    .get(..at)
                    .and_then(|text| text.chars().next_back());
                path.starts_with(':')
                    || before.is_none_or(|c| !c.is_alphanumeric() && !"./_-}".contains(c))
            });
            found.then(|| format!("names {path}"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_long_file_is_found() {
        let limit = "x\n".repeat(LINES_MAX);
        assert_eq!(too_long(&file("a.rs", &limit)), None);
        assert!(too_long(&file("a.rs", &format!("{limit}x"))).is_some());
        assert_eq!(too_long(&file("Cargo.lock", &format!("{limit}x"))), None);
    }

    #[test]
    fn empty_names_are_found() {
        for path in [
            "core/src/util.rs",
            "umd/src/common/mod.rs",
            "core/src/ring_helper.rs",
        ] {
            assert!(empty_name(&file(path, "")).is_some(), "{path}");
        }
        assert_eq!(empty_name(&file("core/src/utility_meter.rs", "")), None);
    }

    #[test]
    fn std_and_alloc_are_found_in_shipped_code_only() {
        let bad = [
            "extern crate alloc;",
            "use std::vec::Vec;",
            "fn f() { let _ = ::std::time::Instant::now(); }",
            "type B = alloc::boxed::Box<u8>;",
        ];
        for text in bad {
            assert!(
                standard_library(&file("core/src/a.rs", text)).is_some(),
                "{text}"
            );
            assert_eq!(standard_library(&file("tests/os/src/a.rs", text)), None);
            assert_eq!(standard_library(&file("core/src/a/tests.rs", text)), None);
            assert_eq!(standard_library(&file("umd/build.rs", text)), None);
        }
        let good = [
            "#[cfg(test)] extern crate std;",
            "use core::alloc::Layout;",
            "// use std::vec\nconst TEXT: &str = \"std::vec\";",
            "#[cfg(test)] mod tests { use std::vec::Vec; }",
            "fn alloc() { self.alloc(); }",
        ];
        for text in good {
            assert_eq!(
                standard_library(&file("core/src/a.rs", text)),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn paths_of_a_machine_are_found() {
        let join = |(start, end): (&str, &str)| format!("\"{start}{end}x\"");
        for parts in MACHINE_PATHS {
            assert!(machine_path(&file("a.toml", &join(parts))).is_some());
        }
        assert_eq!(
            machine_path(&file("a.md", "see https://example.org/home/x")),
            None
        );
    }
}
