//! The list of files that may contain `unsafe`, held against the tree.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};

use super::Check;
use super::lexer::{Token, tokens};
use super::runner::Runner;
use super::tree::source_files;

pub(crate) const CHECK: Check = Check {
    name: "unsafe-list",
    needs: &[],
    after: &[],
    run,
};

const LIST_PATH: &str = "xtask/unsafe-files.txt";

/// Where unsafe code may be at all: the shipped modules that face raw memory and the operating
/// system, the edges of the emulators, and the one question that no tool of Windows asks.
const PLACES: [&str; 7] = [
    "kmd-iface/src/ring",
    "tests/",
    "umd/src/ddi",
    "umd/src/dll",
    "umd/src/os",
    "umd/src/slot",
    "xtask/src/machine/d3dkmt",
];

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let files = source_files()?;
    let list = files
        .iter()
        .find(|file| file.path == LIST_PATH)
        .context(LIST_PATH)?;
    let listed: BTreeSet<&str> = entries(&list.text)?.into_iter().collect();
    let found: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.is_rust() && tokens(&file.text).contains(&Token::Word("unsafe")))
        .map(|file| file.path.as_str())
        .collect();
    let faults = faults(&listed, &found);
    for fault in &faults {
        runner.note(fault)?;
    }
    ensure!(
        faults.is_empty(),
        "{} differences between {LIST_PATH} and the tree",
        faults.len()
    );
    Ok(format!("{} files, as listed", found.len()))
}

/// The paths of the list: one a line, followed by the reason; `#` starts a comment line.
fn entries(text: &str) -> anyhow::Result<Vec<&str>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let entry = line.split_once(char::is_whitespace);
            entry
                .map(|(path, _reason)| path)
                .with_context(|| format!("no reason: {line}"))
        })
        .collect()
}

fn faults(listed: &BTreeSet<&str>, found: &BTreeSet<&str>) -> Vec<String> {
    let new = found
        .difference(listed)
        .map(|path| format!("{path}: unsafe, but not listed"));
    let stale = listed
        .difference(found)
        .map(|path| format!("{path}: listed, but has no unsafe"));
    let misplaced = listed.iter().filter(|path| !has_place(path));
    let misplaced = misplaced.map(|path| format!("{path}: no place for unsafe"));
    new.chain(stale).chain(misplaced).collect()
}

fn has_place(path: &str) -> bool {
    // A module is a file or a directory: what merely begins like it is another one.
    let inside = |rest: &str, place: &str| place.ends_with('/') || rest.starts_with(['/', '.']);
    PLACES.iter().any(|place| {
        path.strip_prefix(place)
            .is_some_and(|rest| inside(rest, place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_named() {
        let listed = BTreeSet::from(["umd/src/os/unix.rs", "umd/src/slot.rs", "core/src/a.rs"]);
        let found = BTreeSet::from(["umd/src/os/unix.rs", "umd/src/engine.rs", "core/src/a.rs"]);
        assert_eq!(
            faults(&listed, &found),
            [
                "umd/src/engine.rs: unsafe, but not listed",
                "umd/src/slot.rs: listed, but has no unsafe",
                "core/src/a.rs: no place for unsafe",
            ]
        );
    }

    #[test]
    fn a_place_is_a_whole_module() {
        assert!(has_place("kmd-iface/src/ring.rs") && has_place("kmd-iface/src/ring/view.rs"));
        assert!(has_place("tests/os/src/load.rs") && !has_place("kmd-iface/src/rings.rs"));
    }

    #[test]
    fn an_entry_has_a_reason() {
        let text = "# heading\n\numd/src/slot.rs  the storage cells\n";
        assert_eq!(entries(text).unwrap(), ["umd/src/slot.rs"]);
        assert!(entries("umd/src/slot.rs").is_err());
    }
}
