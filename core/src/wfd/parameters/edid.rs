//! `wfd_display_edid`: the EDID of the display behind the sink (S2.1 §6.1.6).

use heapless::Vec;

use super::names;
use crate::limits;
use crate::quirks::{Fired, Quirk};
use crate::wfd::fields::{Fields, hex, is_none};
use crate::wfd::{Fault, Malformed, Offer};

/// Bytes of one EDID block (VESA E-EDID 1.4 §3.1).
const BLOCK_BYTES: usize = 128;

/// Where the first descriptor of block 0 is, and how long it is (VESA E-EDID 1.4 §3.10).
const FIRST_DESCRIPTOR: usize = 54;
const DESCRIPTOR_BYTES: usize = 18;

/// The start of block 0 (VESA E-EDID 1.4 §3.3).
const HEADER: [u8; 8] = [0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00];

/// An EDID: whole blocks, the first of them block 0. Sinks pass broken blocks through, so it is
/// only worth something if [`Self::is_valid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edid {
    bytes: Vec<u8, { limits::EDID_MAX }>,
}

impl Edid {
    /// Reads the value of `wfd_display_edid`: a count of blocks and their bytes in hexadecimal.
    /// `none` and `0000 none` both say that there is no display (quirk Q45). The count is read but
    /// not trusted, for some write it in decimal (Q45): the bytes say how many blocks there are.
    /// Blocks that do not fit into [`limits::EDID_MAX`], or that are not whole, are left out.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if a field is not hexadecimal, or if there is not one whole block.
    pub fn parse(value: &str) -> Result<Offer<Self>, Malformed> {
        Self::read(value, &mut Fired::new()).map_err(|fault| Malformed {
            parameter: names::DISPLAY_EDID,
            fault,
        })
    }

    pub(super) fn read(value: &str, fired: &mut Fired) -> Result<Offer<Self>, Fault> {
        let mut fields = Fields::new(value);
        let count = fields.word()?;
        if is_none(count) {
            return Ok(Offer::None);
        }
        let count = hex::<u32>(count)? as usize;
        let payload = fields.word()?;
        if is_none(payload) {
            fired.note(Quirk::Q45);
            return Ok(Offer::None);
        }
        fields.end()?;
        let (pairs, _) = payload.as_bytes().as_chunks::<2>();
        let whole = pairs.len() - pairs.len() % BLOCK_BYTES;
        if whole == 0 {
            return Err(Fault::Missing);
        }
        let is_exact = whole == pairs.len() && payload.len().is_multiple_of(2);
        fired.note_if(!is_exact || count != whole / BLOCK_BYTES, Quirk::Q45);
        let mut bytes = Vec::new();
        for pair in pairs.iter().take(whole.min(limits::EDID_MAX)) {
            let pair = core::str::from_utf8(pair).map_err(|_| Fault::NotANumber)?;
            bytes.push(hex(pair)?).map_err(|_| Fault::TooMany)?;
        }
        Ok(Offer::Present(Self { bytes }))
    }

    /// The bytes, a multiple of 128.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The three letters of the display's maker (VESA E-EDID 1.4 §3.4.1: five bits each, 1 is A);
    /// `None` if they are no letters or the EDID is not valid.
    pub fn vendor(&self) -> Option<[u8; 3]> {
        if !self.is_valid() {
            return None;
        }
        let [high, low] = *self.bytes.get(HEADER.len()..)?.first_chunk()?;
        let code = u16::from_be_bytes([high, low]);
        let letters = [10, 5, 0].map(|shift| (code >> shift & 0x1F) as u8);
        let is_letter = |letter: &u8| (1..=26).contains(letter);
        letters
            .iter()
            .all(is_letter)
            .then(|| letters.map(|letter| b'A' - 1 + letter))
    }

    /// The timing that the display prefers: the first descriptor of block 0 (VESA E-EDID 1.4 §3.10.1).
    /// `None` if the EDID is not valid or has no timing there.
    pub fn preferred(&self) -> Option<DetailedTiming> {
        if !self.is_valid() {
            return None;
        }
        let descriptor = self.bytes.get(FIRST_DESCRIPTOR..)?.first_chunk()?;
        DetailedTiming::read(descriptor)
    }

    /// Whether block 0 has the header of an EDID and the right checksum: its bytes sum up to 0.
    pub fn is_valid(&self) -> bool {
        self.bytes.starts_with(&HEADER)
            && self
                .bytes
                .iter()
                .take(BLOCK_BYTES)
                .fold(0_u8, |sum, byte| sum.wrapping_add(*byte))
                == 0
    }
}

/// Size and rate of a detailed timing (VESA E-EDID 1.4 §3.10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetailedTiming {
    /// Pixels of a line.
    pub width: u16,
    /// Lines of a picture, of both fields if interlaced.
    pub height: u16,
    /// Pictures per second, fields if interlaced, rounded.
    pub rate: u8,
    /// Whether a picture is two fields.
    pub interlaced: bool,
}

impl DetailedTiming {
    /// `None` for a descriptor without pixel clock, which is no timing, and for one that no display
    /// has: without picture, or faster than 255 Hz.
    fn read(descriptor: &[u8; DESCRIPTOR_BYTES]) -> Option<Self> {
        let [
            clock_low,
            clock_high,
            h,
            h_blank,
            h_high,
            v,
            v_blank,
            v_high,
            ..,
            flags,
        ] = *descriptor;
        // Units of 10 kHz.
        let clock = u32::from(u16::from_le_bytes([clock_low, clock_high]));
        let length = |high: u8, low: u8| u16::from_be_bytes([high, low]);
        let (width, h_blank) = (length(h_high >> 4, h), length(h_high & 0x0F, h_blank));
        let (lines, v_blank) = (length(v_high >> 4, v), length(v_high & 0x0F, v_blank));
        let interlaced = flags & 0x80 != 0;
        let total =
            (u32::from(width) + u32::from(h_blank)) * (u32::from(lines) + u32::from(v_blank));
        let rate = (clock * 10_000 + total / 2).checked_div(total)?;
        let timing = Self {
            width,
            height: if interlaced { lines * 2 } else { lines },
            rate: u8::try_from(rate).ok()?,
            interlaced,
        };
        (clock != 0 && width != 0 && lines != 0).then_some(timing)
    }
}

const _: () = assert!(limits::EDID_MAX.is_multiple_of(BLOCK_BYTES));
