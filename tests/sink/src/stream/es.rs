//! One H.264 access unit in Annex B form (ITU-T H.264 §7.3, Annex B; ISO 13818-1 §2.14).

use core::ops::Range;

use super::Rules;
use super::fault::{Fault, Faults};

/// What a unit turned out to be.
pub(super) struct Unit {
    pub(super) nals: Vec<Range<usize>>,
    pub(super) idr: bool,
    pub(super) slices: u32,
}

/// NAL unit types of ITU-T H.264 Table 7-1 that matter here.
mod nal {
    pub(super) const SLICE: u8 = 1;
    pub(super) const IDR: u8 = 5;
    pub(super) const SEI: u8 = 6;
    pub(super) const SPS: u8 = 7;
    pub(super) const PPS: u8 = 8;
    pub(super) const DELIMITER: u8 = 9;
    pub(super) const FILLER: u8 = 12;
}

/// Finds the NAL units: what lies between start codes, without trailing zero bytes.
pub(super) fn split(bytes: &[u8]) -> Vec<Range<usize>> {
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

/// Checks one access unit. `avc` is what the PMT's descriptor says of profile and level.
pub(super) fn check(
    bytes: &[u8],
    avc: Option<[u8; 3]>,
    rules: &Rules,
    faults: &mut Faults,
) -> Unit {
    if !bytes.starts_with(&[0, 0, 0, 1]) {
        let head = bytes.get(..5).unwrap_or(bytes);
        faults.add(Fault::EsStartCode, || format!("{head:02x?}"));
    }
    let nals = split(bytes);
    let mut scan = Scan::default();
    for range in &nals {
        scan.nal(bytes.get(range.clone()).unwrap_or_default(), avc, faults);
    }
    scan.conclude(rules, faults);
    let slices = u32::try_from(scan.first_mbs.len()).unwrap_or(u32::MAX);
    Unit {
        nals,
        idr: scan.has(nal::IDR),
        slices,
    }
}

/// What was seen of a unit so far.
#[derive(Default)]
struct Scan {
    count: usize,
    delimiter: Option<u8>,
    /// The NAL unit types, one bit each.
    kinds: u32,
    predicted: bool,
    first_mbs: Vec<u32>,
}

impl Scan {
    fn has(&self, kind: u8) -> bool {
        self.kinds & 1 << kind != 0
    }

    fn nal(&mut self, nal: &[u8], avc: Option<[u8; 3]>, faults: &mut Faults) {
        let first = self.count == 0;
        self.count += 1;
        let Some((&header, payload)) = nal.split_first() else {
            faults.add(Fault::EsNal, || "empty NAL unit".to_owned());
            return;
        };
        let kind = header & 0x1f;
        if header & 0x80 != 0 {
            faults.add(Fault::EsNal, || format!("forbidden bit in {header:02x}"));
            return;
        }
        match kind {
            nal::DELIMITER => self.delimiter(first, payload, faults),
            nal::SPS | nal::PPS if !self.first_mbs.is_empty() => {
                faults.add(Fault::EsParameterSets, || "after a slice".to_owned());
            }
            nal::SPS => check_sps(payload, avc, faults),
            nal::SLICE | nal::IDR => self.slice(kind, payload, faults),
            nal::PPS | nal::SEI | nal::FILLER => {}
            _ => faults.add(Fault::EsNal, || format!("type {kind}")),
        }
        self.kinds |= 1 << kind;
    }

    fn delimiter(&mut self, first: bool, payload: &[u8], faults: &mut Faults) {
        match payload {
            &[byte] if first && byte & 0x1f == 0x10 => self.delimiter = Some(byte >> 5),
            _ if self.delimiter.is_some() => {
                faults.add(Fault::EsUnits, || "second delimiter".to_owned());
            }
            _ => {
                faults.add(Fault::EsDelimiter, || {
                    format!("{payload:02x?}, first: {first}")
                });
                // One finding is enough: not a missing one as well.
                self.delimiter = Some(7);
            }
        }
    }

    fn slice(&mut self, kind: u8, payload: &[u8], faults: &mut Faults) {
        let sets = self.has(nal::SPS) && self.has(nal::PPS);
        if kind == nal::IDR && !sets && self.first_mbs.is_empty() {
            faults.add(Fault::EsParameterSets, || {
                "missing before an IDR".to_owned()
            });
        }
        let mut bits = Bits {
            bytes: payload,
            at: 0,
        };
        let (Some(first_mb), Some(slice_type)) = (bits.exp_golomb(), bits.exp_golomb()) else {
            faults.add(Fault::EsSlices, || "slice header cut".to_owned());
            return;
        };
        match slice_type % 5 {
            2 => {}
            0 if kind == nal::SLICE => self.predicted = true,
            _ => faults.add(Fault::EsSlices, || format!("slice_type {slice_type}")),
        }
        self.first_mbs.push(first_mb);
    }

    fn conclude(&self, rules: &Rules, faults: &mut Faults) {
        match self.delimiter {
            None => faults.add(Fault::EsDelimiter, || "missing".to_owned()),
            Some(0) if self.predicted => {
                faults.add(Fault::EsDelimiter, || "says I, a slice is P".to_owned());
            }
            Some(_) => {}
        }
        if self.has(nal::IDR) && self.has(nal::SLICE) {
            faults.add(Fault::EsNal, || {
                "IDR and other slices in one picture".to_owned()
            });
        }
        let pictures = self.first_mbs.iter().filter(|&&mb| mb == 0).count();
        if pictures != 1 || self.first_mbs.first() != Some(&0) {
            faults.add(Fault::EsUnits, || {
                format!("first_mb_in_slice {:?}", self.first_mbs)
            });
            return;
        }
        self.check_slices(rules, faults);
    }

    /// S2.1 App. D.1.1: as many slices as were negotiated, and all of the same size. The last
    /// one's size is not known here.
    fn check_slices(&self, rules: &Rules, faults: &mut Faults) {
        let mbs = &self.first_mbs;
        let mut sizes = mbs.windows(2).map(|w| match w {
            [a, b] => i64::from(*b) - i64::from(*a),
            _ => 0,
        });
        let size = sizes.next();
        let even = sizes.all(|s| Some(s) == size);
        let enough = size.is_none_or(|s| s >= i64::from(rules.slice_macroblocks_min.max(1)));
        if mbs.len() > rules.slices_max as usize || !even || !enough {
            faults.add(Fault::EsSlices, || {
                format!(
                    "first_mb_in_slice {mbs:?}, allowed {} slices",
                    rules.slices_max
                )
            });
        }
    }
}

fn check_sps(payload: &[u8], avc: Option<[u8; 3]>, faults: &mut Faults) {
    if let (Some(own), Some(avc)) = (payload.first_chunk::<3>(), avc)
        && *own != avc
    {
        faults.add(Fault::EsDescriptor, || {
            format!("SPS {own:02x?}, PMT {avc:02x?}")
        });
    }
}

/// Reads a slice header's first fields. Emulation prevention bytes cannot occur in them: they
/// would need two zero bytes, and an Exp-Golomb code of ours has at most 15 leading zeros.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = *self.bytes.get(self.at / 8)?;
        let bit = (byte >> (7 - self.at % 8)) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    /// ue(v) of ITU-T H.264 §9.1, up to 15 leading zeros: a picture of level 5.2 has 36864
    /// macroblocks.
    fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
            if zeros > 15 {
                return None;
            }
        }
        (0..zeros)
            .try_fold(1u32, |value, _| Some(value << 1 | self.bit()?))
            .map(|v| v - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, split};

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

    #[test]
    fn reads_exp_golomb() {
        // 1 | 010 | 011 | 00100 -> 0, 1, 2, 3
        let mut bits = Bits {
            bytes: &[0b1010_0110, 0b0100_0000],
            at: 0,
        };
        let values: Vec<_> = (0..4).map(|_| bits.exp_golomb()).collect();
        assert_eq!(values, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(
            Bits {
                bytes: &[0; 8],
                at: 0
            }
            .exp_golomb(),
            None
        );
    }
}
