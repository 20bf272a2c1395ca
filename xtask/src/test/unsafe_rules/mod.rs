//! The rules for `unsafe`, read from the source: also where no clippy runs, which is everything that
//! is compiled for Windows alone.
//!
//! Each unsafe block has a `// SAFETY:` comment directly above it or its statement, and one unsafe
//! operation; each unsafe impl has the comment. They are clippy's `undocumented_unsafe_blocks` and
//! `multiple_unsafe_ops_per_block`, but without types: see [`names`] for what that means.

mod names;
mod scan;

use anyhow::{Context as _, ensure};

use self::names::Names;
use super::Check;
use super::runner::Runner;
use super::tree::source_files;

pub(crate) const CHECK: Check = Check {
    name: "unsafe-rules",
    needs: &[],
    after: &[],
    run,
};

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let files = source_files()?;
    let mut parsed = Vec::new();
    let mut names = Names::default();
    for file in files.iter().filter(|file| file.is_rust()) {
        let syntax = syn::parse_file(&file.text).with_context(|| file.path.clone())?;
        names.add(&syntax);
        parsed.push((file, syntax));
    }
    let (mut blocks, mut faults) = (0, 0);
    for (file, syntax) in &parsed {
        let found = scan::scan(&file.text, syntax, &names)?;
        blocks += found.blocks;
        faults += found.faults.len();
        for fault in &found.faults {
            runner.note(&format!("{}:{fault}", file.path))?;
        }
    }
    ensure!(faults == 0, "{faults} faults in {blocks} unsafe blocks");
    ensure!(blocks > 0, "no unsafe block was found: nothing was read");
    Ok(format!("{blocks} unsafe blocks in {} files", parsed.len()))
}
