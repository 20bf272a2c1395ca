//! The NAL units of one access unit of H.265 (ITU-T H.265 §7.3; ISO 13818-1 §2.17).
//!
//! Of a slice only its header's first bit is read: whether it is I, P or B stands behind what the PPS of
//! an earlier unit says.

use super::super::Rules;
use super::super::fault::{Fault, Faults};

/// NAL unit types of ITU-T H.265 Table 7-1 that matter here.
mod nal {
    pub(super) const TRAIL_N: u8 = 0;
    pub(super) const TRAIL_R: u8 = 1;
    pub(super) const IDR_W_RADL: u8 = 19;
    pub(super) const IDR_N_LP: u8 = 20;
    pub(super) const VPS: u8 = 32;
    pub(super) const SPS: u8 = 33;
    pub(super) const PPS: u8 = 34;
    pub(super) const DELIMITER: u8 = 35;
    pub(super) const FILLER: u8 = 38;
    pub(super) const PREFIX_SEI: u8 = 39;
    pub(super) const SUFFIX_SEI: u8 = 40;
}

/// The parameter sets without which there is no picture.
const PARAMETER_SETS: [u8; 3] = [nal::VPS, nal::SPS, nal::PPS];

/// What was seen of a unit so far.
#[derive(Default)]
pub(super) struct Scan {
    count: usize,
    delimited: bool,
    /// The NAL unit types, one bit each.
    kinds: u64,
    /// first_slice_segment_in_pic_flag of each slice.
    firsts: Vec<bool>,
}

impl Scan {
    fn has(&self, kind: u8) -> bool {
        self.kinds & 1 << kind != 0
    }

    /// Whether it is an IDR picture.
    pub(super) fn is_idr(&self) -> bool {
        self.has(nal::IDR_W_RADL) || self.has(nal::IDR_N_LP)
    }

    /// Slices so far.
    pub(super) fn slices(&self) -> usize {
        self.firsts.len()
    }

    /// Takes the next NAL unit. `described` is what the PMT's descriptor says of profile, tier and level.
    pub(super) fn nal(&mut self, nal: &[u8], described: Option<[u8; 12]>, faults: &mut Faults) {
        let first = self.count == 0;
        self.count += 1;
        let Some((header, payload)) = nal.split_first_chunk::<2>() else {
            faults.add(Fault::EsNal, || format!("{} bytes", nal.len()));
            return;
        };
        // forbidden_zero_bit and nuh_layer_id 0, nuh_temporal_id_plus1 1: there is one layer.
        let kind = header[0] >> 1;
        if header[0] & 0x81 != 0 || header[1] != 1 {
            faults.add(Fault::EsNal, || format!("header {header:02x?}"));
            return;
        }
        match kind {
            nal::DELIMITER => self.delimiter(first, payload, faults),
            kind if PARAMETER_SETS.contains(&kind) && !self.firsts.is_empty() => {
                faults.add(Fault::EsParameterSets, || "after a slice".to_owned());
            }
            nal::SPS => check_sps(payload, described, faults),
            nal::TRAIL_N | nal::TRAIL_R | nal::IDR_W_RADL | nal::IDR_N_LP => {
                self.slice(kind, payload, faults);
            }
            nal::VPS | nal::PPS | nal::PREFIX_SEI | nal::SUFFIX_SEI | nal::FILLER => {}
            _ => faults.add(Fault::EsNal, || format!("type {kind}")),
        }
        self.kinds |= 1 << kind;
    }

    fn delimiter(&mut self, first: bool, payload: &[u8], faults: &mut Faults) {
        if self.delimited {
            faults.add(Fault::EsUnits, || "second delimiter".to_owned());
        } else if !matches!(payload, [0x10 | 0x30 | 0x50]) || !first {
            faults.add(Fault::EsDelimiter, || {
                format!("{payload:02x?}, first: {first}")
            });
        }
        // One finding is enough: not a missing one as well.
        self.delimited = true;
    }

    fn slice(&mut self, kind: u8, payload: &[u8], faults: &mut Faults) {
        let idr = matches!(kind, nal::IDR_W_RADL | nal::IDR_N_LP);
        let sets = PARAMETER_SETS.iter().all(|set| self.has(*set));
        if idr && !sets && self.firsts.is_empty() {
            faults.add(Fault::EsParameterSets, || {
                "missing before an IDR".to_owned()
            });
        }
        match payload.first() {
            Some(byte) => self.firsts.push(byte & 0x80 != 0),
            None => faults.add(Fault::EsSlices, || "slice header cut".to_owned()),
        }
    }

    /// The unit is over.
    pub(super) fn conclude(&self, rules: &Rules, faults: &mut Faults) {
        if !self.delimited {
            faults.add(Fault::EsDelimiter, || "missing".to_owned());
        }
        let trailing = self.has(nal::TRAIL_N) || self.has(nal::TRAIL_R);
        if self.is_idr() && trailing {
            faults.add(Fault::EsNal, || {
                "IDR and other slices in one picture".to_owned()
            });
        }
        let pictures = self.firsts.iter().filter(|first| **first).count();
        if pictures != 1 || self.firsts.first() != Some(&true) {
            faults.add(Fault::EsUnits, || {
                format!("first_slice_segment_in_pic_flag {:?}", self.firsts)
            });
        } else if self.firsts.len() > rules.slices_max as usize {
            let count = self.firsts.len();
            faults.add(Fault::EsSlices, || {
                format!("{count}, allowed {}", rules.slices_max)
            });
        }
    }
}

/// profile_tier_level up to general_level_idc stands behind one byte (H.265 §7.3.2.2.1).
fn check_sps(payload: &[u8], described: Option<[u8; 12]>, faults: &mut Faults) {
    let own: Vec<u8> = unescaped(payload).skip(1).take(12).collect();
    if let Some(described) = described
        && own != described
    {
        faults.add(Fault::EsDescriptor, || {
            format!("SPS {own:02x?}, PMT {described:02x?}")
        });
    }
}

/// Without the emulation prevention bytes (H.265 §7.4.2).
fn unescaped(payload: &[u8]) -> impl Iterator<Item = u8> {
    let mut zeros = 0;
    payload.iter().copied().filter(move |byte| {
        let escape = zeros == 2 && *byte == 3;
        zeros = if *byte == 0 && !escape { zeros + 1 } else { 0 };
        !escape
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::Rules;
    use super::super::super::fault::{Fault, Faults};
    use super::super::super::psi::Described;
    use super::super::super::unit::Codec;
    use super::super::check;

    const MAIN: [u8; 12] = [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93];

    /// An IDR picture as it has to be; its SPS with emulation prevention.
    fn idr() -> Vec<Vec<u8>> {
        vec![
            vec![0x46, 1, 0x10],
            vec![0x40, 1, 0x0c],
            vec![
                0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 93, 0xa0,
            ],
            vec![0x44, 1, 0xc1],
            vec![0x28, 1, 0xaf],
        ]
    }

    fn faults(nals: &[Vec<u8>]) -> Vec<Fault> {
        let rules = Rules {
            codec: Codec::H265,
            ..Rules::default()
        };
        let bytes: Vec<u8> = nals
            .iter()
            .flat_map(|nal| [&[0, 0, 0, 1], &nal[..]].concat())
            .collect();
        let mut faults = Faults::default();
        let described = Some(Described::Hevc(MAIN));
        let unit = check(&bytes, described, &rules, &mut faults);
        assert_eq!(unit.nals.len(), nals.len());
        faults.iter().map(|(fault, _)| fault).collect()
    }

    #[test]
    fn good_pictures_have_no_fault() {
        assert_eq!(faults(&idr()), []);
        let picture = [vec![0x46, 1, 0x30], vec![0x02, 1, 0xd0]];
        assert_eq!(faults(&picture), []);
    }

    #[test]
    fn each_rule_that_is_broken_is_named() {
        type Spoil = fn(&mut Vec<Vec<u8>>);
        let cases: [(Spoil, Fault); 14] = [
            (|nals| drop(nals.remove(0)), Fault::EsDelimiter),
            (|nals| nals.swap(0, 1), Fault::EsDelimiter),
            (|nals| nals[0][2] = 0xf0, Fault::EsDelimiter),
            (|nals| nals.insert(1, vec![0x46, 1, 0x10]), Fault::EsUnits),
            (|nals| drop(nals.remove(1)), Fault::EsParameterSets),
            (|nals| drop(nals.remove(2)), Fault::EsParameterSets),
            (|nals| drop(nals.remove(3)), Fault::EsParameterSets),
            (|nals| nals.swap(3, 4), Fault::EsParameterSets),
            (|nals| nals[2][17] = 120, Fault::EsDescriptor),
            (|nals| nals[4][1] = 2, Fault::EsNal),
            // A clean random access picture is no IDR picture.
            (|nals| nals.push(vec![0x2a, 1, 0x2f]), Fault::EsNal),
            (|nals| nals.push(vec![0x02, 1, 0x2f]), Fault::EsNal),
            (|nals| nals.push(vec![0x28, 1, 0xaf]), Fault::EsUnits),
            (|nals| nals.push(vec![0x28, 1, 0x2f]), Fault::EsSlices),
        ];
        for (place, (spoil, fault)) in cases.into_iter().enumerate() {
            let mut nals = idr();
            spoil(&mut nals);
            let found = faults(&nals);
            assert!(found.contains(&fault), "case {place}: {found:?}");
        }
    }
}
