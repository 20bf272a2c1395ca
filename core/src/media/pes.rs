//! The PES headers (ISO 13818-1 §2.4.3.6): that of a video access unit (S2.1 App. D.4.1), and that of
//! sound (S2.1 Tables 106, 107 and 109).
//!
//! One PES packet of video is one access unit. Its header has a PTS and nothing else: without B
//! pictures a DTS would repeat it, and stuffing bytes would have a meaning of their own for some
//! sinks. In the header of sound two stuffing bytes are prescribed.

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

/// Bytes of the header of a packet of sound.
pub(super) const AUDIO_HEADER_BYTES: usize = 16;

/// Marker bits '10' and nothing else: `data_alignment_indicator` is 0 (S2.1 Tables 106, 107 and 109);
/// `PTS_DTS_flags` '10'; seven more bytes of header, the PTS and two of stuffing.
const AUDIO_FLAGS: u32 = 0x80_80_07;

/// Bytes of the header of sound that `PES_packet_length` counts.
const AUDIO_COUNTED_BYTES: u16 = 10;

/// The header of a packet of sound with `length` bytes behind it.
pub(super) fn audio_header(stream_id: u8, pts: u64, length: u16) -> [u8; AUDIO_HEADER_BYTES] {
    let counted = length.saturating_add(AUDIO_COUNTED_BYTES);
    let start = (0x100 | u128::from(stream_id)) << 96 | u128::from(counted) << 80;
    let word = start | u128::from(AUDIO_FLAGS) << 56 | u128::from(pts_field(pts)) << 16 | 0xFFFF;
    word.to_be_bytes()
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

    #[test]
    fn the_header_of_sound_is_the_worked_one() {
        let expected = [
            0x00, 0x00, 0x01, 0xBD, 0x07, 0x8E, 0x80, 0x80, 0x07, 0x21, 0x00, 0x05, 0xBF, 0x21,
            0xFF, 0xFF,
        ];
        assert_eq!(audio_header(0xBD, 90_000, 4 + 1920), expected);
        assert_eq!(audio_header(0xC0, 90_000, 1)[3..6], [0xC0, 0, 11]);
    }
}
