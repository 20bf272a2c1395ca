//! The NAL units of one access unit of H.264 (ITU-T H.264 §7.3; ISO 13818-1 §2.14).

use super::super::Rules;
use super::super::fault::{Fault, Faults};

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

/// What was seen of a unit so far.
#[derive(Default)]
pub(super) struct Scan {
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

    /// Whether it is an IDR picture.
    pub(super) fn is_idr(&self) -> bool {
        self.has(nal::IDR)
    }

    /// Slices so far.
    pub(super) fn slices(&self) -> usize {
        self.first_mbs.len()
    }

    /// Takes the next NAL unit. `avc` is what the PMT's descriptor says of profile and level.
    pub(super) fn nal(&mut self, nal: &[u8], avc: Option<[u8; 3]>, faults: &mut Faults) {
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

    /// The unit is over.
    pub(super) fn conclude(&self, rules: &Rules, faults: &mut Faults) {
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
    use super::Bits;

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
