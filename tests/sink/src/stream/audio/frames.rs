//! What is in an audio PES: the samples of LPCM, and whole frames of AAC or AC-3.

use super::format::{Coding, SoundFormat};

/// Bytes of the samples in one PES of LPCM (S2.1 Table 106).
const LPCM: usize = 1920;

/// Most bytes in one PES of AAC (S2.1 Table 109) and AC-3 (Table 107).
const AAC_MAX: usize = 2020;
const AC3_MAX: usize = 2560;

/// Rates of AC-3 in kbit/s (ATSC A/52 Table 5.18).
const AC3_KBIT: [usize; 19] = [
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
];

/// What a PMT says of the rate of AC-3.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ac3Rate {
    kbit: usize,
    /// The rate is that; else it is at most that.
    exact: bool,
}

impl Ac3Rate {
    /// Reads `bit_rate_code` (ATSC A/52 annex A); `None` if no rate has that code.
    pub(super) fn of_code(code: u8) -> Option<Self> {
        let kbit = *AC3_KBIT.get(usize::from(code & 0x1f))?;
        let exact = code & 0x20 == 0;
        Some(Self { kbit, exact })
    }

    /// Whether the first frame in `payload` has such a rate.
    pub(super) fn holds(self, payload: &[u8]) -> bool {
        let length = ac3(payload).unwrap_or_default();
        length == self.kbit * 4 || !self.exact && length < self.kbit * 4
    }
}

/// The content of a PES that is as it should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    /// The samples, or the frames.
    pub(super) bytes: &'a [u8],
    /// Samples of each channel.
    pub(super) samples: u64,
}

/// Looks into the payload of a PES.
///
/// # Errors
/// What is wrong with it.
pub(super) fn open(format: SoundFormat, payload: &[u8]) -> Result<Content<'_>, String> {
    match format.coding {
        Coding::Lpcm => lpcm(format, payload),
        Coding::Aac => {
            let frames = whole(payload, AAC_MAX, |bytes| adts(format, bytes))?;
            Ok(content(payload, frames * 1024))
        }
        Coding::Ac3 => {
            let frames = whole(payload, AC3_MAX, ac3)?;
            Ok(content(payload, frames * 1536))
        }
    }
}

fn content(bytes: &[u8], samples: u64) -> Content<'_> {
    Content { bytes, samples }
}

/// Private header: sub_stream_id, six access units, no emphasis, 16 bit, rate, stereo.
fn lpcm(format: SoundFormat, payload: &[u8]) -> Result<Content<'_>, String> {
    let frequency = if format.sample_rate == 44_100 { 1 } else { 2 };
    let wanted = [0xa0, 0x06, 0x00, frequency << 3 | 1];
    match payload.split_first_chunk::<4>() {
        Some((header, samples)) if *header == wanted && samples.len() == LPCM => {
            Ok(content(samples, LPCM as u64 / 4))
        }
        Some((header, samples)) => Err(format!(
            "private header {header:02x?} and {} bytes",
            samples.len()
        )),
        None => Err(format!("{} bytes", payload.len())),
    }
}

/// Counts the frames in `payload`, which must end with one; `length` reads the header of each.
fn whole(
    payload: &[u8],
    max: usize,
    length: impl Fn(&[u8]) -> Option<usize>,
) -> Result<u64, String> {
    if payload.is_empty() || payload.len() > max {
        return Err(format!("{} bytes", payload.len()));
    }
    let (mut rest, mut frames) = (payload, 0);
    while !rest.is_empty() {
        let after = length(rest).and_then(|length| rest.get(length..));
        rest = after.ok_or_else(|| {
            let head = rest.get(..8).unwrap_or(rest);
            format!("frame {frames}: {head:02x?}")
        })?;
        frames += 1;
    }
    Ok(frames)
}

/// Bytes of an ADTS frame of this format: LC at 48 kHz, one raw data block (ISO 13818-7 §6.2).
fn adts(format: SoundFormat, bytes: &[u8]) -> Option<usize> {
    let &[sync, second, third, fourth, fifth, sixth, seventh, ..] = bytes else {
        return None;
    };
    let configuration = u16::from((third & 1) << 2 | fourth >> 6);
    let channels = if configuration == 7 { 8 } else { configuration };
    let right = sync == 0xff
        && second & 0xf6 == 0xf0
        && third >> 2 == 0x13
        && seventh.trailing_zeros() >= 2
        && channels == format.channels;
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    right.then_some(length).filter(|length| *length > 7)
}

/// Bytes of an AC-3 frame at 48 kHz, bsid up to 8 (ATSC A/52 §5.4.1).
fn ac3(bytes: &[u8]) -> Option<usize> {
    let &[0x0b, 0x77, _, _, code, bsi, ..] = bytes else {
        return None;
    };
    let rate = AC3_KBIT.get(usize::from(code & 0x3f) / 2)?;
    (code >> 6 == 0 && bsi >> 3 <= 8).then_some(rate * 4)
}
