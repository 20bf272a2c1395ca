//! Plays a file of H.264 or H.265 for ever: somebody else's encoder, bit for bit.

use super::annex_b::{self, Coding, Kind};
use super::{EncodeError, EncodedFrame, Encoder};

/// The access units of an Annex B file, in a loop.
#[derive(Debug)]
pub struct Player {
    coding: Coding,
    parameter_sets: Vec<u8>,
    frames: Vec<EncodedFrame>,
    next: usize,
    idr_wanted: bool,
}

impl Player {
    /// Cuts `stream` into access units. The parameter sets are the first of each kind; delimiters, SEI
    /// and later parameter sets are left out, as an [`Encoder`] gives slices.
    ///
    /// # Errors
    /// [`EncodeError::File`] if a parameter set is missing, if a later one differs (the stream
    /// cannot be played with one of each), or if the first picture is not an IDR.
    pub fn new(stream: &[u8]) -> Result<Self, EncodeError> {
        let coding = Coding::of(stream);
        let one = |kind, why| only_one(coding, stream, kind).ok_or(EncodeError::File(why));
        let mut sets = Vec::new();
        if coding == Coding::H265 {
            sets.push(one(Kind::Vps, "not exactly one VPS")?);
        }
        sets.push(one(Kind::Sps, "not exactly one SPS")?);
        sets.push(one(Kind::Pps, "not exactly one PPS")?);
        let sets = sets.into_iter().flat_map(annex_b::with_start_code);
        let units = annex_b::access_units(coding, stream);
        let frames: Vec<_> = units
            .iter()
            .filter_map(|unit| frame(coding, unit))
            .collect();
        if !frames.first().is_some_and(|first| first.idr) {
            return Err(EncodeError::File("the first picture is not an IDR"));
        }
        Ok(Self {
            coding,
            parameter_sets: sets.collect(),
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
    fn coding(&self) -> Coding {
        self.coding
    }

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
fn only_one(coding: Coding, stream: &[u8], kind: Kind) -> Option<&[u8]> {
    let mut found = annex_b::units(stream).filter(|unit| annex_b::kind(coding, unit) == kind);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The slices of an access unit; `None` if it has none.
fn frame(coding: Coding, units: &[&[u8]]) -> Option<EncodedFrame> {
    let kind = |unit: &[u8]| annex_b::kind(coding, unit);
    let is_slice = |unit: &&&[u8]| matches!(kind(unit), Kind::Slice | Kind::IdrSlice);
    let slices: Vec<_> = units.iter().filter(is_slice).copied().collect();
    let idr = kind(slices.first()?) == Kind::IdrSlice;
    Some(EncodedFrame {
        idr,
        slices: slices.into_iter().map(annex_b::with_start_code).collect(),
    })
}
