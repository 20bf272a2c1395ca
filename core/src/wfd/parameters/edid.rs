//! `wfd_display_edid`: the EDID of the display behind the sink (S2.1 §6.1.6).

use heapless::Vec;

use super::names;
use crate::limits;
use crate::wfd::fields::{Fields, hex, is_none};
use crate::wfd::{Fault, Malformed, Offer};

/// Bytes of one EDID block (VESA E-EDID 1.4 §3.1).
const BLOCK_BYTES: usize = 128;

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
        Self::read(value).map_err(|fault| Malformed {
            parameter: names::DISPLAY_EDID,
            fault,
        })
    }

    pub(super) fn read(value: &str) -> Result<Offer<Self>, Fault> {
        let mut fields = Fields::new(value);
        let count = fields.word()?;
        if is_none(count) {
            return Ok(Offer::None);
        }
        hex::<u32>(count)?;
        let payload = fields.word()?;
        if is_none(payload) {
            return Ok(Offer::None);
        }
        fields.end()?;
        let (pairs, _) = payload.as_bytes().as_chunks::<2>();
        let whole = pairs.len() - pairs.len() % BLOCK_BYTES;
        if whole == 0 {
            return Err(Fault::Missing);
        }
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

const _: () = assert!(limits::EDID_MAX.is_multiple_of(BLOCK_BYTES));
