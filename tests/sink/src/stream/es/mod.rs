//! One access unit in Annex B form (ITU-T H.264 and H.265, Annex B), by the codec that was negotiated.

mod avc;
mod hevc;

use core::ops::Range;

use super::fault::{Fault, Faults};
use super::psi::Described;
use super::{Codec, Rules};

/// What a unit turned out to be.
pub(super) struct Unit {
    pub(super) nals: Vec<Range<usize>>,
    pub(super) idr: bool,
    pub(super) slices: u32,
}

/// Finds the NAL units: what lies between start codes, without trailing zero bytes.
fn split(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut nals: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(find_start_code) {
        let code = at + found;
        nals.extend(start.map(|s| trimmed(bytes, s..code)));
        start = Some(code + 3);
        at = code + 3;
    }
    nals.extend(start.map(|s| trimmed(bytes, s..bytes.len())));
    nals
}

fn find_start_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|w| w == [0, 0, 1])
}

fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let nal = bytes.get(range.clone()).unwrap_or_default();
    let zeros = nal.iter().rev().take_while(|&&b| b == 0).count();
    range.start..range.end - zeros
}

/// Checks one access unit. `described` is what the PMT's video descriptor says.
pub(super) fn check(
    bytes: &[u8],
    described: Option<Described>,
    rules: &Rules,
    faults: &mut Faults,
) -> Unit {
    if !bytes.starts_with(&[0, 0, 0, 1]) {
        let head = bytes.get(..5).unwrap_or(bytes);
        faults.add(Fault::EsStartCode, || format!("{head:02x?}"));
    }
    let nals = split(bytes);
    let units = nals
        .iter()
        .map(|range| bytes.get(range.clone()).unwrap_or_default());
    let (idr, slices) = match rules.codec {
        Codec::H264 => {
            let mut scan = avc::Scan::default();
            units.for_each(|nal| scan.nal(nal, described.and_then(Described::avc), faults));
            scan.conclude(rules, faults);
            (scan.is_idr(), scan.slices())
        }
        Codec::H265 => {
            let mut scan = hevc::Scan::default();
            units.for_each(|nal| scan.nal(nal, described.and_then(Described::hevc), faults));
            scan.conclude(rules, faults);
            (scan.is_idr(), scan.slices())
        }
    };
    Unit {
        nals,
        idr,
        slices: u32::try_from(slices).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_at_both_start_codes_and_drops_trailing_zeros() {
        let bytes = [
            0, 0, 0, 1, 9, 0x10, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 1, 0x41, 3, 0,
        ];
        let nals: Vec<&[u8]> = split(&bytes).into_iter().map(|r| &bytes[r]).collect();
        assert_eq!(nals, [&[9, 0x10][..], &[0x65, 1, 2], &[0x41, 3]]);
        assert!(split(&[]).is_empty());
        assert_eq!(split(&[0, 0, 1]).len(), 1);
    }
}
