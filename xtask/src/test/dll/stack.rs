//! How much stack the functions of the DLL take, from the PDB: for arm64 as for x64.

use anyhow::Context as _;

/// Bytes of the largest frame. The worker has 256 KiB (`WORKER_STACK` of miracast-umd's `limits`),
/// Windows calls us on a thread of the host with 1 MiB as a rule. The largest frame had 6.5 KB when
/// the bound was set. A context is 12 KB and is built in its place: what makes a frame much larger is
/// a context that is moved, or a large array that nobody lent.
const FRAME_MAX: u32 = 16 * 1024;

/// A frame of less than a page is nothing that one has to know.
const PAGE: u32 = 4096;

/// The functions and their frames of a page or more, largest first, from what `llvm-pdbutil dump
/// -symbols` printed.
///
/// # Errors
/// If it printed no frame at all, or one without a size.
pub(super) fn large_frames(dump: &str) -> anyhow::Result<Vec<(u32, String)>> {
    let mut function = "";
    let mut count = 0;
    let mut large = Vec::new();
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        if line.contains("| S_LPROC32 ") || line.contains("| S_GPROC32 ") {
            function = line.split('`').nth(1).unwrap_or_default();
        } else if line.contains("| S_FRAMEPROC ") {
            let size = lines.next().and_then(frame_size);
            let size = size.with_context(|| format!("no size of the frame of {function}"))?;
            count += 1;
            if size >= PAGE {
                large.push((size, function.to_owned()));
            }
        }
    }
    anyhow::ensure!(count > 0, "there is no frame in the PDB");
    large.sort_unstable_by(|a, b| b.cmp(a));
    Ok(large)
}

fn frame_size(line: &str) -> Option<u32> {
    let (number, _) = line.trim().strip_prefix("size = ")?.split_once(',')?;
    number.parse().ok()
}

/// The frames that are too large.
pub(super) fn faults(frames: &[(u32, String)]) -> Vec<String> {
    let large = frames.iter().filter(|(size, _)| *size > FRAME_MAX);
    large
        .map(|(size, function)| format!("{function} takes {size} bytes of stack"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "
  100 | S_LPROC32 [size = 72] `a::small`
           parent = 0, end = 300, addr = 0001:1, code size = 9
  172 | S_FRAMEPROC [size = 32]
           size = 4095, padding size = 0, offset to padding = 0
  300 | S_GPROC32 [size = 72] `a::large`
  372 | S_FRAMEPROC [size = 32]
           size = 16385, padding size = 0, offset to padding = 0
  400 | S_LPROC32 [size = 72] `a::page`
  472 | S_FRAMEPROC [size = 32]
           size = 4096, padding size = 0, offset to padding = 0
";

    #[test]
    fn frames_of_a_page_are_listed_and_too_large_ones_are_faults() {
        let frames = large_frames(DUMP).unwrap();
        assert_eq!(
            frames,
            [(16_385, "a::large".into()), (4096, "a::page".into())]
        );
        assert_eq!(faults(&frames), ["a::large takes 16385 bytes of stack"]);
    }

    #[test]
    fn a_dump_without_frames_is_no_proof() {
        assert!(large_frames("").is_err());
        assert!(large_frames(&DUMP.replace("size = 4095", "?")).is_err());
    }
}
