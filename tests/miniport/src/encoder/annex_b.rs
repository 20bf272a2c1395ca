//! The byte stream format of Annex B of H.264 and of H.265: finding NAL units and the bounds of
//! access units.
//!
//! What it is not: a parser of what is inside. It reads the NAL header and, of a slice, whether it
//! begins a picture.

/// The start code that every NAL unit of ours has (`zero_byte` and `start_code_prefix_one_3bytes`).
pub const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// What a byte stream is coded with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coding {
    /// ITU-T H.264.
    #[default]
    H264,
    /// ITU-T H.265.
    H265,
}

impl Coding {
    /// The coding of a byte stream, by its first NAL unit: that of a stream of H.265 is a delimiter, a
    /// VPS or SEI, with headers that in H.264 would be of types that begin no stream.
    pub fn of(stream: &[u8]) -> Self {
        match units(stream).next() {
            Some([0x46 | 0x40 | 0x4E, 0x01, ..]) => Self::H265,
            _ => Self::H264,
        }
    }

    /// Bytes of the header of a NAL unit (H.264 §7.3.1, H.265 §7.3.1.2).
    const fn header_bytes(self) -> usize {
        match self {
            Self::H264 => 1,
            Self::H265 => 2,
        }
    }
}

/// What a NAL unit is: `nal_unit_type`, with the numbers of H.264 Table 7-1 and H.265 Table 7-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 1; 0 to 9: slice of a picture that is not IDR.
    Slice,
    /// 5; 19 and 20: slice of an IDR picture.
    IdrSlice,
    /// 6; 39: supplemental enhancement information before the picture.
    Sei,
    /// -; 32: video parameter set.
    Vps,
    /// 7; 33: sequence parameter set.
    Sps,
    /// 8; 34: picture parameter set.
    Pps,
    /// 9; 35: access unit delimiter.
    Delimiter,
    /// Any other type.
    Other(u8),
}

/// The kind of a NAL unit without start code. An empty one is `Other(0)`.
pub fn kind(coding: Coding, unit: &[u8]) -> Kind {
    let Some(header) = unit.first() else {
        return Kind::Other(0);
    };
    match coding {
        Coding::H264 => match header & 0x1F {
            1 => Kind::Slice,
            5 => Kind::IdrSlice,
            6 => Kind::Sei,
            7 => Kind::Sps,
            8 => Kind::Pps,
            9 => Kind::Delimiter,
            other => Kind::Other(other),
        },
        Coding::H265 => match header >> 1 & 0x3F {
            0..=9 => Kind::Slice,
            19 | 20 => Kind::IdrSlice,
            39 => Kind::Sei,
            32 => Kind::Vps,
            33 => Kind::Sps,
            34 => Kind::Pps,
            35 => Kind::Delimiter,
            other => Kind::Other(other),
        },
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

/// Groups the NAL units of a stream into access units by H.264 §7.4.1.2.3 and H.265 §7.4.2.4.4: after a
/// slice, the next delimiter, parameter set, SEI or first slice of a picture starts another.
pub fn access_units(coding: Coding, stream: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut groups: Vec<Vec<&[u8]>> = Vec::new();
    let mut has_slice = true;
    for unit in units(stream) {
        let kind = kind(coding, unit);
        let starts = match kind {
            Kind::Delimiter | Kind::Vps | Kind::Sps | Kind::Pps | Kind::Sei => has_slice,
            Kind::Slice | Kind::IdrSlice => has_slice && starts_picture(coding, unit),
            Kind::Other(_) => groups.is_empty(),
        };
        if starts || groups.is_empty() {
            groups.push(Vec::new());
            has_slice = false;
        }
        has_slice |= matches!(kind, Kind::Slice | Kind::IdrSlice);
        if let Some(group) = groups.last_mut() {
            group.push(unit);
        }
    }
    groups
}

/// Whether `first_mb_in_slice`, the first ue(v) after the NAL header, is 0, which is a single 1 bit; with
/// H.265 `first_slice_segment_in_pic_flag`, which is there, too.
fn starts_picture(coding: Coding, slice: &[u8]) -> bool {
    let first = slice.get(coding.header_bytes());
    first.is_some_and(|byte| byte & 0x80 != 0)
}
