//! The PES header of a video access unit (ISO 13818-1 §2.4.3.6, S2.1 App. D.4.1).
//!
//! One PES packet is one access unit. Its header has a PTS and nothing else: without B pictures a
//! DTS would repeat it, and stuffing bytes would have a meaning of their own for some sinks.

/// Bytes of the header; naive receivers rely on just these 14 (interop rule 18).
pub(super) const HEADER_BYTES: usize = 14;

/// `packet_start_code_prefix` and the `stream_id` of the first video stream.
const START: u32 = 0x0000_01E0;

/// Marker bits '10' with `data_alignment_indicator`, as an access unit begins right behind the
/// header; `PTS_DTS_flags` '10'; five more bytes of header, the PTS.
const FLAGS: u32 = 0x84_80_05;

/// Bytes of the header that `PES_packet_length` counts: flags, header length, PTS.
const COUNTED_BYTES: usize = 8;

/// The 40 bits of a PTS: prefix '0010', then 3, 15 and 15 bits, a marker bit behind each.
const fn pts_field(pts: u64) -> u64 {
    let (high, middle, low) = ((pts >> 30) & 0x7, (pts >> 15) & 0x7FFF, pts & 0x7FFF);
    0b0010 << 36 | high << 33 | 1 << 32 | middle << 17 | 1 << 16 | low << 1 | 1
}

/// The header of an access unit of `length` bytes; `None` if its end is not there yet. The length
/// goes into the header if it fits its 16 bits; else 0 is written, which video alone may do.
pub(super) fn video_header(pts: u64, length: Option<usize>) -> [u8; HEADER_BYTES] {
    let counted = length.and_then(|bytes| u16::try_from(bytes + COUNTED_BYTES).ok());
    let start = u128::from(START) << 80 | u128::from(counted.unwrap_or(0)) << 64;
    let word = start | u128::from(FLAGS) << 40 | u128::from(pts_field(pts));
    let [_, _, header @ ..] = word.to_be_bytes();
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pts_is_33_bits_between_markers() {
        assert_eq!(pts_field(90_000), 0x21_0005_BF21);
        assert_eq!(pts_field((1 << 33) - 1), 0x2F_FFFF_FFFF);
        assert_eq!(pts_field(0), 0x21_0001_0001);
    }

    #[test]
    fn the_header_has_a_pts_and_the_length_if_it_fits() {
        let start = [0, 0, 1, 0xE0];
        let end = [0x84, 0x80, 5, 0x21, 0x00, 0x05, 0xBF, 0x21];
        for (length, field) in [
            (None, [0, 0]),
            (Some(0), [0, 8]),
            (Some(1000), [0x03, 0xF0]),
            (Some(65_527), [0xFF, 0xFF]),
            (Some(65_528), [0, 0]),
        ] {
            let expected = [&start[..], &field, &end].concat();
            assert_eq!(&video_header(90_000, length)[..], expected);
        }
    }
}
