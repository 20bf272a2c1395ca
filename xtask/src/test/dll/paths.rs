//! That no path of the machine that built it is in the DLL or its PDB.

use std::fs;
use std::path::Path;

/// The directories of `places` whose name is in the file.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn faults(file: &Path, places: &[String]) -> anyhow::Result<Vec<String>> {
    let bytes = fs::read(file)?;
    let named = places.iter().filter(|place| contains(&bytes, place));
    Ok(named
        .map(|place| format!("{} names {place}", file.display()))
        .collect())
}

fn contains(bytes: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    bytes.windows(text.len()).any(|window| window == text)
}
