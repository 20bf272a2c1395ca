//! Plays a `.h264` file for ever: somebody else's encoder, bit for bit.

use super::annex_b::{self, Kind};
use super::{EncodeError, EncodedFrame, Encoder};

/// The access units of an Annex B file, in a loop.
#[derive(Debug)]
pub struct Player {
    parameter_sets: Vec<u8>,
    frames: Vec<EncodedFrame>,
    next: usize,
    idr_wanted: bool,
}

impl Player {
    /// Cuts `stream` into access units. The parameter sets are the first SPS and the first PPS;
    /// delimiters, SEI and later parameter sets are left out, as an [`Encoder`] gives slices.
    ///
    /// # Errors
    /// [`EncodeError::File`] if a parameter set is missing, if a later one differs (the stream
    /// cannot be played with one pair), or if the first picture is not an IDR.
    pub fn new(stream: &[u8]) -> Result<Self, EncodeError> {
        let sps = only_one(stream, Kind::Sps).ok_or(EncodeError::File("not exactly one SPS"))?;
        let pps = only_one(stream, Kind::Pps).ok_or(EncodeError::File("not exactly one PPS"))?;
        let units = annex_b::access_units(stream);
        let frames: Vec<_> = units.iter().filter_map(|unit| frame(unit)).collect();
        if !frames.first().is_some_and(|first| first.idr) {
            return Err(EncodeError::File("the first picture is not an IDR"));
        }
        Ok(Self {
            parameter_sets: [sps, pps].map(annex_b::with_start_code).concat(),
            frames,
            next: 0,
            idr_wanted: true,
        })
    }

    /// Pictures in the file.
    pub fn pictures(&self) -> usize {
        self.frames.len()
    }
}

impl Encoder for Player {
    fn parameter_sets(&mut self) -> Vec<u8> {
        self.parameter_sets.clone()
    }

    /// The next access unit of the file, whatever `frame` is; after a request, the next IDR.
    fn encode(&mut self, _frame: u32) -> Result<EncodedFrame, EncodeError> {
        if core::mem::take(&mut self.idr_wanted) {
            let later = |frame: &EncodedFrame| frame.idr;
            let offset = self.frames.iter().skip(self.next).position(later);
            // The file begins with an IDR, so starting over is right when none is left.
            self.next = offset.map_or(0, |offset| self.next + offset);
        }
        let found = self.frames.get(self.next).cloned();
        self.next = (self.next + 1) % self.frames.len();
        found.ok_or(EncodeError::File("no pictures"))
    }

    fn request_idr(&mut self) {
        self.idr_wanted = true;
    }

    /// A file has the rate that it has.
    fn set_bit_rate(&mut self, _bits_per_second: u64) {}
}

/// The unit of `kind` if all units of that kind are equal.
fn only_one(stream: &[u8], kind: Kind) -> Option<&[u8]> {
    let mut found = annex_b::units(stream).filter(|unit| annex_b::kind(unit) == kind);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The slices of an access unit; `None` if it has none.
fn frame(units: &[&[u8]]) -> Option<EncodedFrame> {
    let is_slice = |unit: &&&[u8]| matches!(annex_b::kind(unit), Kind::Slice | Kind::IdrSlice);
    let slices: Vec<_> = units.iter().filter(is_slice).copied().collect();
    let idr = annex_b::kind(slices.first()?) == Kind::IdrSlice;
    Some(EncodedFrame {
        idr,
        slices: slices.into_iter().map(annex_b::with_start_code).collect(),
    })
}
