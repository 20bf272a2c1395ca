//! The byte stream format of H.264 Annex B: finding NAL units and the bounds of access units.
//!
//! What it is not: a parser of what is inside. It reads the NAL header and, of a slice, whether
//! `first_mb_in_slice` is 0.

/// The start code that every NAL unit of ours has (`zero_byte` and `start_code_prefix_one_3bytes`).
pub const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// `nal_unit_type` (H.264 Table 7-1) of the kinds that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 1: slice of a picture that is not IDR.
    Slice,
    /// 5: slice of an IDR picture.
    IdrSlice,
    /// 6: supplemental enhancement information.
    Sei,
    /// 7: sequence parameter set.
    Sps,
    /// 8: picture parameter set.
    Pps,
    /// 9: access unit delimiter.
    Delimiter,
    /// Any other type.
    Other(u8),
}

/// The kind of a NAL unit without start code. An empty one is `Other(0)`.
pub fn kind(unit: &[u8]) -> Kind {
    match unit.first().map_or(0, |header| header & 0x1F) {
        1 => Kind::Slice,
        5 => Kind::IdrSlice,
        6 => Kind::Sei,
        7 => Kind::Sps,
        8 => Kind::Pps,
        9 => Kind::Delimiter,
        other => Kind::Other(other),
    }
}

/// The unit with our start code before it.
pub fn with_start_code(unit: &[u8]) -> Vec<u8> {
    [START_CODE.as_slice(), unit].concat()
}

/// The NAL units of a byte stream, without start codes and without trailing zeros.
pub fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start_code(stream);
    core::iter::from_fn(move || {
        let current = rest?;
        let end = current
            .windows(3)
            .position(|window| window == [0, 0, 1])
            .unwrap_or(current.len());
        let (unit, tail) = current.split_at(end);
        rest = after_start_code(tail);
        let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
        Some(&unit[..unit.len() - zeros])
    })
    .filter(|unit| !unit.is_empty())
}

/// What follows the first start code.
fn after_start_code(stream: &[u8]) -> Option<&[u8]> {
    let position = stream.windows(3).position(|window| window == [0, 0, 1])?;
    stream.get(position + 3..)
}

/// Groups the NAL units of a stream into access units by H.264 §7.4.1.2.3: after a slice, the next
/// delimiter, parameter set, SEI or slice with `first_mb_in_slice` 0 starts another.
pub fn access_units(stream: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut groups: Vec<Vec<&[u8]>> = Vec::new();
    let mut has_slice = true;
    for unit in units(stream) {
        let starts = match kind(unit) {
            Kind::Delimiter | Kind::Sps | Kind::Pps | Kind::Sei => has_slice,
            Kind::Slice | Kind::IdrSlice => has_slice && starts_picture(unit),
            Kind::Other(_) => groups.is_empty(),
        };
        if starts || groups.is_empty() {
            groups.push(Vec::new());
            has_slice = false;
        }
        has_slice |= matches!(kind(unit), Kind::Slice | Kind::IdrSlice);
        if let Some(group) = groups.last_mut() {
            group.push(unit);
        }
    }
    groups
}

/// Whether `first_mb_in_slice`, the first ue(v) after the NAL header, is 0: a single 1 bit.
fn starts_picture(slice: &[u8]) -> bool {
    slice.get(1).is_some_and(|byte| byte & 0x80 != 0)
}
