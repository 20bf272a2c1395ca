//! Which panics are left in the DLL, held against the list of those that are known.
//!
//! A panic that cannot happen costs nothing and is not proved absent by tests; one that the compiler
//! could not remove is a call of one of the functions of `core` that panic. Those calls are read off the
//! machine code, and the PDB says whose they are, through all that was inlined. Calls of one function that
//! the compiler has merged have the place of one of them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

/// The list: on each line a place and the reason why it stays; `#` starts a comment line.
pub(super) const LIST_PATH: &str = "xtask/dll-panics.txt";

/// Where the sources are as the PDB has them: see `dll-paths`.
const OURS: &str = "/miracast/";

/// A function of the DLL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// Of its first byte, in the image's address space.
    address: u64,
    name: String,
}

/// The functions, from what `llvm-pdbutil dump -symbols` printed; `text` is the address of the first
/// section.
///
/// # Errors
/// If one has no address, or there is none.
pub(super) fn functions(dump: &str, text: u64) -> anyhow::Result<Vec<Function>> {
    let mut functions = Vec::new();
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        if !line.contains("| S_LPROC32 ") && !line.contains("| S_GPROC32 ") {
            continue;
        }
        let name = line.split('`').nth(1).unwrap_or_default();
        let address = lines.next().and_then(offset);
        let address = address.with_context(|| format!("no address of {name}"))?;
        functions.push(Function {
            address: text + address,
            name: name.to_owned(),
        });
    }
    anyhow::ensure!(!functions.is_empty(), "there is no function in the PDB");
    Ok(functions)
}

/// The offset in the first section: all code is there.
fn offset(line: &str) -> Option<u64> {
    let (_, rest) = line.split_once("addr = 0001:")?;
    let digits = rest.split(',').next()?;
    digits.parse().ok()
}

/// Whether a function does nothing but panic.
fn panics(name: &str) -> bool {
    let ends = ["unwrap_failed", "expect_failed", "_fail"];
    name.starts_with("core::panicking::")
        || name.starts_with("core::") && ends.iter().any(|end| name.ends_with(end))
}

/// The addresses of the instructions that call or jump to a function that panics, from what
/// `llvm-objdump -d --no-show-raw-insn` printed. What such functions call themselves is not among them.
///
/// # Errors
/// If no function panics: then the reading is wrong, since a panic handler is always there.
pub(super) fn calls(disassembly: &str, functions: &[Function]) -> anyhow::Result<Vec<u64>> {
    let panicking = functions.iter().filter(|function| panics(&function.name));
    let panicking: BTreeSet<u64> = panicking.map(|function| function.address).collect();
    anyhow::ensure!(!panicking.is_empty(), "there is no function that panics");
    let starts: BTreeMap<u64, &str> = functions
        .iter()
        .map(|function| (function.address, function.name.as_str()))
        .collect();
    let calls = disassembly.lines().filter_map(|line| {
        let (address, instruction) = line.split_once(':')?;
        let address = u64::from_str_radix(address.trim(), 16).ok()?;
        let target = instruction.split_whitespace().find_map(|word| {
            let word = word.trim_matches(|c| c == ',' || c == '<' || c == '>');
            u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()
        })?;
        let (_, holder) = starts.range(..=address).next_back()?;
        (panicking.contains(&target) && !panics(holder)).then_some(address)
    });
    Ok(calls.collect())
}

/// The places of the calls, from what `llvm-symbolizer --inlining --pretty-print` printed of each:
/// the innermost function that is ours and its file, or, if none is, the outermost one.
///
/// # Errors
/// If a block is not of the form that is expected.
pub(super) fn places(symbolized: &str) -> anyhow::Result<BTreeSet<String>> {
    let blocks = symbolized.split("\n\n").map(str::trim);
    let blocks = blocks.filter(|block| !block.is_empty());
    blocks
        .map(|block| place(block).with_context(|| format!("not read: {block}")))
        .collect()
}

fn place(block: &str) -> Option<String> {
    let frames = block.lines().map(|line| {
        let line = line.trim_start().trim_start_matches("(inlined by) ");
        line.rsplit_once(" at ")
    });
    let frames: Vec<(&str, &str)> = frames.collect::<Option<_>>()?;
    if let Some((function, path)) = frames.iter().find(|(_, path)| path.starts_with(OURS)) {
        let file = path.strip_prefix(OURS)?.split(':').next()?;
        return Some(format!("{file} {}", plain(function)));
    }
    let (function, _) = frames.last()?;
    Some(format!("library {}", plain(function)))
}

/// The name without the types that it was made for, without blanks and with its last two parts only:
/// the rest differs between compilers, and the file says where it is.
fn plain(function: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::new();
    for c in function.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    let parts: Vec<_> = bare.split("::").collect();
    let named = parts.iter().filter(|part| !part.contains('$'));
    let named: Vec<&str> = named.map(|part| part.trim()).collect();
    named[named.len().saturating_sub(2)..].join("::")
}

/// The differences between what is listed and what was found.
pub(super) fn faults(listed: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let new = found.difference(listed);
    let new = new.map(|place| format!("can panic in {place}, which is not listed"));
    let stale = listed.difference(found);
    let stale = stale.map(|place| format!("does not panic in {place}, which is listed"));
    new.chain(stale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "
  100 | S_LPROC32 [size = 72] `a::ours`
           parent = 0, end = 300, addr = 0001:16, code size = 32
  300 | S_LPROC32 [size = 72] `core::option::unwrap_failed`
           parent = 0, end = 400, addr = 0001:48, code size = 16
  400 | S_GPROC32 [size = 72] `core::panicking::panic_fmt`
           parent = 0, end = 500, addr = 0001:64, code size = 16
  500 | S_GPROC32 [size = 72] `a::report_fail`
           parent = 0, end = 600, addr = 0001:80, code size = 16
";

    const CODE: &str = "
Disassembly of section .text:

0000000000001000 <.text>:
    1010:      \tmovl\t$0x1030, %eax
    1014:      \tcallq\t0x1050 <.text+0x50>
    1018:      \tcallq\t0x1030 <.text+0x30>
    101c:      \tje\t0x1040 <.text+0x40>
    1020:      \tbl\t0x1040 <.text+0x40>
    1034:      \tjmp\t0x1040 <.text+0x40>
    1050:      \tretq
";

    #[test]
    fn calls_from_outside_the_functions_that_panic_are_found() {
        let functions = functions(DUMP, 0x1000).unwrap();
        assert_eq!(calls(CODE, &functions).unwrap(), [0x1018, 0x101c, 0x1020]);
    }

    #[test]
    fn a_dll_without_functions_that_panic_is_no_proof() {
        assert!(functions("", 0).is_err());
        assert!(functions(&DUMP.replace("0001:16", "0002:16"), 0).is_err());
        let ours = functions(DUMP, 0x1000).unwrap();
        assert!(calls(CODE, &ours[..1]).is_err());
    }

    #[test]
    fn a_place_is_the_innermost_function_that_is_ours() {
        let symbolized = "
core::slice::impl$4::index at /usr/lib/rustlib/src/rust/library/core/src/slice/index.rs:443:0
 (inlined by) miracast_core::rtsp::Parser<array$<u8,9> >::line<x> at /miracast/core/src/rtsp/parser.rs:282:0
 (inlined by) miracast_core::session::Session::step at /miracast/core/src/session/mod.rs:159:0

core::option::unwrap at /usr/lib/rustlib/src/rust/library/core/src/option.rs:1016:0
 (inlined by) core::net::ip_addr::impl$8::fmt at /usr/lib/rustlib/src/rust/library/core/src/net/ip_addr.rs:1199:0
";
        let found: Vec<_> = places(symbolized).unwrap().into_iter().collect();
        assert_eq!(
            found,
            [
                "core/src/rtsp/parser.rs Parser::line",
                "library ip_addr::fmt"
            ]
        );
        assert!(places("??").is_err());
    }

    #[test]
    fn each_difference_is_named() {
        let listed = ["a.rs b::c", "d.rs e"].map(str::to_owned).into();
        let found = ["a.rs b::c", "f.rs g"].map(str::to_owned).into();
        assert_eq!(
            faults(&listed, &found),
            [
                "can panic in f.rs g, which is not listed",
                "does not panic in d.rs e, which is listed"
            ]
        );
    }
}
