//! What the DLL takes from Windows, held against the list of what it may take.

use std::collections::BTreeSet;

use anyhow::Context as _;

/// The list: on each line a DLL, a function and the reason; `#` starts a comment line.
pub(super) const LIST_PATH: &str = "xtask/dll-imports.txt";

/// How functions are called that hand out memory: no reason makes one of them welcome.
const ALLOCATORS: [&str; 9] = [
    "calloc",
    "cotaskmem",
    "globalalloc",
    "heap",
    "localalloc",
    "malloc",
    "realloc",
    "sysalloc",
    "virtualalloc",
];

/// The entries of a list: the first two words of each line.
///
/// # Errors
/// If one has no reason.
pub(super) fn entries(list: &str) -> anyhow::Result<BTreeSet<String>> {
    let lines = list.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let entry = [words.next(), words.next()].map(Option::unwrap_or_default);
            words.next().with_context(|| format!("no reason: {line}"))?;
            Ok(entry.join(" "))
        })
        .collect()
}

/// The differences between what is listed and what is imported, and what allocates.
pub(super) fn faults(listed: &BTreeSet<String>, imported: &BTreeSet<String>) -> Vec<String> {
    let new = imported
        .difference(listed)
        .map(|import| format!("imports {import}, which is not listed"));
    let stale = listed
        .difference(imported)
        .map(|import| format!("does not import {import}, which is listed"));
    let allocators = imported.iter().filter(|import| allocates(import));
    let allocators = allocators.map(|import| format!("imports {import}, which allocates"));
    new.chain(stale).chain(allocators).collect()
}

fn allocates(import: &str) -> bool {
    let function = import.rsplit(' ').next().unwrap_or_default();
    let function = function.to_lowercase();
    ALLOCATORS.iter().any(|name| function.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(imports: &[&str]) -> BTreeSet<String> {
        imports.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_difference_is_named() {
        let listed = set(&["kernel32.dll SetEvent", "ws2_32.dll send"]);
        let imported = set(&["kernel32.dll SetEvent", "kernel32.dll Sleep"]);
        assert_eq!(
            faults(&listed, &imported),
            [
                "imports kernel32.dll Sleep, which is not listed",
                "does not import ws2_32.dll send, which is listed",
            ]
        );
    }

    #[test]
    fn an_allocator_is_a_fault_even_if_it_is_listed() {
        for function in ["HeapAlloc", "VirtualAllocEx", "RtlAllocateHeap", "malloc"] {
            let import = set(&[&format!("some.dll {function}")]);
            assert_eq!(
                faults(&import, &import),
                [format!("imports some.dll {function}, which allocates")]
            );
        }
    }

    #[test]
    fn an_entry_has_a_reason() {
        let list = "# heading\n\nws2_32.dll  send  RTSP\n";
        assert_eq!(entries(list).unwrap(), set(&["ws2_32.dll send"]));
        assert!(entries("ws2_32.dll send").is_err());
    }
}
