//! The descriptor of a format in the PMT.

use crate::wfd::audio::{AudioCoding, ChosenAudio};

/// Most bytes of a descriptor.
pub(in crate::media) const BYTES_MAX: usize = 5;

/// A descriptor, and how many of the bytes it is.
pub(in crate::media) type Descriptor = ([u8; BYTES_MAX], usize);

/// No descriptor.
pub(super) const NONE: Descriptor = ([0; BYTES_MAX], 0);

/// What describes `format` at `bit_rate`, in bit/s; 0 is not known.
///
/// LPCM: `sampling_frequency` 1 or 2, 16 bit, stereo; reserved bits are set. AC-3 (ATSC A/52 annex A):
/// 48 kHz, `bsid` 8; `bit_rate_code`, and no word of surround; `num_channels` is the channel mode, and
/// "at most four" where two modes have as many; a full service. AAC has none: it is optional there, and
/// the field does without.
pub(super) const fn of(format: ChosenAudio, bit_rate: u32) -> Descriptor {
    let channels = match (format.coding(), format.channels()) {
        (AudioCoding::Aac, _) => return NONE,
        (AudioCoding::Lpcm, _) => {
            let frequency = if format.sample_rate() == 44_100 { 1 } else { 2 };
            return ([0x83, 2, frequency << 5 | 0x06, 0x2F, 0], 4);
        }
        (AudioCoding::Ac3, 6) => 0b0111,
        (AudioCoding::Ac3, 4) => 0b1011,
        (AudioCoding::Ac3, _) => 0b0010,
    };
    let rate = bit_rate_code(bit_rate);
    ([0x81, 3, 0x08, rate << 2, channels << 1 | 1], BYTES_MAX)
}

/// Rates of AC-3 in kbit/s, in the order of their codes (ATSC A/52 annex A).
const RATES: [u16; 19] = [
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
];

/// In a code: the rate is at most that.
const AT_MOST: u8 = 0x20;

/// `bit_rate_code`: the rate itself if AC-3 has it, else the next one that is not exceeded. What is not
/// known, or more than AC-3 has, is at most the greatest.
const fn bit_rate_code(bit_rate: u32) -> u8 {
    let greatest = RATES.len() - 1;
    let mut code = 0;
    while code < greatest && bit_rate > RATES[code] as u32 * 1000 {
        code += 1;
    }
    if bit_rate == RATES[code] as u32 * 1000 {
        code as u8
    } else if bit_rate == 0 {
        greatest as u8 | AT_MOST
    } else {
        code as u8 | AT_MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rate_of_ac3_has_its_code_and_others_are_at_most_the_next() {
        // The field's values as annex A lists them.
        let exact = [
            (32_000, 0b00_0000),
            (40_000, 0b00_0001),
            (48_000, 0b00_0010),
            (56_000, 0b00_0011),
            (64_000, 0b00_0100),
            (80_000, 0b00_0101),
            (96_000, 0b00_0110),
            (112_000, 0b00_0111),
            (128_000, 0b00_1000),
            (160_000, 0b00_1001),
            (192_000, 0b00_1010),
            (224_000, 0b00_1011),
            (256_000, 0b00_1100),
            (320_000, 0b00_1101),
            (384_000, 0b00_1110),
            (448_000, 0b00_1111),
            (512_000, 0b01_0000),
            (576_000, 0b01_0001),
            (640_000, 0b01_0010),
        ];
        for (rate, code) in exact {
            assert_eq!(bit_rate_code(rate), code, "{rate} bit/s");
            assert_eq!(bit_rate_code(rate - 1), code | 0b10_0000, "{rate} - 1");
        }
        for unbounded in [0, 640_001, u32::MAX] {
            assert_eq!(bit_rate_code(unbounded), 0b11_0010, "{unbounded} bit/s");
        }
    }
}
