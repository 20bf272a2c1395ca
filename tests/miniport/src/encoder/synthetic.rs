//! Bytes that are framed like H.264 and mean nothing: for simulations, where the sink compares
//! bytes and a picture would only cost time.

use super::annex_b::START_CODE;
use super::parameter_sets::{self, Bits};
use super::{EncodeError, EncodedFrame, Encoder, Settings};
use crate::random::Random;

/// An IDR has this many times the bytes of a mean picture.
const IDR_WEIGHT: u64 = 8;
/// Shortest slice in bytes: start code, header and a payload worth the name.
const SLICE_BYTES_MIN: u64 = 32;

/// Access units whose sizes and bytes follow from the seed, the settings and the frame number.
///
/// NAL headers, `first_mb_in_slice`, `slice_type` and the parameter sets are valid; the rest of a
/// slice is pseudo-random bytes without a zero, so nothing in it looks like a start code.
#[derive(Debug)]
pub struct Synthetic {
    settings: Settings,
    seed: u64,
    idr_wanted: bool,
    since_idr: u32,
}

impl Synthetic {
    /// An encoder for `settings`; the same seed makes the same bytes.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            seed,
            idr_wanted: true,
            since_idr: 0,
        }
    }

    /// The bytes of the whole picture: a P picture varies from a third to five thirds of the mean,
    /// as a desktop does between typing and scrolling.
    fn picture_bytes(&self, random: &mut Random, idr: bool) -> u64 {
        let mean = self.settings.mean_picture_bytes();
        let varied = mean / 3 + random.below(mean.saturating_mul(4) / 3 + 1);
        if idr {
            mean.midpoint(varied).saturating_mul(IDR_WEIGHT)
        } else {
            varied
        }
    }
}

impl Encoder for Synthetic {
    fn parameter_sets(&mut self) -> Vec<u8> {
        parameter_sets::baseline(&self.settings)
    }

    fn encode(&mut self, frame: u32) -> Result<EncodedFrame, EncodeError> {
        let due = self.settings.gop != 0 && self.since_idr >= self.settings.gop;
        let idr = core::mem::take(&mut self.idr_wanted) || due;
        self.since_idr = if idr {
            1
        } else {
            self.since_idr.saturating_add(1)
        };
        let mut random = Random::new(self.seed ^ (u64::from(frame) << 1 | u64::from(idr)));
        let count = self.settings.slice_count();
        let bytes = self.picture_bytes(&mut random, idr) / u64::from(count);
        let macroblocks = self.settings.macroblocks() / count;
        let slices = (0..count)
            .map(|index| slice(&mut random, idr, index * macroblocks, bytes))
            .collect();
        Ok(EncodedFrame { idr, slices })
    }

    fn request_idr(&mut self) {
        self.idr_wanted = true;
    }

    fn set_bit_rate(&mut self, bits_per_second: u64) {
        self.settings.bit_rate = bits_per_second;
    }
}

/// One slice of about `bytes` bytes that begins at macroblock `first`.
fn slice(random: &mut Random, idr: bool, first: u32, bytes: u64) -> Vec<u8> {
    let bytes = bytes.max(SLICE_BYTES_MIN) as usize;
    let mut slice = Vec::with_capacity(bytes);
    slice.extend_from_slice(&START_CODE);
    // nal_ref_idc 3 and type 5, or nal_ref_idc 2 and type 1 (H.264 §7.4.1).
    slice.push(if idr { 0x65 } else { 0x41 });
    let mut bits = Bits::default();
    bits.put_ue(first);
    bits.put_ue(if idr { 7 } else { 5 }); // slice_type: all I, all P (H.264 Table 7-6)
    bits.put_ue(0); // pic_parameter_set_id
    // At most one zero byte: no macroblock number is long enough for two (H.264 §9.1).
    slice.extend(bits.into_bytes());
    while slice.len() + 1 < bytes {
        // 1..=255: without a zero there is no start code and no emulation prevention.
        slice.push(1 + (random.next() >> 56) as u8 % 255);
    }
    slice.push(0x80); // rbsp_stop_one_bit
    slice
}
